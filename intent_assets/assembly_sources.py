"""What a report rests on: the facts that stand in its slots, and the numbered sources that they come from."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from intent_assets.records import Fact, Reply
from intent_assets.reports import SourceNote, Text
from intent_assets.slots import slots

Source = tuple[str, str | None]
"""Title and address."""


def used_facts(texts: Iterable[Text], ledger: Sequence[Fact]) -> tuple[Fact, ...]:
    """Return the facts whose slots stand in `texts`, each once, in order of first use; unknown slots have none."""
    facts = {fact.id: fact for fact in ledger}
    ids = dict.fromkeys(fact_id for text in texts for fact_id in slots(text.template))
    return tuple(facts[fact_id] for fact_id in ids if fact_id in facts)


def source_notes(used: Sequence[Fact], ledger: Sequence[Fact], reply: Reply) -> tuple[SourceNote, ...]:
    """Return the sources of the facts `used`, numbered in order of first use; equal title, address and date are one.

    Facts that a computed one rests on have their sources, too, where they are few. The date of a signal is that of its
    event, of the reply its day; of what has no date of its own, it is the day on which it was looked up, and the note
    says so.
    """
    events = _event_dates(ledger)
    groups: dict[tuple[str, str | None, date, bool], list[str]] = {}
    for fact in with_bases(used, ledger):
        if not fact.source_title:
            continue
        when = reply.received_at.date() if fact.record == "reply" else events.get(_record(fact))
        key = (fact.source_title, fact.source_url, when or fact.as_of, when is None)
        groups.setdefault(key, []).append(fact.id)
    return tuple(
        SourceNote(number=number, title=title, url=url, date=when, looked_up=looked_up, fact_ids=tuple(ids))
        for number, ((title, url, when, looked_up), ids) in enumerate(groups.items(), 1)
    )


def source_dates(ledger: Sequence[Fact]) -> Mapping[Source, frozenset[date | None]]:
    """Return the dates that the notes of each source can have; None where the ledger does not hold it (the reply's)."""
    events = _event_dates(ledger)
    found: dict[Source, set[date | None]] = {}
    for fact in ledger:
        if fact.source_title:
            when = None if fact.record == "reply" else events.get(_record(fact)) or fact.as_of
            found.setdefault((fact.source_title, fact.source_url), set()).add(when)
    return {source: frozenset(days) for source, days in found.items()}


def with_bases(used: Iterable[Fact], ledger: Sequence[Fact]) -> Iterator[Fact]:
    """Yield the facts, each followed by those of its bases that are cited with it, each once."""
    facts = {fact.id: fact for fact in ledger}
    seen: set[str] = set()
    waiting = list(used)[::-1]
    while waiting:
        fact = waiting.pop()
        if fact.id not in seen:
            seen.add(fact.id)
            yield fact
            waiting += [facts[fact_id] for fact_id in reversed(fact.cited_bases) if fact_id in facts]


def _event_dates(ledger: Sequence[Fact]) -> Mapping[tuple[str | None, str | None], date]:
    return {
        _record(fact): date.fromisoformat(fact.value)
        for fact in ledger
        if fact.record == "opportunity" and fact.field == "event_date" and isinstance(fact.value, str)
    }


def _record(fact: Fact) -> tuple[str | None, str | None]:
    return fact.buyer_id, fact.record_id
