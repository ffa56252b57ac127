"""Child processes of a command: none outlives it, one that dies is started again, and all stop in their order."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress

import typer

from intent_assets.errors import IntentError

_LAUNCHER = (sys.executable, "-m", "intent_assets.cli_child")
_LOOK_EVERY = 0.1
_LONGEST_PAUSE = 30.0
_STEADY_SECONDS = 60.0
_MOST_DEATHS = 5

_PAGES = {"NOTION_BASE_URL": "Notion pages", "CLAY_WEBHOOK_URL": "Clay notices"}


class Child:
    """A command that runs in a process of its own; `grace` is how many seconds it has to end when it is asked to."""

    def __init__(self, name: str, command: Sequence[str], environment: Mapping[str, str], *, grace: float) -> None:
        self.name = name
        self._command = command
        self._environment = environment
        self._grace = grace
        self._process: subprocess.Popen[bytes] | None = None
        self._groups: set[int] = set()
        self._deaths = 0
        self._started_at = 0.0
        self._start_at = 0.0

    def start(self) -> None:
        """Start it, in a session of its own: Ctrl-C at the terminal reaches the parent alone, which knows the order."""
        command = [*_LAUNCHER, str(os.getpid()), *self._command]
        self._process = subprocess.Popen(command, env=dict(self._environment), start_new_session=True)  # noqa: S603
        self._groups.add(self._process.pid)
        self._started_at = time.monotonic()

    def ended(self) -> int | None:
        """Return the exit code if it has ended by itself, None while it runs."""
        return self._process.poll() if self._process is not None else None

    def keep_alive(self) -> None:
        """Start it again if it died, after a pause that grows; raises `IntentError` if it dies again and again.

        What it has started goes on: runs at work outlive the daemon that started them.
        """
        now = time.monotonic()
        if self._process is None:
            if now >= self._start_at:
                self.start()
            return
        code = self._process.poll()
        if code is None:
            return
        self._deaths = 1 if now - self._started_at > _STEADY_SECONDS else self._deaths + 1
        if self._deaths >= _MOST_DEATHS:
            raise IntentError(f"the {self.name} ended {self._deaths} times in a row ({_told(code)}); see above for why")
        pause = min(2.0 ** (self._deaths - 1), _LONGEST_PAUSE)
        self._process, self._start_at = None, now + pause
        say(f"the {self.name} ended ({_told(code)}); it is started again in {pause:g} s")

    def ask_to_end(self) -> None:
        """Send it SIGTERM."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()

    def end(self, hurry: threading.Event) -> bool:
        """Wait for it, and for all that it started, to end; what has not after its grace is killed (then False)."""
        until = time.monotonic() + self._grace
        while self._goes_on() and time.monotonic() < until and not hurry.is_set():
            hurry.wait(_LOOK_EVERY)
        by_itself = not self._goes_on()
        for group in self._groups:
            with suppress(ProcessLookupError):
                os.killpg(group, signal.SIGKILL)
        if self._process is not None:
            self._process.wait()
        return by_itself

    def _goes_on(self) -> bool:
        if self._process is not None:
            self._process.poll()
        self._groups = {group for group in self._groups if _is_there(group)}
        return bool(self._groups)


class Stop:
    """SIGINT and SIGTERM as they were asked for: once to stop, twice to hurry."""

    def __init__(self) -> None:
        self.asked = threading.Event()
        self.hurry = threading.Event()

    def listen(self) -> None:
        """Take the signals over from now on."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._signalled)

    def _signalled(self, _number: int, _frame: object) -> None:
        (self.hurry if self.asked.is_set() else self.asked).set()


def run_together(children: Sequence[Child], stop: Stop) -> Sequence[Child]:
    """Run the children until `stop` is asked for, starting again what dies; the first is stopped before the others.

    Returns those that did not end in time and were killed. Raises `IntentError` if one dies again and again. Nothing of
    them is left when this returns or raises.
    """
    try:
        for child in children:
            child.start()
        while not stop.asked.wait(_LOOK_EVERY):
            for child in children:
                child.keep_alive()
    finally:
        killed = [*_end(children[:1], stop), *_end(children[1:], stop)]
    return killed


def run_alone(child: Child, stop: Stop) -> int:
    """Run one child until it ends or `stop` is asked for; returns its exit code, 0 if it was stopped."""
    child.start()
    try:
        while not stop.asked.wait(_LOOK_EVERY):
            code = child.ended()
            if code is not None:
                return code
        say("stopping ...")
        return 0
    finally:
        _end([child], stop)


def _end(children: Sequence[Child], stop: Stop) -> list[Child]:
    for child in children:
        child.ask_to_end()
    return [child for child in children if not child.end(stop.hurry)]


def refuse_taken_port(host: str, port: int, *, option: str, what: str) -> None:
    """Raise an `IntentError` if nobody could listen there."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as problem:
            raise IntentError(
                f"port {port} can't be used for the {what} ({problem.strerror}): another `intent up` or `intent dev` "
                f"may run already; stop it, or choose another port with {option}"
            ) from None


def tell_services(urls: Mapping[str, str], variables: Mapping[str, str]) -> None:
    """Say where everything is: our own `urls`, and the stand-ins that `variables` point at."""
    say("")
    for what, url in urls.items():
        say(f"{what:<14} {url}")
    for name, what in _PAGES.items():
        if name in variables:
            address = variables[name].split("/", 3)
            say(f"{what:<14} {'/'.join(address[:3])}  (sandbox)")
    stood_in = sorted(name for name in variables if name.endswith("_URL"))
    say(f"stand-ins for  {', '.join(stood_in) or 'none: every service has a key'}")


def say(line: str) -> None:
    """Tell on standard error."""
    typer.echo(line, err=True)


def _is_there(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def _told(code: int) -> str:
    if code >= 0:
        return f"exit code {code}"
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"signal {-code}"
