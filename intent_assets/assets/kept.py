"""What an earlier try of the same run has already made, so that a resumed run does not pay for it again."""

from collections.abc import Iterable

import dagster as dg

from intent_assets.assets.common import domain_of
from intent_assets.settings import load_settings
from intent_assets.values import ValueStore


def kept(context: dg.AssetExecutionContext, names: Iterable[str], inputs: Iterable[str]) -> dict[str, object]:
    """Return the values of those assets `names` that a failed try of this run made from the very `inputs` of now.

    Nothing is kept in a run that resumes no failed one, or where another run has made the asset or an input since.
    """
    tries = _failed_tries(context)
    if not tries:
        return {}
    domain, store = domain_of(context), ValueStore(load_settings().values)
    newest_input = max((_latest(context, name)[1] for name in inputs), default=0)
    found = {}
    for name in names:
        run_id, place = _latest(context, name)
        value = store.find(name, domain) if run_id in tries and place > newest_input else None
        if value is not None:
            found[name] = value
    return found


def _failed_tries(context: dg.AssetExecutionContext) -> set[str]:
    """Return the ids of the failed runs that this run resumes, one after the other."""
    tries: set[str] = set()
    run_id = context.run.parent_run_id
    while run_id is not None and run_id not in tries:
        run = context.instance.get_run_by_id(run_id)
        if run is None or not run.is_failure_or_canceled:
            break
        tries.add(run_id)
        run_id = run.parent_run_id
    return tries


def _latest(context: dg.AssetExecutionContext, name: str) -> tuple[str | None, int]:
    """Return the run and the place in the event log of an asset's latest materialization for this domain."""
    wanted = dg.AssetRecordsFilter(asset_key=dg.AssetKey(name), asset_partitions=[context.partition_key])
    records = context.instance.fetch_materializations(wanted, limit=1).records
    return (records[0].run_id, records[0].storage_id) if records else (None, 0)
