"""Commands as processes of their own, to be killed as a machine would: with what they started, and no goodbye."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx

HOST = "127.0.0.1"


class Process:
    """A command in a process group of its own, working in `folder`; what it prints is added to the file `log`."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str], log: Path, folder: Path) -> None:
        self._command = list(command)
        self._environment = dict(environment)
        self._log = log
        self._folder = folder
        self._running: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """The process id, None while it does not run."""
        return self._running.pid if self._running is not None and self._running.poll() is None else None

    def start(self) -> None:
        """Start it, once more after it was killed."""
        with self._log.open("ab") as log:
            self._running = subprocess.Popen(  # noqa: S603 -- words of our own
                self._command, env=self._environment, cwd=self._folder, stdout=log, stderr=log, start_new_session=True
            )

    def kill(self) -> None:
        """End it and all that it started, whatever groups they are in, by SIGKILL: as if the machine went down."""
        running, self._running = self._running, None
        if running is not None:
            _kill_all([running.pid, *descendants(running.pid)])
            running.wait()

    def stop(self, seconds: float = 60) -> None:
        """Ask it to end; kill what is left of it and of what it started after `seconds`."""
        running, self._running = self._running, None
        if running is None:
            return
        started = descendants(running.pid)
        with suppress(ProcessLookupError):
            os.kill(running.pid, signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            running.wait(seconds)
        _kill_all([running.pid, *started])
        running.wait()


def descendants(pid: int) -> list[int]:
    """Return the ids of all processes that a process started, and those that these started, and so on."""
    parents: dict[int, list[int]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text("utf-8", "replace").rpartition(")")[2].split()
        except OSError:
            continue  # it has just ended
        parents.setdefault(int(fields[1]), []).append(int(folder.name))
    found = parents.get(pid, [])
    for child in found:
        found += parents.get(child, [])
    return found


def _kill_all(pids: Sequence[int]) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


@contextmanager
def stopped_in_the_end(process: Process) -> Iterator[Process]:
    """Start the process, and leave nothing of it behind."""
    process.start()
    try:
        yield process
    finally:
        process.stop()


def end_by_signal() -> None:
    """Let SIGTERM end this process in order, so that nothing that it started stays behind."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))


def free_port() -> int:
    """Return a port of the loopback that nobody has at the moment."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
    return port


def wait_until(is_so: Callable[[], bool], seconds: float, what: str) -> None:
    """Wait; raises `TimeoutError` that names `what` was waited for."""
    deadline = time.monotonic() + seconds
    while not is_so():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what} did not come within {seconds:g} s")
        time.sleep(0.1)


def answers(url: str) -> bool:
    """Return whether something answers 200 at `url`."""
    try:
        return httpx.get(url, timeout=5).status_code == 200
    except httpx.HTTPError:
        return False
