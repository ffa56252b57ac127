"""From Dagster's own record and event log of a run to its rows in the history, whatever became of the run."""

import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, get_args

import dagster as dg

from intent_assets import tags
from intent_assets.liveness import INTERRUPTIONS, STOPPED
from intent_assets.masking import mask
from intent_assets.records import SectionName
from intent_assets.resources.warehouse_rows import NO_DOMAIN, ReportFacts, RunRow, RunStatus, StepRow, StepStatus
from intent_assets.timeline import CallMade, as_metadata, from_metadata

if TYPE_CHECKING:
    from dagster import DagsterEvent, DagsterRun, EventLogEntry

    from intent_assets.resources.warehouse import Warehouse

HELD_RUN_TAG = "intent/held_run"
"""Names the run whose held report this run publishes on a person's word: both are one report in the history."""
PAGE_OF_EVENTS = 500
LONGEST_LINE = 500

ENDED: Mapping[dg.DagsterRunStatus, RunStatus] = {
    dg.DagsterRunStatus.SUCCESS: "success",
    dg.DagsterRunStatus.FAILURE: "failure",
    dg.DagsterRunStatus.CANCELED: "canceled",
}
STARTS = {dg.DagsterEventType.STEP_START, dg.DagsterEventType.STEP_RESTARTED}
ENDS: Mapping[dg.DagsterEventType, StepStatus] = {
    dg.DagsterEventType.STEP_SUCCESS: "success",
    dg.DagsterEventType.STEP_FAILURE: "failure",
    dg.DagsterEventType.STEP_UP_FOR_RETRY: "failure",
    dg.DagsterEventType.STEP_SKIPPED: "skipped",
}
OTHERS = {
    dg.DagsterEventType.ASSET_MATERIALIZATION,
    dg.DagsterEventType.ASSET_MATERIALIZATION_PLANNED,
    dg.DagsterEventType.RUN_FAILURE,
    dg.DagsterEventType.RUN_CANCELED,
}

TOLD: Mapping[str, Mapping[str, str]] = {
    "discoveries": {"signals": "signals_scanned"},
    "scored_buyers": {"buyers_scored": "buyers_scored", "featured_buyer": "featured_buyer_name"},
    "fact_checked_report": {"verdict": "verdict", "claims": "claims", "findings": "findings"},
    "notion_page": {"verdict": "verdict", "page_id": "page_id", "page_url": "page_url", "new_signals": "new_signals"},
}
"""Asset -> name of its metadata -> column of the history."""

USERS_OF_TOKENS = frozenset({"search_strategy", *get_args(SectionName)})
"""Assets whose tokens and cost add up to the run's; `report` shows their sum once more."""

SPENT = ("input_tokens", "output_tokens", "cost_usd")
NOTHING = ("", "none")
WRAPPERS = ("Dagster", "RetryRequested")
_MODULE = re.compile(r"^(?:[A-Za-z_]\w*\.)+(?=[A-Z]\w*\b)")
_EMAIL = re.compile(r"[\w.+-]+@([\w-]+(?:\.[\w-]+)+)")


@dataclass
class _Try:
    step: str
    number: int
    started: float | None = None
    ended: float | None = None
    status: StepStatus | None = None
    message: str | None = None
    metadata: dict[str, str | int | float | bool] = field(default_factory=dict)
    calls: list[CallMade] = field(default_factory=list)

    def told(self) -> dict[str, str | int | float | bool]:
        """Its metadata, with the calls that it made as one JSON text."""
        calls = {"calls": json.dumps(as_metadata(self.calls), separators=(",", ":"))} if self.calls else {}
        return self.metadata | calls


@dataclass
class _Story:
    """What the event log says, read in its order."""

    tries: dict[str, list[_Try]] = field(default_factory=dict)
    domains: set[str] = field(default_factory=set)
    told: dict[str | None, dict[str, Any]] = field(default_factory=dict)
    spent: dict[str | None, dict[str, float]] = field(default_factory=dict)
    run_error: str | None = None

    def current(self, step: str) -> _Try:
        tries = self.tries.setdefault(step, [])
        if not tries or tries[-1].status is not None:
            tries.append(_Try(step, len(tries) + 1))
        return tries[-1]


def record_run_from_events(instance: dg.DagsterInstance, run_id: str, warehouse: "Warehouse") -> bool:
    """Record a run that has ended, and the tries of its steps; repeating it changes nothing.

    A run over several partitions gets a row for each. Returns False, and records nothing, for a run that has not
    ended or that Dagster does not know (any more). Raises WarehouseError.
    """
    record = instance.get_run_record_by_id(run_id)
    if record is None or record.dagster_run.status not in ENDED:
        return False
    run = record.dagster_run
    status = ENDED[run.status]
    story = _read_story(_events(instance, run_id))
    steps = _step_rows(run, story, status, _planned_steps(instance, run))
    failed = _failed_step(steps) if status == "failure" else None
    error = None
    if status != "success":
        error = (failed.message if failed else None) or story.run_error or f"the run ended as {status}"
    rows = [
        RunRow(
            run_id=run_id,
            domain=domain,
            status=status,
            root_run_id=run.tags.get(HELD_RUN_TAG) or run.root_run_id or run_id,
            parent_run_id=run.parent_run_id,
            reply_id=run.tags.get(tags.REPLY),
            started_at=_time(record.start_time),
            ended_at=_time(record.end_time),
            duration_seconds=_duration(record.start_time, record.end_time),
            failed_step=failed.step if failed else None,
            error=error,
            report=_report_facts(story, domain),
        )
        for domain in _domains(run, story)
    ]
    warehouse.record_run(rows, steps)
    return True


def _events(instance: dg.DagsterInstance, run_id: str) -> Iterator["EventLogEntry"]:
    cursor = None
    more = True
    while more:
        page = instance.get_records_for_run(
            run_id, cursor=cursor, of_type={*STARTS, *ENDS, *OTHERS}, limit=PAGE_OF_EVENTS
        )
        yield from (record.event_log_entry for record in page.records)
        cursor, more = page.cursor, page.has_more


def _read_story(entries: Iterator["EventLogEntry"]) -> _Story:
    story = _Story()
    for entry in entries:
        event = entry.dagster_event
        if event is None:
            continue
        if event.event_type in STARTS and event.step_key:
            story.current(event.step_key).started = entry.timestamp
        elif event.event_type in ENDS and event.step_key:
            _end(story.current(event.step_key), event, entry.timestamp)
        elif event.event_type == dg.DagsterEventType.ASSET_MATERIALIZATION_PLANNED:
            story.domains |= _planned_partitions(event)
        elif event.event_type == dg.DagsterEventType.ASSET_MATERIALIZATION:
            _listen(story, event)
        elif event.event_type in (dg.DagsterEventType.RUN_FAILURE, dg.DagsterEventType.RUN_CANCELED):
            story.run_error = safe_line(_error_text(event) or event.message or "") or None
    return story


def _end(current: _Try, event: "DagsterEvent", at: float) -> None:
    current.status = ENDS[event.event_type]
    current.ended = at
    if current.status == "failure":
        current.message = safe_line(_error_text(event) or event.message or "") or "no error was given"
    elif current.status == "skipped":
        current.message = safe_line(event.message or "skipped")


def _error_text(event: "DagsterEvent") -> str | None:
    """Return the error that our code raised, below Dagster's own wrappers, with its class but without its module."""
    error = getattr(event.event_specific_data, "error", None)
    while error is not None and error.cause is not None and (error.cls_name or "").startswith(WRAPPERS):
        error = error.cause
    if error is not None and error.cls_name in INTERRUPTIONS:
        return STOPPED
    return None if error is None else _MODULE.sub("", str(error.message))


def _planned_partitions(event: "DagsterEvent") -> set[str]:
    planned = event.asset_materialization_planned_data
    if planned.partition is not None:
        return {planned.partition}
    return set(planned.partitions_subset.get_partition_keys()) if planned.partitions_subset is not None else set()


def _listen(story: _Story, event: "DagsterEvent") -> None:
    materialization = event.step_materialization_data.materialization
    partition = materialization.partition
    asset = materialization.asset_key.to_user_string()
    if partition is not None:
        story.domains.add(partition)
    values = {
        name: entry.value
        for name, entry in materialization.metadata.items()
        if isinstance(entry.value, str | int | float | bool) and entry.value not in NOTHING
    }
    told = story.told.setdefault(partition, {})
    told.update({column: values[name] for name, column in TOLD.get(asset, {}).items() if name in values})
    if asset in USERS_OF_TOKENS:
        spent = story.spent.setdefault(partition, {})
        for name in SPENT:
            if isinstance(value := values.get(name), int | float):
                spent[name] = spent.get(name, 0) + value
    if event.step_key:
        current = story.current(event.step_key)
        calls = materialization.metadata.get("calls")
        if isinstance(calls, dg.JsonMetadataValue) and isinstance(calls.value, dict):
            current.calls += from_metadata(calls.value)
        metadata = current.metadata
        for name, value in values.items():
            if isinstance(value, int | float) and math.isfinite(value):
                metadata[f"{asset}.{name}"] = value


def _planned_steps(instance: dg.DagsterInstance, run: "DagsterRun") -> tuple[str, ...]:
    if run.execution_plan_snapshot_id is None:
        return ()
    return tuple(instance.get_execution_plan_snapshot(run.execution_plan_snapshot_id).step_keys_to_execute)


def _step_rows(run: "DagsterRun", story: _Story, status: RunStatus, planned: tuple[str, ...]) -> list[StepRow]:
    unfinished = "the run was cancelled" if status == "canceled" else "the run ended, perhaps killed,"
    rows = [
        StepRow(
            run_id=run.run_id,
            step=each.step,
            attempt=each.number,
            status=each.status or "failure",
            message=each.message if each.status else f"{unfinished} while this step was running",
            started_at=_time(each.started),
            ended_at=_time(each.ended),
            duration_seconds=_duration(each.started, each.ended),
            metadata=each.told() if len(story.domains) <= 1 else {"partitions": len(story.domains)},
        )
        for tries in story.tries.values()
        for each in tries
    ]
    rows += [
        StepRow(run_id=run.run_id, step=step, status="skipped", message="not started: the run ended before it")
        for step in planned
        if step not in story.tries
    ]
    return rows


def _failed_step(steps: list[StepRow]) -> StepRow | None:
    """Return the step that failed first and for good."""
    last = {step.step: step for step in steps}
    failed = [step for step in last.values() if step.status == "failure"]
    late = datetime.max.replace(tzinfo=UTC)
    return min(failed, key=lambda step: step.ended_at or late, default=None)


def _report_facts(story: _Story, domain: str) -> ReportFacts:
    key = domain or None
    spent = story.spent.get(key, {})
    tokens = {name: int(spent[name]) for name in ("input_tokens", "output_tokens") if name in spent}
    return ReportFacts(**story.told.get(key, {}), **tokens, cost_usd=spent.get("cost_usd"))


def _domains(run: "DagsterRun", story: _Story) -> list[str]:
    tagged = run.tags.get(tags.PARTITION)
    return sorted({tagged} if tagged else story.domains) or [NO_DOMAIN]


def safe_line(text: str) -> str:
    """Return the first line that says something, cut at 500 characters, without keys and without persons' addresses."""
    line = next((" ".join(part.split()) for part in text.splitlines() if part.strip()), "")
    line = _EMAIL.sub(r"***@\1", mask(line))
    return line if len(line) <= LONGEST_LINE else line[: LONGEST_LINE - 1] + "…"


def _time(timestamp: float | None) -> datetime | None:
    return None if timestamp is None else datetime.fromtimestamp(timestamp, UTC)


def _duration(start: float | None, end: float | None) -> float | None:
    return None if start is None or end is None else round(max(0.0, end - start), 3)
