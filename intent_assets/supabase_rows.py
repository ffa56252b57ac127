"""Rows of Supabase to typed records, and signals to opportunities as Starbridge would send them. Pure.

So a signal of either source is read and scored by the same definition (contracts: scoring, starbridge, supabase).
What a row does not say stays unsaid: one without a buyer has none.
"""

import re
from collections.abc import Mapping, Sequence
from itertools import compress
from typing import Annotated, Any, TypeVar
from urllib.parse import urlsplit

from pydantic import BeforeValidator, ConfigDict, ValidationError

from intent_assets.settings import AllocationColumns, SignalColumns
from intent_assets.wire import Amount, Json, Loose, Needed, Real, Whole, Wire, Words

LONGEST_TITLE = 120

_TYPES: Mapping[str, tuple[str, ...]] = {
    "BoardMeeting": ("boardmeeting", "meeting", "councilmeeting"),
    "StrategicPlan": ("strategicplan", "plan"),
    "Selling": ("selling", "rfp", "requestforproposal", "requestsforproposal", "bid", "solicitation"),
    "PurchaseOrder": ("purchaseorder", "purchase", "po"),
    "Contract": ("contract",),
}
_WORDS = {word: name for name, words in _TYPES.items() for word in words}
_TITLES = {
    "BoardMeeting": "Meeting", "StrategicPlan": "Strategic plan", "Selling": "RFP", "PurchaseOrder": "Purchase",
    "Contract": "Contract",
}  # fmt: skip
_WEB_ADDRESS = re.compile(r"(https?://|www\.)[^\s/?#]+\S*", re.IGNORECASE)
_FILE = re.compile(r"[^/]+\.[A-Za-z0-9]{2,5}")
_YES = {"true", "t", "yes", "y", "1"}
_NO = {"false", "f", "no", "n", "0", ""}


def _truth(value: object) -> object:
    """Take a truth value as the column's type has it: a boolean, 0 or 1, a word; null is no."""
    word = str(value).strip().lower() if isinstance(value, str | int) else None
    if value is None or word in _NO:
        return False
    if word in _YES:
        return True
    raise ValueError("neither yes nor no")


class _Row(Wire):
    model_config = ConfigDict(alias_generator=None)


class SignalRow(_Row):
    """One row of the table of signals, dates and amounts as sent; `relevance_score` takes no part in scoring."""

    id: Needed
    domain: str | None = None
    signal_type: Loose | None = None
    summary: Loose | None = None
    source: Loose | None = None
    date: Loose | None = None
    relevance_score: Real | None = None
    title: Loose | None = None
    buyer_id: Loose | None = None
    buyer_name: Loose | None = None
    buyer_type: Words | None = None
    buyer_state: str | None = None
    buyer_website: str | None = None
    status: str | None = None
    due_date: Loose | None = None
    until_date: Loose | None = None
    amount: Amount | None = None


class AllocationRow(_Row):
    """One row of the table of what was sent to whom; never to be shown, for its address."""

    signal_id: Needed
    prospect_email: str | None = None
    campaign_id: Loose | None = None
    sequence_position: Whole | None = None
    sent: Annotated[bool, BeforeValidator(_truth)] = False


R = TypeVar("R", bound=_Row)


def read_signals(
    items: Sequence[object], columns: SignalColumns, *, domain: str
) -> tuple[tuple[SignalRow, ...], tuple[str, ...]]:
    """Read rows of the table of signals; those without an id, and of another domain than asked, are set aside.

    Returns the good ones, in order, and what was set aside or left out of a row, each with the reason.
    """
    rows, unreadable = _read(SignalRow, items, columns.model_dump(), "signal", columns.id)
    own = [(row.domain or "").strip().lower() == domain.lower() for row in rows]
    others = [f"signal {row.id}: is not of {domain}" for row, is_own in zip(rows, own, strict=True) if not is_own]
    return tuple(compress(rows, own)), (*unreadable, *others)


def read_allocations(
    items: Sequence[object], columns: AllocationColumns
) -> tuple[tuple[AllocationRow, ...], tuple[str, ...]]:
    """Read rows of the table of allocations likewise; a `sent` that says neither yes nor no sets its row aside."""
    rows, unreadable = _read(AllocationRow, items, columns.model_dump(), "allocation", columns.signal_id)
    return tuple(row for row in rows if "sent" not in row.unreadable), unreadable


def opportunities(rows: Sequence[SignalRow]) -> list[Json]:
    """Return each row as a wire opportunity (contracts: starbridge); what the row does not say is left out."""
    return [_opportunity(row) for row in rows]


def _opportunity(row: SignalRow) -> Json:
    kind = _kind(row.signal_type)
    fields: Json = {
        "id": row.id,
        "title": _one_line(row.title) or _shortened(row.summary) or _TITLES.get(kind or "", kind) or "Signal",
        "type": kind,
        "summary": _text(row.summary),
        "status": _text(row.status),
        "postedDate": _text(row.date),
        "dueDate": _text(row.due_date),
        "untilDate": _text(row.until_date),
        "purchaseAmount": row.amount,
        "buyerId": _text(row.buyer_id),
        "buyerName": _one_line(row.buyer_name) or None,
        "buyerType": _text(row.buyer_type),
        "buyerState": _text(row.buyer_state),
        "buyerWebsite": _text(row.buyer_website),
        "files": _files(_text(row.source)),
    }
    return {name: value for name, value in fields.items() if value is not None}


def _kind(signal_type: str | None) -> str | None:
    """Return the wire's word for a type, whichever of the contracts' words it is, or the type as it is."""
    key = "".join(char for char in (signal_type or "").casefold() if char.isalpha())
    return _WORDS.get(key) or _WORDS.get(key.removesuffix("s")) or _one_line(signal_type) or None


def _files(source: str | None) -> list[Json] | None:
    """Return the source as the document: by its address, or by its text where it has none."""
    if source is None:
        return None
    if not _WEB_ADDRESS.fullmatch(source):
        return [{"name": " ".join(source.split())}]
    url = source if "://" in source else f"https://{source}"
    try:
        parts = urlsplit(url)
    except ValueError:
        return [{"name": source}]
    last = parts.path.rpartition("/")[2]
    return [{"name": last if _FILE.fullmatch(last) else parts.hostname, "sourceUrl": url}]


def _read(
    kind: type[R], items: Sequence[object], columns: Mapping[str, str], what: str, key: str
) -> tuple[tuple[R, ...], tuple[str, ...]]:
    good: list[R] = []
    faults: list[str] = []
    for place, item in enumerate(items, start=1):
        if not isinstance(item, dict):
            faults.append(f"{what} number {place}: is no row")
            continue
        label = f"{what} {_named(item.get(key)) or f'number {place}'}"
        try:
            row = kind.model_validate({field: item[column] for field, column in columns.items() if column in item})
        except ValidationError as problem:
            names = sorted({columns.get(str(error["loc"][0]), "row") for error in problem.errors()})
            faults.append(f"{label}: missing or unreadable: {', '.join(names)}")
            continue
        good.append(row)
        if row.unreadable:
            faults.append(f"{label}: unreadable: {', '.join(columns[name] for name in row.unreadable)}")
    return tuple(good), tuple(faults)


def _named(value: Any) -> str:
    return _one_line(str(value))[:80] if isinstance(value, str | int) else ""


def _text(value: str | None) -> str | None:
    return (value or "").strip() or None


def _one_line(value: str | None) -> str:
    return " ".join((value or "").split())


def _shortened(value: str | None) -> str:
    """Return a text on one line, cut between words where it is too long for a title."""
    line = _one_line(value)
    if len(line) <= LONGEST_TITLE:
        return line
    whole_words = line[:LONGEST_TITLE].rpartition(" ")[0]
    return f"{whole_words or line[: LONGEST_TITLE - 1]}…"
