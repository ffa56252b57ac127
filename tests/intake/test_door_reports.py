"""What the door tells of a reply, and how a report is cancelled."""

from collections.abc import Iterator
from typing import Any

import dagster as dg
import pytest
from dagster._core.remote_origin import RegisteredCodeLocationOrigin, RemoteJobOrigin, RemoteRepositoryOrigin

from intent_assets import tags
from intent_assets.instance import open_instance
from intent_assets.intake.inbox import Inbox
from intent_assets.notices import ending
from intent_assets.outbox import Outbox
from intent_assets.records import Reply
from intent_assets.rendering.markdown import report_markdown, text_hash
from intent_assets.reports import FactCheckedReport, NotionPage
from intent_assets.settings import load_settings
from intent_assets.values import ValueStore
from tests.intake.running_door import SECRETS, RunningDoor, running_door
from tests.outgoing import a_checked_report, a_page, a_reply
from tests.sensors.graph import job_of

_numbers = iter(range(1, 1000))


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDoor]:
    with running_door(tmp_path_factory.mktemp("door"), **SECRETS) as running:
        yield running


@pytest.fixture(scope="module")
def instance(door: RunningDoor) -> Iterator[dg.DagsterInstance]:
    with open_instance(load_settings()) as opened:
        yield opened


@pytest.fixture
def reply(door: RunningDoor) -> Reply:
    """A reply that waits in the inbox."""
    number = next(_numbers)
    made = a_reply(number, domain=f"d{number}.example")
    door.inbox.put(made)
    return made


def status(door: RunningDoor, reply: Reply) -> dict[str, Any]:
    answer = door.client.get(f"/reports/{reply.reply_id}")
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def cancel(door: RunningDoor, reply: Reply) -> tuple[int, dict[str, Any]]:
    answer = door.client.post(f"/reports/{reply.reply_id}/cancel")
    return answer.status_code, answer.json()


def a_run(door: RunningDoor, instance: dg.DagsterInstance, reply: Reply, state: str, **more: str) -> dg.DagsterRun:
    """Let a run of the reply be in this state, as the sensor and the daemon leave it."""
    door.inbox.taken(reply.reply_id)
    labels = {tags.REPLY: reply.reply_id, tags.REVISION: "1", tags.PARTITION: reply.domain, **more}
    job = job_of(instance, reply.domain)
    origin = RemoteJobOrigin(RemoteRepositoryOrigin(RegisteredCodeLocationOrigin("intent"), "__repository__"), "report")
    return instance.create_run_for_job(
        job, status=dg.DagsterRunStatus[state], tags=labels, remote_job_origin=origin if state == "QUEUED" else None
    )


def publish(reply: Reply, outcome: str = "passed") -> FactCheckedReport:
    """Store what a run leaves that came to its end."""
    made = a_checked_report(reply, outcome)
    verdict = made.verdict.model_copy(update={"text_hash": text_hash(made.report)})
    checked = made.model_copy(update={"verdict": verdict})
    page = a_page(url=f"https://notion.example/{reply.domain}")
    update: dict[str, Any] = {"status": "not_published", "url": None}
    if outcome == "passed":
        update = {"reply_id": reply.reply_id, "text_hash": verdict.text_hash}
    stored = NotionPage.model_validate(page.model_dump() | update)
    store = ValueStore(load_settings().values)
    store.write("fact_checked_report", reply.domain, checked)
    store.write("notion_page", reply.domain, stored)
    Outbox.of(load_settings()).put(ending(checked, stored, run_id="run-1", duration_seconds=1.0))
    return checked


def failures(reply: Reply) -> list[dict[str, Any]]:
    """Notices of failure for this reply."""
    found = (stored.notice for stored in Outbox.of(load_settings()).notices() if stored.event == "run.failed")
    return [notice for notice in found if (notice["reply"] or {}).get("reply_id") == reply.reply_id]


@pytest.mark.parametrize(
    ("state", "told"),
    [("QUEUED", "queued"), ("STARTING", "queued"), ("STARTED", "running"), ("CANCELING", "running")],
)
def test_a_run_that_goes_on(
    door: RunningDoor, instance: dg.DagsterInstance, reply: Reply, state: str, told: str
) -> None:
    run = a_run(door, instance, reply, state)

    found = status(door, reply)

    assert (found["status"], found["run_id"]) == (told, run.run_id)
    assert found["run_url"].endswith(f"/runs/{run.run_id}")


def test_a_published_report_until_a_later_reply_has_its_page(door: RunningDoor, reply: Reply) -> None:
    checked = publish(reply)
    url = f"https://notion.example/{reply.domain}"

    first = status(door, reply)
    later = a_reply(next(_numbers), domain=reply.domain)
    door.inbox.put(later)
    publish(later)
    then = status(door, reply)

    assert (first["status"], first["report_url"]) == ("published", url)
    assert first["markdown"] == report_markdown(checked.report)
    assert (then["status"], then["report_url"], then["markdown"]) == ("published", url, None)
    assert status(door, later)["markdown"]
    code, answer = cancel(door, reply)
    assert (code, url in answer["error"]["message"]) == (409, True)


def test_a_held_and_an_empty_report_are_no_published_ones(door: RunningDoor) -> None:
    held, empty = (a_reply(number, domain=f"d{number}.example") for number in (next(_numbers), next(_numbers)))
    for reply, outcome in ((held, "held"), (empty, "empty")):
        door.inbox.put(reply)
        publish(reply, outcome)

    told = status(door, held)

    assert (told["status"], told["report_url"], told["markdown"]) == ("held", None, None)
    assert [finding["reason"] for finding in told["findings"]] == ["typed <figure>"]
    assert status(door, empty)["status"] == "empty"
    assert [cancel(door, reply)[0] for reply in (held, empty)] == [409, 409]


def test_a_failed_run_unless_it_is_retried(door: RunningDoor, instance: dg.DagsterInstance, reply: Reply) -> None:
    run = a_run(door, instance, reply, "STARTED", **{"dagster/will_retry": "true"})
    instance.report_run_failed(run, "the service did not answer")

    assert status(door, reply)["status"] == "running"
    instance.add_run_tags(run.run_id, {"dagster/will_retry": "false"})
    told = status(door, reply)

    assert (told["status"], told["retry"]) == ("failed", f"intent retry {run.run_id}")
    assert "did not answer" in told["error"]
    assert cancel(door, reply)[0] == 409
    again = a_run(door, instance, reply, "STARTED")
    assert (status(door, reply)["status"], status(door, reply)["run_id"]) == ("running", again.run_id)


def test_a_cancelled_reply_never_gets_a_run_and_clay_is_told_once(door: RunningDoor, reply: Reply) -> None:
    answers = [cancel(door, reply) for _ in range(2)]

    assert answers == [(202, {"reply_id": reply.reply_id, "status": "failed"})] * 2
    told = status(door, reply)
    assert (told["status"], told["cancelled"]) == ("failed", True)
    assert told["error"].startswith("cancelled by")
    assert reply.reply_id not in {entry.reply.reply_id for entry in door.inbox.pending(1000)}
    assert door.inbox.get(reply.reply_id) == reply
    assert len(failures(reply)) == 1
    assert door.post("/reports", {"target_domain": reply.domain}).status_code == 202


def test_a_queued_run_leaves_the_queue(door: RunningDoor, instance: dg.DagsterInstance, reply: Reply) -> None:
    run = a_run(door, instance, reply, "QUEUED")

    assert cancel(door, reply) == (202, {"reply_id": reply.reply_id, "status": "failed"})

    ended = instance.get_run_by_id(run.run_id)
    assert ended is not None
    assert ended.status is dg.DagsterRunStatus.CANCELED
    assert failures(reply) == []  # the sensor `run_failures` tells of runs
    assert status(door, reply)["cancelled"] is True


def test_a_run_that_waits_for_its_retry_is_not_retried(
    door: RunningDoor, instance: dg.DagsterInstance, reply: Reply
) -> None:
    run = a_run(door, instance, reply, "STARTED", **{"dagster/will_retry": "true"})
    instance.report_run_failed(run)

    assert cancel(door, reply) == (202, {"reply_id": reply.reply_id, "status": "failed"})

    ended = instance.get_run_by_id(run.run_id)
    assert ended is not None
    assert not ended.is_complete_and_waiting_to_retry
    assert status(door, reply)["cancelled"] is True


def test_what_was_cancelled_and_not_told_is_told_at_the_next_start(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("killed")
    reply = a_reply(7, domain="killed.example")
    Inbox(folder / "home" / "inbox").put(reply)
    Inbox(folder / "home" / "inbox").cancel(reply.reply_id, "somebody")  # and then the process died

    with running_door(folder, **SECRETS) as door:
        assert len(failures(reply)) == 1
        assert status(door, reply)["error"] == "cancelled by somebody"
