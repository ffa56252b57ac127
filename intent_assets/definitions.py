"""Everything that Dagster loads; wiring only."""

import dagster as dg

from intent_assets.assets import analysis, delivery, followup, history, intake, signals, writing
from intent_assets.jobs import report_job
from intent_assets.resources.claude import Claude
from intent_assets.resources.inbox import InboxResource
from intent_assets.resources.notion import Notion
from intent_assets.resources.outbox import OutboxResource
from intent_assets.resources.starbridge import Starbridge
from intent_assets.resources.storage import ValueIOManager
from intent_assets.resources.supabase import Supabase
from intent_assets.resources.warehouse import Warehouse
from intent_assets.sensors.endings import missing_endings
from intent_assets.sensors.failures import run_failures
from intent_assets.sensors.history import run_history_sensors
from intent_assets.sensors.notices import waiting_notices
from intent_assets.sensors.old_state import old_state
from intent_assets.sensors.replies import reply_sensor
from intent_assets.sensors.smartlead import smartlead_replies

defs = dg.Definitions(
    assets=dg.load_assets_from_modules([intake, signals, analysis, writing, delivery, followup, history]),
    jobs=[report_job],
    sensors=[
        reply_sensor(report_job),
        smartlead_replies,
        run_failures,
        missing_endings,
        waiting_notices,
        *run_history_sensors,
        old_state,
    ],
    resources={
        "io_manager": ValueIOManager(),
        "inbox": InboxResource(),
        "starbridge": Starbridge(),
        "supabase": Supabase(),
        "claude": Claude(),
        "notion": Notion(),
        "outbox": OutboxResource(),
        "warehouse": Warehouse(),
    },
    # one process for a run, work side by side inside the steps (docs/decisions.md)
    executor=dg.in_process_executor,
)


def resolved_report_job() -> dg.JobDefinition:
    """Return the job `report`, for running it in this process."""
    return defs.resolve_job_def(report_job.name)
