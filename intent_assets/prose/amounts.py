"""Figures of a text against fields that stand alone."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence

from intent_assets.prose.facts import Facts, Field, Spoken
from intent_assets.prose.figures import Figure
from intent_assets.prose.findings import FITS, Fault
from intent_assets.prose.nearness import BESIDE, Near
from intent_assets.prose.sentences import Sentence
from intent_assets.prose.vocabulary import name_words

_STRONG = {
    "charge", "sensor size", "data", "frequency", "density", "power", "pixels", "mass", "process size", "frame rate",
}  # fmt: skip
"""What is measured of few things only: the unit alone tells the field."""
_ALIKE = 0.8
"""Fields named this nearly as well as the best one can be meant, too."""
_CLEARLY = 2.5
_LEAST = 0.15
"""How much better than another one a field has to be named, for the other's value to be wrong."""
_CONVERTED = 0.012
_ROUGH = 0.06
_RIGHT_BESIDE = 20
_LINK = re.compile(r"(?:\s|:|=|is|was|of|at|are|stands|about|around|approximately|a|the|currently)*", re.IGNORECASE)
_OTHER = re.compile(r"[.,;:()]|\b(?:of|and|or|to|in|for|with|from)\b", re.IGNORECASE)
_SUM = re.compile(r"\b(?:total|combined|altogether|together|sum)\b", re.IGNORECASE)


def check_amount(
    figure: Figure, said: Sentence, near: Near, facts: Facts, spoken: Spoken, here: bool
) -> Iterator[Fault]:
    """Yield the fault of a figure that the field which the sentence names does not hold, or that it fits.

    `spoken` are the records that the sentence is about; `here` says that it names them itself: then an amount of money
    is theirs, whatever it is called.
    """
    dimension = figure.unit.dimension if figure.unit else ""
    if figure.role == "side" or (not dimension and (figure.in_words or figure.role)):
        return
    fields = [field for field in facts.of(dimension) if field.of(spoken)]
    if not dimension:
        fields = [field for field in fields if _is_beside(field, figure, said)]
    if not fields:
        return
    scored = sorted(((_score(field, near, facts), field) for field in fields), key=lambda each: -each[0])
    best, field = scored[0]
    named = any(near.get(word, 0) >= BESIDE for word in field.words)
    base = figure.unit.to_base(figure.value) if figure.unit else figure.value
    if not named and dimension not in _STRONG:
        if here and dimension.startswith("money"):
            yield from _of_record(figure, base, facts, fields, spoken)
        return
    bound = [field for score, field in scored if score >= _ALIKE * best]
    others = [score for score, field in scored if _holds(field, figure, base, spoken)]
    fits = _stands_in_text(figure, facts, named) or _is_sum(figure, base, said, bound)
    # What counts what is told too loosely in prose, for a number of another field to be wrong.
    fits = fits or (not dimension and any(_holds(field, figure, base, frozenset()) for field in facts.of("")))
    fits = fits or any(_holds(field, figure, base, spoken) for field in bound)
    if fits or (others and best < _CLEARLY * max(others) + _LEAST):
        yield Fault(figure.start, figure.end, FITS, "")
        return
    where = "elsewhere" if others else "nowhere"
    kind = f"record/{where}/{'named' if named else 'by unit'}/{dimension or 'bare'}"
    yield Fault(figure.start, figure.end, kind, _says(bound[0], base, facts, spoken))


def of_spoken(by_record: Mapping[int, object], facts: Facts, spoken: Spoken) -> str:
    """Return "of" and the name of the record that a field is of, if the sentence is about one."""
    names = [facts.names[record][0] for record in sorted(spoken) if record in by_record and record in facts.names]
    return f" of {names[0]}" if names else ""


def _of_record(figure: Figure, base: float, facts: Facts, fields: Sequence[Field], spoken: Spoken) -> Iterator[Fault]:
    """Yield the fault of an amount that stands with the name of a record and is in none of the JSON's fields."""
    everywhere: Spoken = frozenset()
    if any(_holds(field, figure, base, spoken) for field in fields):
        yield Fault(figure.start, figure.end, FITS, "")
    elif not any(
        _holds(field, figure, base, everywhere) for field in facts.of(figure.unit.dimension if figure.unit else "")
    ):
        yield Fault(figure.start, figure.end, "record/nowhere/of record", _says(fields[0], base, facts, spoken))


def _score(field: Field, near: Near, facts: Facts) -> float:
    return sum((near[word] * facts.weights.get(word, 0.0) for word in field.words if word in near), 0.0)


def _stands_in_text(figure: Figure, facts: Facts, named: bool) -> bool:
    """Whether a number stands in a text of the JSON, of which field can't be told."""
    return figure.value in facts.said and (not named or figure.unit is None)


def _is_sum(figure: Figure, base: float, said: Sentence, fields: Sequence[Field]) -> bool:
    return bool(_SUM.search(said.text)) and any(_close(figure, base, sum(field.values)) for field in fields)


def _says(field: Field, base: float, facts: Facts, spoken: Spoken) -> str:
    value = min(field.of(spoken), key=lambda each: abs(each - base))
    unit = field.unit
    told = f"{unit.from_base(value):,.10g} {unit.symbol}" if unit else f"{value:,.10g}"
    return f"{field.label}{of_spoken(field.by_record, facts, spoken)} is {told}"


def _is_beside(field: Field, figure: Figure, said: Sentence) -> bool:
    """Whether a word of a field's own name counts a figure without a unit: "830 employees", "population of 5,000"."""
    own = name_words(field.path[-1:])
    for word in said.words:
        if not word.means & own:
            continue
        after = 0 <= word.start - figure.end <= _RIGHT_BESIDE and not _OTHER.search(said.text, figure.end, word.start)
        if after or (word.end <= figure.start and _LINK.fullmatch(said.text, word.end, figure.start)):
            return True
    return False


def _holds(field: Field, figure: Figure, base: float, spoken: Spoken) -> bool:
    values = field.of(spoken)
    other = figure.unit and field.unit and figure.unit.symbol != field.unit.symbol
    place = bisect_left(values, base)
    share = _CONVERTED if other else 1e-9
    return any(_close(figure, base, each, share) for each in values[max(0, place - 1) : place + 1])


def _close(figure: Figure, base: float, value: float, share: float = 1e-9) -> bool:
    """Whether a figure is a value as exactly as it is written; `share` is what a conversion may be off."""
    step = figure.step * (figure.unit.factor if figure.unit else 1.0)
    return abs(base - value) <= max(0.51 * step, abs(value) * (_ROUGH if figure.roughly else share))
