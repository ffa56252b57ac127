"""Whole sentences that nobody's evidence holds, beside or in the place of a clean one; and what sources smuggle in."""

import random
import re
from collections.abc import Iterator, Sequence
from itertools import islice

from benchmarks.grounding_facts import Known, Sentence
from benchmarks.grounding_inventions import INSTRUCTIONS, INVENTED, JUDGED, MARKUP, STATES_WITHOUT_RECORD
from benchmarks.grounding_mutation import Family, Mutation, of_sentence, shuffled
from benchmarks.grounding_names import FAMILIES, GIVEN
from intent_assets.slots import SLOT


def invented_sentence(sentences: list[Sentence], known: Known, dice: random.Random) -> Iterator[Mutation]:
    """A sentence with a figure, date, person, body or address that the evidence does not hold."""
    for kind, texts in INVENTED.items():
        yield from _beside(kind, "prose", texts, sentences, known, dice)


def state_of_nothing(sentences: list[Sentence], known: Known, dice: random.Random) -> Iterator[Mutation]:
    """Status and time of no record: nothing is cited that could have them."""
    yield from _alone("state or time of no cited record", "prose", STATES_WITHOUT_RECORD, sentences, known, dice)


def instruction_followed(sentences: list[Sentence], known: Known, dice: random.Random) -> Iterator[Mutation]:
    """What a text of the data ordered, done."""
    yield from _alone("instruction of a source followed", "prose", INSTRUCTIONS, sentences, known, dice)


def markup_smuggled(sentences: list[Sentence], known: Known, dice: random.Random) -> Iterator[Mutation]:
    """Markup, HTML or slot syntax around a slot or between the words."""
    for sentence in shuffled(sentences, dice):
        found = SLOT.search(sentence.template)
        if found:
            put = dice.choice(MARKUP).replace("@", found[0])
            template = sentence.template[: found.start()] + put + sentence.template[found.end() :]
            yield of_sentence("markup or HTML around a slot", "bound", sentence, template)


def only_a_judge(sentences: list[Sentence], known: Known, dice: random.Random) -> Iterator[Mutation]:
    """Prose without figure, name, date, address or status that nothing supports."""
    for kind, texts in JUDGED.items():
        yield from islice(_alone(kind, "judge", texts, sentences, known, dice), 1)


def _alone(
    kind: str, family: Family, texts: Sequence[str], sentences: list[Sentence], known: Known, dice: random.Random
) -> Iterator[Mutation]:
    for sentence in shuffled(sentences, dice):
        yield of_sentence(kind, family, sentence, _filled(dice.choice(texts), sentence, known, dice))


def _beside(
    kind: str, family: Family, texts: Sequence[str], sentences: list[Sentence], known: Known, dice: random.Random
) -> Iterator[Mutation]:
    """Yield one sentence: in the place of a clean one, behind it, or as a clause at its end."""
    sentence = dice.choice(sentences)
    invented = _filled(dice.choice(texts), sentence, known, dice)
    form = dice.random()
    if form < 0.5:
        template = invented
    elif form < 0.75 or not sentence.template.endswith("."):
        template = f"{sentence.template} {invented}"
    else:
        clause = invented if re.match(r"[A-Z]\w*[A-Z]|\W|\[", invented) or invented.split()[0] in _NAMES else (
            invented[:1].lower() + invented[1:]
        )  # fmt: skip
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


_NAMES = {*GIVEN, *FAMILIES, "Deloitte", "NASPO", "RFPs"}

MUTATORS = (invented_sentence, state_of_nothing, instruction_followed, markup_smuggled, only_a_judge)
