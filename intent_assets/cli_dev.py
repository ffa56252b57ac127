"""`intent dev`: everything that a person needs to work with it, in one terminal."""

import os
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

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
    with stand_ins(settings, _say, share=False) as variables:
        _refuse_a_taken_port(port)
        environment = {**os.environ, "PYTHONWARNINGS": "ignore", "INTENT_DAGSTER_URL": f"http://{HOST}:{port}"}
        command = [sys.executable, "-m", "dagster", "dev", "--workspace", "workspace.yaml"]
        command += ["--host", HOST, "--port", str(port), "--log-level", "error"]
        _stop_by_signal()
        process = subprocess.Popen(command, env=environment, start_new_session=True)  # noqa: S603 -- our own words
        _say(f"\nDagster UI     http://{HOST}:{port}")
        _tell_services(variables)
        _say(f"state          {settings.home.absolute()}\n")
        raise typer.Exit(_wait(process))


def _wait(process: "subprocess.Popen[bytes]") -> int:
    """Wait for the child; however this ends, nothing of it stays behind."""
    try:
        return process.wait()
    except KeyboardInterrupt:
        _say("stopping ...")
        _stop(process)
        return 0


def _stop(process: "subprocess.Popen[bytes]") -> None:
    """Ask the child and all that it started to end, and end what does not: a sensor that only waits, say."""
    try:
        os.killpg(process.pid, signal.SIGINT)
        process.wait(_STOP_SECONDS)
    except (subprocess.TimeoutExpired, KeyboardInterrupt):  # the second Ctrl-C is of somebody who won't wait
        pass
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _stop_by_signal() -> None:
    """Let SIGTERM end the command as Ctrl-C does."""

    def stop(_signal: int, _frame: object) -> None:
        raise KeyboardInterrupt

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)


def _refuse_a_taken_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as problem:
            raise IntentError(
                f"port {port} can't be used ({problem.strerror}): another `intent dev` may run already, see "
                f"http://{HOST}:{port}; stop it, or choose another port with --port"
            ) from None


def _tell_services(variables: dict[str, str]) -> None:
    pages = {"NOTION_BASE_URL": "Notion pages", "CLAY_WEBHOOK_URL": "Clay notices"}
    for name, what in pages.items():
        if name in variables:
            address = variables[name].split("/", 3)
            _say(f"{what:<14} {'/'.join(address[:3])}  (sandbox)")
    stood_in = sorted(name for name in variables if name.endswith("_URL"))
    _say(f"stand-ins for  {', '.join(stood_in) or 'none: every service has a key'}")


def _say(line: str) -> None:
    typer.echo(line, err=True)
