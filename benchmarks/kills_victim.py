"""`intent report` that is killed at one named point: `python -m benchmarks.kills_victim POINT ARGUMENTS`.

Points are every start and success of a step, every value before it is stored, between its two places and after, every
write to Notion and Clay before it is sent and after it was answered, and the end of the run. `list:FILE` kills nothing
and writes the names of all points that are passed to FILE.
"""

import functools
import os
import signal
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dagster as dg
import httpx

from intent_assets.cli import main as intent
from intent_assets.run_values import RunValues

_SERVICES = {"NOTION_BASE_URL": "notion", "CLAY_WEBHOOK_URL": "clay"}
_READS = ("/v1/search", "/query")


class Points:
    """The points that are passed; at the one called `fatal` the process is killed."""

    def __init__(self, fatal: str) -> None:
        kind, _, file = fatal.partition(":")
        self._log = Path(file) if kind == "list" else None
        self._fatal = fatal

    def passed(self, name: str) -> None:
        """Write the point down, or die there."""
        if self._log is not None:
            with self._log.open("a") as log:
                log.write(f"{name}\n")
        elif name == self._fatal:
            os.kill(os.getpid(), signal.SIGKILL)


def install(points: Points) -> None:
    """Put the points into what a run does."""
    _around_events(points)
    _around_values(points)
    _around_calls(points)


def _around_events(points: Points) -> None:
    handle = dg.DagsterInstance.handle_new_event

    @functools.wraps(handle)
    def handled(self: dg.DagsterInstance, event: dg.EventLogEntry, **options: Any) -> Any:
        told = event.dagster_event
        if told is not None and told.event_type is dg.DagsterEventType.STEP_START:
            points.passed(f"step {told.step_key} before")
        if told is not None and told.event_type is dg.DagsterEventType.RUN_SUCCESS:
            points.passed("run before its end")
        result = handle(self, event, **options)
        if told is not None and told.event_type is dg.DagsterEventType.STEP_SUCCESS:
            points.passed(f"step {told.step_key} after")
        if told is not None and told.event_type is dg.DagsterEventType.ASSET_MATERIALIZATION:
            points.passed(f"value {told.asset_key.path[-1] if told.asset_key else ''} recorded")
        return result

    dg.DagsterInstance.handle_new_event = handled  # type: ignore[method-assign, assignment]


def _around_values(points: Points) -> None:
    write, share = RunValues.write, RunValues._share

    def written(self: RunValues, asset: str, value: Any) -> Any:
        points.passed(f"value {asset} before")
        path = write(self, asset, value)
        points.passed(f"value {asset} after")
        return path

    def shared(self: RunValues, asset: str, *arguments: Any) -> Any:
        points.passed(f"value {asset} between")
        return share(self, asset, *arguments)

    RunValues.write = written  # type: ignore[method-assign]
    RunValues._share = shared  # type: ignore[method-assign, assignment]


def _around_calls(points: Points) -> None:
    places = {urlsplit(os.environ[variable]).netloc: name for variable, name in _SERVICES.items()}
    seen: Counter[str] = Counter()
    send, send_async = httpx.Client.send, httpx.AsyncClient.send

    def name(request: httpx.Request) -> str | None:
        service = places.get(request.url.netloc.decode())
        if service is None or request.method == "GET" or request.url.path.endswith(_READS):
            return None
        seen[service] += 1
        return f"{service} write {seen[service]}"

    def sent(self: httpx.Client, request: httpx.Request, **options: Any) -> httpx.Response:
        return _passed_around(points, name(request), lambda: send(self, request, **options))

    async def sent_async(self: httpx.AsyncClient, request: httpx.Request, **options: Any) -> httpx.Response:
        which = name(request)
        if which is not None:
            points.passed(f"{which} before")
        answer = await send_async(self, request, **options)
        if which is not None:
            points.passed(f"{which} after")
        return answer

    httpx.Client.send = sent  # type: ignore[method-assign]
    httpx.AsyncClient.send = sent_async  # type: ignore[method-assign]


def _passed_around(points: Points, which: str | None, call: Callable[[], httpx.Response]) -> httpx.Response:
    if which is not None:
        points.passed(f"{which} before")
    answer = call()
    if which is not None:
        points.passed(f"{which} after")
    return answer


def main() -> None:
    install(Points(sys.argv[1]))
    sys.argv[1:] = sys.argv[2:]
    intent()


if __name__ == "__main__":
    main()
