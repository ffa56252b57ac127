"""Templates to pieces of text: the one walk that every renderer shares.

A `Text` holds slots; a slot is replaced once, by its fact's display text, and what comes in that way is never
looked at again: slot syntax, markdown or HTML inside a source text stays plain text, which each renderer escapes.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

from intent_assets.claims import Finding
from intent_assets.errors import IntentError
from intent_assets.records import Fact
from intent_assets.reports import Report, Text
from intent_assets.slots import SLOT, slots

__all__ = [
    "Run",
    "UnknownSlot",
    "bind",
    "clean",
    "footnote_numbers",
    "joined",
    "notes",
    "plain",
    "runs",
    "safe_link",
    "slots",
]

MAX_LINK = 2000
_SLOT_AND_STOP = re.compile(SLOT.pattern + r"(?P<stop>\.(?!\.))?")
_SPACE = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_SURROGATE = re.compile("[\ud800-\udfff]")
_BIDI_CONTROL = re.compile("[\u202a-\u202e\u2066-\u2069]")
_LABEL = re.compile(r"[^:{}.!?]{1,40}:(?=\s)")
_ADDRESS = re.compile(r"[^\s@<>()\[\]\\,;:?&\"]+@[^\s@<>()\[\]\\,;:?&\"]+\.[^\s@<>()\[\]\\,;:?&\"]+")


class UnknownSlot(IntentError):
    """A template holds a slot for which there is no fact; `fact_id` names it."""

    def __init__(self, fact_id: str, template: str) -> None:
        self.fact_id = fact_id
        super().__init__(f"no fact {fact_id} for the slot in {template!r}: take it out, or add the fact to the report")


@dataclass(frozen=True)
class Run:
    """A piece of text in one style. `footnote` is the number of the source that the piece `[n]` stands for.

    `link` is an address that `safe_link` lets pass; a footnote has the one of its source.
    """

    text: str
    bold: bool = False
    link: str | None = None
    footnote: int | None = None


def clean(text: str) -> str:
    """Return `text` on one line: whitespace, control and direction characters become single spaces."""
    return _SPACE.sub(" ", _BIDI_CONTROL.sub("", _SURROGATE.sub("\ufffd", text)))


def bind(template: str, facts: Mapping[str, Fact], *, strict: bool = True) -> str:
    """Return `template` with each slot replaced by its fact's display text.

    A slot without a fact raises `UnknownSlot`; without `strict` it stays as it is typed.
    """

    def display(match: re.Match[str]) -> str:
        if not strict and match[1] not in facts:
            return match[0]
        shown = _fact(match[1], template, facts).display
        return shown + _stop_behind(shown, match)

    return _SLOT_AND_STOP.sub(display, template)


def in_words(finding: Finding, facts: Mapping[str, Fact]) -> Finding:
    """Return a finding with its quote as a reader would see it."""
    return finding.model_copy(update={"shown": bind(finding.quote, facts, strict=False)})


def safe_link(target: str | None) -> str | None:
    """Return `target` if it is an http, https or mailto address of at most 2,000 characters, else None."""
    if target is None or len(target) > MAX_LINK or clean(target) != target or " " in target:
        return None
    try:
        parts = urlsplit(target)
        if parts.scheme in ("http", "https") and parts.hostname and (parts.port is None or parts.port > 0):
            return target
    except ValueError:
        return None
    return target if parts.scheme == "mailto" and _ADDRESS.fullmatch(target.removeprefix("mailto:")) else None


def runs(text: Text, report: Report, *, footnotes: bool = True, label: bool = False, strict: bool = True) -> list[Run]:
    """Return the pieces of one sentence; `footnotes` ends it with `[n]`, `label` sets a leading `Word:` of ours bold.

    A slot whose fact is not among `report.facts` raises `UnknownSlot`; without `strict` it is shown as it is typed.
    """
    facts = _index_of(report).facts
    pieces = list(_merged(_pieces(text, facts, label=label and text.author == "code", strict=strict)))
    if footnotes:
        pieces.extend(notes([text], report))
    return pieces


def notes(texts: Iterable[Text], report: Report) -> list[Run]:
    """Return the footnote pieces of `texts` together: each source once, in the order of the numbers."""
    links = _index_of(report).links
    return [Run(f"[{number}]", link=links[number], footnote=number) for number in footnote_numbers(texts, report)]


def footnote_numbers(texts: Iterable[Text], report: Report) -> list[int]:
    """Return the numbers of the sources that the facts in `texts` come from, and those that computed ones rest on."""
    index = _index_of(report)
    found: set[int] = set()
    seen: set[str] = set()
    waiting = [fact_id for text in texts for fact_id in slots(text.template)]
    while waiting:
        fact_id = waiting.pop()
        if fact_id in seen:
            continue
        seen.add(fact_id)
        found |= index.numbers.get(fact_id, set())
        if fact_id in index.facts:
            waiting.extend(index.facts[fact_id].cited_bases)
    return sorted(found)


@dataclass(frozen=True)
class _Index:
    """What each piece of a report's text looks up: facts by id, footnote numbers by fact, links by number."""

    facts: Mapping[str, Fact]
    numbers: Mapping[str, set[int]]
    links: Mapping[int, str | None]


@dataclass(frozen=True, eq=False)
class _Same:
    """A report as a key that is equal to nothing but the very same object, without a look at its content."""

    report: Report

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.report is self.report

    def __hash__(self) -> int:
        return id(self.report)


def _index_of(report: Report) -> _Index:
    return _indexed(_Same(report))


@lru_cache(maxsize=4)
def _indexed(key: _Same) -> _Index:
    report = key.report
    numbers: dict[str, set[int]] = {}
    for source in report.sources:
        for fact_id in source.fact_ids:
            numbers.setdefault(fact_id, set()).add(source.number)
    return _Index(
        facts={fact.id: fact for fact in report.facts},
        numbers=numbers,
        links={source.number: safe_link(source.url) for source in report.sources},
    )


def joined(sentences: Sequence[Sequence[Run]], separator: str = " ") -> list[Run]:
    """Return the pieces of several sentences one after the other, with a piece `separator` between them."""
    out: list[Run] = []
    for sentence in sentences:
        if out and sentence:
            out.append(Run(separator))
        out.extend(sentence)
    return out


def plain(pieces: Iterable[Run]) -> str:
    """Return the pieces as plain text; a footnote is set off by a space."""
    out = ""
    for piece in pieces:
        if piece.footnote is not None and out and not out.endswith((" ", "\n")):
            out += " "
        out += piece.text
    return out


def _fact(fact_id: str, template: str, facts: Mapping[str, Fact]) -> Fact:
    if fact_id not in facts:
        raise UnknownSlot(fact_id, template)
    return facts[fact_id]


def _stop_behind(shown: str, slot: re.Match[str]) -> str:
    """Return the full stop behind a slot, unless what is shown in it ends with one of its own."""
    return "" if shown.rstrip().endswith((".", "!", "?", "…")) else slot["stop"] or ""


def _pieces(text: Text, facts: Mapping[str, Fact], *, label: bool, strict: bool) -> Iterator[Run]:
    template = text.template.strip()
    start = 0
    if label and (found := _LABEL.match(template)):
        yield Run(clean(found[0]), bold=True)
        start = found.end()
    for slot in _SLOT_AND_STOP.finditer(template, start):
        if slot.start() > start:
            yield Run(clean(template[start : slot.start()]))
        start = slot.end()
        if not strict and slot[1] not in facts:
            yield Run(slot[0])
            continue
        fact = _fact(slot[1], template, facts)
        yield Run(clean(fact.display), link=_link_of(fact))
        if stop := _stop_behind(fact.display, slot):
            yield Run(stop)
    if start < len(template):
        yield Run(clean(template[start:]))


def _link_of(fact: Fact) -> str | None:
    target = fact.value if isinstance(fact.value, str) else fact.display
    if fact.kind == "url":
        return safe_link(target.strip())
    if fact.kind == "email":
        return safe_link(f"mailto:{target.strip().removeprefix('mailto:')}")
    return None


def _merged(pieces: Iterable[Run]) -> Iterator[Run]:
    last: Run | None = None
    for piece in pieces:
        if last is not None and (last.bold, last.link) == (piece.bold, piece.link) and piece.link is None:
            last = Run(last.text + piece.text, bold=last.bold)
            continue
        if last is not None:
            yield last
        last = piece
    if last is not None and last.text:
        yield last
