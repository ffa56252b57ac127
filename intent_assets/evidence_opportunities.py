"""Facts of procurement signals and of the records that are linked to them."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from intent_assets.evidence_display import (
    KINDS,
    LONGEST_QUOTE,
    STATUS,
    count,
    day,
    days,
    deadline,
    link_text,
    money,
    one_line,
    web_link,
)
from intent_assets.evidence_drafts import Drafts, Key, Origin, rows, with_state
from intent_assets.scoring_keywords import keywords, split
from intent_assets.wire import LARGEST

if TYPE_CHECKING:
    from pandas import DataFrame

MOST_OF_FEATURED = 40
MOST_OF_SECONDARY = 5
MOST_OF_NOBODY = 10
_HIGHLIGHTS = 3
_LINKED = 5
_EXPIRING_DAYS = 365
_STATE_DAYS = ("event_date", "due_date", "until_date")
"""The days of a signal from which its state is computed."""
_URGENCY = {"open": 0, "expiring": 1, "upcoming": 2, "running": 3, "unknown": 4, "past": 5, "closed": 6, "expired": 7}
_NOT_ACTIONABLE = {"closed", "expired"}
_AHEAD = {"open", "expiring", "upcoming"}
_SOURCE_WORDS = {kind: words[:1].upper() + words[1:] for kind, words in KINDS.items()}

Signal = Mapping[str, Any]


def of_buyer(
    discoveries: "DataFrame", buyer_id: str, phrases: Iterable[str] = (), seen: frozenset[str] = frozenset()
) -> list[Signal]:
    """Return the signals of one buyer in order of use.

    First those that are neither closed nor expired; of these those that the prospect has not `seen` (signal ids); of
    these those whose title or summary holds a keyword of `phrases`, what is still ahead before what is past, those
    with at least half as many keywords as the best before those with fewer; then by state, nearest day ahead, and
    latest event.
    """
    return _in_order_of_use(rows(discoveries[discoveries["buyer_id"] == buyer_id]), phrases, seen)


def of_nobody(
    discoveries: "DataFrame", phrases: Iterable[str] = (), seen: frozenset[str] = frozenset()
) -> list[Signal]:
    """Return the signals that name no buyer, in the same order."""
    return _in_order_of_use(rows(discoveries[discoveries["buyer_id"].isna()]), phrases, seen)


def _in_order_of_use(found: Iterable[Signal], phrases: Iterable[str], seen: frozenset[str]) -> list[Signal]:
    signals = list(found)
    words = frozenset(keywords(phrases))
    hits = {signal["signal_id"]: len(words & _words(signal)) for signal in signals}
    most = max(hits.values(), default=0)
    tiers = {each: 2 if not number else int(2 * number < most) for each, number in hits.items()}
    return sorted(signals, key=lambda signal: _order(signal, tiers[signal["signal_id"]], signal["signal_id"] in seen))


def _words(signal: Signal) -> set[str]:
    return set(split(f"{signal['title'] or ''} {signal['summary'] or ''}"))


def _order(signal: Signal, tier: int, seen: bool) -> tuple[bool, bool, bool, bool, int, int, bool, int, float, str]:
    state = signal["state"] or "unknown"
    ahead = {"open": signal["due_date"], "expiring": signal["until_date"], "upcoming": signal["event_date"]}.get(state)
    when: date | None = ahead or signal["event_date"]
    nearness = 0 if when is None else when.toordinal() if ahead else -when.toordinal()
    urgency = _URGENCY.get(state, _URGENCY["unknown"])
    amount = signal["amount"] or 0.0
    over = state in _NOT_ACTIONABLE
    return (
        over,
        seen,
        tier == 2,
        state not in _AHEAD,
        tier,
        urgency,
        ahead is None,
        nearness,
        -amount,
        signal["signal_id"],
    )


def add_signals(drafts: Drafts, signals: Sequence[Signal], as_of: date) -> None:
    """Add the facts of `signals`, all of one buyer."""
    for signal in signals:
        add_signal(drafts, signal, as_of)
    known = {signal["signal_id"] for signal in signals}
    for signal in signals:
        for order in _linked(signal["purchase_orders_json"], known):
            _add_purchase_order(drafts, signal, order, as_of)
        for rfp in _linked(signal["rfps_json"], known):
            _add_rfp(drafts, signal, rfp, as_of)


def add_counts(drafts: Drafts, buyer: Origin, signals: Sequence[Signal], told: Sequence[Signal]) -> None:
    """Add what is counted over all signals of a buyer; `told` are those whose facts are in the ledger."""
    rfps = [signal for signal in signals if signal["kind"] == "rfp"]
    still_open = [signal["signal_id"] for signal in rfps if signal["state"] == "open"]
    if still_open:
        in_ledger = {signal["signal_id"] for signal in told}
        basis = [Key(buyer.buyer_id, "opportunity", each, "status") for each in still_open if each in in_ledger]
        number, share = len(still_open), f"{count(len(still_open))} of {count(len(rfps))}"
        drafts.add(buyer, "open_rfps", "count", number, count(number), unit="RFPs", derived_from=basis)
        drafts.add(buyer, "open_rfps_share", "count", number, share, unit="RFPs", derived_from=basis)


def basis_of(told: Sequence[Signal]) -> tuple[Key, ...]:
    """Return the status, or else the title, of each signal: what counts and scores over signals rest on."""
    keys = []
    for signal in told:
        origin = origin_of(signal)
        keys.append(origin.key("status" if STATUS.get(origin.state or "") else "title"))
    return tuple(keys)


def origin_of(signal: Signal) -> Origin:
    """Return the origin of a signal's facts; the source is its document, else the buyer's web site."""
    word = _SOURCE_WORDS.get(signal["kind"] or "", "Record")
    return Origin(
        record="opportunity",
        record_id=signal["signal_id"],
        source_title=f"{word} “{one_line(signal['title'] or 'without a title', 120)}”",
        source_url=web_link(signal["document_url"]) or web_link(signal["buyer_website"]),
        buyer_id=signal["buyer_id"],
        buyer_name=signal["buyer_name"],
        state=None if signal["state"] == "unknown" else signal["state"],
    )


def add_signal(drafts: Drafts, signal: Signal, as_of: date) -> None:
    """Add the facts of one signal."""
    origin = origin_of(signal)
    drafts.add(origin, "title", "title", signal["title"], signal["title"])
    drafts.add(origin, "kind", "text", signal["kind"], KINDS.get(signal["kind"] or ""))
    days = [origin.key(name) for name in _STATE_DAYS if signal[name] is not None]
    drafts.add(origin, "status", "status", origin.state, STATUS.get(origin.state or ""), derived_from=days)
    _add_day(drafts, origin, "event_date", signal["event_date"])
    _add_due(drafts, origin, signal["due_date"], as_of)
    _add_until(drafts, origin, signal["until_date"], as_of)
    _add_money(drafts, origin, "amount", signal["amount"])
    drafts.add(origin, "summary", "quote", signal["summary"], signal["summary"], longest=LONGEST_QUOTE)
    quotes = [text for text in _list(signal["highlights_json"]) if isinstance(text, str)]
    for number, quote in enumerate(dict.fromkeys(quotes[:_HIGHLIGHTS]), 1):
        drafts.add(origin, f"highlight_{number}", "quote", quote, quote, longest=LONGEST_QUOTE)
    drafts.add(origin, "document_title", "title", signal["document_title"], signal["document_title"], longest=120)
    link = web_link(signal["document_url"])
    if link:
        drafts.add(origin, "document_url", "url", link, link_text(link, signal["document_title"]))


def _add_purchase_order(drafts: Drafts, signal: Signal, order: Mapping[str, Any], as_of: date) -> None:
    until = _day_of(order.get("untilDate"))
    origin = _linked_origin(signal, order, "Purchase order", _running_state(until, as_of))
    drafts.add(origin, "title", "title", *_twice(order.get("title")))
    drafts.add(origin, "kind", "text", "purchase", KINDS["purchase"])
    ends = () if until is None else (origin.key("until_date"),)
    drafts.add(origin, "status", "status", origin.state, STATUS.get(origin.state or ""), derived_from=ends)
    drafts.add(origin, "vendor", "name", *_twice(order.get("vendorName")))
    _add_money(drafts, origin, "amount", order.get("purchaseAmount"))
    _add_day(drafts, origin, "from_date", _day_of(order.get("fromDate")))
    _add_until(drafts, origin, until, as_of)


def _add_rfp(drafts: Drafts, signal: Signal, rfp: Mapping[str, Any], as_of: date) -> None:
    due = _day_of(rfp.get("dueDate"))
    state = None if due is None else "open" if due >= as_of else "closed"
    origin = _linked_origin(signal, rfp, "RFP", state)
    drafts.add(origin, "title", "title", *_twice(rfp.get("title")))
    drafts.add(origin, "kind", "text", "rfp", KINDS["rfp"])
    ends = () if due is None else (origin.key("due_date"),)
    drafts.add(origin, "status", "status", origin.state, STATUS.get(origin.state or ""), derived_from=ends)
    _add_due(drafts, origin, due, as_of)


def _linked_origin(signal: Signal, linked: Mapping[str, Any], word: str, state: str | None) -> Origin:
    title = one_line(linked.get("title") or "without a title", 120)
    origin = Origin(
        record="opportunity",
        record_id=str(linked["id"]),
        source_title=f"{word} “{title}”",
        source_url=web_link(signal["buyer_website"]),
        buyer_id=signal["buyer_id"],
        buyer_name=signal["buyer_name"],
    )
    return with_state(origin, state)


def _running_state(until: date | None, as_of: date) -> str | None:
    if until is None:
        return None
    left = (until - as_of).days
    return "expired" if left < 0 else "expiring" if left <= _EXPIRING_DAYS else "running"


def _add_day(drafts: Drafts, origin: Origin, name: str, when: date | None) -> None:
    if when is not None:
        drafts.add(origin, name, "date", when.isoformat(), day(when))


def _add_due(drafts: Drafts, origin: Origin, due: date | None, as_of: date) -> None:
    if due is None:
        return
    _add_day(drafts, origin, "due_date", due)
    basis = (origin.key("due_date"),)
    drafts.add(origin, "deadline", "text", due.isoformat(), deadline(due, as_of), derived_from=basis)
    left = (due - as_of).days
    if left >= 0:
        drafts.add(origin, "days_to_due", "duration", left, days(left), unit="days", derived_from=basis)


def _add_until(drafts: Drafts, origin: Origin, until: date | None, as_of: date) -> None:
    if until is None:
        return
    _add_day(drafts, origin, "until_date", until)
    left = (until - as_of).days
    if left >= 0:
        basis = (origin.key("until_date"),)
        drafts.add(origin, "days_left", "duration", left, days(left), unit="days", derived_from=basis)


def _add_money(drafts: Drafts, origin: Origin, name: str, amount: Any) -> None:
    if isinstance(amount, int | float) and not isinstance(amount, bool) and 0 < amount <= LARGEST:
        drafts.add(origin, name, "money", float(amount), money(float(amount)), unit="USD")


def _twice(text: Any) -> tuple[str | None, str | None]:
    value = text if isinstance(text, str) and text.strip() else None
    return value, value


def _linked(text: str | None, known: set[str]) -> Iterator[Mapping[str, Any]]:
    """Yield the linked records that have an id of their own; those that are signals themselves are told there."""
    found = [entry for entry in _list(text) if isinstance(entry, dict) and entry.get("id") not in (None, "")]
    for entry in found[:_LINKED]:
        if str(entry["id"]) not in known or entry.get("vendorName"):
            yield entry


def _list(text: str | None) -> list[Any]:
    try:
        value = json.loads(text) if text else []
    except ValueError:
        return []
    return value if isinstance(value, list) else []


def _day_of(text: Any) -> date | None:
    try:
        return date.fromisoformat(text[:10]) if isinstance(text, str) else None
    except ValueError:
        return None
