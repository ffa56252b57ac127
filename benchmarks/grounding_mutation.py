"""What a mutation is: a sentence of a clean report, made false or unsupported, and which kind of fault that is."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from benchmarks.grounding_facts import Known, Rec, Sentence
from intent_assets.reports import Text

Family = Literal["bound", "prose", "words", "report", "judge"]
"""`bound`: a slot or the words around it changed; `prose`: a figure, date, name or address was typed; `words`: none of
these, but a status, a quote or an order that the gate knows; `report`: what code puts around the sentences; `judge`:
only a reader with the facts can tell. The last three have no aim."""


@dataclass(frozen=True, eq=False)
class Mutation:
    """One false text in the place of a clean sentence; `clean` is what stood there."""

    kind: str
    family: Family
    text: Text
    clean: str


@dataclass(frozen=True, eq=False)
class Draw:
    """What mutations are drawn from: the sentences of one report, its case, and the dice."""

    sentences: list[Sentence]
    known: Known
    dice: random.Random

    def shuffled(self) -> list[Sentence]:
        """The sentences in random order."""
        return self.dice.sample(self.sentences, len(self.sentences))


Mutate = Callable[[Draw], Iterator[Mutation]]
"""Yields mutations of one report in random order, as many as are asked for."""


def of_sentence(kind: str, family: Family, sentence: Sentence, template: str) -> Mutation:
    """Return the mutation that puts `template` in the place of a sentence."""
    return Mutation(kind, family, sentence.text.model_copy(update={"template": template}), sentence.template)


def told_of_namesake(known: Known, rec: Rec, name: str, display: str) -> bool:
    """Whether a contact with the same last name does say `display` in that field: the last name may mean that one."""
    last = rec.shown("name").split()[-1:]
    people = known.of_buyer(rec.buyer_id, "contact")
    return any(each.shown("name").split()[-1:] == last and each.shown(name) == display for each in people)


def told_elsewhere(known: Known, rec: Rec, name: str, display: str) -> bool:
    """Whether a record that a reader can't tell from `rec` (same title or name) does say `display` in that field."""
    called = "name" if rec.record == "contact" else "title"
    twins = (
        other
        for other in known.of_buyer(rec.buyer_id, rec.record)
        if other is rec or (called in rec.fields and other.shown(called).lower() == rec.shown(called).lower())
    )
    return any(other.shown(name).lower() == display.lower() for other in twins)
