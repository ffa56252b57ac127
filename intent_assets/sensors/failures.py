"""Sensor that tells of runs that failed for good, and what it tells: the step, one line of the error, how to resume.

Not Dagster's run failure sensor: that one begins with the present, moves on after an error and knows nothing of a
retry that could not be launched. This one keeps its place in the event log, so no failure goes untold. A run that was
cancelled has failed for good as well: its reply gets no report.
"""

import time

import dagster as dg
from pydantic import BaseModel, Field, ValidationError

from intent_assets import tags
from intent_assets.errors import StorageError
from intent_assets.intake.inbox import Inbox
from intent_assets.liveness import INTERRUPTIONS, KILLED, STOPPED, end_killed_runs, location_of
from intent_assets.masking import mask
from intent_assets.notices import notice_id, reply_accepted, run_failed
from intent_assets.outbox import PATIENCE, Outbox
from intent_assets.records import Reply
from intent_assets.resources.inbox import InboxResource
from intent_assets.resources.outbox import OutboxResource
from intent_assets.settings import load_services, load_settings
from intent_assets.tries import root_of

LONGEST_ERROR = 300
_OLDEST = 86_400.0
_FAILURES_PER_TICK = 50
_DECISION_SECONDS = 60.0
_SENSOR_PATIENCE = 5.0
_RANGE_START = "dagster/asset_partition_range_start"
_WILL_RETRY = "dagster/will_retry"
_OURS = "intent_assets."  # our errors say what to do; the causes behind them don't
CANCELED = "the run was cancelled before its report was there"
_FAILED = (dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED)
_UNKNOWN = "the run ended without saying why; its log in the Dagster UI says more"


def _a_day_ago() -> float:
    return time.time() - _OLDEST


class _Cursor(BaseModel):
    """Where the event log was read up to, and the failed runs whose retry has not been launched yet.

    Failures before `since` (seconds since 1970) are older than this sensor, and nobody is told of them; of cancelled
    runs likewise.
    """

    after: int = 0
    since: float = Field(default_factory=_a_day_ago)
    canceled_after: int = 0
    canceled_since: float = Field(default_factory=_a_day_ago)
    open: tuple[str, ...] = ()


@dg.sensor(
    name="run_failures",
    description="Tells Clay of every run that failed for good: cancelled, or failed and not retried automatically.",
    default_status=dg.DefaultSensorStatus.RUNNING,
    minimum_interval_seconds=5,
)
def run_failures(context: dg.SensorEvaluationContext, inbox: InboxResource, outbox: OutboxResource) -> dg.SkipReason:
    """Tell of the failures since the cursor; the first tick begins with those of the last day."""
    location = context.code_location_origin.location_name if context.code_location_origin else None
    for killed in end_killed_runs(context.instance, location):
        context.log.warning(f"run {killed.run_id}: {KILLED}")
    cursor = _read_cursor(context.cursor)
    failed, after = _ended(context.instance, dg.DagsterEventType.RUN_FAILURE, cursor.after, cursor.since)
    canceled, canceled_after = _ended(
        context.instance, dg.DagsterEventType.RUN_CANCELED, cursor.canceled_after, cursor.canceled_since
    )
    open_runs: list[str] = []
    told = 0
    for run_id in dict.fromkeys([*cursor.open, *failed, *canceled]):
        run = context.instance.get_run_by_id(run_id)
        if run is None or not is_ours(context, run):
            continue
        if waits_for_retry(context.instance, run):
            open_runs.append(run_id)
        else:
            told += notify_failure(
                context.instance, run, inbox=inbox.open(), outbox=outbox.open(), patience=_SENSOR_PATIENCE
            )
    changes = {"after": after, "canceled_after": canceled_after, "open": tuple(open_runs)}
    context.update_cursor(cursor.model_copy(update=changes).model_dump_json())
    waiting = f"; {len(open_runs)} failed runs wait for their retry" if open_runs else ""
    return dg.SkipReason(
        f"{told} runs failed for good and were told of{waiting}" if told else f"no new failure{waiting}"
    )


def _ended(instance: dg.DagsterInstance, how: dg.DagsterEventType, after: int, since: float) -> tuple[list[str], int]:
    """Return the runs that ended so behind the place `after` of the event log, and the place read up to."""
    changes = instance.fetch_run_status_changes(
        dg.RunStatusChangeRecordsFilter(event_type=how, after_storage_id=after or None),  # type: ignore[arg-type]
        limit=_FAILURES_PER_TICK,
        ascending=True,
    )
    ids = [record.run_id for record in changes.records if record.timestamp >= since]
    return ids, changes.records[-1].storage_id if changes.records else after


def notify_failure(
    instance: dg.DagsterInstance,
    run: dg.DagsterRun,
    *,
    inbox: Inbox | None = None,
    outbox: Outbox | None = None,
    patience: float = PATIENCE,
) -> bool:
    """Tell Clay that `run` failed; False if there is nothing to tell.

    That is: it did not fail, is retried, or has no domain; or its reply has an ending already, and what failed came
    after it. A run and its retries share one notice, so it does not matter how often this is called, or by whom. The
    notice is stored before it is sent: Clay may be down. A run over a range of domains is told of by the range's first.
    """
    if run.status not in _FAILED or _is_retried(run):
        return False
    return tell_failure(instance, run, inbox=inbox, outbox=outbox, patience=patience)


def tell_failure(
    instance: dg.DagsterInstance,
    run: dg.DagsterRun,
    *,
    inbox: Inbox | None = None,
    outbox: Outbox | None = None,
    patience: float = PATIENCE,
) -> bool:
    """Tell Clay of a run that is known to have failed for good; False as of `notify_failure`."""
    domain = run.tags.get(tags.PARTITION) or run.tags.get(_RANGE_START)
    settings = load_settings()
    load_services()  # from here on its keys are kept out of what errors say
    post = outbox if outbox is not None else Outbox.of(settings)
    reply_id = run.tags.get(tags.REPLY)
    if domain is None or (reply_id is not None and _is_told(post, run, reply_id)):
        return False
    spool = inbox if inbox is not None else Inbox(settings.inbox)
    canceled = run.status is dg.DagsterRunStatus.CANCELED
    failed_step, error = (None, CANCELED) if canceled else what_failed(instance, run.run_id)
    reply = _reply(spool, reply_id)
    if reply is not None:
        post.put(reply_accepted(reply, run_id=run.run_id))  # a command may have been killed before it told of it
    notice = run_failed(
        root_run_id=root_of(run),
        run_id=run.run_id,
        domain=domain,
        reply=reply,
        failed_step=failed_step,
        error=error,
        run_url=f"{settings.runs_url}/{run.run_id}",
    )
    post.send(notice, patience=patience)
    return True


def waits_for_retry(instance: dg.DagsterInstance, run: dg.DagsterRun) -> bool:
    """Say whether Dagster will run a failed run again by itself, or has yet to say so: it does a moment later."""
    if run.status is not dg.DagsterRunStatus.FAILURE:
        return False
    if run.is_complete_and_waiting_to_retry:
        return True
    if not instance.run_retries_enabled or _WILL_RETRY in run.tags:
        return False
    record = instance.get_run_record_by_id(run.run_id)
    return record is not None and record.end_time is not None and time.time() - record.end_time < _DECISION_SECONDS


def one_line_error(event: dg.DagsterEvent) -> str:
    """Return what a failure event says, on one line of at most 300 characters without secrets.

    Our own error says what to do, so it comes before the cause behind it; else it is the first cause.
    """
    data = event.event_specific_data
    error = getattr(data, "error", None)
    while error is not None and error.cause is not None and not error.message.startswith(_OURS):
        error = error.cause
    if error is not None and error.cls_name in INTERRUPTIONS:
        return STOPPED
    said = error.message if error is not None else event.message
    line = " ".join((said or "").split())
    module, colon, rest = line.partition(": ")
    if colon and " " not in module and "." in module:
        line = f"{module.rpartition('.')[2]}: {rest}"
    line = mask(line) or _UNKNOWN
    return line if len(line) <= LONGEST_ERROR else line[: LONGEST_ERROR - 1].rstrip() + "…"


def what_failed(instance: dg.DagsterInstance, run_id: str) -> tuple[str | None, str]:
    """Return the step that failed first, None if none did, and the error."""
    for kind in (dg.DagsterEventType.STEP_FAILURE, dg.DagsterEventType.RUN_FAILURE):
        for entry in instance.all_logs(run_id, of_type=kind):
            if entry.dagster_event is not None:
                step = entry.dagster_event.step_key if kind is dg.DagsterEventType.STEP_FAILURE else None
                return step, one_line_error(entry.dagster_event)
    return None, _UNKNOWN


def _is_told(outbox: Outbox, run: dg.DagsterRun, reply_id: str) -> bool:
    """Say whether Clay knows how the reply ended: by its report, or before the sensor's run for it came."""
    by_sensor = tags.REVISION in run.tags and run.parent_run_id is None
    return outbox.knows(notice_id("ending", reply_id)) or (by_sensor and outbox.knows(notice_id("failed", reply_id)))


def _is_retried(run: dg.DagsterRun) -> bool:
    """Say whether Dagster retries the run by itself, or has done so: then the retry's own end counts."""
    return run.tags.get(_WILL_RETRY, "").lower() == "true"


def is_ours(context: dg.SensorEvaluationContext, run: dg.DagsterRun) -> bool:
    """Say whether the run is of this code location, or of none: a command ran it in its own process."""
    ours = context.code_location_origin
    return ours is None or location_of(run) in {None, ours.location_name}


def _reply(inbox: Inbox, reply_id: str | None) -> Reply | None:
    if reply_id is None:
        return None
    try:
        return inbox.get(reply_id)
    except StorageError:
        return None


def _read_cursor(text: str | None) -> _Cursor:
    try:
        return _Cursor.model_validate_json(text or "{}")
    except ValidationError:
        return _Cursor()
