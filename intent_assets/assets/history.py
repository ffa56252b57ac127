"""Group `history`: what was found and scored, for ever."""

import dagster as dg

from intent_assets.assets.common import OWNERS, Frame, as_of_date, domain_of, root_run_id
from intent_assets.partitions import domains
from intent_assets.records import HistoryEntry, Reply, SearchStrategy
from intent_assets.resources.warehouse import Warehouse
from intent_assets.resources.warehouse_rows import ReportFacts, RunFacts


@dg.asset(
    partitions_def=domains,
    owners=OWNERS,
    group_name="history",
    kinds={"duckdb"},
    code_version="1",
    op_tags={"dagster/priority": "-1"},
    description=(
        "One row per signal as it was seen and scored in one run, kept for ever in DuckDB (`discoveries`). Recorded "
        "once for each run, however often it is materialized there."
    ),
)
def discovery_history(
    context: dg.AssetExecutionContext,
    reply: Reply,
    search_strategy: SearchStrategy,
    discoveries: Frame,
    search_outcomes: Frame,
    scored_buyers: Frame,
    warehouse: Warehouse,
) -> dg.MaterializeResult[HistoryEntry]:
    domain = domain_of(context)
    root = root_run_id(context)
    run = RunFacts.of(context.run.run_id, reply, as_of=as_of_date(search_outcomes), root_run_id=root)
    seen = set(warehouse.signals_seen(domain, before_run_id=root)["signal_id"])
    featured = scored_buyers[scored_buyers["role"] == "featured"]
    secondary = scored_buyers[scored_buyers["role"] == "secondary"].sort_values("rank")
    added = warehouse.record_discoveries(
        run,
        discoveries,
        scored_buyers,
        ReportFacts(
            strategy=search_strategy,
            featured_buyer_id=None if featured.empty else str(featured["buyer_id"].iloc[0]),
            featured_buyer_name=None if featured.empty else str(featured["buyer_name"].iloc[0]),
            secondary_buyers=dict(zip(secondary["buyer_id"], secondary["buyer_name"], strict=True)),
            signals_scanned=len(discoveries),
            buyers_scored=len(scored_buyers),
        ),
    )
    entry = HistoryEntry(
        run_id=context.run.run_id, discoveries=added, first_seen=len(set(discoveries["signal_id"]) - seen)
    )
    return dg.MaterializeResult(
        value=entry,
        metadata={
            "rows_added": entry.discoveries,
            "first_seen": entry.first_seen,
            "history": dg.MetadataValue.path(str(warehouse.file)),
        },
    )
