"""`intent serve`: the HTTP door."""

import asyncio
import logging.config
import signal
from typing import Annotated

import typer

from intent_assets.settings import DoorSettings, Services, load_services, load_settings

LOOPBACK = "127.0.0.1"
_ALONE = (
    "WARNING: {} not set, so nobody is asked who they are: the door listens on this machine's loopback only. Set "
    "INTAKE_TOKEN and SMARTLEAD_SECRET in the environment or in .env before others are to reach it."
)


def serve(
    host: Annotated[
        str | None, typer.Option(help="Address to listen on, 0.0.0.0 for all. Default: INTENT_DOOR__HOST, 127.0.0.1.")
    ] = None,
    port: Annotated[
        int | None, typer.Option(min=1, max=65535, help="Port to listen on. Default: INTENT_DOOR__PORT, 8080.")
    ] = None,
) -> None:
    """Take replies in by HTTP: POST /webhooks/smartlead, /reports and /reports/batch; /docs says it all.

    A reply is on disk before it is answered with 202. The sensor `replies` starts its report; without a daemon (see
    `intent up`) replies wait safely. Callers need INTAKE_TOKEN, Smartlead's webhooks SMARTLEAD_SECRET: while one of
    them is not set, the door listens on loopback only, whatever --host says. Ctrl-C or SIGTERM ends it when the
    requests in flight are answered.
    """
    settings, services = load_settings(), load_services()
    door = settings.door.model_copy(update={"host": host or settings.door.host, "port": port or settings.door.port})
    from intent_assets.intake.door import create_door
    from intent_assets.intake.door_auth import missing_secrets
    from intent_assets.intake.door_log import log_config
    from intent_assets.intake.door_server import listen, server

    missing = missing_secrets(services)
    if missing:
        typer.echo(_ALONE.format(" and ".join(missing)), err=True)
    address = reachable_host(door, services)
    listening = listen(address, door.port)
    logging.config.dictConfig(log_config())
    running = server(create_door(settings.model_copy(update={"door": door}), services), door)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: None)  # uvicorn's own handlers come and go; afterwards it is not told again
    typer.echo(f"the door is open on {door_url(address, door.port)} (try /docs); Ctrl-C closes it", err=True)
    asyncio.run(running.serve([listening]))


def reachable_host(door: DoorSettings, services: Services) -> str:
    """Return the address to listen on: one of loopback while a secret is missing, whatever is set."""
    from intent_assets.intake.door_auth import is_loopback, missing_secrets

    return LOOPBACK if missing_secrets(services) and not is_loopback(door.host) else door.host


def door_url(host: str, port: int) -> str:
    """Return the door's URL."""
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
