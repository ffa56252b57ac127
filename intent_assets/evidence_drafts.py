"""Facts before they have a number, and the one way in which they get it."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from intent_assets.evidence_display import one_line
from intent_assets.records import Fact, FactKind, FactRecord, Trust

if TYPE_CHECKING:
    from pandas import DataFrame, Series

Value = str | float | int | bool | None

_ALREADY_PLAIN = frozenset({str, int, float, bool, date})


@dataclass(frozen=True)
class Key:
    """What a fact is: its id depends on this, and not on its value."""

    buyer_id: str | None
    record: FactRecord
    record_id: str | None
    field: str


@dataclass(frozen=True)
class Origin:
    """The record that facts come from: whose it is, its computed state, and the source that a reader is shown."""

    record: FactRecord
    record_id: str | None
    source_title: str
    source_url: str | None = None
    buyer_id: str | None = None
    buyer_name: str | None = None
    state: str | None = None
    trust: Trust = "record"

    def key(self, field_name: str) -> Key:
        """The key of one fact of this record."""
        return Key(self.buyer_id, self.record, self.record_id, field_name)


@dataclass(frozen=True)
class Draft:
    """One fact without its id."""

    origin: Origin
    field: str
    kind: FactKind
    value: Value
    display: str
    unit: str | None = None
    derived_from: tuple[Key, ...] = ()


class Drafts:
    """Collects facts; what has nothing to show is left out."""

    def __init__(self) -> None:
        self._drafts: list[Draft] = []

    def add(
        self,
        origin: Origin,
        name: str,
        kind: FactKind,
        value: Value,
        display: object,
        *,
        unit: str | None = None,
        longest: int = 200,
        derived_from: Iterable[Key] = (),
    ) -> None:
        """Add one fact, unless its value or its display is empty."""
        shown = "" if display is None else one_line(display, longest)
        if value is not None and shown:
            self._drafts.append(Draft(origin, name, kind, value, shown, unit, tuple(derived_from)))

    def numbered(self, as_of: date) -> tuple[Fact, ...]:
        """Return the facts with their ids, in the order in which they came; of equal keys the first counts."""
        first = {draft.origin.key(draft.field): draft for draft in reversed(self._drafts)}
        ordered = {key: first[key] for key in dict.fromkeys(d.origin.key(d.field) for d in self._drafts)}
        ids = fact_ids(list(ordered))
        return tuple(_fact(ids[key], draft, ids, as_of) for key, draft in ordered.items())


def fact_ids(keys: Sequence[Key]) -> dict[Key, str]:
    """Return an id for each key: `E` and six digits of its hash; those that would be equal get three digits more.

    An id depends on the other keys only where two hashes begin alike, and never on their order.
    """
    digits = {key: str(int(_hash(key), 16)).zfill(80) for key in keys}
    ids: dict[Key, str] = {}
    waiting = list(digits)
    length = 6
    while waiting:
        groups: defaultdict[str, list[Key]] = defaultdict(list)
        for key in waiting:
            groups[digits[key][-length:]].append(key)
        ids |= {group[0]: f"E{number}" for number, group in groups.items() if len(group) == 1}
        waiting = [key for group in groups.values() if len(group) > 1 for key in group]
        length += 3
    return ids


def _hash(key: Key) -> str:
    parts = (key.buyer_id, key.record, key.record_id, key.field)
    text = "\x1f".join("\x00" if part is None else part for part in parts)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _fact(fact_id: str, draft: Draft, ids: Mapping[Key, str], as_of: date) -> Fact:
    origin = draft.origin
    return Fact(
        id=fact_id,
        buyer_id=origin.buyer_id,
        buyer_name=origin.buyer_name,
        record=origin.record,
        record_id=origin.record_id,
        field=draft.field,
        kind=draft.kind,
        value=draft.value,
        unit=draft.unit,
        display=draft.display,
        state=origin.state,
        source_title=origin.source_title,
        source_url=origin.source_url,
        as_of=as_of,
        trust=origin.trust,
        derived_from=tuple(dict.fromkeys(ids[key] for key in draft.derived_from if key in ids)),
    )


def with_state(origin: Origin, state: str | None) -> Origin:
    """Return the same origin with another state; `unknown` is no state."""
    return replace(origin, state=None if state == "unknown" else state)


def rows(frame: "DataFrame") -> Iterator[dict[str, Any]]:
    """Yield the rows of a frame as plain values: None for what is missing, `date` for dates."""
    columns = [str(column) for column in frame.columns]
    for values in zip(*(_values(frame[column]) for column in frame.columns), strict=True):
        yield dict(zip(columns, values, strict=True))


def _values(column: "Series[Any]") -> list[Any]:
    return [
        None if missing else value if type(value) in _ALREADY_PLAIN else _plain(value)
        for value, missing in zip(column.tolist(), column.isna(), strict=True)
    ]


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.date()
    return value.item() if hasattr(value, "item") else value
