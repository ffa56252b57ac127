"""Dates, times of day, weekdays, ordinal days and parts of a day in a text; dates in JSON values."""

import re
from calendar import day_abbr, day_name, month_abbr, month_name
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from itertools import islice
from typing import NamedTuple

from intent_assets.prose.figures import ORDINALS

_MONTHS = {name.lower(): number for names in (month_name, month_abbr) for number, name in enumerate(names) if name}
_MONTHS["sept"] = 9
_WEEKDAYS = {name.lower(): number for names in (day_name, day_abbr) for number, name in enumerate(names)}
_MONTH = (
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december"
    r"|(?:jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\b\.?)"
)
_DAY = r"(?:3[01]|[12][0-9]|0?[1-9])"
_SUFFIX = r"(?:st|nd|rd|th)"
_ORDINAL = "|".join(ORDINALS)
_MOMENT = re.compile(
    rf"""
      (?P<iso>\b[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}\b)
    | \b(?P<month_first>{_MONTH})\s(?:the\s)?(?P<day_second>{_DAY}){_SUFFIX}?(?![\w:]|\.[0-9])
      (?:,?\s(?P<year_last>[12][0-9]{{3}})\b)?
    | \b(?:the\s)?(?P<day_first>{_DAY}){_SUFFIX}?\s(?:of\s)?(?P<month_second>{_MONTH})
      (?:,?\s(?P<year_after>[12][0-9]{{3}})\b)?
    | \b(?P<month_only>{_MONTH}),?\s(?:of\s)?(?P<year_only>[12][0-9]{{3}})\b
    | \b(?:in|of|year|since|by|during|until)\s(?P<year>(?:19|20)[0-9]{{2}})\b(?!\s?(?:mah|x|×|pixels?|m/s|hpa|,\d))
    | \b(?P<american>{_DAY}/{_DAY}/[12][0-9]{{3}})\b
    | \b(?P<weekday>monday|tuesday|wednesday|thursday|friday|saturday|sunday|mon|tues?|wed|thurs?|fri)\b
    | \b(?P<hour>[01]?[0-9]|2[0-3])(?::(?P<minute>[0-5][0-9])(?::[0-5][0-9])?)(?:\s?(?P<half>[ap]\.m\.|[ap]m\b))?
    | \b(?P<hour_only>1[0-2]|0?[1-9])\s?(?P<half_only>[ap]\.m\.|[ap]m\b)
    | \b(?:the\s)?(?P<word_day>{_ORDINAL}|last|final)\s(?:and\s(?P<word_day2>{_ORDINAL}|last|final)\s)?days?\b
    | \bday\s(?P<number_day>one|two|three|four|five|six|seven|[1-9])\b
    | \b(?P<next_day>(?:the\s)?(?:following|next)\sday(?!s))\b
    | \b(?:the\s)(?P<bare_day>{_DAY}){_SUFFIX}(?![\w:])
    | (?:(?<=\band\s)|(?<=\bto\s))(?P<more_day>{_DAY}){_SUFFIX}(?![\w:])
    | (?<=,\s)(?P<listed_day>{_DAY}){_SUFFIX}(?![\w:])
    | \b(?P<part>mornings?|afternoons?|evenings?|nights?|overnight|midnight|noon|midday)\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
_NUMBERED = {word: n for n, word in enumerate(["one", "two", "three", "four", "five", "six", "seven"], 1)}
_MILLISECONDS = 1e11
MOST = 200
"""Moments that are read of one text."""


class Moment(NamedTuple):
    """A point or part of time that a text names; what it does not say is None."""

    start: int
    end: int
    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    """0 is Monday."""
    clock: time | None = None
    nth: int | None = None
    """The n-th day of the evidence, from 1; -1 is the last."""
    following: bool = False
    """The day after the one spoken of before."""
    part: str = ""
    """morning, afternoon, evening or night."""

    @property
    def is_day(self) -> bool:
        """Whether it tells a day, by date, weekday or count."""
        return self.day is not None or self.weekday is not None or self.nth is not None or self.following


def moments(text: str, most: int = MOST) -> list[Moment]:
    """Return what a text says of time, in its order, `most` of it."""
    return list(islice((moment for found in _MOMENT.finditer(text) for moment in _moments(found)), most))


def _moments(found: re.Match[str]) -> Iterator[Moment]:
    at = Moment(*found.span())
    if found["iso"] or found["american"]:
        day = iso_date(found[0]) if found["iso"] else _american(found[0])
        return iter([at._replace(year=day.year, month=day.month, day=day.day)] if day else [])
    if found["hour"] or found["hour_only"]:
        clock = _clock(found["hour"] or found["hour_only"], found["minute"], found["half"] or found["half_only"])
        return iter([at._replace(clock=clock)])
    if found["word_day"]:
        told = [word.lower() for word in (found["word_day"], found["word_day2"]) if word]
        return iter([at._replace(nth=ORDINALS.get(word, -1)) for word in told])
    if found["weekday"] and len(found[0]) <= 4 and found[0][0].islower():
        return iter([])
    return iter([_dated(at, found) or _other(at, found)])


def _dated(at: Moment, found: re.Match[str]) -> Moment | None:
    """Return the moment of a month with its day or year, or of a year alone."""
    if found["month_first"] or found["month_second"]:
        year = found["year_last"] or found["year_after"]
        return at._replace(
            year=int(year) if year else None,
            month=_month(found["month_first"] or found["month_second"]),
            day=int(found["day_second"] or found["day_first"]),
        )
    if found["month_only"]:
        return at._replace(year=int(found["year_only"]), month=_month(found["month_only"]))
    if found["year"]:
        return at._replace(start=found.start("year"), year=int(found["year"]))
    return None


def _other(at: Moment, found: re.Match[str]) -> Moment:
    if found["weekday"]:
        return at._replace(weekday=_WEEKDAYS[found[0].lower()[:3]])
    if found["number_day"]:
        word = found["number_day"].lower()
        return at._replace(nth=_NUMBERED.get(word) or int(word))
    if found["next_day"]:
        return at._replace(following=True)
    if found["part"]:
        return at._replace(part=_part(found[0].lower()))
    return at._replace(day=int(found["bare_day"] or found["more_day"] or found["listed_day"]))


def _month(name: str) -> int:
    return _MONTHS[name.lower().rstrip(".")]


def _clock(hour: str, minute: str | None, half: str | None) -> time:
    number = int(hour)
    if half and half[0].lower() == "p" and number < 12:
        number += 12
    elif half and half[0].lower() == "a" and number == 12:
        number = 0
    return time(number, int(minute or 0))


def _part(word: str) -> str:
    if word.startswith(("night", "overnight", "midnight")):
        return "night"
    return "afternoon" if word in ("noon", "midday") else word.removesuffix("s")


def _american(text: str) -> date | None:
    month, day, year = map(int, text.split("/"))
    try:
        return date(year, month, day)
    except ValueError:
        return None


_ISO = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]+)?)?(?:Z|[+-][0-9]{2}:?[0-9]{2})?)?"
)


def iso_date(text: str) -> date | None:
    """Return the day that an ISO date or timestamp begins with, None if the text is none."""
    moment = iso_moment(text)
    return moment.date() if moment else None


def iso_moment(text: str) -> datetime | None:
    """Return an ISO date or timestamp as it stands there, without moving it to another zone."""
    text = text.strip()
    if len(text) > 40 or not _ISO.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text.replace(",", ".")).replace(tzinfo=None)
    except ValueError:
        return None


def epoch_moment(value: float) -> datetime | None:
    """Return seconds or milliseconds since 1970 as a UTC time without zone; None out of the years 2000 to 2100."""
    seconds = value / 1000 if value > _MILLISECONDS else value
    if not 946_684_800 <= seconds < 4_102_444_800:
        return None
    return datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None)
