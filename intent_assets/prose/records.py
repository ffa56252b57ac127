"""Figures, dates and times of a text against fields that stand alone: of a product, a tender, a person."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence

from intent_assets.prose.facts import DateField, Facts, Field, Spoken, agrees, of_records, shown
from intent_assets.prose.fields import Evidence
from intent_assets.prose.figures import Figure
from intent_assets.prose.findings import FITS, Fault
from intent_assets.prose.lists import Lists
from intent_assets.prose.moments import Moment, epoch_moment
from intent_assets.prose.sentences import Sentence
from intent_assets.prose.states import States
from intent_assets.prose.vocabulary import Word, name_words

_STRONG = {
    "charge",
    "sensor size",
    "data",
    "frequency",
    "density",
    "power",
    "pixels",
    "mass",
    "process size",
    "frame rate",
}
"""What is measured of few things only: the unit alone tells the field."""
_CLEARLY = 2.5
_LEAST = 0.15
"""How much better than another one a field has to be named, for the other's value to be wrong."""
_BESIDE = 0.35
"""How near a word has to be to name the field of a figure."""
_RIGHT_BESIDE = 20
_LINK = re.compile(r"(?:\s|:|=|is|was|of|at|are|stands|about|around|approximately|a|the|currently)*", re.IGNORECASE)
_OTHER = re.compile(r"[.,;:()]|\b(?:of|and|or|to|in|for|with|from)\b", re.IGNORECASE)
_ROUGH = 0.06
_ABOUT = 45
_SUM = re.compile(r"\b(?:total|combined|altogether|together|sum)\b", re.IGNORECASE)
_NAMED = re.compile(r"\b[A-Z][\w+-]*[\s-]$")
"""A name right before a number, which then is part of it: Android 13."""


class Records:
    """Checks sentences; a record named in one is spoken of until another is."""

    def __init__(self, evidence: Evidence) -> None:
        self.facts = Facts(evidence)
        self._names = [
            (name.lower(), record) for record, names in self.facts.names.items() if record for name in names[:3]
        ][:2000]
        self._states = States(evidence)
        self._lists = Lists(evidence, self._names)
        self._epochs = [
            moment
            for leaf in evidence.leaves
            if isinstance(leaf.value, float) and leaf.path and "time" in leaf.path[-1].lower()
            if (moment := epoch_moment(leaf.value))
        ][:10]
        self._spoken: Spoken = frozenset()
        self._contest = evidence.contest is not None

    def check(self, said: Sentence) -> Iterator[Fault]:
        """Yield the faults of a sentence, and what of it fits."""
        sentence = said.text
        self._spoken = self._named(sentence) or self._spoken
        yield from self._states.check(sentence, self._spoken)
        yield from self._lists.check(sentence)
        for number, figure in enumerate(said.figures):
            after = said.figures[number - 1].end if number else 0
            before = said.figures[number + 1].start if number + 1 < len(said.figures) else len(sentence)
            if figure.unit is None and (
                self._contest or _NAMED.search(sentence, max(0, figure.start - 30), figure.start)
            ):
                continue
            yield from self._figure(said, figure, _near(said.words, figure.start, figure.end, after, before))
        for number, moment in enumerate(said.times):
            after = said.times[number - 1].end if number else 0
            before = said.times[number + 1].start if number + 1 < len(said.times) else len(sentence)
            after, before = max(after, moment.start - 80), min(before, moment.end + 40)
            yield from self._moment(moment, _near(said.words, moment.start, moment.end, after, before))

    def _named(self, sentence: str) -> Spoken:
        lowered = sentence.lower()
        return frozenset(record for name, record in self._names if name in lowered)

    def _figure(self, said: Sentence, figure: Figure, near: dict[str, float]) -> Iterator[Fault]:
        dimension = figure.unit.dimension if figure.unit else ""
        if figure.role == "side" or (not dimension and (figure.in_words or figure.role)):
            return
        fields = [field for field in self.facts.of(dimension) if field.of(self._spoken)]
        if not dimension:
            fields = [field for field in fields if _is_beside(field, figure, said)]
        if not fields:
            return
        scored = sorted(((self._score(field, near), field) for field in fields), key=lambda each: -each[0])
        best = scored[0][0]
        named = any(near.get(word, 0) >= _BESIDE for word in scored[0][1].words)
        if not named and dimension not in _STRONG:
            return
        base = figure.unit.to_base(figure.value) if figure.unit else figure.value
        bound = [field for score, field in scored if score >= 0.8 * best]
        if self._is_one(said.text, figure, base, bound, named):
            yield Fault(figure.start, figure.end, FITS, "")
            return
        others = [score for score, field in scored if _same(figure, base, field, field.of(self._spoken))]
        if others and best < _CLEARLY * max(others) + _LEAST:
            yield Fault(figure.start, figure.end, FITS, "")
            return
        where = "elsewhere" if others else "nowhere"
        kind = f"record/{where}/{'named' if named else 'by unit'}/{dimension or 'bare'}"
        yield Fault(figure.start, figure.end, kind, self._says(bound[0], base))

    def _is_one(self, sentence: str, figure: Figure, base: float, fields: Sequence[Field], named: bool) -> bool:
        """Whether a figure is a value of the fields, or their sum, or stands in a text that tells no unit."""
        if figure.value in self.facts.said and (not named or figure.unit is None):
            return True
        if _SUM.search(sentence) and any(_close(figure, base, sum(field.values)) for field in fields):
            return True
        return any(_same(figure, base, field, field.of(self._spoken)) for field in fields)

    def _says(self, field: Field, base: float) -> str:
        value = min(field.of(self._spoken), key=lambda each: abs(each - base))
        unit = field.unit
        told = f"{unit.from_base(value):,.10g} {unit.symbol}" if unit else f"{value:,.10g}"
        return f"{field.label}{self._of(field.by_record)} is {told}"

    def _of(self, by_record: Mapping[int, object]) -> str:
        """Return the name of the record that a field is of, if the sentence is about one."""
        names = [self.facts.names[record][0] for record in sorted(self._spoken) if record in by_record]
        return f" of {names[0]}" if names else ""

    def _score(self, field: Field, near: dict[str, float]) -> float:
        return sum((near[word] * self.facts.weights.get(word, 0.0) for word in field.words if word in near), 0.0)

    def _moment(self, moment: Moment, near: dict[str, float]) -> Iterator[Fault]:
        if moment.clock:
            yield from self._clock(moment)
            return
        if not moment.year and not (moment.month and moment.day):
            return
        fields = [field for field in self.facts.dates.values() if of_records(field.by_record, self._spoken)]
        if not fields:
            return
        scored = sorted(((self._date_score(field, near), field) for field in fields), key=lambda each: -each[0])
        bound = [field for score, field in scored if score >= 0.8 * scored[0][0]]
        if any(agrees(moment, of_records(field.by_record, self._spoken)) for field in bound):
            yield Fault(moment.start, moment.end, FITS, "")
            return
        if not any(near.get(word, 0) >= _BESIDE for word in bound[0].words if word != "date"):
            return
        field = bound[0]
        told = ", ".join(dict.fromkeys(shown(each) for each in of_records(field.by_record, self._spoken)[:3]))
        yield Fault(moment.start, moment.end, "date", f"{field.label}{self._of(field.by_record)} is {told}")

    def _date_score(self, field: DateField, near: dict[str, float]) -> float:
        return sum(near[word] for word in field.words if word in near and word != "date")

    def _clock(self, moment: Moment) -> Iterator[Fault]:
        """A time of day has to be one that the JSON tells; one that it tells in two ways is not safe to tell."""
        clocks = self.facts.clocks
        if not clocks or len(clocks) > 3 or moment.clock is None:
            return
        same = [leaf for leaf, told in clocks if (told.hour, told.minute) == (moment.clock.hour, moment.clock.minute)]
        leaf, told = clocks[0]
        if not same:
            yield Fault(moment.start, moment.end, "clock/other", f"{leaf.label} is {told:%Y-%m-%d %H:%M}")
        elif self._epochs and all(epoch.time() != told.time() for epoch in self._epochs for _, told in clocks):
            reason = (
                f"{leaf.label} says {told:%H:%M} without a zone, the timestamp beside it is "
                f"{self._epochs[0]:%Y-%m-%d %H:%M} UTC: the time needs its zone"
            )
            yield Fault(moment.start, moment.end, "clock/zone", reason)


def _near(told: Sequence[Word], start: int, end: int, after: int, before: int) -> dict[str, float]:
    """Return how near each word of a sentence is to a place: 1 beside it, less behind another figure."""
    near: dict[str, float] = {}
    for place, stop, means in told:
        if start <= place < end:
            continue
        beside = after <= place and stop <= before
        distance = start - stop if stop <= start else place - end
        if distance > _ABOUT * 3:
            continue
        weight = (1.0 if beside else 0.3) / (1 + max(distance, 0) / _ABOUT)
        for word in means:
            near[word] = max(near.get(word, 0), weight)
    return near


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


def _same(figure: Figure, base: float, field: Field, values: Sequence[float]) -> bool:
    other = figure.unit and field.unit and figure.unit.symbol != field.unit.symbol
    place = bisect_left(values, base)
    return any(_close(figure, base, each, 0.012 if other else 1e-9) for each in values[max(0, place - 1) : place + 1])


def _close(figure: Figure, base: float, value: float, share: float = 1e-9) -> bool:
    """Whether a figure is a value as exactly as it is written; `share` is what a conversion may be off."""
    step = figure.step * (figure.unit.factor if figure.unit else 1.0)
    return abs(base - value) <= max(0.51 * step, abs(value) * (_ROUGH if figure.roughly else share))
