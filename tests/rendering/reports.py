"""Small invented reports for tests, built from plain pieces."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from intent_assets.records import Fact, FactKind, Reply
from intent_assets.rendering.markdown import text_hash
from intent_assets.reports import (
    Block,
    Callout,
    Divider,
    FactCheckedReport,
    Heading,
    Items,
    Paragraph,
    Report,
    SourceNote,
    Table,
    Text,
    Toggle,
    Verdict,
)

TODAY = date(2026, 11, 23)
BUYER = "b-100"


def fact(number: int, display: str, kind: FactKind = "text", *, value: Any = None, **more: Any) -> Fact:
    """One fact with the id `E` and six digits of `number`."""
    return Fact(
        id=f"E{number:06d}",
        buyer_id=more.pop("buyer_id", BUYER),
        buyer_name="Alder Creek Unified",
        record=more.pop("record", "opportunity"),
        record_id="o-1",
        field="field",
        kind=kind,
        value=display if value is None else value,
        display=display,
        as_of=TODAY,
        **more,
    )


def slot(number: int) -> str:
    """The slot of `fact(number, ...)`."""
    return f"{{{{E{number:06d}}}}}"


def text(template: str, *, author: Any = "code") -> Text:
    """A text of ours, or of Claude."""
    return Text(template=template, author=author)


def paragraph(*templates: str) -> Paragraph:
    """A paragraph of Claude's sentences."""
    return Paragraph(sentences=tuple(text(template, author="claude") for template in templates))


def source(
    number: int, *fact_numbers: int, title: str = "RFP 26-014", url: str | None = "https://docs.example/rfp"
) -> SourceNote:
    """A numbered source of some facts."""
    ids = tuple(f"E{fact_number:06d}" for fact_number in fact_numbers)
    return SourceNote(number=number, title=title, url=url, date=date(2026, 11, 3), fact_ids=ids)


def report(
    blocks: Sequence[Block] = (),
    facts: Sequence[Fact] = (),
    sources: Sequence[SourceNote] = (),
    *,
    domain: str = "vmock.example",
    title: str = "Intent report: VMock",
) -> Report:
    """A report of the given blocks."""
    return Report(
        domain=domain,
        reply=Reply(
            reply_id="r-1", domain=domain, received_at=datetime(2026, 11, 23, 9, tzinfo=UTC), source="smartlead_webhook"
        ),
        as_of=TODAY,
        outcome="report",
        title=title,
        blocks=tuple(blocks),
        facts=tuple(facts),
        sources=tuple(sources),
    )


def passed(made: Report) -> FactCheckedReport:
    """The report with a passing verdict over its very text."""
    return FactCheckedReport(report=made, verdict=Verdict(outcome="passed", text_hash=text_hash(made)))


def full_report(*, domain: str = "vmock.example", title: str = "Intent report: VMock", extra: str = "") -> Report:
    """A report with every kind of block, as a real one has them; `extra` is one more sentence."""
    facts = [
        fact(1, "Alder Creek Unified School District", "name", record="buyer"),
        fact(2, "21,480", "count", value=21480, record="profile"),
        fact(3, "$2.3 million", "money", value=2_300_000),
        fact(4, "12 December 2026, in 19 days", "date", value="2026-12-12"),
        fact(5, "Career Readiness Platform | Phase II", "title"),
        fact(6, "Maria Okonkwo-Reyes", "name", record="contact"),
        fact(7, "Director of Counseling & College Readiness", "title", record="contact"),
        fact(8, "m.okonkwo@aldercreek.example", "email", record="contact"),
        fact(9, "(555) 010-0142", "phone", record="contact"),
        fact(10, "https://docs.example/rfp/26-014?a=1&b=2", "url"),
        fact(11, "Board minutes: resume tools *pilot* [draft](http://evil.example)", "title"),
        fact(12, "3", "count", value=3, derived_from=("E000003", "E000011")),
        fact(13, "Willow Bend Community College", "name", record="buyer", buyer_id="b-200"),
        fact(14, "14 October 2026", "date", value="2026-10-14"),
        fact(15, "open", "status"),
    ]
    s = slot
    blocks: list[Block] = [
        Callout(
            icon="🏫",
            tone="info",
            lines=(
                text(f"Buyer: {s(1)}, California"),
                text(f"Students: {s(2)}"),
                text(f"Budget on the table: {s(3)}, RFP {s(15)} until {s(4)}"),
                text(f"Talk to: {s(6)}, {s(7)}"),
            ),
        ),
        Heading(level=2, text=text("Why this buyer, why now")),
        paragraph(
            f"{s(1)} asks for a career readiness platform for all of its high schools.",
            f"The RFP {s(5)} is worth {s(3)} and is due {s(4)}.",
            f"Across {s(12)} records the district comes back to resume feedback and interview practice.{extra}",
        ),
        Heading(level=2, text=text("Gameplan")),
        Items(
            ordered=True,
            items=(
                text(f"Write to {s(6)} with the result of one comparable district.", author="claude"),
                text("Offer a pilot in two schools before the winter break.", author="claude"),
                text(f"Answer the RFP before {s(4)}.", author="claude"),
            ),
        ),
        Heading(level=2, text=text("Contacts")),
        Table(
            header=("Name", "Role", "E-mail", "Phone"),
            rows=((text(s(6)), text(s(7)), text(s(8)), text(s(9))),),
        ),
        Heading(level=2, text=text("Signals")),
        Table(
            header=("Signal", "Kind", "Date", "Amount", "State", "Source"),
            rows=(
                (text(s(5)), text("RFP"), text(s(14)), text(s(3)), text(s(15)), text(s(10))),
                (text(s(11)), text("Meeting"), text(s(14)), text("–"), text("past"), text("–")),
            ),
        ),
        Callout(icon="⏳", tone="warning", lines=(text(f"The window closes on {s(4)}."),)),
        Heading(level=2, text=text("Other buyers")),
        Items(items=(text(f"{s(13)}: a smaller programme, same need."),)),
        Toggle(
            summary=text("What was scanned"),
            items=(text("Searches: 4 of 4"), text("Signals found: see the table above")),
        ),
        Callout(icon="✅", tone="good", lines=(text("Every figure in this report is bound to a source."),)),
        Divider(),
        Paragraph(sentences=(text("Data of 23 November 2026."),)),
    ]
    sources = [
        source(
            1,
            3,
            4,
            5,
            10,
            15,
            title="RFP 26-014 Career Readiness Platform | Phase II",
            url="https://docs.example/rfp/26-014",
        ),
        source(2, 11, 14, title="Board meeting, item 7 *pilot*", url="https://docs.example/board/7"),
        source(3, 1, 2, title="Profile of the district", url=None),
        source(4, 6, 7, 8, 9, title="Contact record", url="javascript:alert(1)"),
        source(5, 13, title="Profile of the college", url=None),
    ]
    return report(blocks, facts, sources, domain=domain, title=title)
