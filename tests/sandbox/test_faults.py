"""Faults as a client meets them on the socket, the plan that deals them out, and the text that describes them."""

import socket
import time
from collections.abc import Iterator
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from intent_assets.sandbox.faults import Fault, FaultPlan, InvalidFaults, parse_faults
from intent_assets.sandbox.server import Sandbox
from tests.sandbox import plain_http


@pytest.fixture(scope="module")
def running() -> Iterator[Sandbox]:
    with Sandbox(only=["clay", "supabase"]) as sandbox:
        yield sandbox


@pytest.fixture
def clay(running: Sandbox) -> Iterator[Sandbox]:
    running.faults.clear()
    running.faults.fired.clear()
    running.calls.clear()
    yield running
    running.faults.clear()


def notice(number: int) -> dict[str, Any]:
    reply = dict.fromkeys(
        ("prospect_name", "prospect_email", "company", "campaign_id", "sequence_number", "snippet")
    )  # fmt: skip
    return {
        "notice_id": f"n-{number}",
        "event": "reply.accepted",
        "occurred_at": "2026-11-23T10:00:00Z",
        "domain": "vmock.example",
        "run_id": "",
        "text": "New reply",
        "reply": {"reply_id": "r-1", **reply},
    }


def send(sandbox: Sandbox, number: int = 1, client: httpx.Client | None = None) -> httpx.Response:
    variables = sandbox.variables()
    body = notice(number)
    headers = {"x-clay-webhook-auth": variables["CLAY_WEBHOOK_AUTH"], "idempotency-key": body["notice_id"]}
    post = client.post if client is not None else plain_http.post
    return post(variables["CLAY_WEBHOOK_URL"], json=body, headers=headers, timeout=5)


@pytest.mark.parametrize(
    ("fault", "status", "content_type", "body", "reason"),
    [
        ({"kind": "status"}, 503, "application/json", '{"error":', "503 is the default, in the service's error form"),
        ({"kind": "status", "status": 429}, 429, "application/json", '{"error":', "the status that was asked for"),
        ({"kind": "status", "status": 529}, 529, "application/json", '{"error":', "a status that HTTP does not name"),
        ({"kind": "status", "body": "busy"}, 503, "text/plain; charset=utf-8", "busy", "a body of one's own, as text"),
        ({"kind": "status", "body": {"a": 1}}, 503, "application/json", '{"a":1}', "a body of one's own, as JSON"),
        ({"kind": "html"}, 502, "text/html; charset=utf-8", "<!doctype html>", "what a proxy would show"),
        ({"kind": "html", "status": 200}, 200, "text/html; charset=utf-8", "<!doctype html>", "HTML under 200"),
        ({"kind": "empty"}, 200, None, "", "nothing at all"),
        ({"kind": "envelope"}, 200, "application/json", '{"error":', "a failure under 200"),
        ({"kind": "envelope", "body": {"no": 1}}, 200, "application/json", '{"no":1}', "a failure of one's own"),
        ({"kind": "replace", "body": []}, 200, "application/json", "[]", "another answer"),
    ],
)
def test_made_up_answers(
    clay: Sandbox, fault: dict[str, Any], status: int, content_type: str | None, body: str, reason: str
) -> None:
    before = len(clay.service("clay").notices)
    clay.faults.add(Fault(service="clay", operation="hook", **fault))
    answer = send(clay)
    assert answer.status_code == status, reason
    assert answer.headers.get("content-type") == content_type, reason
    assert answer.text.startswith(body), reason
    assert answer.headers["x-sandbox"] == "true"
    assert len(clay.service("clay").notices) == before, "nothing is carried out"


@pytest.mark.parametrize(
    ("service", "keys"),
    [("clay", {"error"}), ("supabase", {"code", "message", "details", "hint"})],
)
def test_failures_have_the_form_of_their_service(clay: Sandbox, service: str, keys: set[str]) -> None:
    clay.faults.add(Fault(service="*", kind="status"))
    assert set(plain_http.get(clay.url(service)).json()) == keys


def test_retry_after_as_seconds_and_as_a_date(clay: Sandbox) -> None:
    clay.faults.add(
        Fault(service="clay", kind="status", status=429, retry_after="2", times=1),
        Fault(service="clay", kind="status", status=429, retry_after="date+30", times=1),
        Fault(service="clay", kind="status", status=429),
    )
    first, second, third = (send(clay).headers for _ in range(3))
    assert first["retry-after"] == "2"
    ahead = parsedate_to_datetime(second["retry-after"]).timestamp() - time.time()
    assert 25 < ahead <= 31
    assert "retry-after" not in third


@pytest.mark.parametrize(
    ("kind", "carried_out", "reason"),
    [("drop", False, "lost on the way there"), ("drop_after", True, "lost on the way back")],
)
def test_dropped_connections_close_without_a_byte(clay: Sandbox, kind: Any, carried_out: bool, reason: str) -> None:
    before = len(clay.service("clay").notices)
    clay.faults.add(Fault(service="clay", operation="hook", kind=kind, times=1))
    with pytest.raises(httpx.RemoteProtocolError, match="without sending a response"):
        send(clay)
    assert len(clay.service("clay").notices) - before == int(carried_out), reason
    assert send(clay).status_code == 200

    clay.faults.add(Fault(service="clay", operation="notices", kind=kind))
    port = httpx.URL(clay.url("clay")).port
    assert port is not None
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        connection.sendall(b"GET /notices HTTP/1.1\r\nHost: sandbox\r\n\r\n")
        assert connection.recv(100) == b""


def test_a_cut_answer_promises_more_than_comes(clay: Sandbox) -> None:
    send(clay)
    whole = plain_http.get(clay.url("clay") + "/notices").content
    clay.faults.add(Fault(service="clay", operation="notices", kind="cut"))
    with plain_http.stream("GET", clay.url("clay") + "/notices") as answer:
        assert answer.status_code == 200
        assert answer.headers["content-length"] == str(len(whole))
        with pytest.raises(httpx.RemoteProtocolError, match=f"received {len(whole) // 2} bytes, expected {len(whole)}"):
            answer.read()


def test_a_hanging_connection_is_held_and_then_closed(clay: Sandbox) -> None:
    clay.faults.add(Fault(service="clay", kind="hang", seconds=0.3, times=1), Fault(service="clay", kind="hang"))
    started = time.monotonic()
    with pytest.raises(httpx.RemoteProtocolError):
        send(clay)
    assert 0.3 <= time.monotonic() - started < 2
    with pytest.raises(httpx.ReadTimeout):
        plain_http.get(clay.url("clay"), timeout=0.2)
    patience = time.monotonic() + 3
    while clay.calls[-1].ended is None and time.monotonic() < patience:
        time.sleep(0.01)
    assert clay.calls[-1].ended is not None, "it is over when the client gives up"


def test_one_connection_goes_on_after_made_up_answers(clay: Sandbox) -> None:
    clay.faults.add(Fault(service="clay", kind="status", times=2))
    with httpx.Client() as client:
        assert [send(clay, client=client).status_code for _ in range(3)] == [503, 503, 200]


def test_faults_of_a_running_sandbox_are_set_over_http(clay: Sandbox) -> None:
    control = clay.url("supabase") + "/__sandbox__/faults"
    sent = [{"service": "clay", "operation": "hook", "kind": "status", "status": 500, "times": 1}]
    answer = plain_http.put(control, json=sent)
    assert answer.status_code == 200
    assert answer.json() == plain_http.get(control).json()
    assert sent[0].items() <= answer.json()[0].items()
    assert [send(clay).status_code for _ in range(2)] == [500, 200]
    for wrong in ({"service": "clay"}, [{"service": "slack", "kind": "drop"}], ["drop"], None):
        refusal = plain_http.put(control, json=wrong)
        assert refusal.status_code == 422
        assert "faul" in refusal.json()["error"]
    assert plain_http.put(control, content=b"{").status_code == 422
    assert plain_http.put(control, json=[]).json() == []


def test_the_plan_counts_skips_and_logs() -> None:
    plan = FaultPlan()
    plan.add(
        Fault(service="notion", operation="create_page", kind="drop", after=1, times=2),
        Fault(service="notion", kind="status", after=4),
    )
    played = [plan.take("notion", "create_page") for _ in range(6)]
    assert [fault.kind if fault else None for fault in played] == [None, "drop", "drop", None, "status", "status"]
    assert plan.take("claude", "messages") is None
    assert [(fired.service, fired.operation, fired.kind) for fired in plan.fired[:2]] == [
        ("notion", "create_page", "drop")
    ] * 2


@pytest.mark.parametrize(
    ("service", "operation", "fits", "reason"),
    [
        ("claude", "featured_section", True, "the exact name"),
        ("claude", "messages", True, "the plain name"),
        ("claude", "*", True, "any operation"),
        ("*", "*", True, "any service"),
        ("claude", "gameplan", False, "another operation"),
        ("notion", "messages", False, "another service"),
    ],
)
def test_a_fault_fits_the_exact_and_the_plain_name(service: Any, operation: str, fits: bool, reason: str) -> None:
    plan = FaultPlan()
    plan.add(Fault(service=service, operation=operation, kind="drop"))
    assert (plan.take("claude", "featured_section", "messages") is not None) is fits, reason


def test_chance_is_seeded() -> None:
    def played(seed: int) -> list[bool]:
        plan = FaultPlan(seed=seed)
        plan.add(Fault(service="*", kind="drop", probability=0.3))
        return [plan.take("notion", "search") is not None for _ in range(400)]

    assert played(1) == played(1)
    assert played(1) != played(2)
    assert 80 < sum(played(1)) < 160


@pytest.mark.parametrize(
    ("text", "expected", "reason"),
    [
        ("", [], "no faults"),
        (
            "notion.create_page=drop_after:times=1;starbridge.*=status:503:p=0.2:retry_after=1",
            [
                Fault(service="notion", operation="create_page", kind="drop_after", times=1),
                Fault(service="starbridge", kind="status", status=503, probability=0.2, retry_after="1"),
            ],
            "the example of the help",
        ),
        (" clay.hook = hang : seconds=2.5 ; ", [Fault(service="clay", operation="hook", kind="hang", seconds=2.5)],
         "blanks and a last semicolon"),
        ("*.*=html:status=500:after=3", [Fault(service="*", kind="html", status=500, after=3)], "everything"),
        ("clay.*=replace:body=[1]", [Fault(service="clay", kind="replace", body=[1])], "a body in JSON"),
        ("clay.*=status:429:retry_after=date+2", [Fault(service="clay", kind="status", status=429,
                                                        retry_after="date+2")], "a date N seconds ahead"),
    ],
)  # fmt: skip
def test_spec_is_read(text: str, expected: list[Fault], reason: str) -> None:
    assert parse_faults(text) == expected, reason


def test_spec_takes_a_body_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "body.json"
    file.write_text('{"a": ":;="}', encoding="utf-8")
    assert parse_faults(f"clay.*=replace:body=@{file}")[0].body == {"a": ":;="}


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("drop", "'drop' is not readable"),
        ("notion=drop", "not readable"),
        ("notion.search=", "not readable"),
        ("slack.post=drop", "service: Input should be"),
        ("notion.search=explode", "kind: Input should be"),
        ("notion.search=status:soon", "'soon' is no option"),
        ("notion.search=status:p=2", "probability"),
        ("notion.search=status:99", "status"),
        ("notion.search=drop:times=0", "times"),
        ("notion.search=drop:often=yes", "'often=yes' is no option"),
        ("notion.search=status:retry_after=date+x", "date\\+N"),
        ("notion.search=replace:body=@/no/such/file", "can't be read"),
    ],
)
def test_spec_that_is_wrong_shows_the_form(text: str, complaint: str) -> None:
    with pytest.raises(InvalidFaults, match=complaint) as problem:
        parse_faults(f"clay.hook=drop;{text}")
    if "read: " not in str(problem.value):
        assert "SERVICE.OPERATION=KIND" in str(problem.value)
