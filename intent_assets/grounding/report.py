"""What stands in a report besides sentences: labels, tables, cards, the decision maker, the facts and their sources."""

import re
from collections.abc import Iterator, Mapping, Sequence

from intent_assets.claims import Finding
from intent_assets.grounding.ledger import key_of
from intent_assets.records import Contact, Fact
from intent_assets.reports import Block, Callout, Heading, Items, Report, SourceNote, Table, Text
from intent_assets.slots import slots

_LABEL = re.compile(r"([A-Z][^:{}]{1,60}): ")
_FIELDS_OF_LABEL: Mapping[str, frozenset[str]] = {
    label: frozenset(fields.split())
    for label, fields in {
        "Featured buyer": "name",
        "Public body": "name",
        "Type": "type",
        "State": "state",
        "Enrolment": "enrollment",
        "Population": "population",
        "Budget": "budget budget_year",
        "Fiscal year starts": "fiscal_year_start",
        "Website": "website",
        "Score": "score rank",
        "Signals": "signals",
        "Why this rank": "reason",
        "Part of": "parent_name",
        "Schools": "schools",
        "Employees": "employees_fte",
        "Learning management system": "lms",
        "Student information system": "sis",
        "Procurement difficulty": "procurement_difficulty",
        "Adoption of AI": "ai_adoption",
        "Startup friendliness": "startup_friendliness",
        "Propensity to spend": "propensity_to_spend propensity_to_spend_score",
        "Phone": "main_phone phone",
        "Address": "address",
        "Contact": "name title",
        "E-mail": "email email_verified email_domain mailbox",
        "Profile": "linkedin_url",
        "Who": "type state",
        "Standing": "score rank signals",
        "Complete searches": "searches_complete",
        "Signals found": "signals_found",
        "Buyers scored": "buyers_scored",
        "Set aside for want of a buyer": "set_aside",
        "Set aside as unreadable": "unreadable",
        "Looked up on": "as_of",
        "New signals": "new_signals last_report",
    }.items()
}
_FIELDS_OF_COLUMN: Mapping[str, frozenset[str]] = {
    column: frozenset(fields.split())
    for column, fields in {
        "Name": "name",
        "Title": "title",
        "E-mail": "email",
        "Phone": "phone",
        "Verified": "email_verified email_domain mailbox",
        "Signal": "title kind",
        "State": "status new_since",
        "Date": "deadline until_date event_date",
        "Amount": "amount",
        "Source": "document_url",
    }.items()
}
"""What stands behind the labels and in the columns that code writes."""


def structure(report: Report, facts: Mapping[str, Fact]) -> Iterator[Finding]:
    """Yield what is shown besides texts and not the ledger's: facts, sources, decision maker, rows, labels, cards."""
    for fact in report.facts:
        if facts.get(fact.id) != fact:
            yield Finding.of_all(fact.display, "altered_fact", f"{fact.id} of the report is not the ledger's fact")
    for source in report.sources:
        if not _is_source(source, facts):
            yield Finding.of_all(source.title, "altered_fact", "the source is not the one of its facts")
    if report.decision_maker is not None:
        yield from _decision_maker(report.decision_maker, facts)
    for block in report.blocks:
        if isinstance(block, Table):
            yield from _rows(block, facts)
        elif isinstance(block, Callout):
            yield from _labels(block.lines, facts)
            yield from _one_person(block.lines, facts)
        elif isinstance(block, Items):
            yield from _labels(block.items, facts)
    yield from _cards(report.blocks, facts)


def _is_source(source: SourceNote, facts: Mapping[str, Fact]) -> bool:
    known = [facts.get(fact_id) for fact_id in source.fact_ids]
    return bool(known) and all(
        fact is not None and (fact.source_title, fact.source_url) == (source.title, source.url) for fact in known
    )


def _decision_maker(person: Contact, facts: Mapping[str, Fact]) -> Iterator[Finding]:
    own = {
        fact.field: fact
        for fact in facts.values()
        if (fact.record, fact.record_id, fact.buyer_id) == ("contact", person.contact_id, person.buyer_id)
    }
    if not own:
        yield Finding.of_all(person.name, "unknown_name", "the decision maker is no contact of the ledger")
        return
    for field in ("name", "title", "email", "phone"):
        value = getattr(person, field)
        if value is not None and (field not in own or own[field].value != value):
            yield Finding.of_all(
                str(value), "altered_fact", f"the decision maker's {field} is not the one of the ledger"
            )


def _rows(table: Table, facts: Mapping[str, Fact]) -> Iterator[Finding]:
    """A row is of one record, and each cell holds what its column says."""
    for row in table.rows:
        keys = {key_of(facts[fact_id]) for cell in row for fact_id in slots(cell.template) if fact_id in facts}
        if len(keys) > 1:
            texts = " / ".join(cell.template for cell in row)
            yield Finding.of_all(texts, "wrong_role", "the cells of this row are of several records")
        for column, cell in zip(table.header, row, strict=False):
            fields = _FIELDS_OF_COLUMN.get(column)
            yield from _other_fields(cell, slots(cell.template), fields, facts, f"the column {column}")


def _labels(texts: Sequence[Text], facts: Mapping[str, Fact]) -> Iterator[Finding]:
    for text in texts:
        found = _LABEL.match(text.template) if text.author == "code" else None
        if found:
            ids = slots(text.template[found.end() :])
            yield from _other_fields(text, ids, _FIELDS_OF_LABEL.get(found[1]), facts, f"the label {found[1]}")


def _other_fields(
    text: Text, ids: Sequence[str], fields: frozenset[str] | None, facts: Mapping[str, Fact], where: str
) -> Iterator[Finding]:
    for fact_id in ids if fields is not None else ():
        fact = facts.get(fact_id)
        if fact is not None and fields is not None and fact.field not in fields:
            reason = f"{where} has a fact of the field {fact.field}"
            yield Finding.of_all(text.template, "wrong_role", reason)


def _one_person(texts: Sequence[Text], facts: Mapping[str, Fact]) -> Iterator[Finding]:
    """A card of code tells of one person at the most."""
    ids = [fact_id for text in texts if text.author == "code" for fact_id in slots(text.template)]
    people = {key_of(facts[each]) for each in ids if each in facts and facts[each].record == "contact"}
    if len(people) > 1:
        yield Finding.of_all(
            " / ".join(text.template for text in texts), "wrong_role", "a card with facts of several people"
        )


def _cards(blocks: Sequence[Block], facts: Mapping[str, Fact]) -> Iterator[Finding]:
    """What stands under the name of a buyer is about this buyer."""
    owner: Fact | None = None
    for block in blocks:
        if isinstance(block, Heading):
            named = [facts[each] for each in slots(block.text.template) if each in facts]
            owner = next((fact for fact in named if (fact.record, fact.field) == ("buyer", "name")), None)
            continue
        texts = _texts(block)
        for text in texts if owner is not None else ():
            of = {text.buyer_id, *(facts[each].buyer_id for each in slots(text.template) if each in facts)} - {None}
            if owner is not None and of - {owner.buyer_id}:
                yield Finding.of_all(text.template, "wrong_role", f"this stands under the name of {owner.display}")


def _texts(block: Block) -> tuple[Text, ...]:
    if isinstance(block, Callout):
        return block.lines
    return tuple(getattr(block, "items", None) or getattr(block, "sentences", None) or ())
