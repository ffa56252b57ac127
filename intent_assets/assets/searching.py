"""The calls behind the group `signals`: four searches at once, and beside them what is looked up of the prospect."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from intent_assets import wire
from intent_assets.errors import StarbridgeError, SupabaseError
from intent_assets.identity import SeenBuyer
from intent_assets.records import CampaignSignal, Reply, ToldSignal
from intent_assets.resources.starbridge import BuyerPageResult, SearchPageResult, Starbridge, StarbridgeClient
from intent_assets.resources.starbridge_queries import BuyerQuery, OpportunityQuery
from intent_assets.resources.supabase import Supabase, SupabaseClient
from intent_assets.searches import PlannedSearch
from intent_assets.settings import Settings
from intent_assets.supabase_rows import opportunities


@dataclass(frozen=True)
class Found:
    """What one search brought: wire records as sent, or why there are none (`fault` where Starbridge failed)."""

    search: PlannedSearch
    status: str
    error: str | None = None
    records: tuple[dict[str, Any], ...] = ()
    pages: int = 0
    total: int | None = None
    without_buyer: int = 0
    unreadable: int = 0
    fault: StarbridgeError | None = None


@dataclass(frozen=True)
class LookedUp:
    """What was looked up of the prospect; `problems` says what could not be.

    Buyers of documents that mention its domain (one entry a document), buyers that have its name, records that may be
    the signal that was answered, and signals that it was sent as Supabase says.
    """

    documents: tuple[SeenBuyer, ...] = ()
    listed: tuple[SeenBuyer, ...] = ()
    answered: tuple[Mapping[str, Any], ...] = ()
    allocated: tuple[CampaignSignal, ...] = ()
    problems: tuple[str, ...] = ()


async def search(
    searches: Sequence[PlannedSearch],
    reply: Reply,
    answered: ToldSignal | None,
    starbridge: Starbridge,
    supabase: Supabase,
    settings: Settings,
) -> tuple[list[Found], LookedUp]:
    """Run the searches and the look-ups side by side; a failure is told in what it belongs to, never raised.

    What Supabase has of the domain is one more search, where Supabase is configured.
    """
    async with starbridge.session() as client, supabase.session() as second:
        # In this order, so that the searches come first where calls have to wait.
        tasks = [_run(each, client, settings.search_page_size, settings.search_pages) for each in searches]
        own = [_own_signals(reply.domain, second)] if second else []
        found, looked_up, (allocated, problems) = await asyncio.gather(
            asyncio.gather(*tasks, *own), _look_up(reply, answered, client), _allocated(reply, second)
        )
    return found, replace(looked_up, allocated=allocated, problems=looked_up.problems + problems)


async def _own_signals(domain: str, client: SupabaseClient) -> Found:
    planned = PlannedSearch(name="supabase", tool="supabase", query=f"signals of {domain}")
    try:
        answer = await client.signals(domain)
    except SupabaseError as problem:
        return Found(planned, "failed", str(problem))
    records = tuple(opportunities(answer.rows))
    without_buyer = sum(1 for record in records if not record.get("buyerId"))
    status = "incomplete" if answer.incomplete else "complete"
    unreadable = len(answer.unreadable)
    return Found(planned, status, answer.incomplete, records, answer.pages, answer.total, without_buyer, unreadable)


async def _allocated(reply: Reply, client: SupabaseClient | None) -> tuple[tuple[CampaignSignal, ...], tuple[str, ...]]:
    """Return what Supabase says that the prospect was sent, and what could not be looked up."""
    if client is None or not reply.prospect_email:
        return (), ()
    try:
        sent = await client.allocations(reply.prospect_email, reply.campaign_id)
    except SupabaseError as problem:
        return (), (f"what the prospect was sent could not be looked up: {problem}",)
    return tuple(CampaignSignal(position=each.sequence_position, signal_id=each.signal_id) for each in sent), ()


def outcome_rows(
    found: Sequence[Found], without_buyer: Mapping[str, int], unreadable_dates: Mapping[str, int], as_of: date
) -> Iterator[dict[str, Any]]:
    """Yield a row for each search (columns `tables.SEARCH_OUTCOMES`)."""
    for each in found:
        name = each.search.name
        yield {
            "search": name,
            "tool": each.search.tool,
            "query": each.search.words,
            "status": each.status,
            "error": each.error,
            "pages": each.pages,
            "total": each.total,
            "found": len(each.records),
            "without_buyer": each.without_buyer + without_buyer.get(name, 0),
            "unreadable": each.unreadable,
            "unreadable_dates": unreadable_dates.get(name, 0),
            "as_of": as_of,
        }


async def _run(search: PlannedSearch, client: StarbridgeClient, size: int, pages: int) -> Found:
    if search.skip:
        return Found(search, "skipped", search.skip)
    try:
        if search.tool == "opportunity_search":
            return _signals(search, await client.opportunity_search(_opportunity_query(search, size), pages=pages))
        query = BuyerQuery(buyer_types=search.buyer_types, states=search.states, page_size=size)
        return _buyers(search, await client.buyer_search(query, pages=pages))
    except StarbridgeError as problem:
        return Found(search, "failed", str(problem), fault=problem)


def _opportunity_query(search: PlannedSearch, size: int) -> OpportunityQuery:
    return OpportunityQuery(
        search_query=search.query,
        types=search.types,
        states=search.states,
        content_search=1,
        from_date_relative_period=search.from_period,
        until_date_relative_period=search.until_period,
        page_size=size,
    )


def _signals(search: PlannedSearch, answer: SearchPageResult) -> Found:
    return Found(
        search,
        "incomplete" if answer.incomplete else "complete",
        answer.incomplete,
        tuple(row.model_dump(mode="json", by_alias=True) for row in answer.opportunities),
        answer.pages,
        answer.total,
        answer.without_buyer,
        len(answer.unreadable),
    )


def _buyers(search: PlannedSearch, answer: BuyerPageResult) -> Found:
    return Found(
        search,
        "incomplete" if answer.incomplete else "complete",
        answer.incomplete,
        tuple(row.model_dump(mode="json", by_alias=True) for row in answer.buyers),
        answer.pages,
        answer.total,
        0,
        len(answer.unreadable),
    )


async def _look_up(reply: Reply, answered: ToldSignal | None, client: StarbridgeClient) -> LookedUp:
    problems: list[str] = []
    title = answered.title if answered else None
    documents, titled, listed = await asyncio.gather(
        _records("whose the domain is", reply.domain, client, problems),
        _records("the signal that was answered", title, client, problems),
        _named(reply.company, client, problems),
    )
    return LookedUp(
        documents=tuple(map(_of_record, documents)),
        listed=tuple(map(_of_listed, listed)),
        answered=tuple(
            {"signal_id": row.id, "title": row.title, "buyer_id": row.buyer_id, "buyer_name": row.buyer_name}
            for row in titled
        ),
        problems=tuple(problems),
    )


async def _records(
    what: str, words: str | None, client: StarbridgeClient, problems: list[str]
) -> tuple[wire.Opportunity, ...]:
    if not words:
        return ()
    try:
        return (await client.opportunity_search(OpportunityQuery(search_query=words, content_search=1))).opportunities
    except StarbridgeError as problem:
        problems.append(f"{what} could not be looked up: {problem}")
        return ()


async def _named(company: str | None, client: StarbridgeClient, problems: list[str]) -> tuple[wire.Buyer, ...]:
    if not company:
        return ()
    try:
        return (await client.buyer_search(BuyerQuery(query=company))).buyers
    except StarbridgeError as problem:
        problems.append(f"whether a buyer has the company's name could not be looked up: {problem}")
        return ()


def _of_record(row: wire.Opportunity) -> SeenBuyer:
    return SeenBuyer(row.buyer_id, row.buyer_name, row.buyer_type, row.buyer_state, row.buyer_website)


def _of_listed(row: wire.Buyer) -> SeenBuyer:
    return SeenBuyer(row.buyer_id, row.name, row.type, row.state_code, row.website)
