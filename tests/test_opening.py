"""What a report opens with, what it marks as new, what its tier leaves out, and a prospect that is a buyer itself."""

from datetime import UTC, datetime
from typing import Any

import pytest

from intent_assets.grounding import check_report
from intent_assets.records import BuyerIntel, ProspectContext, PublicBody, SelectedBuyers, Tier, ToldSignal
from intent_assets.rendering.markdown import report_markdown, text_hash
from intent_assets.reports import LastReport, NotionPage, Report, Table, last_report
from tests.assembled import a_report
from tests.builders import FEATURED, SECONDARY, a_profile, a_reply, scored_frame, some_signals

LAST = LastReport(published_at=datetime(2026, 11, 3, 18, tzinfo=UTC), signal_ids=("s-contract", "s-old", "s-gone"))


def told(signal_id: str | None, title: str | None = None, buyer: str | None = None, position: int = 1) -> ToldSignal:
    return ToldSignal(position=position, signal_id=signal_id, title=title, buyer_id=buyer, buyer_name=buyer)


def published(**changes: Any) -> tuple[Report, str]:
    """Return a report and its markdown; it passes its own gate."""
    report, facts = a_report(**changes)
    verdict = check_report(report, facts, text_hash(report))
    assert [(each.quote, each.reason) for each in verdict.findings] == []
    assert verdict.outcome == "passed"
    return report, report_markdown(report).replace("**", "")


def first_lines(text: str) -> str:
    return text.split("As of", maxsplit=1)[0]


ANSWERED = [
    (
        told("s-rfp", "Career RFP", FEATURED),
        (
            "The signal that was answered: Career Platform Services (RFP), open, due 12 December 2026, in 19 days",
            "Its buyer Riverhead Central School District is the featured buyer: rank 1 of 3.",
        ),
        "as it is on record, with its buyer's rank",
    ),
    (
        told("s-lake", None, SECONDARY),
        ("Internship Software", "Its buyer Lakeview Community College is one of the other buyers below: rank 2 of 3."),
        "a secondary buyer",
    ),
    (
        told("opp-1", "Career centre RFP", "b-third"),
        (
            "The signal that was answered: Career centre RFP. It is not among the signals found for this report.",
            "Its buyer b-third is among the candidates: rank 3 of 3.",
        ),
        "a candidate without a role",
    ),
    (
        told("opp-1", "Career centre RFP", "b-elsewhere"),
        ("Its buyer b-elsewhere is not among the candidates of this report.",),
        "a buyer that no search found",
    ),
    (
        told("opp-1"),
        ("The signal that was answered is not among the signals found for this report.",),
        "nothing but an id",
    ),
]


@pytest.mark.parametrize(("answered", "lines", "reason"), ANSWERED)
def test_the_report_opens_with_the_signal_that_was_answered(
    answered: ToldSignal, lines: tuple[str, ...], reason: str
) -> None:
    _, text = published(context=ProspectContext(answered=answered))
    for line in lines:
        assert line in first_lines(text), reason


def test_earlier_signals_are_named_in_one_line() -> None:
    earlier = (told("s-contract", "Advising portal", position=1), told(None, "Board meeting on careers", position=2))
    _, text = published(context=ProspectContext(answered=told("s-rfp", buyer=FEATURED, position=3), earlier=earlier))
    assert "Seen before in this campaign: Advising portal; Board meeting on careers" in first_lines(text)


def test_without_a_campaign_the_report_opens_as_ever() -> None:
    _, text = published()
    assert "answered" not in text
    assert "Seen before" not in text


def test_what_the_prospect_has_seen_stands_behind_what_is_new_to_it() -> None:
    def titles(report: Report) -> list[str]:
        table = next(block for block in report.blocks if isinstance(block, Table) and block.header[0] == "Signal")
        facts = {fact.id: fact for fact in report.facts}
        return [facts[row[0].template[2:].partition("}")[0]].record_id or "" for row in table.rows]

    before, _ = published()
    after, text = published(context=ProspectContext(answered=told("s-rfp", buyer=FEATURED)))
    assert titles(before) == ["s-rfp", "s-contract", "s-meeting", "s-old"]
    assert titles(after) == ["s-contract", "s-meeting", "s-rfp", "s-old"]
    assert "open, told in a mail before" in text


def test_signals_that_the_last_report_had_not_are_marked_and_counted() -> None:
    report, text = published(last_report=LAST)
    assert "New signals: 3, since the last report of 3 November 2026" in text
    assert set(report.new_signal_ids) == {"s-rfp", "s-meeting", "s-lake"}
    assert "open, new since 3 November 2026" in text
    assert "expiring within a year, new" not in text
    assert "Internship Software (RFP), open, due 12 December 2026, in 19 days, new since 3 November 2026" in text


def test_in_a_first_report_everything_counts_as_new_and_nothing_is_marked() -> None:
    report, text = published()
    assert set(report.new_signal_ids) == {signal["signal_id"] for signal in some_signals()}
    assert "new since" not in text
    assert "last report" not in text


def test_a_report_that_is_made_again_is_measured_against_the_same_one() -> None:
    when = datetime(2026, 11, 10, tzinfo=UTC)
    page = NotionPage(
        status="updated", text_hash="x", reply_id="r-1", signal_ids=("s-rfp",), published_at=when, before=LAST
    )
    assert last_report(page, a_reply()) == LAST
    assert last_report(page, a_reply(reply_id="r-2")) == LastReport(published_at=when, signal_ids=("s-rfp",))
    assert last_report(NotionPage(status="not_published"), a_reply()) is None
    assert last_report(None, a_reply()) is None


@pytest.mark.parametrize(
    ("tier", "there", "absent"),
    [
        (1, ("Signals",), ("Decision maker", "Contacts", "April Lane")),
        (2, ("Decision maker", "Contacts", "April Lane"), ()),
        (3, ("Decision maker", "Contacts", "Gameplan"), ()),
    ],
)
def test_people_are_shown_from_tier_two_on(tier: Tier, there: tuple[str, ...], absent: tuple[str, ...]) -> None:
    report, facts = a_report(reply=a_reply(tier=tier))
    text = report_markdown(report)
    assert [word for word in there if word not in text] == []
    assert [word for word in absent if f"## {word}" in text or f"| {word}" in text] == []
    assert (report.decision_maker is None) is (tier == 1)
    assert facts


def test_a_public_body_is_told_so_and_no_buyer_is_sold_to_it() -> None:
    body = PublicBody(
        buyer_id="b-own", buyer_name="Riverhead Central School District", buyer_type="SchoolDistrict", state="NY",
        website="https://vmock.example", known_by="web site",
    )  # fmt: skip
    own = BuyerIntel(buyer_id="b-own", buyer_name=body.buyer_name, role="prospect", profile=a_profile(buyer_id="b-own"))
    report, text = published(
        selected=SelectedBuyers(prospect=own),
        scored=scored_frame([]),
        context=ProspectContext(public_body=body),
        sections=(),
    )
    assert report.outcome == "public_body"
    assert (report.featured_buyer_id, report.featured_buyer_name) == (None, "Riverhead Central School District")
    assert "belongs to Riverhead Central School District, a public body (School district, New York)." in text
    assert "Its web site on record stands under this domain." in text
    assert "no other buyer is proposed to it" in text
    assert "5,612" in text
    assert "Lakeview" not in text
    assert "Featured buyer" not in text
