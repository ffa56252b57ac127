"""Markdown as Notion takes and gives it: what people write most (headings, lists, quotes, tables, code, rules)."""

import re
from collections.abc import Callable, Sequence

from intent_assets.sandbox.notion_store import Node, plain
from intent_assets.sandbox.notion_validation import MAX_CONTENT, Json

_INLINE = re.compile(r"\\(?P<plain>[!-/:-@\[-`{-~])|\*\*(?P<bold>.+?)\*\*|\[(?P<label>[^\]]*)\]\((?P<url>[^)\s]+)\)")
_RULES: Sequence[tuple[re.Pattern[str], str]] = (
    (re.compile(r"#\s+(.*)"), "heading_1"),
    (re.compile(r"##\s+(.*)"), "heading_2"),
    (re.compile(r"#{3,6}\s+(.*)"), "heading_3"),
    (re.compile(r"[-*+]\s+(.*)"), "bulleted_list_item"),
    (re.compile(r"\d+[.)]\s+(.*)"), "numbered_list_item"),
    (re.compile(r">\s?(.*)"), "quote"),
)
_MARKS = {
    "heading_1": "# ", "heading_2": "## ", "heading_3": "### ", "bulleted_list_item": "- ", "numbered_list_item": "1. ",
    "quote": "> ", "to_do": "- [ ] ", "toggle": "- ", "callout": "> ",
}  # fmt: skip
_CELLS = re.compile(r"(?<!\\)\|")


def to_blocks(markdown: str) -> list[Json]:
    """Return the blocks of a markdown text, as a client would send them."""
    out: list[Json] = []
    lines = markdown.splitlines()
    position = 0
    while position < len(lines):
        line = lines[position].strip()
        position += 1
        if not line:
            continue
        if line.startswith("```"):
            end = next((n for n in range(position, len(lines)) if lines[n].strip() == "```"), len(lines))
            code = "\n".join(lines[position:end])
            out.append(_block("code", _split(code), language=line[3:].strip() or "plain text"))
            position = end + 1
        elif line.startswith("|"):
            rows = [line]
            while position < len(lines) and lines[position].strip().startswith("|"):
                rows.append(lines[position].strip())
                position += 1
            out.append(_table(rows))
        elif re.fullmatch(r"-{3,}|\*{3,}|_{3,}", line):
            out.append({"object": "block", "type": "divider", "divider": {}})
        else:
            kind, text = next(((k, m[1]) for rule, k in _RULES if (m := rule.fullmatch(line))), ("paragraph", line))
            out.append(_block(kind, _inline(text)))
    return out


def to_markdown(nodes: Sequence[Node], children: Callable[[str], Sequence[Node]], depth: int = 0) -> str:
    """Return nodes as markdown; `children` gives what stands below a node."""
    lines: list[str] = []
    for node in nodes:
        pad = "\t" * depth
        below = children(node.id)
        if node.kind == "table":
            rows = [[_text(cell) for cell in row.value["cells"]] for row in below]
            shown = ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
            lines.extend([*shown[:1], "|" + " --- |" * node.value["table_width"], *shown[1:]])
            continue
        if node.kind == "child_page":
            lines.append(f'{pad}<page url="{node.id}">{plain(node.value["title"])}</page>')
            continue
        mark = "---" if node.kind == "divider" else _MARKS.get(node.kind, "")
        lines.append(f"{pad}{mark}{_text(node.value.get('rich_text', []))}")
        if below:
            lines.append(to_markdown(below, children, depth + 1).rstrip("\n"))
    return "\n".join(lines) + "\n" if lines else ""


def _block(kind: str, text: list[Json], **more: object) -> Json:
    return {"object": "block", "type": kind, kind: {"rich_text": text, **more}}


def _table(lines: Sequence[str]) -> Json:
    rows = [[cell.strip() for cell in _CELLS.split(line.strip().strip("|"))] for line in lines]
    rows = [row for row in rows if not all(re.fullmatch(r":?-+:?", cell) for cell in row)]
    width = max((len(row) for row in rows), default=1)
    cells = [[_inline(cell) for cell in row] + [[] for _ in range(width - len(row))] for row in rows or [[""]]]
    made = [{"object": "block", "type": "table_row", "table_row": {"cells": row}} for row in cells]
    value = {"table_width": width, "has_column_header": True, "has_row_header": False, "children": made}
    return {"object": "block", "type": "table", "table": value}


def _inline(text: str) -> list[Json]:
    out: list[Json] = []
    waiting = ""
    start = 0
    for found in _INLINE.finditer(text):
        waiting += text[start : found.start()]
        start = found.end()
        if found["plain"]:
            waiting += found["plain"]
            continue
        out.extend(_split(waiting))
        waiting = ""
        if found["bold"]:
            out.extend({**item, "annotations": {"bold": True}} for item in _split(found["bold"]))
        elif re.match(r"https?://|mailto:", found["url"]):
            items = _split(found["label"] or found["url"])
            out.extend({"type": "text", "text": {**item["text"], "link": {"url": found["url"]}}} for item in items)
        else:
            waiting = found[0]
    return [*out, *_split(waiting + text[start:])]


def _split(text: str) -> list[Json]:
    # Half of the limit, so that characters outside the first plane, which count twice, fit as well.
    size = MAX_CONTENT // 2
    parts = [text[start : start + size] for start in range(0, len(text), size)]
    return [{"type": "text", "text": {"content": part}} for part in parts]


def _text(items: Sequence[Json]) -> str:
    out = ""
    for item in items:
        text = re.sub(r"([\\`*\[\]<>])", r"\\\1", item["plain_text"]).replace("\n", "<br>")
        text = f"**{text}**" if item["annotations"]["bold"] else text
        out += f"[{text}]({item['href']})" if item["href"] else text
    return out
