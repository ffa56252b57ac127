"""`intent prune`: old state out, and old rows of the history where a person asks for it."""

import json
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from intent_assets.settings import Settings, load_settings

if TYPE_CHECKING:
    from intent_assets.resources.old_state import Pruned

EXIT_LEFT = 4


def prune(
    days: Annotated[
        int | None, typer.Option(min=1, help="How old it has to be, in days; default: INTENT_KEEP_DAYS, 365.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be removed; remove nothing.")] = False,
    history: Annotated[
        bool, typer.Option("--history", help="Remove rows of the history as old as that as well; asks first.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before rows of the history go.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Remove old state: runs with events and logs, replies, delivered notices, values of domains not seen since.

    The sensor old_state does the same once a day. Nothing goes that waits, runs or is unresolved: a domain with such
    keeps everything. What finds a domain's Notion page stays, so does the history unless --history is given. A reply
    whose file has gone counts as new if it is sent once more.

    Exit code: 0 done, 4 something could not be removed.
    """
    settings = load_settings()
    before = datetime.now(UTC) - timedelta(days=days if days is not None else settings.keep_days)
    done, rows = _pruned(settings, before, dry_run=dry_run), _rows(before) if history else {}
    removed = bool(rows) and not dry_run and (yes or _agreed(rows, before, as_json=as_json))
    if removed:
        from intent_assets.resources.warehouse import Warehouse
        from intent_assets.resources.warehouse_prune import forget_rows

        forget_rows(Warehouse(), before)
    if as_json:
        told = {"before": before.isoformat(timespec="seconds"), "dry_run": dry_run, "removed": done.counts}
        more = {"bytes": done.size, "left": done.left, "history": rows, "history_removed": removed}
        typer.echo(json.dumps({**told, **more}, indent=2))
    else:
        _print(done, rows, before, dry_run=dry_run, removed=removed)
    if done.left:
        raise typer.Exit(EXIT_LEFT)


def _pruned(settings: Settings, before: datetime, *, dry_run: bool) -> "Pruned":
    from intent_assets.instance import dagster_home, open_instance
    from intent_assets.resources.old_state import prune as prune_state

    with ExitStack() as stack:
        known = (dagster_home(settings) / "dagster.yaml").exists()
        instance = stack.enter_context(open_instance(settings)) if known else None
        return prune_state(settings, instance, before, dry_run=dry_run)


def _rows(before: datetime) -> dict[str, int]:
    from intent_assets.resources.warehouse import Warehouse
    from intent_assets.resources.warehouse_prune import older_rows

    return older_rows(Warehouse(), before)


def _agreed(rows: dict[str, int], before: datetime, *, as_json: bool) -> bool:
    return typer.confirm(
        f"Remove from the history for ever what was before {before:%Y-%m-%d}: {_counted(rows)}?", err=as_json
    )


def _print(done: "Pruned", rows: dict[str, int], before: datetime, *, dry_run: bool, removed: bool) -> None:
    what = "would be removed" if dry_run else "removed"
    if done.counts:
        typer.echo(f"{what}, older than {before:%Y-%m-%d}: {_counted(done.counts)} ({done.size / 1e6:.1f} MB)")
    else:
        typer.echo(f"nothing is older than {before:%Y-%m-%d} and needed by nothing")
    if rows:
        typer.echo(f"{'removed' if removed else 'would be removed'} from the history: {_counted(rows)}")
    for problem in done.left:
        typer.echo(f"STILL THERE: {problem}", err=True)


def _counted(counts: dict[str, int]) -> str:
    return ", ".join(f"{number:,} {kind}" for kind, number in counts.items())
