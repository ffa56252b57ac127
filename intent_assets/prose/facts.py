"""Quantities and dates that stand alone in a JSON, by field."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import NamedTuple, TypeVar

from intent_assets.prose.fields import Evidence, Leaf, Path, unit_of_path
from intent_assets.prose.figures import figures
from intent_assets.prose.moments import Moment, iso_moment, moments
from intent_assets.prose.units import Unit
from intent_assets.prose.vocabulary import name_words

MOST_FIELDS = 120
"""Fields of one dimension that a figure is compared with; a JSON with more names no fields but things."""
_LONGEST_TEXT = 2000
_YEAR_FIRST = re.compile(
    r"\b(?P<year>(?:19|20)[0-9]{2})(?:,\s?(?P<month>[A-Z][a-z]{2,8})(?:\s(?P<day>[0-9]{1,2})\b)?)?"
)
_NO_AMOUNT = frozenset({"year", "date", "day", "id", "count", "number", "percent", "share"})
_NAMES = frozenset(("name", "title", "label", "shortname", "displayname"))


T = TypeVar("T")
Told = tuple[int, int, int]
"""Year, month and day of a date, 0 for what it does not tell."""
Spoken = frozenset[int]
"""The records that a sentence is about, none for any."""


def of_records(by_record: Mapping[int, list[T]], records: Spoken) -> list[T]:
    """Return what a field says of records: of them, or of what belongs to no record, or of the only one that has it."""
    if not records or len(by_record) == 1:
        return [value for values in by_record.values() for value in values]
    return [value for record in (*records, 0) for value in by_record.get(record, ())]


class Field(NamedTuple):
    """What a field says over all records that have it, in the base unit of its dimension; `values` are sorted."""

    path: Path
    words: frozenset[str]
    dimension: str
    unit: Unit | None
    values: list[float]
    by_record: dict[int, list[float]]

    @property
    def label(self) -> str:
        return ".".join(self.path[-3:])

    def of(self, records: Spoken) -> list[float]:
        """Return the sorted values of records, of all if none are given."""
        return sorted(of_records(self.by_record, records)) if records else self.values


class DateField(NamedTuple):
    """The dates of a field, as far as they are told: year, month, day."""

    path: Path
    words: frozenset[str]
    by_record: dict[int, list[Told]]

    @property
    def label(self) -> str:
        return ".".join(self.path[-3:])


def _is_amount(path: Path) -> bool:
    """Whether a field without a unit can hold money: `budget` can, `budget_year` can't."""
    words = name_words(path[-1:])
    return "amount" in words and not words & _NO_AMOUNT


class Facts:
    """The fields of a JSON outside of its series, by what they measure."""

    def __init__(self, evidence: Evidence) -> None:
        self.quantities: dict[str, list[Field]] = {}
        self.dates: dict[Path, DateField] = {}
        self.clocks: list[tuple[Leaf, datetime]] = []
        self.said: set[float] = set()
        """Numbers without a unit within texts: of which field they are can't be told."""
        self.names: dict[int, list[str]] = {}
        fields: dict[tuple[Path, str], Field] = {}
        for leaf in evidence.leaves:
            self._name(leaf)
            moment = iso_moment(leaf.value) if isinstance(leaf.value, str) else None
            if moment:
                self._date(leaf, (moment.year, moment.month, moment.day))
                if (moment.hour, moment.minute) != (0, 0):
                    self.clocks.append((leaf, moment))
                continue
            for value, unit, dimension in self._quantities(leaf, evidence):
                key = (leaf.path, dimension)
                if key not in fields:
                    fields[key] = Field(leaf.path, name_words(leaf.path), dimension, unit, [], {})
                fields[key].values.append(value)
                fields[key].by_record.setdefault(leaf.record, []).append(value)
            if isinstance(leaf.value, str) and len(leaf.value) <= _LONGEST_TEXT:
                for told in dates_in(leaf.value):
                    self._date(leaf, told)
        for field in fields.values():
            field.values.sort()
            for values in field.by_record.values():
                values.sort()
            same = self.quantities.setdefault(field.dimension, [])
            if len(same) < MOST_FIELDS:
                same.append(field)
        spread = Counter(word for field in fields.values() for word in field.words)
        self.weights = {word: 1.0 / (1 + times) ** 0.5 for word, times in spread.items()}

    def of(self, dimension: str) -> list[Field]:
        """Return the fields that can hold a figure of a dimension; an amount without a currency holds any money."""
        fields = self.quantities.get(dimension, [])
        if dimension.startswith("money"):
            fields = [*fields, *(field for field in self.quantities.get("", []) if _is_amount(field.path))]
        return fields

    def _name(self, leaf: Leaf) -> None:
        key = leaf.path[-1].lower().replace("_", "") if leaf.path else ""
        if key in _NAMES and isinstance(leaf.value, str) and 3 <= len(leaf.value) <= 200:
            self.names.setdefault(leaf.record, []).append(leaf.value)

    def _date(self, leaf: Leaf, told: Told) -> None:
        field = self.dates.get(leaf.path)
        if field is None:
            if len(self.dates) >= MOST_FIELDS:
                return
            field = self.dates[leaf.path] = DateField(leaf.path, name_words(leaf.path), {})
        field.by_record.setdefault(leaf.record, []).append(told)

    def _quantities(self, leaf: Leaf, evidence: Evidence) -> Iterator[tuple[float, Unit | None, str]]:
        if isinstance(leaf.value, bool) or leaf.value is None:
            return
        if isinstance(leaf.value, float):
            unit = unit_of_path(leaf.path, evidence.units)
            yield (unit.to_base(leaf.value) if unit else leaf.value, unit, unit.dimension if unit else "")
            return
        if len(leaf.value) > _LONGEST_TEXT:
            return
        for figure in figures(leaf.value):
            if figure.unit is None:
                self.said.add(figure.value)
            else:
                yield figure.unit.to_base(figure.value), figure.unit, figure.unit.dimension


def dates_in(text: str) -> Iterator[Told]:
    """Yield year, month and day of the dates in a text, 0 for what it does not tell: `2015, July` or `12 May 2016`."""
    for found in _YEAR_FIRST.finditer(text):
        month = next(iter(moments(f"{found['month']} {found['year']}")), None) if found["month"] else None
        yield int(found["year"]), (month.month or 0) if month else 0, int(found["day"] or 0)
    for moment in moments(text):
        if moment.year and moment.month:
            yield moment.year, moment.month, moment.day or 0


def agrees(moment: Moment, told: Iterable[Told], *, wholly: bool = False) -> bool:
    """Whether a date of a text is one of those told, as far as both say; `wholly`: to the day."""
    said = (moment.year or 0, moment.month or 0, moment.day or 0)
    if wholly:
        return said in told
    return any(all(not a or not b or a == b for a, b in zip(said, each, strict=True)) for each in told)


def shown(value: date | Told) -> str:
    """Return a date as far as it is told, such as 2015-07."""
    if isinstance(value, date):
        return value.isoformat()
    return "-".join(f"{part:02}" for part in value if part)
