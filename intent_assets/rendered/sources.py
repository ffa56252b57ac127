"""The list of sources and the footnotes of a report, checked against the ledger. Pure."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import date

from intent_assets.assembly_sources import source_dates, with_bases
from intent_assets.claims import Fault
from intent_assets.rendered.lines import Line, Piece, Span
from intent_assets.rendered.records import Wrong
from intent_assets.rendered.values import DATE, Values, bare_address, read_date
from intent_assets.rendering.text import clean

_REST = re.compile(
    r"(?:(?:, | · )(?:looked up )?(?P<date>\d{1,2} [A-Z][a-z]+ \d{4}))?(?:: (?P<url>\S+)| · (?P<plain>\S+))?$"
)
_SIGNS_OF_REST = re.compile(r"(?:, | · )(?:looked up )?\d{1,2} [A-Z][a-z]+ \d{4}|: \S+$")

Found = tuple[Span, Fault, str]


class Sources:
    """What the ledger's facts come from, against what a text says of it."""

    def __init__(self, values: Values) -> None:
        self._values = values
        self._dates = source_dates(values.facts)
        self._titles = sorted({title for title, _ in self._dates}, key=len, reverse=True)
        self._of_fact: dict[str, frozenset[str]] = {}

    def check(self, piece: Piece) -> list[Wrong]:
        """Return what is wrong in a line of the list of sources."""
        title = self._title(piece.text)
        if title is None:
            found = _SIGNS_OF_REST.search(piece.text)
            end = found.start() if found else len(piece.text)
            return [Wrong(0, max(1, end), "unknown_name", "no fact of the ledger comes from such a source")]
        at = len(clean(title).strip())
        return list(self._rest(title, at, piece.text))

    def notes(self, lines: Sequence[Line]) -> Iterator[Found]:
        """Yield footnotes without a source, footnotes behind what does not come from theirs, and sources of nothing.

        Nothing is said of a text without a list of sources.
        """
        listed = {line.number: line.piece for line in lines if line.kind == "source" and line.piece.text}
        used: dict[int, list[Found | None]] = {}
        for line in lines:
            if not listed or line.kind == "source":
                continue
            for number, place, titles in self._noted(line):
                piece = listed.get(number)
                title = self._title(piece.text) if piece is not None else None
                if piece is None:
                    yield place, "altered_fact", f"there is no source [{number}] in the list of sources"
                elif title is not None and titles:
                    reason = f"nothing before this footnote comes from {title}"
                    used.setdefault(number, []).append(None if title in titles else (place, "altered_fact", reason))
        for number, found in used.items():
            if 2 * len([each for each in found if each]) > len(found):  # then the source is wrong, not its footnotes
                piece = listed[number]
                reason = f"nothing with the footnote [{number}] comes from this source"
                yield piece.place(0, len(piece.text)), "altered_fact", reason
            else:
                yield from filter(None, found)

    def _rest(self, title: str, at: int, text: str) -> Iterator[Wrong]:
        known = {url: days for (each, url), days in self._dates.items() if each == title}
        found = _REST.match(text, at)
        if found is None:
            yield Wrong(at, len(text), "altered_fact", f"this is no part of the source {title}")
            return
        addresses = {bare_address(url) for url in known if url} | {url for url in known if url}
        for name in ("url", "plain"):
            if found[name] and not {found[name], bare_address(found[name])} & addresses:
                reason = f"the source {title} stands at {' or '.join(filter(None, known)) or 'no address'}"
                yield Wrong(*found.span(name), "typed_url", reason)
        days = [day for each in known.values() for day in each]
        if found["date"] and None not in days and _day(found["date"]) not in days:
            shown = " or ".join(sorted({f"{day.day} {day:%B %Y}" for day in days if day}))
            yield Wrong(*found.span("date"), "typed_date", f"the source {title} is of {shown}")

    def _title(self, text: str) -> str | None:
        return next((title for title in self._titles if text.startswith(clean(title).strip())), None)

    def _noted(self, line: Line) -> Iterator[tuple[int, Span, set[str]]]:
        """Yield each footnote with the sources of what stands before it, back to the footnote before."""
        if line.kind == "row":
            texts = [piece.text for piece in line.pieces]
            titles = self._titles_in(" | ".join(texts))
            yield from ((number, place, titles) for piece in line.pieces for number, place in piece.notes)
            return
        piece, begun, at = line.piece, 0, 0
        titles = set()
        ends = [end for _, end in piece.places]
        for number, place in piece.notes:
            end = bisect_right(ends, place[0])
            if end != at:
                begun, at = at, end
                titles = self._titles_in(piece.text[begun:end])
            yield number, place, titles

    def _titles_in(self, text: str) -> set[str]:
        found: set[str] = set()
        for mention in self._values.mentions(text, words=True):
            for fact in mention.facts:
                if fact.id not in self._of_fact:
                    bases = with_bases([fact], self._values.facts)
                    self._of_fact[fact.id] = frozenset(base.source_title for base in bases if base.source_title)
                found |= self._of_fact[fact.id]
        return found


def _day(text: str) -> date | None:
    found = DATE.fullmatch(text)
    told = read_date(found) if found else None
    if told is None or told[0] is None or told[2] is None:
        return None
    try:
        return date(told[0], told[1], told[2])
    except ValueError:
        return None
