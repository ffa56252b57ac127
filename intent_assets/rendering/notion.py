"""A report as Notion blocks, within the limits of Notion's API.

Limits (developers.notion.com, request limits): 2,000 characters, counted here in UTF-16 units, in one rich text and
in one link; 100 items in a rich text array and in an array of children; 1,000 blocks and 500 KB in one request; two
levels of children in one request.
"""

import json
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from intent_assets.rendering.markdown import SOURCES, long_date, source_date, text_hash
from intent_assets.rendering.text import Run, clean, joined, notes, runs, safe_link
from intent_assets.reports import (
    Block,
    Callout,
    Heading,
    Items,
    Paragraph,
    Release,
    Report,
    SourceNote,
    Table,
    Text,
    Toggle,
)

NotionBlock = dict[str, Any]
RichText = dict[str, Any]

MAX_CONTENT = 2000
MAX_ITEMS = 100
MAX_CHILDREN = 100
MAX_BLOCKS = 1000
MAX_BYTES = 450_000
"""Of one request: Notion's 500 KB less room for what goes around the blocks."""
ICON = "🎯"
END_LINE = "checked text"
"""Words of the last line of a finished report, before the start of its hash."""
ADDENDUM_HEADING = "From the buyer chat (a model's words, not a record)"

_EMOJI_SIGNS = ("So", "Sk", "Sm", "Mn", "Me", "Cf", "Po")
_TEXT_BYTES = 40_000
_GROUP_BYTES = 300_000
_TONES = {
    "info": ("blue_background", "💡"),
    "good": ("green_background", "✅"),
    "warning": ("yellow_background", "⚠️"),
    "neutral": ("gray_background", "📌"),
}


def page_title(report: Report) -> str:
    """Return the page's title; it ends with the report's domain in parentheses, by which the page is found again."""
    title = clean(report.title).strip()
    marker = title_marker(report.domain)
    name = title.removesuffix(marker).strip() or "Intent report"
    room = MAX_CONTENT - _units(marker) - 2
    if _units(name) > room:
        name = f"{next(_split(name, room - 1))}…"
    return f"{name} {marker}"


def title_marker(domain: str) -> str:
    """Return what the title of a domain's page ends with: `(vmock.example)`."""
    return f"({domain})"


def blocks(report: Report) -> list[NotionBlock]:
    """Return the report as Notion blocks: its content, its sources, and a line with the hash of the checked text.

    Each block keeps Notion's limits by itself; `batches` keeps those of a request.
    """
    out = [made for block in report.blocks for made in _block(block, report)]
    if report.sources:
        if out and out[-1]["type"] != "divider":
            out.append(_simple("divider"))
        items = [_typed("bulleted_list_item", text) for note in report.sources for text in _rich(_source(note))]
        out.extend(_toggles([Run(f"{SOURCES} ({len(report.sources)})", bold=True)], items))
    line = f"Intent report for {clean(report.domain)} · {END_LINE} {text_hash(report)[:12]}"
    out.extend(_typed("paragraph", text, color="gray") for text in _rich([Run(line)]))
    return out


def release_blocks(release: Release | None) -> list[NotionBlock]:
    """Return the callout that heads a page which stands there on a person's word; nothing without one."""
    if release is None:
        return []
    line = (
        f"The fact check held this report. Released by {clean(release.by)} on {long_date(release.at.date())}, because: "
        f"{clean(release.because)}"
    )
    colour, icon = _TONES["warning"]
    return [_typed("callout", text, icon={"type": "emoji", "emoji": icon}, color=colour) for text in _rich([Run(line)])]


def addendum_blocks(sentences: Sequence[str]) -> list[NotionBlock]:
    """Return the section of the buyer chat: its heading and each sentence as a quote; nothing without a sentence."""
    quotes = [_typed("quote", text) for sentence in sentences for text in _rich([Run(clean(sentence).strip())])]
    if not quotes:
        return []
    return [_simple("divider"), _typed("heading_2", next(_rich([Run(ADDENDUM_HEADING)]))), *quotes]


def batches(made: Iterable[NotionBlock]) -> list[list[NotionBlock]]:
    """Return the blocks in groups, each fit for one request (100 children, 1,000 blocks, 500 KB)."""
    out: list[list[NotionBlock]] = []
    blocks_in, bytes_in = 0, 0
    for block in made:
        count, size = _count(block), _size(block)
        full = out and (len(out[-1]) >= MAX_CHILDREN or blocks_in + count > MAX_BLOCKS or bytes_in + size > MAX_BYTES)
        if not out or full:
            out.append([])
            blocks_in, bytes_in = 0, 0
        out[-1].append(block)
        blocks_in, bytes_in = blocks_in + count, bytes_in + size
    return out


def plain_lines(made: Iterable[NotionBlock], level: int = 0) -> list[str]:
    """Return what blocks say, one line a block, to compare what stands on a page with what was meant.

    Works on blocks as sent and as read (`children` filled in). A line tells level, type and text; whitespace counts
    as one space, blocks that say nothing (an empty paragraph) are left out.
    """
    lines: list[str] = []
    for block in made:
        kind = str(block.get("type"))
        value = block.get(kind)
        value = value if isinstance(value, dict) else {}
        cells = value.get("cells")
        texts = [plain_text(cell) for cell in cells] if cells is not None else [plain_text(value.get("rich_text"))]
        said = " | ".join(" ".join(text.split()) for text in texts)
        if said or kind != "paragraph":
            lines.append(f"{'  ' * level}{kind}: {said}".rstrip())
        children = value.get("children") or block.get("children") or []
        lines.extend(plain_lines(children, level + 1))
    return lines


def plain_text(rich_text: object) -> str:
    """Return the text of a rich text array, as sent or as read."""
    if not isinstance(rich_text, list):
        return ""
    out = ""
    for item in rich_text:
        if isinstance(item, dict):
            text = item.get("text")
            content = text.get("content") if isinstance(text, dict) else None
            out += str(item.get("plain_text") or content or "")
    return out


def _block(block: Block, report: Report) -> Iterator[NotionBlock]:
    if isinstance(block, Heading):
        for text in _rich(runs(block.text, report, footnotes=False)):
            yield _typed(f"heading_{block.level}", text)
    elif isinstance(block, Paragraph):
        for text in _rich(joined([runs(sentence, report) for sentence in block.sentences])):
            yield _typed("paragraph", text)
    elif isinstance(block, Callout):
        colour, icon = _TONES[block.tone]
        emoji = block.icon if _is_emoji(block.icon) else icon
        lines = joined([runs(line, report, label=True) for line in block.lines], "\n")
        for text in _rich(lines):
            yield _typed("callout", text, icon={"type": "emoji", "emoji": emoji}, color=colour)
    elif isinstance(block, Table):
        yield from _tables(block, report)
    elif isinstance(block, Items):
        kind = "numbered_list_item" if block.ordered else "bulleted_list_item"
        for item in block.items:
            for text in _rich(runs(item, report, label=True)):
                yield _typed(kind, text)
    elif isinstance(block, Toggle):
        items = [
            _typed("bulleted_list_item", text) for item in block.items for text in _rich(runs(item, report, label=True))
        ]
        yield from _toggles(runs(block.summary, report, footnotes=False), items)
    else:
        yield _simple("divider")


def _is_emoji(icon: str) -> bool:
    return 0 < len(icon) <= 8 and all(unicodedata.category(sign) in _EMOJI_SIGNS or sign == "ℹ" for sign in icon)


def _tables(table: Table, report: Report) -> Iterator[NotionBlock]:
    width = max([len(table.header), *(len(row) for row in table.rows)])
    if width == 0:
        return
    header = _rows([[Run(clean(name).strip())] for name in table.header], width)
    rows = [made for row in table.rows for made in _rows(_cells(row, report), width)]
    for group in _groups(rows, MAX_CHILDREN - len(header)):
        yield {
            "object": "block",
            "type": "table",
            "table": {
                "table_width": width,
                "has_column_header": True,
                "has_row_header": False,
                "children": [*header, *group],
            },
        }


def _cells(row: Sequence[Text], report: Report) -> list[list[Run]]:
    """The cells of a row; the footnotes of the whole row stand once, in its last cell."""
    cells = [runs(cell, report, footnotes=False) for cell in row]
    if cells:
        cells[-1] = [*cells[-1], *notes(row, report)]
    return cells


def _rows(cells: Sequence[Sequence[Run]], width: int) -> list[NotionBlock]:
    """One table row, or several where a cell needs more than one rich text array."""
    texts = [list(_rich(cell)) for cell in cells]
    height = max([1, *(len(parts) for parts in texts)])
    return [
        {
            "object": "block",
            "type": "table_row",
            "table_row": {
                "cells": [
                    texts[column][line] if column < len(texts) and line < len(texts[column]) else []
                    for column in range(width)
                ]
            },
        }
        for line in range(height)
    ]


def _toggles(summary: Sequence[Run], items: Sequence[NotionBlock]) -> Iterator[NotionBlock]:
    heads = list(_rich(summary))
    if not heads:
        yield from items
        return
    for head in heads[:-1]:
        yield _typed("paragraph", head)
    for number, group in enumerate(_groups(items, MAX_CHILDREN)):
        head = heads[-1] if number == 0 else [*heads[-1][: MAX_ITEMS - 1], _item(" (continued)")]
        toggle = _typed("toggle", head)
        if group:
            toggle["toggle"]["children"] = group
        yield toggle


def _groups(made: Sequence[NotionBlock], most: int) -> list[list[NotionBlock]]:
    """Children in groups that one parent can hold; one empty group where there are none."""
    out: list[list[NotionBlock]] = [[]]
    size = 0
    for block in made:
        more = _size(block)
        if out[-1] and (len(out[-1]) >= most or size + more > _GROUP_BYTES):
            out.append([])
            size = 0
        out[-1].append(block)
        size += more
    return out


def _source(note: SourceNote) -> list[Run]:
    link = safe_link(note.url)
    pieces = [Run(f"[{note.number}] "), Run(clean(note.title).strip() or "Source", link=link)]
    if note.date is not None:
        pieces.append(Run(f" · {source_date(note)}"))
    if note.url and link is None:
        pieces.append(Run(f" · {clean(note.url)}"))
    return pieces


def _rich(pieces: Iterable[Run]) -> Iterator[list[RichText]]:
    """The pieces as one rich text array, or as several where one is not enough; no character is lost."""
    array: list[RichText] = []
    size = 0
    for piece in _spaced(pieces):
        for part in _split(piece.text, MAX_CONTENT):
            item = _item(part, bold=piece.bold, link=piece.link, note=piece.footnote is not None)
            more = _size(item)
            if array and (len(array) >= MAX_ITEMS or size + more > _TEXT_BYTES):
                yield array
                array, size = [], 0
            array.append(item)
            size += more
    if array:
        yield array


def _spaced(pieces: Iterable[Run]) -> Iterator[Run]:
    """Set footnotes off by a space that does not break, which keeps the number on the line of its sentence."""
    last = ""
    for piece in pieces:
        if piece.footnote is not None and last and not last.endswith((" ", "\n")):
            yield Run("\N{NO-BREAK SPACE}")
        yield piece
        last = piece.text or last


def _item(text: str, *, bold: bool = False, link: str | None = None, note: bool = False) -> RichText:
    content: dict[str, Any] = {"content": text}
    target = safe_link(link)
    if target is not None and _units(target) <= MAX_CONTENT:
        content["link"] = {"url": target}
    item: RichText = {"type": "text", "text": content}
    if bold:
        item["annotations"] = {"bold": True}
    elif note:
        item["annotations"] = {"color": "gray"}
    return item


def _split(text: str, most: int) -> Iterator[str]:
    """Parts of at most `most` UTF-16 units, cut between characters, at a space where one is near."""
    while text:
        end = min(len(text), most)
        while (over := _units(text[:end]) - most) > 0:
            end -= (over + 1) // 2
        if end < len(text):
            space = text.rfind(" ", max(0, end - 200), end)
            end = space + 1 if space > 0 else end
        yield text[:end]
        text = text[end:]


def _typed(kind: str, text: list[RichText], **more: object) -> NotionBlock:
    return {"object": "block", "type": kind, kind: {"rich_text": text, **more}}


def _simple(kind: str) -> NotionBlock:
    return {"object": "block", "type": kind, kind: {}}


def _units(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def _size(value: object) -> int:
    return len(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"))


def _count(block: NotionBlock) -> int:
    return 1 + sum(_count(child) for child in block[block["type"]].get("children") or [])
