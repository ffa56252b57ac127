"""Commands as processes of their own, to be killed as a machine would: with what they started, and no goodbye."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx

HOST = "127.0.0.1"


class Process:
    """A command in a process group of its own; what it prints is added to the file `log`."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str], log: Path) -> None:
        self._command = list(command)
        self._environment = dict(environment)
        self._log = log
        self._running: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """The process id, None while it does not run."""
        return self._running.pid if self._running is not None and self._running.poll() is None else None

    def start(self) -> None:
        """Start it, once more after it was killed."""
        with self._log.open("ab") as log:
            self._running = subprocess.Popen(  # noqa: S603 -- words of our own
                self._command, env=self._environment, stdout=log, stderr=log, start_new_session=True
            )

    def kill(self) -> None:
        """End the whole group by SIGKILL."""
        self._end(signal.SIGKILL, 10)

    def stop(self, seconds: float = 60) -> None:
        """Ask it to end, and kill what is left after `seconds`."""
        self._end(signal.SIGTERM, seconds)

    def _end(self, number: signal.Signals, seconds: float) -> None:
        running, self._running = self._running, None
        if running is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(running.pid, number)
        with suppress(subprocess.TimeoutExpired):
            running.wait(seconds)
        with suppress(ProcessLookupError):
            os.killpg(running.pid, signal.SIGKILL)
        running.wait()


@contextmanager
def stopped_in_the_end(process: Process) -> Iterator[Process]:
    """Start the process, and leave nothing of it behind."""
    process.start()
    try:
        yield process
    finally:
        process.stop()


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
