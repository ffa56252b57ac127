"""Facts with the wrong owner: another record's date with this title, one person's address with another's name."""

import re
from collections.abc import Iterator, Sequence

from intent_assets.grounding.figures import Hit
from intent_assets.grounding.ledger import Ledger, RecordKey
from intent_assets.grounding.mentions import Mention, Sentence
from intent_assets.grounding.names import folded
from intent_assets.grounding.words import OFFICES
from intent_assets.records import Fact

_I = re.IGNORECASE
_TOLD_OF_ALL = {"status", "due_date", "deadline", "days_to_due", "until_date", "days_left", "event_date", "amount"}
_OF_PERSON = {"email", "phone", "linkedin_url"}
_ACROSS_BUYERS = {"opportunity", "profile", "contact", "buyer"}
_OFFICE = r"((?:[A-Z][\w&/-]*\s+|(?:of|for|and|the|&)\s+)*[A-Z][\w&/-]*)"
_OFFICE_BEFORE = re.compile(rf"{_OFFICE},?\s+$")
_OFFICE_BEHIND = re.compile(rf",?\s+(?:the\s+|as\s+|is\s+(?:the\s+)?)?{_OFFICE}")
_CALLED = re.compile(
    r"\s*(?:\(\s*|,? who(?:se title)? is\s+(?:the\s+)?|,?\s*(?:who )?(?:works?|serves?) (?:there"
    rf" )?as\s+(?:the\s+)?|[^.\ufffc]*\btitle(?: on record)? is\s+(?:the\s+)?){_OFFICE}"
)
_OFFICE_ASIDE = re.compile(rf"(?:,|\s+is)\s+(?:the\s+)?{_OFFICE}")
_SMALL = {"of", "the", "and", "for", "ask", "call", "write", "contact", "tell", "if", "as", "copy", "mr", "ms", "dr"}
_NAME_THEN = re.compile(r"\s*(?:,|at|on|via|under|\()?\s*")
_REACH = re.compile(r"\b(?:call|phone|dial|ring|write to|e-?mail|mail|contact|reach|reach out to)\s+(?:the\s+)?$", _I)
_LEFT = re.compile(
    r"\b(?:left|no longer|former(?:ly)?|past|previous(?:ly)?|moved on|gone|ex-|used to|predecessor)\b", _I
)
_PARENT_BEFORE = re.compile(
    r"\bparent\b[^.;]* is\s+$|\b(?:belongs? to|belonging to|part of|parent(?: (?:body|organi[sz]ation|system|district"
    r"|agency|institution))?(?: is| of)?"
    r"|under|within|unit of|division of|department of|branch of|member of|campus of|arm of|agency of|run by|governed by"
    r"|overseen by|reports? to|affiliated with|falls under|sits under|sits within"
    r"|through|above it(?: is)?|over it(?: is)?)[\s,:]*(?:the\s+|its parent,?\s+)?$",
    _I,
)
_PARENT_BEHIND = re.compile(
    r"[\s,]*(?:is|as|being|,)?\s*(?:listed |named |filed |on record )?(?:as |is )?(?:its|the|their|a)? ?parent\b"
    r"|\s+(?:is over|stands over|oversees|governs)\s+(?:it|this body|this buyer)\b",
    _I,
)
_MAIN_LINE = re.compile(
    r"\b(?:main|switchboard|central|general|front desk|office|reception|public) ?(?:phone|line|number|desk)?\b", _I
)


def wrong_owners(sentence: Sentence, ledger: Ledger) -> Iterator[Hit]:
    """Yield facts that the words of a sentence tie to another record than their own."""
    yield from _of_records(sentence, ledger)
    yield from _of_people(sentence, ledger)
    yield from _of_buyers(sentence)
    yield from _parents(sentence)


def _of_records(sentence: Sentence, ledger: Ledger) -> Iterator[Hit]:
    titled = sentence.anchors("opportunity")
    for told in sentence.mentions:
        if (
            told.fact.record != "opportunity"
            or told.fact.field == "title"
            or (told.typed and told.fact.field != "vendor")
        ):
            continue
        owners = sentence.owners(told.start, told.end, "opportunity")
        if owners and not _owned(told, owners, sentence.slots, ledger):
            yield _hit(told, owners[-1], "the title in this sentence is")
        if not titled and not owners:
            yield from _without_anchor(sentence, told)


def _without_anchor(sentence: Sentence, told: Mention) -> Iterator[Hit]:
    """Facts of two records in one clause, none of them named: nobody can tell them apart."""
    start, end = sentence.clause(told.start)
    for other in sentence.slots:
        if start <= other.start < told.start < end and other.fact.record == "opportunity" and other.key != told.key:
            reason = "facts of two records in one clause, and neither is named; name each record by its title slot"
            yield Hit(told.start, told.end, "wrong_role", reason)
            return


def _of_people(sentence: Sentence, ledger: Ledger) -> Iterator[Hit]:
    for told in sentence.mentions:
        fact = told.fact
        if fact.record == "profile" and fact.field == "main_phone":
            yield from _main_phone(sentence, told)
        if fact.record != "contact":
            continue
        if fact.field == "name":
            yield from _left(sentence, told, ledger)
            yield from _offices(sentence, told, ledger)
            continue
        owners = sentence.owners(told.start, told.end, "contact")
        owners = tuple(owner for owner in owners if owner != told)
        if told.typed:
            # A job title in plain words speaks of a person only right beside the name.
            owners = tuple(owner for owner in owners if _beside(sentence, told, owner))
        if owners and not _owned(told, owners, sentence.slots, ledger):
            yield _hit(told, owners[-1], "the person in this sentence is")
        elif not owners and fact.field in _OF_PERSON:
            yield from _body_with_address_of_person(sentence, told)
            yield from _left(sentence, told, ledger)


def _offices(sentence: Sentence, name: Mention, ledger: Ledger) -> Iterator[Hit]:
    """A job title in plain words, or a part of one, beside the name of somebody who does not hold it."""
    held = ledger.record(name.key).get("title")
    own = set(folded(held.display)) if held is not None else set()
    others = [
        set(folded(each["title"].display)) for each in ledger.records(name.fact.buyer_id, "contact") if "title" in each
    ]
    lead, tail = sentence.text[sentence.start : name.start], sentence.text[name.end : sentence.end]
    called = _CALLED.match(tail)
    if called and not {word for word in folded(called[1]) if word not in _SMALL} <= own:
        reason = f"{called[1].strip()!r} is not the title of {name.fact.display} on record"
        yield Hit(name.end + called.start(1), name.end + called.end(1), "wrong_role", reason)
        return
    behind = _OFFICE_ASIDE.match(tail)
    if behind and behind[1].split()[-1] in OFFICES and not {w for w in folded(behind[1]) if w not in _SMALL} <= own:
        reason = f"{behind[1].strip()!r} is not the title of {name.fact.display} on record"
        yield Hit(name.end + behind.start(1), name.end + behind.end(1), "wrong_role", reason)
        return
    for found, start in ((_OFFICE_BEFORE.search(lead), sentence.start), (_OFFICE_BEHIND.match(tail), name.end)):
        if found is None:
            continue
        words = {word for word in folded(found[1]) if word not in _SMALL}
        if words and not words <= own and any(words <= title for title in others):
            reason = f"{found[1].strip()!r} is another person's title, not that of {name.fact.display}"
            yield Hit(start + found.start(1), start + found.end(1), "wrong_role", reason)


def _left(sentence: Sentence, told: Mention, ledger: Ledger) -> Iterator[Hit]:
    gone = any(fact.state == "left" for fact in ledger.record(told.key).values())
    if gone and not _LEFT.search(sentence.words):
        reason = f"{told.fact.display} no longer works there by the record; name somebody else, or say so"
        yield Hit(told.start, told.end, "wrong_role", reason)


def _main_phone(sentence: Sentence, told: Mention) -> Iterator[Hit]:
    owners = [
        owner
        for owner in sentence.owners(told.start, told.end, "contact")
        if owner.end <= told.start and sentence.clause(owner.start) == sentence.clause(told.start)
    ]
    if owners and not _MAIN_LINE.search(sentence.words):
        reason = "the main phone number of the buyer stands as that of a person; call it the main number"
        yield Hit(told.start, told.end, "wrong_role", reason)


def _body_with_address_of_person(sentence: Sentence, told: Mention) -> Iterator[Hit]:
    for name in sentence.slots:
        beside = name.end <= told.start and _NAME_THEN.fullmatch(sentence.text, name.end, told.start)
        body = name.fact.kind == "name" and name.fact.record in {"buyer", "profile"}
        if body and beside and _REACH.search(sentence.text[sentence.start : name.start]):
            reason = "the address of a person stands as that of the whole body; name the person by a slot"
            yield Hit(told.start, told.end, "wrong_role", reason)


def _of_buyers(sentence: Sentence) -> Iterator[Hit]:
    """A sentence that names several buyers: each fact has to stand with its own."""
    named = {each.fact.buyer_id for each in sentence.anchors("buyer")}
    if len(named) < 2:
        return
    for told in sentence.slots:
        fact = told.fact
        if fact.buyer_id is None or fact.record not in _ACROSS_BUYERS or (fact.record, fact.field) == ("buyer", "name"):
            continue
        owners = sentence.owners(told.start, told.end, "buyer")
        if owners and fact.buyer_id not in {owner.fact.buyer_id for owner in owners}:
            yield _hit(told, owners[-1], "the buyer that this is said of is")


def _parents(sentence: Sentence) -> Iterator[Hit]:
    for told in sentence.mentions:
        if told.fact.record != "profile" or told.fact.field != "parent_name":
            continue
        before, behind = sentence.text[sentence.start : told.start], sentence.text[told.end : sentence.end]
        if not (_PARENT_BEFORE.search(before) or _PARENT_BEHIND.match(behind)):
            reason = (
                "this is the buyer's parent body; only say that the buyer belongs to it, nothing else of it is known"
            )
            yield Hit(told.start, told.end, "wrong_role", reason)


def _owned(told: Mention, owners: Sequence[Mention], slots: Sequence[Mention], ledger: Ledger) -> bool:
    """Whether the fact is that of its owners: of the one, of its own in a list, or the same of all in the list."""
    if len(owners) == 1:
        return _same(told, owners[0], ledger)
    series = [each for each in slots if each.start >= owners[-1].end and each.fact.field == told.fact.field]
    if len(series) == len(owners) and told in series:
        return owners[series.index(told)].key == told.key
    if told.fact.field in _TOLD_OF_ALL:
        return told.key in {owner.key for owner in owners} and all(
            _shown(ledger, owner.key, told.fact) == told.fact.display for owner in owners
        )
    return (
        told.key in {owner.key for owner in owners} if told.fact.record == "opportunity" else told.key == owners[-1].key
    )


def _same(told: Mention, owner: Mention, ledger: Ledger) -> bool:
    if told.key == owner.key:
        return True
    # Two people can share a job title; a title in plain words is of each who has it.
    return told.typed and _shown(ledger, owner.key, told.fact) == told.fact.display


def _shown(ledger: Ledger, key: RecordKey, fact: Fact) -> str | None:
    other = ledger.record(key).get(fact.field)
    return other.display if other is not None else None


def _beside(sentence: Sentence, told: Mention, owner: Mention) -> bool:
    first, second = sorted((told, owner), key=lambda each: each.start)
    return re.fullmatch(r",?\s+(?:[^\W\d_]+\s)?", sentence.text[first.end : second.start]) is not None


def _hit(told: Mention, owner: Mention, whose: str) -> Hit:
    name = owner.fact.display
    field = told.fact.field.replace("_", " ")
    own = f" of {told.fact.source_title}" if told.fact.source_title else ""
    reason = f"this {field} is{own}, while {whose} {name!r}; keep together what belongs to one record"
    return Hit(told.start, told.end, "wrong_role", reason)
