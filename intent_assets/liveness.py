"""Which runs of commands are still at work: a command holds a lock file while its run lasts.

The kernel frees the lock when the process dies, however it dies, so a run that was killed is known by its free lock.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg
from filelock import FileLock, Timeout

LAUNCH_TAG = "intent/launch"
"""Tag of a run that a command runs in its own process; its value names the lock file."""

KILLED = "the process of the run ended before the run did: it was killed, or the machine went down"
INTERRUPTIONS = ("DagsterExecutionInterruptedError", "KeyboardInterrupt")
STOPPED = "the run was stopped from outside: Ctrl-C, or a signal to its process"
_UNENDED = [
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]


@contextmanager
def at_work(instance: dg.DagsterInstance, launch: str) -> Iterator[None]:
    """Hold the lock of a launch: whoever looks knows that its run is alive."""
    file = _lock_file(instance, launch)
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with FileLock(file):
        try:
            yield
        finally:
            file.unlink(missing_ok=True)


def end_killed_runs(instance: dg.DagsterInstance) -> list[dg.DagsterRun]:
    """Mark the commands' runs whose process is gone as failed, and return them; `intent retry` resumes such a run."""
    ended = []
    for run in instance.get_runs(dg.RunsFilter(statuses=_UNENDED)):
        launch = run.tags.get(LAUNCH_TAG)
        if launch is not None and not _is_held(_lock_file(instance, launch)) and _end(instance, run.run_id):
            ended += [now for now in [instance.get_run_by_id(run.run_id)] if now is not None]
    return ended


def _end(instance: dg.DagsterInstance, run_id: str) -> bool:
    run = instance.get_run_by_id(run_id)  # again: it may have ended since it was listed
    if run is None or run.status not in _UNENDED:
        return False
    instance.report_run_failed(run, KILLED)
    return True


def _is_held(file: Path) -> bool:
    if not file.exists():
        return False
    try:
        with FileLock(file, timeout=0):
            file.unlink(missing_ok=True)
    except Timeout:
        return True
    return False


def _lock_file(instance: dg.DagsterInstance, launch: str) -> Path:
    return Path(instance.root_directory) / ".launches" / f"{launch}.lock"
