"""The ledger by record and field, and the small texts that code makes of its slots."""

from collections.abc import Iterable, Sequence

from intent_assets.records import Fact, FactRecord
from intent_assets.reports import Text
from intent_assets.slots import slot

NOTHING = "–"
"""What stands in a table's cell for which there is no fact."""


class Book:
    """Finds facts; all answers are slots, so that no value can be copied into a text."""

    def __init__(self, ledger: Iterable[Fact]) -> None:
        self._facts = {(fact.buyer_id, fact.record, fact.record_id, fact.field): fact for fact in ledger}
        self._problems = [fact for fact in self._facts.values() if fact.field.partition("_")[0] == "problem"]

    def fact(self, buyer_id: str | None, record: FactRecord, record_id: str | None, field: str) -> Fact | None:
        """Return the fact of this key, if the ledger holds it."""
        return self._facts.get((buyer_id, record, record_id, field))

    def slot(self, buyer_id: str | None, record: FactRecord, record_id: str | None, field: str) -> str:
        """Return the slot of the fact of this key, or an empty text."""
        fact = self.fact(buyer_id, record, record_id, field)
        return slot(fact.id) if fact else ""

    def run(self, field: str) -> str:
        """Return the slot of a fact of the run, or an empty text."""
        return self.slot(None, "run", None, field)

    def of(self, buyer_id: str | None, record: FactRecord, record_id: str | None = None) -> "RecordBook":
        """Return the facts of one record of a buyer, or of none; buyer and profile records have the buyer's own id."""
        return RecordBook(self, buyer_id, record, record_id or buyer_id)

    def problems(self) -> list[str]:
        """Return the slots of what could not be had, in the order of the ledger."""
        return [slot(fact.id) for fact in self._problems]


class RecordBook:
    """The slots of one record; an empty text where the record has no such fact."""

    def __init__(self, book: Book, buyer_id: str | None, record: FactRecord, record_id: str | None) -> None:
        self._book = book
        self._key = (buyer_id, record, record_id)
        self.buyer_id = buyer_id

    def __getitem__(self, field: str) -> str:
        return self._book.slot(*self._key, field)

    def text(self, template: str) -> Text:
        """Return a text of code about this buyer."""
        return Text(template=template, buyer_id=self.buyer_id)


def labelled(label: str, *parts: str) -> str:
    """Return `Label: part, part` of the parts that are there, or an empty text."""
    there = [part for part in parts if part]
    return f"{label}: {', '.join(there)}" if there else ""


def lines(buyer_id: str | None, templates: Sequence[str]) -> tuple[Text, ...]:
    """Return texts of code, empty ones left out."""
    return tuple(Text(template=template, buyer_id=buyer_id) for template in templates if template)
