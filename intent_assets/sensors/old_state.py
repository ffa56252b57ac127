"""Sensor that removes old state once a day, so that the disk of a machine that nobody looks after stays bounded."""

from datetime import UTC, datetime, timedelta

import dagster as dg

from intent_assets.resources.old_state import prune
from intent_assets.settings import load_settings

SECONDS = 30.0
"""Seconds of one tick, which may take 60; what is left is removed at the next."""


@dg.sensor(
    name="old_state",
    description=(
        "Once a day removes runs, logs, notices, replies and the values of domains that are older than "
        "INTENT_KEEP_DAYS and that nothing waits for; never the history."
    ),
    default_status=dg.DefaultSensorStatus.RUNNING,
    minimum_interval_seconds=600,
)
def old_state(context: dg.SensorEvaluationContext) -> dg.SkipReason:
    """Remove what is older than it is kept; the cursor is the day on which all of it was done last."""
    settings, now = load_settings(), datetime.now(UTC)
    today = now.date().isoformat()
    if context.cursor == today:
        return dg.SkipReason("old state was removed today already")
    done = prune(settings, context.instance, now - timedelta(days=settings.keep_days), seconds=SECONDS)
    if done.complete:
        context.update_cursor(today)
    for problem in done.left:
        context.log.warning(problem)
    removed = ", ".join(f"{number} {kind}" for kind, number in done.counts.items()) or "nothing"
    rest = "" if done.complete else "; the next tick goes on"
    return dg.SkipReason(f"removed {removed} older than {settings.keep_days} days{rest}")
