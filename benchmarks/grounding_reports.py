"""Clean reports: sentences of the patterns over the facts of a case, assembled as a run assembles them."""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import groupby

from benchmarks.grounding_facts import PLACE, SUBJECTS, WORD, Known, Rec, Sentence, bound, days_since_event
from benchmarks.grounding_pattern import Pattern
from benchmarks.grounding_patterns import CARD_SENTENCES, PATTERNS, SECTIONS
from benchmarks.grounding_world import AS_OF
from intent_assets.assembly import assemble
from intent_assets.claims import Section, SectionSentence
from intent_assets.grounding.states import RECENT_DAYS
from intent_assets.records import SectionName
from intent_assets.reports import Report
from intent_assets.slots import slot

Subjects = Mapping[str, Rec]
_NONE = Rec("buyer", None, None, {})

CONDITIONS: Mapping[str, Callable[[Subjects, Known, str], bool]] = {
    "featured": lambda _, known, buyer: known.buyer_ids[0] == buyer,
    "two": lambda it, *_: it["r"].shown("title") != it["q"].shown("title"),
    "fresh": lambda it, *_: 0 <= (days_since_event(it["r"]) or -1) <= RECENT_DAYS,
    "here": lambda it, *_: it["c"].state != "left",
    "verified": lambda it, *_: it["c"].shown("email_verified") == "verified",
    "two_people": lambda it, *_: it["d"].state != "left" and it["c"].shown("name") != it["d"].shown("name"),
    "ampersand": lambda _, known, __: "&" in known.case.product.company,
    "rank_one": lambda it, *_: it["b"].shown("rank").startswith("1 "),
    "same_state": lambda it, *_: it["q"].state == it["r"].state and it["q"].shown("title") != it["r"].shown("title"),
    "order_runs": lambda it, *_: it["o"].state in {"running", "expiring"},
    "school_district": lambda _, known, buyer: "district" in (known.one("b", buyer) or _NONE).shown("name").lower(),
}
_TRIES = 12


def clean_sentences(known: Known, dice: random.Random) -> list[Sentence]:
    """Return the sentences of one report, section by section."""
    featured, *others = known.buyer_ids
    found: list[Sentence] = []
    for section, heading, where, count in SECTIONS:
        found += _some(known, featured, section, heading, where, count, dice)
    for buyer_id in others:
        name = known.one("b", buyer_id)
        if name and "name" in name.fields:
            heading = slot(name.fields["name"].id)
            found += _some(known, buyer_id, "secondary_cards", heading, "card", CARD_SENTENCES, dice)
    return found


def report_of(known: Known, sentences: Sequence[Sentence]) -> Report:
    """Return the report that code assembles of the sentences and the ledger."""
    case = known.case
    return assemble(
        reply=case.reply,
        strategy=case.strategy,
        discoveries=case.discoveries,
        scored=case.scored,
        selected=case.selected,
        search_outcomes=case.outcomes,
        ledger=case.facts,
        sections=_sections(sentences),
        signals_shown=8,
        contacts_shown=5,
        as_of=AS_OF,
        context=case.context,
        last_report=case.last_report,
    )


def subjects_for(
    pattern: str, known: Known, buyer_id: str, dice: random.Random, fits: Callable[[Subjects], bool]
) -> Subjects | None:
    """Return records for the subjects of a pattern that have its facts and fit, or None."""
    wanted: dict[str, set[str]] = {}
    for subject, name in PLACE.findall(pattern):
        wanted.setdefault(subject, set()).add(name)
    if {"first", "last", "last_plain", "initial", "ctitle"} & set(WORD.findall(pattern)):
        wanted.setdefault("c", set()).update({"name", "title"})
    if "vendor" in WORD.findall(pattern):
        wanted.setdefault("o", set()).add("vendor")
    choices = {subject: _having(known, buyer_id, subject, names) for subject, names in wanted.items()}
    if not all(choices.values()):
        return None
    for _ in range(_TRIES):
        chosen = {subject: dice.choice(found) for subject, found in choices.items()}
        if fits(chosen):
            return chosen
    return None


def _having(known: Known, buyer_id: str, subject: str, names: set[str]) -> list[Rec]:
    record = SUBJECTS.get(subject)
    if record is None:
        one = known.one(subject, buyer_id)
        found = [one] if one else []
    else:
        found = known.of_buyer(buyer_id, record)
    return [rec for rec in found if names <= rec.fields.keys()]


def _some(
    known: Known, buyer_id: str, section: SectionName, heading: str | None, where: str, count: int, dice: random.Random
) -> Iterator[Sentence]:
    patterns = [pattern for pattern in PATTERNS if pattern.where == where]
    written: set[str] = set()
    for pattern in dice.sample(patterns, len(patterns)):
        if len(written) == count:
            return
        fitting = partial(is_true_of, pattern, known, buyer_id)
        subjects = subjects_for(pattern.text, known, buyer_id, dice, fitting)
        template = bound(pattern.text, subjects, known, buyer_id) if subjects is not None else None
        if subjects is not None and template and template not in written:
            written.add(template)
            yield Sentence(section, buyer_id, heading, pattern.text, template, subjects)


def is_true_of(pattern: Pattern, known: Known, buyer_id: str, subjects: Subjects) -> bool:
    """Whether the records are such that the pattern is true of them."""
    record = subjects.get("r")
    if pattern.kinds and (record is None or record.kind not in pattern.kinds.split()):
        return False
    if pattern.states and (record is None or record.state not in pattern.states.split()):
        return False
    return all(CONDITIONS[name](subjects, known, buyer_id) for name in pattern.when.split())


def _sections(sentences: Sequence[Sentence]) -> list[Section]:
    sections = []
    for name, group in groupby(sentences, key=lambda sentence: sentence.section):
        told = tuple(
            SectionSentence(text=each.template, buyer_id=each.buyer_id, heading=each.heading) for each in group
        )
        sections.append(Section(name=name, sentences=told, prompt_version="1"))
    return sections
