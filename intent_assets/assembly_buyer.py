"""The parts of a report that code makes of a buyer's facts: snapshot, contacts, signals, cards."""

from collections.abc import Container, Iterable, Sequence

from intent_assets.assembly_book import NOTHING, Book, RecordBook, labelled, lines
from intent_assets.contacts import has_left
from intent_assets.evidence_opportunities import Signal
from intent_assets.records import Contact
from intent_assets.reports import Block, Callout, Heading, Items, Paragraph, Table, Text

_UNTIL = {"expired": "ended", "expiring": "ends", "running": "runs until"}


def heading(text: str, level: int = 2) -> Heading:
    """Return a heading of code."""
    return Heading.model_validate({"level": level, "text": Text(template=text)})


def snapshot(book: Book, buyer_id: str, label: str = "Featured buyer") -> Callout:
    """Return the card of the featured buyer, or of another one under its `label`."""
    buyer, profile = book.of(buyer_id, "buyer"), book.of(buyer_id, "profile")
    budget = profile["budget"]
    if budget and profile["budget_year"]:
        budget = f"{budget} ({profile['budget_year']})"
    score = buyer["score"]
    return Callout(
        icon="🏛️",
        tone="info",
        lines=lines(
            buyer_id,
            (
                labelled(label, buyer["name"]),
                labelled("Type", buyer["type"]),
                labelled("State", buyer["state"]),
                labelled("Enrolment", profile["enrollment"]),
                labelled("Population", profile["population"]),
                labelled("Budget", budget),
                labelled("Fiscal year starts", profile["fiscal_year_start"]),
                labelled("Website", buyer["website"]),
                labelled("Score", score, f"rank {buyer['rank']}" if buyer["rank"] else ""),
                labelled("Signals", buyer["signals"]),
                labelled("Why this rank", buyer["reason"]),
            ),
        ),
    )


def profile_items(book: Book, buyer_id: str) -> list[Block]:
    """Return what the profile says besides the snapshot, as a list; nothing without a profile."""
    profile = book.of(buyer_id, "profile")
    items = lines(
        buyer_id,
        (
            labelled("Part of", profile["parent_name"]),
            labelled("Schools", profile["schools"]),
            labelled("Employees", profile["employees_fte"]),
            labelled("Learning management system", profile["lms"]),
            labelled("Student information system", profile["sis"]),
            labelled("Procurement difficulty", profile["procurement_difficulty"]),
            labelled("Adoption of AI", profile["ai_adoption"]),
            labelled("Startup friendliness", profile["startup_friendliness"]),
            labelled("Propensity to spend", profile["propensity_to_spend"], profile["propensity_to_spend_score"]),
            labelled("Phone", profile["main_phone"]),
            labelled("Address", profile["address"]),
        ),
    )
    return [Items(items=items)] if items else []


def decision_maker_card(book: Book, buyer_id: str, person: Contact | None, reason: str) -> Callout:
    """Return who is to be asked, or an honest line that nobody suitable is known, and why."""
    if person is None:
        text = f"No suitable contact is known, since {reason}. Ask the buyer who decides."
        return Callout(icon="⚠️", tone="warning", lines=lines(buyer_id, (text,)))
    contact = book.of(buyer_id, "contact", person.contact_id)
    return Callout(
        icon="👤",
        tone="good",
        lines=lines(
            buyer_id,
            (
                labelled("Contact", contact["name"], contact["title"]),
                labelled("E-mail", contact["email"], *_marks(contact)),
                labelled("Phone", contact["phone"]),
                labelled("Profile", contact["linkedin_url"]),
                labelled("Why", reason, f"by the record of {contact['name']}"),
            ),
        ),
    )


def contacts_table(book: Book, buyer_id: str, contacts: Iterable[Contact], shown: int) -> list[Block]:
    """Return the first `shown` contacts who have not left, and how many there are in all."""
    rows: list[tuple[Text, ...]] = []
    for person in contacts:
        contact = book.of(buyer_id, "contact", person.contact_id)
        if has_left(person) or not contact["name"] or len(rows) == shown:
            continue
        verified = ", ".join(_marks(contact))
        cells = (contact["name"], contact["title"], contact["email"], contact["phone"], verified)
        rows.append(tuple(contact.text(cell or NOTHING) for cell in cells))
    if not rows:
        return []
    blocks: list[Block] = [Table(header=("Name", "Title", "E-mail", "Phone", "Verified"), rows=tuple(rows))]
    total = book.of(buyer_id, "buyer")["contacts"]
    if total:
        blocks.append(Paragraph(sentences=lines(buyer_id, (f"Contacts on record in all: {total}.",))))
    return blocks


def signals_table(
    book: Book, buyer_id: str | None, signals: Sequence[Signal], shown: int, seen: Container[str] = ()
) -> list[Block]:
    """Return the first `shown` signals of a buyer, in the order given; `seen` are those that the prospect knows."""
    rows: list[tuple[Text, ...]] = []
    for signal in signals[:shown]:
        record = book.of(buyer_id, "opportunity", signal["signal_id"])
        if not record["title"]:
            continue
        known = "told in a mail before" if signal["signal_id"] in seen else ""
        state = ", ".join(part for part in (record["status"], record["new_since"], known) if part)
        cells = (_what(record), state, _when(record, signal["state"]), record["amount"], record["document_url"])
        rows.append(tuple(record.text(cell or NOTHING) for cell in cells))
    if not rows:
        return []
    return [Table(header=("Signal", "State", "Date", "Amount", "Source"), rows=tuple(rows))]


def best_signal(book: Book, buyer_id: str, signals: Sequence[Signal]) -> str:
    """Return the first signal in one phrase, or an empty text."""
    for signal in signals[:1]:
        record = book.of(buyer_id, "opportunity", signal["signal_id"])
        if record["title"]:
            return ", ".join(part for part in signal_words(record, signal["state"]) if part)
    return ""


def signal_words(record: RecordBook, state: str | None = None) -> tuple[str, ...]:
    """Return the slots that tell a signal in a line: what it is, its status, its day, whether it is new."""
    return _what(record), record["status"], _when(record, state), record["new_since"]


def card(book: Book, buyer_id: str, sentences: Sequence[Text], signals: Sequence[Signal]) -> list[Block]:
    """Return the card of a secondary buyer: its name, what Claude wrote, how it stands, its best signal."""
    buyer = book.of(buyer_id, "buyer")
    if not buyer["name"]:
        return []
    blocks: list[Block] = [Heading(level=3, text=buyer.text(buyer["name"]))]
    if sentences:
        blocks.append(Paragraph(sentences=tuple(sentences)))
    standing = [
        f"score {buyer['score']}" if buyer["score"] else "",
        f"rank {buyer['rank']}" if buyer["rank"] else "",
        f"signals {buyer['signals']}" if buyer["signals"] else "",
    ]
    items = lines(
        buyer_id,
        (
            labelled("Who", buyer["type"], buyer["state"]),
            labelled("Standing", *standing),
            labelled("Best signal", best_signal(book, buyer_id, signals)),
            labelled("Source", book.of(buyer_id, "opportunity", signals[0]["signal_id"])["document_url"])
            if signals
            else "",
        ),
    )
    return [*blocks, Items(items=items)] if items else blocks


def _marks(contact: RecordBook) -> tuple[str, ...]:
    """Return what is known of a contact's address: whether it is verified, on another domain, shared."""
    return tuple(mark for mark in map(contact.__getitem__, ("email_verified", "email_domain", "mailbox")) if mark)


def _what(record: RecordBook) -> str:
    return f"{record['title']} ({record['kind']})" if record["kind"] else record["title"]


def _when(record: RecordBook, state: str | None) -> str:
    if record["deadline"]:
        return record["deadline"]
    if record["until_date"]:
        return f"{_UNTIL.get(state or '', 'until')} {record['until_date']}"
    return record["event_date"]
