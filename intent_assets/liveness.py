"""Which runs are still at work: the process of a run holds a lock file while it lasts.

The kernel frees the lock when the process dies, however it dies, so a run that was killed is known by its free lock.
A command holds the lock of its launch before it has a run; every run's process holds the run's own once its resources
are there, and names it in a tag. Locks are looked at only by who shares their folder: the runs of another machine that
uses the same instance are left alone.
"""

import fcntl
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg
from filelock import FileLock

from intent_assets.durable import private_folder, write_file

LAUNCH_TAG = "intent/launch"
"""Tag of a run that a command runs in its own process; its value names the lock file."""

PROCESS_TAG = "intent/process"
"""Tag of a run whose process has begun to work; its value names the folder of lock files, and the run."""

KILLED = "the process of the run ended before the run did: it was killed, or the machine went down"
INTERRUPTIONS = ("DagsterExecutionInterruptedError", "KeyboardInterrupt")
STOPPED = "the run was stopped from outside: Ctrl-C, or a signal to its process"
START_SECONDS = 180.0
"""After this long a run that has started but holds no lock counts as killed while it was starting."""

_UNENDED = [
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]
_RUNNING = (dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING)


@contextmanager
def at_work(instance: dg.DagsterInstance, launch: str) -> Iterator[None]:
    """Hold the lock of a launch, or of a run by its id: whoever looks knows that its process is alive."""
    file = _lock_file(instance, launch)
    private_folder(file.parent)
    with FileLock(file, mode=0o600):
        try:
            yield
        finally:
            file.unlink(missing_ok=True)


@contextmanager
def run_at_work(instance: dg.DagsterInstance, run: dg.DagsterRun) -> Iterator[None]:
    """Hold the lock of a run and say so in its tags."""
    with at_work(instance, run.run_id):
        instance.add_run_tags(run.run_id, {PROCESS_TAG: f"{_folder_id(instance)}/{run.run_id}"})
        yield


def end_killed_runs(instance: dg.DagsterInstance, location: str | None = None) -> list[dg.DagsterRun]:
    """End the runs whose process is gone, and return them as they are now.

    One with steps left counts as failed, so that it is retried or can be resumed with `intent retry`; one that a person
    was cancelling as cancelled; one that had nothing left to do as succeeded. With `location` (of the code) also those
    of its runs that were killed while they started.
    """
    records = instance.get_run_records(dg.RunsFilter(statuses=_UNENDED))
    killed = [record.dagster_run.run_id for record in records if is_killed(instance, record, location)]
    return [ended for run_id in killed if (ended := end_run(instance, run_id)) is not None]


def is_killed(instance: dg.DagsterInstance, record: dg.RunRecord, location: str | None) -> bool:
    """Say whether the process of a run that has not ended is gone; changes nothing. `location` as above."""
    run = record.dagster_run
    launch = run.tags.get(LAUNCH_TAG)
    if run.remote_job_origin is None:  # a command's; a re-execution in the UI has the tags of its parent, but an origin
        return launch is not None and not _is_held(_lock_file(instance, launch))
    if run.status not in _RUNNING:
        return False
    if PROCESS_TAG in run.tags and run.tags[PROCESS_TAG].endswith(run.run_id):
        ours = run.tags[PROCESS_TAG] == f"{_known_id(instance)}/{run.run_id}"
        return ours and not _is_held(_lock_file(instance, run.run_id))
    return (
        location_of(run) == location
        and record.start_time is not None
        and time.time() - record.start_time > START_SECONDS
    )


def location_of(run: dg.DagsterRun) -> str | None:
    """Return the name of the code location that the run is of, None for one that a command ran in its own process."""
    origin = run.remote_job_origin
    return origin.repository_origin.code_location_origin.location_name if origin else None


def end_run(instance: dg.DagsterInstance, run_id: str) -> dg.DagsterRun | None:
    """End a run whose process is gone, and return it as it is now; None if it had ended already."""
    run = instance.get_run_by_id(run_id)  # again: it may have ended since it was listed
    if run is None or run.status not in _UNENDED:
        return None
    if run.status is dg.DagsterRunStatus.CANCELING:
        instance.report_run_canceled(run, KILLED)
    elif _has_nothing_left(instance, run):
        _report_success(instance, run)
    else:
        instance.report_run_failed(run, KILLED)
    for name in filter(None, (run.tags.get(LAUNCH_TAG), run_id)):
        _lock_file(instance, name).unlink(missing_ok=True)
    return instance.get_run_by_id(run_id)


def _has_nothing_left(instance: dg.DagsterInstance, run: dg.DagsterRun) -> bool:
    """Say whether every step of the run has succeeded: it was killed before it could say that it has ended."""
    if run.execution_plan_snapshot_id is None:
        return False
    planned = set(instance.get_execution_plan_snapshot(run.execution_plan_snapshot_id).step_keys_to_execute)
    ends = {dg.DagsterEventType.STEP_SUCCESS, dg.DagsterEventType.STEP_SKIPPED}
    return planned <= {
        entry.dagster_event.step_key for entry in instance.all_logs(run.run_id, ends) if entry.dagster_event
    }


def _report_success(instance: dg.DagsterInstance, run: dg.DagsterRun) -> None:
    message = f"{KILLED}; all its steps had succeeded"
    event = dg.DagsterEvent(
        event_type_value=dg.DagsterEventType.RUN_SUCCESS.value, job_name=run.job_name, message=message
    )
    instance.report_dagster_event(event, run_id=run.run_id)


def _is_held(file: Path) -> bool:
    try:
        with file.open("rb") as content:
            fcntl.flock(content, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except FileNotFoundError:
        return False
    return False


def _folder_id(instance: dg.DagsterInstance) -> str:
    """Return the id of the folder of lock files; made by who comes first, and never changed."""
    file = _folder(instance) / "id"
    if not file.exists():
        private_folder(file.parent)
        with FileLock(file.with_name(".id.lock"), mode=0o600):
            if not file.exists():
                write_file(file, uuid.uuid4().hex.encode())
    return file.read_text("ascii")


def _known_id(instance: dg.DagsterInstance) -> str | None:
    """Return the id of the folder of lock files, None where nobody has made it yet."""
    try:
        return (_folder(instance) / "id").read_text("ascii")
    except FileNotFoundError:
        return None


def _lock_file(instance: dg.DagsterInstance, launch: str) -> Path:
    return _folder(instance) / f"{launch}.lock"


def _folder(instance: dg.DagsterInstance) -> Path:
    return Path(instance.root_directory) / ".launches"
