"""`intent sandbox`: runs the local stand-ins in the foreground and prints the variables that point at them."""

import json
import shlex
import signal
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from intent_assets.errors import IntentError
from intent_assets.sandbox.core import PORT_OFFSETS, SERVICES
from intent_assets.sandbox.faults import parse_faults
from intent_assets.sandbox.latency import parse_latency
from intent_assets.sandbox.server import Sandbox
from intent_assets.settings import load_settings

_PORTS = ", ".join(f"{name} +{offset}" for name, offset in PORT_OFFSETS.items())


def sandbox(
    *,
    only: Annotated[
        list[str] | None,
        typer.Option(metavar="SERVICE", help=f"Run only this one; may be repeated. One of: {', '.join(SERVICES)}."),
    ] = None,
    port_base: Annotated[
        int | None,
        typer.Option(min=1, max=65000, help=f"First of fixed ports ({_PORTS}). Without it, free ports are taken."),
    ] = None,
    latency: Annotated[
        str,
        typer.Option(
            metavar="PROFILE",
            help="How long answers take: none, measured (as the real services were measured), quick (a tenth of it), "
            "each with a factor if wanted, as in measured:0.5.",
        ),
    ] = "none",
    faults: Annotated[
        str,
        typer.Option(
            metavar="SPEC",
            help="Faults to play: SERVICE.OPERATION=KIND[:STATUS][:OPTION=VALUE...], several joined by ';'. KIND: "
            "status, html, empty, envelope, replace, drop, drop_after, cut, hang. OPTION: p, times, after, status, "
            "retry_after, seconds, body.",
        ),
    ] = "",
    seed: Annotated[int, typer.Option(help="Seed of the invented data, of latency and of faults.")] = 7,
    state: Annotated[
        Path | None,
        typer.Option(file_okay=False, help="Folder that keeps pages and notices. Default: sandbox in INTENT_HOME."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object instead of export lines.")] = False,
) -> None:
    """Run local stand-ins of the outside services until Ctrl-C, and print the variables to export.

    The stand-ins speak the real services' wire formats on 127.0.0.1, with invented data; every answer carries the
    header x-sandbox: true. No key is needed and nothing leaves this machine.

    In one terminal: intent sandbox > sandbox.env

    In another: source sandbox.env && intent report vmock.example

    A running sandbox can be steered: GET and PUT /__sandbox__/faults and GET /__sandbox__/calls on any of its ports.

    Example of faults: --faults 'notion.create_page=drop_after:times=1;starbridge.*=status:503:p=0.2:retry_after=1'
    """
    asked_to_stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: asked_to_stop.set())
    try:
        running = Sandbox(
            only=_names(only),
            port_base=port_base,
            seed=seed,
            state_dir=state or load_settings().home / "sandbox",
            latency=parse_latency(latency, seed=seed),
            faults=parse_faults(faults),
        )
        with running:
            typer.echo(_as_json(running) if as_json else _as_exports(running))
            typer.echo(_hint(running), err=True)
            asked_to_stop.wait()
    except IntentError as problem:
        typer.echo(str(problem), err=True)
        raise typer.Exit(1) from None


def _names(only: Sequence[str] | None) -> list[str] | None:
    names = [name.strip() for item in only or () for name in item.split(",")]
    return [name for name in names if name] or None


def _as_exports(running: Sandbox) -> str:
    return "\n".join(f"export {name}={shlex.quote(value)}" for name, value in running.variables().items())


def _as_json(running: Sandbox) -> str:
    urls = {name: running.url(name) for name in running.names}
    return json.dumps({"sandbox": True, "urls": urls, "variables": running.variables()})


def _hint(running: Sandbox) -> str:
    lines = ["The sandbox runs; Ctrl-C stops it."]
    if "notion" in running.names:
        lines.append(f"Published pages: {running.url('notion')}")
    if "clay" in running.names:
        lines.append(f"Notices as in Slack: {running.url('clay')}")
    return "\n".join(lines)


if __name__ == "__main__":
    typer.run(sandbox)
