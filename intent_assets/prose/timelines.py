"""Figures of a text against a series of records over time."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from intent_assets.prose.conditions import Conditions, mentions
from intent_assets.prose.fields import Column, Series
from intent_assets.prose.figures import Figure
from intent_assets.prose.findings import Fault
from intent_assets.prose.measures import Anchor, Measures, aggregate
from intent_assets.prose.moments import Moment
from intent_assets.prose.sentences import Sentence
from intent_assets.prose.spans import Spans
from intent_assets.prose.statements import Statement, check
from intent_assets.prose.superlatives import check_superlative, superlatives
from intent_assets.prose.windows import Window, resolve, whole, windows

_DURATIONS = {"duration", "days", "months", "frequency"}
_LEAD = 60
_LEADING = 30
"""A time this near to the start of a sentence is what the sentence and those after it are about."""
_BREAKS = ",;:"


class Timeline:
    """Checks sentences one after the other; a sentence without a time is about that of the one before it."""

    def __init__(self, series: Series) -> None:
        self.series = series
        self._measures = Measures(series)
        self._whole = whole(series)
        self._conditions = Conditions(series)
        self._before = self._whole
        self._others: list[Window] = []
        self._spans = Spans()

    def check(self, said: Sentence) -> Iterator[Fault]:
        """Yield the faults of a sentence, and what of it fits."""
        sentence, times = said.text, said.times
        named = list(windows(sentence, times, self.series, self._before))
        anchors = self._measures.anchors(said.words)
        found = [each for each in said.figures if not _is_duration(each)]
        for statement in self._statements(sentence, found, named, anchors):
            yield from check(statement, self._whole, self._others, self._spans)
        for claim in superlatives(sentence, self._measures, anchors, named, found):
            yield from check_superlative(claim, self.series)
        yield from self._weekdays(times)
        if self._conditions.known:
            for mention in mentions(sentence):
                window = self._window_at(sentence, mention.start, mention.end, len(sentence), named)
                yield from self._conditions.check(mention, window)
        self._carry(named)

    def _statements(
        self, sentence: str, found: Sequence[Figure], named: Sequence[Window], anchors: Sequence[Anchor]
    ) -> Iterator[Statement]:
        ranged: tuple[Column, ...] = ()
        for number, figure in enumerate(found):
            after = found[number - 1].end if number else 0
            following = found[number + 1].start if number + 1 < len(found) else len(sentence)
            measure = self._measures.of(sentence, figure, anchors, after, following)
            if measure is None:
                continue
            told = _bound(figure) or aggregate(sentence[max(after, figure.start - _LEAD) : figure.start])
            window = self._window(sentence, found, number, named)
            if told and not figure.role and set(ranged) & set(measure.columns) and window.start >= figure.end:
                # "from 2 to 9 degrees, with a high of 9 on Monday": the high of the range, not that of Monday.
                window = self._whole
            ranged = measure.columns if figure.role else ranged
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

    def _window(self, sentence: str, found: Sequence[Figure], number: int, named: Sequence[Window]) -> Window:
        """Return the window named right after a figure, or the last one before it, or that of the sentence before."""
        figure, last = found[number], number
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


def _is_duration(figure: Figure) -> bool:
    if figure.unit is None:
        return figure.in_words
    return figure.unit.dimension in _DURATIONS
