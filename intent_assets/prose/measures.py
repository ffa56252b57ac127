"""Which field of a series a figure of a sentence is about, and what the sentence says that it is there."""

import math
import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from intent_assets.prose.fields import Column, Series
from intent_assets.prose.figures import Figure
from intent_assets.prose.units import Unit
from intent_assets.prose.vocabulary import DIMENSIONS, SPOKEN_OF, VARIANTS, Word, words

_IDENTIFIERS = {"id", "code", "icon"}
_NEAR = 3
_AFTER = re.compile(r"(?:\s|-|of\b|chance\b|worth\b)*", re.IGNORECASE)
_HIGH = re.compile(
    r"\b(?:high|highs|highest|maximum|max|peak|peaks|peaking|up to|as high as|reach|reaches|reaching|top|tops|rise to"
    r"|rises to|rising to|climb to|climbing to|strongest|warmest|largest|most)\b",
    re.IGNORECASE,
)
_LOW = re.compile(
    r"\b(?:low|lows|lowest|minimum|min|as low as|drop(?:s|ping)? to|dip(?:s|ping)?|fall(?:s|ing)? to|coldest|weakest"
    r"|smallest|least|down to)\b",
    re.IGNORECASE,
)
_MEAN = re.compile(r"\b(?:average|averaging|mean)\b", re.IGNORECASE)
_TOTAL = re.compile(r"\b(?:total|totals|totalling|totaling|altogether|sum|accumulat\w+)\b", re.IGNORECASE)

_MEASURES = frozenset({
    "humidity", "dew", "point", "visibility", "uv", "index", "sunrise", "sunset", "probability", "likelihood", "heat",
    "direction", "distance",
})  # fmt: skip
"""Words that name a measure, whether the series has it or not."""


class Measure(NamedTuple):
    """The columns that can hold what a figure tells: the field and its variants such as least and largest."""

    columns: tuple[Column, ...]
    named: bool
    """Whether words name it; else the unit alone does."""


class Anchor(NamedTuple):
    start: int
    end: int
    means: frozenset[str]


class Measures:
    """Finds the measure of a figure among the columns of one series."""

    def __init__(self, series: Series) -> None:
        self.columns = tuple(
            column for column in series.columns if not _IDENTIFIERS & set(column.path[-1:]) and column.words
        )
        spread = Counter(word for column in self.columns for word in column.words)
        count = max(len(self.columns), 1)
        self._weights = {word: math.log(1 + count / times) for word, times in spread.items()}

    def anchors(self, said: Sequence[Word]) -> list[Anchor]:
        """Return the places of a sentence whose words name fields; neighbours are one place."""
        found: list[Anchor] = []
        for start, end, means in said:
            told = frozenset(word for word in means if word in self._weights and word not in VARIANTS)
            if not told:
                continue
            if found and start - found[-1].end <= _NEAR:
                found[-1] = Anchor(found[-1].start, end, found[-1].means | told)
            else:
                found.append(Anchor(start, end, told))
        return found

    def of(self, sentence: str, figure: Figure, anchors: Sequence[Anchor], after: int, before: int) -> Measure | None:
        """Return the measure of a figure; `after` and `before` are the ends of the figures around it.

        The field is named right after the figure ("2 mm of rain"), or else by the nearest words before it that fit
        its unit, or by the unit alone.
        """
        for anchor in anchors:
            if figure.end <= anchor.start < before and _AFTER.fullmatch(sentence[figure.end : anchor.start]):
                columns = self._columns(anchor.means, figure.unit)
                if columns and (figure.unit is None or figure.unit.dimension in ("percent", "length")):
                    return Measure(columns, named=True)
        lead = sentence[after : figure.start]
        if self._foreign(lead):
            return None
        for near in (True, False):
            told = [anchor for anchor in anchors if anchor.end <= figure.start and (anchor.start >= after) == near]
            for anchor in reversed(told):
                columns = self._columns(anchor.means, figure.unit)
                if columns and not near:
                    usual = self._by_unit(figure.unit)
                    columns = tuple(dict.fromkeys([*columns, *(usual.columns if usual else ())]))
                if columns:
                    return Measure(columns, named=True)
            if near and told:
                break
        return self._by_unit(figure.unit)

    def meaning(self, means: frozenset[str]) -> Measure | None:
        """Return the measure that words name, whatever its unit."""
        columns = self._columns(means, None)
        return Measure(columns, named=True) if columns else None

    def _foreign(self, lead: str) -> bool:
        """Whether the words before a figure name a measure that the series has no field for."""
        return any(word in _MEASURES and word not in self._weights for _, _, means in words(lead) for word in means)

    def _by_unit(self, unit: Unit | None) -> Measure | None:
        if unit is None or unit.dimension in ("percent", "length", "duration", "days", "months"):
            return None
        for column in self.columns:
            if column.unit and fits(unit, column.unit) and not VARIANTS & column.words:
                return Measure(self._with_variants(column, unit), named=False)
        return None

    def _columns(self, means: frozenset[str], unit: Unit | None) -> tuple[Column, ...]:
        means = means - {SPOKEN_OF[word] for word in means if word in SPOKEN_OF}
        best: list[Column] = []
        best_score = (0.0, 0.0)
        for column in self.columns:
            if not can_hold(column, unit):
                continue
            shared = sum(self._weights[word] for word in means & column.words)
            score = (round(shared, 6), -float(len(column.words - means - VARIANTS)))
            if shared and score > best_score:
                best, best_score = [column], score
            elif shared and score == best_score:
                best.append(column)
        if not best:
            return ()
        extra = best[0].words - means - VARIANTS
        alike = [column for column in best if not extra or column.words - VARIANTS == best[0].words - VARIANTS]
        return tuple(alike)

    def _with_variants(self, column: Column, unit: Unit) -> tuple[Column, ...]:
        base = column.words - VARIANTS
        return tuple(other for other in self.columns if other.words - VARIANTS == base and can_hold(other, unit))


def can_hold(column: Column, unit: Unit | None) -> bool:
    """Whether a figure in this unit can be of this column; what names no unit can be either."""
    if unit is None:
        return True
    if column.unit is None:
        known = {DIMENSIONS[word] for word in column.words if word in DIMENSIONS}
        return not known or unit.dimension in known or (unit.dimension == "degree" and "temperature" in known)
    return fits(unit, column.unit)


def fits(unit: Unit, other: Unit) -> bool:
    """Whether two units measure the same."""
    return unit.dimension == other.dimension or {unit.dimension, other.dimension} == {"temperature", "degree"}


def aggregate(lead: str) -> str:
    """Return what the words before a figure say that it is: high, low, mean, total, or empty for any value."""
    places = {
        name: found[-1].end()
        for name, pattern in (("high", _HIGH), ("low", _LOW), ("mean", _MEAN), ("total", _TOTAL))
        if (found := list(pattern.finditer(lead)))
    }
    return max(places, key=lambda name: places[name]) if places else ""
