"""`intent history`: what the history knows of a domain, or across all domains."""

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from intent_assets.cli_text import printable, wide_console
from intent_assets.domains import normalise_domain

if TYPE_CHECKING:
    from pandas import DataFrame

    from intent_assets.resources.warehouse import Warehouse

Row = dict[str, Any]

COLOURS = {"published": "green", "failed": "red", "held": "yellow", "empty": "yellow", "canceled": "yellow"}
KEYWORDS = ("primary_keywords", "alternate_keywords", "meeting_keywords", "rfp_keywords")


def history(
    domain: Annotated[
        str | None, typer.Argument(help="The prospect's domain; without one: weeks and buyers across all domains.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many rows of each table at most.")] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object instead of the tables.")] = False,
) -> None:
    """Show what is remembered of a domain: reports, keywords, new signals, ranks, contacts shown, recurring buyers.

    A run that failed and the runs that resumed it are one report. Without DOMAIN it shows the weeks, with success rate
    and cost, and the buyers that come up for several domains. Reads the history only. Times are UTC.
    """
    key = normalise_domain(domain) if domain is not None else None
    from intent_assets.resources.warehouse import Warehouse

    found = _of_domain(Warehouse(), key, limit) if key is not None else _of_all(Warehouse(), limit)
    if as_json:
        typer.echo(json.dumps(found, indent=2, ensure_ascii=False))
    elif domain is not None:
        _print_domain(found)
    else:
        _print_all(found)


def _of_all(warehouse: "Warehouse", limit: int) -> Row:
    return {
        "weeks": _plain(warehouse.weekly_results(limit)),
        "recurring_buyers": _plain(warehouse.recurring_buyers(limit)),
    }


def _of_domain(warehouse: "Warehouse", domain: str, limit: int) -> Row:
    reports = _plain(warehouse.reports(domain, limit))
    for report in reports:
        report["keywords"] = _keywords(report.pop("strategy_json"), report["last_run_id"])
    listed = {report["root_run_id"] for report in reports}
    return {
        "domain": domain,
        "reports": reports,
        "new_signals": _plain(warehouse.new_signals(domain, limit)),
        "buyer_ranks": [rank for rank in _plain(warehouse.buyer_ranks(domain)) if rank["root_run_id"] in listed],
        "contacts": _plain(warehouse.contacts_shown(domain, limit)),
        "recurring_buyers": _plain(warehouse.recurring_buyers(limit, domain)),
    }


def _keywords(strategy_json: str | None, run_id: str) -> dict[str, list[str]] | None:
    from intent_assets.resources.warehouse_rows import read_strategy

    strategy = read_strategy(strategy_json, run_id) if strategy_json is not None else None
    return None if strategy is None else {name: list(getattr(strategy, name)) for name in KEYWORDS}


def _plain(frame: "DataFrame") -> list[Row]:
    """Return the rows as JSON values: times as ISO 8601 in UTC, None for what is not known."""
    return [{str(name): _value(value) for name, value in row.items()} for row in frame.to_dict(orient="records")]


def _value(value: Any) -> Any:
    import pandas as pd

    if value is None or value is pd.NaT or value is pd.NA or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    return value.isoformat() if isinstance(value, date) else value


def _print_domain(found: Row) -> None:
    domain, reports = found["domain"], found["reports"]
    if not reports and not found["contacts"] and not found["buyer_ranks"]:
        typer.echo(f"The history knows nothing of {domain} yet. Start with: intent report {domain} --sandbox")
        return
    _table(
        f"Reports of {domain}",
        ("asked (UTC)", "outcome", "featured buyer", "signals", "new", "US $", "seconds", "page"),
        (
            (
                _when(report["started_at"]),
                Text(_outcome(report), style=COLOURS.get(report["outcome"], "")),
                report["featured_buyer_name"],
                report["signals_scanned"],
                report["new_signals"],
                _figure(report["cost_usd"], 3),
                _figure(report["duration_seconds"], 1),
                report["page_url"],
            )
            for report in reports
        ),
    )
    _table(
        "Keywords",
        ("asked (UTC)", *(name.removesuffix("_keywords") for name in KEYWORDS)),
        (
            (_when(report["started_at"]), *(", ".join(report["keywords"][name]) for name in KEYWORDS))
            for report in reports
            if report["keywords"]
        ),
    )
    _print_new_signals(found["new_signals"])
    _print_ranks(found["buyer_ranks"])
    _table(
        "Contacts shown",
        ("last shown", "name", "title", "buyer", "e-mail", "as"),
        (
            (_when(row["last_shown"]), row["name"], row["title"], row["buyer_name"], row["email"], row["shown_as"])
            for row in found["contacts"]
        ),
    )
    _print_buyers("Of its buyers, these come up for other domains too", found["recurring_buyers"])


def _print_all(found: Row) -> None:
    if not found["weeks"] and not found["recurring_buyers"]:
        typer.echo("The history is empty yet. Start with: intent report vmock.example --sandbox")
        return
    counts = ("reports", "published", "held", "empty", "failed")
    _table(
        "Weeks",
        ("from", *counts, "success", "US $", "median seconds"),
        (
            (
                week["week"][:10],
                *(week[name] for name in counts),
                None if week["success_rate"] is None else f"{week['success_rate']:.0%}",
                _figure(week["cost_usd"], 2),
                _figure(week["median_seconds"], 1),
            )
            for week in found["weeks"]
        ),
    )
    _print_buyers("Buyers that come up for several domains", found["recurring_buyers"])


def _print_new_signals(signals: Sequence[Row]) -> None:
    before = _when(signals[0]["previous_reported_at"]) if signals else None
    since = f"since the one of {before}" if before else "which is the first"
    _table(
        f"New in the latest published report, {since}",
        ("rank", "buyer", "kind", "signal", "state", "US $"),
        (
            (row["rank"], row["buyer_name"], row["kind"], row["title"], row["state"], _figure(row["amount"], 0))
            for row in signals
        ),
    )


def _print_ranks(ranks: Sequence[Row]) -> None:
    """Print one line for each buyer that was featured or secondary, with its ranks in time."""
    courses: dict[str, list[Row]] = {}
    for row in ranks:
        courses.setdefault(row["buyer_id"], []).append(row)
    latest_first = sorted(courses.values(), key=lambda course: (-len(course), course[-1]["rank"] or math.inf))
    _table(
        "Ranks of the selected buyers, report by report (* featured, + secondary)",
        ("buyer", "ranks", "last move", "last seen"),
        (
            (
                course[-1]["buyer_name"] or course[-1]["buyer_id"],
                " > ".join(_ranked(row) for row in course),
                _move(course[-1]["places_gained"]),
                _when(course[-1]["seen_at"]),
            )
            for course in latest_first
        ),
    )


def _print_buyers(title: str, buyers: Sequence[Row]) -> None:
    _table(
        title,
        ("buyer", "domains", "best rank", "featured", "last seen"),
        (
            (
                row["buyer_name"] or row["buyer_id"],
                row["domains"],
                row["best_rank"],
                row["times_featured"],
                _when(row["last_seen"]),
            )
            for row in buyers
        ),
    )


def _table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table, nothing without rows; text of cells is shown as it is, but for control characters."""
    table = Table(*columns)
    for row in rows:
        table.add_row(*(_cell(value) for value in row))
    if table.row_count:
        typer.echo(f"\n{title}")
        wide_console().print(table)


def _cell(value: object) -> Text:
    if isinstance(value, Text):
        return value
    return Text("-" if value in (None, "") else printable(str(value)), overflow="fold")


def _outcome(report: Mapping[str, Any]) -> str:
    tries = report["tries"]
    return report["outcome"] if tries == 1 else f"{report['outcome']}, {tries} tries"


def _ranked(row: Mapping[str, Any]) -> str:
    mark = {"featured": "*", "secondary": "+"}.get(row["role"] or "", "")
    return "-" if row["rank"] is None else f"{row['rank']}{mark}"


def _move(places: int | None) -> str:
    return "-" if places is None else f"{places:+d}" if places else "0"


def _when(moment: str | None) -> str | None:
    return None if moment is None else moment[:16].replace("T", " ")


def _figure(value: float | None, digits: int) -> str | None:
    return None if value is None else f"{value:,.{digits}f}"
