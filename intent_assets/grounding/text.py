"""Text as it is checked: brought into one plain form so that nothing is smuggled, with places in the original."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from intent_assets.slots import SLOT

SLOT_MARK = "\ufffc"
"""Stands for a slot in the plain form; a character that source text can't bring in."""
MASK = "\ufffd"
"""Stands for what is known to be fine."""

_LOOKALIKES = str.maketrans(
    "АВЕКМНОРСТУХаеорсухіјѕІЈЅԁһΑΒΕΖΗΙΚΜΝΟΡΤΥΧονіıɑɡ",
    "ABEKMHOPCTYXaeopcyxijsIJSdhABEZHIKMNOPTYXovi" + "iag",
)
_PLAIN = str.maketrans({"’": "'", "‘": "'", "‛": "'", "ʼ": "'", "＇": "'", "‐": "-", "‑": "-", "‒": "-", "−": "-"})
_ABBREVIATION = r"(?<!\bMr)(?<!\bMrs)(?<!\bMs)(?<!\bDr)(?<!\bProf)(?<!\bSt)(?<!\bNo)(?<!\bvs)(?<!\b[A-Za-z])(?<!\bInc)"
_SENTENCE_END = re.compile(_ABBREVIATION + r"[.!?]+[\"')\]”]*\s+(?=\S)|\n+\s*")


@dataclass(frozen=True)
class Plain:
    """The plain form of a template. Character i stands for `starts[i]:ends[i]` of the original; `ids` are its slots."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    ids: tuple[str, ...]

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Return where `text[start:end]`, which is not empty, stands in the original."""
        return self.starts[start], self.ends[end - 1]

    def ids_in(self, start: int, end: int) -> tuple[str, ...]:
        """Return the ids of the slots in `text[start:end]`."""
        before = self.text.count(SLOT_MARK, 0, start)
        return self.ids[before : before + self.text.count(SLOT_MARK, start, end)]

    def masked(self, spans: Iterable[tuple[int, int]]) -> "Plain":
        """Return the same with `MASK` over the spans."""
        text = list(self.text)
        for start, end in spans:
            text[start:end] = MASK * (end - start)
        return Plain("".join(text), self.starts, self.ends, self.ids)

    def sentences(self) -> list[tuple[int, int]]:
        """Return the spans of the sentences, one behind the other."""
        spans, start = [], 0
        for end in _SENTENCE_END.finditer(self.text):
            spans.append((start, end.end()))
            start = end.end()
        return [*spans, (start, len(self.text))]


def plain(template: str) -> Plain:
    """Return the plain form: look-alikes and digits of all scripts in ASCII, without what can't be seen."""
    text: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    ids: list[str] = []
    at = 0
    for found in SLOT.finditer(template):
        _add_words(template, at, found.start(), text, starts, ends)
        ids.append(found[1])
        text.append(SLOT_MARK)
        starts.append(found.start())
        ends.append(found.end())
        at = found.end()
    _add_words(template, at, len(template), text, starts, ends)
    return Plain("".join(text), tuple(starts), tuple(ends), tuple(ids))


def _add_words(template: str, start: int, end: int, text: list[str], starts: list[int], ends: list[int]) -> None:
    words = template[start:end]
    if words.isascii() and words.isprintable():
        text.append(words)
        starts.extend(range(start, end))
        ends.extend(range(start + 1, end + 1))
        return
    for at, char in enumerate(words, start):
        shown = _one(char)
        text.append(shown)
        starts.extend([at] * len(shown))
        ends.extend([at + 1] * len(shown))


@cache
def _one(char: str) -> str:
    if char in {SLOT_MARK, MASK}:
        return "\x00"
    if char in "\n\t":
        return char
    category = unicodedata.category(char)
    if char in "™®©℠":
        return ""
    if category in {"Cc", "Cf", "Cs", "Co", "Cn"} or unicodedata.name(char, "").startswith("VARIATION SELECTOR"):
        return ""
    folded = unicodedata.normalize("NFKC", char).translate(_LOOKALIKES).translate(_PLAIN)
    return "".join(_digit(each) for each in folded)


def _digit(char: str) -> str:
    """A character that stands for a number in any script, as a digit."""
    if char.isascii():
        return char
    value = unicodedata.numeric(char, None)
    if value is None:
        return " " if char.isspace() else char
    return str(int(value)) if value == int(value) and 0 <= value <= 9 else "9"
