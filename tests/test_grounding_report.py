"""What stands in a report besides sentences: labels, tables, cards, the decision maker."""

from collections.abc import Callable
from typing import Any

import pytest

from intent_assets.grounding import check_report
from intent_assets.records import Fact
from intent_assets.reports import Block, Callout, Heading, Items, Report, Table, Text
from tests.assembled import a_report
from tests.builders import FEATURED, SECONDARY, slot_of

Change = Callable[[Report, tuple[Fact, ...]], Report]


def faults_of(report: Report, facts: tuple[Fact, ...]) -> set[str]:
    """Return the faults of a report."""
    return {finding.fault for finding in check_report(report, facts, "hash").findings}


def test_the_report_as_code_assembles_it_passes() -> None:
    report, facts = a_report()
    assert check_report(report, facts, "hash").outcome == "passed"


def _with_blocks(report: Report, change: Callable[[Block], Block]) -> Report:
    return report.model_copy(update={"blocks": tuple(change(block) for block in report.blocks)})


def _cell(column: str, other: Callable[[tuple[Fact, ...]], str]) -> Change:
    """Put another slot into a cell of the first row of the table with this column."""

    def change(report: Report, facts: tuple[Fact, ...]) -> Report:
        def of_block(block: Block) -> Block:
            if not isinstance(block, Table) or column not in block.header:
                return block
            at = block.header.index(column)
            cell = block.rows[0][at].model_copy(update={"template": other(facts)})
            row = (*block.rows[0][:at], cell, *block.rows[0][at + 1 :])
            return block.model_copy(update={"rows": (row, *block.rows[1:])})

        return _with_blocks(report, of_block)

    return change


def _line(label: str, other: Callable[[tuple[Fact, ...]], str]) -> Change:
    """Put another slot behind a label of code."""

    def change(report: Report, facts: tuple[Fact, ...]) -> Report:
        def swapped(text: Text) -> Text:
            found = text.author == "code" and text.template.startswith(f"{label}: ")
            return text.model_copy(update={"template": f"{label}: {other(facts)}"}) if found else text

        def of_block(block: Block) -> Block:
            if isinstance(block, Callout):
                return block.model_copy(update={"lines": tuple(map(swapped, block.lines))})
            if isinstance(block, Items):
                return block.model_copy(update={"items": tuple(map(swapped, block.items))})
            return block

        return _with_blocks(report, of_block)

    return change


def _card_of_another(report: Report, facts: tuple[Fact, ...]) -> Report:
    name = slot_of(facts, "name", SECONDARY)
    other = slot_of(facts, "name", FEATURED)

    def of_block(block: Block) -> Block:
        if isinstance(block, Heading) and block.text.template == name:
            text = block.text.model_copy(update={"template": other, "buyer_id": FEATURED})
            return block.model_copy(update={"text": text})
        return block

    return _with_blocks(report, of_block)


def _person(**changes: Any) -> Change:
    def change(report: Report, _facts: tuple[Fact, ...]) -> Report:
        assert report.decision_maker is not None
        return report.model_copy(update={"decision_maker": report.decision_maker.model_copy(update=changes)})

    return change


WRONG: list[tuple[Change, str, str]] = [
    (_cell("E-mail", lambda facts: slot_of(facts, "email", "c-3")), "wrong_role", "another person's address in a row"),
    (_cell("Phone", lambda facts: slot_of(facts, "main_phone")), "wrong_role", "the main number in a person's row"),
    (_cell("Date", lambda facts: slot_of(facts, "until_date", "s-contract")), "wrong_role", "another record's day"),
    (_cell("Amount", lambda facts: slot_of(facts, "budget")), "wrong_role", "the budget in a record's row"),
    (_line("Enrolment", lambda facts: slot_of(facts, "employees_fte")), "wrong_role", "staff under enrolment"),
    (_line("Budget", lambda facts: slot_of(facts, "amount", "s-contract")), "wrong_role", "an amount under budget"),
    (_line("E-mail", lambda facts: slot_of(facts, "email", "c-3")), "wrong_role", "another person's address on a card"),
    (_line("Signals found", lambda facts: slot_of(facts, "buyers_scored")), "wrong_role", "buyers under signals"),
    (_card_of_another, "wrong_role", "a card under the name of another buyer"),
    (_person(name="Harriet Ellison"), "altered_fact", "a decision maker whom the ledger does not know by this name"),
    (_person(email="x@riverhead.example"), "altered_fact", "another address of the decision maker"),
    (_person(contact_id="c-0"), "unknown_name", "a decision maker whom the ledger does not know"),
]


@pytest.mark.parametrize(("change", "fault", "reason"), WRONG)
def test_what_code_shows_is_held_against_the_ledger(change: Change, fault: str, reason: str) -> None:
    report, facts = a_report()
    changed = change(report, facts)
    assert changed != report, "the change has to be one"
    assert fault in faults_of(changed, facts), reason
