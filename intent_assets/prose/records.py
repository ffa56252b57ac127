"""Figures, dates and times of a text against fields that stand alone: of a product, a tender, a person."""

import re
from collections.abc import Iterator, Sequence

from intent_assets.prose.facts import DateField, Facts, Field, agrees, shown
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
        self._record = 0
        self._contest = evidence.contest is not None

    def check(self, said: Sentence) -> Iterator[Fault]:
        """Yield the faults of a sentence, and what of it fits."""
        sentence = said.text
        self._record = self._named(sentence) or self._record
        yield from self._states.check(sentence, self._record)
        yield from self._lists.check(sentence)
        for number, figure in enumerate(said.figures):
            after = said.figures[number - 1].end if number else 0
            before = said.figures[number + 1].start if number + 1 < len(said.figures) else len(sentence)
            if figure.unit is None and (
                self._contest or _NAMED.search(sentence, max(0, figure.start - 30), figure.start)
            ):
                continue
            yield from self._figure(sentence, figure, _near(said.words, figure.start, figure.end, after, before))
        for number, moment in enumerate(said.times):
            after = said.times[number - 1].end if number else 0
            before = said.times[number + 1].start if number + 1 < len(said.times) else len(sentence)
            after, before = max(after, moment.start - 80), min(before, moment.end + 40)
            yield from self._moment(moment, _near(said.words, moment.start, moment.end, after, before))

    def _named(self, sentence: str) -> int:
        lowered = sentence.lower()
        return next((record for name, record in self._names if name in lowered), 0)

    def _figure(self, sentence: str, figure: Figure, near: dict[str, float]) -> Iterator[Fault]:
        dimension = figure.unit.dimension if figure.unit else ""
        fields = self.facts.of(dimension)
        if not fields or figure.role == "side" or (not dimension and (figure.in_words or figure.role)):
            return
        if not dimension:
            fields = [field for field in fields if field.path[-1:] and name_words(field.path[-1:]) & set(near)]
            if not fields:
                return
        scored = sorted(((self._score(field, near), field) for field in fields), key=lambda each: -each[0])
        best = scored[0][0]
        named = any(near.get(word, 0) >= _BESIDE for word in scored[0][1].words)
        if not named and dimension not in _STRONG:
            return
        base = figure.unit.to_base(figure.value) if figure.unit else figure.value
        bound = [field for score, field in scored if score >= 0.8 * best]
        record = self._record
        said = figure.value in self.facts.said and (not named or not dimension)
        summed = _SUM.search(sentence) and any(_close(figure, base, sum(field.values)) for field in bound)
        if said or summed or any(_same(figure, base, field, record) for field in bound):
            yield Fault(figure.start, figure.end, FITS, "")
            return
        own = [field for field in bound if record in field.by_record]
        others = [score for score, field in scored if field not in own and _same(figure, base, field, 0)]
        elsewhere = bool(others)
        if elsewhere and best < _CLEARLY * max(others) + _LEAST:
            yield Fault(figure.start, figure.end, FITS, "")
            return
        field = bound[0]
        kind = (
            f"record/{'elsewhere' if elsewhere else 'nowhere'}/{'named' if named else 'by unit'}/{dimension or 'bare'}"
        )
        yield Fault(figure.start, figure.end, kind, self._says(field, base, record))

    def _says(self, field: Field, base: float, record: int) -> str:
        value = field.nearest(base, record)
        unit = field.unit
        shown_value = f"{unit.from_base(value):,.10g} {unit.symbol}" if unit else f"{value:,.10g}"
        return f"{field.label}{self._of(record)} is {shown_value}"

    def _of(self, record: int) -> str:
        names = self.facts.names.get(record) if record else None
        return f" of {names[0]}" if names else ""

    def _score(self, field: Field, near: dict[str, float]) -> float:
        return sum((near[word] * self.facts.weights.get(word, 0.0) for word in field.words if word in near), 0.0)

    def _moment(self, moment: Moment, near: dict[str, float]) -> Iterator[Fault]:
        if moment.clock:
            yield from self._clock(moment)
            return
        if not moment.year and not (moment.month and moment.day):
            return
        fields = list(self.facts.dates.values())
        if not fields:
            return
        scored = sorted(((self._date_score(field, near), field) for field in fields), key=lambda each: -each[0])
        best = scored[0][0]
        bound = [field for score, field in scored if score >= 0.8 * best]
        if any(agrees(moment, self._dates_of(field)) for field in bound):
            yield Fault(moment.start, moment.end, FITS, "")
            return
        elsewhere = any(agrees(moment, field.dates) for field in fields)
        named = any(near.get(word, 0) >= _BESIDE for word in bound[0].words if word != "date")
        if not named:
            return
        field = bound[0]
        told = ", ".join(dict.fromkeys(shown(each) for each in self._dates_of(field)[:3]))
        kind = f"date/{'elsewhere' if elsewhere else 'nowhere'}"
        yield Fault(moment.start, moment.end, kind, f"{field.label}{self._of(self._record)} is {told}")

    def _dates_of(self, field: DateField) -> Sequence[tuple[int, int, int]]:
        return field.by_record.get(self._record) or field.dates

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


def _same(figure: Figure, base: float, field: Field, record: int) -> bool:
    other = figure.unit and field.unit and figure.unit.symbol != field.unit.symbol
    return _close(figure, base, field.nearest(base, record), 0.012 if other else 1e-9)


def _close(figure: Figure, base: float, value: float, share: float = 1e-9) -> bool:
    """Whether a figure is a value as exactly as it is written; `share` is what a conversion may be off."""
    step = figure.step * (figure.unit.factor if figure.unit else 1.0)
    return abs(base - value) <= max(0.51 * step, abs(value) * (_ROUGH if figure.roughly else share))
