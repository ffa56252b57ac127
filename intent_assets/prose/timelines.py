"""Figures of a text against a series of records over time."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from intent_assets.prose.conditions import Conditions, mentions
from intent_assets.prose.fields import Column, Series
from intent_assets.prose.figures import Figure, figures
from intent_assets.prose.findings import FITS, Fault
from intent_assets.prose.measures import Anchor, Measure, Measures, aggregate
from intent_assets.prose.moments import Moment, moments
from intent_assets.prose.superlatives import check_superlative, superlatives
from intent_assets.prose.units import Unit
from intent_assets.prose.windows import Window, resolve, whole, windows

_DURATIONS = {"duration", "days", "months", "frequency"}
_LEAD = 60
_LEADING = 30
"""A time this near to the start of a sentence is what the sentence and those after it are about."""
_BREAKS = ",;:"


class Statement(NamedTuple):
    """What a sentence says a figure is: a measure of the records of a window, or an extreme of it."""

    figure: Figure
    measure: Measure
    window: Window
    aggregate: str


class Timeline:
    """Checks sentences one after the other; a sentence without a time is about that of the one before it."""

    def __init__(self, series: Series) -> None:
        self.series = series
        self._measures = Measures(series)
        self._whole = whole(series)
        self._conditions = Conditions(series)
        self._before = self._whole
        self._others: list[Window] = []

    def check(self, text: str, start: int, end: int) -> Iterator[Fault]:
        """Yield the faults of a sentence; offsets are those of the text."""
        sentence = text[start:end]
        times = moments(sentence)
        named = list(windows(sentence, times, self.series, self._before))
        anchors = self._measures.anchors(sentence)
        found = [each for each in figures(sentence) if not _is_time(each, times) and not _is_duration(each)]
        for statement in self._statements(sentence, found, named, anchors):
            yield from _moved(check(statement, self.series, self._others), start)
        for claim in superlatives(sentence, self._measures, anchors, named, found):
            yield from _moved(check_superlative(claim, self.series), start)
        yield from _moved(self._weekdays(times), start)
        if self._conditions.known:
            for mention in mentions(sentence):
                window = self._window_at(sentence, mention.start, mention.end, len(sentence), named)
                yield from _moved(self._conditions.check(mention, window), start)
        self._carry(named)

    def _statements(
        self, sentence: str, found: Sequence[Figure], named: Sequence[Window], anchors: Sequence[Anchor]
    ) -> Iterator[Statement]:
        for number, figure in enumerate(found):
            after = found[number - 1].end if number else 0
            following = found[number + 1].start if number + 1 < len(found) else len(sentence)
            measure = self._measures.of(sentence, figure, anchors, after, following)
            if measure is None:
                continue
            lead = sentence[max(after, figure.start - _LEAD) : figure.start]
            told = _bound(figure) or aggregate(lead)
            window = self._window(sentence, figure, found, number, named)
            yield Statement(figure, measure, window, told)

    def _carry(self, named: Sequence[Window]) -> None:
        """Keep what later sentences without a time can be about: the time that this one begins with, or its last."""
        leading = [window for window in named if window.start < _LEADING]
        if leading:
            self._before = leading[-1]._replace(carried=True)
        if named:
            self._others = [self._whole, named[-1]]

    def _weekdays(self, times: Sequence[Moment]) -> Iterator[Fault]:
        """Yield weekdays that are not those of the dates next to them."""
        for this, following in pairwise(times):
            weekday, dated = (this, following) if this.weekday is not None else (following, this)
            if weekday.weekday is None or dated.day is None or following.start - this.end > 6:
                continue
            day = resolve(dated.day, dated.month, dated.year, self.series)
            if day and day.weekday() != weekday.weekday:
                yield Fault(weekday.start, weekday.end, "weekday", f"{day} is a {day:%A}")

    def _window(
        self,
        sentence: str,
        figure: Figure,
        found: Sequence[Figure],
        number: int,
        named: Sequence[Window],
    ) -> Window:
        """Return the window named right after a figure, or the last one before it, or that of the sentence before."""
        last = number
        if figure.role == "low" and number + 1 < len(found):
            last = number + 1
        following = found[last + 1].start if last + 1 < len(found) else len(sentence)
        asides = [window for window in named if figure.role and window.scope == "time" and not window.told_day]
        return self._window_at(
            sentence, figure.start, found[last].end, following, [window for window in named if window not in asides]
        )

    def _window_at(self, sentence: str, start: int, end: int, following: int, named: Sequence[Window]) -> Window:
        for window in named:
            between = sentence[end : window.start]
            if end <= window.start < following and not any(mark in between for mark in _BREAKS) and len(between) < 30:
                return window
        earlier = [window for window in named if window.end <= start]
        if earlier:
            return earlier[-1]
        return self._before


def _bound(figure: Figure) -> str:
    """Return which bound of its range a figure is; a range can be told from its high end to its low one."""
    if figure.role not in ("low", "high"):
        return ""
    return "low" if (figure.value, figure.role == "high") < (figure.other, figure.role == "low") else "high"


def _moved(faults: Iterator[Fault], start: int) -> Iterator[Fault]:
    return (fault._replace(start=fault.start + start, end=fault.end + start) for fault in faults)


def _is_time(figure: Figure, times: Sequence[Moment]) -> bool:
    return any(moment.start < figure.end and figure.start < moment.end for moment in times)


def _is_duration(figure: Figure) -> bool:
    if figure.unit is None:
        return figure.in_words
    return figure.unit.dimension in _DURATIONS


def check(statement: Statement, series: Series, others: Sequence[Window]) -> Iterator[Fault]:
    """Yield the fault of a statement, if the records of its window do not bear it out.

    A sentence without a time of its own is borne out by `others`, too: the whole time, or a day named late in the
    sentence before it.
    """
    figure, measure, window, told = statement
    inside = _values(measure.columns, window.records, figure.unit)
    if not inside:
        return
    step = _step(figure, measure.columns)
    off = _distance(figure, _fitting(statement, window, inside), step)
    everywhere = _values(measure.columns, range(len(series.records)), figure.unit)
    if (off is not None and window.carried) or window.scope == "whole":
        for other in others:
            if other.scope == "whole" and not told:
                continue
            values = _values(measure.columns, other.records, figure.unit)
            if not values or _distance(figure, _fitting(statement, other, values), step) is None:
                off = None
    if off is None:
        yield Fault(figure.start, figure.end, FITS, "")
        return
    yield Fault(
        figure.start,
        figure.end,
        _kind(statement, inside, everywhere, step),
        _reason(statement, min(inside), max(inside)),
    )


def _fitting(statement: Statement, window: Window, inside: Sequence[float]) -> Sequence[float]:
    """Return the values of a window that would bear the statement out."""
    figure, measure, _, told = statement
    if told == "mean":
        return [sum(inside) / len(inside)]
    if told == "total":
        return [sum(inside), *inside]
    if told in ("low", "high"):
        return list(_extremes(told, measure.columns, window, figure.unit))
    return inside


def _distance(figure: Figure, fitting: Sequence[float], step: float) -> float | None:
    """Return how far a figure is off the nearest of the values, None if it is one of them as written."""
    off = min(abs(figure.value - value) for value in fitting)
    if off < (step if step >= 1 else 0.51 * step + 1e-9):
        return None
    if figure.roughly and not figure.role and min(fitting) - 1 <= figure.value <= max(fitting) + 1:
        return None
    return off


def _kind(statement: Statement, inside: Sequence[float], everywhere: Sequence[float], step: float) -> str:
    figure, measure, window, told = statement
    if _distance(figure, inside, step) is None:
        severity = "inside"
    else:
        severity = "nowhere" if _distance(figure, everywhere, step) is not None else "elsewhere"
    scope = ("carried " if window.carried else "") + window.scope
    name = "named" if measure.named else "by unit"
    role = "range" if figure.role else told or "value"
    of = measure.columns[0].path[0] if measure.columns[0].unit is None else "unit"
    return f"series/{role}/{severity}/{scope}/{name}/{of}"


def _reason(statement: Statement, low: float, high: float) -> str:
    figure, measure, window, _ = statement
    unit = figure.unit.symbol if figure.unit else ""
    label = measure.columns[0].label
    span = f"{low:g}{unit}" if low == high else f"{low:g} to {high:g} {unit}".rstrip()
    return f"{label} of {window.label} is {span}"


def _values(columns: Sequence[Column], records: Sequence[int], unit: Unit | None) -> list[float]:
    """Return what the columns say, in the unit of the figure."""
    return [
        _converted(value, column.unit, unit)
        for column in columns
        for number in records
        if (value := column.values[number]) is not None
    ]


def _converted(value: float, of: Unit | None, to: Unit | None) -> float:
    if of is None or to is None or of.symbol == to.symbol or of.dimension != to.dimension:
        return value
    return to.from_base(of.to_base(value))


def _extremes(told: str, columns: Sequence[Column], window: Window, unit: Unit | None) -> Iterator[float]:
    """Yield the extreme of each of the columns: least temperatures of a day can be of `temp` or of `temp_min`."""
    for column in columns:
        values = _values([column], window.records, unit)
        if values:
            yield min(values) if told == "low" else max(values)


def _step(figure: Figure, columns: Sequence[Column]) -> float:
    other = figure.unit and columns[0].unit and figure.unit.symbol != columns[0].unit.symbol
    return figure.step * (2 if other else 1)
