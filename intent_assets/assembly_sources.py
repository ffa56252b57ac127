"""What a report rests on: the facts that stand in its slots, and the numbered sources that they come from."""

from collections.abc import Iterable, Sequence
from datetime import date

from intent_assets.records import Fact, Reply
from intent_assets.reports import SourceNote, Text
from intent_assets.slots import slots


def used_facts(texts: Iterable[Text], ledger: Sequence[Fact]) -> tuple[Fact, ...]:
    """Return the facts whose slots stand in `texts`, each once, in order of first use; unknown slots have none."""
    facts = {fact.id: fact for fact in ledger}
    ids = dict.fromkeys(fact_id for text in texts for fact_id in slots(text.template))
    return tuple(facts[fact_id] for fact_id in ids if fact_id in facts)


def source_notes(used: Sequence[Fact], ledger: Sequence[Fact], reply: Reply) -> tuple[SourceNote, ...]:
    """Return the sources of the facts `used`, numbered in order of first use; equal title, address and date are one.

    The date of a signal is that of its event; of what was looked up, the day of the report; of the reply, its day.
    """
    events = {
        (fact.buyer_id, fact.record_id): date.fromisoformat(fact.value)
        for fact in ledger
        if fact.record == "opportunity" and fact.field == "event_date" and isinstance(fact.value, str)
    }
    groups: dict[tuple[str, str | None, date | None], list[str]] = {}
    for fact in used:
        if not fact.source_title:
            continue
        when: date | None = fact.as_of
        if fact.record == "opportunity":
            when = events.get((fact.buyer_id, fact.record_id))
        elif fact.record == "reply":
            when = reply.received_at.date()
        groups.setdefault((fact.source_title, fact.source_url, when), []).append(fact.id)
    return tuple(
        SourceNote(number=number, title=title, url=url, date=when, fact_ids=tuple(ids))
        for number, ((title, url, when), ids) in enumerate(groups.items(), 1)
    )
