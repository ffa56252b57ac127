"""A report as code assembles it from the small builders."""

from typing import Any

from intent_assets.assembly import assemble
from intent_assets.claims import Section
from intent_assets.records import Fact
from intent_assets.reports import Report
from tests.builders import (
    AS_OF,
    FEATURED,
    SECONDARY,
    a_ledger,
    a_reply,
    a_section,
    a_strategy,
    outcomes_frame,
    scored_frame,
    selected_buyers,
    signals_frame,
    slot_of,
    some_signals,
)


def some_sections(facts: tuple[Fact, ...]) -> tuple[Section, ...]:
    """What Claude could have written over the ledger of `builders`."""

    def put(field: str, record: str | None = None) -> str:
        return slot_of(facts, field, record, None if record else FEATURED)

    return (
        a_section("executive_summary", f"{put('name')} comes out ahead with {put('title', 's-rfp')}."),
        a_section(
            "featured_section",
            (f"{put('name')} asks for bids on {put('title', 's-rfp')}.", "Why this buyer"),
            (f"The open RFP is {put('deadline', 's-rfp')}.", "Why now"),
        ),
        a_section("profile_summary", f"It has {put('enrollment')} students."),
        a_section(
            "gameplan",
            (f"Read {put('document_url', 's-rfp')} before anything else.", "Prepare"),
            (f"Write to {put('name', 'c-1')} at {put('email', 'c-1')}.", "Reach the right person"),
            (f"Mention {put('title', 's-rfp')}.", "Reach the right person"),
        ),
        a_section("secondary_cards", f"{put('title', 's-lake')} is {put('status', 's-lake')}.", buyer_id=SECONDARY),
        a_section("call_to_action", f"Call {put('name', 'c-1')} on {put('phone', 'c-1')}."),
    )


def a_report(**changes: Any) -> tuple[Report, tuple[Fact, ...]]:
    """The assembled report of `builders`, and its ledger; inputs of both can be replaced by name."""
    inputs: dict[str, Any] = {
        "reply": a_reply(),
        "strategy": a_strategy(),
        "discoveries": signals_frame(some_signals()),
        "scored": scored_frame(),
        "selected": selected_buyers(),
        "search_outcomes": outcomes_frame(),
    }
    inputs |= {name: changes.pop(name) for name in list(changes) if name in inputs}
    before = {name: changes[name] for name in ("context", "last_report") if name in changes}
    facts = a_ledger(**inputs, **before)
    sections = changes.pop("sections") if "sections" in changes else some_sections(facts)
    shown = {"signals_shown": 8, "contacts_shown": 5} | changes
    return assemble(**inputs, ledger=facts, sections=sections, as_of=AS_OF, **shown), facts
