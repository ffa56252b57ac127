"""Whether the process of a run is alive, by the lock that it holds; only looked at, where `liveness` ends the run."""

import fcntl
import time
from pathlib import Path
from typing import TYPE_CHECKING

from intent_assets.liveness import LAUNCH_TAG, PROCESS_TAG, START_SECONDS

if TYPE_CHECKING:
    import dagster as dg


def is_dead(instance: "dg.DagsterInstance", run: "dg.DagsterRun") -> bool:
    """Say whether the run of this machine has lost its process; False of another machine's, which can't be seen."""
    folder = Path(instance.root_directory) / ".launches"
    of_command = run.tags.get(LAUNCH_TAG) if run.remote_job_origin is None else None
    if of_command is not None:
        return not _is_held(folder / f"{of_command}.lock")
    machine, _, run_id = run.tags.get(PROCESS_TAG, "").partition("/")
    if run_id == run.run_id:
        return machine == _id_of(folder) and not _is_held(folder / f"{run_id}.lock")
    record = instance.get_run_record_by_id(run.run_id)
    since = record.start_time or record.create_timestamp.timestamp() if record is not None else time.time()
    return time.time() - since > START_SECONDS


def _is_held(file: Path) -> bool:
    try:
        with file.open("rb") as content:
            try:
                fcntl.flock(content, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
    except FileNotFoundError:
        return False
    return False


def _id_of(folder: Path) -> str | None:
    try:
        return (folder / "id").read_text("ascii")
    except FileNotFoundError:
        return None
