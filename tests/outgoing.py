"""A sandbox of Clay and Smartlead alone, and replies and reports to tell of, for tests of what goes out."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

import pytest

from intent_assets.claims import Finding
from intent_assets.records import Contact, Reply, Usage
from intent_assets.reports import FactCheckedReport, Heading, Items, NotionPage, Paragraph, Report, Text, Verdict
from intent_assets.sandbox.server import Sandbox

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


@contextmanager
def outgoing_sandbox(monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    """Run the two stand-ins and set their variables, but not Smartlead's key."""
    with Sandbox(only=["clay", "smartlead"]) as running:
        for name, value in running.variables().items():
            if name != "SMARTLEAD_API_KEY":
                monkeypatch.setenv(name, value)
        yield running


def a_reply(number: int = 1, domain: str = "vmock.example", **fields: Any) -> Reply:
    """Return a reply; others have other numbers."""
    given: dict[str, Any] = {
        "reply_id": f"r_{number:020d}",
        "domain": domain,
        "company": "VMock",
        "prospect_name": "Ana Diaz",
        "prospect_email": f"ana.diaz@{domain}",
        "campaign_id": "camp_17",
        "sequence_number": 3,
        "reply_text": "This looks interesting. Can you send more? Thanks.",
        "received_at": NOW,
        "source": "clay",
        **fields,
    }
    return Reply(**given)


def a_checked_report(reply: Reply | None = None, outcome: str = "passed") -> FactCheckedReport:
    """Return a report after the gate: passed, held or empty."""
    whose = reply or a_reply()
    empty = outcome == "empty"
    report = Report(
        domain=whose.domain,
        reply=whose,
        as_of=date(2026, 11, 23),
        outcome="empty" if empty else "report",
        title="Report",
        featured_buyer_id=None if empty else "b-1",
        featured_buyer_name=None if empty else "University <of> Example",
        decision_maker=None if empty else Contact(
            contact_id="c-1", buyer_id="b-1", name="Noor Lind", title="CIO", email="noor@uni.example", phone="555-0100"
        ),
        blocks=() if empty else (
            Heading(level=2, text=Text(template="Relevancy")),
            Paragraph(sentences=(_note("It asks for bids."), _note("It fits."))),
            Heading(level=2, text=Text(template="Gameplan")),
            Items(ordered=True, items=(_note("Call first."),)),
        ),
        signals_scanned=42,
        buyers_scored=12,
        usage=(Usage(model="m", cost_usd=0.02), Usage(model="m", cost_usd=0.03)),
    )  # fmt: skip
    finding = Finding(
        section="gameplan",
        template="It is $5.",
        quote="$5",
        start=6,
        end=8,
        fault="typed_figure",
        reason="typed <figure>",
    )
    verdict = Verdict.model_validate(
        {
            "outcome": outcome,
            "text_hash": "0" * 64,
            "claims": 14,
            "supported": 13,
            "removed": 1,
            "findings": [finding] if outcome == "held" else [],
        }
    )
    return FactCheckedReport(report=report, verdict=verdict)


def _note(words: str) -> Text:
    return Text(template=words, author="claude", section="gameplan", buyer_id="b-1")


def a_page(*, first_report: bool = True, url: str | None = "https://notion.example/p?a=1&b=2") -> NotionPage:
    """Return the page that a report stands on."""
    status = "created" if first_report else "updated"
    return NotionPage.model_validate(
        {"status": status, "page_id": "p-1", "url": url, "first_report": first_report, "new_signals": 5}
    )
