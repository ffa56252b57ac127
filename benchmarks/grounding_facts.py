"""The ledger of a case by buyer and record, and how a pattern with places for facts becomes a sentence."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from benchmarks.grounding_world import AS_OF, Case
from intent_assets.grounding import AllowedNames
from intent_assets.records import Fact, SectionName
from intent_assets.reports import Text
from intent_assets.slots import SLOT, slot

PLACE = re.compile(r"<(\w+)\.(\w+)>")
"""Where a fact stands in a pattern: subject and field, `<r.title>`."""
WORD = re.compile(r"\[(\w+)\]")
"""Where a typed name stands in a pattern: `[company]`."""

SUBJECTS = {"r": "opportunity", "q": "opportunity", "o": "opportunity", "c": "contact", "d": "contact"}
"""Subjects that are one of several records: record, another one, a linked order, contact, another one."""
_OF_NOBODY = {"run", "reply"}
_GENERIC = frozenset({
    "of", "the", "and", "for", "city", "town", "state", "county", "office", "university", "college", "community",
    "technical", "unified", "independent", "school", "district", "public", "schools", "high", "charter", "academy",
    "police", "department", "sheriff", "fire", "rescue", "library", "water", "transit", "authority", "parks",
    "transportation", "labor", "health", "nation", "band", "tribal", "government", "federal", "training", "center",
    "lands", "consortium", "housing", "township",
})  # fmt: skip
_QUOTES = {"quote", "text"}


@dataclass(frozen=True, eq=False)
class Rec:
    """The facts of one record by field."""

    record: str
    record_id: str | None
    buyer_id: str | None
    fields: Mapping[str, Fact]

    @property
    def state(self) -> str | None:
        """The computed state of the record."""
        return next((fact.state for fact in self.fields.values() if fact.state), None)

    def shown(self, name: str) -> str:
        """What a reader sees of a field, or an empty text."""
        return self.fields[name].display if name in self.fields else ""

    @property
    def kind(self) -> str:
        """The kind of an opportunity as the ledger's value has it, `rfp`."""
        return str(self.fields["kind"].value) if "kind" in self.fields else ""


@dataclass(frozen=True, eq=False)
class Known:
    """A case with its ledger by record."""

    case: Case
    by_id: Mapping[str, Fact] = field(default_factory=dict)
    recs: tuple[Rec, ...] = ()

    @classmethod
    def of(cls, case: Case) -> "Known":
        """Group the ledger of a case."""
        groups: dict[tuple[str | None, str, str | None], dict[str, Fact]] = {}
        for fact in case.facts:
            groups.setdefault((fact.buyer_id, fact.record, fact.record_id), {})[fact.field] = fact
        recs = tuple(Rec(record, record_id, buyer, fields) for (buyer, record, record_id), fields in groups.items())
        return cls(case, {fact.id: fact for fact in case.facts}, recs)

    @cached_property
    def allowed(self) -> AllowedNames:
        """What may be typed, as the gate sees it."""
        return AllowedNames.of(self.case.reply, self.case.facts)

    @cached_property
    def _by(self) -> dict[tuple[str | None, str], list[Rec]]:
        found: dict[tuple[str | None, str], list[Rec]] = {}
        for rec in self.recs:
            found.setdefault((rec.buyer_id, rec.record), []).append(rec)
        return found

    def of_buyer(self, buyer_id: str | None, record: str) -> list[Rec]:
        """Return the records of a kind of a buyer, or of none."""
        return self._by.get((buyer_id, record), [])

    def opportunities(self, buyer_id: str | None) -> list[Rec]:
        """Return the procurement records of a buyer that have a title."""
        return [rec for rec in self.of_buyer(buyer_id, "opportunity") if "title" in rec.fields]

    def one(self, subject: str, buyer_id: str | None) -> Rec | None:
        """Return the record of a subject of which there is one: buyer, profile, run, reply."""
        record = {"b": "buyer", "p": "profile"}.get(subject, subject)
        owner = None if subject in _OF_NOBODY else buyer_id
        found = [rec for rec in self.of_buyer(owner, record) if subject != "run" or rec.record_id is None]
        return next((rec for rec in found if not str(rec.record_id).startswith("mail ")), None)

    @property
    def buyer_ids(self) -> list[str]:
        """The ids of the selected buyers, the featured one first."""
        return [buyer.buyer_id for buyer in self.case.selected.buyers]


@dataclass(frozen=True, eq=False)
class Sentence:
    """One sentence of a report: where it stands, of which pattern, and the record of each subject."""

    section: SectionName
    buyer_id: str
    heading: str | None
    pattern: str
    template: str
    subjects: Mapping[str, Rec]

    @property
    def text(self) -> Text:
        """The sentence as the gate gets it."""
        return Text(template=self.template, author="claude", section=self.section, buyer_id=self.buyer_id)

    @property
    def places(self) -> list[tuple[str, str]]:
        """Subject and field of each fact in the pattern."""
        return PLACE.findall(self.pattern)


def bound(pattern: str, subjects: Mapping[str, Rec], known: Known, buyer_id: str) -> str | None:
    """Return the pattern with slots and typed names put in; None if a fact or name of it is missing."""
    words = WORD.findall(pattern)
    typed = {word: typed_name(word, subjects, known, buyer_id) for word in words}
    facts = {(one, name): subjects[one].fields.get(name) if one in subjects else None
             for one, name in PLACE.findall(pattern)}  # fmt: skip
    if not all(typed.values()) or not all(facts.values()):
        return None
    text = WORD.sub(lambda found: typed[found[1]] or "", pattern)
    last = re.search(r"<(\w+)\.(\w+)>\.$", text)
    if last:
        fact = facts[last[1], last[2]]
        if fact is not None and fact.kind in _QUOTES and fact.display.endswith((".", "!", "?", "…")):
            text = text[:-1]

    def put(found: re.Match[str]) -> str:
        fact = facts[found[1], found[2]]
        return slot(fact.id) if fact else ""

    return PLACE.sub(put, text)


def typed_name(word: str, subjects: Mapping[str, Rec], known: Known, buyer_id: str) -> str | None:
    """Return a name as somebody would type it, or None where there is none."""
    product = known.case.product
    buyer = known.one("b", buyer_id)
    name = buyer.shown("name") if buyer else ""
    contact = subjects.get("c")
    parts = contact.shown("name").split() if contact else []
    profile = known.one("p", buyer_id)
    return {
        "company": product.company,
        "domain": product.domain,
        "company_and": product.company.replace("&", "and"),
        "prospect": product.prospect,
        "named": product.named,
        "task": product.task,
        "buyer": name,
        "place": place_name(name),
        "initials": _initials(name),
        "state": buyer.shown("state") if buyer else None,
        "first": parts[0] if len(parts) > 1 else None,
        "last": parts[-1] if len(parts) > 1 else None,
        "last_plain": _without_accents(parts[-1]) if len(parts) > 1 else None,
        "initial": f"{parts[0][0]}." if len(parts) > 1 else None,
        "ctitle": contact.shown("title") if contact else None,
        "lms": profile.shown("lms").split(",")[0] if profile else None,
        "parent": profile.shown("parent_name") if profile else None,
        "vendor": subjects["o"].shown("vendor") if "o" in subjects else None,
    }[word] or None


def place_name(name: str) -> str | None:
    """Return the word of a body's name that is its own: `Fernford` of `City of Fernford`."""
    return next((word for word in name.split() if word[0].isupper() and word.lower() not in _GENERIC), None)


def _initials(name: str) -> str | None:
    """Return the letters by which a body of three words or more is called, `WCC`."""
    words = [word for word in name.split() if word[0].isupper()]
    return "".join(word[0] for word in words) if len(words) > 2 and "of" not in name.split() else None


def _without_accents(name: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFKD", name) if not unicodedata.combining(char))


def displayed(template: str, known: Known) -> str:
    """Return the template as a reader sees it, each display in angle brackets."""
    return SLOT.sub(lambda found: f"<{known.by_id[found[1]].display if found[1] in known.by_id else '?'}>", template)


def cited(template: str, known: Known) -> Iterator[Fact]:
    """Yield the facts that stand in a template's slots."""
    for found in SLOT.finditer(template):
        if found[1] in known.by_id:
            yield known.by_id[found[1]]


def days_since_event(rec: Rec) -> int | None:
    """Return how many days before the report the record's event was, None if that is not known."""
    from datetime import date

    event = rec.fields.get("event_date")
    return None if event is None else (AS_OF - date.fromisoformat(str(event.value))).days
