"""Mutations that type a wrong figure, date, address or name where a slot stood."""

import random
import re
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

from benchmarks.grounding_facts import Known, Sentence
from benchmarks.grounding_mutation import Draw, Family, Mutation, of_sentence, told_elsewhere, told_of_namesake
from benchmarks.grounding_mutations_slots import FIGURES
from benchmarks.grounding_names import BODIES, FAMILIES, GIVEN, SYSTEMS, TITLES
from benchmarks.grounding_notation import in_disguise, in_words, wrong_date_forms
from intent_assets.records import Fact
from intent_assets.sandbox.world_buyers import STATES
from intent_assets.slots import slot
from intent_assets.us_states import NAMES

_DIGIT = re.compile(r"\d")
_SCALES = {
    "million": ("billion", "thousand", "trillion"),
    "billion": ("million", "trillion"),
    "days": ("weeks", "months", "years"),
    "day": ("week", "month"),
}


def digits_swapped(draw: Draw) -> Iterator[Mutation]:
    """The figure with two digits in each other's place, or one digit changed."""
    for sentence, fact in _facts(draw, {"money", "count", "score", "duration", "phone"}):
        wrong = _other_digits(fact.display, draw.dice)
        kind = "phone number with a digit changed" if fact.kind == "phone" else "digits swapped or changed"
        if wrong != fact.display:
            yield _typed(kind, sentence, fact, wrong)


def unit_changed(draw: Draw) -> Iterator[Mutation]:
    """The figure in another scale or unit: billion for million, weeks for days."""
    for sentence, fact in _facts(draw, {"money", "count", "score", "duration"}):
        words = [word for word in _SCALES if re.search(rf"\b{word}\b", fact.display)]
        if words:
            wrong = re.sub(rf"\b{words[0]}\b", draw.dice.choice(_SCALES[words[0]]), fact.display)
        elif fact.kind == "money":
            wrong = draw.dice.choice((f"{fact.display} million", f"€{fact.display[1:]}", f"{fact.display[1:]} percent"))
        else:
            wrong = draw.dice.choice(
                (f"{fact.display}%", f"{fact.display} thousand", f"{fact.display}k", f"${fact.display}")
            )
        yield _typed("unit or scale changed", sentence, fact, wrong)


def off_by_one(draw: Draw) -> Iterator[Mutation]:
    """A count that is one more or one less, in digits or in words."""
    for sentence, fact in _facts(draw, {"count", "duration"}):
        if not isinstance(fact.value, int | float):
            continue
        wrong = int(fact.value) + draw.dice.choice((1, -1) if fact.value > 1 else (1,))
        unit = f" {fact.display.split()[-1]}" if fact.kind == "duration" else ""
        shown = in_words(wrong) if draw.dice.random() < 0.5 and wrong < 1000 else f"{wrong:,}"
        yield _typed("count off by one", sentence, fact, shown + unit)


def other_figure_typed(draw: Draw) -> Iterator[Mutation]:
    """A figure or date of another fact of the buyer, typed."""
    for sentence, fact in _facts(draw, FIGURES):
        others = [other.display for other in draw.known.case.facts if other.buyer_id == fact.buyer_id
                  and other.kind == fact.kind and other.display != fact.display]  # fmt: skip
        if others:
            yield _typed("another figure of the evidence, typed", sentence, fact, draw.dice.choice(others))


def date_shifted(draw: Draw) -> Iterator[Mutation]:
    """A date some days off, in any notation."""
    for sentence, fact in _facts(draw, {"date"}):
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", str(fact.value)):
            continue
        wrong = date.fromisoformat(str(fact.value)) + timedelta(days=draw.dice.choice((-31, -7, -1, 1, 2, 10, 30, 365)))
        yield _typed("date shifted", sentence, fact, draw.dice.choice(wrong_date_forms(wrong)))


def in_figures_nobody_sees(draw: Draw) -> Iterator[Mutation]:
    """A wrong figure in other digits, look-alike letters, with what can't be seen, as words or as a share."""
    for sentence, fact in _facts(draw, {"money", "count", "score"}):
        wrong = _other_digits(fact.display, draw.dice)
        yield _typed("figure in disguise", sentence, fact, in_disguise(wrong, draw.dice))


def wrong_address(draw: Draw) -> Iterator[Mutation]:
    """An e-mail or web address that is nobody's, plain or disguised."""
    for sentence, fact in _facts(draw, {"email", "url"}):
        if fact.kind == "url":
            host = re.sub(r"[^a-z0-9.-]", "", fact.display.lower()) or "documents"
            links = (f"https://{host}.example/login", f"{host.split('.')[0]}.org", f"www.{host.split('.')[0]}.com",
                     f"hxxps://{host}", f"bit.ly/{host[:5]}")  # fmt: skip
            yield _typed("web address that is nobody's", sentence, fact, draw.dice.choice(links))
            continue
        local, _, host = fact.display.partition("@")
        forms = (f"{local}1@{host}", f"{local}@{host.split('.')[0]}.org", f"{local}.office (at) {host}",
                 f"info@{host.split('.')[0]}-office.example", f"{local}＠mail.{host}",
                 f"{local} at {host.split('.')[0]} dot org")  # fmt: skip
        yield _typed("e-mail address that is nobody's", sentence, fact, draw.dice.choice(forms))


def wrong_name(draw: Draw) -> Iterator[Mutation]:
    """A person, body, place or vendor that is another one, typed where a name stood."""
    for sentence, subject, name, fact in _named(draw):
        if subject in {"c", "d"}:
            ways = _wrong_people(sentence, fact, draw)
        elif name == "state":
            ways = {"place that is another one": NAMES[draw.dice.choice(STATES)]}
        elif name in {"name", "parent_name"}:
            bodies = [buyer.buyer_name for buyer in draw.known.case.selected.buyers]
            ways = {
                "body of another record, typed": draw.dice.choice(bodies),
                "body that does not exist": draw.dice.choice(BODIES),
            }
        else:
            ways = {"vendor or system that is another one": draw.dice.choice(SYSTEMS)}
        kind, wrong = draw.dice.choice(sorted(ways.items()))
        # A name that anything of this buyer holds could be right.
        if wrong.lower() not in _all_names(sentence, draw.known).lower():
            yield _typed(kind, sentence, fact, wrong)


def _wrong_people(sentence: Sentence, fact: Fact, draw: Draw) -> dict[str, str]:
    own = [rec.shown("name") for rec in draw.known.of_buyer(sentence.buyer_id, "contact")]
    others = [buyer for buyer in draw.known.buyer_ids if buyer != sentence.buyer_id]
    strangers = [rec.shown("name") for buyer in others for rec in draw.known.of_buyer(buyer, "contact")]
    person = f"{draw.dice.choice(GIVEN)} {draw.dice.choice(FAMILIES)}"
    mixed = f"{fact.display.split()[0]} {draw.dice.choice(own).split()[-1]}"
    return {
        "person who does not exist": person,
        "person of another buyer, typed": draw.dice.choice(strangers) if strangers else person,
        "first name of one, last name of another": mixed,
        "single first or last name of nobody": draw.dice.choice((*GIVEN, *FAMILIES)),
    }


def title_of_other_person_typed(draw: Draw) -> Iterator[Mutation]:
    """A person with the job title of another one of the same buyer, or of nobody, typed."""
    for sentence in draw.shuffled():
        rec = sentence.subjects.get("c")
        if rec is None or ("c", "title") not in sentence.places or "title" not in rec.fields:
            continue
        people = draw.known.of_buyer(sentence.buyer_id, "contact")
        titles = [each.shown("title") for each in people if each.shown("title")]
        titles = [each for each in titles if not told_elsewhere(draw.known, rec, "title", each)]
        titles = [each for each in titles if not told_of_namesake(draw.known, rec, "title", each)]
        invented = [each for each in TITLES if not any(each.lower() in other.lower() for other in titles)]
        pool = titles if draw.dice.random() < 0.6 else invented
        own = rec.shown("title").lower()
        pool = [each for each in pool if each.lower() not in own and own not in each.lower()]
        if pool:
            kind = "title of another person, typed" if pool[0] in titles else "title that nobody has, typed"
            yield _typed(kind, sentence, rec.fields["title"], draw.dice.choice(pool))


def quote_altered(draw: Draw) -> Iterator[Mutation]:
    """Words of a quote in quotation marks, one of them another word."""
    for sentence, fact in _facts(draw, {"quote"}):
        words = re.findall(r"[a-z]+(?:-[a-z]+)*", fact.display)
        runs = re.findall(r"(?:\b[a-z]{2,} ){5,9}", fact.display)
        changed = [word for word in words if len(word) > 4]
        if not runs or not changed:
            continue
        quote = draw.dice.choice(runs).strip()
        inside = [word for word in quote.split() if len(word) > 4]
        if not inside:
            continue
        other = draw.dice.choice(("refuses", "cancelled", "expensive", "rejected", "unsafe", "delayed"))
        wrong = quote.replace(draw.dice.choice(inside), other, 1)
        if wrong.lower() not in fact.display.lower():
            opening, closing = draw.dice.choice((("“", "”"), ('"', '"'), ("‘", "’")))
            yield _typed("quote altered", sentence, fact, f"{opening}{wrong}{closing}.", family="words")


def _all_names(sentence: Sentence, known: Known) -> str:
    return " ".join(fact.display for fact in known.case.facts if fact.buyer_id in {None, sentence.buyer_id})


def _facts(draw: Draw, kinds: set[str]) -> Iterator[tuple[Sentence, Fact]]:
    for sentence in draw.shuffled():
        facts = [sentence.subjects[subject].fields[name] for subject, name in sentence.places]
        fitting = [fact for fact in facts if fact.kind in kinds and (_DIGIT.search(fact.display) or fact.kind in
                                                                    {"email", "url", "quote"})]  # fmt: skip
        if fitting:
            yield sentence, draw.dice.choice(fitting)


def _named(draw: Draw) -> Iterator[tuple[Sentence, str, str, Fact]]:
    for sentence in draw.shuffled():
        places = [(subject, name, sentence.subjects[subject].fields[name]) for subject, name in sentence.places
                  if name in {"name", "state", "parent_name", "vendor", "lms", "sis"}]  # fmt: skip
        if places:
            yield (sentence, *draw.dice.choice(places))


def _typed(kind: str, sentence: Sentence, fact: Fact, wrong: str, family: Family = "prose") -> Mutation:
    template = sentence.template.replace(slot(fact.id), wrong, 1)
    template = template[:1].upper() + template[1:]
    return of_sentence(kind, family, sentence, re.sub(r"([.”’\"])\.$", r"\1", template))


def _other_digits(text: str, dice: random.Random) -> str:
    places = [found.start() for found in _DIGIT.finditer(text)]
    pairs = [(one, two) for one, two in pairwise(places) if text[one] != text[two]]
    letters = list(text)
    if pairs and dice.random() < 0.6:
        one, two = dice.choice(pairs)
        if letters[two] != "0" or one != places[0]:
            letters[one], letters[two] = letters[two], letters[one]
            return "".join(letters)
    at = dice.choice(places)
    letters[at] = str((int(letters[at]) + dice.randrange(1, 9)) % 10)
    if letters[at] == "0" and at == places[0]:
        letters[at] = "5" if text[at] != "5" else "6"
    return "".join(letters)


MUTATORS = (
    digits_swapped, unit_changed, off_by_one, other_figure_typed, date_shifted, in_figures_nobody_sees, wrong_address,
    wrong_name, title_of_other_person_typed, quote_altered,
)  # fmt: skip
