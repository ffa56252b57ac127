"""Results of two sides (home and away) in any JSON: names, totals, and what each had in each part."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from intent_assets.prose.vocabulary import name_words

_PAIRS = (("home", "away"), ("local", "visitor"), ("team1", "team2"))
_TOTALS = ("display", "current", "total", "final", "score", "points", "goals")
_PART = re.compile(r"([a-z]+)[_ ]?([1-9])$", re.IGNORECASE)
_NORMAL = ("normaltime", "regulation", "fulltime")
_EXTRA = {"overtime": ("overtime", "extratime", "ot"), "penalties": ("penalties", "shootout", "penalty")}


class Side(NamedTuple):
    """One side of a contest; `parts` are its figures of each part by number, `extra` those after the parts."""

    role: str
    key: str
    names: tuple[str, ...]
    total: int
    parts: dict[int, int]
    normal: int | None
    extra: dict[str, int]

    @property
    def name(self) -> str:
        return self.names[0] if self.names else self.role

    def after(self, part: int) -> int:
        """What it had at the end of a part."""
        return sum(value for number, value in self.parts.items() if number <= part)


class Contest(NamedTuple):
    """Two sides and the name of their parts: period, quarter, set."""

    home: Side
    away: Side
    part: str

    @property
    def sides(self) -> tuple[Side, Side]:
        return (self.home, self.away)

    @property
    def winner(self) -> Side | None:
        if self.home.total == self.away.total:
            return None
        return max(self.sides, key=lambda side: side.total)

    def other(self, side: Side) -> Side:
        return self.away if side is self.home else self.home


def contest_of(document: Any) -> Contest | None:
    """Return the contest that an object is about, None if it is about none."""
    if not isinstance(document, Mapping):
        return None
    for pair in _PAIRS:
        found = [_side(document, role) for role in pair]
        if found[0] and found[1] and found[0].names and found[1].names:
            return Contest(found[0], found[1], _part_name(document, pair[0]))
    return None


def _of_role(document: Mapping[Any, Any], role: str) -> dict[str, Any]:
    return {str(key): value for key, value in document.items() if role in name_words([str(key)])}


def _side(document: Mapping[Any, Any], role: str) -> Side | None:
    told = _of_role(document, role)
    names: list[str] = []
    numbers: dict[str, int] = {}
    scored = ""
    for key, value in told.items():
        if isinstance(value, Mapping):
            names += [text for name, text in value.items() if "name" in str(name).lower() and isinstance(text, str)]
            if not any("name" in str(name).lower() for name in value):
                counts = {str(name).lower(): number for name, number in value.items() if _is_count(number)}
                if counts:
                    numbers, scored = counts, key
        elif isinstance(value, str):
            names.append(value)
        elif _is_count(value) and not numbers:
            numbers, scored = {"display": value}, key
    total = next((numbers[name] for name in _TOTALS if name in numbers), None)
    if total is None:
        return None
    parts = {int(found[2]): value for name, value in numbers.items() if (found := _PART.fullmatch(name))}
    extra = {kind: numbers[name] for kind, spellings in _EXTRA.items() for name in spellings if name in numbers}
    normal = next((numbers[name] for name in _NORMAL if name in numbers), None)
    return Side(role, scored, _longest_first(names), total, parts, normal, extra)


def _longest_first(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({name.strip() for name in names if len(name.strip()) >= 2}, key=len, reverse=True))


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1000


def _part_name(document: Mapping[Any, Any], role: str) -> str:
    for value in _of_role(document, role).values():
        if isinstance(value, Mapping):
            for name in value:
                found = _PART.fullmatch(str(name))
                if found and found[1].lower() not in ("team", "name"):
                    return found[1].lower()
    return "period"
