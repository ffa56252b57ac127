"""Numbers in a text: digits and words, with sign, size, unit, and the range that they bound."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from intent_assets.prose.units import AFTER, BEFORE, Unit, unit_of

_ONES = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
WORDS = {word: value for value, word in enumerate(_ONES)} | {word: 10 * n for n, word in enumerate(_TENS, 2)}
ORDINALS = {
    word: value
    for value, word in enumerate(
        [
            "first",
            "second",
            "third",
            "fourth",
            "fifth",
            "sixth",
            "seventh",
            "eighth",
            "ninth",
            "tenth",
            "eleventh",
            "twelfth",
        ],
        1,
    )
}
_SIZES = {
    "thousand": 1e3,
    "k": 1e3,
    "million": 1e6,
    "m": 1e6,
    "mm": 1e6,
    "mn": 1e6,
    "billion": 1e9,
    "bn": 1e9,
    "b": 1e9,
}
_NUMBER = re.compile(
    r"(?P<digits>[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?(?![0-9])|[0-9]+(?:\.[0-9]+)?)"
    r"|\b(?P<word>(?:(?:" + "|".join(_TENS) + r")[- ])?(?:" + "|".join([*_ONES, *_TENS]) + r"))\b(?![-’'])",
    re.IGNORECASE,
)
_SIZE = re.compile(r"[\s -]?(?P<size>thousand|million|billion)\b|(?P<short>k|mm|mn|m|bn|b)(?![\w/])", re.IGNORECASE)
_ROUGHLY = re.compile(
    r"\b(?:around|about|approximately|roughly|nearly|almost|near|close to|some|over|more than|at least|at most"
    r"|less than|under|below|above)\s+(?:the\s|a\s)?$|~\s?$",
    re.IGNORECASE,
)
_MINUS = re.compile(r"(?:(?<![\w°\"%)])[-−–‑]|\bminus\s|\bnegative\s)$", re.IGNORECASE)
_BETWEEN = re.compile(r"\bbetween\s+(?:an?\s|the\s|(?:low|lows)\sof\s)*$", re.IGNORECASE)
_TO = re.compile(
    r"\s*(?:to|[-–—‑~]|through|and|up to)\s*"
    r"(?:(?:an?\s|the\s|as\s)*(?:high|highs|low|lows|maximum)\s(?:of|as)\s|around\s|about\s)?"
    r"(?:[-−]|minus\s)?\s?(?:US\s?\$|[$€£₹])?",
    re.IGNORECASE,
)
_TIMES = re.compile(r"\s?[x×*]\s?", re.IGNORECASE)
_CONTEXT = 24
MOST = 200
"""Numbers that are read of one text."""


class Figure(NamedTuple):
    """A number of a text: its place with sign and unit, its value, and the decimals that it is written with."""

    start: int
    end: int
    value: float
    decimals: int
    unit: Unit | None = None
    roughly: bool = False
    role: str = ""
    """`low` and `high` bound a range, `side` is one of sizes such as `480 x 854`, else empty."""
    other: float = 0.0
    """The other bound of its range."""
    digits: tuple[int, int] = (0, 0)
    """Where its bare number stands."""
    size: float = 1.0
    """What its word of size multiplies it by; its value has it already."""
    in_words: bool = False

    @property
    def step(self) -> float:
        """The smallest difference that it can show as written."""
        return float(10.0**-self.decimals * self.size)


def figures(text: str, most: int = MOST) -> list[Figure]:
    """Return the numbers of a text in their order, `most` of them."""
    found = (figure for number in _NUMBER.finditer(text) if (figure := _figure(text, number)) is not None)
    return list(_ranges(text, list(islice(found, most))))


def _figure(text: str, number: re.Match[str]) -> Figure | None:
    start, end = number.span()
    before = text[max(0, start - _CONTEXT) : start]
    if number["digits"]:
        times = before[-1:] in ("x", "×") and (before[-2:-1].isdigit() or before[-2:-1].isspace())
        if ((before[-1:].isalpha() or before[-1:] == "_") and not times) or len(number["digits"]) > 18:
            return None
        plain = number["digits"].replace(",", "")
        value, decimals = float(plain), len(plain.partition(".")[2])
    else:
        value, decimals = float(_of_words(number["word"])), 0
    bare = (start, end)
    minus = _MINUS.search(before)
    if minus:
        start -= len(minus[0])
        value = -value
        before = before[: -len(minus[0])]
    currency = BEFORE.search(before) if before[-1:] and (before[-1] in "$€£₹ " or before[-1].isalpha()) else None
    if currency:
        start -= len(currency[0])
        before = before[: len(before) - len(currency[0])]
    size, end = _size(text, end, money=currency is not None)
    unit = AFTER.match(text, end, end + 2 * _CONTEXT)
    if unit:
        end = unit.end()
    return Figure(
        start,
        end,
        value * size,
        decimals,
        unit_of(currency) if currency else unit_of(unit) if unit else None,
        bool(_ROUGHLY.search(before)),
        digits=bare,
        size=size,
        in_words=not number["digits"],
    )


def _of_words(text: str) -> int:
    return sum(WORDS[part] for part in re.split(r"[- ]", text.lower()))


def _size(text: str, end: int, *, money: bool) -> tuple[float, int]:
    found = _SIZE.match(text, end)
    if not found or (found["short"] and not money):
        return 1.0, end
    return _SIZES[(found["size"] or found["short"]).lower()], found.end()


def _ranges(text: str, found: list[Figure]) -> Iterator[Figure]:
    """Mark what bounds ranges; a bound without a unit has that of the other one."""
    number = 0
    while number < len(found):
        this = found[number]
        following = found[number + 1] if number + 1 < len(found) else None
        if following is not None and _is_range(text, this, following):
            unit = this.unit or following.unit
            size = following.size if this.size == 1 and this.value < 1000 else 1.0
            low = this._replace(unit=unit, role="low", value=this.value * size, size=this.size * size)
            high = following._replace(unit=following.unit or unit, role="high", roughly=this.roughly)
            yield low._replace(other=high.value)
            yield high._replace(other=low.value)
            number += 2
            continue
        sides = _sides(text, found, number)
        unit = found[sides - 1].unit
        for each in found[number:sides]:
            yield each._replace(unit=each.unit or unit, role="side") if sides - number > 1 else each
        number = sides


def _is_range(text: str, this: Figure, following: Figure) -> bool:
    between = text[this.end : following.digits[0]]
    if len(between) > 40 or not _TO.fullmatch(between):
        return False
    if (this.in_words or following.in_words) and this.unit is None and following.unit is None:
        return False
    if this.unit and following.unit and this.unit.dimension != following.unit.dimension:
        return False
    if re.match(r"\s*and\b", between, re.IGNORECASE):
        return bool(_BETWEEN.search(text[max(0, this.start - _CONTEXT) : this.start]))
    return True


def _sides(text: str, found: list[Figure], number: int) -> int:
    last = number + 1
    while last < len(found) and _TIMES.fullmatch(text[found[last - 1].end : found[last].start]):
        last += 1
    return last
