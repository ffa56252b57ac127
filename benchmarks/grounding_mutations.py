"""All mutations of one report, a few of each kind, the same for the same dice."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice

from benchmarks import (
    grounding_mutations_invented,
    grounding_mutations_slots,
    grounding_mutations_typed,
    grounding_mutations_words,
)
from benchmarks.grounding_mutation import Draw, Mutate, Mutation

_MUTATORS: tuple[Mutate, ...] = (
    *grounding_mutations_slots.MUTATORS,
    *grounding_mutations_words.MUTATORS,
    *grounding_mutations_typed.MUTATORS,
    *grounding_mutations_invented.MUTATORS,
)
_DRAWS = 40


def mutations(draw: Draw, of_each: int = 1) -> Iterator[Mutation]:
    """Yield up to `of_each` mutations of each kind."""
    return some_of(_MUTATORS, draw, of_each)


def some_of(mutators: Sequence[Mutate], draw: Draw, of_each: int) -> Iterator[Mutation]:
    """Yield up to `of_each` mutations of each kind that `mutators` make."""
    for mutate in mutators:
        made: Counter[str] = Counter()
        for mutation in islice(mutate(draw), _DRAWS):
            made[mutation.kind] += 1
            if made[mutation.kind] <= of_each:
                yield mutation
