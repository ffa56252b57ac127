"""What code says where no sentence of Claude could stand: plain lines over the ledger. Pure.

Only what stands nowhere else has a template: beside the buyer profile and the cards of the other buyers, code's own
lines say it already.
"""

from collections.abc import Callable, Iterator, Sequence

from intent_assets.assembly_book import Book, RecordBook
from intent_assets.assembly_buyer import signal_words
from intent_assets.claims import SectionSentence
from intent_assets.prompts.featured_section import WHY_NOW, WHY_THIS_BUYER
from intent_assets.prompts.gameplan import HEADINGS, NOTES, PITCH_ANGLE, RELEVANCY
from intent_assets.prompts.material import Material
from intent_assets.records import SectionName

_STEPS = "steps"
_MOST_RECORDS = 3


def in_place_of(
    name: SectionName, written: Sequence[SectionSentence], standing: Sequence[SectionSentence], material: Material
) -> list[SectionSentence]:
    """Return the sentences that stand, part by part, and the template of each part that has lost its last one."""
    out: list[SectionSentence] = []
    for part in dict.fromkeys(_part(name, sentence) for sentence in written):
        out += [each for each in standing if _part(name, each) == part] or _template(name, part, material)
    return out


def _part(name: SectionName, sentence: SectionSentence) -> str:
    """What of a section falls back as one: a paragraph of the featured section, all steps of the gameplan."""
    if name == "gameplan":
        return sentence.heading if sentence.heading in NOTES else _STEPS
    return (sentence.heading or "") if name in {"featured_section", "secondary_cards"} else ""


def _template(name: SectionName, part: str, material: Material) -> list[SectionSentence]:
    featured = material.featured
    if featured is None or (name, part) not in _TEMPLATES:
        return []
    told = _TEMPLATES[name, part](_Told(material, featured.buyer_id))
    return [
        SectionSentence(text=text, buyer_id=featured.buyer_id, heading=heading, author="code")
        for heading, text in told
        if text
    ]


class _Told:
    """The slots that templates are made of: the featured buyer, its records in order, whom to write to."""

    def __init__(self, material: Material, buyer_id: str) -> None:
        book = Book(material.facts)
        facts = material.of_buyer(buyer_id)
        ids = dict.fromkeys(fact.record_id for fact in facts if fact.record == "opportunity" and fact.field == "title")
        self._states = {fact.record_id: fact.state for fact in facts if fact.record == "opportunity"}
        self._records = [(each, book.of(buyer_id, "opportunity", each)) for each in ids]
        people = dict.fromkeys(
            fact.record_id for fact in facts if fact.record == "contact" and fact.field == "name" and not fact.state
        )
        self.buyer = book.of(buyer_id, "buyer")
        self.people = [book.of(buyer_id, "contact", each) for each in people]

    @property
    def best(self) -> RecordBook | None:
        """The first record, in the order of the ledger."""
        return self._records[0][1] if self._records else None

    def records(self) -> list[str]:
        """A phrase for each of the first records: what it is, its status, its day."""
        told = [signal_words(record, self._states[record_id]) for record_id, record in self._records[:_MOST_RECORDS]]
        return [", ".join(word for word in words if word) for words in told]


def _summary(told: _Told) -> Iterator[tuple[str | None, str]]:
    name, rank, score = (told.buyer[field] for field in ("name", "rank", "score"))
    best = told.records()[:1]
    yield None, f"{name} comes first: {best[0]}." if best else ""
    yield None, f"Rank {rank}, score {score}." if rank and score else ""


def _why_this_buyer(told: _Told) -> Iterator[tuple[str | None, str]]:
    for record in told.records():
        yield WHY_THIS_BUYER, f"On record: {record}."


def _why_now(told: _Told) -> Iterator[tuple[str | None, str]]:
    for record in told.records()[:1]:
        yield WHY_NOW, f"First on record: {record}."


def _relevancy(told: _Told) -> Iterator[tuple[str | None, str]]:
    for record in told.records()[:1]:
        yield RELEVANCY, f"On record: {record}."


def _pitch_angle(told: _Told) -> Iterator[tuple[str | None, str]]:
    if told.best is not None:
        yield PITCH_ANGLE, f"Start from {told.best['title']}."


def _steps(told: _Told) -> Iterator[tuple[str | None, str]]:
    if told.best is not None:
        yield HEADINGS["prepare"], f"Read {told.best['document_url'] or told.best['title']} before anything else."
    yield HEADINGS["reach_out"], _contact(told)


def _call_to_action(told: _Told) -> Iterator[tuple[str | None, str]]:
    yield None, _contact(told)


def _contact(told: _Told) -> str:
    """Whom to ask; a name with its own title and address, or the buyer."""
    about = f" about {told.best['title']}" if told.best is not None else ""
    for person in told.people:
        who = ", ".join(part for part in (person["name"], person["title"]) if part)
        if person["email"]:
            return f"Write to {who}, at {person['email']}{about}."
        if person["phone"]:
            return f"Call {who}, on {person['phone']}{about}."
    return f"Ask {told.buyer['name']} who decides{about}." if told.buyer["name"] else ""


_TEMPLATES: dict[tuple[SectionName, str], Callable[[_Told], Iterator[tuple[str | None, str]]]] = {
    ("executive_summary", ""): _summary,
    ("featured_section", WHY_THIS_BUYER): _why_this_buyer,
    ("featured_section", WHY_NOW): _why_now,
    ("gameplan", RELEVANCY): _relevancy,
    ("gameplan", PITCH_ANGLE): _pitch_angle,
    ("gameplan", _STEPS): _steps,
    ("call_to_action", ""): _call_to_action,
}
