"""Sensor that makes sure that each accepted reply has an ending, whatever became of its runs.

The other sensors follow what happens to runs; this one asks of each reply. It finds what left no trace in Dagster: a
run that a person deleted, a command that was killed before it had a run, a retry that was deleted before it began.
"""

import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import dagster as dg

from intent_assets import tags
from intent_assets.intake.inbox import Inbox
from intent_assets.notices import failed_without_run, notice_id
from intent_assets.outbox import Outbox
from intent_assets.resources.inbox import InboxResource
from intent_assets.resources.outbox import OutboxResource
from intent_assets.sensors.failures import tell_failure, waits_for_retry
from intent_assets.settings import load_settings
from intent_assets.tries import root_of

GRACE = 600.0
"""Seconds after which a reply that was taken has a run, and a failed run has had its retry."""

OLDEST = 7 * 86_400.0
"""Seconds; what was taken before is left alone: its runs and notices may have been cleared away since."""

LOST = "it has no run any more: the run was deleted in the Dagster UI, or its command was killed before it had one"
_REPLIES_AT_ONCE = 200


@dg.sensor(
    name="missing_endings",
    description="Tells Clay of every accepted reply whose report can't come any more, and of which nobody was told.",
    default_status=dg.DefaultSensorStatus.RUNNING,
    minimum_interval_seconds=300,
)
def missing_endings(context: dg.SensorEvaluationContext, inbox: InboxResource, outbox: OutboxResource) -> dg.SkipReason:
    """Look at the replies that were taken in the last week and have no ending; tell of those that will get none."""
    now = time.time()
    spool, post = inbox.open(), outbox.open()
    taken = spool.taken_between(now - OLDEST, now - GRACE)
    unended = [reply_id for reply_id in taken if not _has_ending(post, reply_id)]
    told = 0
    for start in range(0, len(unended), _REPLIES_AT_ONCE):
        part = unended[start : start + _REPLIES_AT_ONCE]
        runs = _runs_of(context.instance, part)
        told += sum(_tell(context.instance, spool, post, reply_id, runs.get(reply_id, [])) for reply_id in part)
    if told:
        context.log.warning(f"{told} replies had lost their run")
    return dg.SkipReason(f"{len(unended)} replies have no report yet; {told} of them will get none and were told of")


def _has_ending(outbox: Outbox, reply_id: str) -> bool:
    return any(outbox.knows(notice_id(effect, reply_id)) for effect in ("ending", "failed"))


def _runs_of(instance: dg.DagsterInstance, reply_ids: Sequence[str]) -> Mapping[str, list[dg.RunRecord]]:
    """Return the runs of each reply, the newest first."""
    runs: dict[str, list[dg.RunRecord]] = {}
    for record in instance.get_run_records(dg.RunsFilter(tags={tags.REPLY: list(reply_ids)})):
        runs.setdefault(record.dagster_run.tags[tags.REPLY], []).append(record)
    return runs


def _tell(
    instance: dg.DagsterInstance, inbox: Inbox, outbox: Outbox, reply_id: str, records: Sequence[dg.RunRecord]
) -> bool:
    """Tell of a reply if none of its runs can bring a report any more; whether somebody had to be told."""
    runs = [record.dagster_run for record in records]
    if any(not run.is_finished or run.is_success for run in runs):
        return False
    if not runs:
        standing = inbox.standing(reply_id)
        if standing is None or standing.waiting:
            return False
        url = load_settings().runs_url
        return outbox.put(failed_without_run(standing.reply, error=LOST, at=datetime.now(UTC), run_url=url))
    ended = records[0].end_time
    is_recent = ended is not None and time.time() - ended < GRACE
    if outbox.knows(notice_id("failed", root_of(runs[0]))) or (is_recent and waits_for_retry(instance, runs[0])):
        return False
    return tell_failure(instance, runs[0], inbox=inbox, outbox=outbox)
