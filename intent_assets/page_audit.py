"""A published page against the report that was checked: what of it was added, removed or changed. Pure."""

import difflib
from collections.abc import Sequence
from typing import Literal

from intent_assets.records import Fact, Record
from intent_assets.rendered import RenderedFinding, verify_rendered
from intent_assets.rendering.notion import NotionBlock, addendum_blocks, blocks, page_title, release_blocks
from intent_assets.rendering.page_text import PageLine, joined, page_lines
from intent_assets.reports import Release, Report


class Change(Record):
    """One line that only one side has: `-` the report that was checked, `+` the page. `section` is its heading."""

    sign: Literal["-", "+"]
    text: str
    section: str | None = None


class PageAudit(Record):
    """What became of a page: its changes in the order of reading, and what of its new lines the ledger denies.

    `addendum` says how many sentences of the buyer chat stand there as they were checked. Places of the findings are
    those in their own line.
    """

    changes: tuple[Change, ...] = ()
    findings: tuple[RenderedFinding, ...] = ()
    addendum: int = 0


def meant_lines(report: Report, release: Release | None, addendum: Sequence[str]) -> list[PageLine]:
    """Return what a page has to say: the report, the word of release above it, the buyer chat below it."""
    return page_lines(page_title(report), [*release_blocks(release), *blocks(report), *addendum_blocks(addendum)])


def audit_page(
    meant: Sequence[PageLine], title: str, standing: Sequence[NotionBlock], facts: Sequence[Fact], addendum: int = 0
) -> PageAudit:
    """Compare what stands on a page with what is meant, and check the lines that are new against the ledger `facts`."""
    said = page_lines(title, standing)
    matcher = difflib.SequenceMatcher(
        None, [_key(line) for line in meant], [_key(line) for line in said], autojunk=False
    )
    changes: list[Change] = []
    new: set[int] = set()
    for kind, start, end, begun, ended in matcher.get_opcodes():
        if kind != "equal":
            alike = {line.text for line in meant[start:end]} & {line.text for line in said[begun:ended]}
            changes += [_change("-", meant, number, alike) for number in range(start, end)]
            changes += [_change("+", said, number, alike) for number in range(begun, ended)]
            new.update(range(begun, ended))
    return PageAudit(changes=tuple(changes), findings=tuple(_findings(said, new, facts)), addendum=addendum)


def _key(line: PageLine) -> tuple[str, tuple[str, ...]]:
    return line.text, line.links


def _change(sign: Literal["-", "+"], lines: Sequence[PageLine], number: int, alike: set[str]) -> Change:
    """Return one line as a change; where only its footnotes lead elsewhere, that is told with it."""
    line = lines[number]
    text = f"{line.text}  (footnotes lead to {', '.join(line.links) or 'nothing'})" if line.text in alike else line.text
    headings = [each.text.lstrip("#").strip() for each in lines[: number + 1] if each.text.startswith("#")]
    return Change(sign=sign, text=text, section=headings[-1] if headings else None)


def _findings(said: Sequence[PageLine], new: set[int], facts: Sequence[Fact]) -> list[RenderedFinding]:
    """Return the findings of the new lines; the whole page is read, since a line's section says whose it is."""
    if not new or not facts:
        return []
    text, places = joined(said)
    out = []
    for finding in verify_rendered(text, facts):
        for number in new:
            start, end = places[number]
            if start <= finding.start and finding.end <= end:
                place = {"start": finding.start - start, "end": finding.end - start}
                out.append(finding.model_copy(update=place))
    return out
