"""What the door writes down: one line a request, without queries, secrets and persons, and never more than fits."""

import logging
import time
from collections.abc import MutableMapping
from types import TracebackType
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from intent_assets.masking import mask

_MOST_LINES = 600
_EVERY_SECONDS = 60.0

_log = logging.getLogger("intent_assets.door")


class AccessLog:
    """Writes a line for each request: client, method, the path as it is declared, status, milliseconds."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer by the app behind it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status = time.perf_counter(), 0

        async def note(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, note)
        finally:
            milliseconds = (time.perf_counter() - began) * 1000
            level = logging.INFO if status < 400 else logging.WARNING
            _log.log(level, "%s %s %s %d %.0f ms", _client(scope), scope["method"], _path(scope), status, milliseconds)


class Bounded(logging.Filter):
    """Lets at most 600 warnings a minute through, and then says how many it kept back: floods don't fill the disk."""

    def __init__(self) -> None:
        super().__init__()
        self._since = time.monotonic()
        self._seen = 0

    def filter(self, record: logging.LogRecord) -> bool:
        """Say whether the record is written."""
        if record.levelno != logging.WARNING:
            return True
        now = time.monotonic()
        if now - self._since > _EVERY_SECONDS:
            kept_back = self._seen - _MOST_LINES
            self._since, self._seen = now, 0
            if kept_back > 0:
                record.msg, record.args = f"{kept_back} warnings were not written; then: {record.getMessage()}", ()
        self._seen += 1
        return self._seen <= _MOST_LINES


class SafeFormatter(logging.Formatter):
    """Writes errors without their messages, which may hold what a person sent, and lines without keys."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        return mask(super().format(record))

    def formatException(self, ei: Any) -> str:  # noqa: N802 -- the name is logging's
        """Return the places and the class of the error, not its words."""
        kind, _, trace = ei
        return "\n".join([*_places(trace), kind.__name__ if kind else ""])


def log_config() -> dict[str, Any]:
    """Return the configuration of `logging` for a process that is the door: all to standard error."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"bounded": {"()": Bounded}},
        "formatters": {"safe": {"()": SafeFormatter, "format": "%(asctime)s %(levelname)s %(message)s"}},
        "handlers": {
            "stderr": {"class": "logging.StreamHandler", "formatter": "safe", "filters": ["bounded"]},
        },
        "loggers": {
            "intent_assets": {"handlers": ["stderr"], "level": "INFO", "propagate": False},
            "uvicorn.error": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        },
    }


def _places(trace: TracebackType | None) -> list[str]:
    places = []
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"  {code.co_filename}:{trace.tb_lineno} in {code.co_name}")
        trace = trace.tb_next
    return places


def _client(scope: MutableMapping[str, Any]) -> str:
    return scope["client"][0] if scope.get("client") else "-"


def _path(scope: MutableMapping[str, Any]) -> str:
    """Return the path as it is declared: what stands in an unknown one is anybody's guess."""
    route = scope.get("route")
    return getattr(route, "path_format", None) or "unknown-path"
