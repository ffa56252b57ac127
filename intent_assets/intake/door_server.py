"""Serves the door over uvicorn so that slow clients, and many of them, keep nobody else out."""

import asyncio
import socket
import time
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Literal

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

from intent_assets.errors import DoorError
from intent_assets.intake.door_problems import Problem, unavailable
from intent_assets.settings import DoorSettings

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

GRACE_SECONDS = 20
"""How long requests in flight have at the end."""

_DRAIN_SECONDS = 3.0
_DRAINED_BYTES = 8_000_000
_Awaited = Literal["request", "rest"] | None
_BACKLOG = 1024


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens there; raises `DoorError` that says why it can't be had."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP, flags=socket.AI_PASSIVE
        )[0]
        listening = socket.socket(family, kind, protocol)
    except OSError as problem:
        raise DoorError(f"the address {host} can't be used ({problem.strerror}): choose another with --host") from None
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(_BACKLOG)
    except OSError as problem:
        listening.close()
        raise DoorError(
            f"port {port} of {host} can't be used ({problem.strerror}): another `intent serve` or `intent up` may run "
            "there already; stop it, or choose another port with --port"
        ) from None
    return listening


def server(app: "ASGIApp", settings: DoorSettings) -> uvicorn.Server:
    """Return the server of the door; give it a socket of `listen`."""
    return uvicorn.Server(_Config(app, settings))


class _Config(uvicorn.Config):
    def __init__(self, app: Any, door: DoorSettings) -> None:
        self.door = door
        super().__init__(
            app,
            http=_Protocol,
            ws="none",
            lifespan="on",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=bool(door.trusted_proxies),
            forwarded_allow_ips=list(door.trusted_proxies),
            timeout_keep_alive=door.keep_alive_seconds,
            timeout_graceful_shutdown=GRACE_SECONDS,
        )


class _Protocol(H11Protocol):
    """HTTP/1.1 whose clients have to send in time.

    A request's headers have their time (its body's is the application's). What a client still sends when it has been
    answered is read and thrown away for a while, so that it sees the answer. Where there are too many connections, the
    one that lets the door wait longest is closed for the new one.
    """

    config: _Config

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # uvicorn's own form
        super().connection_made(transport)
        self._left_to_drain = _DRAINED_BYTES
        self._timer: asyncio.TimerHandle | None = None
        self._await("request", self.config.door.header_seconds)
        if len(self.connections) > self.config.door.connections and not self._close_the_slowest():
            self.app = _busy

    def connection_lost(self, exc: Exception | None) -> None:
        self._await(None)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._awaited == "rest":
            self._left_to_drain -= len(data)
            if self._left_to_drain < 0:
                self.transport.abort()
                return
        super().data_received(data)
        self._look()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._look()

    def send_400_response(self, msg: str) -> None:
        if self.conn.our_state not in (h11.IDLE, h11.SEND_RESPONSE):
            self.transport.abort()  # an answer is on its way already
            return
        problem = Problem(400, "bad_request", msg)
        headers = [(b"content-type", b"application/json"), (b"connection", b"close")]
        reason = HTTPStatus.BAD_REQUEST.phrase.encode()
        for event in (
            h11.Response(status_code=problem.status, headers=headers, reason=reason),
            h11.Data(data=bytes(problem.answer().body)),
            h11.EndOfMessage(),
        ):
            self.transport.write(self.conn.send(event))
        self.transport.close()

    def _look(self) -> None:
        """Find out what the client is awaited for now, and give it its time when that has changed."""
        cycle: RequestResponseCycle | None = self.cycle
        awaited: _Awaited = None
        if cycle is None or cycle.response_complete:
            awaited = "rest" if self.conn.their_state is h11.SEND_BODY else "request"
        if awaited == self._awaited:
            return
        door = self.config.door
        self._await(awaited, _DRAIN_SECONDS if awaited == "rest" else door.keep_alive_seconds + door.header_seconds)

    def _await(self, awaited: "_Awaited", seconds: float = 0.0) -> None:
        self._awaited = awaited
        self._since = time.monotonic()
        if self._timer is not None:
            self._timer.cancel()
        self._timer = None if awaited is None else self.loop.call_later(seconds, self.transport.abort)

    def _lets_wait(self) -> bool:
        return self._awaited is not None or self.conn.their_state is h11.SEND_BODY

    def _close_the_slowest(self) -> bool:
        others = [other for other in self.connections if isinstance(other, _Protocol) and other is not self]
        slowest = min((other for other in others if other._lets_wait()), key=lambda other: other._since, default=None)
        if slowest is None:
            return False
        slowest.transport.abort()
        return True


async def _busy(scope: "Scope", receive: "Receive", send: "Send") -> None:
    problem = unavailable("there are too many connections at once", "too_busy")
    problem.headers["Connection"] = "close"
    await problem.answer()(scope, receive, send)
