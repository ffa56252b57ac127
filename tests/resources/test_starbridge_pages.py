"""Paging: all pages that are asked for and there, never more, and what came is kept when a later page fails."""

import asyncio
import math
from collections.abc import Callable
from typing import Any

import pytest

from intent_assets.errors import StarbridgeError, StarbridgeIdentityError
from intent_assets.resources.starbridge import ContactResult, SearchPageResult, Starbridge
from intent_assets.resources.starbridge_queries import OpportunityQuery
from intent_assets.settings import load_settings
from tests.resources.scripted import Answer, Json, Seen, enveloped, scripted

# Dagster asks a resource that has no fields for pydantic's old `__fields__`.
pytestmark = pytest.mark.filterwarnings("ignore:The `__fields__` attribute is deprecated")

Answering = Callable[[str, str, Json], Answer]


@pytest.fixture(autouse=True)
def _key(clean_environment: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATAGEN_API_KEY", "k-1234567890")
    monkeypatch.setenv("INTENT_TRIES", "2")


def search(
    monkeypatch: pytest.MonkeyPatch, answer: Answering, *, size: int = 10, pages: int = 10, first: int = 1
) -> tuple[SearchPageResult, Seen]:
    async def searched() -> SearchPageResult:
        async with Starbridge().session() as client:
            query = OpportunityQuery(search_query="x", page_size=size, page_number=first)
            return await client.opportunity_search(query, pages=pages)

    with scripted(answer) as (url, seen):
        monkeypatch.setenv("STARBRIDGE_URL", url)
        return asyncio.run(searched()), seen


def contacts(monkeypatch: pytest.MonkeyPatch, answer: Answering) -> ContactResult:
    async def asked() -> ContactResult:
        async with Starbridge().session() as client:
            return await client.buyer_contacts("b1")

    with scripted(answer) as (url, _):
        monkeypatch.setenv("STARBRIDGE_URL", url)
        return asyncio.run(asked())


def record(number: int) -> Json:
    return {"id": f"o{number}", "title": "T", "type": "Selling", "buyerId": "b", "buyerName": "B"}


def world(there: int, *, total: bool = True, most: int = 100, ignores_page: bool = False) -> Answering:
    """A server with `there` records that holds its pages at `most`."""

    def answer(_method: str, _path: str, asked: Json) -> Answer:
        size = min(asked["page_size"], most)
        number = 1 if ignores_page else asked["page_number"]
        page = [record(at) for at in range((number - 1) * size, min(there, number * size))]
        return Answer(enveloped({"opportunities": page, **({"totalItems": there} if total else {})}))

    return answer


@pytest.mark.parametrize(
    ("server", "pages", "found", "calls"),
    [
        pytest.param(world(0), 10, 0, 1, id="nothing there"),
        pytest.param(world(7), 10, 7, 1, id="one short page"),
        pytest.param(world(30), 10, 30, 3, id="the last page is full, no empty one is asked for"),
        pytest.param(world(31), 10, 31, 4, id="the last page holds one"),
        pytest.param(world(300), 3, 30, 3, id="no more than the cap"),
        pytest.param(world(31, total=False), 10, 31, 4, id="no total: a short page is the last"),
        pytest.param(world(30, total=False), 10, 30, 4, id="no total: an empty page is the last"),
        pytest.param(world(31, most=5), 10, 31, 7, id="the server holds its pages shorter than asked for"),
        pytest.param(world(1000, total=False), 4, 40, 4, id="an endless server meets the cap"),
    ],
)
def test_pages_are_read_as_far_as_there_are(
    monkeypatch: pytest.MonkeyPatch, server: Answering, pages: int, found: int, calls: int
) -> None:
    result, seen = search(monkeypatch, server, pages=pages)
    assert [read.id for read in result.opportunities] == [f"o{number}" for number in range(found)]
    assert result.incomplete is None
    assert sorted(asked["page_number"] for asked in seen.inputs) == list(range(1, calls + 1))
    assert result.pages == calls


def test_reading_starts_at_the_page_of_the_query(monkeypatch: pytest.MonkeyPatch) -> None:
    result, _ = search(monkeypatch, world(35), pages=2, first=3)
    assert [read.id for read in result.opportunities] == [f"o{number}" for number in range(20, 35)]


def test_a_server_that_sends_the_same_page_for_ever_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    result, seen = search(monkeypatch, world(10, total=False, ignores_page=True), pages=50)
    assert len(result.opportunities) == 10
    assert len(seen.requests) == 2
    assert result.incomplete is not None


@pytest.mark.parametrize("total", [True, False])
def test_what_came_is_kept_when_a_later_page_fails(monkeypatch: pytest.MonkeyPatch, total: bool) -> None:
    server = world(30, total=total)

    def answer(method: str, path: str, asked: Json) -> Answer:
        return server(method, path, asked) if asked["page_number"] != 2 else Answer(b"", 503)

    result, _ = search(monkeypatch, answer)
    kept = [*range(10), *range(20, 30)] if total else [*range(10)]
    assert [read.id for read in result.opportunities] == [f"o{number}" for number in kept]
    assert "page 2" in (result.incomplete or "")
    assert "503" in (result.incomplete or "")


def test_without_the_first_page_there_is_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(StarbridgeError):
        search(monkeypatch, lambda *_: Answer(b"", 503))


def test_all_contacts_of_a_large_buyer_come_each_once(monkeypatch: pytest.MonkeyPatch) -> None:
    people = [{"contactId": f"c{number}", "name": f"Person {number}"} for number in range(450)]

    def answer(_method: str, _path: str, asked: Json) -> Answer:
        size, number = asked["page_size"], asked["page_number"]
        # The pages overlap by one: the list moved while it was read.
        page = people[max(0, (number - 1) * size - 1) : number * size]
        return Answer(enveloped({"totalContacts": 450, "pageSize": size, "contacts": page}))

    read = contacts(monkeypatch, answer)
    assert [contact.contact_id for contact in read.contacts] == [f"c{number}" for number in range(450)]
    assert (read.total, read.pages) == (450, math.ceil(450 / 100))


@pytest.mark.parametrize("total", [True, False])
@pytest.mark.parametrize("most", [50, 100])
def test_a_large_buyer_is_read_whole_with_the_default_settings(
    monkeypatch: pytest.MonkeyPatch, most: int, total: bool
) -> None:
    def answer(_method: str, _path: str, asked: Json) -> Answer:
        size = min(asked["page_size"], most)
        start = (asked["page_number"] - 1) * size
        page = [{"contactId": f"c{at}", "name": "Ada Lane"} for at in range(start, min(730, start + size))]
        return Answer(
            enveloped({"resolved_buyer_id": "b1", "contacts": page, **({"totalContacts": 730} if total else {})})
        )

    async def asked_for() -> ContactResult:
        async with Starbridge().session() as client:
            return await client.buyer_contacts("b1", pages=load_settings().contact_pages)

    with scripted(answer) as (url, _):
        monkeypatch.setenv("STARBRIDGE_URL", url)
        result = asyncio.run(asked_for())
    assert [contact.contact_id for contact in result.contacts] == [f"c{at}" for at in range(730)]
    assert (result.total, result.incomplete) == (730, None)


def test_a_later_page_of_another_buyer_spoils_all(monkeypatch: pytest.MonkeyPatch) -> None:
    def answer(_method: str, _path: str, asked: Json) -> Answer:
        page: list[Any] = [{"contactId": f"c{asked['page_number']}-{n}", "name": "P"} for n in range(100)]
        resolved = "b1" if asked["page_number"] < 3 else "b2"
        return Answer(enveloped({"resolved_buyer_id": resolved, "totalContacts": 300, "contacts": page}))

    with pytest.raises(StarbridgeIdentityError):
        contacts(monkeypatch, answer)
