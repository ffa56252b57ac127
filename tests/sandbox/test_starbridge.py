"""The stand-in of Starbridge as a client on the wire sees it (contracts: starbridge)."""

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from intent_assets.sandbox.core import KeepsTime
from intent_assets.sandbox.server import Sandbox
from intent_assets.sandbox.starbridge import KEY, StarbridgeService
from intent_assets.sandbox.starbridge_requests import TOOLS

Json = dict[str, Any]
IDS = {tool: tool_id for tool_id, tool in TOOLS.items()}


@pytest.fixture(scope="module")
def running() -> Iterator[Sandbox]:
    with Sandbox(only=["starbridge"]) as sandbox:
        yield sandbox


@pytest.fixture
def http(running: Sandbox) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=running.url("starbridge"), headers={"x-api-key": KEY}, trust_env=False) as client:
        yield client


def post(http: httpx.Client, tool: str, **asked: Any) -> httpx.Response:
    return http.post(f"/apps/{IDS[tool]}", json={"input_vars": asked})


def output(answer: httpx.Response) -> Json:
    assert answer.status_code == 200, answer.text
    sent = answer.json()["data"]["output_vars"]["output"]
    read: Json = json.loads(sent) if isinstance(sent, str) else sent
    return read


@pytest.mark.parametrize(
    ("tool", "asked", "status"),
    [
        pytest.param("opportunity_search", {"types": ["Selling"]}, 400, id="the answer's word for an RFP"),
        pytest.param("opportunity_search", {"types": "RFP"}, 400, id="types are a list"),
        pytest.param("opportunity_search", {"page_size": 101}, 400, id="page too large"),
        pytest.param("opportunity_search", {"page_number": 0}, 400, id="pages count from 1"),
        pytest.param("opportunity_search", {"buyer_ids": ["b"] * 21}, 400, id="more than 20 buyers"),
        pytest.param("opportunity_search", {"states": ["Ohio"]}, 400, id="a state's name"),
        pytest.param("opportunity_search", {"content_search": True}, 400, id="flags are 0 and 1"),
        pytest.param("opportunity_search", {"from_date_relative_period": "LastWeek"}, 400, id="unknown period"),
        pytest.param("opportunity_search", {"query": "x"}, 400, id="the other tool's variable"),
        pytest.param("buyer_search", {"buyer_types": ["Zoo"]}, 400, id="unknown buyer type"),
        pytest.param("buyer_search", {"min_population": "many"}, 400, id="no number"),
        pytest.param("buyer_profile", {}, 400, id="which buyer"),
        pytest.param("buyer_contacts", {"buyer_id": "b", "page_size": 101}, 400, id="too many contacts"),
        pytest.param("buyer_chat", {"buyer_id": "b", "question": "?"}, 504, id="the chat is too slow for a sync call"),
    ],
)
def test_what_the_service_would_refuse_is_refused(http: httpx.Client, tool: str, asked: Json, status: int) -> None:
    assert post(http, tool, **asked).status_code == status


def test_the_key_the_app_and_the_form_are_checked(http: httpx.Client) -> None:
    url = f"/apps/{IDS['buyer_search']}"
    assert http.post(url, json={"input_vars": {}}, headers={"x-api-key": "other"}).status_code == 401
    assert http.post("/apps/unknown", json={"input_vars": {}}).status_code == 404
    assert http.post(url, content=b"{").status_code == 422
    assert http.post(url, json={}).status_code == 422
    assert http.post(url, json={"input_vars": {}, "more": 1}).status_code == 422


def test_the_default_is_meetings_alone_and_words_change_on_the_way(http: httpx.Client) -> None:
    meetings = output(post(http, "opportunity_search"))
    rfps = output(post(http, "opportunity_search", types=["RFP", "Purchase"], page_size=100))
    assert {record["type"] for record in meetings["opportunities"]} == {"BoardMeeting"}
    assert {record["type"] for record in rfps["opportunities"]} == {"Selling", "PurchaseOrder"}
    assert (meetings["pageSize"], meetings["resultCount"], meetings["pageNumber"]) == (40, 40, 1)
    assert meetings["totalItems"] > 1000


ALL = ["Meeting", "StrategicPlan", "RFP", "Purchase", "Contract"]


@pytest.mark.parametrize(
    ("query", "word"),
    [("career services resume interview", "career"), ("permit software", "permit"), ('"body camera"', "camera")],
)
def test_words_find_what_they_mean(http: httpx.Client, query: str, word: str) -> None:
    found = output(post(http, "opportunity_search", search_query=query, types=ALL, page_size=20))
    assert found["totalItems"] > 20
    texts = [f"{record['title']} {record.get('summary')}".lower() for record in found["opportunities"]]
    assert sum(word in text for text in texts) >= 15


def test_or_joins_phrases(http: httpx.Client) -> None:
    def total(query: str) -> int:
        return int(output(post(http, "opportunity_search", search_query=query, types=ALL))["totalItems"])

    either, one, other = total("permit software OR body camera"), total("permit software"), total("body camera")
    assert max(one, other) < either <= one + other


def test_a_domain_finds_the_documents_that_mention_it(running: Sandbox, http: httpx.Client) -> None:
    world = running.service("starbridge").world
    buyer = max((one for one in world.buyers if one.parent), key=lambda one: one.weight)
    found = output(post(http, "opportunity_search", search_query=buyer.domain, types=ALL, page_size=100))
    assert buyer.id in {record["buyerId"] for record in found["opportunities"]}
    assert output(post(http, "buyer_search", query=buyer.domain))["buyers"] == []


def test_a_copy_of_a_record_differs_with_the_search(http: httpx.Client) -> None:
    plain = output(post(http, "opportunity_search", search_query="career services", types=ALL, page_size=100))
    deep = output(
        post(http, "opportunity_search", search_query="career services", types=ALL, page_size=100, content_search=1)
    )
    copies = {record["id"]: record for record in plain["opportunities"]}
    pairs = [(copies[record["id"]], record) for record in deep["opportunities"] if record["id"] in copies]
    assert any(record.get("files") and not copy.get("files") for copy, record in pairs)
    marked = json.dumps([record.get("highlights") for _, record in pairs])
    assert "<b>" in marked
    assert "<em>" in marked


def test_windows_filters_and_order_hold(running: Sandbox, http: httpx.Client) -> None:
    today = running.service("starbridge").world.today.isoformat()
    future = output(
        post(http, "opportunity_search", types=["RFP"], until_date_relative_period="Future", page_size=100)
    )  # fmt: skip
    dues = [record["dueDate"][:10] for record in future["opportunities"] if record["dueDate"]]
    assert dues
    assert min(dues) >= today
    asked = {"types": ["Purchase"], "buyer_types": ["County"], "sort_field": "OpportunityPurchaseAmount"}
    paid = output(post(http, "opportunity_search", **asked, sort_direction="Descending", page_size=100))
    amounts = [record["purchaseAmount"] for record in paid["opportunities"]]
    numbers = [amount for amount in amounts if isinstance(amount, int | float)]
    assert numbers == sorted(numbers, reverse=True)
    assert {record["buyerType"] for record in paid["opportunities"]} == {"County"}


def test_pages_hold_everything_once(http: httpx.Client) -> None:
    asked = {"search_query": "permit software", "types": ALL, "page_size": 50}
    first = output(post(http, "opportunity_search", **asked))
    ids: list[str] = []
    for number in range(1, first["totalItems"] // 50 + 2):
        page = output(post(http, "opportunity_search", **asked, page_number=number))
        ids += [record["id"] for record in page["opportunities"]]
    assert len(ids) == len(set(ids)) == first["totalItems"]


def test_answers_alternate_between_object_and_string(http: httpx.Client) -> None:
    answers = [post(http, "buyer_search", query="county").json() for _ in range(4)]
    assert {type(answer["data"]["output_vars"]["output"]) for answer in answers} == {str, dict}


def test_an_unknown_buyer_is_a_failure_envelope(http: httpx.Client) -> None:
    answer = post(http, "buyer_profile", buyer_id="nobody")
    assert answer.status_code == 200
    assert answer.json()["success"] is False


def test_a_run_is_polled_until_its_answer(running: Sandbox, http: httpx.Client) -> None:
    buyer = running.service("starbridge").world.buyers[40]
    body = {"input_vars": {"search_query": buyer.name.upper(), "question": "What next?"}}
    forms = set()
    for _ in range(4):
        started = http.post(f"/apps/{IDS['buyer_chat']}/async", json=body).json()
        level = started.get("data", started)
        forms.add(("data" in started, "run_uuid" in level))
        run_id = level.get("run_uuid") or level["run_id"]
        assert http.get(f"/apps/run/{run_id}/output").status_code == 202
        answer = output(http.get(f"/apps/run/{run_id}/output"))
    assert len(forms) == 4
    assert answer["resolved_buyer_name"] == buyer.name
    assert "Sandbox data" in answer["ai_response"]
    assert http.get("/apps/run/unknown/output").status_code == 404


def test_polls_can_be_limited(http: httpx.Client, running: Sandbox) -> None:
    service = running.service("starbridge")
    body = {"input_vars": {"buyer_id": service.world.buyers[0].id, "question": "What next?"}}
    service.strict_polling = True
    try:
        started = http.post(f"/apps/{IDS['buyer_chat']}/async", json=body).json()
        level = started.get("data", started)
        url = f"/apps/run/{level.get('run_uuid') or level.get('run_id')}/output"
        assert [http.get(url).status_code for _ in range(2)] == [202, 429]
    finally:
        service.strict_polling = False


def test_more_than_ten_at_a_time_are_refused_in_three_ways(running: Sandbox) -> None:
    service = running.service("starbridge")
    service.answer_seconds = 0.3

    async def crowd() -> list[httpx.Response]:
        async with httpx.AsyncClient(base_url=running.url("starbridge"), trust_env=False, timeout=30) as client:
            url = f"/apps/{IDS['buyer_search']}"
            calls = (client.post(url, json={"input_vars": {}}, headers={"x-api-key": KEY}) for _ in range(16))
            return list(await asyncio.gather(*calls))

    try:
        answers = asyncio.run(crowd())
    finally:
        service.answer_seconds = 0.0
    refused = [answer.headers.get("retry-after") for answer in answers if answer.status_code == 429]
    assert len(refused) == 6
    assert {None, "1"} < set(refused)
    assert any(str(value).endswith("GMT") for value in refused)


@pytest.mark.parametrize(
    ("method", "path", "name"),
    [
        *[("POST", f"/apps/{tool_id}", tool) for tool_id, tool in TOOLS.items()],
        ("POST", f"/apps/{IDS['buyer_chat']}/async", "buyer_chat"),
        ("GET", "/apps/run/some-id/output", "buyer_chat_poll"),
        ("GET", "/elsewhere", "unknown"),
        ("POST", "/apps/some-id", "unknown"),
    ],
)
def test_operations_have_names(method: str, path: str, name: str) -> None:
    service = StarbridgeService()
    assert service.operation(method, path) == name
    assert isinstance(service, KeepsTime)
