"""The words beside a fact: plain ones pass, what no licence knows is a fault that names a plain wording."""

import re

import pytest

from intent_assets.grounding.licences import LICENCES, usual_wordings
from intent_assets.prompts.rules import RULES
from tests.builders import FEATURED, slot_of
from tests.grounded import check, facts, faults

_RECORDS = {
    "due_date": "s-rfp", "deadline": "s-rfp", "days_to_due": "s-rfp", "until_date": "s-contract",
    "days_left": "s-contract", "amount": "s-contract", "event_date": "s-meeting", "vendor": "po-1",
}  # fmt: skip
"""The record of the test ledger in which a field is told; `s-rfp` where it does not matter."""
_SORTS = {
    "quote": "summary",
    "document": "document_url",
    "person": "name c-1",
    "job": "title c-1",
    "mark": "email_verified c-1",
    "email": "email c-1",
    "phone": "phone c-1",
    "prospect": "prospect_name",
    "said": "reply_text",
    "campaign": "campaign_name",
    "year": "budget_year",
}


def bound(wording: str) -> str | None:
    """Put facts of the test ledger into a wording, None where it has no such fact."""
    fields = [each.replace(" ", "_") for each in re.findall(r"<([\w ]+)>", wording)]
    record = next((_RECORDS[each] for each in fields if each in _RECORDS), "s-rfp")
    person = {"person", "job", "email", "phone", "mark"} & set(fields)
    known = tuple(facts().values())

    def put(found: re.Match[str]) -> str:
        name = found[1].replace(" ", "_")
        if person and name in {"name", "title"}:
            return slot_of(known, name, "c-1", None)
        field, _, other = _SORTS.get(name, name).partition(" ")
        of_record = field in {"title", "summary", "status", "kind", "document_url", *_RECORDS}
        own = other or (record if of_record else "")
        return slot_of(known, field, own or None, None if own else FEATURED)

    try:
        return re.sub(r"<([\w ]+)>", put, wording)
    except AssertionError:
        return None


def test_every_wording_that_claude_is_told_passes_the_gate() -> None:
    told = {wording: bound(wording) for wording in usual_wordings()}
    texts = {wording: text for wording, text in told.items() if text is not None}
    assert len(texts) >= 20, [wording for wording in told if wording not in texts]
    objected = {wording: found for wording, text in texts.items() if (found := check(f"{text}."))}
    assert objected == {}
    assert all(wording in RULES for wording in told)


FALSE = [
    ("<title s-contract> is good for the next board.", "no licence knows what it is good for"),
    ("<name b-riverhead> keeps its budget to itself.", "an idiom of plain words"),
    ("<title s-rfp> hit the street on <due_date s-rfp>.", "a date in another role"),
    ("<title s-contract> freed up <amount s-contract>.", "money in another role"),
    ("<vendor po-1> walked away from <title po-1>.", "a negation without a no"),
    ("<title s-rfp> is far and away <status s-rfp>.", "a status that is turned"),
    ("<name c-1> is the face of <title c-1>.", "a person and a job title"),
    ("<enrollment> students dream of it.", "what people do"),
]


@pytest.mark.parametrize(("template", "reason"), FALSE, ids=[reason for _, reason in FALSE])
def test_words_that_no_licence_knows_are_a_fault_that_names_plain_ones(template: str, reason: str) -> None:
    findings = check(template)
    assert any("can't be seen to say" in each.reason and "such as" in each.reason for each in findings), reason


FREE = [
    ("Ask <name c-1> what went wrong with <title s-rfp>.", "a question to ask"),
    ("If <title s-rfp> slipped their mind, write again.", "a condition"),
    ("<name b-riverhead> might like another view of <title s-rfp>.", "a guess that says so"),
    ("Show how VMock would take the sting out of <title s-rfp>.", "an order"),
]


@pytest.mark.parametrize(("template", "reason"), FREE, ids=[reason for _, reason in FREE])
def test_what_asserts_nothing_is_free(template: str, reason: str) -> None:
    assert check(template) == (), reason


UNRELATED = [
    "<title s-contract> is with VMock.",
    "VMock is on <title s-contract>.",
    "VMock handles <title s-contract>.",
    "<title s-meeting> has a budget of <budget>.",
    "<title s-meeting> runs on <lms>.",
]


@pytest.mark.parametrize("template", UNRELATED)
def test_what_no_record_joins_is_not_joined_by_words_that_say_nothing(template: str) -> None:
    assert "wrong_role" in faults(template)


def test_no_licence_lets_a_word_of_state_through_that_no_check_holds_against_the_record() -> None:
    for words in (
        "open",
        "still open",
        "out for bids",
        "upcoming",
        "expiring",
        "running",
        "in force",
        "in place",
        "active",
        "pending",
    ):
        assert faults(f"<title s-old> is {words}."), words
    for words in ("closed", "expired", "over", "past"):
        assert faults(f"<title s-rfp> is {words}."), words


def test_every_licence_has_words_that_can_be_read_as_patterns() -> None:
    assert all(any(licence.patterns) for licence in LICENCES.values())
