"""Sentences about things with fields (a product, a tender, a person), and which of them each is about."""

import re
from collections.abc import Iterator
from datetime import datetime

from intent_assets.prose.amounts import check_amount
from intent_assets.prose.dates import check_clock, check_date
from intent_assets.prose.facts import Facts, Spoken
from intent_assets.prose.fields import Evidence
from intent_assets.prose.findings import Fault
from intent_assets.prose.lists import Lists
from intent_assets.prose.moments import epoch_moment
from intent_assets.prose.nearness import nearness
from intent_assets.prose.sentences import Sentence
from intent_assets.prose.states import States

_NAME_BEFORE = re.compile(r"\b[A-Z][\w+-]*[\s-]$")
"""A name right before a number, which then is part of it: Android 13."""
_BEFORE_DATE, _AFTER_DATE = 80, 40
_MOST_NAMES = 2000
_MOST_EPOCHS = 10


class Records:
    """Checks sentences one after the other; a record named in one is spoken of until another is."""

    def __init__(self, evidence: Evidence) -> None:
        self._facts = Facts(evidence)
        self._names = [
            (name.lower(), record) for record, names in self._facts.names.items() if record for name in names[:3]
        ][:_MOST_NAMES]
        self._states = States(evidence)
        self._lists = Lists(evidence, self._names)
        self._epochs = list(_epochs(evidence))
        # The figures of a contest are its scores.
        self._counts = evidence.contest is None
        self._spoken: Spoken = frozenset()

    def check(self, said: Sentence) -> Iterator[Fault]:
        """Yield the faults of a sentence, and what of it fits."""
        named = self._named(said.text)
        self._spoken = named or self._spoken
        yield from self._states.check(said.text, self._spoken)
        yield from self._lists.check(said.text)
        yield from self._amounts(said, here=bool(named))
        yield from self._dates(said, here=bool(named))

    def _named(self, sentence: str) -> Spoken:
        lowered = sentence.lower()
        return frozenset(record for name, record in self._names if name in lowered)

    def _amounts(self, said: Sentence, *, here: bool) -> Iterator[Fault]:
        for number, figure in enumerate(said.figures):
            named = _NAME_BEFORE.search(said.text, max(0, figure.start - 30), figure.start)
            if figure.unit is None and (named or not self._counts):
                continue
            after = said.figures[number - 1].end if number else 0
            before = said.figures[number + 1].start if number + 1 < len(said.figures) else len(said.text)
            near = nearness(said.words, figure.start, figure.end, after, before)
            yield from check_amount(figure, said, near, self._facts, self._spoken, here)

    def _dates(self, said: Sentence, *, here: bool) -> Iterator[Fault]:
        for number, moment in enumerate(said.times):
            if moment.clock:
                yield from check_clock(moment, self._facts, self._epochs)
                continue
            after = said.times[number - 1].end if number else 0
            before = said.times[number + 1].start if number + 1 < len(said.times) else len(said.text)
            after, before = max(after, moment.start - _BEFORE_DATE), min(before, moment.end + _AFTER_DATE)
            near = nearness(said.words, moment.start, moment.end, after, before)
            yield from check_date(moment, near, self._facts, self._spoken, here)


def _epochs(evidence: Evidence) -> Iterator[datetime]:
    """Yield the seconds since 1970 that the JSON holds as times, the first ones of them."""
    found = 0
    for leaf in evidence.leaves:
        if isinstance(leaf.value, float) and leaf.path and "time" in leaf.path[-1].lower() and found < _MOST_EPOCHS:
            moment = epoch_moment(leaf.value)
            if moment:
                found += 1
                yield moment
