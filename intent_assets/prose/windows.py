"""Which records of a series a statement is about: by date, weekday, count of days, time and part of day."""

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from intent_assets.prose.fields import Series
from intent_assets.prose.moments import Moment

_JOINED = re.compile(
    r"(?:and|to|through|until|till|or|at|in|on|of|the|both|around|during|by|early|late|from|[-–—&,;()]|\s)*",
    re.IGNORECASE,
)
_THROUGH = re.compile(
    r"\s*(?:to|through|until|till|[-–—])\s*(?:the\s)?$|^\s*(?:to|through|until|till|[-–—])\b", re.IGNORECASE
)
_WHOLE = re.compile(
    r"\b(?:(?:next|coming|following|upcoming|these|entire|whole|over the|of the|all)"
    r"\s(?:\w+\s)?(?:days|week|period|forecast)"
    r"|(?:five|5)[- ]day|forecast(?:ed)?\speriod|overall|(?:this|the|that)\s(?:time\s)?(?:period|week|timeframe)"
    r"|(?:rest|remainder) of the (?:week|period|forecast|days)|remaining days|each day|every day)\b",
    re.IGNORECASE,
)
_HOURS = {"morning": (5, 12), "afternoon": (12, 18), "evening": (17, 24), "night": (18, 30)}
_NEAREST_HOURS = 3


class Window(NamedTuple):
    """Records by their numbers, and what they are called; `scope` says how the text names them.

    Scopes: `time` (a day with time or part of day), `day`, `span` (several days), `whole`.
    """

    records: tuple[int, ...]
    label: str
    scope: str
    start: int = 0
    end: int = 0
    days: tuple[date, ...] = ()
    carried: bool = False
    told_day: bool = True


def whole(series: Series) -> Window:
    """Return all records."""
    return Window(tuple(range(len(series.records))), "all records", "whole", days=series.days)


def windows(text: str, found: Sequence[Moment], series: Series, before: Window) -> Iterator[Window]:
    """Yield the windows that the moments of a sentence name, in order; `before` is the one spoken of before it.

    A window without records is one that the series has nothing about.
    """
    spoken = [_phrase(phrase, series) for phrase in _WHOLE.finditer(text)]
    named = list(_of_moments(text, found, series, before))
    yield from sorted([*named, *spoken], key=lambda window: window.start)


def _phrase(phrase: re.Match[str], series: Series) -> Window:
    return whole(series)._replace(start=phrase.start(), end=phrase.end())


def _of_moments(text: str, found: Sequence[Moment], series: Series, before: Window) -> Iterator[Window]:
    group: list[Moment] = []
    for moment in found:
        if group and not _JOINED.fullmatch(text[group[-1].end : moment.start]) and moment.start >= group[-1].end:
            window = _window(text, group, series, before)
            before = window or before
            if window:
                yield window
            group = []
        group.append(moment)
    if group and (window := _window(text, group, series, before)):
        yield window


def _window(text: str, group: Sequence[Moment], series: Series, before: Window) -> Window | None:
    days = list(dict.fromkeys(_days(text, group, series, before)))
    told = any(moment.is_day for moment in group)
    hours = [moment for moment in group if moment.clock or moment.part]
    if not told:
        if not hours:
            return None
        days = list(before.days)
    records = [number for day in days for number in series.by_day.get(day, ())]
    for moment in hours:
        if records or told:
            records = _at(moment, days, series) or records
    scope = "time" if hours else "day" if len(days) <= 1 else "span"
    label = text[group[0].start : group[-1].end]
    return Window(
        tuple(dict.fromkeys(records)), label, scope, group[0].start, group[-1].end, tuple(days), told_day=told
    )


def _at(moment: Moment, days: Sequence[date], series: Series) -> list[int]:
    candidates = [number for day in days for number in series.by_day.get(day, ())]
    if moment.clock:
        hour = moment.clock.hour + moment.clock.minute / 60
        return [n for n in candidates if abs(_hour(series, n) - hour) < _NEAREST_HOURS / 2]
    low, high = _HOURS[moment.part]
    return [
        number
        for number in candidates
        if low <= _hour(series, number) < high or (high > 24 and _hour(series, number) <= 6)
    ]


def _hour(series: Series, number: int) -> float:
    when = series.records[number].when
    return when.hour + when.minute / 60 if when else 0.0


def _days(text: str, group: Sequence[Moment], series: Series, before: Window) -> Iterator[date]:
    """Yield the days that a group of moments names; a date with its weekday is that date."""
    dated = any(moment.day is not None for moment in group)
    last: date | None = None
    month: int | None = None
    year: int | None = None
    for place, moment in enumerate(group):
        day: date | None = None
        if moment.day is not None:
            month, year = moment.month or month, moment.year or year
            day = resolve(moment.day, month, year, series)
        elif moment.nth is not None:
            number = moment.nth - 1 if moment.nth > 0 else moment.nth
            day = series.days[number] if -len(series.days) <= number < len(series.days) else None
        elif moment.following and before.days:
            day = before.days[-1] + timedelta(days=1)
        elif moment.weekday is not None and not dated:
            day = next((day for day in series.days if day.weekday() == moment.weekday), None)
        if day is None:
            continue
        if last is not None and place and _THROUGH.search(text[group[place - 1].end : moment.start]):
            yield from (last + timedelta(days=n) for n in range(1, min((day - last).days, 400)))
        yield day
        last = day


def resolve(day: int, month: int | None, year: int | None, series: Series) -> date | None:
    """Return the date that a day of a month is; the first one of the series where year or month are not told."""
    for known in series.days:
        if known.day == day and month in (None, known.month) and year in (None, known.year):
            return known
    if month is None or not series.days:
        return None
    try:
        return date(year or series.days[0].year, month, day)
    except ValueError:
        return None
