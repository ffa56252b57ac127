"""The assembled report: what stands where, what is left out, and that it passes its own gate."""

import pytest

from intent_assets.grounding import AllowedNames, check_report, check_text, texts_of
from intent_assets.prompts import gameplan
from intent_assets.records import SelectedBuyers
from intent_assets.rendering.markdown import report_markdown, text_hash
from intent_assets.reports import Callout, Heading, Items, Paragraph, Report, Table, Text
from intent_assets.slots import slots
from tests.assembled import a_report, some_sections
from tests.builders import (
    AS_OF,
    FEATURED,
    a_contact,
    a_reply,
    a_section,
    selected_buyers,
    slot_of,
    the_fact,
)


def headings(report: Report) -> list[str]:
    facts = {fact.id: fact.display for fact in report.facts}
    named = [block.text.template for block in report.blocks if isinstance(block, Heading)]
    return [facts[slots(name)[0]] if slots(name) else name for name in named]


def test_the_report_has_its_parts_in_order() -> None:
    report, _ = a_report()
    assert report.title == "Intent report: VMock (vmock.example)"
    assert headings(report) == [
        "Executive summary",
        "Why this buyer",
        "Why now",
        "Buyer profile",
        "Decision maker",
        "Contacts",
        "Signals",
        "Gameplan",
        "Other buyers",
        "Lakeview Community College",
        "Next step",
        "What was scanned",
    ]


def test_the_report_passes_its_own_gate() -> None:
    report, facts = a_report()
    verdict = check_report(report, facts, text_hash(report))
    assert [(each.quote, each.fault) for each in verdict.findings] == []
    assert (verdict.outcome, verdict.claims, verdict.supported) == ("passed", 8, 8)
    assert verdict.text_hash == text_hash(report)


STEPS = [
    (("Good fit", "Highly relevant"), "sentences without a full stop"),
    (("Ask about {title}", "Students are who it is for"), "a slot at the end, then a word that would go with it"),
    (("Ask about {title}", "{person} is worth a call"), "slots that would stand side by side"),
    (("Read part b.", "Contact the superintendent."), "what could be an initial at the end"),
    (("Answer the RFP.", "Contact the superintendent."), "a term at the end"),
]


@pytest.mark.parametrize(("sentences", "reason"), STEPS)
def test_sentences_that_pass_alone_pass_together_in_a_step(sentences: tuple[str, str], reason: str) -> None:
    _, facts = a_report()
    put = {"title": slot_of(facts, "title", "s-rfp"), "person": slot_of(facts, "name", "c-1")}
    step = {"about": "prepare", "sentences": [sentence.format(**put) for sentence in sentences]}
    written = [*gameplan.Gameplan(relevancy=[], pitch_angle=[], steps=[gameplan.Step.model_validate(step)]).texts()]
    allowed = AllowedNames.of(a_reply(), facts)
    for sentence in written:
        alone = Text(template=sentence, author="claude", buyer_id=FEATURED)
        assert not check_text(alone, {fact.id: fact for fact in facts}, allowed, AS_OF)
    others = [section for section in some_sections(facts) if section.name != "gameplan"]
    together = a_section("gameplan", *((sentence, "Prepare") for sentence in written))
    report, facts = a_report(sections=(*others, together))
    verdict = check_report(report, facts, text_hash(report))
    assert [(each.quote, each.reason) for each in verdict.findings] == [], reason


LINES = [
    ("**Featured buyer:** Riverhead Central School District", "the snapshot"),
    ("**Budget:** $188 million (2026)", "the budget with its year"),
    ("**Score:** 0.721, rank 1 of 3", "how it was scored"),
    ("1. Prepare: Read [rfp-career.pdf]", "the gameplan's steps are numbered"),
    ("2. Reach the right person: Write to April Lane at", "the sentences of a step stand together"),
    ("due 12 December 2026, in 19 days", "the deadline in the table"),
    ("ends 30 June 2027", "a contract's end in the table"),
    ("**Complete searches:** 4 of 4", "what was scanned"),
    ("**Missing:** Lakeview Community College: profile could not be fetched", "what is missing"),
    (
        "RFP “Career Platform Services”, 3 November 2026: <https://www.riverhead.example/docs/rfp-career.pdf>",
        "a source",
    ),
]


@pytest.mark.parametrize(("line", "reason"), LINES)
def test_a_reader_finds_it(line: str, reason: str) -> None:
    assert line in report_markdown(a_report()[0]), reason


def test_signals_that_can_be_acted_on_come_first() -> None:
    report, facts = a_report(signals_shown=3)
    (table,) = [block for block in report.blocks if isinstance(block, Table) and block.header[0] == "Signal"]
    shown = [slots(row[0].template)[0] for row in table.rows]
    assert shown == [the_fact(facts, "title", each).id for each in ("s-rfp", "s-contract", "s-meeting")]


def test_the_decision_maker_is_the_first_who_can_be_asked() -> None:
    report, _ = a_report()
    assert report.decision_maker is not None
    assert report.decision_maker.contact_id == "c-2"


def test_without_anybody_suitable_the_report_says_so() -> None:
    people = (a_contact("c-1", "April Lane", works_at_buyer=False),)
    report, facts = a_report(selected=selected_buyers(people), sections=())
    assert report.decision_maker is None
    assert "No suitable contact is known, since everybody on record has left." in report_markdown(report)
    assert "Contacts" not in headings(report)
    assert facts


def test_what_was_not_written_is_left_out() -> None:
    report, facts = a_report(sections=())
    assert "Executive summary" not in headings(report)
    assert "Gameplan" not in headings(report)
    assert "Signals" in headings(report)
    verdict = check_report(report, facts, text_hash(report))
    assert verdict.outcome == "held"
    assert {finding.fault for finding in verdict.findings} == {"missing_core"}


def test_without_a_featured_buyer_there_is_no_report() -> None:
    report, facts = a_report(selected=SelectedBuyers(), sections=())
    assert (report.outcome, report.blocks) == ("empty", ())
    assert "No buyer with a signal was found" in report.summary
    assert check_report(report, facts, text_hash(report)).outcome == "empty"


def test_sources_are_numbered_by_first_use_and_each_stands_once() -> None:
    report, facts = a_report()
    assert [source.number for source in report.sources] == list(range(1, len(report.sources) + 1))
    assert len({(each.title, each.url, each.date) for each in report.sources}) == len(report.sources)
    listed = [fact_id for source in report.sources for fact_id in source.fact_ids]
    assert len(listed) == len(set(listed))
    used = {fact_id for text in texts_of(report) for fact_id in slots(text.template)}
    assert {fact.id for fact in report.facts} == used
    assert report.ledger_size == len(facts) > len(report.facts)


def test_without_a_company_the_title_is_the_domain() -> None:
    assert a_report(reply=a_reply(company=None))[0].title == "Intent report: vmock.example"


def test_a_companys_name_can_hold_what_it_likes() -> None:
    report, facts = a_report(reply=a_reply(company="3M & Co. 24/7 {{E123456}}"))
    assert slots(report.title) == []
    assert check_report(report, facts, text_hash(report)).outcome == "passed"


TAMPERED: list[tuple[str, str]] = [
    ("It has 7 RFPs.", "a sentence with a figure"),
    ("Ask Jane Doe about it.", "a sentence with a name"),
    ("It asks for {{E000000000}}.", "a sentence with an unknown slot"),
]


@pytest.mark.parametrize(("sentence", "reason"), TAMPERED)
@pytest.mark.parametrize("where", ["paragraph", "callout", "items", "table", "summary"])
def test_a_fault_anywhere_holds_the_report(sentence: str, reason: str, where: str) -> None:
    report, facts = a_report()
    text = Text(template=sentence, author="claude", section="featured_section", buyer_id=FEATURED)
    blocks = {
        "paragraph": Paragraph(sentences=(text,)),
        "callout": Callout(icon="👤", lines=(text,)),
        "items": Items(items=(text,)),
        "table": Table(header=("Signal",), rows=((text,),)),
    }
    if where == "summary":
        if "Jane" in sentence:
            return  # the summary is code's; names are its own vocabulary
        changed = report.model_copy(update={"summary": sentence})
    else:
        changed = report.model_copy(update={"blocks": (*report.blocks, blocks[where])})
    assert check_report(changed, facts, "hash").outcome == "held", reason


def test_facts_that_are_not_the_ledgers_hold_the_report() -> None:
    report, facts = a_report()
    changed = report.facts[0].model_copy(update={"display": "something else"})
    forged = report.model_copy(update={"facts": (changed, *report.facts[1:])})
    verdict = check_report(forged, facts, "hash")
    assert {finding.fault for finding in verdict.findings} == {"altered_fact"}


def test_sources_that_are_not_their_facts_hold_the_report() -> None:
    report, facts = a_report()
    moved = report.sources[0].model_copy(update={"url": "https://elsewhere.example"})
    forged = report.model_copy(update={"sources": (moved, *report.sources[1:])})
    assert check_report(forged, facts, "hash").outcome == "held"


def test_what_the_sections_cost_is_in_the_report() -> None:
    report, _ = a_report()
    assert report.usage == ()
    assert (report.signals_scanned, report.buyers_scored) == (5, 3)
    assert set(report.signal_ids) == {"s-rfp", "s-contract", "s-meeting", "s-old", "s-lake"}
