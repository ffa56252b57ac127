"""`intent up`: the door, Dagster's UI and its daemon together, kept running."""

import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer

from intent_assets.cli_processes import Child, Stop, refuse_taken_port, run_together, say, tell_services
from intent_assets.cli_serve import door_url, reachable_host
from intent_assets.errors import IntentError
from intent_assets.instance import open_instance
from intent_assets.settings import REQUIRED, load_services, load_settings

UI_HOST = "127.0.0.1"
WORKSPACE = "workspace.yaml"

_DOOR_GRACE = 25.0
_DAGSTER_GRACE = 15.0


def up(
    host: Annotated[
        str | None, typer.Option(help="Address of the door, 0.0.0.0 for all. Default: INTENT_DOOR__HOST, 127.0.0.1.")
    ] = None,
    port: Annotated[
        int | None, typer.Option(min=1, max=65535, help="Port of the door. Default: INTENT_DOOR__PORT, 8080.")
    ] = None,
    ui_port: Annotated[int, typer.Option(min=1, max=65535, help="Port of the Dagster UI, on loopback only.")] = 3000,
    sandbox: Annotated[
        bool, typer.Option("--sandbox", help="Serve every service whose key is missing by a local stand-in.")
    ] = False,
) -> None:
    """Run all of it: the door for replies, Dagster's daemon that makes the reports, and Dagster's UI.

    What dies is started again. Ctrl-C or SIGTERM stops all: first the door, so that no reply comes in that is not
    stored, then Dagster. Runs at work then have some seconds to end; what does not goes on at the next start, from the
    step where it was. Replies and notices that wait are kept. A second Ctrl-C does not wait.
    """
    settings = load_settings()
    if not Path(WORKSPACE).exists():
        raise IntentError(f"there is no {WORKSPACE} here: run it in the project's folder")
    services = load_services()
    if not sandbox:
        services.require(*REQUIRED)
    door = settings.door.model_copy(update={"host": host or settings.door.host, "port": port or settings.door.port})
    address = reachable_host(door, services)
    refuse_taken_port(address, door.port, option="--port", what="door")
    refuse_taken_port(UI_HOST, ui_port, option="--ui-port", what="Dagster UI")
    with open_instance(settings):
        pass  # made before the children start: their migrations would race
    stop = Stop()
    with ExitStack() as stack:
        variables: dict[str, str] = {}
        if sandbox:
            from intent_assets.cli_services import stand_ins

            variables = stack.enter_context(stand_ins(settings, say, share=False))
        url = str(settings.dagster_url) if "dagster_url" in settings.model_fields_set else f"http://{UI_HOST}:{ui_port}"
        environment = {**os.environ, "PYTHONWARNINGS": "ignore", "INTENT_DAGSTER_URL": url}
        children = (
            _door(address, door.port, environment),
            _run_worker(environment),
            _dagster("daemon", ("dagster._daemon", "run"), environment),
            _dagster("UI", ("dagster_webserver", "--host", UI_HOST, "--port", str(ui_port)), environment),
        )
        stop.listen()
        tell_services({"door": door_url(address, door.port), "Dagster UI": f"http://{UI_HOST}:{ui_port}"}, variables)
        say(f"state          {settings.home.absolute()}\n")
        killed = run_together(children, stop)
    runs = "; runs that were at work go on at the next start" if killed else ""
    say(f"stopped{runs}; replies and notices that wait are kept")


def _door(host: str, port: int, environment: Mapping[str, str]) -> Child:
    command = [sys.executable, "-m", "intent_assets.cli", "serve", "--host", host, "--port", str(port)]
    return Child("door", command, environment, grace=_DOOR_GRACE)


def _run_worker(environment: Mapping[str, str]) -> Child:
    command = [sys.executable, "-m", "intent_assets.run_worker"]
    return Child("run worker", command, environment, grace=_DAGSTER_GRACE)


def _dagster(name: str, module: Sequence[str], environment: Mapping[str, str]) -> Child:
    command = [sys.executable, "-m", *module, "--workspace", WORKSPACE, "--log-level", "warning"]
    return Child(f"Dagster {name}", command, environment, grace=_DAGSTER_GRACE)
