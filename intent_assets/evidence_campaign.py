"""Facts of what the prospect was told before: by the campaign's mails, and by the last report."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from intent_assets.evidence_display import count, day
from intent_assets.evidence_drafts import Drafts, Origin
from intent_assets.evidence_opportunities import Signal, add_signal, origin_of
from intent_assets.records import ProspectContext, ToldSignal
from intent_assets.reports import LastReport


def told_key(told: ToldSignal) -> str:
    """Return the record id under which the ledger holds what a mail told of a signal."""
    return f"mail {told.position} {told.signal_id or told.title}"


def add_campaign(
    drafts: Drafts,
    context: ProspectContext,
    signals: Iterable[Signal],
    scores: Mapping[str, Mapping[str, Any]],
    as_of: date,
) -> None:
    """Add the titles that the mails told, and of the answered signal its record, its buyer and the buyer's rank.

    `scores` holds the rows of the scored buyers by buyer id.
    """
    answered = context.answered
    for told in (*context.earlier, *([answered] if answered else [])):
        mail = Origin(record="reply", record_id=told_key(told), source_title="The campaign's mails", trust="reply")
        drafts.add(mail, "title", "title", told.title, told.title)
    if answered is None or answered.buyer_id is None:
        return
    record = next((signal for signal in signals if signal["signal_id"] == answered.signal_id), None)
    if record is not None:
        add_signal(drafts, record, as_of)
    row = scores.get(answered.buyer_id)
    name = row["buyer_name"] if row else answered.buyer_name
    buyer = Origin(
        record="buyer",
        record_id=answered.buyer_id,
        source_title=f"Starbridge records of {name}",
        buyer_id=answered.buyer_id,
        buyer_name=name,
    )
    drafts.add(buyer, "name", "name", name, name)
    if row is not None:
        scored = replace(buyer, source_title="Buyer score of this report, computed from the records found")
        drafts.add(scored, "rank", "count", row["rank"], f"{count(row['rank'])} of {count(len(scores))}", unit="rank")


def add_news(
    drafts: Drafts, run: Origin, signals: Sequence[Signal], told: Collection[str], last: LastReport | None
) -> None:
    """Mark the signals that the last report had not, and count them; without a last report nothing is marked.

    `signals` are all of the selected buyers, `told` holds the ids of those whose facts are in the ledger.
    """
    if last is None:
        return
    since = last.published_at.date()
    drafts.add(run, "last_report", "date", since.isoformat(), day(since))
    new = new_ids((signal["signal_id"] for signal in signals), last)
    marked = [signal for signal in signals if signal["signal_id"] in new and signal["signal_id"] in told]
    basis = [origin_of(signal).key("new_since") for signal in marked]
    drafts.add(run, "new_signals", "count", len(new), count(len(new)), unit="signals", derived_from=basis)
    for signal in marked:
        drafts.add(origin_of(signal), "new_since", "status", since.isoformat(), f"new since {day(since)}")


def new_ids(signal_ids: Iterable[str], last: LastReport | None) -> tuple[str, ...]:
    """Return those of `signal_ids` that the last report had not, each once; all of them without a last report."""
    had = frozenset(last.signal_ids) if last else frozenset()
    return tuple(dict.fromkeys(each for each in signal_ids if each not in had))
