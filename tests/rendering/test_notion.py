"""A report as Notion blocks within Notion's limits; the sandbox's own checks stand in for Notion's."""

import json
from typing import Any

import pytest

from intent_assets.records import Fact
from intent_assets.rendering.markdown import text_hash
from intent_assets.rendering.notion import (
    addendum_blocks,
    batches,
    blocks,
    page_title,
    plain_lines,
    plain_text,
)
from intent_assets.reports import Block, Callout, Heading, Items, Paragraph, Table, Toggle
from intent_assets.sandbox import notion_validation as check
from tests.rendering.reports import fact, full_report, paragraph, report, slot, source, text

LONG = "Ünïcode 🎓 words and 𝒎ore, " * 400


def accepted(made: list[dict[str, Any]]) -> None:
    for batch in batches(made):
        assert len(json.dumps(batch).encode()) < check.MAX_BYTES * 2
        check.body_of(json.dumps({"children": batch}, ensure_ascii=False).encode())
        check.children(batch, "body.children")


def said(made: list[dict[str, Any]]) -> str:
    return "".join(
        plain_text(block[block["type"]].get("rich_text"))
        + "".join(plain_text(cell) for cell in block[block["type"]].get("cells", []))
        + said(block[block["type"]].get("children", []))
        for block in made
    )


def test_a_whole_report_is_accepted() -> None:
    made = blocks(full_report())
    accepted(made)
    kinds = [block["type"] for block in made]
    assert kinds[0] == "callout"
    assert kinds[-2:] == ["toggle", "paragraph"]
    assert {"heading_2", "table", "numbered_list_item", "bulleted_list_item", "toggle", "divider"} <= set(kinds)


def test_the_last_line_names_domain_and_checked_text() -> None:
    made = full_report()
    last = blocks(made)[-1]
    assert plain_text(last["paragraph"]["rich_text"]) == (
        f"Intent report for vmock.example · checked text {text_hash(made)[:12]}"
    )
    assert last["paragraph"]["color"] == "gray"


@pytest.mark.parametrize(
    ("block", "reason"),
    [
        (paragraph(slot(1)), "one long sentence"),
        (paragraph(*[slot(2)] * 150), "more than 100 pieces with links"),
        (paragraph(*[slot(1)] * 30), "more than a request holds"),
        (Callout(icon="x", lines=(text(slot(1)),) * 3), "a long callout, and an icon that is no emoji"),
        (Heading(level=3, text=text(slot(1))), "a long heading"),
        (Items(items=(text(slot(1)),) * 120), "many long items"),
        (Toggle(summary=text(slot(1)), items=(text("x"),) * 250), "more items than a parent may hold"),
        (Toggle(summary=text("none"), items=()), "a toggle without items"),
        (Table(header=("A", "B"), rows=((text("x"), text(slot(2))),) * 250), "more rows than a table may hold"),
        (Table(header=("A",), rows=((text(slot(1)), text("more cells than the header")),)), "uneven rows"),
        (Table(header=("A", "B", "C"), rows=((text(slot(1)),) * 3,) * 40), "a table of more than 500 KB"),
        (Table(header=("A",), rows=((text(f"{slot(2)} " * 150),),)), "a cell of more than 100 pieces"),
        (Table(header=("A", "B"), rows=()), "no rows"),
        (Table(header=(), rows=()), "no columns"),
        (Items(items=()), "no items"),
        (Callout(icon="🎯", lines=()), "no lines"),
        (Paragraph(sentences=()), "no sentences"),
    ],
)
def test_every_limit_is_kept(block: Block, reason: str) -> None:
    facts = [fact(1, LONG), fact(2, "a@b.example", "email")]
    accepted(blocks(report([block], facts, [source(number, 1, 2) for number in range(1, 4)])))


def test_no_character_is_lost_in_splitting() -> None:
    facts = [fact(1, LONG.strip())]
    made = blocks(report([paragraph(slot(1)), Table(header=("A",), rows=((text(slot(1)),),))], facts))
    together = said(made)
    assert together.count(LONG.strip()) == 2
    items = made[0]["paragraph"]["rich_text"]
    assert all(check.units(item["text"]["content"]) <= check.MAX_CONTENT for item in items)


def test_text_without_spaces_is_cut_between_characters() -> None:
    faces = "😀" * 2500
    made = blocks(report([paragraph(slot(1))], [fact(1, faces)]))
    items = made[0]["paragraph"]["rich_text"]
    assert "".join(item["text"]["content"] for item in items) == faces
    assert [len(item["text"]["content"]) for item in items] == [1000, 1000, 500]


@pytest.mark.parametrize(
    ("given", "link", "reason"),
    [
        (fact(1, "a@b.example", "email"), "mailto:a@b.example", "an address to write to"),
        (fact(1, "the page", "url", value="https://a.example/"), "https://a.example/", "a page"),
        (fact(1, "javascript:alert(1)", "url"), None, "not a page"),
        (fact(1, "https://a.example/" + "x" * 2000, "url"), None, "longer than Notion takes"),
        (fact(1, "https://a.example/", "quote"), None, "a source text is no link"),
    ],
)
def test_links(given: Fact, link: str | None, reason: str) -> None:
    item = blocks(report([paragraph(slot(1))], [given]))[0]["paragraph"]["rich_text"][0]
    assert item["text"].get("link") == (None if link is None else {"url": link}), reason
    assert item["text"]["content"] == given.display[:2000]


def test_a_footnote_leads_to_its_source() -> None:
    made = blocks(report([paragraph(f"So {slot(1)}.")], [fact(1, "x")], [source(3, 1)]))
    items = [item["text"] for item in made[0]["paragraph"]["rich_text"]]
    link = {"url": "https://docs.example/rfp"}
    assert items == [{"content": "So x."}, {"content": "\N{NO-BREAK SPACE}"}, {"content": "[3]", "link": link}]


def test_markup_in_a_source_text_stays_text() -> None:
    source_text = "**x** [a](http://evil.example) {{E1}} <b>"
    made = blocks(report([paragraph(slot(1))], [fact(1, source_text)]))
    assert made[0]["paragraph"]["rich_text"] == [{"type": "text", "text": {"content": source_text}}]


@pytest.mark.parametrize(
    ("title", "expected", "reason"),
    [
        ("Intent report: VMock", "Intent report: VMock (vmock.example)", "the marker is added"),
        ("Intent report: VMock (vmock.example)", "Intent report: VMock (vmock.example)", "and only once"),
        ("Report (other.example)", "Report (other.example) (vmock.example)", "another domain is no marker"),
        (" \n", "Intent report (vmock.example)", "a title without words"),
    ],
)
def test_page_title(title: str, expected: str, reason: str) -> None:
    assert page_title(report(title=title)) == expected, reason


def test_a_long_title_keeps_its_marker() -> None:
    title = page_title(report(title="😀 name " * 900))
    assert check.units(title) <= 2000
    assert title.endswith("… (vmock.example)")


def test_the_addendum_is_quotes_under_its_heading() -> None:
    made = addendum_blocks(["They plan\na pilot.", " ", LONG * 40])
    accepted(made)
    assert plain_lines(made)[:3] == [
        "divider:",
        "heading_2: From the buyer chat (a model's words, not a record)",
        "quote: They plan a pilot.",
    ]
    assert addendum_blocks([" "]) == []


def test_many_blocks_go_in_several_requests() -> None:
    made = blocks(report([Items(items=(text("x"),) * 1205)]))
    assert [len(batch) for batch in batches(made)] == [100] * 12 + [6]
