"""Runs stand-ins on loopback: one port each, all in one background thread."""

import asyncio
import errno
import importlib
import socket
import threading
from collections.abc import Coroutine, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from intent_assets.sandbox.core import HOST, PORT_OFFSETS, SERVICES, Call, KeepsTime, PortTaken, SandboxError, Service
from intent_assets.sandbox.faults import Fault, FaultPlan
from intent_assets.sandbox.gate import TRANSPORT, Gate
from intent_assets.sandbox.latency import Latency

_CLASSES = {
    "starbridge": "StarbridgeService",
    "claude": "ClaudeService",
    "notion": "NotionService",
    "clay": "ClayService",
    "smartlead": "SmartleadService",
    "supabase": "SupabaseService",
}

START_SECONDS = 60.0
STOP_SECONDS = 20.0


class Sandbox:
    """Stand-ins that run on loopback until `stop()`; also a context manager. It can be started again.

    `only` names the services (None: all). With `port_base` the ports are fixed (`core.PORT_OFFSETS` above it), else
    free ones are taken and kept over a restart. With `state_dir` each service keeps its state in a folder of its name
    there, else in memory. `faults` can be changed at any time, `calls` grows with every request.
    """

    def __init__(
        self,
        *,
        only: Sequence[str] | None = None,
        port_base: int | None = None,
        seed: int = 7,
        state_dir: Path | None = None,
        latency: Latency | None = None,
        faults: Sequence[Fault] = (),
    ) -> None:
        self.seed = seed
        self.latency = latency or Latency(seed=seed)
        self.faults = FaultPlan(seed=seed)
        self.faults.add(*faults)
        self.calls: list[Call] = []
        self._services = {name: self._create(name, state_dir) for name in _ordered(only)}
        self._ports = {
            name: 0 if port_base is None else port_base + PORT_OFFSETS[name] for name in self._services
        }  # fmt: skip
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping: asyncio.Event | None = None
        self._answering = False

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the services, in the order of `SERVICES`."""
        return tuple(self._services)

    def service(self, name: str) -> Any:
        """Return the stand-in itself, to look into it."""
        try:
            return self._services[name]
        except KeyError:
            raise SandboxError(f"the sandbox runs no {name!r}, only {', '.join(self._services)}") from None

    def url(self, service: str) -> str:
        """Return the base URL of a running service, without a slash at the end."""
        self.service(service)
        if self._thread is None:
            raise SandboxError(f"the sandbox is not running, so {service} has no URL; call start() first")
        return f"http://{HOST}:{self._ports[service]}"

    def variables(self) -> dict[str, str]:
        """Return the environment variables that point clients at the running stand-ins."""
        variables: dict[str, str] = {}
        for name, service in self._services.items():
            variables |= service.variables(self.url(name))
        return variables

    def start(self) -> None:
        """Take the ports and answer from there on; raise `PortTaken` naming the port that can't be had."""
        if self._thread is not None:
            raise SandboxError("the sandbox is running already")
        self._stopping = asyncio.Event()
        servers = {name: self._server(service, self._stopping) for name, service in self._services.items()}
        sockets: dict[str, socket.socket] = {}
        try:
            for name in servers:
                sockets[name] = _listen(name, self._ports[name])
        except PortTaken:
            for taken in sockets.values():
                taken.close()
            raise
        self._ports = {name: taken.getsockname()[1] for name, taken in sockets.items()}
        self._answering = False
        ready = threading.Event()
        serving = self._serve([(servers[name], sockets[name]) for name in servers], ready)
        self._thread = threading.Thread(target=_run, args=(serving, sockets, ready), name="sandbox", daemon=True)
        self._thread.start()
        ready.wait(START_SECONDS)
        if not self._answering:
            self.stop()
            raise SandboxError("the sandbox did not start; standard error has the reason")

    def stop(self) -> None:
        """Close all connections and ports and end the thread; a stopped sandbox stays stopped."""
        thread, loop, stopping = self._thread, self._loop, self._stopping
        if thread is None:
            return
        if loop is not None and stopping is not None and not loop.is_closed():
            loop.call_soon_threadsafe(stopping.set)
        thread.join(STOP_SECONDS)
        if thread.is_alive():
            raise SandboxError("the sandbox did not stop in time")
        self._thread = self._loop = self._stopping = None

    def _create(self, name: str, state_dir: Path | None) -> Service:
        module = importlib.import_module(f"intent_assets.sandbox.{name}")
        folder = None
        if state_dir is not None:
            folder = state_dir / name
            folder.mkdir(parents=True, exist_ok=True)
        service: Service = getattr(module, _CLASSES[name])(seed=self.seed, state_dir=folder)
        if isinstance(service, KeepsTime):
            service.latency = self.latency
        return service

    def _server(self, service: Service, stopping: asyncio.Event) -> "_Server":
        gate = Gate(
            service, faults=self.faults, latency=self.latency, calls=self.calls, seed=self.seed, stopping=stopping
        )
        return _Server(gate, stopping)

    async def _serve(self, servers: Sequence[tuple["_Server", socket.socket]], ready: threading.Event) -> None:
        self._loop = asyncio.get_running_loop()
        async with asyncio.TaskGroup() as group:
            for server, listening in servers:
                group.create_task(server.serve([listening]))
            for server, _ in servers:
                await server.answering.wait()
            self._answering = True
            ready.set()


def _run(serving: Coroutine[Any, Any, None], sockets: dict[str, socket.socket], ready: threading.Event) -> None:
    try:
        asyncio.run(serving)
    finally:
        for listening in sockets.values():
            listening.close()
        ready.set()


class _Protocol(H11Protocol):
    """HTTP/1.1 whose requests carry their connection, so that a fault can close it."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # uvicorn's own form
        super().connection_made(transport)
        app = self.app

        async def app_with_transport(scope: Any, receive: Any, send: Any) -> None:
            scope[TRANSPORT] = transport
            await app(scope, receive, send)

        self.app = app_with_transport


class _Server(uvicorn.Server):
    """A uvicorn server that starts and stops by events instead of being asked every 0.1 s."""

    def __init__(self, gate: Gate, stopping: asyncio.Event) -> None:
        super().__init__(
            uvicorn.Config(
                gate,
                http=_Protocol,
                ws="none",
                loop="asyncio",
                lifespan="auto",
                log_config=None,
                access_log=False,
                server_header=False,
                timeout_graceful_shutdown=2,
                timeout_keep_alive=60,
            )
        )
        self.answering = asyncio.Event()
        self._stopping = stopping

    async def main_loop(self) -> None:
        self.answering.set()
        counter = 0
        while not self._stopping.is_set():
            await self.on_tick(counter)
            counter += 1
            try:
                await asyncio.wait_for(self._stopping.wait(), timeout=0.1)
            except TimeoutError:
                continue


def _ordered(only: Sequence[str] | None) -> list[str]:
    wanted = SERVICES if only is None else tuple(only)
    unknown = [name for name in wanted if name not in SERVICES]
    if unknown:
        raise SandboxError(f"no stand-in is called {', '.join(unknown)}; there are {', '.join(SERVICES)}")
    if not wanted:
        raise SandboxError(f"no stand-in was asked for; there are {', '.join(SERVICES)}")
    return [name for name in SERVICES if name in wanted]


def _listen(service: str, port: int) -> socket.socket:
    # With the protocol named, asyncio sets TCP_NODELAY: without it each answer waits 40 ms.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        # A port in TIME_WAIT can be had again at once; one that somebody listens on can't.
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((HOST, port))
        listening.listen(128)
    except (OSError, OverflowError) as problem:
        listening.close()
        taken = isinstance(problem, OSError) and problem.errno == errno.EADDRINUSE
        raise PortTaken(service, port, "it is taken" if taken else str(problem)) from None
    return listening
