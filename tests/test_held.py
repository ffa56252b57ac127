"""A report that the fact check holds: nothing goes out, everybody learns why, and a person may release it."""

import asyncio
import json
from typing import Any

import duckdb
import pytest

from intent_assets.resources.notion import Notion
from intent_assets.sandbox.faults import Fault
from intent_assets.sandbox.server import Sandbox
from tests.running import intent, make_report

pytestmark = pytest.mark.usefixtures("environment")

WHY = "Read it twice, the template is right"


def silence_the_judge(sandbox: Sandbox) -> None:
    sandbox.faults.add(Fault(service="claude", operation="sentence_verdict", kind="status", status=400))


def events(sandbox: Sandbox) -> list[str]:
    return [notice["event"] for notice in sandbox.service("clay").notices]


def shown() -> dict[str, Any]:
    document: dict[str, Any] = intent("show", "vmock.example", "--json").json
    return document


def page_text(page_id: str) -> str:
    async def read() -> str:
        async with Notion().session() as client:
            return await client.read_text(page_id)

    return asyncio.run(read())


def test_without_a_judge_a_report_is_held_until_a_person_releases_that_text(sandbox: Sandbox) -> None:
    silence_the_judge(sandbox)

    answer = make_report()

    assert (answer["exit_code"], answer["status"]) == (3, "held")
    assert 'intent release vmock.example --because "..."' in answer["reason"]
    assert {"missing_core", "not_judged"} == {finding["fault"] for finding in answer["findings"]}
    assert sandbox.service("notion").store.pages() == []
    assert events(sandbox) == ["reply.accepted", "report.held"]
    assert "could not be judged" in json.dumps(sandbox.service("clay").notices[1]["findings"])
    held = shown()
    assert {claim["outcome"] for claim in held["report"]["claims"]} == {"removed"}
    assert '"author": "claude"' not in json.dumps(held["report"]["blocks"])

    ran = intent("release", "vmock.example", "--because", f" {WHY} ", "--by", "Dana Reyes", "--json")

    assert ran.json["status"] == "published", ran.stderr
    assert (ran.json["released_by"], ran.json["released_because"]) == ("Dana Reyes", WHY)
    text = page_text(ran.json["page_id"])
    assert "Released by Dana Reyes on" in text
    assert WHY in text
    assert events(sandbox) == ["reply.accepted", "report.held"], "a reply has one ending"
    with duckdb.connect("home/history.duckdb", read_only=True) as connection:
        (row,) = connection.execute("SELECT status, message FROM audit_log WHERE step = 'release'").fetchall()
        assert connection.execute("SELECT outcome, verdict FROM reports").fetchall() == [("published", "released")]
    assert row == ("success", f"released by Dana Reyes: {WHY}")
    assert "released by Dana Reyes" in intent("show", "vmock.example").stderr
    again = intent("release", "vmock.example", "--because", WHY)
    assert again.exit_code == 1
    assert "was released already, by Dana Reyes" in (again.error or "")

    later = make_report("vmock.example", "--tier", "1")  # another text: the release was for that one alone
    assert later["status"] == "held"
    assert page_text(ran.json["page_id"]) == text


@pytest.mark.parametrize(
    ("variable", "value", "why"),
    [("INTENT_CHECK_TOKENS", "0", "INTENT_CHECK_TOKENS"), ("INTENT_CHECK_SECONDS", "0.000001", "INTENT_CHECK_SECONDS")],
)
def test_a_spent_budget_is_never_a_reason_to_publish(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, why: str
) -> None:
    monkeypatch.setenv(variable, value)

    answer = make_report()

    assert answer["status"] == "held"
    assert any(why in finding["reason"] for finding in answer["findings"])
    assert sandbox.service("notion").store.pages() == []


def test_what_is_not_there_is_not_released() -> None:
    nothing = intent("release", "vmock.example", "--because", WHY)
    assert "there is no report of vmock.example" in (nothing.error or "")
    assert intent("release", "vmock.example", "--because", "  ").exit_code == 2


@pytest.mark.usefixtures("after_report")
def test_what_was_published_is_not_released(sandbox: Sandbox) -> None:
    assert "there is nothing to release" in (intent("release", "vmock.example", "--because", WHY).error or "")
    assert events(sandbox) == ["reply.accepted", "report.ready"]
