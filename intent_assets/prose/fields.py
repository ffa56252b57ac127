"""Any JSON as records with named fields: what stands alone, and what stands in lists over time."""

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import cached_property
from typing import Any, NamedTuple

from intent_assets.prose.moments import epoch_moment, iso_moment
from intent_assets.prose.sides import contest_of
from intent_assets.prose.units import Unit, unit_named
from intent_assets.prose.vocabulary import name_words

DEEPEST = 60
"""Levels of nesting that are read; no record of any service goes deeper."""
MOST_LEAVES = 200_000
"""Values that are read of one JSON: more would take longer than a reader waits."""
_LARGEST = 1e15
_SUFFIX_UNITS = {"kph", "mph", "mm", "cm", "km", "kg", "usd", "eur", "gbp", "pct", "percent", "hpa", "mb", "gb", "kmh"}

Path = tuple[str, ...]
Scalar = str | float | bool | None


class Leaf(NamedTuple):
    """A value of the JSON that is no object and no list, with the keys that lead to it."""

    path: Path
    value: Scalar
    record: int = 0
    """The object of a list that it belongs to, 0 for what belongs to none."""

    @property
    def label(self) -> str:
        return ".".join(self.path)


class Record(NamedTuple):
    """One object of a list, with the time that it is about, if it names one."""

    number: int
    leaves: dict[Path, Scalar]
    when: datetime | None = None


class Column(NamedTuple):
    """A field over all records of a series; `values` has None where a record lacks it."""

    path: Path
    words: frozenset[str]
    unit: Unit | None
    values: tuple[float | None, ...]

    @property
    def label(self) -> str:
        return ".".join(self.path)


class Series:
    """A list of records over time, by their time."""

    def __init__(self, path: Path, records: Sequence[Record], units: Mapping[str, Unit]) -> None:
        self.path = path
        self.records = tuple(sorted(records, key=lambda record: record.when or datetime.min))  # noqa: DTZ901 - as written
        self._units = units

    @cached_property
    def days(self) -> tuple[date, ...]:
        """The days that its records are about, each once, in order."""
        return tuple(sorted({record.when.date() for record in self.records if record.when}))

    @cached_property
    def by_day(self) -> dict[date, list[int]]:
        """The numbers of the records of each day."""
        found: dict[date, list[int]] = {}
        for number, record in enumerate(self.records):
            if record.when:
                found.setdefault(record.when.date(), []).append(number)
        return found

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """The fields that hold numbers, in the order of the JSON."""
        paths = dict.fromkeys(
            path for record in self.records for path, value in record.leaves.items() if _number(value) is not None
        )
        return tuple(
            Column(
                path,
                name_words(path),
                unit_of_path(path, self._units),
                tuple(_number(record.leaves.get(path)) for record in self.records),
            )
            for path in paths
        )

    @cached_property
    def texts(self) -> dict[Path, tuple[str | None, ...]]:
        """The fields that hold texts, with the text of each record."""
        paths = dict.fromkeys(
            path for record in self.records for path, value in record.leaves.items() if isinstance(value, str)
        )
        return {
            path: tuple(value if isinstance(value := record.leaves.get(path), str) else None for record in self.records)
            for path in paths
        }


class Evidence:
    """A JSON value, read once: the leaves outside of series, the series, and the units that it names."""

    def __init__(self, document: Any) -> None:
        self._left = MOST_LEAVES
        self._records = 0
        self.lists: dict[Path, list[int]] = {}
        """The records of each list of objects."""
        self.alike = _are_alike(document)
        """Whether the JSON is a list of objects of one kind."""
        self.units = dict(_units(document))
        self.series: list[Series] = []
        self.leaves: list[Leaf] = []
        self.contest = contest_of(document)
        self._read((), document, 0, DEEPEST)

    def _read(self, path: Path, value: Any, record: int, deep: int) -> None:
        if self._left <= 0 or deep <= 0:
            return
        if isinstance(value, Mapping):
            path = (*path, *_heading(value))
            for key, below in value.items():
                self._read((*path, str(key)[:200]), below, record, deep - 1)
        elif isinstance(value, list | tuple):
            series = self._series(path, value)
            if series is not None:
                self.series.append(series)
                return
            for below in value:
                named = _named(below)
                if named is not None:
                    for told in named[1]:
                        self._leaf((*path, named[0]), told, record)
                elif isinstance(below, Mapping):
                    self._records += 1
                    self.lists.setdefault(path, []).append(self._records)
                    self._read(path, below, self._records, deep - 1)
                else:
                    self._read(path, below, record, deep - 1)
        else:
            self._leaf(path, value, record)

    def _leaf(self, path: Path, value: Any, record: int) -> None:
        self._left -= 1
        if value is None or isinstance(value, str | bool):
            self.leaves.append(Leaf(path, value, record))
        else:
            number = _number(value)
            if number is not None:
                self.leaves.append(Leaf(path, number, record))

    def _series(self, path: Path, values: Sequence[Any]) -> Series | None:
        if len(values) < 2 or not all(isinstance(value, Mapping) and not _is_named(value) for value in values[:3]):
            return None
        records = []
        for number, value in enumerate(values):
            if self._left <= 0:
                break
            leaves = dict(_flat((), value))
            self._left -= len(leaves)
            records.append(Record(number, leaves, _when(leaves)))
        timed = [record for record in records if record.when is not None]
        if len(timed) < 2 or len(timed) < 0.8 * len(records) or len({record.when for record in timed}) < 2:
            self._left += sum(len(record.leaves) for record in records)
            return None
        return Series(path, timed, self.units)


def _are_alike(document: Any) -> bool:
    """Whether a value is a list of objects that have the same keys, but for few."""
    if not isinstance(document, list) or not all(isinstance(each, Mapping) for each in document):
        return False
    keys = Counter(key for each in document for key in each)
    return bool(keys) and sum(count == len(document) for count in keys.values()) * 2 > len(keys)


def _is_named(value: Mapping[Any, Any]) -> bool:
    """Whether an object has a name of its own: a list of such is no series but a list of things."""
    return any(isinstance(value.get(key), str) for key in ("name", "title", "label", "field", "buyer", "id"))


def _heading(value: Mapping[Any, Any]) -> tuple[str, ...]:
    """Return what an object calls the list that it holds: `{"category": "Battery", "specifications": [...]}`."""
    if any(isinstance(below, list) for below in value.values()):
        for key in ("category", "section", "group"):
            if isinstance(value.get(key), str):
                return (value[key].strip()[:200],)
    return ()


def _flat(path: Path, value: Any, deep: int = DEEPEST) -> Iterator[tuple[Path, Scalar]]:
    if deep <= 0:
        return
    if isinstance(value, Mapping):
        for key, below in value.items():
            yield from _flat((*path, str(key)[:200]), below, deep - 1)
    elif isinstance(value, list | tuple):
        for below in value:
            yield from _flat(path, below, deep - 1)
    elif value is None or isinstance(value, str | bool):
        yield path, value
    elif (number := _number(value)) is not None:
        yield path, number


def _when(leaves: Mapping[Path, Scalar]) -> datetime | None:
    """Return the time that a record names: an ISO text before a number of seconds."""
    for value in leaves.values():
        if isinstance(value, str) and (moment := iso_moment(value)):
            return moment
    for path, value in leaves.items():
        name = path[-1].lower() if path else ""
        if isinstance(value, float) and (name == "dt" or "time" in name) and (moment := epoch_moment(value)):
            return moment
    return None


def _named(value: Any) -> tuple[str, list[Scalar]] | None:
    """Return name and values of an object that only names a value, such as `{"name": "Weight", "value": "92 g"}`."""
    if not isinstance(value, Mapping) or "value" not in value:
        return None
    name = next((value[key] for key in ("field", "name", "key", "label") if isinstance(value.get(key), str)), None)
    told = [value.get("value"), value.get("display")]
    if name is None or any(isinstance(each, Mapping | list) for each in told):
        return None
    return name.strip()[:200] or "value", [each for each in told if each is not None]


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return float(value) if -_LARGEST < value < _LARGEST else None


def _units(document: Any) -> Iterator[tuple[str, Unit]]:
    """Yield what an object `units` near the top says: a word of fields' names, and the unit."""
    if not isinstance(document, Mapping):
        return
    for key, value in document.items():
        if isinstance(value, Mapping) and str(key).lower() in ("unit", "units"):
            for name, symbol in value.items():
                unit = unit_named(symbol) if isinstance(symbol, str) else None
                if unit:
                    for word in name_words([str(name)]):
                        yield word, unit


def unit_of_path(path: Path, units: Mapping[str, Unit]) -> Unit | None:
    """Return the unit of a field: of its name's ending (`length_mm`), or of the JSON's own list of units."""
    last = path[-1].lower() if path else ""
    if last in ("deg", "degree", "degrees", "direction", "bearing"):
        return unit_named("°")
    ending = last.replace("-", "_").rpartition("_")[2]
    if ending in _SUFFIX_UNITS and ending != last:
        return unit_named("%" if ending == "pct" else ending)
    return next((units[word] for part in reversed(path) for word in name_words([part]) if word in units), None)
