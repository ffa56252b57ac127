"""`intent runs --timeline RUN`: where the time of one run went."""

import json
from collections.abc import Hashable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer
from rich.table import Table
from rich.text import Text

from intent_assets.cli_text import wide_console
from intent_assets.errors import IntentError
from intent_assets.timeline import CallMade, Row, StepMade, Timeline, from_metadata, timeline
from intent_assets.timeline_svg import as_svg

if TYPE_CHECKING:
    from intent_assets.resources.warehouse import Warehouse

_BAR = 60


def tell_timeline(warehouse: "Warehouse", run_id: str, *, as_json: bool, picture: Path | None) -> None:
    """Print the timeline of a run, from the audit log; `picture` gets it as SVG. Raises `IntentError` without steps."""
    found = timeline(steps_of(warehouse, run_id))
    if picture is not None:
        _write(picture, as_svg(found, f"Run {run_id}"))
    if as_json:
        typer.echo(json.dumps(_plain(run_id, found), indent=2))
    else:
        _print(found)


def steps_of(warehouse: "Warehouse", run_id: str) -> list[StepMade]:
    """Return the steps of a run that began, with their calls; raises `IntentError` where the audit log has none."""
    rows = warehouse.steps(run_id).to_dict(orient="records")
    steps = [
        StepMade(row["step"], row["started_at"].timestamp(), row["duration_seconds"], row["status"], tuple(_calls(row)))
        for row in rows
        if row["duration_seconds"] == row["duration_seconds"] and row["duration_seconds"] is not None
    ]
    if not steps:
        raise IntentError(
            f"the audit log has no steps of run {run_id}: it stands there once the run has ended; `intent runs` lists "
            "what is recorded"
        )
    return steps


def _calls(row: Mapping[Hashable, Any]) -> Iterable[CallMade]:
    metadata = json.loads(row["metadata_json"]) if isinstance(row["metadata_json"], str) else {}
    return from_metadata(json.loads(metadata["calls"])) if "calls" in metadata else ()


def _write(file: Path, content: str) -> None:
    try:
        file.write_text(content, encoding="utf-8")
    except OSError as problem:
        raise IntentError(f"the picture can't be written to {file}: {problem.strerror}") from None


def _plain(run_id: str, found: Timeline) -> dict[str, Any]:
    return {
        "run_id": run_id,
        "total_seconds": round(found.total, 3),
        "seconds_to_notice": None if found.to_notice is None else round(found.to_notice, 3),
        "seconds_in_calls_waited_for": round(found.called, 3),
        "rows": [
            {
                "name": row.name,
                "calls": row.calls,
                "waited_for": row.is_on_way,
                "times": [[round(began, 3), round(ended, 3)] for began, ended in row.seconds],
            }
            for row in found.rows
        ],
    }


def _print(found: Timeline) -> None:
    table = Table("step, and the calls in it", "from, s", "to, s", "", show_edge=False)
    for row in found.rows:
        name = row.name if not row.calls else f"  {row.name}{f' x{row.calls}' if row.calls > 1 else ''}"
        first, last = min(began for began, _ in row.seconds), max(ended for _, ended in row.seconds)
        table.add_row(Text(name), f"{first:.1f}", f"{last:.1f}", _bar(row, found.total))
    wide_console().print(table)
    typer.echo(f"\nthe whole run: {found.total:.1f} s")
    if found.to_notice is not None:
        own = found.to_notice - found.called
        typer.echo(
            f"to its notice: {found.to_notice:.1f} s, of which {found.called:.1f} s in the calls that all waited for "
            f"(█) and {own:.1f} s of its own"
        )


def _bar(row: Row, total: float) -> Text:
    cells = [" "] * _BAR
    for began, ended in row.seconds:
        first = min(_BAR - 1, int(began / max(total, 0.001) * _BAR))
        last = min(_BAR - 1, int(ended / max(total, 0.001) * _BAR))
        for at in range(first, last + 1):
            cells[at] = "━" if row.calls and not row.is_on_way else "█" if row.calls else "░"
    return Text("".join(cells), style="dim" if not row.calls else "red" if row.is_on_way else "blue")
