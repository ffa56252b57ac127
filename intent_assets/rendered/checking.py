"""A report as a reader has it, checked against the ledger: also one that a person has edited, or prose about it. Pure.

What the facts show is found in the text and turned back into slots, each for the fact that fits what else its line
names; the gate then judges the rest. Labels, tables and sources, which code writes, are held to their own fields.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time
from itertools import takewhile

from pydantic import Field, ValidationError

from intent_assets.claims import Fault
from intent_assets.errors import IntentError
from intent_assets.grounding import AllowedNames
from intent_assets.records import Fact, Record, Reply
from intent_assets.rendered.blocks import Blocks, of_buyers
from intent_assets.rendered.labels import HEADINGS, NOBODY, OTHERS, SCANNED, SOURCES, STEPS, WHY
from intent_assets.rendered.lines import Line, Piece, Span, read_lines
from intent_assets.rendered.prose import Prose
from intent_assets.rendered.records import Names, Wrong
from intent_assets.rendered.sources import Sources
from intent_assets.rendered.values import Values

_KEYS = {"id", "record", "field", "kind", "display"}
"""By which a row of a ledger is known."""
_DAYS = {"event_date", "due_date", "until_date"}
"""Fields whose value is counted with."""


class InvalidLedger(IntentError):
    """A ledger with a row that is no fact; says which row and why."""


class RenderedFinding(Record):
    """A statement of a text that the ledger does not bear out: `quote` is `text[start:end]`.

    `reason` says what the ledger has instead, for a person; `section` is the heading above it.
    """

    start: int
    end: int
    quote: str
    fault: Fault
    reason: str
    confidence: float = Field(default=0.95, ge=0, le=1)
    section: str | None = None


def verify_rendered(text: str, facts: Sequence[Fact]) -> list[RenderedFinding]:
    """Return what `text` states and the ledger `facts` does not, in the order of its places.

    `text` is markdown as `rendering.markdown` writes it, a version that somebody edited, or plain prose about it. A
    figure, date, address, name or state needs a fact that shows it, in this spelling or another correct one, of the
    record and buyer that it is told of. Layout, footnotes and the words that code writes itself are no statements.
    """
    if not facts:
        raise ValueError("there is no fact to check the text against")
    return _Reading(text, facts).findings()


def facts_of(evidence: object) -> tuple[Fact, ...] | None:
    """Return the ledger that parsed JSON is, as `intent show DOMAIN --ledger` prints it; None for any other JSON.

    Raises `InvalidLedger` for a ledger with a row that is no fact.
    """
    rows = evidence if isinstance(evidence, list) else []
    if not rows or not all(isinstance(row, dict) and row.keys() >= _KEYS for row in rows):
        return None
    facts = []
    for number, row in enumerate(rows, 1):
        try:
            facts.append(Fact.model_validate_json(json.dumps(row)))
        except ValidationError as problem:
            first = problem.errors(include_input=False, include_url=False)[0]
            where = ".".join(str(part) for part in first["loc"])
            raise InvalidLedger(f"fact {number} of the ledger: {where}: {first['msg']}") from None
        if facts[-1].field in _DAYS and not _is_day(facts[-1].value):
            raise InvalidLedger(f"fact {number} of the ledger: value: {facts[-1].field} is a day, YYYY-MM-DD")
    return tuple(facts)


def _is_day(value: object) -> bool:
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def reply_of(facts: Iterable[Fact], as_of: date) -> Reply:
    """Return the reply as far as the ledger tells of it."""
    told = {fact.field: fact.value for fact in facts if fact.record == "reply"}
    texts = {
        name: value
        for name in ("company", "prospect_name", "product_description", "reply_text", "campaign_name")
        if isinstance(value := told.get(name), str)
    }
    received = datetime.combine(as_of, time(), UTC)
    domain = str(told.get("domain") or "unknown.invalid")
    return Reply(reply_id="of the ledger", domain=domain, received_at=received, source="manual", **texts)


class _Reading:
    """Goes through a text line by line, and knows whose section each line stands in."""

    def __init__(self, text: str, facts: Sequence[Fact]) -> None:
        self._text = text
        self._lines = read_lines(text)
        self._by_block: defaultdict[int, list[str]] = defaultdict(list)
        for line in self._lines:
            if line.kind == "text":
                self._by_block[line.block].append(line.piece.text)
        self._buyers = of_buyers(facts)
        as_of = max(fact.as_of for fact in facts)
        values, names = Values(facts), Names(facts)
        self._blocks = Blocks(values, names)
        self._prose = Prose(values, names, AllowedNames.of(reply_of(facts, as_of), facts), as_of)
        self._featured = next((fact.buyer_id for fact in facts if fact.record == "buyer"), None)
        self._is_report = any(line.kind == "title" or self._is_own(line) for line in self._lines)
        self._sources = Sources(values)
        self._taken = bytearray(len(text))
        self._in_cards = False
        self._section: str | None = None
        self._buyer: str | None = self._featured if self._is_report else None

    def findings(self) -> list[RenderedFinding]:
        found: dict[Span, RenderedFinding] = {}
        for number, line in enumerate(self._lines):
            self._enter(line, number)
            self._add(found, self._of_line(line))
        self._section = None
        told = {self._line_of(start) for start, _ in found}  # a footnote is wrong where the statement before it is
        lost = [each for each in self._sources.notes(self._lines) if self._line_of(each[0][0]) not in told]
        self._add(found, lost)
        return [found[place] for place in sorted(found)]

    def _line_of(self, place: int) -> int:
        return self._text.count("\n", 0, place)

    def _add(self, found: dict[Span, RenderedFinding], more: Iterable[tuple[Span, Fault, str]]) -> None:
        for (start, end), fault, reason in more:
            if start < end and not any(self._taken[start:end]):
                self._taken[start:end] = b"\x01" * (end - start)
                quote = self._text[start:end]
                found[start, end] = RenderedFinding(
                    start=start, end=end, quote=quote, fault=fault, reason=reason, section=self._section
                )

    def _is_own(self, line: Line) -> bool:
        return line.kind == "heading" and line.piece.text in HEADINGS

    def _enter(self, line: Line, number: int) -> None:
        """Take notice of a heading: which section begins, and which buyer it is about."""
        if line.kind not in {"heading", "title"}:
            return
        text = line.piece.text
        self._section = text or None
        self._in_cards = text == OTHERS or (self._in_cards and line.level > 2)
        if line.level > 2 and self._is_report:
            self._buyer = self._of_card(number) or self._buyers.get(text)
        else:
            of_all = text in {OTHERS, NOBODY, SCANNED, SOURCES}
            self._buyer = self._buyers.get(text, self._featured if self._is_report and not of_all else None)

    def _of_card(self, number: int) -> str | None:
        """Return the buyer that the lines below a heading name most."""
        below = takewhile(lambda line: line.kind in {"text", "row"}, self._lines[number + 1 :])
        text = "\n".join(piece.text for line in below for piece in line.pieces)
        named = {buyer_id: text.count(name) for name, buyer_id in self._buyers.items() if name in text}
        return max(named, key=lambda buyer_id: named[buyer_id], default=None)

    def _of_line(self, line: Line) -> Iterator[tuple[Span, Fault, str]]:
        for piece, wrong in self._checked(line):
            for each in wrong:
                yield piece.place(each.start, each.end), each.fault, each.reason
            yield from self._blocks.check_links(piece)

    def _checked(self, line: Line) -> Iterator[tuple[Piece, Sequence[Wrong]]]:
        piece = line.piece
        if line.kind == "source":
            yield piece, self._sources.check(piece)
        elif line.kind == "title" and (wrong := self._blocks.check_title(piece.text)) is not None:
            yield piece, wrong
        elif line.kind in {"heading", "title"}:
            yield piece, self._heading(line)
        elif line.kind == "row":
            yield from self._row(line)
        elif self._blocks.is_fixed(piece.text) or piece.text in HEADINGS:
            yield piece, []
        elif piece.text.startswith(WHY):
            wrong = self._blocks.check_why(piece, self._buyer, self._beside(line))
            yield piece, [*wrong, *self._prose.check(piece.text, self._buyer, author="code")]
        elif self._blocks.label(piece.text) is not None:
            yield piece, self._blocks.check_label(piece, self._buyer, self._beside(line))
        else:
            step = next((step for step in STEPS if piece.text.startswith(step)), "")
            rest = piece.part(len(step))
            yield rest, self._prose.check(rest.text, self._buyer)

    def _heading(self, line: Line) -> list[Wrong]:
        text = line.piece.text
        if text in HEADINGS:
            return []
        if self._in_cards and self._buyers.get(text, "") != self._buyer:
            named = next((name for name, buyer_id in self._buyers.items() if buyer_id == self._buyer), None)
            reason = f"what stands below is about {named}" if named else "no buyer of the ledger has this name"
            return [Wrong(0, len(text), "unknown_name", reason)]
        return [] if text in self._buyers else self._prose.check(text, self._buyer)

    def _beside(self, line: Line) -> str:
        """Return what stands in the same callout, list or paragraph."""
        return "\n".join(self._by_block[line.block])

    def _row(self, line: Line) -> Iterator[tuple[Piece, Sequence[Wrong]]]:
        cells = self._blocks.check_row(line, self._buyer, of_nobody=self._section == NOBODY)
        if cells is None:
            cells = self._prose.check_cells([piece.text for piece in line.pieces], self._buyer)
        yield from zip(line.pieces, cells, strict=False)
