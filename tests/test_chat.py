"""The buyer chat: which sentences of its answer may be quoted, and why the others may not."""

import pytest

from intent_assets.chat import question, quotable
from intent_assets.reports import StrategicContext
from tests.assembled import a_report
from tests.builders import FEATURED, a_reply

REPORT, _ = a_report()


def quoted(answer: str) -> tuple[list[str], list[str]]:
    """The sentences that are quoted, and what was found in the others."""
    context = StrategicContext(status="answered", buyer_id=FEATURED, answer=answer)
    kept, left_out = quotable(context, REPORT)
    return list(kept), [finding.quote for finding in left_out]


def test_plain_advice_is_quoted() -> None:
    answer = "## Advice\n\n- **Approach**: show a short pilot to the staff.\n- Ask how they work. Ask how they work."
    assert quoted(answer) == (["Approach: show a short pilot to the staff.", "Ask how they work."], [])


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ("The budget is $5 million.", "a figure"),
        ("It has 5,612 students.", "a figure, though it is the record's: a chat is no source of it"),
        ("They decide in March.", "a date"),
        ("Talk to Orla Venn.", "a name"),
        ("Write to orla@riverhead.example.", "an address"),
        ("See https://evil.example/now.", "a web address"),
        ("The RFP is closed.", "a state"),
        ("Use {{E000001}} here.", "slot syntax"),
    ],
)
def test_what_could_be_taken_for_a_fact_is_not_quoted(sentence: str, reason: str) -> None:
    kept, found = quoted(f"Keep this. {sentence}")
    assert kept == ["Keep this."], reason
    assert found, reason


def test_nothing_is_quoted_of_no_answer() -> None:
    assert quotable(StrategicContext(status="unavailable", error="HTTP 500"), REPORT) == ((), ())


def test_the_question_names_the_product_and_never_the_prospect() -> None:
    asked = question(REPORT)
    assert a_reply().product_description in asked  # type: ignore[operator]  # the builder's reply has one
    assert "Ada Quill" not in asked
