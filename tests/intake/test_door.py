"""The door takes replies in: on disk before the answer, once, from those who may, and nothing else."""

import hashlib
import hmac
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from tests.intake.running_door import SECRET, SECRETS, TOKEN, RunningDoor, running_door

REPLY = {
    "target_company": "VMock",
    "prospect_name": "Ana Diaz",
    "reply_text": "This looks interesting, can you send more?",
    "tier": 2,
}
EVENT = {
    "event_type": "EMAIL_REPLY",
    "to_name": "Ana Diaz",
    "reply_message": {"text": "This looks interesting, can you send more?"},
}
PERSON = (b"Ana Diaz", b"ana.diaz", b"This looks interesting")


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningDoor]:
    folder = tmp_path_factory.mktemp("door")
    with running_door(folder, **SECRETS, INTENT_DOOR__REFUSALS_A_MINUTE="1000") as running:
        yield running


def a_reply(domain: str, **fields: Any) -> dict[str, Any]:
    return {"target_domain": domain, "prospect_email": f"ana.diaz@{domain}", **REPLY, **fields}


def an_event(domain: str, **fields: Any) -> dict[str, Any]:
    return {**EVENT, "sl_lead_email": f"ana.diaz@{domain}", **fields}


def test_a_reply_is_stored_once_and_its_status_can_be_asked(door: RunningDoor) -> None:
    answers = [door.post("/reports", a_reply("once.example")) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [202, 202, 202]
    [reply_id] = {answer.json()["reply_id"] for answer in answers}
    assert door.inbox.get(reply_id).domain == "once.example"
    assert sum(reply_id in name for name in door.files() if name.startswith("inbox/pending/")) == 1
    status = door.client.get(answers[0].json()["status_url"])
    assert status.status_code == 200
    assert (status.json()["status"], status.json()["domain"]) == ("queued", "once.example")


def test_many_at_once_are_all_stored(door: RunningDoor) -> None:
    def post(number: int) -> str:
        answer = door.post("/reports", a_reply(f"many{number % 20}.example", reply_text=f"yes, number {number % 100}"))
        assert answer.status_code == 202, answer.text
        return str(answer.json()["reply_id"])

    with ThreadPoolExecutor(20) as pool:
        ids = list(pool.map(post, range(120)))

    assert len(set(ids)) == 100
    assert all(door.inbox.get(reply_id) for reply_id in ids)


def test_each_item_of_a_batch_is_answered_by_itself_and_in_order(door: RunningDoor) -> None:
    items = [a_reply("first.example"), a_reply("second.example", tier=9), "text", a_reply("first.example"), None]
    items += [an_event("left.example", lead_category="Not Interested"), a_reply("last.example")]

    answer = door.post("/reports/batch", items)

    assert answer.status_code == 200
    outcomes = answer.json()
    assert [outcome["status"] for outcome in outcomes] == [202, 422, 422, 202, 422, 200, 202]
    assert outcomes[0]["reply_id"] == outcomes[3]["reply_id"]
    assert "tier" in outcomes[1]["error"]["message"]
    assert outcomes[5]["accepted"] is False
    for accepted, domain in ((outcomes[0], "first.example"), (outcomes[6], "last.example")):
        assert door.inbox.get(accepted["reply_id"]).domain == domain


def test_the_limits_of_a_batch(door: RunningDoor) -> None:
    assert door.post("/reports/batch", []).json() == []
    assert door.post("/reports/batch", a_reply("alone.example")).status_code == 422
    assert door.post("/reports/batch", [{}] * 1001).status_code == 422


def signature(body: bytes, secret: str = SECRET) -> str:
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


@pytest.mark.parametrize(
    ("fields", "headers", "status"),
    [
        pytest.param({"secret_key": SECRET}, {}, 202, id="secret inside"),
        pytest.param({}, {"signed": SECRET}, 202, id="signed"),
        pytest.param({"secret_key": "wrong"}, {"signed": SECRET}, 202, id="one of the two is enough"),
        pytest.param({}, {}, 401, id="neither"),
        pytest.param({"secret_key": "wrong"}, {"signed": "wrong"}, 401, id="both wrong"),
        pytest.param({"secret_key": "sécret-\ud800"}, {}, 401, id="other characters than a secret has"),
        pytest.param({"secret_key": [SECRET]}, {}, 401, id="a list"),
        pytest.param({}, {"X-Smartlead-Signature": "sha256=ü"}, 401, id="a signature that is none"),
    ],
)
def test_who_sends_a_webhook(door: RunningDoor, fields: Any, headers: dict[str, str], status: int) -> None:
    body = json.dumps(an_event("hook.example", **fields)).encode()
    given = {b"Content-Type": b"application/json"}
    given |= {name.encode(): value.encode("latin-1") for name, value in headers.items() if name != "signed"}
    if "signed" in headers:
        given[b"X-Smartlead-Signature"] = signature(body, headers["signed"]).encode()

    answer = httpx.post(
        f"http://127.0.0.1:{door.port}/webhooks/smartlead",
        content=body,
        headers=given,
    )

    assert answer.status_code == status, answer.text
    assert ("www-authenticate" in answer.headers) is (status == 401)
    assert not any(SECRET.encode() in content for content in door.files().values())


def test_an_unknown_sender_of_webhooks_learns_nothing_by_what_it_sends(door: RunningDoor) -> None:
    for content in (b"{", b"[]", b"\xff", b"[" * 100_000, b'{"a": NaN}'):
        assert door.send(content, "/webhooks/smartlead").status_code == 401


@pytest.mark.parametrize(
    "authorization", [None, "", "Bearer", "Bearer wrong", f"Basic {TOKEN}", TOKEN, f"Bearer {TOKEN}x", "Bearer \xff"]
)
@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/reports"), ("POST", "/reports/batch"), ("GET", "/reports/r_1"), ("POST", "/reports/r_1/cancel")],
)
def test_callers_need_the_token(door: RunningDoor, authorization: str | None, method: str, path: str) -> None:
    headers = {} if authorization is None else {b"Authorization": authorization.encode("latin-1")}

    answer = httpx.request(method, f"http://127.0.0.1:{door.port}{path}", content=b"{", headers=headers)

    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert TOKEN not in answer.text


def test_the_scheme_may_be_written_in_any_case(door: RunningDoor) -> None:
    assert door.post("/reports", a_reply("case.example"), Authorization=f"bEARER {TOKEN}").status_code == 202


def test_an_event_that_is_left_out_is_recorded_and_not_sent_again(door: RunningDoor) -> None:
    event = an_event("spam.example", lead_category="Out Of Office", secret_key=SECRET)

    answer = door.post("/webhooks/smartlead", event)

    assert answer.status_code == 200
    assert answer.json()["accepted"] is False
    assert "Out Of Office" in answer.json()["reason"]
    assert any(entry.get("category") == "Out Of Office" for entry in door.refused())
    assert not any("spam.example" in name for name in door.files())


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        pytest.param(b"{", "application/json", 400, id="broken"),
        pytest.param(b"", "application/json", 400, id="empty"),
        pytest.param(b"\xff\xfe", "application/json", 400, id="no UTF-8"),
        pytest.param(b'{"target_domain": "a.example", "tier": NaN}', "application/json", 400, id="not a number"),
        pytest.param(
            b'{"target_domain": "a.example", "tier": ' + b"9" * 9_000 + b"}", "application/json", 400, id="digits"
        ),
        pytest.param(b'{"a":' * 65 + b"1" + b"}" * 65, "application/json", 400, id="deep"),
        pytest.param(b"[" * 400_000, "application/json", 400, id="deeper than Python"),
        pytest.param(b'{"target_domain": "a.example\x00"}', "application/json", 400, id="a raw NUL"),
        pytest.param(b'{"target_domain": "a\\u0000.example"}', "application/json", 422, id="a NUL in the domain"),
        pytest.param(b'{"target_domain": "\\ud800.example"}', "application/json", 422, id="half a character"),
        pytest.param(b'{"target_domain": 7}', "application/json", 422, id="no text"),
        pytest.param(b'{"prospect_email": "ana.diaz@gmail.com"}', "application/json", 422, id="free mail"),
        pytest.param(b'"text"', "application/json", 422, id="no object"),
        pytest.param(b"{}", "application/json; charset=utf-8", 422, id="nothing"),
        pytest.param(b"{}", "application/json; charset=latin-1", 415, id="another encoding"),
        pytest.param(b"{}", "text/plain", 415, id="another type"),
        pytest.param(b"{}", "", 415, id="no type"),
        pytest.param(b" " * 1_000_001, "application/json", 413, id="too large"),
    ],
)
def test_what_can_not_be_a_reply_is_refused(door: RunningDoor, content: bytes, kind: str, status: int) -> None:
    answer = door.send(content, kind=kind)

    assert answer.status_code == status, answer.text
    assert set(answer.json()) == {"error"}
    assert set(answer.json()["error"]) == {"code", "message"}
    assert door.post("/reports", a_reply("alive.example")).status_code == 202


def test_a_refusal_tells_nothing_of_the_person(door: RunningDoor) -> None:
    answer = door.post("/reports", a_reply("x", tier="Ana Diaz", message_id="This looks interesting"))

    assert answer.status_code == 422
    last = json.dumps(door.refused()[-1]).encode()
    assert b"target_domain" in last
    assert not any(word in answer.content or word in last for word in PERSON)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/reports", 405),
        ("GET", "/reports/batch", 405),
        ("DELETE", "/healthz", 405),
        ("GET", "/", 404),
        ("GET", "/reports/", 404),
        ("GET", "/reports/r_unknown", 404),
        ("GET", "/reports/..%2f..%2fsettings", 404),
        ("GET", "/reports/%00", 404),
        ("POST", "/reports/r_unknown/cancel", 404),
    ],
)
def test_what_is_not_there(door: RunningDoor, method: str, path: str, status: int) -> None:
    answer = door.client.request(method, path)

    assert answer.status_code == status
    assert set(answer.json()) == {"error"}
    assert ("allow" in answer.headers) is (status == 405)


def test_its_documents_name_every_answer_and_need_no_other_host(door: RunningDoor) -> None:
    document = door.client.get("/openapi.json").json()
    page = door.client.get("/docs").text

    posts = document["paths"]["/reports"]["post"]
    assert {"202", "200", "400", "401", "408", "413", "415", "422", "429", "503"} <= set(posts["responses"])
    assert posts["requestBody"]["content"]["application/json"]["example"]["target_domain"]
    assert "HTTPValidationError" not in json.dumps(document)
    assert "https://" not in page
    assert door.client.get("/static-offline-docs/swagger-ui-bundle.js").status_code == 200
