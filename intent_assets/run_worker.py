"""The warm process that `run_launcher` asks: it has loaded everything that a report needs, and forks for each run.

`python -m intent_assets.run_worker` serves until SIGTERM; runs that it has started go on. When a file of the package
has changed, the run that is asked for is left to Dagster, and this process loads everything anew.
"""

import gc
import importlib
import os
import select
import signal
import socket
import sys
import threading
import traceback
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from functools import partial
from pathlib import Path
from types import FrameType
from typing import NoReturn

import dagster as dg

from intent_assets.errors import IntentError
from intent_assets.instance import ensure_dagster_home
from intent_assets.liveness import end_run
from intent_assets.run_launcher import STARTED, address, short
from intent_assets.settings import load_settings

_LOADED = (
    "anthropic", "duckdb", "httpx", "notion_client", "pandas", "pyarrow.parquet", "dagster._cli.api",
    "intent_assets.assembly", "intent_assets.assets.checking", "intent_assets.chat", "intent_assets.definitions",
    "intent_assets.evidence", "intent_assets.grounding", "intent_assets.notices", "intent_assets.rendering.markdown",
    "intent_assets.rendering.notion", "intent_assets.scoring", "intent_assets.second_source",
    "intent_assets.section_checks", "intent_assets.section_tasks", "intent_assets.signals", "intent_assets.verdicts",
)  # fmt: skip
"""What the steps of a report import, most of it inside their functions."""

_WAITING = 64
_LONGEST_ID = 100
_READ_SECONDS = 2.0
_LOOK_EVERY = 1.0
_OVER = (dg.DagsterRunStatus.CANCELING, dg.DagsterRunStatus.CANCELED, dg.DagsterRunStatus.FAILURE)


def main() -> int:
    """Serve until SIGTERM; the exit code."""
    ensure_dagster_home(load_settings())
    worker = _Worker(_newest_code())
    for name in _LOADED:
        importlib.import_module(name)
    from intent_assets.definitions import resolved_report_job

    resolved_report_job()
    gc.collect()
    gc.freeze()  # so that a fork's garbage collection does not copy the pages that it shares
    _refuse_threads()
    with dg.DagsterInstance.get() as instance:
        where = address(instance)
    signal.signal(signal.SIGTERM, worker.stop)
    signal.signal(signal.SIGINT, worker.stop)
    with _listening(where) as listener:
        worker.serve(listener)
    if worker.is_stale:
        os.execv(sys.executable, [sys.executable, "-m", "intent_assets.run_worker"])  # noqa: S606 -- our own words
    return 0


@contextmanager
def _listening(where: Path) -> Iterator[socket.socket]:
    """Listen at a socket of this name, which is taken over from a process that has left it behind."""
    with closing(socket.socket(socket.AF_UNIX)) as listener:
        where.unlink(missing_ok=True)
        with short(where) as name:
            listener.bind(name)
        ours = where.stat().st_ino
        try:
            listener.listen(_WAITING)
            yield listener
        finally:
            with suppress(FileNotFoundError):
                if where.stat().st_ino == ours:
                    where.unlink()


class _Worker:
    """Starts runs as forks of this process, and ends those whose process died; `code` is when it was changed last."""

    def __init__(self, code: int) -> None:
        self.is_stale = False
        self._code = code
        self._stopped = False
        self._runs: dict[int, str] = {}

    def stop(self, _number: int, _frame: FrameType | None) -> None:
        """Serve no more."""
        self._stopped = True

    def serve(self, listener: socket.socket) -> None:
        """Answer until it is to stop, or the code has changed."""
        while not (self._stopped or self.is_stale):
            if select.select([listener], [], [], _LOOK_EVERY)[0]:
                self._answer(listener)
            self._tell_of_the_dead()

    def _answer(self, listener: socket.socket) -> None:
        """Start the run that is asked for; whoever asks for nonsense, or is gone, gets no answer."""
        with suppress(OSError), closing(listener.accept()[0]) as asked:
            asked.settimeout(_READ_SECONDS)
            run_id = asked.makefile(errors="replace").readline(_LONGEST_ID).strip()
            self.is_stale = _newest_code() != self._code
            if run_id and not self.is_stale:
                try:
                    self._fork(partial(_execute, run_id), run_id, listener, asked)
                except OSError as problem:
                    sys.stderr.write(f"the run {run_id} is left to Dagster: no process could be made: {problem}\n")
                else:
                    asked.sendall(f"{STARTED}\n".encode())

    def _tell_of_the_dead(self) -> None:
        """Let each run whose process did not end by itself be ended, so that it is retried."""
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            run_id = self._runs.pop(pid, None)
            if run_id is not None and status != 0:
                self._fork(partial(_end, run_id))

    def _fork(self, work: Callable[[], None], run_id: str | None = None, *inherited: socket.socket) -> None:
        pid = os.fork()
        if pid == 0:
            _as_child(work, inherited)
        if run_id is not None:
            self._runs[pid] = run_id


def _as_child(work: Callable[[], None], inherited: Iterable[socket.socket]) -> NoReturn:
    """Do the work and end, without what the parent still has to do."""
    code = 1
    try:
        for each in inherited:
            each.close()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_DFL)
        work()
        code = 0
    except BaseException:  # noqa: BLE001 -- there is nobody above who could show it
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _execute(run_id: str) -> None:
    """Execute the run, as Dagster's own `dagster api execute_run` does."""
    from dagster._cli.api import _execute_run_command_body
    from dagster._utils.interrupts import capture_interrupts

    ended = threading.Event()
    with capture_interrupts(), dg.DagsterInstance.get() as instance:
        watching = threading.Thread(target=_watch, args=(instance, run_id, ended), name="watch")
        watching.start()
        try:
            _execute_run_command_body(run_id, instance, write_stream_fn=_nothing, set_exit_code_on_failure=False)
        finally:
            ended.set()
            watching.join()


def _nothing(_event: dg.DagsterEvent) -> None:
    """Events are in the event log already."""


def _watch(instance: dg.DagsterInstance, run_id: str, ended: threading.Event) -> None:
    """Interrupt the run when somebody cancels it, or Dagster has given it up."""
    while not ended.wait(_LOOK_EVERY):
        run = instance.get_run_by_id(run_id)
        if run is None or run.status in _OVER:
            os.kill(os.getpid(), signal.SIGINT)
            return


def _end(run_id: str) -> None:
    with dg.DagsterInstance.get() as instance:
        end_run(instance, run_id)


def _newest_code() -> int:
    """Return when a file of the package was changed last, in ns."""
    return max(file.stat().st_mtime_ns for file in Path(__file__).parent.rglob("*.py"))


def _refuse_threads() -> None:
    """Raise where a thread runs: what it holds just when the process forks, its copies never give back."""
    others = [thread.name for thread in threading.enumerate() if thread is not threading.main_thread()]
    if others:
        raise IntentError(f"the run worker can't fork beside threads ({', '.join(others)})")


if __name__ == "__main__":
    sys.exit(main())
