"""What a campaign has told the prospect so far: the signal that was answered, and those of the mails before. Pure.

A mail's position is its place in the sequence. The signal that was answered is the one of the mail that the reply's
`sequence_number` names; a mail without a signal of its own is an answer to the last signal before it. What stands at
later positions was not sent yet. Without a `sequence_number` every signal of the campaign counts as sent.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from intent_assets.records import CampaignSignal, Reply, ToldSignal


def told_signals(reply: Reply, allocated: Iterable[CampaignSignal] = ()) -> tuple[ToldSignal, ...]:
    """Return the signals that were sent, in the order of their positions, each once; the last one was answered.

    `allocated` are those that another source says were sent; what the reply says of the same signal stands first.
    """
    known: dict[str, CampaignSignal] = {}
    for signal in (*reply.campaign_signals, *allocated):
        key = signal.signal_id or _bare(signal.title)
        if key and _was_sent(signal, reply.sequence_number):
            known[key] = _merged(known[key], signal) if key in known else signal
    # A signal without a position can't be placed: it was told at some time before the others.
    ordered = sorted(known.values(), key=lambda signal: -1 if signal.position is None else signal.position)
    return tuple(ToldSignal(**signal.model_dump()) for signal in ordered)


def with_buyers(told: Sequence[ToldSignal], records: Iterable[Mapping[str, Any]]) -> tuple[ToldSignal, ...]:
    """Return the signals with id, title and buyer of their record, where `records` holds it.

    `records` have `signal_id`, `title`, `buyer_id` and `buyer_name`. A signal without an id is found by its title, if
    just one record has that.
    """
    listed = list(records)
    by_id = {row["signal_id"]: row for row in listed}
    by_title: dict[str, list[Mapping[str, Any]]] = {}
    for row in by_id.values():
        by_title.setdefault(_bare(row["title"]), []).append(row)
    return tuple(_with_buyer(signal, by_id, by_title) for signal in told)


def _with_buyer(
    signal: ToldSignal, by_id: Mapping[str, Mapping[str, Any]], by_title: Mapping[str, list[Mapping[str, Any]]]
) -> ToldSignal:
    alike = [] if signal.signal_id else by_title.get(_bare(signal.title), [])
    row = by_id.get(signal.signal_id or "") or (alike[0] if len(alike) == 1 else None)
    if row is None:
        return signal
    return signal.model_copy(
        update={
            "signal_id": row["signal_id"],
            "title": signal.title or row["title"],
            "buyer_id": row["buyer_id"],
            "buyer_name": row["buyer_name"],
        }
    )


def _was_sent(signal: CampaignSignal, sequence_number: int | None) -> bool:
    return sequence_number is None or signal.position is None or signal.position <= sequence_number


def _merged(first: CampaignSignal, second: CampaignSignal) -> CampaignSignal:
    return CampaignSignal(
        position=second.position if first.position is None else first.position,
        signal_id=first.signal_id or second.signal_id,
        title=first.title or second.title,
    )


def _bare(title: str | None) -> str:
    return " ".join((title or "").casefold().split())
