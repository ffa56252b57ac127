"""A report as markdown, and the hash of what was checked."""

import hashlib
from typing import Any

import pytest

from intent_assets.rendering.markdown import escaped, report_markdown, text_hash
from intent_assets.reports import Heading, Items, Paragraph, Table
from tests.rendering.reports import fact, full_report, report, slot, source, text


def test_a_whole_report() -> None:
    shown = report_markdown(full_report())
    for line in (
        "# Intent report: VMock",
        "> 🏫 **Buyer:** Alder Creek Unified School District, California [3]  ",
        "## Why this buyer, why now",
        "1. Write to Maria Okonkwo-Reyes with the result of one comparable district. [4]",
        "- [1] RFP 26-014 Career Readiness Platform \\| Phase II, 3 November 2026: <https://docs.example/rfp/26-014>",
        "- [4] Contact record, 3 November 2026: javascript:alert(1)",
    ):
        assert line in shown.splitlines(), line
    assert "<m.okonkwo@aldercreek.example>" in shown
    assert "{{" not in shown


@pytest.mark.parametrize(
    ("source_text", "shown", "reason"),
    [
        ("**x** [a](http://evil)", r"\*\*x\*\* \[a\](http\://evil)", "bold, link and bare address"),
        ("{{E1}}", "{{E1}}", "slot syntax means nothing in markdown"),
        ("<img src=x onerror=y>", r"\<img src=x onerror=y>", "HTML"),
        ("# loud", r"\# loud", "a heading at the start of a line"),
        ("> said", r"\> said", "a quote at the start of a line"),
        ("1. first", r"1\. first", "a list at the start of a line"),
        ("- a", r"\- a", "a list at the start of a line"),
        ("---", r"\---", "a rule, or the line under a heading"),
        ("a - b, 1.5 # 2", "a - b, 1.5 # 2", "the same inside a line"),
        ("`code` ~~gone~~ _soft_ __loud__", r"\`code\` \~\~gone\~\~ \_soft\_ \_\_loud\_\_", "other styles"),
        ("snake_case_name", "snake_case_name", "underscores inside a word"),
        ("&lt; AT&T", r"\&lt; AT&T", "an entity, and an ampersand that is none"),
        ("a | b \\", r"a \| b \\", "a table's wall and a backslash"),
        ("$2.3 million of $4", "$2.3 million of $4", "money is no formula"),
        ("$x$", r"\$x\$", "a formula"),
        ("www.evil.example", r"www\.evil.example", "a bare address without scheme"),
        ("two\nlines\r\n# x", "two lines # x", "no new line, so no new block"),
    ],
)
def test_source_text_is_shown_as_it_is(source_text: str, shown: str, reason: str) -> None:
    assert escaped(source_text) == shown, reason
    made = report([Paragraph(sentences=(text(slot(1)),))], [fact(1, source_text)])
    assert report_markdown(made) == f"# Intent report: VMock\n\n{shown}\n", reason


def test_slot_syntax_in_a_source_text_is_not_bound_again() -> None:
    made = report([Paragraph(sentences=(text(f"A {slot(1)}"),))], [fact(1, slot(2)), fact(2, "secret")])
    assert "secret" not in report_markdown(made)


def test_a_link_target_can_not_leave_its_brackets() -> None:
    made = report([Items(items=(text(slot(1)),))], [fact(1, "the page", "url", value="https://a.example/x)(y|z<w>`q`")])
    assert "[the page](https://a.example/x%29%28y%7Cz%3Cw%3E%60q%60)" in report_markdown(made)


def test_a_table_row_has_its_footnotes_once_and_every_row_all_cells() -> None:
    made = report(
        [Table(header=("A", "B"), rows=((text(slot(1)), text(slot(2))), (text("short"),)))],
        [fact(1, "x|y"), fact(2, "z")],
        [source(1, 1, 2)],
    )
    assert report_markdown(made).split("\n\n")[1] == "\n".join(
        ["| A     | B     |", "| ----- | ----- |", r"| x\|y  | z [1] |", "| short |       |"]
    )


@pytest.mark.parametrize(("level", "marks"), [(1, "##"), (2, "##"), (3, "###")])
def test_the_first_level_is_the_title_alone(level: Any, marks: str) -> None:
    made = report([Heading(level=level, text=text("Part"))])
    assert f"\n{marks} Part\n" in report_markdown(made)


def test_the_hash_is_of_the_text_and_changes_with_it() -> None:
    made = full_report()
    assert text_hash(made) == hashlib.sha256(report_markdown(made).encode()).hexdigest()
    assert text_hash(full_report()) == text_hash(made)
    assert text_hash(full_report(extra=" One more.")) != text_hash(made)
    other_link = made.model_copy(update={"sources": (source(1, 3, url="https://other.example/"), *made.sources[1:])})
    assert text_hash(other_link) != text_hash(made)


def test_an_empty_report_is_its_title() -> None:
    assert report_markdown(report()) == "# Intent report: VMock\n"
