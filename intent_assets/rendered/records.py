"""Which record each value of a sentence belongs to, by what else the sentence names. Pure.

A title names an opportunity, a name a contact. A date, an amount or an address beside them has to be theirs; of the
records that share a title, that one is meant which the other values fit.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from intent_assets.claims import Fault
from intent_assets.records import Fact, FactRecord
from intent_assets.rendered.values import Mention

_NAMING: Mapping[FactRecord, str] = {"opportunity": "title", "contact": "name"}
"""Record -> the field whose display names it in a sentence."""
_FREE: Mapping[FactRecord, frozenset[str]] = {
    "opportunity": frozenset({"title", "kind", "document_title", "document_url", "vendor"}),
    "contact": frozenset({"name"}),
}
"""Fields that may stand beside another record: they say nothing of it."""
_FIELD_WORDS = {
    "email": "e-mail address",
    "until_date": "end date",
    "event_date": "date",
    "from_date": "start date",
    "due_date": "due date",
    "days_to_due": "time left",
    "days_left": "time left",
    "employees_fte": "number of employees",
    "open_rfps_share": "share of open RFPs",
    "lms": "learning management system",
    "sis": "student information system",
    "main_phone": "phone number",
    "phone": "phone number",
    "as_of": "day of the report",
}
_CUES = {
    "due_date": ("due", "deadline", "bids"),
    "deadline": ("due", "deadline", "bids"),
    "until_date": ("until", "end", "ends", "expires", "expiring", "through"),
    "from_date": ("from", "start", "starts", "began"),
    "event_date": ("date", "dates", "meeting", "posted", "on"),
}
_WORD = re.compile(r"[a-z]{2,}")
_WINDOW = 32
_LONG_TITLE = 3


@dataclass(frozen=True)
class Wrong:
    """A fault at `text[start:end]`."""

    start: int
    end: int
    fault: Fault
    reason: str


@dataclass(frozen=True)
class Meant:
    """A mention, the fact that it means, and the others that it could mean as well, the likeliest first."""

    mention: Mention
    fact: Fact
    others: tuple[Fact, ...] = ()


class Names:
    """How the records of a ledger are called in a reason."""

    def __init__(self, facts: Iterable[Fact]) -> None:
        self._names = {
            (fact.record, fact.buyer_id, fact.record_id): fact.display
            for fact in facts
            if _NAMING.get(fact.record) == fact.field
        }

    def told(self, fact: Fact) -> str:
        """Return what a fact is, for instance `the due date of “Career Platform”`."""
        field = _FIELD_WORDS.get(fact.field, fact.field.replace("_", " "))
        return f"the {field} of {self.of(fact)}"

    def of(self, fact: Fact) -> str:
        """Return the name of the record that a fact comes from."""
        if (name := self._names.get((fact.record, fact.buyer_id, fact.record_id))) is not None:
            return f"“{name}”" if fact.record == "opportunity" else name
        return {"run": "this report", "reply": "the reply"}.get(fact.record) or fact.buyer_name or "a buyer"


def is_of(fact: Fact, buyer_id: str | None) -> bool:
    """Whether a fact may be told about a buyer; about any where there is none."""
    return buyer_id is None or fact.buyer_id in {None, buyer_id}


@dataclass(frozen=True)
class Settled:
    """What the mentions of a sentence mean, which of them stand beside the wrong record or buyer, and `doubts`.

    A doubt is a name or a bare number that is another buyer's fact; it may be a word of the sentence as well.
    """

    meant: list[Meant]
    wrong: list[Wrong]
    doubts: list[Wrong]


def settle(
    text: str, mentions: Sequence[Mention], buyer_id: str | None, before: Sequence[Meant], names: Names
) -> Settled:
    """Return what each mention of a sentence means.

    `buyer_id` is the buyer that the sentence is about, None if it may be about any; `before` is what the sentence
    before it means.
    """
    wrong: list[Wrong] = []
    doubts: list[Wrong] = []
    own: list[Mention] = []
    foreign: list[Meant] = []
    for mention in mentions:
        facts = tuple(fact for fact in mention.facts if is_of(fact, buyer_id))
        if facts:
            own.append(Mention(mention.start, mention.end, facts, mention.spelled))
            continue
        reason = f"this is {names.told(mention.facts[0])}{_of_buyer(mention.facts[0])}, another buyer's"
        found = Wrong(mention.start, mention.end, "other_buyer", reason)
        if may_be_words(text, mention):
            doubts.append(found)
        else:
            foreign.append(Meant(mention, mention.facts[0]))
            wrong.append(found)
    for record in _NAMING:
        own, misplaced = _beside(own, record, names)
        wrong += misplaced
    records = _named(text, own, before)
    meant = [_meant(text, mention, records) for mention in own]
    return Settled(sorted([*meant, *foreign], key=lambda each: each.mention.start), wrong, doubts)


def may_be_words(text: str, mention: Mention) -> bool:
    """Whether what shows a fact may be words of the sentence by themselves: a name, a short title, a bare number."""
    said = text[mention.start : mention.end]
    return said.isdigit() or mention.facts[0].kind == "name" or (said[:1].isalpha() and len(said.split()) < _LONG_TITLE)


def _of_buyer(fact: Fact) -> str:
    return f" ({fact.buyer_name})" if fact.buyer_name and fact.record in _NAMING else ""


def _names_one(mention: Mention, record: FactRecord) -> bool:
    return any(fact.record == record and fact.field == _NAMING[record] for fact in mention.facts)


def _ids(mention: Mention, record: FactRecord) -> set[tuple[str | None, str | None]]:
    return {(fact.buyer_id, fact.record_id) for fact in mention.facts if fact.record == record}


def _beside(mentions: Sequence[Mention], record: FactRecord, names: Names) -> tuple[list[Mention], list[Wrong]]:
    """Return the mentions with the facts that fit the records named beside them, and those that fit none."""
    anchors = [mention for mention in mentions if _names_one(mention, record)]
    values = [
        mention
        for mention in mentions
        if mention not in anchors
        and all(fact.record == record and fact.field not in _FREE[record] for fact in mention.facts)
    ]
    if not anchors or not values:
        return list(mentions), []
    kept: dict[Mention, Mention] = {}
    failed: list[tuple[Mention, list[Mention]]] = []
    for value in values:
        near = _near(value, anchors, values)
        ids = set().union(*(_ids(anchor, record) for anchor in near))
        facts = tuple(fact for fact in value.facts if (fact.buyer_id, fact.record_id) in ids)
        if facts:
            kept[value] = Mention(value.start, value.end, facts, value.spelled)
        else:
            failed.append((value, near))
    wrong = [_misplaced(value, near, record, names) for value, near in failed]
    for anchor in anchors:
        beside = [value for value, near in failed if near == [anchor]]
        fits = any(_ids(kept[value], record) & _ids(anchor, record) for value in kept)
        if beside and not fits:
            reason = f"beside it stands {names.told(beside[0].facts[0])}"
            wrong.append(Wrong(anchor.start, anchor.end, "wrong_role", reason))
            if len(beside) > 1 and set.intersection(*(_ids(value, record) for value in beside)):
                wrong = [each for each in wrong if (each.start, each.end) not in {(v.start, v.end) for v in beside}]
    return [kept.get(mention, mention) for mention in mentions], wrong


def _misplaced(value: Mention, near: Sequence[Mention], record: FactRecord, names: Names) -> Wrong:
    fact = value.facts[0]
    named = " or ".join(dict.fromkeys(names.of(f) for anchor in near for f in anchor.facts if f.record == record))
    return Wrong(value.start, value.end, "wrong_role", f"this is {names.told(fact)}, and it is told of {named}")


def _near(value: Mention, anchors: Sequence[Mention], values: Sequence[Mention]) -> list[Mention]:
    """Return the records that a value is told of: those named since the last value of its kind, else all before it."""
    same = [other for other in values if other.facts[0].kind == value.facts[0].kind and other != value]
    last = max((other.end for other in same if other.end <= value.start), default=0)
    following = min((other.start for other in same if other.start >= value.end), default=1 << 30)
    before = [anchor for anchor in anchors if anchor.end <= value.start]
    after = [anchor for anchor in anchors if value.end <= anchor.start < following]
    if not before or min(each.start for each in (*same, value)) < anchors[0].start:
        return [*before, *after] or list(anchors)
    return [anchor for anchor in before if anchor.start >= last] or before


def _named(
    text: str, own: Sequence[Mention], before: Sequence[Meant]
) -> dict[FactRecord, list[tuple[str | None, str | None]]]:
    """Return the records that a sentence is about, the likeliest first; without one those of the sentence before."""
    records: dict[FactRecord, list[tuple[str | None, str | None]]] = {}
    for record in _NAMING:
        fits: dict[tuple[str | None, str | None], int] = {}
        anchors = [mention for mention in own if _names_one(mention, record)]
        for number, mention in enumerate(anchors):
            end = anchors[number + 1].start if number + 1 < len(anchors) else len(text)
            said = text[mention.end : end].lower() if len(anchors) > 1 else text.lower()
            for fact in mention.facts:
                if fact.record == record:
                    key = (fact.buyer_id, fact.record_id)
                    in_words = fact.state is not None and re.search(rf"\b{re.escape(fact.state)}\b", said)
                    fits[key] = fits.get(key, 0) + bool(in_words)
        for mention in own:
            if not _names_one(mention, record):
                for key in _ids(mention, record) & fits.keys():
                    fits[key] += 2
        records[record] = sorted(fits, key=lambda key: -fits[key]) or list(
            dict.fromkeys((each.fact.buyer_id, each.fact.record_id) for each in before if each.fact.record == record)
        )
    return records


def _meant(text: str, mention: Mention, records: Mapping[FactRecord, Sequence[tuple[str | None, str | None]]]) -> Meant:
    around = set(_WORD.findall(text[max(0, mention.start - _WINDOW) : mention.end + _WINDOW].lower()))

    def order(fact: Fact) -> tuple[int, int]:
        known = records.get(fact.record, ())
        key = (fact.buyer_id, fact.record_id)
        words = {*_CUES.get(fact.field, ()), *fact.field.split("_"), *_WORD.findall((fact.unit or "").lower())}
        return (known.index(key) if key in known else len(known), -len(words & around))

    ranked = sorted(mention.facts, key=order)
    return Meant(mention, ranked[0], tuple(ranked[1:6]))
