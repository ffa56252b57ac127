"""Small builders of what the pure parts are fed with: replies, frames and intel of invented buyers."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from intent_assets import tables
from intent_assets.claims import Claim, Judgement, Section, SectionSentence
from intent_assets.evidence import ledger
from intent_assets.frames import frame
from intent_assets.records import (
    Address,
    BuyerIntel,
    Contact,
    Fact,
    Profile,
    Reply,
    Role,
    SearchStrategy,
    SectionName,
    SelectedBuyers,
)

if TYPE_CHECKING:
    from pandas import DataFrame

AS_OF = date(2026, 11, 23)
FEATURED, SECONDARY = "b-riverhead", "b-lakeview"


def a_reply(**changes: Any) -> Reply:
    """A reply of a seller of career software."""
    values: dict[str, Any] = {
        "reply_id": "r-1",
        "domain": "vmock.example",
        "company": "VMock",
        "prospect_name": "Ada Quill",
        "product_description": "VMock SmartResume checks resumes with Office 365, fits Section 508, for 500 schools",
        "campaign_name": "Autumn Outreach",
        "reply_text": "Sounds good, tell me more.",
        "received_at": datetime(2026, 11, 22, 9, tzinfo=UTC),
        "source": "manual",
    }
    return Reply(**(values | changes))


def a_strategy(**changes: Any) -> SearchStrategy:
    """A strategy with one keyword."""
    return SearchStrategy(**({"primary_keywords": ("career services",)} | changes))


def a_signal(signal_id: str, buyer_id: str | None = FEATURED, **changes: Any) -> dict[str, Any]:
    """One row of `discoveries`: an open RFP of the featured buyer, unless told otherwise."""
    names = {FEATURED: "Riverhead Central School District", SECONDARY: "Lakeview Community College"}
    sites = {FEATURED: "https://www.riverhead.example", SECONDARY: "lakeview.example"}
    values: dict[str, Any] = {
        "signal_id": signal_id,
        "source": "starbridge",
        "searches": "primary_keywords",
        "buyer_id": buyer_id,
        "buyer_name": names.get(buyer_id or "", buyer_id),
        "buyer_type": "SchoolDistrict",
        "buyer_state": "NY",
        "buyer_website": sites.get(buyer_id or ""),
        "kind": "rfp",
        "title": "Career Platform Services",
        "status": "Available",
        "state": "open",
        "event_date": date(2026, 11, 3),
        "due_date": date(2026, 12, 12),
        "document_title": "rfp-career.pdf",
        "document_url": "https://www.riverhead.example/docs/rfp-career.pdf",
        "as_of": AS_OF,
    }
    return values | changes


def signals_frame(signals: Sequence[Mapping[str, Any]]) -> "DataFrame":
    """The `discoveries` of these signals."""
    return frame([dict.fromkeys(tables.DISCOVERIES) | dict(signal) for signal in signals], tables.DISCOVERIES)


def some_signals() -> list[dict[str, Any]]:
    """An open RFP, an expiring contract with its vendor, an old meeting; and one RFP of another buyer."""
    orders = [
        {"id": "po-1", "title": "Portal licence", "vendorName": "Handshaker", "purchaseAmount": 48500,
         "untilDate": "2027-06-30"},
    ]  # fmt: skip
    return [
        a_signal("s-rfp", amount=None, summary="The district asks for a career platform for 2 high schools."),
        a_signal(
            "s-contract",
            kind="contract",
            state="expiring",
            title="Advising Portal Agreement",
            due_date=None,
            until_date=date(2027, 6, 30),
            event_date=date(2025, 7, 1),
            amount=2_300_000.0,
            purchase_orders_json=json.dumps(orders),
            document_url=None,
            document_title=None,
        ),
        a_signal(
            "s-meeting",
            kind="meeting",
            state="past",
            title="Regular Board Meeting",
            due_date=None,
            event_date=date(2026, 10, 6),
            highlights_json=json.dumps(["The board discussed career readiness.", "It named <b>no</b> vendor {{E1}}."]),
        ),
        a_signal("s-old", title="Copier Lease", state="closed", due_date=date(2026, 6, 1), event_date=date(2026, 5, 1)),
        a_signal("s-lake", SECONDARY, title="Internship Software", document_url=None, document_title=None),
    ]


def a_score(buyer_id: str, rank: int, role: Role | None, **changes: Any) -> dict[str, Any]:
    """One row of `scored_buyers`."""
    names = {FEATURED: "Riverhead Central School District", SECONDARY: "Lakeview Community College"}
    values: dict[str, Any] = {
        "rank": rank,
        "buyer_id": buyer_id,
        "buyer_name": names.get(buyer_id, buyer_id),
        "buyer_type": "SchoolDistrict",
        "buyer_state": "NY",
        "buyer_website": "https://www.riverhead.example" if buyer_id == FEATURED else "lakeview.example",
        "role": role,
        "score": 0.731234 - rank / 100,
        "signals": 4 if buyer_id == FEATURED else 1,
        "actionable_signals": 3 if buyer_id == FEATURED else 1,
        "reason": "4 signals, one of them an RFP that is open",
        "as_of": AS_OF,
    }
    return dict.fromkeys(tables.SCORED_BUYERS) | values | changes


def scored_frame(scores: Sequence[Mapping[str, Any]] | None = None) -> "DataFrame":
    """The `scored_buyers` of these rows; three buyers unless told otherwise."""
    default = [a_score(FEATURED, 1, "featured"), a_score(SECONDARY, 2, "secondary"), a_score("b-third", 3, None)]
    return frame(list(default if scores is None else scores), tables.SCORED_BUYERS)


def outcomes_frame(statuses: Sequence[str] = ("complete",) * 4) -> "DataFrame":
    """The `search_outcomes` of four searches."""
    names = ("primary_keywords", "rfp_keywords", "buyers_by_type", "buyers_by_state")
    rows = [
        dict.fromkeys(tables.SEARCH_OUTCOMES)
        | {"search": name, "tool": "opportunity_search", "query": "career services", "status": status, "found": 5,
           "without_buyer": 1, "unreadable": 0, "as_of": AS_OF}
        for name, status in zip(names, statuses, strict=True)
    ]  # fmt: skip
    return frame(rows, tables.SEARCH_OUTCOMES)


def a_contact(contact_id: str, name: str, **changes: Any) -> Contact:
    """A contact of the featured buyer who works there and whose address is verified."""
    mail = f"{name.lower().replace(' ', '.')}@riverhead.example"
    values: dict[str, Any] = {
        "contact_id": contact_id,
        "buyer_id": FEATURED,
        "name": name,
        "title": "Director of Technology",
        "email": mail,
        "works_at_buyer": True,
        "email_verified": True,
    }
    return Contact(**(values | changes))


def a_profile(**changes: Any) -> Profile:
    """The profile of the featured buyer."""
    values: dict[str, Any] = {
        "buyer_id": FEATURED,
        "name": "Riverhead Central School District",
        "buyer_type": "SchoolDistrict",
        "state": "NY",
        "url": "https://www.riverhead.example",
        "enrollment": 5612,
        "employees_fte": 804,
        "budget_amount": 187_654_321.0,
        "budget_year": 2026,
        "fiscal_year_start": "07/01",
        "procurement_difficulty": 62.0,
        "ai_adoption": 41.5,
        "lms": ("Canvas", "Moodle"),
        "sis": "PowerSchool",
        "main_phone": "(631) 555-0142",
        "address": Address(street="700 Osborn Avenue", city="Riverhead", state="NY", zip="11901"),
    }
    return Profile(**(values | changes))


def selected_buyers(contacts: Sequence[Contact] | None = None, profile: Profile | None = None) -> SelectedBuyers:
    """The featured buyer with its people and profile, and one secondary buyer without."""
    people = (
        a_contact("c-1", "April Lane", phone="(631) 555-0199"),
        a_contact("c-2", "Ben Okafor", title="Superintendent of Schools"),
        a_contact("c-3", "Info Desk", email="info@riverhead.example", title=None),
    )
    return SelectedBuyers(
        buyers=(
            BuyerIntel(
                buyer_id=FEATURED,
                buyer_name="Riverhead Central School District",
                role="featured",
                profile=profile or a_profile(),
                contacts=people if contacts is None else tuple(contacts),
                total_contacts=len(people if contacts is None else contacts),
            ),
            BuyerIntel(
                buyer_id=SECONDARY,
                buyer_name="Lakeview Community College",
                role="secondary",
                contacts=(
                    a_contact("c-9", "Mara Stone", buyer_id=SECONDARY, email="m.stone@lakeview.example", title="Dean"),
                ),
                problems=("profile could not be fetched: HTTP 503 from https://api.invalid/x",),
            ),
        )
    )


def a_ledger(**changes: Any) -> tuple[Fact, ...]:
    """The ledger of all that stands above; any of the inputs can be replaced by name."""
    inputs: dict[str, Any] = {
        "reply": a_reply(),
        "strategy": a_strategy(),
        "discoveries": signals_frame(some_signals()),
        "scored": scored_frame(),
        "selected": selected_buyers(),
        "search_outcomes": outcomes_frame(),
        "as_of": AS_OF,
    }
    return ledger(**(inputs | changes))


def the_fact(facts: Sequence[Fact], field: str, record_id: str | None = None, buyer_id: str | None = None) -> Fact:
    """The one fact of a field (and record, and buyer)."""
    found = [
        fact
        for fact in facts
        if fact.field == field
        and (record_id is None or fact.record_id == record_id)
        and (buyer_id is None or fact.buyer_id == buyer_id)
    ]
    assert found, f"no fact {field} of {record_id or buyer_id}"
    return found[0]


def slot_of(facts: Sequence[Fact], field: str, record_id: str | None = None, buyer_id: str | None = None) -> str:
    """The slot of that fact."""
    return f"{{{{{the_fact(facts, field, record_id, buyer_id).id}}}}}"


def a_section(name: SectionName, *sentences: tuple[str, str | None] | str, buyer_id: str = FEATURED) -> Section:
    """A section of sentences that were judged; each a text, or a text and its heading."""
    pairs = [(each, None) if isinstance(each, str) else each for each in sentences]
    judgement = Judgement(verdict="supported", reason="The facts say so.")
    return Section(
        name=name,
        sentences=tuple(SectionSentence(text=text, buyer_id=buyer_id, heading=heading) for text, heading in pairs),
        prompt_version="1",
        claims=tuple(
            Claim(section=name, buyer_id=buyer_id, template=text, outcome="supported", judgement=judgement)
            for text, _ in pairs
        ),
    )


def days_from_now(days: int) -> date:
    """A day relative to the day of the report."""
    return AS_OF + timedelta(days=days)
