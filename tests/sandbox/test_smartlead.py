"""The stand-in for Smartlead: the poll of the master inbox, and the webhook bodies that it would send."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from intent_assets.sandbox.server import Sandbox
from intent_assets.sandbox.smartlead_forms import WEBHOOKS, invented_reply, signature
from tests.sandbox import plain_http

PATH = "/api/v1/master-inbox/inbox-replies"


@pytest.fixture
def smartlead() -> Iterator[Sandbox]:
    with Sandbox(only=["smartlead"]) as sandbox:
        yield sandbox


def poll(sandbox: Sandbox, body: Any, key: str | None = None) -> httpx.Response:
    variables = sandbox.variables()
    params = {"api_key": key if key is not None else variables["SMARTLEAD_API_KEY"]}
    return plain_http.post(variables["SMARTLEAD_URL"] + PATH, params=params, json=body)


def test_the_inbox_is_paged_newest_first(smartlead: Sandbox) -> None:
    added = [smartlead.service("smartlead").add_reply() for _ in range(5)]
    pages = [
        poll(smartlead, {"offset": offset, "limit": 2, "sortBy": "REPLY_TIME_DESC"}).json()["data"]
        for offset in (0, 2, 4, 6)
    ]
    assert [len(page) for page in pages] == [2, 2, 1, 0]
    found = [item["email_history"][0]["message_id"] for page in pages for item in page]
    assert found == [reply.message_id for reply in reversed(added)]


def test_the_list_can_stand_under_messages(smartlead: Sandbox) -> None:
    service = smartlead.service("smartlead")
    service.form = "messages"
    reply = service.add_reply(email="kim@oakline.example", text="Yes please", category="Interested")
    answer = poll(smartlead, {}).json()
    (item,) = answer["messages"]
    assert answer["total_count"] == 1
    assert item["lead"]["email"] == "kim@oakline.example"
    assert item["last_message"] | {"body": "Yes please", "id": reply.message_id} == item["last_message"]
    assert item["category"] == {"id": 1, "name": "Interested"}


@pytest.mark.parametrize(
    ("filters", "found", "reason"),
    [
        ({"emailStatus": "Replied"}, 3, "all have replied"),
        ({"emailStatus": ["Opened", "Replied"]}, 3, "one of several"),
        ({"emailStatus": "Bounced"}, 0, "none bounced"),
        ({"replyTimeBetween": ["2026-11-02T00:00:00Z", "2026-11-02T23:59:59Z"]}, 2, "a day"),
        ({"replyTimeBetween": ["2026-11-03T08:00:00+00:00", "2026-11-03T08:00:00+00:00"]}, 1, "ends are part of it"),
        ({"campaignId": [77]}, 1, "one campaign"),
        ({"search": "brightwell"}, 1, "part of the company's name"),
    ],
)
def test_filters(smartlead: Sandbox, filters: dict[str, Any], found: int, reason: str) -> None:
    add = smartlead.service("smartlead").add_reply
    add(received_at=datetime(2026, 11, 2, 9, tzinfo=UTC), campaign_id=77, company="Oakline")
    add(received_at=datetime(2026, 11, 2, 10, tzinfo=UTC), campaign_id=78, company="Oakline", email="a@oakline.example")
    add(received_at=datetime(2026, 11, 3, 8, tzinfo=UTC), campaign_id=79, company="Brightwell", email="b@oak.example")
    assert len(poll(smartlead, {"filters": filters}).json()["data"]) == found, reason


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"limit": 21}, "more than Smartlead gives at once"),
        ({"limit": 0}, "nothing asked for"),
        ({"limit": "20"}, "a text for a number"),
        ({"offset": -1}, "before the first"),
        ({"sortBy": "NAME"}, "an order that does not exist"),
        ({"page": 1}, "a field that does not exist"),
        ({"filters": {"replyTime": []}}, "a filter that does not exist"),
        ({"filters": {"replyTimeBetween": ["2026-11-02T00:00:00Z"]}}, "half a period"),
        ({"filters": {"replyTimeBetween": ["yesterday", "today"]}}, "no times"),
        ({"filters": {"replyTimeBetween": ["2026-11-03T00:00:00Z", "2026-11-02T00:00:00Z"]}}, "end before start"),
        ([], "no object"),
    ],
)
def test_bodies_that_smartlead_would_refuse(smartlead: Sandbox, body: Any, reason: str) -> None:
    assert poll(smartlead, body).status_code == 422, reason


@pytest.mark.parametrize("key", ["", "wrong"])
def test_the_key_is_needed(smartlead: Sandbox, key: str) -> None:
    assert poll(smartlead, {}, key).status_code == 401


def test_the_key_does_not_show_in_the_log_of_requests(smartlead: Sandbox) -> None:
    poll(smartlead, {})
    assert [(call.operation, call.path) for call in smartlead.calls] == [("inbox_replies", PATH)]


@pytest.mark.parametrize("event", WEBHOOKS)
def test_webhook_bodies_carry_the_reply_and_the_secret(event: str) -> None:
    reply = invented_reply(7, 3, text="Please send more")
    body = WEBHOOKS[event](reply, secret="s3")
    whole = json.dumps(body)
    assert event in (body.get("event_type"), body.get("event"))
    assert body["secret_key"] == "s3"
    assert reply.email in whole
    assert reply.message_id in whole
    assert "Please send more" in whole
    assert "secret_key" not in WEBHOOKS[event](reply)


def test_invented_replies_repeat_and_use_reserved_domains_only() -> None:
    replies = [invented_reply(7, number) for number in range(50)]
    assert replies == [invented_reply(7, number) for number in range(50)]
    assert {reply.domain.rpartition(".")[2] for reply in replies} == {"example"}
    assert len({reply.message_id for reply in replies}) == 50


def test_signature_is_hmac_sha256_of_the_raw_body() -> None:
    expected = "sha256=f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8"
    assert signature(b"The quick brown fox jumps over the lazy dog", "key") == expected
