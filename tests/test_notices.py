"""The six notices: their fields to the letter of the contract, their ids, and their Slack messages."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from intent_assets.notices import AnyNotice, ending, reply_accepted, run_failed
from intent_assets.records import Reply
from intent_assets.sandbox.clay_notices import read_notice
from tests.outgoing import NOW, a_checked_report, a_page, a_reply

COMMON = {"notice_id", "event", "occurred_at", "domain", "run_id", "text"}
REPLY = {"reply_id", "prospect_name", "prospect_email", "company", "campaign_id", "sequence_number", "snippet"}
PUBLISHED = {"reply", "report_url", "featured_buyer", "tier", "signals_scanned", "buyers_scored", "new_signals",
             "fact_check", "duration_seconds", "cost_usd"}  # fmt: skip


def an_ending(outcome: str = "passed", *, tier: int = 2, first: bool = True, reply: Reply | None = None) -> AnyNotice:
    whose = (reply or a_reply()).model_copy(update={"tier": tier})
    return ending(
        a_checked_report(whose, outcome),
        a_page(first_report=first),
        run_id="run-1",
        duration_seconds=41.5,
        occurred_at=NOW,
    )


def a_failure(**fields: Any) -> AnyNotice:
    given: dict[str, Any] = {
        "root_run_id": "run-0", "run_id": "run-1", "domain": "vmock.example", "reply": a_reply(),
        "failed_step": "scored_buyers", "error": "StarbridgeError: no answer",
        "run_url": "http://127.0.0.1:3000/runs/run-1", "occurred_at": NOW, **fields,
    }  # fmt: skip
    return run_failed(**given)


CASES: list[tuple[Callable[[], AnyNotice], str, set[str]]] = [
    (lambda: reply_accepted(a_reply(), occurred_at=NOW), "reply.accepted", {"reply"}),
    (lambda: an_ending(tier=1), "report.ready", PUBLISHED),
    (lambda: an_ending(tier=2), "report.ready", PUBLISHED | {"decision_maker"}),
    (lambda: an_ending(tier=3), "report.ready", PUBLISHED | {"decision_maker", "ir_notes"}),
    (lambda: an_ending(first=False), "report.updated", PUBLISHED | {"decision_maker"}),
    (lambda: an_ending("held"), "report.held", {"reply", "findings"}),
    (lambda: an_ending("empty"), "report.empty", {"reply"}),
    (a_failure, "run.failed", {"reply", "failed_step", "error", "run_url", "retry"}),
    (
        lambda: a_failure(reply=None, failed_step=None),
        "run.failed",
        {"reply", "failed_step", "error", "run_url", "retry"},
    ),
]


@pytest.mark.parametrize(("make", "event", "fields"), CASES)
def test_fields_by_event(make: Callable[[], AnyNotice], event: str, fields: set[str]) -> None:
    wire = make().wire()
    assert wire["event"] == event
    assert set(wire) == COMMON | fields
    assert wire["occurred_at"] == "2026-11-23T09:30:00.000Z"
    if wire["reply"] is not None:
        assert set(wire["reply"]) == REPLY
        assert wire["reply"]["snippet"] == "This looks interesting. Can you send more?"
    assert read_notice(json.dumps(wire).encode()) == wire


def test_what_a_published_report_tells() -> None:
    wire = an_ending(tier=3).wire()
    assert wire["report_url"] == "https://notion.example/p?a=1&b=2"
    assert wire["featured_buyer"] == "University <of> Example"
    assert (wire["signals_scanned"], wire["buyers_scored"], wire["new_signals"]) == (42, 12, 5)
    assert wire["decision_maker"] == {
        "name": "Noor Lind", "title": "CIO", "email": "noor@uni.example", "phone": "555-0100",
    }  # fmt: skip
    assert wire["ir_notes"] == {
        "relevancy": "It asks for bids. It fits.", "pitch_angle": None, "gameplan": "Call first.",
    }  # fmt: skip
    assert wire["fact_check"] == {"claims": 14, "supported": 13, "repaired": 0, "removed": 1}
    assert (wire["duration_seconds"], wire["cost_usd"]) == (41.5, 0.05)


def test_a_held_report_tells_what_was_found() -> None:
    assert an_ending("held").wire()["findings"] == [{"quote": "$5", "reason": "typed <figure>"}]


def test_one_ending_for_a_reply_whatever_it_is() -> None:
    ids = {an_ending(outcome).notice_id for outcome in ("passed", "held", "empty")} | {an_ending(first=False).notice_id}
    assert len(ids) == 1
    assert ids != {an_ending(reply=a_reply(2)).notice_id}
    assert ids != {reply_accepted(a_reply()).notice_id}


def test_one_failure_for_a_run_and_its_retries() -> None:
    assert a_failure().notice_id == a_failure(run_id="run-2").notice_id
    assert a_failure().notice_id != a_failure(root_run_id="run-9").notice_id


def test_outside_text_can_make_no_mention_link_or_line_in_slack() -> None:
    reply = a_reply(
        company="A&B <!channel>", prospect_name="Ana\n<http://evil.example|click>", reply_text="<@U123> hello\n*there*"
    )
    for notice in (reply_accepted(reply), an_ending(reply=reply), an_ending("held", reply=reply),
                   an_ending("empty", reply=reply), a_failure(reply=reply)):  # fmt: skip
        assert "<!channel>" not in notice.text
        assert "<http://evil" not in notice.text
        assert "<@U123>" not in notice.text
        assert "A&amp;B &lt;!channel&gt;" in notice.text


def test_slack_messages_say_what_to_do() -> None:
    assert reply_accepted(a_reply()).text.splitlines() == [
        ":wave: *Positive reply* from Ana Diaz, VMock (vmock.example)",
        "> This looks interesting. Can you send more?",
        "Campaign camp_17, mail 3",
        "A report for vmock.example is on its way.",
    ]
    assert "<https://notion.example/p?a=1&amp;b=2|Open the report>" in an_ending().text
    assert "Noor Lind, CIO, noor@uni.example, 555-0100" in an_ending().text
    assert "Noor Lind" not in an_ending(tier=1).text
    assert "nothing was published" in an_ending("held").text
    assert "`intent retry run-1`" in a_failure().text
