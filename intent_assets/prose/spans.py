"""What fields of a series say over some of its records, sorted and kept for the next question."""

from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

from intent_assets.prose.fields import Column
from intent_assets.prose.units import Unit

_MOST_KEPT = 400


class Span(NamedTuple):
    """The values of one or more columns over some records, in the unit of the text."""

    values: list[float]
    """All of them, in order of size."""
    lows: list[float]
    """The least of each column: the low of a day can be that of `temp` or of `temp_min`."""
    highs: list[float]
    """The largest of each column."""

    @property
    def total(self) -> float:
        return sum(self.values)


class Spans:
    """Gives the spans of one series."""

    def __init__(self) -> None:
        self._known: dict[tuple[object, ...], Span | None] = {}

    def of(self, columns: Sequence[Column], records: Sequence[int], unit: Unit | None) -> Span | None:
        """Return what the columns say of the records, None if they say nothing."""
        key = (*(column.path for column in columns), tuple(records), unit)
        if key not in self._known:
            if len(self._known) >= _MOST_KEPT:
                self._known.clear()
            self._known[key] = _span(columns, records, unit)
        return self._known[key]


def _span(columns: Sequence[Column], records: Sequence[int], unit: Unit | None) -> Span | None:
    told = [
        [_converted(value, column.unit, unit) for number in records if (value := column.values[number]) is not None]
        for column in columns
    ]
    told = [values for values in told if values]
    if not told:
        return None
    return Span(sorted(value for values in told for value in values), [min(v) for v in told], [max(v) for v in told])


def _converted(value: float, of: Unit | None, to: Unit | None) -> float:
    if of is None or to is None or of.symbol == to.symbol or of.dimension != to.dimension:
        return value
    return to.from_base(of.to_base(value))


def distance(value: float, known: Sequence[float]) -> float:
    """Return how far a value is off the nearest of sorted ones."""
    place = bisect_left(known, value)
    return min(abs(value - each) for each in known[max(0, place - 1) : place + 1])
