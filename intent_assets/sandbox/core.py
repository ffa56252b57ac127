"""What all stand-ins share: the shape of a stand-in, its port, the log of requests, the errors.

A stand-in speaks the wire format of one outside service (contracts) over loopback. It is an ASGI app and knows
nothing of faults, latency or the log of requests: `gate.Gate` stands in front of it and does all that. The gate adds
`x-sandbox: true` to every answer and answers `/__sandbox__` itself.
"""

from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from intent_assets.errors import IntentError
from intent_assets.sandbox.latency import Latency

HOST = "127.0.0.1"

PORT_OFFSETS: Mapping[str, int] = {
    "starbridge": 0,
    "claude": 1,
    "notion": 2,
    "clay": 3,
    "smartlead": 4,
    "supabase": 5,
}
"""Port of a service above `port_base`; the keys are the names of all stand-ins."""

SERVICES = tuple(PORT_OFFSETS)

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
ASGIApp = Callable[[Scope, Receive, Send], Awaitable[None]]


class SandboxError(IntentError):
    """The sandbox can't do what was asked."""


class PortTaken(SandboxError):
    """The port of a stand-in can't be had; `service` and `port` say which."""

    def __init__(self, service: str, port: int, reason: str) -> None:
        self.service = service
        self.port = port
        super().__init__(
            f"sandbox {service}: port {port} on {HOST} can't be used ({reason}). Another sandbox may run already "
            f"(see http://{HOST}:{port}/__sandbox__); stop it, or choose other ports with --port-base."
        )


class Service(Protocol):
    """A stand-in. Its constructor is `Service(*, seed: int = 7, state_dir: Path | None = None)`.

    With `state_dir` (an existing folder of its own) it keeps its state there over restarts, else in memory.
    """

    @property
    def name(self) -> str:
        """One of `SERVICES`."""

    def app(self) -> Any:
        """Return the ASGI app (Starlette or FastAPI); asked for at every start of the sandbox."""

    def operation(self, method: str, path: str) -> str:
        """Return the stable name of the operation, e.g. `create_page`; of an unknown path, `unknown`."""

    def variables(self, base_url: str) -> dict[str, str]:
        """Return the environment variables that point a client at this stand-in, keys included."""


@runtime_checkable
class Refines(Protocol):
    """A stand-in that can name the operation more exactly from the request's body (optional).

    Claude has one path for everything: `operation` says `messages`, `refine` may say `featured_section`.
    Faults match either name; latency and the log of requests take the refined one.
    """

    def refine(self, operation: str, body: bytes) -> str:
        """Return the exact name, or `operation` when the body does not tell; must not raise on any body."""


@runtime_checkable
class KeepsTime(Protocol):
    """A stand-in with work that goes on behind its answers, such as an asynchronous run (optional).

    Its constructor sets `self.latency = Latency()`; the sandbox puts its own there before the start.
    `latency.run(name, operation)` is the duration in seconds. The time of the answers themselves is the gate's work.
    """

    latency: Latency


@dataclass
class Call:
    """One request as the gate saw it; times are `time.monotonic()`, `ended` is None while it goes on.

    `status` is None as long as nothing was answered, and for ever when the connection was dropped.
    `operation` is the refined name; `fault` is the kind of the fault that was played, if any. `digest` is the same for
    the same request sent again.
    """

    service: str
    operation: str
    method: str
    path: str
    started: float
    ended: float | None = None
    status: int | None = None
    fault: str | None = None
    digest: str = ""
