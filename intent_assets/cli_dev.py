"""`intent dev`: everything that a person needs to work with it, in one terminal."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from intent_assets.cli_processes import Child, Stop, refuse_taken_port, run_alone, say, tell_services
from intent_assets.cli_services import stand_ins
from intent_assets.errors import IntentError
from intent_assets.instance import open_instance
from intent_assets.sandbox.core import HOST
from intent_assets.settings import load_settings

_STOP_SECONDS = 6


def dev(
    port: Annotated[int, typer.Option(help="Port of the Dagster UI.")] = 3000,
) -> None:
    """Start the Dagster UI with sensors over workspace.yaml, and the sandbox for every service without a key.

    Prints the URLs; Ctrl-C stops all of it. Put a reply in from another terminal with `intent reply FILE`.
    """
    if not Path("workspace.yaml").exists():
        raise IntentError("there is no workspace.yaml here: run it in the project's folder")
    settings = load_settings()
    with open_instance(settings):
        pass
    with stand_ins(settings, say, share=False) as variables:
        refuse_taken_port(HOST, port, option="--port", what="Dagster UI")
        environment = {**os.environ, "PYTHONWARNINGS": "ignore", "INTENT_DAGSTER_URL": f"http://{HOST}:{port}"}
        command = [sys.executable, "-m", "dagster", "dev", "--workspace", "workspace.yaml"]
        command += ["--host", HOST, "--port", str(port), "--log-level", "error"]
        stop = Stop()
        stop.listen()
        tell_services({"Dagster UI": f"http://{HOST}:{port}"}, variables)
        say(f"state          {settings.home.absolute()}\n")
        raise typer.Exit(run_alone(Child("Dagster UI", command, environment, grace=_STOP_SECONDS), stop))
