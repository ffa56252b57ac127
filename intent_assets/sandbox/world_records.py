"""The invented procurement records, in the five forms of the wire, with the wire's irregularities."""

import random
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import accumulate

from intent_assets.sandbox.world_buyers import Buyer, Json
from intent_assets.sandbox.world_topics import BODIES, INJECTIONS, ODD_TITLES, TOPICS, Topic

_TYPES = ("BoardMeeting", "Selling", "PurchaseOrder", "Contract", "StrategicPlan")
_SHARES = (33, 22, 20, 17, 8)
_GARBAGE = ("TBD", "2026-02-31", "13/45/2025", "Fall", "0000-00-00", "")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_LONG = (
    " Including Implementation, Training, Data Conversion, Ongoing Maintenance, Optional Modules and Five One-Year "
    "Renewals for All Departments, Campuses and Affiliated Agencies"
)


@dataclass(frozen=True)
class Document:
    """A record as the wire has it, and the text of its document, which only a content search reads.

    `thin` records come without their long fields from a search that does not read contents.
    """

    wire: Json
    buyer: Buyer
    text: str
    thin: bool
    posted: date | None = field(default=None)


@dataclass(frozen=True)
class _Draft:
    dice: random.Random
    today: date
    buyer: Buyer
    topic: Topic
    subject: str
    vendor: str
    amount: int

    def day(self, first: int, last: int) -> date:
        """A day between `first` and `last` days from today."""
        return self.today + timedelta(days=self.dice.randint(first, last))

    def written(self, day: date) -> str:
        """A date as the service writes it: plain, or with a time and an offset."""
        form = self.dice.random()
        if form < 0.6:
            return day.isoformat()
        clock = f"{self.dice.randrange(8, 18):02d}:{self.dice.choice(('00', '30'))}:00"
        return f"{day.isoformat()}T{clock}{self.dice.choice(('Z', '+00:00', '-05:00'))}"

    def money(self) -> int | float | str | None:
        """An amount as the service writes it: mostly a number."""
        form = self.dice.random()
        if form < 0.84:
            return self.amount if form < 0.7 else self.amount + 0.5
        return self.dice.choice((
            f"${self.amount:,}", f"{self.amount / 1_000_000:.1f}M", f"USD {max(1, self.amount // 1000)} thousand", None,
            0, "not to exceed budget", -self.amount,
        ))  # fmt: skip


def make_records(dice: random.Random, buyers: Sequence[Buyer], today: date, count: int) -> tuple[Document, ...]:
    """Make `count` records; the newest have dates after `today`."""
    active = [buyer for buyer in buyers if buyer.weight]
    weights = list(accumulate(buyer.weight for buyer in active))
    topics = {kind: [topic for topic in TOPICS if kind in topic.buyers] for kind in {b.kind for b in active}}
    documents = []
    for number in range(count):
        buyer = dice.choices(active, cum_weights=weights)[0]
        fitting = topics[buyer.kind]
        topic = dice.choices(fitting, [topic.weight for topic in fitting])[0]
        subject, vendor = dice.choice(topic.subjects), dice.choice(topic.vendors)
        amount = round(topic.low * (topic.high / topic.low) ** dice.random(), -2)
        draft = _Draft(dice, today, buyer, topic, subject, vendor, int(amount))
        documents.append(_document(draft, number))
    return tuple(documents)


def _document(draft: _Draft, number: int) -> Document:
    dice, buyer = draft.dice, draft.buyer
    kind = dice.choices(_TYPES, _SHARES)[0]
    body, posted = _MAKERS[kind](draft)
    text = draft.topic.text.format(subject=draft.subject, buyer=buyer.name, vendor=draft.vendor)
    record_id = str(uuid.UUID(int=dice.getrandbits(128), version=4))
    if kind in ("BoardMeeting", "StrategicPlan", "Contract") or dice.random() < 0.08:
        body["summary"] = text if dice.random() < 0.9 else None
    record: Json = {
        "id": record_id,
        "type": kind,
        "postedDate": draft.written(posted),
        "createdAt": draft.written(min(draft.today, posted) + timedelta(days=1)),
        "buyerId": buyer.id,
        "buyerName": buyer.name,
        "buyerType": buyer.wire_type,
        "buyerState": buyer.state,
        "buyerWebsite": buyer.website,
        "buyerTags": buyer.tags,
        "buyerLogoUrl": f"https://{buyer.domain}/logo.png" if number % 3 else None,
        "parentBuyerId": buyer.parent.id if buyer.parent else None,
        "parentBuyerName": buyer.parent.name if buyer.parent else None,
        "parentBuyerType": buyer.parent.wire_type if buyer.parent else None,
        **body,
        **_files(draft, kind, record_id),
    }
    _spoil(draft, record, number)
    mentions = f"{text} Documents: https://{buyer.domain}. Contact purchasing@{buyer.domain}."
    if buyer.parent and dice.random() < 0.1:
        mentions += f" With {buyer.parent.name}, {buyer.parent.domain}."
    thin = dice.random() < 0.3
    return Document(record, buyer, mentions, thin, None if record.get("postedDate") in (None, *_GARBAGE) else posted)


def _spoil(draft: _Draft, record: Json, number: int) -> None:
    """Put the irregularities in that every field can have."""
    dice = draft.dice
    if dice.random() < 0.015:
        record["postedDate"] = dice.choice((*_GARBAGE, None))
    if dice.random() < 0.02 and "dueDate" in record:
        record["dueDate"] = dice.choice(_GARBAGE)
    if dice.random() < 0.02:
        record["title"] = dice.choice(ODD_TITLES).format(subject=draft.subject)
    elif dice.random() < 0.02:
        record["title"] = (record["title"] + _LONG)[:200]
    for name in ("buyerTags", "buyerWebsite", "parentBuyerType", "buyerLogoUrl", "status"):
        if dice.random() < 0.03:
            record.pop(name, None)
    if number % 1700 == 850:
        record["buyerId"] = None
    if number in (400, 900):
        record["summary"] = INJECTIONS[number == 900]


def _files(draft: _Draft, kind: str, record_id: str) -> Json:
    count = draft.dice.choice((0, 1, 1, 1, 2, 3))
    if not count:
        return {"documentType": None, "fileCount": 0, "files": draft.dice.choice(([], None))}
    name = {"BoardMeeting": "minutes", "StrategicPlan": "plan", "Selling": "solicitation"}.get(kind, "document")
    base = f"https://{draft.buyer.domain}/documents/{record_id[:8]}"
    files = [
        {
            "name": f"{name}-{at + 1}.pdf" if draft.dice.random() < 0.95 else None,
            "url": f"https://files.starbridge.example/{record_id}/{at + 1}",
            "sourceUrl": f"{base}/{name}-{at + 1}.pdf" if draft.dice.random() < 0.8 else None,
            "contentType": "application/pdf",
        }
        for at in range(count)
    ]
    return {"documentType": name.title(), "fileCount": count, "files": files}


def _meeting(draft: _Draft) -> tuple[Json, date]:
    posted = draft.day(-400, -1) if draft.dice.random() < 0.86 else draft.day(0, 60)
    board = draft.dice.choice(BODIES.get(draft.buyer.kind, ("Governing Board",)))
    title = draft.dice.choice((
        f"{board} Regular Meeting - {_MONTHS[posted.month - 1]} {posted.year}",
        f"{board} Work Session: {draft.subject}",
        f"{board}: discussion of {draft.subject}",
        f"{board} Special Meeting - {draft.subject} presentation by {draft.vendor}",
    ))  # fmt: skip
    return {"title": title, "status": "Past" if posted < draft.today else "Future"}, posted


def _rfp(draft: _Draft) -> tuple[Json, date]:
    dice, today = draft.dice, draft.today
    posted = draft.day(-420, 0)
    due = posted + timedelta(days=dice.randint(14, 75)) if dice.random() < 0.6 else draft.day(1, 80)
    number = f"{posted.year % 100}-{dice.randrange(1, 400):03d}"
    body: Json = {
        "title": dice.choice((
            f"RFP {number} {draft.subject}",
            f"Request for Proposals: {draft.subject}",
            f"Invitation to Bid {number} - {draft.subject} for {draft.buyer.name}",
            f"RFI {draft.subject}",
        )),
        "dueDate": draft.written(due),
        "status": dice.choice(("Available", "Active")) if due >= today else "Past",
    }  # fmt: skip
    if due < today and dice.random() < 0.45:
        body["status"] = "Available"
    if dice.random() < 0.15:
        body["dueDate"] = None
    if dice.random() < 0.06:
        body["status"] = None
    return body, posted


def _purchase(draft: _Draft) -> tuple[Json, date]:
    posted = draft.day(-700, -2)
    until = posted + timedelta(days=365)
    body: Json = {
        "title": draft.dice.choice((
            f"{draft.vendor} - {draft.subject} annual renewal",
            f"PO {draft.dice.randrange(10_000, 99_999)} {draft.subject}",
            f"Purchase of {draft.subject} ({draft.vendor})",
        )),
        "purchaseAmount": draft.money(),
        "untilDate": draft.written(until) if draft.dice.random() < 0.5 else None,
        "status": draft.dice.choice(("Active", "Past", None)),
        "purchaseOrders": [_order(draft, posted)] if draft.dice.random() < 0.4 else None,
    }  # fmt: skip
    return body, posted


def _contract(draft: _Draft) -> tuple[Json, date]:
    posted = draft.day(-1500, -10)
    until = posted + timedelta(days=365 * draft.dice.choice((1, 2, 3, 5)))
    body: Json = {
        "title": draft.dice.choice((
            f"Agreement with {draft.vendor} for {draft.subject}",
            f"Contract {draft.dice.randrange(1000, 9999)}: {draft.subject} (Amendment {draft.dice.randrange(1, 5)})",
            f"{draft.subject} - {draft.vendor} Master Services Agreement",
        )),
        "purchaseAmount": draft.money(),
        "untilDate": draft.written(until) if draft.dice.random() < 0.85 else draft.dice.choice((None, "Fall")),
        "status": "Active" if until >= draft.today else draft.dice.choice(("Past", "Active")),
        "purchaseOrders": [_order(draft, posted) for _ in range(draft.dice.choice((0, 1, 2)))],
    }  # fmt: skip
    if draft.dice.random() < 0.25:
        due = posted - timedelta(days=40)
        body["rfps"] = [
            {
                "id": str(uuid.UUID(int=draft.dice.getrandbits(128), version=4)),
                "title": f"RFP {draft.subject}",
                "dueDate": draft.written(due),
                "status": draft.dice.choice(("Past", "Available")),
            }
        ]
    return body, posted


def _plan(draft: _Draft) -> tuple[Json, date]:
    posted = draft.day(-900, -5)
    years = draft.dice.choice((2, 3, 5))
    title = draft.dice.choice((
        f"{draft.buyer.name} Strategic Plan {posted.year}-{posted.year + years}",
        f"Technology Plan {posted.year}-{posted.year + years}: {draft.subject}",
        f"Capital Improvement Plan with {draft.subject}",
    ))  # fmt: skip
    until = posted + timedelta(days=365 * years)
    return {"title": title, "untilDate": draft.written(until), "status": "Active"}, posted


def _order(draft: _Draft, posted: date) -> Json:
    return {
        "id": str(uuid.UUID(int=draft.dice.getrandbits(128), version=4)),
        "title": f"{draft.subject} {posted.year}",
        "purchaseAmount": draft.money(),
        "vendorName": draft.vendor if draft.dice.random() < 0.9 else None,
        "fromDate": draft.written(posted),
        "untilDate": draft.written(posted + timedelta(days=365)),
    }


_MAKERS: dict[str, Callable[[_Draft], tuple[Json, date]]] = {
    "BoardMeeting": _meeting,
    "Selling": _rfp,
    "PurchaseOrder": _purchase,
    "Contract": _contract,
    "StrategicPlan": _plan,
}
