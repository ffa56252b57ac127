"""`intent import`: the predecessor's SQLite file into the history."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from intent_assets.predecessor_reading import Problem
    from intent_assets.resources.predecessor_import import Import

TITLES = {
    "read": "rows read", "added": "added", "updated": "with another end now", "known": "known already",
    "set_aside": "set aside", "left_out": "values left out",
}  # fmt: skip


def import_history(
    file: Annotated[Path, typer.Argument(help="The predecessor's SQLite file; it is only read.", metavar="FILE.db")],
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object: counts and problems.")] = False,
) -> None:
    """Take the history of the predecessor over: its runs, discoveries, contacts and audit log, from its SQLite file.

    Each row is imported once, however often the command is run, also after it was interrupted or when the file has
    grown since. What can't be read is named row by row on standard error and never stops the rest: a row is set aside,
    or a single value of it is left out. The predecessor's scores are kept apart from ours, which are on another scale.

    Exit code 0 if the file could be read, whatever its rows hold.
    """
    from intent_assets.resources.predecessor_file import open_predecessor
    from intent_assets.resources.predecessor_import import Import
    from intent_assets.resources.warehouse import Warehouse

    problems: list[Problem] = []
    with open_predecessor(file) as opened:
        work = Import(opened, Warehouse(), problems.append if as_json else _say)
        work.run()
    if as_json:
        tables = {table: asdict(counts) for table, counts in work.counts.items()}
        listed = [problem._asdict() for problem in problems]
        typer.echo(json.dumps({"file": str(file), "tables": tables, "problems": listed}, indent=2, ensure_ascii=False))
    else:
        _print(work)


def _say(problem: "Problem") -> None:
    where = " ".join(filter(None, (problem.table, problem.row and f"row {problem.row}", problem.column)))
    typer.echo(f"{where}: {problem.reason}{' (row set aside)' if problem.set_aside else ''}", err=True)


def _print(work: "Import") -> None:
    for name, counts in work.counts.items():
        if not work.file.has(name):
            typer.echo(f"{name}: not in the file")
            continue
        told = [f"{getattr(counts, field):,} {title}" for field, title in TITLES.items()]
        typer.echo(f"{name}: {', '.join(told)}")
    if any(counts.set_aside for counts in work.counts.values()):
        typer.echo("rows that were set aside are named above; mend them in the file and import it again")
