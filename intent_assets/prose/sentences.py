"""Sentences of a text, and what each of them says, read once for all who check it."""

import re
from collections.abc import Iterator
from functools import cached_property

from intent_assets.prose.figures import Figure, figures
from intent_assets.prose.moments import Moment, moments
from intent_assets.prose.vocabulary import Word, words

_END = re.compile(r"(?<=[.!?])[\"')\]]{0,3}\s+(?=[\"'(\[*_-]{0,3}[A-Z0-9À-Þ])|\n+")
_ABBREVIATED = re.compile(
    r"(?:(?:^|[\s.])[A-Z]|\b(?:Dr|Mr|Mrs|Ms|St|No|vs|approx|e\.g|i\.e|Inc|Co|Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec)"
    r"|^\s*[0-9]+)\.$"
)
LONGEST = 1500
"""Characters of one sentence; what is longer is cut, so that no text takes more than linear time."""
MOST = 60
"""Figures, and times, of one sentence; what has more is no prose, and only its first ones are read."""


class Sentence:
    """A sentence; all places within it count from its `start` in the text."""

    def __init__(self, text: str, start: int) -> None:
        self.text = text
        self.start = start

    @cached_property
    def times(self) -> list[Moment]:
        """What it says of time."""
        return moments(self.text, MOST)

    @cached_property
    def figures(self) -> list[Figure]:
        """Its numbers, but those of times."""
        taken = [False] * (len(self.text) + 1)
        for moment in self.times:
            taken[moment.start : moment.end] = [True] * (moment.end - moment.start)
        return [figure for figure in figures(self.text, MOST) if not any(taken[figure.start : figure.end])]

    @cached_property
    def words(self) -> list[Word]:
        """Its words that mean something."""
        return words(self.text)


def sentences(text: str) -> Iterator[Sentence]:
    """Yield the sentences of a text in order."""
    start = 0
    for found in _END.finditer(text):
        if "\n" not in found[0] and _ABBREVIATED.search(text, max(start, found.start() - 12), found.start()):
            continue
        yield from _cut(text, start, found.start())
        start = found.end()
    yield from _cut(text, start, len(text))


def _cut(text: str, start: int, end: int) -> Iterator[Sentence]:
    for place in range(start, end, LONGEST):
        yield Sentence(text[place : min(place + LONGEST, end)], place)
