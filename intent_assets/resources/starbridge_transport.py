"""Calls of Starbridge's tools over HTTP: time-outs, turns, retries and the polling of async runs."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeVar

from intent_assets.errors import ServiceError, StarbridgeError, StarbridgeToolFailure
from intent_assets.resources.call_log import logged
from intent_assets.resources.pauses import in_short, repeating
from intent_assets.resources.starbridge_envelope import read_answer, read_run_id
from intent_assets.resources.tls import trust
from intent_assets.resources.turns import Turns, turns_of
from intent_assets.settings import InvalidSettings, Services, Settings
from intent_assets.wire import Json

if TYPE_CHECKING:
    import httpx

Tool = Literal["opportunity_search", "buyer_search", "buyer_profile", "buyer_contacts", "buyer_chat"]

TOOL_IDS: Mapping[Tool, str] = {
    "opportunity_search": "c15b3524-cd08-4f7a-ae78-d73f6a6c2bad",
    "buyer_search": "e69f8d37-6601-4e73-a517-c8ea434b877b",
    "buyer_profile": "74345947-2f94-4eed-97a3-d10b2b2e3ad9",
    "buyer_contacts": "b81036af-1c0f-4b9a-a03b-4c301927518f",
    "buyer_chat": "043dc240-4517-4185-9dbb-e24ae0abf04d",
}

T = TypeVar("T")

_LOOPBACK = {"127.0.0.1", "localhost", "::1"}
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Reply:
    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass
class _Progress:
    """How far an async run has come: the status that was seen last, and the fault of the last poll, if any."""

    status: int | None = None
    fault: str = ""


class Transport:
    """Sends calls and returns the tools' answers; every failure is a `StarbridgeError`."""

    def __init__(self, http: "httpx.AsyncClient", key: str, turns: Turns, settings: Settings) -> None:
        self._http = http
        self._key = key
        self._turns = turns
        self._settings = settings

    async def call(self, tool: Tool, input_vars: Json) -> Json:
        """Call a tool and return its answer; tried again where that can help."""

        async def once() -> Json:
            return self._read(read_answer, tool, await self._send(tool, "POST", f"apps/{TOOL_IDS[tool]}", input_vars))

        return await repeating(self._settings)(once)

    async def run(self, tool: Tool, input_vars: Json) -> Json:
        """Start a tool as an async run, poll until it ends, and return its answer, all within `chat_timeout`."""
        seconds = self._settings.chat_timeout
        progress = _Progress()
        try:
            async with asyncio.timeout(seconds):
                run_id = await self._start(tool, input_vars)
                return await self._poll(tool, run_id, progress)
        except TimeoutError:
            said = f"no answer within {seconds:g} s{progress.fault}"
        raise StarbridgeError("starbridge", tool, said, status=progress.status, retryable=True)

    async def _start(self, tool: Tool, input_vars: Json) -> str:
        answered = False

        async def once() -> str:
            nonlocal answered
            reply = await self._send(tool, "POST", f"apps/{TOOL_IDS[tool]}/async", input_vars)
            answered = reply.status < 300
            return self._read(read_run_id, tool, reply)

        def was_not_started(problem: ServiceError) -> bool:
            # A run costs credits: one whose start was answered is never started again.
            return not answered and (problem.status or 500) >= 300

        return await repeating(self._settings, helps=was_not_started)(once)

    async def _poll(self, tool: Tool, run_id: str, progress: _Progress) -> Json:
        while True:
            pause = self._settings.chat_poll_every
            await asyncio.sleep(pause)
            try:
                reply = await self._send(tool, "GET", f"apps/run/{run_id}/output")
                if reply.status != 202:
                    return self._read(read_answer, tool, reply)
                progress.status, progress.fault = 202, ""
            except StarbridgeToolFailure:
                raise
            except StarbridgeError as problem:
                if problem.status == 404:
                    raise StarbridgeError("starbridge", tool, "the async run is gone", status=404) from None
                if not problem.retryable:
                    raise
                progress.status, progress.fault = problem.status, f"; the last poll: {problem}"
                asked = min(problem.retry_after or 0.0, self._settings.retry_pause_max)
                _log.warning("%s; polled again", in_short(problem))
                await asyncio.sleep(max(0.0, asked - pause))

    def _read(self, reader: Callable[[str, int, Mapping[str, str], bytes], T], tool: Tool, reply: _Reply) -> T:
        try:
            return reader(tool, reply.status, reply.headers, reply.body)
        except StarbridgeError as problem:
            # What the service says can hold what it was sent.
            problem.args = (str(problem).replace(self._key, "***"),)
            raise

    async def _send(self, tool: Tool, method: str, path: str, input_vars: Json | None = None) -> _Reply:
        """Send one request when its turn has come. Raises `StarbridgeError` when no whole answer comes."""
        import httpx

        content = None if input_vars is None else {"input_vars": input_vars}
        headers = {"x-api-key": self._key, "accept": "application/json"}
        status = None
        async with self._turns.take():
            try:
                async with (
                    logged("starbridge", tool if method == "POST" else f"{tool}_poll"),
                    asyncio.timeout(self._settings.starbridge_timeout),
                    self._http.stream(method, path, json=content, headers=headers) as answer,
                ):
                    status = answer.status_code
                    return _Reply(status, answer.headers, await answer.aread())
            except (httpx.RequestError, TimeoutError) as problem:
                if status is not None and status >= 300:
                    return _Reply(status, answer.headers, b"")
                raise self._no_answer(tool, problem, status) from None

    def _no_answer(
        self, tool: Tool, problem: "httpx.RequestError | TimeoutError", status: int | None
    ) -> StarbridgeError:
        import httpx

        settings = self._settings
        match problem:
            case httpx.ConnectTimeout():
                said = f"no connection within {settings.connect_timeout:g} s"
            case httpx.TimeoutException() | TimeoutError():
                said = f"no answer within {settings.starbridge_timeout:g} s"
            case httpx.ConnectError():
                said = "no connection; check STARBRIDGE_URL and the network"
            case httpx.LocalProtocolError() | httpx.UnsupportedProtocol() | httpx.TooManyRedirects():
                # The text of these can hold what was sent, the key included.
                return StarbridgeError("starbridge", tool, f"the request could not be sent ({type(problem).__name__})")
            case _:
                said = f"the connection broke off ({type(problem).__name__})"
        return StarbridgeError("starbridge", tool, said, status=status, retryable=True)


@asynccontextmanager
async def open_transport(settings: Settings, services: Services) -> AsyncIterator[Transport]:
    """Open the connection pool; raise `MissingSettings` or `InvalidSettings` without a usable key."""
    import httpx

    secret = services.require("DATAGEN_API_KEY").datagen_api_key
    key = secret.get_secret_value().strip() if secret else ""
    if not (key and key.isascii() and key.isprintable()):
        raise InvalidSettings("DATAGEN_API_KEY holds characters that can't stand in a header; copy the key again")
    base = httpx.URL(str(services.starbridge_url))
    login = (base.username, base.password) if base.username else None
    base = base.copy_with(username=None, password=None, path=base.path.rstrip("/") + "/", query=None, fragment=None)
    timeout = httpx.Timeout(settings.starbridge_timeout, connect=settings.connect_timeout, pool=None)
    # A proxy of the environment is for the outside, not for a stand-in on this machine.
    async with (
        httpx.AsyncClient(
            base_url=base, auth=login, timeout=timeout, verify=trust(), trust_env=base.host not in _LOOPBACK,
            limits=httpx.Limits(max_connections=None, max_keepalive_connections=settings.starbridge_calls_at_once),
        ) as http,
        turns_of("starbridge", settings, address=str(base), key=key) as turns,
    ):  # fmt: skip
        yield Transport(http, key, turns, settings)
