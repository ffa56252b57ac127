"""Rendered reports, edited ones and prose about them, against the ledger."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest

from intent_assets.records import Fact, ProspectContext, PublicBody, SelectedBuyers
from intent_assets.rendered import InvalidLedger, facts_of, verify_rendered
from intent_assets.rendered.labels import HEADINGS, LABELS, WHY
from intent_assets.rendering.markdown import report_markdown
from intent_assets.rendering.notion import blocks, page_title
from intent_assets.rendering.page_text import joined, page_lines
from intent_assets.reports import LastReport
from tests.assembled import a_report
from tests.builders import (
    AS_OF,
    FEATURED,
    a_contact,
    a_ledger,
    a_profile,
    a_reply,
    a_signal,
    selected_buyers,
    signals_frame,
    some_signals,
)

REPORT, LEDGER = a_report()
TEXT = report_markdown(REPORT)


def found(text: str, facts: tuple[Fact, ...] = LEDGER) -> list[tuple[str, str]]:
    """Quote and fault of each finding; its place is checked."""
    findings = verify_rendered(text, facts)
    assert all(text[finding.start : finding.end] == finding.quote for finding in findings)
    assert [finding.start for finding in findings] == sorted(finding.start for finding in findings)
    return [(finding.quote, finding.fault) for finding in findings]


def edited(old: str, new: str, *, text: str = TEXT, times: int = 1) -> str:
    assert old in text, old
    return text.replace(old, new, times)


def reports() -> list[Any]:
    """Reports of many kinds, each with its name."""
    quiet = a_reply(company="Ox & Sons Inc.", prospect_name=None, campaign_name=None, reply_text=None)
    odd = a_contact("c-4", "Zoë O'Neill-Ruiz", title="Director of IT & <b>Data</b>, K-12", phone=None)
    marks = a_signal("s-odd", title="RFP 26-014: *Bold* | [x](http://evil.example) #1", amount=1_234_567.89)
    twin = a_signal("s-twin", due_date=AS_OF + timedelta(days=70), event_date=AS_OF)
    lost = signals_frame([*some_signals(), a_signal("s-nobody", None, title="Fleet Plan", document_url=None)])
    return [
        pytest.param({}, id="the small report"),
        *(pytest.param({"reply": a_reply(tier=tier)}, id=f"tier {tier}") for tier in (1, 3)),
        pytest.param({"reply": quiet}, id="a reply that says little"),
        pytest.param({"selected": selected_buyers(contacts=[]), "sections": ()}, id="nobody to write to"),
        pytest.param(
            {"selected": selected_buyers(contacts=[odd]), "sections": ()}, id="a name with accents, markup in a title"
        ),
        pytest.param({"selected": selected_buyers(profile=a_profile(budget_amount=None, schools=7))}, id="no budget"),
        pytest.param({"discoveries": signals_frame([*some_signals(), marks])}, id="markup in a title"),
        pytest.param({"discoveries": signals_frame([*some_signals(), twin])}, id="two records of one title"),
        pytest.param({"discoveries": lost}, id="a signal that names no buyer"),
        pytest.param(
            {"last_report": LastReport(published_at=a_reply().received_at, signal_ids=("s-rfp",))}, id="a second report"
        ),
    ]


@pytest.mark.parametrize("changes", reports())
def test_a_report_of_ours_has_no_finding(changes: dict[str, Any]) -> None:
    report, facts = a_report(**changes)
    assert found(report_markdown(report), facts) == []


@pytest.mark.parametrize("changes", reports())
def test_the_same_holds_for_its_notion_page(changes: dict[str, Any]) -> None:
    report, facts = a_report(**changes)
    text, places = joined(page_lines(page_title(report), blocks(report)))
    assert len(places) == len(set(places))
    assert found(text, facts) == []


EDITS = [
    ("**Enrolment:** 5,612", "**Enrolment:** 5,621", ["5,621"], "digits swapped behind a label"),
    ("**Enrolment:** 5,612", "**Enrolment:** 804", ["804"], "another figure of the same profile"),
    ("$188 million (2026)", "$188 billion (2026)", ["$188 billion"], "another unit"),
    ("$188 million (2026)", "$188 million (2025)", ["2025"], "another year"),
    ("**Fiscal year starts:** July 1", "**Fiscal year starts:** June 1", ["June 1"], "another day"),
    ("rank 1 of 3", "rank 2 of 3", ["2 of 3"], "another rank"),
    ("signals 1", "signals 2", ["2"], "another count, which is a rank as well"),
    ("It has 5,612 students", "It has 5,613 students", ["5,613"], "a figure in a sentence"),
    ("It has 5,612 students", "It has 804 students", ["804"], "staff for students"),
    ("**Contact:** Ben Okafor,", "**Contact:** Ben Okofar,", ["Ben Okofar"], "a name on the contact's card"),
    ("**Contact:** Ben Okafor, Superintendent of Schools", "**Contact:** Ben Okafor, Director of Technology",
     ["Director of Technology"], "another person's title"),
    ("<ben.okafor@riverhead.example>", "<ben.okafor@riverhead.test>", ["ben.okafor@riverhead.test"], "an address"),
    ("<ben.okafor@riverhead.example>, verified", "<ben.okafor@riverhead.example>, not verified", ["not"], "a mark"),
    ("works there, verified", "works there, not verified", ["not verified"], "the reason for a contact"),
    ("| (631) 555-0199", "| (631) 555-0142", ["(631) 555-0142"], "the switchboard's number for the person's"),
    ("Call April Lane on", "Call Mara Stone on", ["Mara Stone"], "a contact of another buyer"),
    ("Write to April Lane at", "Write to Ben Okafor at", ["Ben Okafor", "april.lane@riverhead.example"],
     "another contact's name beside an address"),
    ("| open  ", "| closed", ["closed"], "a status in a table"),
    ("The open RFP is", "The closed RFP is", ["closed"], "a status in a sentence"),
    ("The open RFP is due 12 December 2026", "The open RFP is due 13 December 2026", ["13 December 2026"], "a date"),
    ("| ends 30 June 2027 ", "| ends 30 June 2028 ", ["30 June 2028"], "a year in a table"),
    ("| ends 30 June 2027 ", "| ends 6 October 2026", ["6 October 2026"], "the date of the row below"),
    ("> **Type:** School district", "> **Type:** State agency", ["State agency"], "a kind of body"),
    ("> **State:** New York", "> **State:** New Jersey", ["New Jersey"], "a state"),
    ("- **Buyers scored:** 3", "- **Buyers scored:** 4", ["4"], "a count off by one"),
    ("700 Osborn Avenue", "701 Osborn Avenue", ["701"], "a house number"),
    ("an RFP that is open", "a bid that is open", ["a bid"], "the reason of a rank"),
    ("### Lakeview Community College", "### Lakewood Community College", ["Lakewood Community College"], "a heading"),
    ("# Intent report: VMock (", "# Intent report: Vmocker (", ["Vmocker"], "the company in the title"),
    ("(vmock.example)", "(vmook.example)", ["vmook.example"], "the domain in the title"),
    ("made for the reply of Ada Quill", "made for the reply of Eda Quill", ["Eda Quill"], "who replied"),
    ("](https://www.riverhead.example) [3]", "](https://evil.example) [3]", ["https://evil.example"], "a link"),
    ("ahead with Career Platform Services. [3] [5]", "ahead with Career Platform Services. [3] [99]", [" [99]"],
     "a footnote that there is not"),
    ("It has 5,612 students. [3]", "It has 5,612 students. [7]", [" [7]"], "a footnote to another source"),
    ("Services”, 3 November 2026", "Services”, 4 November 2026", ["4 November 2026"], "the date of a source"),
    ("contact April Lane, looked", "contact Alma Lane, looked", ["Starbridge contact Alma Lane"], "a source"),
    ("- [14] RFP “Internship Software”, 3 November 2026: <https://lakeview.example>",
     "- [14] RFP “Internship Software”, 3 November 2026: <https://lakeside.example>", ["https://lakeside.example"],
     "the address of a source"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "quotes", "reason"), EDITS, ids=[edit[3] for edit in EDITS])
def test_what_was_edited_is_found_where_it_stands(old: str, new: str, quotes: list[str], reason: str) -> None:
    text = edited(old, new)
    findings = verify_rendered(text, LEDGER)
    assert findings, reason
    at = TEXT.index(old)
    line = range(TEXT.rfind("\n", 0, at), text.find("\n", at + len(new)))
    assert all(finding.start in line for finding in findings), [finding.quote for finding in findings]
    assert [finding.quote for finding in findings] == quotes


def test_a_reason_says_what_the_ledger_has_instead() -> None:
    [finding] = verify_rendered(edited("**Enrolment:** 5,612", "**Enrolment:** 804"), LEDGER)
    assert finding.reason == (
        "the ledger has 5,612 for 'Enrolment' of Riverhead Central School District; "
        "804 is the number of employees of Riverhead Central School District"
    )
    assert finding.section == "Intent report: VMock (vmock.example)"


SPELLINGS = [
    ("12 December 2026, in 19 days", "December 12, 2026", "a date the American way"),
    ("12 December 2026, in 19 days", "12 Dec 2026", "a short month"),
    ("12 December 2026, in 19 days", "2026-12-12", "an ISO date"),
    ("due 12 December 2026, in 19 days", "due on 12/12/2026", "a date in figures"),
    ("due 12 December 2026, in 19 days", "due on December 12th", "a date without its year"),
    ("**Budget:** $188 million", "**Budget:** $187.65 million", "money with more digits"),
    ("**Budget:** $188 million", "**Budget:** $187,654,321", "money in full"),
    ("**Budget:** $188 million", "**Budget:** $188M", "money, short"),
    ("**Enrolment:** 5,612", "**Enrolment:** 5612", "a count without its comma"),
    ("on (631) 555-0199", "on 631-555-0199", "a phone number with hyphens"),
    ("on (631) 555-0199", "on +1 631 555 0199", "a phone number with its country"),
    ("at <april.lane@riverhead.example>", "at April.Lane@Riverhead.example", "an address in other letters"),
    ("Write to April Lane at", "Write to Ms. Lane at", "a last name"),
    ("| April Lane | Director of Technology    |", "|April Lane|Director of Technology|", "a table without its blanks"),
    ("**Enrolment:** 5,612", "Enrolment: 5,612", "a label that is not bold"),
    ("## Gameplan", "## What to do", "another heading"),
    ("> 📣 Call", "> Listen well, then call", "words without a fact"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "reason"), SPELLINGS, ids=[each[2] for each in SPELLINGS])
def test_other_correct_spellings_are_fine(old: str, new: str, reason: str) -> None:
    assert found(edited(old, new)) == [], reason


PROSE = [
    ("Riverhead Central School District has 5,612 students and a budget of $188 million.", []),
    ("Riverhead Central School District has 5,612 students and\na budget of $188 million.", []),
    ("Riverhead Central School District has 5,216 students.", ["5,216"]),
    ("Lakeview Community College has 5,612 students.", ["5,612"]),
    (
        "Career Platform Services of Riverhead is due 12 December 2026. Advising Portal Agreement is at $2.3 million.",
        [],
    ),
    ("Advising Portal Agreement of Riverhead ends 6 October 2026.", ["Advising Portal Agreement", "6 October 2026"]),
    ("Regular Board Meeting was on 6 October 2026, and Advising Portal Agreement ends 30 June 2027.", []),
    ("Mail Mara Stone at m.stone@lakeview.example.", []),
    ("Mail Mara Stone at april.lane@riverhead.example.", None),
    ("The board will spend $9 million on Friday.", ["$9 million", "Friday"]),
]


@pytest.mark.parametrize(("text", "quotes"), PROSE, ids=[text[:50] for text, _ in PROSE])
def test_prose_about_the_report(text: str, quotes: list[str] | None) -> None:
    said = [quote for quote, _ in found(text)]
    assert (said == quotes) if quotes is not None else said


def test_another_records_source_is_found_by_its_date_and_by_its_footnotes() -> None:
    quotes = [quote for quote, _ in found(edited("[5] RFP “Career Platform Services”", "[5] RFP “Copier Lease”"))]
    assert quotes[-1] == "3 November 2026"
    assert set(quotes[:-1]) == {" [5]"}


def test_an_invented_sentence_in_a_report() -> None:
    text = edited("## Gameplan", "The board of Smithtown has put $4 million aside for 2028.\n\n## Gameplan")
    assert {quote for quote, _ in found(text)} >= {"$4 million", "2028"}
    assert any("Smithtown" in quote for quote, _ in found(text))


def test_a_table_of_somebody_else_is_read_row_by_row() -> None:
    header = "| Who | Students | Mail |\n|---|---|---|\n"
    rows = f"{header}| Riverhead Central School District | {{}} | april.lane@riverhead.example |\n"
    assert found(TEXT + "\n" + rows.format("5,612")) == []
    assert [quote for quote, _ in found(TEXT + "\n" + rows.format("6,512"))] == ["6,512"]


def test_of_two_records_of_one_title_the_one_is_meant_that_fits() -> None:
    later = AS_OF + timedelta(days=70)
    twin = a_signal("s-twin", due_date=later)
    _, facts = a_report(discoveries=signals_frame([*some_signals(), twin]))
    assert found("Career Platform Services of Riverhead is open and due 1 February 2027, in 70 days.", facts) == []
    assert found("Career Platform Services of Riverhead is open and due 2 February 2027.", facts) == [
        ("2 February 2027", "typed_date")
    ]


def test_dates_of_two_records_in_one_sentence_belong_to_the_nearest() -> None:
    facts = a_ledger()
    right = "Career Platform Services is due 12 December 2026 and Advising Portal Agreement ends 30 June 2027."
    swapped = "Career Platform Services is due 30 June 2027 and Advising Portal Agreement ends 12 December 2026."
    assert found(right, facts) == []
    assert {"30 June 2027", "12 December 2026"} <= {quote for quote, _ in found(swapped, facts)}


def test_a_report_of_a_public_body() -> None:
    own = selected_buyers().buyers[0].model_copy(update={"role": "prospect"})
    body = PublicBody(buyer_id=FEATURED, buyer_name=own.buyer_name, known_by="web site")
    report, facts = a_report(
        selected=SelectedBuyers(prospect=own), context=ProspectContext(public_body=body), sections=()
    )
    assert report.outcome == "public_body"
    assert found(report_markdown(report), facts) == []


@pytest.mark.parametrize(
    "text",
    ["", "\n\n", "|", "| a |", "||||", "# ", "> ", "- ", "[", "[1]", "- [1] ", "**", "](", "[a](", "<a@b", "\\", "\x00",
     "{{E000000}}", "{{", "\u202eabc", "🏛️", "1.", "As of ", "Why: ", "Contact: ", "Intent report: ", "-" * 500,
     "| " * 99],
)  # fmt: skip
def test_garbage_is_read_without_harm(text: str) -> None:
    for piece in (text, f"{text}\n{text}", f"# Intent report: x\n\n## Signals\n\n{text}"):
        found(piece)


def test_every_cut_of_a_report_can_be_read() -> None:
    for at in range(0, len(TEXT), 211):
        found(TEXT[:at])
        found(TEXT[at:])


def test_a_ledger_without_facts_is_refused() -> None:
    with pytest.raises(ValueError, match="no fact"):
        verify_rendered("text", ())


def test_a_ledger_as_json_is_known_and_read() -> None:
    rows = json.loads(json.dumps([fact.model_dump(mode="json") for fact in LEDGER]))
    assert facts_of(rows) == LEDGER
    for other in ([], {}, [1], {"a": 1}, [{"id": "E000001"}], "text", None):
        assert facts_of(other) is None


def test_a_ledger_with_a_damaged_row_is_refused_with_its_number() -> None:
    rows = [fact.model_dump(mode="json") for fact in LEDGER[:3]]
    rows[1]["kind"] = "guess"
    with pytest.raises(InvalidLedger, match=r"fact 2 of the ledger: kind"):
        facts_of(rows)


def test_every_label_and_heading_of_a_report_is_known() -> None:
    """What code adds to a report has to be added to `rendered_labels`, or an edit of it goes unseen."""
    report, _ = a_report(reply=a_reply(tier=3))
    text = report_markdown(report)
    labels = set(re.findall(r"\*\*([^*:]+):\*\*", text)) - {WHY.strip(" :")}
    assert labels <= LABELS.keys()
    assert set(re.findall(r"^## (.+)$", text, re.MULTILINE)) <= HEADINGS
