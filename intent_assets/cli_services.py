"""Which services answer in a command: the real ones, or the sandbox where a key is missing and the command says so."""

import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from intent_assets.sandbox.core import HOST, PORT_OFFSETS, SERVICES, PortTaken
from intent_assets.sandbox.server import Sandbox
from intent_assets.settings import Services, Settings, load_services

KEYS = {
    "starbridge": "DATAGEN_API_KEY",
    "claude": "ANTHROPIC_API_KEY",
    "notion": "NOTION_TOKEN",
    "clay": "CLAY_WEBHOOK_URL",
    "smartlead": "SMARTLEAD_API_KEY",
    "supabase": "SUPABASE_KEY",
}
"""The variable without which a service is not configured."""


_PORT_SECONDS = 25


def without_key(services: Services) -> tuple[str, ...]:
    """Names of the services whose key is missing."""
    return tuple(name for name in SERVICES if not getattr(services, KEYS[name].lower()))


@contextmanager
def stand_ins(
    settings: Settings, tell: Callable[[str], None], *, names: Sequence[str] | None = None, share: bool = True
) -> Iterator[dict[str, str]]:
    """Serve `names` (default: the services without a key) from the sandbox and point this process at it.

    With `share`, a sandbox that already runs on the fixed ports, from `make dev` say, is used as it is, and where
    something else has the ports, free ones are taken. Without, the fixed ports are waited for and it is an error if
    they can't be had: who stays for long must not lean on a sandbox that another command may end.
    Yields the variables, by which child processes find the stand-ins, too.
    """
    wanted = without_key(load_services()) if names is None else tuple(names)
    if not wanted:
        yield {}
        return
    base = settings.sandbox_port_base
    if share and all(_answers(name, base + PORT_OFFSETS[name]) for name in wanted):
        tell(f"using the sandbox that runs already (ports from {base})")
        with _environment(_variables(wanted, base)) as variables:
            yield variables
        return
    sandbox = _start(wanted, settings, tell) if share else _start_on_fixed_ports(wanted, settings)
    try:
        with _environment(sandbox.variables()) as variables:
            yield variables
    finally:
        sandbox.stop()


def _start(wanted: Sequence[str], settings: Settings, tell: Callable[[str], None]) -> Sandbox:
    state = settings.home / "sandbox"
    sandbox = Sandbox(only=wanted, port_base=settings.sandbox_port_base, state_dir=state)
    try:
        sandbox.start()
    except PortTaken as problem:
        tell(f"port {problem.port} is taken, so the sandbox takes free ones")
        sandbox = Sandbox(only=wanted, state_dir=state)
        sandbox.start()
    return sandbox


def _start_on_fixed_ports(wanted: Sequence[str], settings: Settings) -> Sandbox:
    """Start there, as soon as the ports are free: the last `intent dev` may be ending still."""
    until = time.monotonic() + _PORT_SECONDS
    while True:
        sandbox = Sandbox(only=wanted, port_base=settings.sandbox_port_base, state_dir=settings.home / "sandbox")
        try:
            sandbox.start()
        except PortTaken:
            if time.monotonic() > until:
                raise
            time.sleep(0.5)
        else:
            return sandbox


def _answers(name: str, port: int) -> bool:
    import httpx

    try:
        answer = httpx.get(f"http://{HOST}:{port}/__sandbox__", timeout=2)
        return answer.status_code == httpx.codes.OK and answer.json().get("service") == name
    except (httpx.HTTPError, ValueError):
        return False


def _variables(names: Sequence[str], base: int) -> dict[str, str]:
    quiet = Sandbox(only=names)
    return {
        key: value
        for name in names
        for key, value in quiet.service(name).variables(f"http://{HOST}:{base + PORT_OFFSETS[name]}").items()
    }


@contextmanager
def _environment(variables: dict[str, str]) -> Iterator[dict[str, str]]:
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield variables
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
