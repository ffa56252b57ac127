"""The gate in front of each stand-in: the log of requests, latency and faults; `control` answers beside it."""

import asyncio
import hashlib
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

from starlette.responses import JSONResponse, Response

from intent_assets.sandbox.control import CONTROL, control_app
from intent_assets.sandbox.core import Call, Message, Receive, Refines, Scope, Send, Service
from intent_assets.sandbox.failures import failure, html_page
from intent_assets.sandbox.faults import Fault, FaultPlan
from intent_assets.sandbox.latency import Latency

TRANSPORT = "sandbox.transport"
MARK = (b"x-sandbox", b"true")


class Gate:
    """An ASGI app round a stand-in's own; `stopping` ends whatever waits here."""

    def __init__(
        self,
        service: Service,
        *,
        faults: FaultPlan,
        latency: Latency,
        calls: list[Call],
        seed: int,
        stopping: asyncio.Event,
    ) -> None:
        self._service = service
        self._app = service.app()
        self._control = control_app(service.name, seed, faults, calls)
        self._faults = faults
        self._latency = latency
        self._calls = calls
        self._stopping = stopping

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if scope["path"] == CONTROL or scope["path"].startswith(CONTROL + "/"):
            await self._control(scope, receive, _marked(send))
            return
        body = await _read_body(receive)
        if body is None:
            return
        async with self._logged(scope, body) as (call, operations):
            exchange = _Exchange(scope, body, receive, _marked(_noting_status(send, call)), call)
            fault = self._faults.take(self._service.name, *operations)
            if fault is None:
                await self._carry_out(exchange, exchange.send)
            else:
                call.fault = fault.kind
                await self._play(fault, exchange)

    @asynccontextmanager
    async def _logged(self, scope: Scope, body: bytes) -> AsyncIterator[tuple[Call, tuple[str, ...]]]:
        plain = self._service.operation(scope["method"], scope["path"])
        refined = self._service.refine(plain, body) if isinstance(self._service, Refines) else plain
        digest = hashlib.sha256(f"{scope['method']} {scope['path']}\n".encode() + body).hexdigest()
        call = Call(self._service.name, refined, scope["method"], scope["path"], time.monotonic(), digest=digest)
        self._calls.append(call)
        try:
            yield call, tuple(dict.fromkeys((refined, plain)))
        finally:
            call.ended = time.monotonic()

    async def _carry_out(self, exchange: "_Exchange", send: Send) -> None:
        seconds = self._latency.answer(self._service.name, exchange.call.operation)
        delayed = _Delayed(exchange.receive, send, seconds, self._stopping)
        try:
            await self._app(exchange.scope, delayed.receive, delayed.send)
        except _Stopped:
            await exchange.abort()

    async def _play(self, fault: Fault, exchange: "_Exchange") -> None:
        if fault.kind in ("cut", "drop_after"):
            answer = _Answer()
            await self._carry_out(exchange, answer.send)
            if fault.kind == "cut":
                await exchange.send_half(answer)
            exchange.call.status = answer.status if fault.kind == "cut" else None
            await exchange.abort()
        elif fault.kind == "drop":
            await exchange.abort()
        elif fault.kind == "hang":
            await self._hold(fault.seconds, exchange)
            await exchange.abort()
        else:
            response = _made_up(fault, self._service.name)
            await response(exchange.scope, exchange.receive, exchange.send)

    async def _hold(self, seconds: float, exchange: "_Exchange") -> None:
        """Wait until the time is over, the client has gone or the sandbox stops."""
        waiting = {asyncio.create_task(exchange.gone()), asyncio.create_task(self._stopping.wait())}
        _, pending = await asyncio.wait(waiting, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        for task in pending:
            task.cancel()
        await asyncio.gather(*pending, return_exceptions=True)


class _Stopped(BaseException):
    """The sandbox stops while a request waits; no `Exception`, so that no app makes an answer of it."""


class _Delayed:
    """Lets an app wait once: when it reads the request, or else before it answers with success.

    So what an app holds while it works, such as a place among the requests at a time, is held as long as it would be.
    """

    def __init__(self, receive: Receive, send: Send, seconds: float, stopping: asyncio.Event) -> None:
        self._receive = receive
        self._send = send
        self._seconds = seconds
        self._stopping = stopping

    async def receive(self) -> Message:
        await self._wait()
        return await self._receive()

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] < 400:
            await self._wait()
        await self._send(message)

    async def _wait(self) -> None:
        seconds, self._seconds = self._seconds, 0.0
        if not seconds:
            return
        try:
            await asyncio.wait_for(self._stopping.wait(), seconds)
        except TimeoutError:
            return
        raise _Stopped


class _Answer:
    """Takes an app's answer instead of the client."""

    def __init__(self) -> None:
        self.status: int | None = None
        self.headers: list[tuple[bytes, bytes]] = []
        self.body = b""

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = list(message.get("headers", []))
        elif message["type"] == "http.response.body":
            self.body += message.get("body", b"")


class _Exchange:
    """One request with its connection."""

    def __init__(self, scope: Scope, body: bytes, receive: Receive, send: Send, call: Call) -> None:
        self.scope = scope
        self.send = send
        self.call = call
        self._receive = receive
        self._body: bytes | None = body

    async def receive(self) -> Message:
        if self._body is not None:
            body, self._body = self._body, None
            return {"type": "http.request", "body": body, "more_body": False}
        return await self._receive()

    async def gone(self) -> None:
        """Return when the connection is closed, by whichever side."""
        while (await self._receive())["type"] != "http.disconnect":
            continue

    async def abort(self) -> None:
        """Close the connection; what was sent before still goes out."""
        transport: asyncio.Transport = self.scope[TRANSPORT]
        transport.close()
        await self.gone()

    async def send_half(self, answer: _Answer) -> None:
        """Send the answer's head, with the length of the whole body, and the first half of the body."""
        headers = [(name, value) for name, value in answer.headers if name.lower() != b"content-length"]
        headers.append((b"content-length", str(len(answer.body)).encode()))
        await self.send({"type": "http.response.start", "status": answer.status, "headers": headers})
        half = answer.body[: len(answer.body) // 2]
        await self.send({"type": "http.response.body", "body": half, "more_body": True})


async def _read_body(receive: Receive) -> bytes | None:
    """Return the request's body, None when the client went away while sending it."""
    body = b""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        body += bytes(message.get("body", b""))
        if not message.get("more_body", False):
            return body


def _marked(send: Send) -> Send:
    async def marking(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message.get("headers", []), MARK]}
        await send(message)

    return marking


def _noting_status(send: Send, call: Call) -> Send:
    async def noting(message: Message) -> None:
        if message["type"] == "http.response.start":
            call.status = message["status"]
        await send(message)

    return noting


def _made_up(fault: Fault, service: str) -> Response:
    headers = {} if fault.retry_after is None else {"retry-after": _retry_after(fault.retry_after)}
    if fault.kind == "empty":
        return Response(status_code=fault.status or 200, headers=headers)
    if fault.kind == "html":
        status = fault.status or 502
        page = html_page(status) if fault.body is None else str(fault.body)
        return Response(page, status, headers, media_type="text/html")
    status = fault.status or (503 if fault.kind == "status" else 200)
    body = failure(service, 500 if status == 200 else status) if fault.body is None else fault.body
    if isinstance(body, str):
        return Response(body, status, headers, media_type="application/json" if _is_json(body) else "text/plain")
    return JSONResponse(body, status, headers)


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def _retry_after(value: str) -> str:
    if not value.startswith("date+"):
        return value
    moment = datetime.now(UTC) + timedelta(seconds=float(value.removeprefix("date+")))
    return format_datetime(moment, usegmt=True)
