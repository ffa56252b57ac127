"""Sensor that writes ended runs into the history.

Not a run status sensor: those move on after an error, begin with the present, and take five runs at a time. This one
keeps its place in the event log, so a run whose history could not be written is tried again at the next tick.
"""

import json
from collections.abc import Mapping
from time import monotonic
from typing import Final

import dagster as dg

from intent_assets.resources.warehouse import Warehouse
from intent_assets.run_history import record_run_from_events
from intent_assets.sensors.failures import is_ours

ENDINGS: Final = (
    dg.DagsterEventType.RUN_SUCCESS,
    dg.DagsterEventType.RUN_FAILURE,
    dg.DagsterEventType.RUN_CANCELED,
)
RUNS_PER_ENDING = 50
SECONDS_PER_TICK = 20


@dg.sensor(
    name="run_history",
    description="Writes every run that has ended, and its steps, into the history (tables runs and audit_log).",
    default_status=dg.DefaultSensorStatus.RUNNING,
    minimum_interval_seconds=5,
)
def run_history(context: dg.SensorEvaluationContext, warehouse: Warehouse) -> dg.SkipReason:
    """Record the runs that ended since the cursor; raises WarehouseError, and then tries the same run again."""
    until = monotonic() + SECONDS_PER_TICK
    cursor = _read_cursor(context.cursor)
    recorded = 0
    for ending in ENDINGS:
        changes = context.instance.fetch_run_status_changes(
            dg.RunStatusChangeRecordsFilter(event_type=ending, after_storage_id=cursor.get(ending.value, 0)),
            limit=RUNS_PER_ENDING,
            ascending=True,
        )
        for record in changes.records:
            if monotonic() > until:
                break
            run_id = record.event_log_entry.run_id
            run = context.instance.get_run_by_id(run_id)
            if (
                run is not None
                and is_ours(context, run)
                and record_run_from_events(context.instance, run_id, warehouse)
            ):
                recorded += 1
            cursor[ending.value] = record.storage_id
            context.update_cursor(json.dumps(cursor, sort_keys=True))
    return dg.SkipReason(f"wrote {recorded} ended runs into the history" if recorded else "no run has ended since")


run_history_sensors = (run_history,)


def _read_cursor(text: str | None) -> dict[str, int]:
    read = json.loads(text) if text else {}
    return dict(read) if isinstance(read, Mapping) else {}
