"""Mutations that put another slot in the place of one: another fact of the record, of another one, of another buyer."""

from collections.abc import Iterator

from benchmarks.grounding_facts import PLACE, Known, Rec, Sentence, bound
from benchmarks.grounding_mutation import Draw, Mutation, of_sentence, told_elsewhere, told_of_namesake
from intent_assets.records import Fact
from intent_assets.slots import slot

FIGURES = {"money", "date", "count", "percent", "score", "duration"}
_ADDRESSES = {"email", "phone", "url"}
_CALLED = {"opportunity": "title", "contact": "name"}
_IN_CODE = {"r", "q", "o", "c", "d", "b", "p", "run"}


def other_figure_of_record(draw: Draw) -> Iterator[Mutation]:
    """Another figure or date of the same record: staff where students stand, the posting day as the deadline."""
    for sentence, subject, name, fact in _places(draw, FIGURES):
        rec = sentence.subjects[subject]
        others = [other for other in rec.fields.values() if other.kind in FIGURES and not _alike(other, fact)]
        if rec.record == "profile":
            buyer = draw.known.one("b", sentence.buyer_id)
            others += [other for other in buyer.fields.values() if other.kind == "count"] if buyer else []
        if _in_list(sentence.pattern, _place(subject, name)):
            others = [other for other in others if other.field != "event_date"]
        if others:
            yield _with(f"another figure of the {_of(rec)}", sentence, subject, name, draw.dice.choice(others))


def figure_of_other_record(draw: Draw) -> Iterator[Mutation]:
    """The amount, date, status, kind or source of another record with this record's title."""
    for sentence, subject, name, _ in _places(draw):
        rec = sentence.subjects[subject]
        if rec.record != "opportunity" or name == "title" or (subject, "title") not in sentence.places:
            continue
        others = [other.fields[name] for other in draw.known.opportunities(rec.buyer_id)
                  if name in other.fields and not told_elsewhere(draw.known, rec, name, other.shown(name))]  # fmt: skip
        if others:
            kind = "status of another record" if name == "status" else "quote of another record"
            if name not in {"status", "summary", "highlight_1"}:
                kind = "figure, date or source of another record"
            yield _with(kind, sentence, subject, name, draw.dice.choice(others))


def title_of_other_record(draw: Draw) -> Iterator[Mutation]:
    """Another record's title with this record's figures and dates."""
    for sentence, subject, name, _ in _places(draw):
        rec = sentence.subjects[subject]
        told = [other for one, other in sentence.places if one == subject and other != "title"]
        if rec.record != "opportunity" or name != "title" or not told:
            continue
        others = [
            other
            for other in draw.known.opportunities(rec.buyer_id)
            if any(not told_elsewhere(draw.known, other, field, rec.shown(field)) for field in told)
        ]
        if others:
            yield _with("title of another record", sentence, subject, name, draw.dice.choice(others).fields["title"])


def of_other_contact(draw: Draw) -> Iterator[Mutation]:
    """Title, address, number or name of another person of the same buyer."""
    for sentence, subject, name, _ in _places(draw):
        rec = sentence.subjects[subject]
        others = draw.known.of_buyer(rec.buyer_id, "contact")
        told = [field for one, field in sentence.places if one == subject and field != name]
        if rec.record != "contact" or not (told or "[last]" in sentence.pattern):
            continue
        if name == "name":
            fitting = [
                other
                for other in others
                if any(not told_elsewhere(draw.known, other, field, rec.shown(field)) for field in told)
            ]
        elif (subject, "name") in sentence.places or "[last]" in sentence.pattern:
            fitting = [other for other in others if not told_elsewhere(draw.known, rec, name, other.shown(name))]
        else:
            continue
        facts = [other.fields[name] for other in fitting if name in other.fields]
        if ("c", "name") not in sentence.places:
            facts = [each for each in facts if not told_of_namesake(draw.known, rec, name, each.display)]
        if facts:
            yield _with(f"{name.split('_')[0]} of another person of the buyer", sentence, subject, name,
                        draw.dice.choice(facts))  # fmt: skip


def whole_contact_of_other_buyer(draw: Draw) -> Iterator[Mutation]:
    """Name, title and address together are those of somebody at another buyer."""
    for sentence in draw.shuffled():
        needed = {name for one, name in sentence.places if one == "c"}
        strangers = [rec for buyer in draw.known.buyer_ids if buyer != sentence.buyer_id
                     for rec in draw.known.of_buyer(buyer, "contact") if needed <= rec.fields.keys()]  # fmt: skip
        own = {rec.shown("name") for rec in draw.known.of_buyer(sentence.buyer_id, "contact")}
        strangers = [rec for rec in strangers if rec.shown("name") not in own and "[" not in sentence.pattern]
        if needed and strangers:
            yield from _instead("contact of another buyer", sentence, "c", draw.dice.choice(strangers), draw.known)


def contact_who_left(draw: Draw) -> Iterator[Mutation]:
    """Somebody to write to who does not work there any more."""
    for sentence in draw.shuffled():
        needed = {name for one, name in sentence.places if one == "c"}
        gone = [rec for rec in draw.known.of_buyer(sentence.buyer_id, "contact") if rec.state == "left"]
        here = {rec.shown("name") for rec in draw.known.of_buyer(sentence.buyer_id, "contact") if rec.state != "left"}
        gone = [rec for rec in gone if needed <= rec.fields.keys() and rec.shown("name") not in here]
        if needed and gone and "[" not in sentence.pattern.replace("[task]", ""):
            yield from _instead("contact who has left", sentence, "c", draw.dice.choice(gone), draw.known)


def fact_of_other_buyer(draw: Draw) -> Iterator[Mutation]:
    """The same field of a record of another buyer of the report."""
    for sentence, subject, name, _ in _places(draw):
        rec = sentence.subjects[subject]
        if subject in {"run", "reply"}:
            continue
        own = {each.shown(name).lower() for each in draw.known.of_buyer(sentence.buyer_id, rec.record)}
        others = [
            each.fields[name]
            for buyer in draw.known.buyer_ids
            if buyer != sentence.buyer_id
            for each in draw.known.of_buyer(buyer, rec.record)
            if name in each.fields and each.shown(name).lower() not in own
        ]
        if others:
            yield _with("fact of another buyer", sentence, subject, name, draw.dice.choice(others))


def swapped_places(draw: Draw) -> Iterator[Mutation]:
    """Two slots of one sentence in each other's place."""
    for sentence in draw.shuffled():
        pairs = [(one, two) for at, one in enumerate(sentence.places) for two in sentence.places[at + 1 :]]
        for one, two in draw.dice.sample(pairs, len(pairs)):
            if not _changes_sense(sentence, one, two, draw.known):
                continue
            pattern = sentence.pattern.replace(_place(*one), "\0").replace(_place(*two), _place(*one))
            template = bound(pattern.replace("\0", _place(*two)), sentence.subjects, draw.known, sentence.buyer_id)
            if template:
                yield of_sentence("two slots of the sentence swapped", "bound", sentence, template)
                break


def kind_without_sense(draw: Draw) -> Iterator[Mutation]:
    """An address where a figure belongs, a figure where an address or a name belongs."""
    for sentence, subject, name, fact in _places(draw):
        if subject not in _IN_CODE or fact.kind not in FIGURES | _ADDRESSES | {"name", "title"}:
            continue
        wanted = _ADDRESSES if fact.kind in FIGURES else FIGURES
        facts = [each for each in draw.known.case.facts if each.buyer_id == sentence.buyer_id and each.kind in wanted]
        if facts:
            yield _with("fact of a kind that makes no sense there", sentence, subject, name, draw.dice.choice(facts))


def unit_around_slot(draw: Draw) -> Iterator[Mutation]:
    """A scale, sign, digit or unit beside the slot changes what the figure says."""
    glue = {
        "money": ("{} million", "{} thousand", "{}k", "€{}", "{} per student", "{} a year", "-{}", "{} billion"),
        "count": ("{} thousand", "{}%", "{} percent", "{},000", "{}.5", "1{}", "{} hundred", "{}+", "{} dozen"),
        "score": ("{} percent", "{}%", "{} times", "${}", "{} million"),
        "duration": ("{} weeks", "{} and a half", "{} months", "1{}", "{} each week"),
    }
    for sentence, subject, name, fact in _places(draw, {"money", "count", "score", "duration"}):
        own = _place(subject, name)
        put = draw.dice.choice(glue[fact.kind]).format(own)
        template = bound(sentence.pattern.replace(own, put, 1), sentence.subjects, draw.known, sentence.buyer_id)
        if template:
            yield of_sentence("unit or scale beside the slot", "bound", sentence, template)


def no_such_slot(draw: Draw) -> Iterator[Mutation]:
    """An id that no fact has, or what only looks like a slot."""
    for sentence, _, _, fact in _places(draw):
        number = fact.id[1:]
        other = f"E{(int(number) + draw.dice.randrange(1, 99)) % 10 ** len(number):0{len(number)}d}"
        forms = [slot(other)] if other not in draw.known.by_id else []
        forms += [f"{{{fact.id}}}", f"{{{{ {fact.id} }}}}", fact.id, f"{{{{{fact.field}}}}}", f"[[{fact.id}]]",
                  f"{{{{{fact.id.lower()}}}}}", f"{{{{{fact.id}}}"]  # fmt: skip
        yield of_sentence("slot that does not exist", "bound", sentence,
                          sentence.template.replace(slot(fact.id), draw.dice.choice(forms), 1))  # fmt: skip


def _places(draw: Draw, kinds: set[str] | None = None) -> Iterator[tuple[Sentence, str, str, Fact]]:
    """Yield one place of each sentence, whose fact is of one of `kinds`."""
    for sentence in draw.shuffled():
        places = [
            (subject, name, sentence.subjects[subject].fields[name])
            for subject, name in sentence.places
            if kinds is None or sentence.subjects[subject].fields[name].kind in kinds
        ]
        if places:
            yield (sentence, *draw.dice.choice(places))


def _with(kind: str, sentence: Sentence, subject: str, name: str, fact: Fact) -> Mutation:
    """Put another fact in one place."""
    before = slot(sentence.subjects[subject].fields[name].id)
    return of_sentence(kind, "bound", sentence, sentence.template.replace(before, slot(fact.id), 1))


def _instead(kind: str, sentence: Sentence, subject: str, rec: Rec, known: Known) -> Iterator[Mutation]:
    template = bound(sentence.pattern, {**sentence.subjects, subject: rec}, known, sentence.buyer_id)
    if template:
        yield of_sentence(kind, "bound", sentence, template)


def _changes_sense(sentence: Sentence, one: tuple[str, str], two: tuple[str, str], known: Known) -> bool:
    first, second = (sentence.subjects[subject].fields[name] for subject, name in (one, two))
    if first.display.lower() == second.display.lower() or one == two:
        return False
    if one[1] != two[1]:
        return first.kind == second.kind or {first.kind, second.kind} <= FIGURES | _ADDRESSES
    called = _CALLED.get(sentence.subjects[one[0]].record)
    told = {name for subject, name in sentence.places if subject in {one[0], two[0]} and name != one[1]}
    if called not in {*told, one[1]} or not told:
        return False
    rec, other = sentence.subjects[one[0]], sentence.subjects[two[0]]
    field = one[1] if one[1] != called else next(iter(sorted(told)))
    return not told_elsewhere(known, rec, field, other.shown(field))


def _alike(one: Fact, two: Fact) -> bool:
    """Whether a reader learns the same from both: `3` open RFPs and `3 of 5` of them."""
    same = one.value == two.value and one.unit == two.unit and one.kind == two.kind
    return same or one.display.lower() == two.display.lower()


def _in_list(pattern: str, place: str) -> bool:
    """Whether a place stands in a mere list of what is on record, where the record's date is as true as another."""
    return pattern.startswith("On record") and f"{PLACE.findall(pattern)[0][1]}>, {place}" in pattern


def _of(rec: Rec) -> str:
    return {"opportunity": "record", "buyer": "buyer", "profile": "profile", "run": "run"}.get(rec.record, rec.record)


def _place(subject: str, name: str) -> str:
    return f"<{subject}.{name}>"


MUTATORS = (
    other_figure_of_record, figure_of_other_record, title_of_other_record, of_other_contact,
    whole_contact_of_other_buyer, contact_who_left, fact_of_other_buyer, swapped_places, kind_without_sense,
    unit_around_slot, no_such_slot,
)  # fmt: skip
