"""Sentences of a text."""

import re
from collections.abc import Iterator

_END = re.compile(r"(?<=[.!?])[\"')\]]*\s+(?=[\"'(\[*_-]*[A-Z0-9À-Þ])|\n+")
_ABBREVIATED = re.compile(
    r"(?:(?:^|[\s.])[A-Z]|\b(?:Dr|Mr|Mrs|Ms|St|No|vs|approx|e\.g|i\.e|Inc|Co|Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec)|^\s*[0-9]+)\.$"
)
LONGEST = 1500
"""Characters of one sentence; what is longer is cut, so that no text takes more than linear time."""


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of each sentence."""
    start = 0
    for found in _END.finditer(text):
        if "\n" not in found[0] and _ABBREVIATED.search(text, max(start, found.start() - 12), found.start()):
            continue
        yield from _cut(start, found.start())
        start = found.end()
    yield from _cut(start, len(text))


def _cut(start: int, end: int) -> Iterator[tuple[int, int]]:
    while end - start > LONGEST:
        yield start, start + LONGEST
        start += LONGEST
    if end > start:
        yield start, end
