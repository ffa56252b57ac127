"""Group `signals`: what to search for, and what the searches found."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import dagster as dg

from intent_assets.assets.common import OWNERS, domain_of, markdown_table, preview, usage_metadata
from intent_assets.errors import StarbridgeError
from intent_assets.partitions import domains
from intent_assets.prompts import strategy
from intent_assets.records import Reply, SearchStrategy
from intent_assets.resources.claude import Claude
from intent_assets.resources.starbridge import BuyerPageResult, SearchPageResult, Starbridge, StarbridgeClient
from intent_assets.resources.starbridge_queries import BuyerQuery, OpportunityQuery
from intent_assets.searches import PlannedSearch, plan
from intent_assets.settings import Settings, load_settings

_DISCOVERY_VERSION = "1"


@dg.asset(
    partitions_def=domains,
    owners=OWNERS,
    group_name="signals",
    kinds={"claude", "json"},
    code_version=strategy.PROMPT.version,
    description=(
        "One document per domain: segments, keywords, buyer types, opportunity types and states to search for, for "
        "this product. Written by Claude, checked against the allowed values; what is not allowed is in `dropped`."
    ),
)
async def search_strategy(
    context: dg.AssetExecutionContext, reply: Reply, claude: Claude
) -> dg.MaterializeResult[SearchStrategy]:
    settings = load_settings()
    async with claude.session() as client:
        answer = await client.ask(strategy.PROMPT, strategy.data(reply), model=settings.models.strategy)
    found = strategy.strategy(answer.value, reply, usage=answer.usage)
    for dropped in found.dropped:
        context.log.warning(f"strategy: {dropped.field} {dropped.value!r} left out: {dropped.reason}")
    rows = [
        (name, ", ".join(getattr(found, name)))
        for name in ("segments", "primary_keywords", "alternate_keywords", "meeting_keywords", "rfp_keywords",
                     "buyer_types", "opportunity_types", "states")
    ]  # fmt: skip
    return dg.MaterializeResult(
        value=found,
        metadata={
            "strategy": markdown_table(("what", "values"), rows),
            "dropped": len(found.dropped),
            "prompt_version": found.prompt_version,
            **usage_metadata([found.usage]),
        },
    )


@dataclass(frozen=True)
class _Found:
    """What one search brought: wire records as sent, or why there are none."""

    search: PlannedSearch
    status: str
    error: str | None = None
    records: tuple[dict[str, Any], ...] = ()
    pages: int = 0
    total: int | None = None
    without_buyer: int = 0
    unreadable: int = 0


async def _search(searches: Sequence[PlannedSearch], starbridge: Starbridge, settings: Settings) -> list[_Found]:
    async with starbridge.session() as client:
        tasks = [_run(search, client, settings.search_page_size, settings.search_pages) for search in searches]
        return await asyncio.gather(*tasks)


async def _run(search: PlannedSearch, client: StarbridgeClient, size: int, pages: int) -> _Found:
    if search.skip:
        return _Found(search, "skipped", search.skip)
    try:
        if search.tool == "opportunity_search":
            return _signals(search, await client.opportunity_search(_opportunity_query(search, size), pages=pages))
        query = BuyerQuery(buyer_types=search.buyer_types, states=search.states, page_size=size)
        return _buyers(search, await client.buyer_search(query, pages=pages))
    except StarbridgeError as problem:
        return _Found(search, "failed", str(problem))


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


def _signals(search: PlannedSearch, answer: SearchPageResult) -> _Found:
    return _Found(
        search,
        "incomplete" if answer.incomplete else "complete",
        answer.incomplete,
        tuple(row.model_dump(mode="json", by_alias=True) for row in answer.opportunities),
        answer.pages,
        answer.total,
        answer.without_buyer,
        len(answer.unreadable),
    )


def _buyers(search: PlannedSearch, answer: BuyerPageResult) -> _Found:
    return _Found(
        search,
        "incomplete" if answer.incomplete else "complete",
        answer.incomplete,
        tuple(row.model_dump(mode="json", by_alias=True) for row in answer.buyers),
        answer.pages,
        answer.total,
        0,
        len(answer.unreadable),
    )


_OUTS = {
    "discoveries": dg.AssetOut(
        is_required=False,
        group_name="signals",
        kinds={"starbridge", "parquet"},
        owners=OWNERS,
        code_version=_DISCOVERY_VERSION,
        description=(
            "One row per procurement signal that was found for this domain, from four searches at once, "
            "deduplicated, with its computed state and its source links."
        ),
    ),
    "candidate_buyers": dg.AssetOut(
        is_required=False,
        group_name="signals",
        kinds={"starbridge", "parquet"},
        owners=OWNERS,
        code_version=_DISCOVERY_VERSION,
        description="One row per buyer that any search found, with or without a signal.",
    ),
    "search_outcomes": dg.AssetOut(
        is_required=False,
        group_name="signals",
        kinds={"starbridge", "parquet"},
        owners=OWNERS,
        code_version=_DISCOVERY_VERSION,
        description="One row per search: what was asked, whether it was complete, what came back, what was set aside.",
    ),
}


@dg.multi_asset(
    name="discoveries",
    partitions_def=domains,
    can_subset=True,
    outs=_OUTS,
)
def discoveries(
    context: dg.AssetExecutionContext, search_strategy: SearchStrategy, starbridge: Starbridge
) -> Iterator[dg.MaterializeResult[Any]]:
    from intent_assets.signals import candidate_buyers
    from intent_assets.signals import discoveries as discover

    settings = load_settings()
    domain, as_of = domain_of(context), datetime.now(UTC).date()
    found = asyncio.run(_search(plan(search_strategy), starbridge, settings))
    _refuse_nothing_useful(domain, found)
    signal_searches = [(each.search.name, each.records) for each in found if each.search.tool == "opportunity_search"]
    discovered = discover(
        signal_searches,
        as_of,
        open_without_due_days=settings.open_without_due_days,
        expiring_days=settings.expiring_days,
    )
    candidates = candidate_buyers(
        discovered.frame,
        [(each.search.name, each.records) for each in found if each.search.tool == "buyer_search"],
        as_of,
    )
    outcomes = list(_outcome_rows(found, discovered.without_buyer, discovered.unreadable_dates, as_of))
    complete = sum(row["status"] == "complete" for row in outcomes)
    asked = sum(row["status"] != "skipped" for row in outcomes)
    for row in outcomes:
        if row["status"] in ("failed", "incomplete"):
            context.log.warning(f"search {row['search']} of {domain} is {row['status']}: {row['error']}")
    results: dict[str, tuple[Any, dict[str, Any]]] = {
        "discoveries": (
            discovered.frame,
            {
                "signals": len(discovered.frame),
                "searches": f"{complete} of {asked}",
                "preview": preview(discovered.frame, ("buyer_name", "kind", "state", "title", "event_date", "amount")),
            },
        ),
        "candidate_buyers": (
            candidates,
            {"buyers": len(candidates), "preview": preview(candidates, ("buyer_name", "buyer_type", "buyer_state"))},
        ),
        "search_outcomes": (
            outcomes,
            {
                "searches": f"{complete} of {asked}",
                "preview": markdown_table(
                    ("search", "status", "found", "total", "query", "error"),
                    [
                        [row[key] for key in ("search", "status", "found", "total", "query", "error")]
                        for row in outcomes
                    ],
                ),
            },
        ),
    }
    for name in sorted(context.op_execution_context.selected_output_names):
        value, metadata = results[name]
        yield dg.MaterializeResult(asset_key=name, value=value, metadata=metadata)


def _refuse_nothing_useful(domain: str, found: list[_Found]) -> None:
    """Raise the failure when no search for signals could be read: an empty report would be a lie."""
    asked = [each for each in found if each.search.tool == "opportunity_search" and each.status != "skipped"]
    if asked and all(each.status == "failed" for each in asked):
        reasons = "; ".join(f"{each.search.name}: {each.error}" for each in asked)
        raise dg.Failure(f"{domain}: no search for signals could be read ({reasons})")


def _outcome_rows(
    found: list[_Found], without_buyer: Mapping[str, int], unreadable_dates: Mapping[str, int], as_of: date
) -> Iterator[dict[str, Any]]:
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
