"""Whole sentences that nobody's evidence holds, beside or in the place of a clean one; and what sources smuggle in."""

import random
import re
from collections.abc import Iterator, Sequence
from itertools import islice

from benchmarks.grounding_facts import Known, Sentence
from benchmarks.grounding_inventions import (
    INSTRUCTIONS,
    INSTRUCTIONS_WITH_VALUES,
    INVENTED,
    JUDGED,
    MARKUP,
    STATES_WITHOUT_RECORD,
)
from benchmarks.grounding_inventions_more import MORE_INSTRUCTIONS, MORE_INVENTED, MORE_STATES_WITHOUT_RECORD
from benchmarks.grounding_mutation import Draw, Family, Mutation, of_sentence
from benchmarks.grounding_names import FAMILIES, GIVEN
from intent_assets.slots import SLOT


def invented_sentence(draw: Draw) -> Iterator[Mutation]:
    """A sentence with a figure, date, person, body or address that the evidence does not hold."""
    for kind, texts in INVENTED.items():
        yield from _beside(kind, "prose", (*texts, *MORE_INVENTED[kind]), draw)


def state_of_nothing(draw: Draw) -> Iterator[Mutation]:
    """Status and time of no record: nothing is cited that could have them."""
    yield from _alone(
        "state or time of no cited record", "words", (*STATES_WITHOUT_RECORD, *MORE_STATES_WITHOUT_RECORD), draw
    )


def instruction_followed(draw: Draw) -> Iterator[Mutation]:
    """What a text of the data ordered, done."""
    ways: tuple[tuple[str, Family, Sequence[str]], ...] = (
        ("instruction of a source followed, with its figure or address", "prose", INSTRUCTIONS_WITH_VALUES),
        ("instruction of a source followed, in plain words", "words", (*INSTRUCTIONS, *MORE_INSTRUCTIONS)),
    )
    for kind, family, texts in ways:
        yield from islice(_alone(kind, family, texts, draw), 2)


def markup_smuggled(draw: Draw) -> Iterator[Mutation]:
    """Markup, HTML or slot syntax around a slot or between the words."""
    for sentence in draw.shuffled():
        found = SLOT.search(sentence.template)
        if found:
            put = draw.dice.choice(MARKUP).replace("@", found[0])
            template = sentence.template[: found.start()] + put + sentence.template[found.end() :]
            yield of_sentence("markup or HTML around a slot", "bound", sentence, template)


def only_a_judge(draw: Draw) -> Iterator[Mutation]:
    """Prose without figure, name, date, address or status that nothing supports."""
    for kind, texts in JUDGED.items():
        yield from islice(_alone(kind, "judge", texts, draw), 2)


def _alone(kind: str, family: Family, texts: Sequence[str], draw: Draw) -> Iterator[Mutation]:
    for sentence in draw.shuffled():
        yield of_sentence(kind, family, sentence, _filled(draw.dice.choice(texts), sentence, draw.known, draw.dice))


def _beside(kind: str, family: Family, texts: Sequence[str], draw: Draw) -> Iterator[Mutation]:
    """Yield one sentence: in the place of a clean one, behind it, or as a clause at its end."""
    sentence = draw.dice.choice(draw.sentences)
    invented = _filled(draw.dice.choice(texts), sentence, draw.known, draw.dice)
    form = draw.dice.random()
    if form < 0.5:
        template = invented
    elif form < 0.75 or not sentence.template.endswith("."):
        template = f"{sentence.template} {invented}"
    else:
        first = invented.split()[0]
        first = invented.split()[0]
        clause = invented[:1].lower() + invented[1:] if first in _NO_NAMES else invented
        template = f"{sentence.template[:-1]}, and {clause}"
    yield of_sentence(kind, family, sentence, template)


def _filled(text: str, sentence: Sentence, known: Known, dice: random.Random) -> str:
    others = [buyer.buyer_name for buyer in known.case.selected.buyers if buyer.buyer_id != sentence.buyer_id]
    strangers = [rec.shown("name") for buyer in known.buyer_ids if buyer != sentence.buyer_id
                 for rec in known.of_buyer(buyer, "contact")]  # fmt: skip
    buyer = known.one("b", sentence.buyer_id)
    name = buyer.fields.get("name") if buyer else None
    fill = {
        "number": str(dice.randrange(13, 900)),
        "small": dice.choice(("two", "three", "four", "five", "seven", "a dozen", "six")),
        "money": dice.choice(("$1.4 million", "$250,000", "half a million dollars", "$75k", "USD 90,000")),
        "percent": dice.choice(("12%", "40 percent", "a third", "three quarters", "0.5 %")),
        "year": str(dice.randrange(2019, 2029)),
        "month": dice.choice(("January", "May", "August", "October", "March")),
        "day": dice.choice(("Monday", "Thursday")),
        "person": f"{dice.choice(GIVEN)} {dice.choice(FAMILIES)}",
        "given": dice.choice(GIVEN),
        "family": dice.choice(FAMILIES),
        "body": dice.choice(("Gates Foundation", "Department of Education", "Aldermoor Township", "Harbor College",
                             "Deloitte", "Northwind Systems", "NASPO")),
        "other": dice.choice(others or ["Aldermoor Township"]),
        "stranger": dice.choice(strangers or ["Dana Holt"]),
        "buyer": f"{{{{{name.id}}}}}" if name else "this buyer",
    }  # fmt: skip
    return re.sub(r"\[(\w+)\]", lambda found: fill[found[1]], text)


_NO_NAMES = frozenset({
    "It", "The", "A", "Around", "Only", "Nearly", "Bids", "Staff", "Response", "Demand", "More", "Every", "According",
    "Ask", "Write", "Talk", "Call", "See", "Its",
})  # fmt: skip
"""First words of inventions that begin with a small letter inside a sentence."""

MUTATORS = (invented_sentence, state_of_nothing, instruction_followed, markup_smuggled, only_a_judge)
