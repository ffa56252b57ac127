"""One reply becomes one published report: the whole path, over real sockets, as a user would see it."""

import asyncio
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest

from intent_assets.resources.notion import Notion
from intent_assets.sandbox.faults import Fault
from intent_assets.sandbox.server import Sandbox
from tests.reported import Reported
from tests.running import PRODUCT, intent, make_report

pytestmark = pytest.mark.usefixtures("environment")


def events(sandbox: Sandbox) -> list[str]:
    return [notice["event"] for notice in sandbox.service("clay").notices]


def pages(sandbox: Sandbox) -> list[str]:
    return [page.id for page in sandbox.service("notion").store.pages()]


def page_text(page_id: str) -> str:
    """Return what stands on a page, read back over Notion's API."""

    async def read() -> str:
        async with Notion().session() as client:
            return await client.read_text(page_id)

    return asyncio.run(read())


def calls(sandbox: Sandbox, service: str) -> int:
    return sum(call.service == service for call in sandbox.calls)


def put(tmp_path: Path, **fields: Any) -> str:
    file = tmp_path / f"reply-{len(list(tmp_path.glob('reply-*')))}.json"
    payload = {"target_domain": "vmock.example", "target_company": "VMock", "product_description": PRODUCT}
    file.write_text(json.dumps(payload | fields), "utf-8")
    return str(file)


def rows(query: str) -> list[tuple[Any, ...]]:
    with duckdb.connect("home/history.duckdb", read_only=True) as connection:
        return connection.execute(query).fetchall()


def test_a_report_is_published_told_and_remembered(sandbox: Sandbox) -> None:
    answer = make_report()

    assert answer["status"] == "published", answer
    assert len(pages(sandbox)) == 1
    assert [call.operation for call in sandbox.calls if call.service == "claude"].count("strategy") == 1
    assert events(sandbox) == ["reply.accepted", "report.ready"]
    ready = sandbox.service("clay").notices[1]
    assert ready["report_url"] == answer["page_url"]
    assert {notice["run_id"] for notice in sandbox.service("clay").notices} == {answer["run_id"]}
    assert rows("SELECT domain, status, verdict FROM runs") == [("vmock.example", "success", "passed")]
    assert rows("SELECT count(*) > 0 FROM discoveries WHERE score IS NOT NULL") == [(True,)]
    assert rows("SELECT count(*) > 0 FROM contacts") == [(True,)]
    assert rows("SELECT count(DISTINCT step) FROM audit_log WHERE status = 'success'") == [(14,)]


def test_the_page_says_what_the_checked_report_says(sandbox: Sandbox, after_report: Reported) -> None:
    shown = intent("show", "vmock.example", "--markdown").stdout

    text = page_text(after_report.answer["page_id"])
    featured = sandbox.service("clay").notices[1]["featured_buyer"]
    assert featured in text
    assert featured in shown
    assert "{{E" not in text + shown


def test_the_same_reply_twice_gives_one_page_and_one_ending(sandbox: Sandbox, after_report: Reported) -> None:
    second = intent("report", "vmock.example", "--reply", after_report.reply, "--json").json

    assert second["page_id"] == after_report.answer["page_id"]
    assert len(pages(sandbox)) == 1
    assert events(sandbox) == ["reply.accepted", "report.ready"]


def test_a_second_reply_brings_the_same_page_up_to_date(
    sandbox: Sandbox, after_report: Reported, tmp_path: Path
) -> None:
    second = intent("report", "vmock.example", "--reply", put(tmp_path, reply_text="And again"), "--json").json

    assert second["page"] == "updated"
    assert second["page_id"] == after_report.answer["page_id"]
    assert len(pages(sandbox)) == 1
    assert events(sandbox) == ["reply.accepted", "report.ready", "reply.accepted", "report.updated"]
    assert sandbox.service("clay").notices[3]["new_signals"] == 0


def test_a_lie_that_is_mended_at_the_second_try_is_published(sandbox: Sandbox) -> None:
    sandbox.service("claude").behave("lie:figure", prompt="featured_section", times=1)

    assert make_report()["status"] == "published"


def test_an_empty_world_gives_no_report(sandbox: Sandbox) -> None:
    nothing = {"totalItems": 0, "resultCount": 0, "opportunities": [], "buyers": []}
    sandbox.faults.add(Fault(service="starbridge", operation="*", kind="replace", body=json.dumps(nothing)))

    answer = make_report()

    assert (answer["exit_code"], answer["status"]) == (3, "empty")
    assert pages(sandbox) == []
    assert events(sandbox) == ["reply.accepted", "report.empty"]


def test_a_failed_run_says_how_to_resume_and_resumes_where_it_failed(sandbox: Sandbox) -> None:
    sandbox.faults.add(Fault(service="notion", operation="*", kind="status", status=503))
    failed = make_report()

    assert (failed["exit_code"], failed["failed_step"]) == (1, "notion_page")
    assert "503" in failed["error"]
    assert events(sandbox) == ["reply.accepted", "run.failed"]
    assert sandbox.service("clay").notices[1]["retry"] == failed["retry"]
    assert rows("SELECT status, failed_step FROM runs") == [("failure", "notion_page")]

    sandbox.faults.clear()
    before = calls(sandbox, "claude")
    resumed = intent(*failed["retry"].split()[1:], "--json").json

    assert resumed["status"] == "published"
    assert calls(sandbox, "claude") == before
    assert events(sandbox) == ["reply.accepted", "run.failed", "report.ready"]


def test_clay_being_down_loses_no_notice_and_no_report(sandbox: Sandbox, tmp_path: Path) -> None:
    sandbox.faults.add(Fault(service="clay", operation="*", kind="drop"))
    assert intent("report", "vmock.example", "--reply", put(tmp_path, reply_text="One"), "--json").exit_code == 0
    assert events(sandbox) == []

    sandbox.faults.clear()
    intent("report", "vmock.example", "--reply", put(tmp_path, reply_text="Two"), "--json")
    assert events(sandbox) == ["reply.accepted", "report.ready", "reply.accepted", "report.updated"]


def test_a_chat_that_fails_leaves_the_report_as_it_is(sandbox: Sandbox) -> None:
    sandbox.faults.add(Fault(service="starbridge", operation="buyer_chat", kind="status", status=500))

    assert make_report()["status"] == "published"


def test_one_search_that_fails_is_told_on_the_report(sandbox: Sandbox) -> None:
    sandbox.faults.add(Fault(service="starbridge", operation="opportunity_search", kind="status", status=400, times=1))

    answer = make_report()

    assert answer["status"] == "published"
    assert "2 of 3" in page_text(answer["page_id"])


@pytest.mark.parametrize(
    "name", ["DATAGEN_API_KEY", "ANTHROPIC_API_KEY", "NOTION_TOKEN", "NOTION_PARENT_ID", "CLAY_WEBHOOK_URL"]
)
def test_a_missing_key_stops_before_anything_is_called(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.delenv(name)

    ran = intent("report", "vmock.example")

    assert ran.exit_code == 1
    assert name in (ran.error or "")
    assert sandbox.calls == []


@pytest.mark.parametrize("text", ["not a domain", "gmail.com", "co.uk", "127.0.0.1", "../../etc"])
def test_what_is_no_company_domain_is_refused(sandbox: Sandbox, text: str) -> None:
    ran = intent("report", text)

    assert ran.exit_code == 1
    assert ran.error
    assert sandbox.calls == []


def test_two_runs_of_a_domain_at_once_end_with_one_page(sandbox: Sandbox, tmp_path: Path) -> None:
    """Both look for a page, find none, and must not both create one."""
    command = [sys.executable, "-m", "intent_assets.cli", "report", "vmock.example", "--json", "--reply"]
    files = [put(tmp_path, reply_text=text) for text in ("One", "Two")]
    both = [subprocess.Popen([*command, file], stdout=subprocess.PIPE, stderr=subprocess.PIPE) for file in files]
    answers = [json.loads(process.communicate()[0]) for process in both]

    assert [answer["status"] for answer in answers] == ["published", "published"]
    assert len(pages(sandbox)) == 1
    assert sorted(events(sandbox)) == ["reply.accepted", "reply.accepted", "report.ready", "report.updated"]
