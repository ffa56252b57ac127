"""Group `signals`: what to search for, what the searches found, and what is known of the prospect itself."""

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import dagster as dg

from intent_assets.assets.common import OWNERS, Frame, domain_of, markdown_table, preview, root_run_id, usage_metadata
from intent_assets.assets.kept import kept
from intent_assets.assets.retrying import made_again
from intent_assets.assets.searching import Found, LookedUp, outcome_rows, search
from intent_assets.campaign import told_signals, with_buyers
from intent_assets.errors import StarbridgeError, WarehouseError
from intent_assets.identity import SeenBuyer, public_body
from intent_assets.partitions import domains
from intent_assets.prompts import strategy
from intent_assets.records import ProspectContext, Reply, SearchStrategy
from intent_assets.resources.claude import Claude
from intent_assets.resources.starbridge import Starbridge
from intent_assets.resources.supabase import Supabase
from intent_assets.resources.warehouse import Warehouse
from intent_assets.searches import plan
from intent_assets.settings import Settings, load_settings
from intent_assets.values import ValueStore

_DISCOVERY_VERSION = "2"


class StrategyConfig(dg.Config):
    """Whether Claude is asked for a strategy although there is a fresh one for the product."""

    renew: bool = False


@dg.asset(
    partitions_def=domains,
    owners=OWNERS,
    group_name="signals",
    kinds={"claude", "json"},
    code_version=strategy.PROMPT.version,
    description=(
        "One document per domain: segments, keywords, buyer types, opportunity types and states to search for, for "
        "this product. Written by Claude, checked against the allowed values; what is not allowed is in `dropped`. "
        "While it is fresh, later replies about the same product reuse it; a new one differs from those before."
    ),
)
async def search_strategy(
    context: dg.AssetExecutionContext, config: StrategyConfig, reply: Reply, claude: Claude, warehouse: Warehouse
) -> dg.MaterializeResult[SearchStrategy]:
    settings = load_settings()
    found = _kept_strategy(context, reply) or (None if config.renew else _fresh_strategy(reply, settings))
    reused = found is not None
    if found is None:
        used = strategy.Used.of(await asyncio.to_thread(_earlier, context, reply, warehouse, settings))
        with made_again(context):
            async with claude.session() as client:
                answer = await client.ask(
                    strategy.PROMPT,
                    strategy.data(reply, used),
                    model=settings.models.strategy,
                    accept=lambda given: strategy.objections(given, used),
                )
        found = strategy.strategy(answer.value, reply, used=used, usage=answer.usage, written_at=datetime.now(UTC))
        for dropped in found.dropped:
            context.log.warning(f"strategy: {dropped.field} {dropped.value!r} left out: {dropped.reason}")
    rows = [
        (name, ", ".join(getattr(found, name)))
        for name in ("segments", *strategy.KEYWORDS, "buyer_types", "opportunity_types", "states")
    ]
    return dg.MaterializeResult(
        value=found,
        metadata={
            "strategy": markdown_table(("what", "values"), rows),
            "reused": reused,
            "written_at": dg.MetadataValue.timestamp(found.written_at) if found.written_at else "not known",
            "dropped": markdown_table(
                ("field", "value", "reason"), [(each.field, each.value, each.reason) for each in found.dropped]
            ),
            "prompt_version": found.prompt_version,
            **usage_metadata([found.usage]),
        },
    )


def _kept_strategy(context: dg.AssetExecutionContext, reply: Reply) -> SearchStrategy | None:
    """Return the strategy that an earlier try of this run has stored, if it is for the same product."""
    found = kept(context, "search_strategy")
    if not isinstance(found, SearchStrategy) or found.product != strategy.product(reply):
        return None
    return found if found.prompt_version == strategy.PROMPT.version else None


def _fresh_strategy(reply: Reply, settings: Settings) -> SearchStrategy | None:
    """Return the domain's last strategy, if it is for the same product and not too old; it costs nothing again."""
    last: SearchStrategy | None = ValueStore(settings.values).find("search_strategy", reply.domain)
    if last is None or last.written_at is None or last.product != strategy.product(reply):
        return None
    age = datetime.now(UTC) - last.written_at
    if last.prompt_version != strategy.PROMPT.version or age >= timedelta(days=settings.strategy_fresh_days):
        return None
    return last.model_copy(update={"usage": None})


def _earlier(
    context: dg.AssetExecutionContext, reply: Reply, warehouse: Warehouse, settings: Settings
) -> Sequence[SearchStrategy]:
    if not settings.diversify:
        return ()
    try:
        return warehouse.prior_strategies(reply.domain, settings.diversify_runs, before_run_id=root_run_id(context))
    except WarehouseError as problem:
        context.log.warning(f"{reply.domain}: the strategy can't look at earlier ones: {problem}")
        return ()


_OUTS = {
    "discoveries": dg.AssetOut(
        is_required=False,
        group_name="signals",
        kinds={"starbridge", "supabase", "parquet"},
        owners=OWNERS,
        code_version=_DISCOVERY_VERSION,
        description=(
            "One row per procurement signal that was found for this domain, from four searches at once and, where it "
            "is configured, Supabase: deduplicated, with its computed state and its source links."
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
    "prospect_context": dg.AssetOut(
        is_required=False,
        group_name="signals",
        kinds={"starbridge", "json"},
        owners=OWNERS,
        code_version=_DISCOVERY_VERSION,
        description=(
            "One document per domain: whether the domain is a public body's own, which signal of the campaign was "
            "answered, and which the prospect has seen before."
        ),
    ),
}


@dg.multi_asset(
    name="discoveries",
    pool="starbridge",
    partitions_def=domains,
    can_subset=True,
    outs=_OUTS,
)
def discoveries(
    context: dg.AssetExecutionContext,
    reply: Reply,
    search_strategy: SearchStrategy,
    starbridge: Starbridge,
    supabase: Supabase,
) -> Iterator[dg.MaterializeResult[Any]]:
    from intent_assets.second_source import both_sources
    from intent_assets.signals import candidate_buyers

    settings = load_settings()
    domain, as_of = domain_of(context), datetime.now(UTC).date()
    told = told_signals(reply)
    answered = told[-1] if told else None
    found, looked_up = asyncio.run(search(plan(search_strategy), reply, answered, starbridge, supabase, settings))
    discovered = both_sources(
        [(each.search.name, each.records) for each in found if each.search.tool == "opportunity_search"],
        [record for each in found if each.search.tool == "supabase" for record in each.records],
        as_of,
        open_without_due_days=settings.open_without_due_days,
        expiring_days=settings.expiring_days,
    )
    signals = discovered.frame
    with_buyer = signals[signals["buyer_id"].notna()]
    with made_again(context):
        _refuse_nothing_useful(domain, found, len(with_buyer))
    candidates = candidate_buyers(
        with_buyer,
        [(each.search.name, each.records) for each in found if each.search.tool == "buyer_search"],
        as_of,
    )
    outcomes = list(outcome_rows(found, discovered.without_buyer, discovered.unreadable_dates, as_of))
    for row in outcomes:
        if row["status"] in ("failed", "incomplete"):
            context.log.warning(f"search {row['search']} of {domain} is {row['status']}: {row['error']}")
    known = _prospect(reply, signals, candidates, looked_up)
    for problem in known.problems:
        context.log.warning(f"{domain}: {problem}")
    results: dict[str, tuple[Any, dict[str, Any]]] = {
        "discoveries": (signals, _discovery_metadata(signals, outcomes)),
        "candidate_buyers": (
            candidates,
            {"buyers": len(candidates), "preview": preview(candidates, ("buyer_name", "buyer_type", "buyer_state"))},
        ),
        "search_outcomes": (outcomes, _outcome_metadata(outcomes)),
        "prospect_context": (known, _prospect_metadata(known)),
    }
    for name in sorted(context.op_execution_context.selected_output_names):
        value, metadata = results[name]
        yield dg.MaterializeResult(asset_key=name, value=value, metadata=metadata)


def _refuse_nothing_useful(domain: str, found: Sequence[Found], signals: int) -> None:
    """Raise the failure when nothing was found and a search for signals failed: an empty report would be a lie."""
    failed = [each for each in found if each.search.tool == "opportunity_search" and each.status == "failed"]
    if failed and not signals:
        reasons = "; ".join(f"{each.search.name}: {each.error}" for each in failed)
        raise StarbridgeError(
            "starbridge",
            "opportunity_search",
            f"{domain}: no signal was found, and searches for signals could not be read ({reasons})",
            status=next((each.fault.status for each in failed if each.fault), None),
            retryable=any(each.fault.retryable for each in failed if each.fault),
        )


def _prospect(reply: Reply, signals: Frame, candidates: Frame, looked_up: LookedUp) -> ProspectContext:
    from intent_assets.evidence_drafts import rows

    placed = with_buyers(told_signals(reply, looked_up.allocated), [*looked_up.answered, *rows(signals)])
    seen = (
        SeenBuyer(row["buyer_id"], row["buyer_name"] or row["buyer_id"], row["buyer_type"], row["buyer_state"],
                  row["buyer_website"])
        for row in rows(candidates)
    )  # fmt: skip
    return ProspectContext(
        public_body=public_body(reply.domain, reply.company, looked_up.documents, (*looked_up.listed, *seen)),
        answered=placed[-1] if placed else None,
        earlier=placed[:-1],
        problems=looked_up.problems,
    )


def _complete_of_asked(outcomes: Iterable[dict[str, Any]]) -> str:
    asked = [row["status"] for row in outcomes if row["status"] != "skipped" and row["tool"] != "supabase"]
    return f"{asked.count('complete')} of {len(asked)}"


def _discovery_metadata(signals: Frame, outcomes: Sequence[dict[str, Any]]) -> dict[str, Any]:
    return {
        "signals": len(signals),
        "searches": _complete_of_asked(outcomes),
        "preview": preview(signals, ("buyer_name", "kind", "state", "title", "event_date", "amount")),
    }


def _outcome_metadata(outcomes: Sequence[dict[str, Any]]) -> dict[str, Any]:
    columns = ("search", "status", "found", "total", "query", "error")
    return {
        "searches": _complete_of_asked(outcomes),
        "preview": markdown_table(columns, [[row[key] for key in columns] for row in outcomes]),
    }


def _prospect_metadata(known: ProspectContext) -> dict[str, Any]:
    body = known.public_body
    told = [("answered", known.answered)] if known.answered else []
    told += [("seen before", signal) for signal in known.earlier]
    return {
        "public_body": f"{body.buyer_name} (known by its {body.known_by})" if body else "none",
        "campaign": markdown_table(
            ("what", "mail", "signal", "buyer"),
            [(what, each.position, each.title or each.signal_id, each.buyer_name) for what, each in told],
        ),
        "problems": "; ".join(known.problems) or "none",
    }
