"""The doctor's look at Dagster: its files, its configuration, its daemon, and what waits or hangs in it."""

import os
import time
from collections.abc import Iterator, Mapping
from importlib import metadata, resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from intent_assets import tags
from intent_assets.cli_doctor_checks import Check, Look, ago, failed, ok, one_line
from intent_assets.cli_doctor_sqlite import file_checks
from intent_assets.instance import dagster_home
from intent_assets.intake.inbox import Inbox
from intent_assets.settings import Settings
from intent_assets.spool import NAME, names

if TYPE_CHECKING:
    import dagster as dg

HEARTBEAT_SECONDS = 120.0
"""The daemon gives a sign of life every 30 s."""

REPLY_SECONDS = 120.0
"""A reply that waits longer has been overlooked: the sensor sees it within seconds."""

START = "start `intent up` (or `intent dev`); what waits is kept and goes on"


def dagster_looks(settings: Settings) -> list[Look]:
    """Return the looks at Dagster; it is opened only where its files can be read, and never made."""
    home = dagster_home(settings)
    closed = f"check {home} and its permissions"
    looks = [Look("versions", _versions, "install with: pip install -c constraints.txt -e .")]
    if not home.exists():
        return [*looks, Look("Dagster", lambda: [ok("Dagster", f"{home} (not made yet)")], closed),
                Look("replies", lambda: _replies(settings, None), closed)]  # fmt: skip
    return [
        *looks,
        Look("Dagster config", lambda: _config(home), f"mend {home / 'dagster.yaml'}: it can't be read"),
        Look("Dagster files", lambda: file_checks(home), closed),
        Look("Dagster", lambda: _inside(settings, home), f"mend what is found wrong with the files of {home} first"),
    ]


def _versions() -> list[Check]:
    from packaging.requirements import Requirement

    wrong = []
    for text in metadata.requires("intent-assets") or []:
        needed = Requirement(text)
        if needed.marker is not None and not needed.marker.evaluate({"extra": ""}):
            continue
        try:
            there = metadata.version(needed.name)
        except metadata.PackageNotFoundError:
            there = "not installed"
        if not there[0].isdigit() or not needed.specifier.contains(there, prereleases=True):
            wrong.append(f"{needed.name} is {there}, needed is {needed.specifier}")
    if wrong:
        return [failed("versions", "; ".join(wrong), "install with: pip install -c constraints.txt -e .")]
    named = ", ".join(f"{name} {metadata.version(name)}" for name in ("intent-assets", "dagster", "duckdb"))
    return [ok("versions", named)]


def _config(home: Path) -> list[Check]:
    import yaml

    file = home / "dagster.yaml"
    if not file.exists():
        return [failed("Dagster config", f"there is no {file}", "the next command that uses Dagster writes it")]
    ours = dict(_flat(yaml.safe_load(resources.files("intent_assets").joinpath("dagster.yaml").read_text("utf-8"))))
    theirs = dict(_flat(yaml.safe_load(file.read_text("utf-8")) or {}))
    lacking = [name for name in ours if name not in theirs]
    if lacking:
        said = (
            f"{file} lacks {', '.join(lacking[:6])}{' and more' if len(lacking) > 6 else ''}: it is older, or your own"
        )
        mend = f"take that over from the dagster.yaml of intent_assets, or move {file} away: the next command writes it"
        return [failed("Dagster config", said, mend)]
    other = [f"{name} {theirs[name]} (ours: {value})" for name, value in ours.items() if theirs[name] != value]
    return [ok("Dagster config", f"{file}" + (f"; of your own: {', '.join(other)}" if other else ""))]


def _flat(value: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _flat(inner, f"{name}.{key}".lstrip("."))
    else:
        yield name, value


def _inside(settings: Settings, home: Path) -> list[Check]:
    import dagster as dg

    if not (home / "history" / "runs.db").exists():
        return [ok("Dagster", f"{home}: no run yet"), *_replies(settings, None)]
    os.environ["DAGSTER_HOME"] = str(home)
    with dg.DagsterInstance.from_config(str(home)) as instance:
        beat = _heartbeat(instance)
        return [
            *_daemon(instance, beat), *_replies(settings, beat), *_queued(instance, beat), *_stuck(instance),
            *_sensors(instance),
        ]  # fmt: skip


def _heartbeat(instance: "dg.DagsterInstance") -> float | None:
    """Return how long ago the daemon gave a sign of life, in seconds; None if it never did."""
    beats = instance.get_daemon_heartbeats().values()
    return time.time() - max(beat.timestamp for beat in beats) if beats else None


def _lives(beat: float | None) -> bool:
    return beat is not None and beat < HEARTBEAT_SECONDS


def _daemon(instance: "dg.DagsterInstance", beat: float | None) -> list[Check]:
    if beat is None:
        return [ok("Dagster daemon", "has never run here")]
    if not _lives(beat):
        return [ok("Dagster daemon", f"does not run; its last sign of life was {ago(beat)}")]
    checks = [ok("Dagster daemon", f"runs; its last sign of life was {ago(beat)}")]
    for kind, last in instance.get_daemon_heartbeats().items():
        if last.errors:
            said = f"{kind} tells of an error: {one_line(last.errors[0].message)}"
            checks.append(failed("Dagster daemon", said, "see its log and the page Deployment of the Dagster UI"))
        silent = time.time() - last.timestamp
        if HEARTBEAT_SECONDS < silent < HEARTBEAT_SECONDS + 86_400 and kind in instance.get_required_daemon_types():
            said = f"{kind} has given no sign of life since {ago(silent)}, though others have"
            checks.append(failed("Dagster daemon", said, "stop it and start it again: what runs is resumed"))
    return checks


def _replies(settings: Settings, beat: float | None) -> list[Check]:
    inbox = Inbox(settings.inbox)
    left_alone = {standing.arrival for standing in inbox.cancelled()}
    matches = (NAME.fullmatch(name) for name in names(settings.inbox / "pending"))
    arrivals = sorted({int(match["arrival"]) for match in matches if match} - left_alone)
    if not arrivals:
        return []
    age = time.time() - arrivals[0] / 1e9
    said = f"{len(arrivals)} wait for their run, the first since {ago(age)}"
    if age < REPLY_SECONDS:
        return [ok("replies", said)]
    if not _lives(beat):
        return [failed("replies", f"{said}: no Dagster daemon runs", START)]
    mend = "see the sensor `replies` in the Dagster UI: it is stopped, fails, or the code location does not load"
    return [failed("replies", f"{said}, though the daemon runs", mend)]


def _queued(instance: "dg.DagsterInstance", beat: float | None) -> list[Check]:
    import dagster as dg

    number = instance.get_runs_count(dg.RunsFilter(statuses=[dg.DagsterRunStatus.QUEUED]))
    if not number:
        return []
    if _lives(beat):
        return [ok("runs", f"{number} wait in Dagster's queue")]
    return [failed("runs", f"{number} wait in Dagster's queue: no Dagster daemon runs", START)]


def _stuck(instance: "dg.DagsterInstance") -> list[Check]:
    import dagster as dg

    from intent_assets.liveness import is_killed, location_of

    at_work = [dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING]
    records = instance.get_run_records(dg.RunsFilter(statuses=at_work))
    runs = [record.dagster_run for record in records]
    stuck = [record.dagster_run for record in records if is_killed(instance, record, location_of(record.dagster_run))]
    checks = []
    for run in stuck[:10]:
        said = f"run {run.run_id} of {run.tags.get(tags.PARTITION, 'no domain')} has no process any more"
        checks.append(failed("runs", said, f"the daemon ends it and goes on; or: intent retry {run.run_id}"))
    if runs and len(runs) > len(stuck):
        checks.append(ok("runs", f"{len(runs) - len(stuck)} at work"))
    return checks


def _sensors(instance: "dg.DagsterInstance") -> list[Check]:
    from dagster._core.definitions.run_request import InstigatorType
    from dagster._core.scheduler.instigation import InstigatorStatus

    checks = []
    for state in instance.all_instigator_state(instigator_type=InstigatorType.SENSOR):
        name = state.instigator_name
        if state.status is InstigatorStatus.STOPPED:
            mend = f"start it in the Dagster UI, or: dagster sensor start {name} -w workspace.yaml"
            checks.append(failed("sensors", f"{name} was stopped by a person", mend))
            continue
        ticks = instance.get_ticks(state.instigator_origin_id, state.selector_id, limit=1)
        if ticks and ticks[0].is_failure:
            error = ticks[0].error
            told = one_line(error.message) if error is not None else "it did not say why"
            said = f"{name} failed {ago(time.time() - ticks[0].timestamp)}: {told}"
            checks.append(failed("sensors", said, "mend that; it is tried again by itself"))
    return checks
