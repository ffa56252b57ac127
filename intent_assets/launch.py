"""One run of the job `report` for one domain, in this process, with its progress told step by step."""

import threading
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import dagster as dg

from intent_assets import definitions, tags
from intent_assets.liveness import LAUNCH_TAG, PROCESS_TAG, at_work
from intent_assets.partitions import domains
from intent_assets.records import Reply
from intent_assets.run_history import HELD_RUN_TAG
from intent_assets.tries import RESUMES_TAG

_POLL_SECONDS = 0.15
_NOT_BY_ITSELF = {"dagster/max_retries": "0"}  # the daemon can't retry a command's run: who ran it does
_QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


@dataclass(frozen=True)
class Progress:
    """A step that ended: its asset, `seconds` since the step started, and its metadata that is short enough to tell."""

    asset: str
    seconds: float
    said: Mapping[str, str]


@dataclass(frozen=True)
class Outcome:
    """How a run ended. `failed_step` and `error` are set where it failed."""

    run_id: str
    success: bool
    failed_step: str | None = None
    error: str | None = None


def launch(
    instance: dg.DagsterInstance, reply: Reply, tell: Callable[[Progress], None], started: Callable[[str], None]
) -> Outcome:
    """Run the whole graph for the reply's domain and return how it ended; `started` is told the run's id."""
    instance.add_dynamic_partitions(str(domains.name), [reply.domain])
    labels = {tags.PARTITION: reply.domain, **tags.of_reply(reply)}
    config = {"ops": {"reply": {"config": {"reply_id": reply.reply_id}}}, **_QUIET}
    return _execute(instance, labels, tell, started, run_config=config)


def resume(instance: dg.DagsterInstance, run: dg.DagsterRun, tell: Callable[[Progress], None]) -> Outcome:
    """Run a failed run again from its failed step, with what was already fetched, written and paid for."""
    labels = {key: value for key, value in run.tags.items() if key.startswith("intent/") or key == tags.PARTITION}
    labels.pop(PROCESS_TAG, None)
    labels[RESUMES_TAG] = "true"  # as the daemon and the UI have it
    instance.add_dynamic_partitions(str(domains.name), [labels[tags.PARTITION]])  # somebody may have deleted it
    options = dg.ReexecutionOptions.from_failure(run.run_id, instance)
    config = {**run.run_config, **_QUIET}
    return _execute(instance, labels, tell, _nobody, run_config=config, reexecution_options=options)


def publish_released(
    instance: dg.DagsterInstance, reply: Reply, tell: Callable[[Progress], None], started: Callable[[str], None]
) -> Outcome:
    """Run what follows the check of a report that a person has released: its page, and the buyer chat's part of it."""
    labels = {tags.PARTITION: reply.domain, tags.REPLY: reply.reply_id, **_of_the_held_run(instance, reply.domain)}
    selection = [dg.AssetKey(name) for name in ("notion_page", "strategic_context", "strategic_addendum")]
    return _execute(instance, labels, tell, started, run_config=_QUIET, asset_selection=selection)


def _of_the_held_run(instance: dg.DagsterInstance, domain: str) -> dict[str, str]:
    """Return the tag that names the run whose check held the report; nothing where Dagster no longer knows it."""
    checked = dg.AssetRecordsFilter(asset_key=dg.AssetKey("fact_checked_report"), asset_partitions=[domain])
    records = instance.fetch_materializations(checked, limit=1).records
    run = instance.get_run_by_id(records[0].run_id) if records else None
    return {HELD_RUN_TAG: run.root_run_id or run.run_id} if run else {}


def _execute(
    instance: dg.DagsterInstance,
    labels: Mapping[str, str],
    tell: Callable[[Progress], None],
    started: Callable[[str], None],
    **options: Any,
) -> Outcome:
    launched = uuid.uuid4().hex
    ended = threading.Event()
    follower = threading.Thread(target=_follow, args=(instance, launched, tell, started, ended), name="progress")
    follower.start()
    try:
        with at_work(instance, launched):
            # the result is not entered: that would set up every resource, and take the domain's lock, once more
            result = dg.execute_job(
                dg.reconstructable(definitions.resolved_report_job),
                instance=instance,
                tags={**labels, **_NOT_BY_ITSELF, LAUNCH_TAG: launched},
                **options,
            )
            return _outcome(result)
    finally:
        ended.set()
        follower.join()


def _nobody(_run_id: str) -> None:
    """Tell nobody of the start: a resumed run goes on for a reply that was accepted before."""


def _outcome(result: dg.JobExecutionResult) -> Outcome:
    if result.success:
        return Outcome(run_id=result.run_id, success=True)
    from intent_assets.sensors.failures import one_line_error

    failures = [event for event in result.all_events if event.is_step_failure]
    step = failures[0].step_key if failures else None
    run_failed = [event for event in result.all_events if event.is_failure]
    events = failures or run_failed
    error = one_line_error(events[0]) if events else "the run ended without saying why; see it in the Dagster UI"
    return Outcome(run_id=result.run_id, success=False, failed_step=step, error=error)


def _follow(
    instance: dg.DagsterInstance,
    launched: str,
    tell: Callable[[Progress], None],
    started: Callable[[str], None],
    ended: threading.Event,
) -> None:
    """Tell each materialization as the event log gets it, until the run has ended and all is told."""
    run_id: str | None = None
    cursor: str | None = None
    begun: dict[str, float] = {}
    while True:
        last_look = ended.is_set()
        if run_id is None:
            runs = instance.get_runs(dg.RunsFilter(tags={LAUNCH_TAG: launched}), limit=1)
            if runs:
                run_id = runs[0].run_id
                started(run_id)
        if run_id is not None:
            page = instance.get_records_for_run(
                run_id, cursor, of_type={dg.DagsterEventType.STEP_START, dg.DagsterEventType.ASSET_MATERIALIZATION}
            )
            cursor = page.cursor
            for record in page.records:
                _tell_one(record, begun, tell)
        if last_look:
            return
        ended.wait(_POLL_SECONDS)


def _tell_one(record: dg.EventLogRecord, begun: dict[str, float], tell: Callable[[Progress], None]) -> None:
    event = record.event_log_entry.dagster_event
    if event is None or event.step_key is None:
        return
    if event.event_type is dg.DagsterEventType.STEP_START:
        begun[event.step_key] = record.event_log_entry.timestamp
        return
    materialization = record.asset_materialization
    if materialization is None:
        return
    seconds = record.event_log_entry.timestamp - begun.get(event.step_key, time.time())
    said = {
        key: str(value.value)
        for key, value in materialization.metadata.items()
        if isinstance(value, dg.IntMetadataValue | dg.FloatMetadataValue | dg.TextMetadataValue | dg.UrlMetadataValue)
    }
    tell(Progress(asset=materialization.asset_key.to_user_string(), seconds=max(seconds, 0.0), said=said))
