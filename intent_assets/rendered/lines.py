"""A report's markdown taken apart: lines of plain text whose every character knows its place in the original. Pure.

Footnotes, links, bold, escapes, table walls and list marks are taken off and remembered; nothing is judged here.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

Span = tuple[int, int]
Kind = Literal["title", "heading", "text", "row", "source"]

_INLINE = re.compile(
    r"\\(?P<escaped>[!-/:-@\[-`{-~])"
    r"|(?:[ \u00a0]*\[(?P<note>\d{1,4})\](?![(:]))"
    r"|<(?P<auto>[^\s<>]*(?:@|://)[^\s<>]*)>"
    r"|!?\[(?P<label>(?:\\.|[^\[\]\\\n])+)\]\((?P<target>[^()\s]*)(?:\s+\"[^\"\n]*\")?\)"
    r"|(?P<style>\*{1,3}|~~|`+|(?<!\w)_{1,2}(?=\S)|(?<=\S)_{1,2}(?!\w))"
)
_HEADING = re.compile(r" {0,3}(?P<marks>#{1,6})\s+")
_RULE = re.compile(r"\s*(?:-\s?){3,}$|\s*(?:\*\s?){3,}$|\s*_{3,}$")
_ITEM = re.compile(r"\s*(?:[-*+]|\d{1,3}[.)])\s+")
_CALLOUT = re.compile(r"\s*>\s?")
_SOURCE = re.compile(r"\s*[-*+]\s+\[(?P<number>\d{1,4})\]\s+")
_DASHES = re.compile(r"[\s|:-]+")
_WALL = re.compile(r"(?<!\\)\|")
_SIGNS = ("So", "Sk", "Mn", "Me", "Cf")


@dataclass(frozen=True)
class Link:
    """A link: `text[start:end]` of its piece leads to `target`, which stands at `place` of the original."""

    start: int
    end: int
    target: str
    place: Span


@dataclass(frozen=True)
class Piece:
    """Plain text; character i stands at `places[i]` of the original. `notes` are footnotes: number and place."""

    text: str
    places: tuple[Span, ...]
    links: tuple[Link, ...] = ()
    notes: tuple[tuple[int, Span], ...] = ()

    def place(self, start: int, end: int) -> Span:
        """Return where `text[start:end]`, which is not empty, stands in the original."""
        return self.places[start][0], self.places[end - 1][1]

    def part(self, start: int, end: int | None = None) -> "Piece":
        """Return the text from `start` on, without the notes."""
        end = len(self.text) if end is None else end
        links = tuple(
            Link(link.start - start, link.end - start, link.target, link.place)
            for link in self.links
            if start <= link.start and link.end <= end
        )
        return Piece(self.text[start:end], self.places[start:end], links)


@dataclass(frozen=True)
class Line:
    """One heading, paragraph, list item, line of a callout, table row or source.

    A row has one piece for each cell and the `header` above it; all else has one piece. Lines of one `block` stand
    together. `number` is that of a source, `level` that of a heading.
    """

    kind: Kind
    pieces: tuple[Piece, ...]
    block: int
    level: int = 0
    number: int = 0
    header: tuple[str, ...] = ()

    @property
    def piece(self) -> Piece:
        """The first piece."""
        return self.pieces[0]


@dataclass
class _Reader:
    text: str
    block: int = 0
    header: tuple[str, ...] = ()
    in_table: bool = False
    waiting: list[Span] = field(default_factory=list)
    """Lines of a paragraph or item that is not at its end yet."""

    def lines(self) -> Iterator[Line]:
        at = 0
        for raw in self.text.splitlines(keepends=True):
            start, at = at, at + len(raw)
            yield from self._line(start, start + len(raw.rstrip()))
        yield from self._waiting()

    def _line(self, start: int, end: int) -> Iterator[Line]:
        raw = self.text[start:end]
        is_row = raw.lstrip().startswith("|")
        if not raw.strip() or _RULE.fullmatch(raw):
            yield from self._waiting()
            self.block += 1
        elif found := _HEADING.match(raw):
            yield from self._waiting()
            self.block += 1
            level = len(found["marks"])
            yield self._made("title" if level == 1 else "heading", start + found.end(), end, level=level)
        elif is_row:
            yield from self._waiting()
            yield from self._row(start, end)
        elif found := _SOURCE.match(raw):
            yield from self._waiting()
            yield self._made("source", start + found.end(), end, number=int(found["number"]))
        elif found := _CALLOUT.match(raw):
            yield from self._waiting()
            yield self._made("text", start + found.end(), end)
        elif found := _ITEM.match(raw):
            yield from self._waiting()
            self.waiting = [(start + found.end(), end)]
        else:
            self.waiting.append((start, end))
        self.in_table = is_row

    def _waiting(self) -> Iterator[Line]:
        spans, self.waiting = self.waiting, []
        if spans:
            pieces = [cooked(self.text, start, end) for start, end in spans]
            yield Line("text", (_joined(pieces),), self.block)

    def _made(self, kind: Kind, start: int, end: int, *, level: int = 0, number: int = 0) -> Line:
        piece = without_icon(cooked(self.text, start, end))
        return Line(kind, (piece,), self.block, level=level, number=number)

    def _row(self, start: int, end: int) -> Iterator[Line]:
        walls = [start + found.start() for found in _WALL.finditer(self.text[start:end])]
        last = walls[-1] if self.text[walls[-1] : end].strip() == "|" and len(walls) > 1 else end
        edges = [*(wall for wall in walls if wall < last), last]
        cells = tuple(cooked(self.text, left + 1, right) for left, right in pairwise(edges))
        if not self.in_table:
            self.block += 1
            self.header = tuple(cell.text for cell in cells)
        elif not _DASHES.fullmatch(self.text[start:end]) and cells:
            yield Line("row", cells, self.block, header=self.header)


def read_lines(text: str) -> list[Line]:
    """Return the lines of a markdown text; a paragraph or item that is wrapped is one line."""
    return list(_Reader(text).lines())


def cooked(original: str, start: int, end: int) -> Piece:
    """Return `original[start:end]` as plain text on one line, without white space at its ends."""
    chars: list[str] = []
    places: list[Span] = []
    links: list[Link] = []
    notes: list[tuple[int, Span]] = []
    _cook(original, (start, end), chars, places, links, notes)
    text = "".join(chars)
    left = len(text) - len(text.lstrip())
    piece = Piece(text, tuple(places), tuple(links)).part(left, max(left, len(text.rstrip())))
    return Piece(piece.text, piece.places, piece.links, tuple(notes))


def _cook(
    original: str, span: Span, chars: list[str], places: list[Span], links: list[Link], notes: list[tuple[int, Span]]
) -> None:
    at, end = span

    def put(start: int, stop: int) -> None:
        for place in range(start, stop):
            chars.append(" " if original[place].isspace() else original[place])
            places.append((place, place + 1))

    for found in _INLINE.finditer(original, at, end):
        put(at, found.start())
        at = found.end()
        if found["escaped"]:
            chars.append(found["escaped"])
            places.append(found.span())
        elif found["note"]:
            notes.append((int(found["note"]), found.span()))
        elif found["auto"] is not None:
            put(*found.span("auto"))
        elif found["label"]:
            begun = len(chars)
            _cook(original, found.span("label"), chars, places, links, notes)
            links.append(Link(begun, len(chars), found["target"], found.span("target")))
    put(at, end)


def without_icon(piece: Piece) -> Piece:
    """Return the piece without the emoji and the blanks that it starts with."""
    start = 0
    while start < len(piece.text) and (
        piece.text[start].isspace() or unicodedata.category(piece.text[start]) in _SIGNS or piece.text[start] == "ℹ"
    ):
        start += 1
    kept = piece.part(start)
    return Piece(kept.text, kept.places, kept.links, piece.notes)


def _joined(pieces: list[Piece]) -> Piece:
    """Return the pieces as one text, with a blank between them."""
    text = ""
    places: list[Span] = []
    links: list[Link] = []
    notes: list[tuple[int, Span]] = []
    for piece in pieces:
        if text and piece.text:
            places.append((places[-1][1], piece.places[0][0]))
            text += " "
        shift = len(text)
        links += [Link(link.start + shift, link.end + shift, link.target, link.place) for link in piece.links]
        text += piece.text
        places += piece.places
        notes += piece.notes
    return Piece(text, tuple(places), tuple(links), tuple(notes))
