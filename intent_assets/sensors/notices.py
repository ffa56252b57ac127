"""Sensor that delivers the notices that Clay could not take when they were made."""

import dagster as dg

from intent_assets.resources.outbox import OutboxResource

PATIENCE = 30.0
"""Seconds that one tick spends on delivery; a tick may take 60."""


@dg.sensor(
    name="waiting_notices",
    description="Delivers the notices that wait in the outbox to Clay, in order, each under its one id.",
    default_status=dg.DefaultSensorStatus.RUNNING,
    minimum_interval_seconds=15,
)
def waiting_notices(context: dg.SensorEvaluationContext, outbox: OutboxResource) -> dg.SkipReason:
    """Deliver what waits and say what became of it."""
    done = outbox.open().drain(patience=PATIENCE)
    if done.problem is not None:
        context.log.warning(f"{done.waiting} notices wait: {done.problem}")
        return dg.SkipReason(f"{done.delivered} notices delivered, {done.waiting} wait: {done.problem}")
    if not done.delivered:
        return dg.SkipReason("no notice waits")
    return dg.SkipReason(f"{done.delivered} notices delivered, {done.waiting} wait")
