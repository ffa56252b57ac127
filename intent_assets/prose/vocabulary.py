"""Words that mean the same in a text and in the names of fields."""

import re
from collections.abc import Iterable
from functools import lru_cache, partial
from typing import NamedTuple

_SAME = (
    "temp temperature mercury thermometer",
    "feel windchill apparent",
    "wind breeze windspeed",
    "gust",
    "pressure barometer barometric",
    "rain rainfall shower downpour rainy drizzle",
    "snow snowfall snowy snowflake",
    "cloud cloudiness cloudy",
    "humidity humid",
    "amount value worth price cost total budget funding spend",
    "due deadline close closing",
    "award awarded",
    "start begin beginning starting",
    "end expire expiration expiry ending",
    "announced announce announcement",
    "released release launch launched",
    "population resident inhabitant",
    "enrollment enrolment student pupil",
    "employee staff headcount",
    "phone telephone",
    "email mail",
    "title position role",
    "battery",
    "storage internal memory",
    "camera lens",
    "selfie front",
    "display screen",
    "talk talktime",
    "standby stand",
    "weight weigh",
    "size dimension measure measuring",
    "color colour",
    "wlan wifi wi",
    "chipset processor cpu",
    "home host",
    "away visitor",
    "date day",
    "duration length term",
)
_CONCEPTS: dict[str, frozenset[str]] = {}
_SEVERAL = {"precipitation": ("rain", "snow"), "accumulation": ("rain", "snow"), "coverage": ("cloud",)}
_STOP = frozenset({
    "the", "a", "an", "of", "in", "on", "at", "to", "for", "and", "or", "by", "with", "is", "are", "was", "be", "will",
    "it", "its", "this", "that", "as", "from", "name", "value", "id", "details", "like",
})  # fmt: skip
_PHRASES = (
    (re.compile(r"\bwind[\s-]chill\b", re.IGNORECASE), "feel"),
    (re.compile(r"\bfeel(?:s|ing)?[\s-]like\b", re.IGNORECASE), "feel"),
    (re.compile(r"\bcloud[\s-]cover(?:age)?\b", re.IGNORECASE), "cloud"),
)
DIMENSIONS = {
    "temp": "temperature", "feel": "temperature", "cloud": "percent", "humidity": "percent", "pressure": "pressure",
    "wind": "speed", "gust": "speed", "rain": "length", "snow": "length", "weight": "mass",
}  # fmt: skip
"""What fields measure that name no unit."""
SPOKEN_OF = {"feel": "temp", "gust": "wind"}
"""Measures that are told as one of another: the gust of a wind."""
VARIANTS = frozenset(["min", "max", "minimum", "maximum", "avg", "average", "mean", "low", "high"])
"""Words of a field's name that tell a variant of the same measure."""

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Za-z])(?=[0-9])")


def stem(word: str) -> str:
    """Return a word in lower case without its ending of number or participle."""
    word = word.lower()
    for ending, shorter in (("ies", "y"), ("ing", ""), ("es", "e"), ("ed", ""), ("s", "")):
        if (
            word.endswith(ending)
            and len(word) - len(ending) >= (3 if ending in ("s", "es") else 4)
            and not word.endswith("ss")
        ):
            return word[: len(word) - len(ending)] + shorter
    return word


for _line in _SAME:
    _first, *_others = _line.split()
    for _word in (_first, *_others):
        _CONCEPTS[stem(_word)] = _CONCEPTS.get(stem(_word), frozenset()) | {stem(_first)}
for _word, _several in _SEVERAL.items():
    _CONCEPTS[stem(_word)] = frozenset(_several)


@lru_cache(maxsize=20_000)
def concepts(word: str) -> frozenset[str]:
    """Return what a word can mean: its own stem and the first words of the lines that it stands in."""
    key = stem(word)
    if key in _STOP or word.lower() in _STOP:
        return frozenset()
    return _CONCEPTS.get(key, frozenset({key}))


def name_words(parts: Iterable[str]) -> frozenset[str]:
    """Return the concepts of a field's name or path: `homeTeam.shortName` says home, team and short."""
    found: set[str] = set()
    for part in parts:
        for word in _WORD.findall(_CAMEL.sub(" ", part.replace("_", " "))):
            if not word[0].isdigit():
                found |= concepts(word)
    return frozenset(found)


class Word(NamedTuple):
    """A word of a text: its place, and the concepts that it can mean."""

    start: int
    end: int
    means: frozenset[str]


def _replaced(instead: str, found: re.Match[str]) -> str:
    """Return a word as long as what it replaces, so that places stay."""
    return instead.rjust(len(found[0]))


def words(text: str) -> list[Word]:
    """Return place and concepts of each word of a text that means something."""
    for phrase, instead in _PHRASES:
        text = phrase.sub(partial(_replaced, instead), text)
    return [Word(found.start(), found.end(), means) for found in _WORD.finditer(text) if (means := concepts(found[0]))]
