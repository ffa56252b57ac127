"""A report as markdown, for a terminal and for GitHub; its hash is the hash of what was checked."""

import hashlib
import re
from collections.abc import Sequence
from datetime import date
from functools import partial
from urllib.parse import quote

from intent_assets.rendering.text import Run, clean, joined, notes, safe_link
from intent_assets.rendering.text import runs as strict_runs
from intent_assets.reports import Block, Callout, Heading, Items, Paragraph, Report, SourceNote, Table, Text, Toggle

SOURCES = "Sources"
_SPECIAL = re.compile(r"[\\`*\[\]<|~]|_(?![^\W_])|(?<![^\W_])_|&(?=[#\w]+;)|(?<=\w)://|(?<![\w.])www(?=\.)")
_MATH = re.compile(r"\$(?!\d)|(?<=[^\s(])\$")
_LINE_START = re.compile(r"^(?:>|#{1,6}(?=\s|$)|[-+=](?=[\s=-]|$)|(\d{1,9})([.)])(?=\s|$))")
_AUTOLINK = re.compile(r"[^\s<>\\]+")
_MAX_PAD = 40

runs = partial(strict_runs, strict=False)


def report_markdown(report: Report) -> str:
    """Return the report as markdown, the same for the same report, ending with its sources.

    A slot without a fact is shown as it is typed: a report that is held for it can be read, but never published.
    """
    parts = [f"# {escaped(report.title)}"]
    parts.extend(_block(block, report) for block in report.blocks)
    if report.sources:
        parts.append(f"## {SOURCES}")
        parts.append("\n".join(_source(source) for source in report.sources))
    return "\n\n".join(part for part in parts if part) + "\n"


def text_hash(report: Report) -> str:
    """Return the SHA-256 of the report's markdown in hex: the hash that a verdict is for."""
    return hashlib.sha256(report_markdown(report).encode()).hexdigest()


def escaped(text: str) -> str:
    """Return `text` on one line so that markdown shows it as it is."""
    return _line_start(inline(clean(text).strip()))


def source_date(source: SourceNote) -> str:
    """Return the date of a source as a reader sees it, empty without one."""
    if source.date is None:
        return ""
    return f"looked up {long_date(source.date)}" if source.looked_up else long_date(source.date)


def long_date(day: date) -> str:
    """Return a date as a reader sees it: `3 November 2026`."""
    return f"{day.day} {day:%B %Y}"


def inline(text: str) -> str:
    """Return `text` so that markdown shows it as it is inside a line."""
    return _MATH.sub(r"\\$", _SPECIAL.sub(lambda found: "www\\" if found[0] == "www" else f"\\{found[0]}", text))


def _line_start(line: str) -> str:
    return _LINE_START.sub(lambda found: f"{found[1]}\\{found[2]}" if found[1] else f"\\{found[0]}", line)


def _block(block: Block, report: Report) -> str:
    if isinstance(block, Heading):
        out = f"{'#' * max(2, block.level)} {_line(runs(block.text, report, footnotes=False))}"
    elif isinstance(block, Paragraph):
        out = _line(joined([runs(sentence, report) for sentence in block.sentences]))
    elif isinstance(block, Callout):
        out = _callout(block, report)
    elif isinstance(block, Table):
        out = _table(block, report)
    elif isinstance(block, Items):
        out = _items(block.items, report, ordered=block.ordered)
    elif isinstance(block, Toggle):
        summary = _line(runs(block.summary, report, footnotes=False))
        out = f"**{summary}**\n\n{_items(block.items, report, ordered=False)}".strip()
    else:
        out = "---"
    return out


def _callout(callout: Callout, report: Report) -> str:
    lines = [_line(runs(line, report, label=True)) for line in callout.lines]
    lines = [f"{escaped(callout.icon)} {lines[0]}".strip(), *lines[1:]] if lines else []
    return "\n".join(f"> {line}  " for line in lines).rstrip()


def _items(items: Sequence[Text], report: Report, *, ordered: bool) -> str:
    lines = [_line(runs(item, report, label=True)) for item in items]
    return "\n".join(f"{number}. {line}" if ordered else f"- {line}" for number, line in enumerate(lines, 1))


def _table(table: Table, report: Report) -> str:
    width = max([len(table.header), *(len(row) for row in table.rows)])
    if width == 0:
        return ""
    rows = [[inline(clean(name).strip()) for name in table.header]]
    for row in table.rows:
        cells = [runs(cell, report, footnotes=False) for cell in row]
        if cells:
            cells[-1] = [*cells[-1], *notes(row, report)]
        rows.append([_joined(cell) for cell in cells])
    filled = [row + [""] * (width - len(row)) for row in rows]
    pads = [min(_MAX_PAD, max(3, *(len(row[column]) for row in filled))) for column in range(width)]
    lines = ["| " + " | ".join(cell.ljust(pad) for cell, pad in zip(row, pads, strict=True)) + " |" for row in filled]
    lines.insert(1, "| " + " | ".join("-" * pad for pad in pads) + " |")
    return "\n".join(lines)


def _source(source: SourceNote) -> str:
    line = f"- [{source.number}] {escaped(source.title)}"
    if source.date is not None:
        line += f", {source_date(source)}"
    link = safe_link(source.url)
    if link is not None:
        return f"{line}: <{_target(link)}>"
    return f"{line}: {escaped(source.url)}" if source.url else line


def _line(pieces: Sequence[Run]) -> str:
    return _line_start(_joined(pieces))


def _joined(pieces: Sequence[Run]) -> str:
    out = ""
    for piece in pieces:
        if piece.footnote is not None:
            out = f"{out.rstrip()} {piece.text}"
        elif piece.link is not None:
            out += _link(piece.text, piece.link)
        elif piece.bold:
            out += f"**{inline(piece.text)}**"
        else:
            out += inline(piece.text)
    return out.strip()


def _link(text: str, target: str) -> str:
    if text == target.removeprefix("mailto:") and _AUTOLINK.fullmatch(text):
        return f"<{text.replace('|', '%7C')}>"
    return f"[{inline(text)}]({_target(target)})"


def _target(target: str) -> str:
    return quote(target, safe="%/:?#[]@!$&'*+,;=-._~")
