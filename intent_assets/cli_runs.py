"""`intent runs`: the latest runs, from the history."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from intent_assets.domains import normalise_domain

if TYPE_CHECKING:
    from pandas import DataFrame

COLUMNS = (
    "run_id", "domain", "company", "reply_id", "status", "verdict", "featured_buyer_id", "featured_buyer_name",
    "page_url", "started_at", "ended_at", "duration_seconds", "cost_usd", "input_tokens", "output_tokens",
    "signals_scanned", "buyers_scored", "new_signals", "failed_step", "error",
)  # fmt: skip
"""What `--json` gives of each run."""

COLOURS = {"success": "green", "failure": "red", "canceled": "yellow"}


def runs(
    domain: Annotated[str | None, typer.Argument(help="Only runs of this domain, for instance vmock.example.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many, the newest first.")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of the table.")] = False,
    timeline: Annotated[
        str | None,
        typer.Option(metavar="RUN", help="Where the time of one run went: its steps and outside calls."),
    ] = None,
    svg: Annotated[Path | None, typer.Option(help="With --timeline: write the picture to this file, too.")] = None,
) -> None:
    """List the latest runs: when, for which domain, how they ended, who was featured, where the page is.

    Reads the history only; a run stands in it once one of its steps has recorded something, at the latest when it ends.
    """
    if svg is not None and timeline is None:
        raise typer.BadParameter("it goes with --timeline RUN", param_hint="--svg")
    key = normalise_domain(domain) if domain is not None else None
    from intent_assets.resources.warehouse import Warehouse

    if timeline is not None:
        from intent_assets.cli_timeline import tell_timeline

        tell_timeline(Warehouse(), timeline, as_json=as_json, picture=svg)
        return
    found = _known(Warehouse().runs(limit=limit, domain=key))
    if as_json:
        typer.echo(json.dumps([{name: run[name] for name in COLUMNS} for run in found], indent=2, ensure_ascii=False))
    elif found:
        _print(found)
    else:
        of = f" of {key}" if key else ""
        typer.echo(f"No runs{of} are recorded yet. Start one: intent report {key or 'vmock.example'} --sandbox")


def _known(frame: "DataFrame") -> list[dict[str, Any]]:
    """Return the rows as plain values, times as ISO 8601 in UTC, None for what is not known."""
    plain = frame.astype(object).where(frame.notna(), None)
    rows = [{str(name): value for name, value in row.items()} for row in plain.to_dict(orient="records")]
    for row in rows:
        for name in ("started_at", "ended_at"):
            row[name] = row[name].isoformat(timespec="seconds") if row[name] is not None else None
    return rows


def _print(found: list[dict[str, Any]]) -> None:
    table = Table("when (UTC)", "domain", "ended", "featured buyer", "seconds", "US $", "page or problem")
    for run in found:
        when = run["started_at"] or run["recorded_at"].isoformat(timespec="seconds")
        table.add_row(
            when[:16].replace("T", " "),
            Text(run["domain"] or "-"),
            Text(_ending(run), style=COLOURS.get(run["status"], "")),
            Text(run["featured_buyer_name"] or "-"),
            f"{run['duration_seconds']:.1f}" if run["duration_seconds"] is not None else "-",
            f"{run['cost_usd']:.3f}" if run["cost_usd"] is not None else "-",
            Text(_page_or_problem(run), overflow="fold"),
        )
    console = Console()
    # a pipe has no width, and a cut URL is of no use
    console.width = console.width if console.is_terminal else max(console.width, 200)
    console.print(table)


def _ending(run: dict[str, Any]) -> str:
    status = run["status"] or "not ended"
    return f"{status}, {run['verdict']}" if run["verdict"] else status


def _page_or_problem(run: dict[str, Any]) -> str:
    if run["error"]:
        return f"{run['failed_step']}: {run['error']}" if run["failed_step"] else run["error"]
    return run["page_url"] or "-"
