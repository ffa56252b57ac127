"""`intent score`: rank the buyers of a file of wire records, without any service."""

import json
import re
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import typer
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from intent_assets.cli_text import printable
from intent_assets.errors import IntentError
from intent_assets.records import SearchStrategy
from intent_assets.settings import load_settings

if TYPE_CHECKING:
    from intent_assets.scoring import Ranking

_COLUMNS = (
    "buyer_id", "rank", "score", "type_match", "signal_count", "recency", "urgency", "dollar_value", "keyword_hits",
    "signals", "role", "reason",
)  # fmt: skip


class InvalidScoreFile(IntentError):
    """A file that `intent score` can't read; says where in it and why."""


def _day(value: object) -> object:
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        raise ValueError("not a date such as 2026-11-23")
    return value


_Texts = Annotated[tuple[str, ...], BeforeValidator(lambda value: value or ())]
_Rows = Annotated[list[Any], BeforeValidator(lambda value: value or [])]


class _Strategy(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    buyer_types: _Texts = ()
    primary_keywords: _Texts = ()


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")

    as_of: Annotated[date, BeforeValidator(_day)]
    strategy: _Strategy
    searches: Annotated[list[_Rows], BeforeValidator(lambda value: value or [])] = Field(default_factory=list)
    buyers: _Rows = Field(default_factory=list)


class _Unread(msgspec.Struct, gc=False):
    """The file with its rows still as JSON text: a million of them as objects would take gigabytes."""

    as_of: Any = msgspec.UNSET
    strategy: Any = msgspec.UNSET
    searches: list[list[msgspec.Raw] | None] | None = None
    buyers: list[msgspec.Raw] | None = None


def score(
    file: Annotated[str, typer.Argument(metavar="FILE", help="JSON file, or - for standard input.")],
    json_output: Annotated[bool, typer.Option("--json", help="Print a JSON list in rank order.")] = False,
) -> None:
    """Rank the buyers of a JSON file by the scoring definition; no service is asked and nothing is stored.

    FILE holds {"as_of": "2026-11-23", "strategy": {"buyer_types": [...], "primary_keywords": [...]},
    "searches": [[opportunity, ...], ...], "buyers": [buyer, ...]}, opportunities and buyers as Starbridge sends them.
    Weights, days and the number of secondary buyers are those of the settings.
    """
    given = _read(file)
    settings = load_settings()
    # Arrow and what rests on it take a while to load: only this command waits for them.
    from intent_assets.scoring import ranking

    ranked = ranking(
        given.searches,
        given.buyers,
        SearchStrategy(buyer_types=given.strategy.buyer_types, primary_keywords=given.strategy.primary_keywords),
        weights=settings.weights,
        as_of=given.as_of,
        recency_days=settings.recency_days,
        secondary_buyers=settings.secondary_buyers,
        open_without_due_days=settings.open_without_due_days,
        expiring_days=settings.expiring_days,
        names=not json_output,
    )
    if json_output:
        rows = msgspec.json.encode(ranked.table.select(_COLUMNS).to_pylist())
        typer.echo(msgspec.json.format(rows, indent=2))
        return
    for row in ranked.table.to_pylist():
        name = row["buyer_name"] or row["buyer_id"]
        typer.echo(f"{row['rank']:>4}  {row['score']:.6f}  {row['role'] or '':<9}  {printable(name)}")
        typer.echo(f"      {printable(row['reason'])}")
    if not ranked.table.num_rows:
        typer.echo("no buyers in the file", err=True)
    for said in _left_out(ranked):
        typer.echo(said, err=True)


def _left_out(ranked: "Ranking") -> list[str]:
    said = {
        "opportunities set aside: they name no buyer": ranked.without_buyer,
        "rows set aside: no object, or without an id": ranked.unreadable_rows,
        "dates that can't be read count as absent": ranked.unreadable_dates,
    }
    return [f"{number} {what}" for what, number in said.items() if number]


def _read(file: str) -> _File:
    where = "standard input" if file == "-" else file
    try:
        text = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        return _File.model_validate(_parsed(text))
    except OSError as problem:
        raise InvalidScoreFile(f"{where}: {problem.strerror or problem}") from None
    except ValidationError as problem:
        first = problem.errors(include_url=False, include_input=False, include_context=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "the whole"
        raise InvalidScoreFile(f"{where}: {place}: {first['msg']} (see `intent score --help`)") from None
    except (ValueError, RecursionError) as problem:
        raise InvalidScoreFile(f"{where} is not JSON: {problem}") from None


def _parsed(text: bytes) -> Any:
    try:
        unread = msgspec.json.decode(text, type=_Unread)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        # The standard library reads more, such as NaN; what it can't read either, it names better.
        return json.loads(text)
    given = {name: getattr(unread, name) for name in unread.__struct_fields__}
    return {name: value for name, value in given.items() if value is not msgspec.UNSET}
