"""Claims of when a measure is highest or lowest, against a series of records over time."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from intent_assets.prose.fields import Series
from intent_assets.prose.figures import Figure
from intent_assets.prose.findings import Fault
from intent_assets.prose.measures import Anchor, Measure, Measures
from intent_assets.prose.windows import Window

_HIGH = {
    "highest": "",
    "warmest": "temp",
    "hottest": "temp",
    "strongest": "wind",
    "windiest": "wind",
    "largest": "",
    "most": "",
    "peak": "",
}
_LOW = {"lowest": "", "coldest": "temp", "coolest": "temp", "weakest": "wind", "smallest": "", "least": ""}
_SUPERLATIVE = re.compile(r"\b(" + "|".join([*_HIGH, *_LOW]) + r")\b", re.IGNORECASE)
_REACH = 70
_NEXT = 6
_BREAK = re.compile(r"[.;]|\d")


class Superlative(NamedTuple):
    start: int
    end: int
    high: bool
    measure: Measure
    window: Window


def superlatives(
    sentence: str,
    measures: Measures,
    anchors: Sequence[Anchor],
    named: Sequence[Window],
    found_figures: Sequence[Figure],
) -> Iterator[Superlative]:
    """Yield the claims of a sentence: "the lowest pressure expected on January 5th"."""
    for found in _SUPERLATIVE.finditer(sentence):
        word = found[1].lower()
        window = next((window for window in named if window.start >= found.end()), None)
        if window is None or window.start - found.end() > _REACH or window.scope == "whole" or not window.records:
            continue
        if _BREAK.search(sentence, found.end(), window.start):
            continue
        measure = _measure(found, _HIGH.get(word) or _LOW.get(word) or "", measures, anchors, window)
        if measure:
            end = next((each.end for each in found_figures if 0 <= each.start - window.end <= _NEXT), window.end)
            yield Superlative(found.start(), end, word in _HIGH, measure, window)


def _measure(
    found: re.Match[str], concept: str, measures: Measures, anchors: Sequence[Anchor], window: Window
) -> Measure | None:
    if concept:
        return measures.meaning(frozenset({concept}))
    within = [anchor for anchor in anchors if found.end() <= anchor.start < window.start]
    before = [anchor for anchor in anchors if anchor.end <= found.start()]
    for anchor in [*within[:1], *reversed(before)]:
        measure = measures.meaning(anchor.means)
        if measure:
            return measure
    return None


def check_superlative(claim: Superlative, series: Series) -> Iterator[Fault]:
    """Yield the fault of a claim if the extreme stands in none of the records that it names."""
    column = claim.measure.columns[0]
    told = [(value, number) for number, value in enumerate(column.values) if value is not None]
    if not told:
        return
    best = max(told)[0] if claim.high else min(told)[0]
    at = [number for value, number in told if value == best]
    if set(at) & set(claim.window.records):
        return
    when = series.records[at[0]].when
    which = "highest" if claim.high else "lowest"
    yield Fault(
        claim.start,
        claim.end,
        f"superlative/{which}/{claim.window.scope}",
        f"{column.label} is {which} ({best:g}) at {when:%Y-%m-%d %H:%M}, not {claim.window.label}",
    )
