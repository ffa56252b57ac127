"""Templates to pieces of text."""

import pytest

from intent_assets.rendering.text import Run, UnknownSlot, bind, clean, plain, runs, safe_link, slots
from tests.rendering.reports import fact, report, slot, source, text


def test_slots_come_in_order_with_repeats() -> None:
    assert slots(f"{slot(2)} and {slot(1)} and {slot(2)}") == ["E000002", "E000001", "E000002"]


@pytest.mark.parametrize(
    ("template", "reason"),
    [
        ("no slot at all", "plain prose"),
        ("{{E12}}", "fewer than six digits is no slot"),
        ("{E000001}", "one brace is no slot"),
        ("{{X000001}}", "another letter is no slot"),
        ("{{ E000001 }}", "spaces are no part of a slot"),
    ],
)
def test_what_is_no_slot_stays(template: str, reason: str) -> None:
    assert slots(template) == [], reason
    assert bind(template, {}) == template, reason


def test_bind_puts_the_display_text_in_once() -> None:
    facts = {f.id: f for f in (fact(1, f"see {slot(2)}"), fact(2, "secret"))}
    assert bind(f"A {slot(1)}.", facts) == f"A see {slot(2)}."


@pytest.mark.parametrize(
    ("display", "behind", "shown"),
    [
        ("Students wait two weeks.", ".", "It says: Students wait two weeks."),
        ("Who waits?", ". Ask.", "It says: Who waits? Ask."),
        ("Cut short…", ".", "It says: Cut short…"),
        ("a wait", ".", "It says: a wait."),
        ("They wait.", "...", "It says: They wait...."),
        ("They wait.", ", they say.", "It says: They wait., they say."),
    ],
)
def test_a_sentence_ends_with_one_full_stop(display: str, behind: str, shown: str) -> None:
    made, template = report(facts=[fact(1, display, "quote")], sources=[]), f"It says: {slot(1)}{behind}"
    assert bind(template, {each.id: each for each in made.facts}) == shown
    assert plain(runs(text(template), made)) == shown


def test_an_unknown_slot_is_named() -> None:
    with pytest.raises(UnknownSlot, match="E000009") as raised:
        bind(slot(9), {})
    assert raised.value.fact_id == "E000009"


def test_runs_link_addresses_and_end_with_footnotes() -> None:
    made = report(
        facts=[
            fact(1, "a.b@c.example", "email"),
            fact(2, "the RFP", "url", value="https://docs.example/1"),
            fact(3, "3", "count", value=3, derived_from=("E000001", "E000002")),
        ],
        sources=[source(7, 1, url=None), source(2, 2)],
    )
    pieces = runs(text(f"Write to {slot(1)} about {slot(2)}, {slot(3)} times."), made)
    assert pieces == [
        Run("Write to "),
        Run("a.b@c.example", link="mailto:a.b@c.example"),
        Run(" about "),
        Run("the RFP", link="https://docs.example/1"),
        Run(", 3 times."),
        Run("[2]", link="https://docs.example/rfp", footnote=2),
        Run("[7]", footnote=7),
    ]
    assert plain(pieces) == "Write to a.b@c.example about the RFP, 3 times. [2] [7]"


def test_a_computed_fact_without_a_source_has_those_it_rests_on() -> None:
    made = report(facts=[fact(3, "3", derived_from=("E000001", "E000002"))], sources=[source(1, 1), source(4, 2)])
    assert [run.footnote for run in runs(text(slot(3)), made)] == [None, 1, 4]


def test_only_our_own_labels_are_bold() -> None:
    made = report()
    assert runs(text("Budget: much"), made, label=True)[0] == Run("Budget:", bold=True)
    assert runs(text("Budget: much", author="claude"), made, label=True) == [Run("Budget: much")]


@pytest.mark.parametrize(
    ("target", "kept", "reason"),
    [
        ("https://a.example/x?y=1#z", True, "a common address"),
        ("http://a.example", True, "without TLS"),
        ("mailto:a@b.example", True, "an e-mail address"),
        ("javascript:alert(1)", False, "runs in the reader's browser"),
        ("data:text/html,x", False, "holds a document of its own"),
        ("//a.example", False, "no scheme"),
        ("https://", False, "no host"),
        ("https://a.example:99999/", False, "no such port"),
        ("https://a.example/a b", False, "a space"),
        ("https://a.example/\nx", False, "a line break"),
        ("mailto:a@b.example?bcc=c@d.example", False, "sends to somebody else as well"),
        ("mailto:nobody", False, "no address"),
        ("https://a.example/" + "x" * 1982, True, "exactly 2,000 characters"),
        ("https://a.example/" + "x" * 1983, False, "2,001 characters"),
        (None, False, "no address at all"),
    ],
)
def test_safe_link(target: str | None, kept: bool, reason: str) -> None:
    assert (safe_link(target) is not None) == kept, reason


def test_clean_keeps_to_one_line_of_readable_characters() -> None:
    assert clean("a\n\tb\x00c \u202egnp.exe \ud83d d") == "a b c gnp.exe \ufffd d"
