"""Dagster's run launcher, which lets a warm process (`run_worker`) start a run where one is there.

A process that has to load everything first takes 2 s of processor time before the first step; a fork of one that has
takes 0.1 s. Without a warm process, runs are launched as Dagster launches them.
"""

import os
import socket
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import dagster as dg
from dagster._core.launcher import DefaultRunLauncher, LaunchRunContext

from intent_assets.errors import IntentError
from intent_assets.resources.limits_folder import LimitsFolder
from intent_assets.settings import load_settings

FORKED_TAG = "intent/forked"
"""Tag of a run whose process is a fork of the warm one, and looks itself whether it is to end.

Its value is the run's id: a run that resumes another has a copy of its tags.
"""

STARTED = "started"
_LONGEST_NAME = 100
_PATIENCE = 5.0


class WarmRunLauncher(DefaultRunLauncher):
    """Launches runs by the warm process of this machine and `DAGSTER_HOME`, else by Dagster's code server."""

    def launch_run(self, context: LaunchRunContext) -> None:
        """Start the process of a run; raises `DagsterLaunchFailedError` and what Dagster raises else."""
        run = context.dagster_run
        if run.job_code_origin is not None and self.has_instance and _forked(self._instance, run.run_id):
            self._instance.add_run_tags(run.run_id, {FORKED_TAG: run.run_id})
            return
        super().launch_run(context)

    def terminate(self, run_id: str) -> bool:
        """Ask for the end of a run; False where it has ended already."""
        run = self._instance.get_run_by_id(run_id) if self.has_instance else None
        if run is None or run.is_finished or run.tags.get(FORKED_TAG) != run_id:
            return bool(super().terminate(run_id))  # type: ignore[no-untyped-call]
        self._instance.report_run_canceling(run)
        return True


def address(instance: dg.DagsterInstance) -> Path:
    """Return where the warm process of an instance listens; raises `SharedLimitError` without a safe folder."""
    folder = LimitsFolder(load_settings().limits_folder, "run-worker", str(Path(instance.root_directory).absolute()))
    folder.names()
    return folder.path / "socket"


@contextmanager
def short(where: Path) -> Iterator[str]:
    """Give a name of a socket that fits: 100 bytes have to do, of which a folder can take more."""
    if len(os.fsencode(where)) < _LONGEST_NAME:
        yield str(where)
        return
    folder = os.open(where.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{folder}/{where.name}"
    finally:
        os.close(folder)


def _forked(instance: dg.DagsterInstance, run_id: str) -> bool:
    """Ask the warm process to start the run; False where none is there, or it can't.

    One that was asked and does not answer in time may start it yet. It counts as asked: a run that does not start is
    ended by Dagster's run monitoring, and one that was started twice would be worse.
    """
    try:
        with closing(socket.socket(socket.AF_UNIX)) as asking:
            asking.settimeout(_PATIENCE)
            with short(address(instance)) as name:
                asking.connect(name)
            asking.sendall(f"{run_id}\n".encode())
            return asking.makefile().readline().strip() == STARTED
    except TimeoutError:
        return True
    except (OSError, IntentError):  # what is wrong with the settings, the run itself will say
        return False
