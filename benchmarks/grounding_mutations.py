"""All mutations of one report, a few of each kind, the same for the same dice."""

import random
from collections.abc import Iterator
from itertools import islice

from benchmarks import (
    grounding_mutations_invented,
    grounding_mutations_slots,
    grounding_mutations_typed,
    grounding_mutations_words,
)
from benchmarks.grounding_facts import Known, Sentence
from benchmarks.grounding_mutation import Mutate, Mutation

_OF_ONE_KIND: tuple[Mutate, ...] = (
    *grounding_mutations_slots.MUTATORS,
    *grounding_mutations_typed.MUTATORS,
    *grounding_mutations_invented.MUTATORS,
)
_OF_ALL_KINDS: tuple[Mutate, ...] = grounding_mutations_words.MUTATORS
_MOST_OF_ALL = 40


def mutations(sentences: list[Sentence], known: Known, dice: random.Random, of_each: int = 1) -> Iterator[Mutation]:
    """Yield up to `of_each` mutations by each mutator; those that yield each of their kinds once yield all of them."""
    for mutate in _OF_ONE_KIND:
        several = mutate.__name__ in {"invented_sentence", "only_a_judge"}
        most = _MOST_OF_ALL if several else of_each
        yield from islice(mutate(sentences, known, dice), most)
    for mutate in _OF_ALL_KINDS:
        yield from islice(mutate(sentences, known, dice), _MOST_OF_ALL)
