"""Every claim has a footnote to its source: with a title, a date, and a link to the document where there is one."""

from datetime import date

import pytest

from intent_assets.assembly_sources import source_notes
from intent_assets.rendering.markdown import report_markdown
from intent_assets.rendering.notion import addendum_blocks, plain_lines
from intent_assets.rendering.text import footnote_numbers
from intent_assets.reports import Callout, Heading, Items, Paragraph, Report, SourceNote, Table, Text
from intent_assets.slots import slots
from tests.assembled import a_report
from tests.builders import AS_OF, FEATURED, a_ledger, a_reply, a_signal, signals_frame, some_signals, the_fact
from tests.rendering.reports import fact, report, slot, source, text

DOCUMENT = "https://www.riverhead.example/docs/rfp-career.pdf"
SITE = "https://www.riverhead.example"


def note_of(made: Report, title: str) -> SourceNote:
    [found] = [note for note in made.sources if title in note.title]
    return found


def units(made: Report) -> list[list[Text]]:
    """What has footnotes of its own: sentences, lines, items, rows."""
    found: list[list[Text]] = []
    for block in made.blocks:
        if isinstance(block, Paragraph):
            found += [[sentence] for sentence in block.sentences]
        elif isinstance(block, Callout):
            found += [[line] for line in block.lines]
        elif isinstance(block, Items):
            found += [[item] for item in block.items]
        elif isinstance(block, Table):
            found += [list(row) for row in block.rows]
    return found


@pytest.mark.parametrize("tier", [1, 2, 3])
def test_whatever_holds_a_fact_has_a_footnote_of_the_sources_of_all_its_facts(tier: int) -> None:
    made, facts = a_report(reply=a_reply(tier=tier))
    titles = {each.id: each.source_title for each in facts}
    notes = {note.number: note.title for note in made.sources}
    for unit in units(made):
        ids = [fact_id for each in unit for fact_id in slots(each.template)]
        told = {notes[number] for number in footnote_numbers(unit, made)}
        assert {titles[fact_id] for fact_id in ids} <= told, unit


def test_whatever_code_says_of_a_buyer_holds_a_fact() -> None:
    made, _ = a_report()
    bare = [
        each.template for unit in units(made) for each in unit if each.author == "code" and not slots(each.template)
    ]
    assert set(bare) <= {"–"}


def test_every_source_has_a_date_and_says_what_the_date_is() -> None:
    undated = a_signal("s-undated", title="Portal Plan", event_date=None)
    made, _ = a_report(discoveries=signals_frame([*some_signals(), undated]))
    assert all(note.date for note in made.sources)
    assert (note_of(made, "Career Platform").date, note_of(made, "Career Platform").looked_up) == (
        date(2026, 11, 3),
        False,
    )
    assert (note_of(made, "The prospect's reply").date, note_of(made, "reply").looked_up) == (date(2026, 11, 22), False)
    for title in ("Portal Plan", "profile of Riverhead", "searches of this report", "contact April Lane"):
        assert (note_of(made, title).date, note_of(made, title).looked_up) == (AS_OF, True), title
    shown = report_markdown(made)
    assert f"Career Platform Services”, 3 November 2026: <{DOCUMENT}>" in shown
    assert f"profile of Riverhead Central School District, looked up 23 November 2026: <{SITE}>" in shown


@pytest.mark.parametrize(
    ("document", "link", "reason"),
    [
        (DOCUMENT, DOCUMENT, "the document, not the portal"),
        (None, SITE, "the buyer's site where there is no document"),
        ("javascript:alert(1)", SITE, "an address that can't be followed is none"),
    ],
)
def test_the_link_is_that_of_the_document(document: str | None, link: str, reason: str) -> None:
    signals = [{**each, "document_url": document} if each["signal_id"] == "s-rfp" else each for each in some_signals()]
    made, _ = a_report(discoveries=signals_frame(signals), sections=())
    assert note_of(made, "Career Platform").url == link, reason


def test_a_computed_fact_has_the_sources_that_it_rests_on() -> None:
    facts = a_ledger()
    share = the_fact(facts, "open_rfps_share", None, FEATURED)
    notes = source_notes((share,), facts, a_reply())
    assert [note.title for note in notes] == [
        "Starbridge records of Riverhead Central School District",
        "RFP “Career Platform Services”",
    ]
    made = a_report()[0].model_copy(update={"facts": (share,), "sources": notes})
    assert footnote_numbers([Text(template=f"{{{{{share.id}}}}} RFPs are open.")], made) == [1, 2]


def test_what_rests_on_many_records_has_its_own_source_alone() -> None:
    many = tuple(f"E00000{number}" for number in range(1, 6))
    score = fact(9, "0.982", "score", derived_from=many).model_copy(update={"source_title": "Buyer score"})
    bases = [fact(number, "open").model_copy(update={"source_title": f"RFP {number}"}) for number in range(1, 6)]
    assert [note.title for note in source_notes((score,), (score, *bases), a_reply())] == ["Buyer score"]


def test_a_computed_fact_without_a_source_of_its_own_has_those_of_its_bases() -> None:
    share = fact(3, "1 of 2", "count", derived_from=("E000001", "E000002"))
    made = report([], [share], [source(1, 1), source(2, 2, title="Another")])
    assert footnote_numbers([text(f"{slot(3)} are open.")], made) == [1, 2]


def test_facts_that_rest_on_each_other_in_a_circle_end() -> None:
    first, second = fact(1, "1", derived_from=("E000002",)), fact(2, "2", derived_from=("E000001",))
    sourced = [each.model_copy(update={"source_title": "S"}) for each in (first, second)]
    [note] = source_notes(sourced, sourced, a_reply())
    assert note.fact_ids == ("E000001", "E000002")


def test_the_buyer_chat_is_quoted_under_a_label_and_is_no_source() -> None:
    lines = plain_lines(addendum_blocks(["They plan a pilot."]))
    assert lines[1:] == ["heading_2: From the buyer chat (a model's words, not a record)", "quote: They plan a pilot."]
    made, facts = a_report()
    assert all(each.trust != "model" for each in facts)
    assert not any("chat" in note.title.lower() for note in made.sources)


def test_a_heading_has_no_footnote_and_what_stands_below_it_has() -> None:
    made, _ = a_report()
    shown = report_markdown(made).splitlines()
    headings = [block for block in made.blocks if isinstance(block, Heading)]
    assert headings
    assert not any(line.startswith("#") and line.endswith("]") for line in shown)
