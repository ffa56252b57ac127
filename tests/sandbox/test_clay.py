"""The stand-in for Clay takes what the contract says, refuses the rest, keeps the order and shows it to people."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from intent_assets.sandbox.server import Sandbox
from tests.sandbox import plain_http

REPLY = {
    "reply_id": "r-1",
    "prospect_name": "Ana Diaz",
    "prospect_email": "ana.diaz@vmock.example",
    "company": "VMock",
    "campaign_id": "camp_17",
    "sequence_number": 3,
    "snippet": "This looks interesting.",
}
COMMON = {"occurred_at": "2026-11-23T10:00:00+00:00", "domain": "vmock.example", "run_id": "run-1", "text": "Hello"}
REPORT = {
    "reply": REPLY,
    "report_url": "http://127.0.0.1:3/page",
    "featured_buyer": "Alder Falls College",
    "tier": 2,
    "signals_scanned": 120,
    "buyers_scored": 30,
    "new_signals": 12,
    "decision_maker": {"name": "Kim Vale", "title": "Director", "email": None, "phone": None},
    "fact_check": {"claims": 20, "supported": 20, "repaired": 0, "removed": 0},
    "duration_seconds": 61.5,
    "cost_usd": 0.12,
}
IR_NOTES = {"relevancy": "Fits", "pitch_angle": "Careers", "gameplan": "Call first"}
NOTICES: dict[str, dict[str, Any]] = {
    "reply.accepted": {"reply": REPLY, "run_id": ""},
    "report.ready": REPORT,
    "report.updated": REPORT | {"tier": 3, "ir_notes": IR_NOTES},
    "report.held": {"reply": REPLY, "findings": [{"quote": "42 students", "reason": "typed figure"}]},
    "report.empty": {"reply": REPLY},
    "run.failed": {
        "reply": REPLY,
        "failed_step": "discoveries",
        "error": "starbridge opportunity_search: no answer",
        "run_url": "http://127.0.0.1:3000/runs/run-1",
        "retry": "intent report vmock.example",
    },
}


@pytest.fixture(scope="module")
def running() -> Iterator[Sandbox]:
    with Sandbox(only=["clay"]) as sandbox:
        yield sandbox


def notice(event: str, /, notice_id: str = "n-1", **changes: Any) -> dict[str, Any]:
    return {"notice_id": notice_id, "event": event} | COMMON | NOTICES[event] | changes


def send(sandbox: Sandbox, body: Any, path: str = "/hook", **headers: str) -> httpx.Response:
    known = {"idempotency-key": body["notice_id"]} if "notice_id" in body else {}
    auth = {"x-clay-webhook-auth": sandbox.variables()["CLAY_WEBHOOK_AUTH"]}
    return plain_http.post(sandbox.url("clay") + path, json=body, headers={**known, **auth, **headers})


@pytest.mark.parametrize("event", NOTICES)
def test_every_notice_of_the_contract_is_taken(running: Sandbox, event: str) -> None:
    body = notice(event, notice_id=f"good-{event}")
    answer = send(running, body)
    assert answer.status_code == 200, answer.text
    assert running.service("clay").notices[-1] == body


WRONG: list[tuple[str, dict[str, Any], str, str]] = [
    ("reply.accepted", {"text": ""}, "text", "nothing to post"),
    ("reply.accepted", {"text": None}, "text", "null is no text"),
    ("reply.accepted", {"occurred_at": "2026-11-23T10:00:00"}, "occurred_at", "no time zone"),
    ("reply.accepted", {"occurred_at": "2026-11-23T10:00:00+02:00"}, "UTC", "another time zone"),
    ("reply.accepted", {"occurred_at": 1_790_000_000}, "occurred_at", "a number is not ISO"),
    ("reply.accepted", {"reply": {"reply_id": "r-1"}}, "reply.accepted.reply.company", "a part of the reply"),
    ("reply.accepted", {"event": "reply.rejected"}, "Input tag", "an event that does not exist"),
    ("report.ready", {"run_id": ""}, "run_id", "only reply.accepted may come before there is a run"),
    ("report.ready", {"report_url": "page"}, "report_url", "no URL"),
    ("report.ready", {"tier": 4}, "tier", "no such tier"),
    ("report.ready", {"signals_scanned": "120"}, "signals_scanned", "a text for a number"),
    ("report.ready", {"fact_check": {"claims": 3}}, "fact_check.supported", "a part of the check"),
    ("report.ready", {"decision_maker": {"name": "Kim"}}, "decision_maker.title", "a part of the person"),
    ("report.ready", {"tier": 1}, "tier 1 has no decision_maker", "more than the tier gets"),
    ("report.ready", {"tier": 3}, "ir_notes", "less than the tier gets"),
    ("report.updated", {"tier": 2}, "ir_notes", "more than the tier gets"),
    ("report.held", {"findings": [{"quote": "x"}]}, "findings.0.reason", "a finding without its reason"),
    ("run.failed", {"error": "Traceback:\n  line 1"}, "error", "more than one line"),
]


@pytest.mark.parametrize(("event", "changes", "complaint", "reason"), WRONG)
def test_what_breaks_the_contract_is_refused(
    running: Sandbox, event: str, changes: dict[str, Any], complaint: str, reason: str
) -> None:
    before = len(running.service("clay").notices)
    answer = send(running, notice(event, **changes))
    assert answer.status_code == 422, reason
    assert complaint in answer.json()["error"], reason
    assert running.service("clay").refused[-1].reason == answer.json()["error"]
    assert len(running.service("clay").notices) == before


@pytest.mark.parametrize(("event", "name"), [(event, name) for event in NOTICES for name in notice(event)])
def test_every_field_of_the_contract_is_needed(running: Sandbox, event: str, name: str) -> None:
    body = notice(event)
    del body[name]
    assert send(running, body, **{"idempotency-key": "n-1"}).status_code == 422


def test_who_may_send_and_how(running: Sandbox) -> None:
    body = notice("report.empty")
    assert send(running, body, **{"x-clay-webhook-auth": "wrong"}).status_code == 401
    assert send(running, body, **{"idempotency-key": "n-2"}).status_code == 422
    assert send(running, body, **{"content-type": "text/plain"}).status_code == 415
    url = running.url("clay") + "/hook"
    assert plain_http.post(url, json=body).status_code == 401
    auth = {"x-clay-webhook-auth": running.variables()["CLAY_WEBHOOK_AUTH"], "content-type": "application/json"}
    assert plain_http.post(url, content=b'{"notice_id": ', headers=auth).status_code == 422
    assert plain_http.post(url, content=b"[]", headers=auth).status_code == 422


def test_failures_have_a_door_of_their_own(running: Sandbox) -> None:
    assert send(running, notice("run.failed"), "/failures").status_code == 200
    assert send(running, notice("report.empty"), "/failures").status_code == 422
    assert running.service("clay").received[-1].endpoint == "/failures"


def test_duplicates_are_kept_and_marked_over_a_restart(tmp_path: Path) -> None:
    for _ in range(2):
        with Sandbox(only=["clay"], state_dir=tmp_path) as sandbox:
            assert send(sandbox, notice("report.empty", notice_id="same")).status_code == 200
            listed = plain_http.get(sandbox.url("clay") + "/notices").json()
    assert [(item["notice"]["notice_id"], item["duplicate"]) for item in listed] == [("same", False), ("same", True)]
    assert all(item["sandbox"] for item in listed)


def test_the_page_shows_messages_and_runs_nothing_of_theirs() -> None:
    text = "*Report ready* for <http://127.0.0.1:3/page?a=1&b=2|VMock> <script>alert(1)</script> see http://x.example/a"
    with Sandbox(only=["clay"]) as sandbox:
        send(sandbox, notice("report.ready", text=text))
        send(sandbox, notice("report.ready", text=text))
        send(sandbox, notice("run.failed", notice_id="n-2"))
        answer = plain_http.get(sandbox.url("clay") + "/")
    page = answer.text
    assert answer.headers["content-type"].startswith("text/html")
    assert "Sandbox data" in page
    assert "<strong>Report ready</strong>" in page
    assert '<a href="http://127.0.0.1:3/page?a=1&amp;b=2">VMock</a>' in page
    assert '<a href="http://x.example/a">http://x.example/a</a>' in page
    assert "<script>" not in page
    assert page.count("duplicate</span>") == 1
    assert page.index("#gtm-eng") < page.index("#intent-reports")
