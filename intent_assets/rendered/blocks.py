"""What code writes, checked against the ledger: labels with their values, table rows, sources and the title. Pure."""

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import unquote

from intent_assets.claims import Fault
from intent_assets.records import Fact
from intent_assets.rendered import values as spelled
from intent_assets.rendered.labels import COLUMNS, END_LINE, FIXED, GLUE, LABELS, OF_ANY, PROFILE_PHONE, SEEN
from intent_assets.rendered.lines import Line, Piece
from intent_assets.rendered.records import Names, Wrong, is_of
from intent_assets.rendered.values import Values, bare_address
from intent_assets.rendering.text import clean

_LABEL = re.compile(r"([^:{}.!?]{1,40}):(?:\s+|$)")
_VALUES: tuple[tuple[re.Pattern[str], Fault], ...] = (
    (spelled.EMAIL, "typed_email"),
    (spelled.URL, "typed_url"),
    (spelled.PHONE, "typed_phone"),
    (spelled.DATE, "typed_date"),
    (spelled.MONEY, "typed_figure"),
    (spelled.DAYS, "typed_figure"),
    (spelled.RATIO, "typed_figure"),
    (spelled.NUMBER, "typed_figure"),
)
_WORDS = re.compile(r"[^\s\x00,;()\[\]–]+(?:[ ,]+[^\s\x00,;()\[\]–]+)*")
_ONE_WORD = re.compile(r"[^\s\x00,;()\[\]–]+")
_TITLE = re.compile(r"Intent report: (?:(?P<company>.+) \((?P<domain>[^()]+)\)|(?P<bare>\S+))")
_NAMED = re.compile(r"\b(score|rank|signals|found) ([^,]+)")
_OF_CARD = ("name", "title", "email", "phone")
_ALIKE = 0.6
_NOTHING = frozenset({"–", "-", ""})

Record = tuple[str | None, str | None]


class Blocks:
    """Checks what code writes; answers None for what is none of its own."""

    def __init__(self, values: Values, names: Names) -> None:
        self._values = values
        self._names = names
        self._fixed = [pattern for template in FIXED if (pattern := self._pattern(template)) is not None]

    def label(self, text: str) -> str | None:
        """Return the label of ours that a text starts with."""
        found = _LABEL.match(text)
        return found[1] if found and found[1] in LABELS else None

    def is_fixed(self, text: str) -> bool:
        """Whether the whole text is one that code writes, with values of the ledger."""
        return bool(END_LINE.fullmatch(text)) or any(pattern.fullmatch(text) for pattern in self._fixed)

    def check_label(self, piece: Piece, buyer_id: str | None, block: str) -> list[Wrong]:
        """Return what is wrong behind a label; `block` is all that stands beside it."""
        found = _LABEL.match(piece.text)
        label = self.label(piece.text)
        if found is None or label is None:
            return []
        of_contact = re.search(r"^(?:Contact|E-mail): ", block, re.MULTILINE)
        record, fields = PROFILE_PHONE if label == "Phone" and not of_contact else LABELS[label]
        of_any = record == "run" or label in OF_ANY
        facts = self._of(record, fields, None if of_any else buyer_id)
        if len({(fact.buyer_id, fact.record_id) for fact in facts}) > 1 and label != SEEN:
            shown = block if record == "contact" or label == "Source" else piece.text
            pool = self._of("contact", _OF_CARD, buyer_id) if record == "contact" else facts
            chosen = self._likeliest([shown], [pool])
            facts = [fact for fact in facts if (fact.buyer_id, fact.record_id) == chosen]
        return self._check_value(piece.text, found.end(), facts, label)

    def check_why(self, piece: Piece, buyer_id: str | None, block: str) -> list[Wrong]:
        """Return what is wrong in the reason for which a contact is shown first."""
        facts = self._of("contact", (*_OF_CARD, "email_verified"), buyer_id)
        chosen = self._likeliest([block], [facts])
        verified = any(
            fact.field == "email_verified" and fact.value is True and (fact.buyer_id, fact.record_id) == chosen
            for fact in facts
        )
        found = re.search(r"(?<!not )\bverified\b" if not verified else r"\bnot verified\b", piece.text)
        reason = f"the e-mail address is {'verified' if verified else 'not verified'}"
        return [Wrong(*found.span(), "state_word", reason)] if found else []

    def check_row(self, line: Line, buyer_id: str | None, *, of_nobody: bool) -> list[list[Wrong]] | None:
        """Return what is wrong in each cell of a row of ours; None for a table of somebody else's."""
        if line.header not in COLUMNS:
            return None
        record, columns = COLUMNS[line.header]
        owned = [self._of(record, fields, buyer_id) for fields in columns]
        if of_nobody:
            owned = [[fact for fact in facts if fact.buyer_id is None] for facts in owned]
        texts = [piece.text for piece in line.pieces]
        chosen = self._likeliest(texts, owned)
        out = []
        for text, facts, name in zip(texts, owned, line.header, strict=False):
            own = [fact for fact in facts if (fact.buyer_id, fact.record_id) == chosen]
            out.append([] if text in _NOTHING else self._check_value(text, 0, own, name))
        return out

    def check_title(self, text: str) -> list[Wrong] | None:
        """Return what is wrong in a report's title; None if it is not ours."""
        found = _TITLE.fullmatch(text)
        if found is None:
            return None
        wrong = []
        for name, field in (("company", "company"), ("domain", "domain"), ("bare", "domain")):
            known = [str(fact.value) for fact in self._of("reply", (field,), None)]
            told = found[name]
            if told and known and not any(clean(each).strip().startswith(told.rstrip("…")) for each in known):
                reason = f"the reply is of {known[0]}"
                wrong.append(Wrong(*found.span(name), "unknown_name" if name == "company" else "typed_url", reason))
        return wrong

    def check_links(self, piece: Piece) -> Iterator[tuple[tuple[int, int], Fault, str]]:
        """Yield the links that lead to where no fact of their text leads: place of the target, fault, reason."""
        for link in piece.links:
            target = unquote(link.target)
            if target.lower().startswith("mailto:"):
                known = {fact.display.casefold() for fact in self._values.facts if fact.kind == "email"}
                fits = target[len("mailto:") :].casefold() in known
            else:
                text = piece.text[link.start : link.end].strip()
                urls = [fact for fact in self._values.facts if fact.kind == "url"]
                same = [fact for fact in urls if clean(fact.display).strip() == text]
                known = {bare_address(str(fact.value)) for fact in same or urls}
                known |= {bare_address(fact.source_url) for fact in self._values.facts if fact.source_url and not same}
                fits = bare_address(target) in known
            if not fits:
                yield link.place, "typed_url", "no fact of the ledger leads there"

    def _of(self, record: str, fields: Sequence[str], buyer_id: str | None) -> list[Fact]:
        return [
            fact
            for fact in self._values.facts
            if fact.record == record
            and (fact.field in fields or ("problem" in fields and fact.field.partition("_")[0] == "problem"))
            and is_of(fact, buyer_id)
        ]

    def _likeliest(self, texts: Sequence[str], owned: Sequence[Sequence[Fact]]) -> Record | None:
        """Return the record of which most texts show something, of those alike the one that shows the longest."""
        fits: dict[Record, list[int]] = {}
        for text, facts in zip(texts, owned, strict=False):
            for fact in facts:
                shown = clean(fact.display).strip()
                if shown in text:
                    fits.setdefault((fact.buyer_id, fact.record_id), [0] * len(texts))
            for record, lengths in fits.items():
                own = [clean(fact.display).strip() for fact in facts if (fact.buyer_id, fact.record_id) == record]
                lengths[texts.index(text)] = sum(len(shown) for shown in own if shown in text)
        return max(fits, key=lambda record: (sum(map(bool, fits[record])), sum(fits[record])), default=None)

    def _check_value(self, text: str, start: int, facts: Sequence[Fact], label: str) -> list[Wrong]:
        """Return what `text` says from `start` on besides the displays of `facts` and the words of code."""
        rest = list("\x00" * start + text[start:])
        named = list(_NAMED.finditer(text, start))
        for found in named:  # a word of code before a value says which of the fields it is
            own = Values([fact for fact in facts if fact.field.startswith(found[1])])
            said = "\x00" * found.start(2) + found[2]
            for mention in own.mentions(said, words=True):
                rest[mention.start : mention.end] = "\x00" * (mention.end - mention.start)
        others = [fact for fact in facts if not any(fact.field.startswith(found[1]) for found in named)]
        for mention in Values(others).mentions("".join(rest), words=True):
            rest[mention.start : mention.end] = "\x00" * (mention.end - mention.start)
        out: list[Wrong] = []
        for segment in re.finditer(r"[^\x00]+", "".join(rest)):
            if _is_said(segment[0]):
                out += self._unknown(segment, facts, label)
        return out

    def _unknown(self, segment: re.Match[str], facts: Sequence[Fact], label: str) -> Iterator[Wrong]:
        reason = self._reason(facts, label)
        texts = [fact for fact in facts if fact.kind in {"text", "quote", "title"} and fact.field != "deadline"]
        alike = max(texts, key=lambda fact: _ratio(fact.display, segment[0]), default=None)
        if alike is not None and _ratio(alike.display, segment[0]) > _ALIKE:
            changed = list(_changed(segment[0], clean(alike.display)))
            for start, end in changed or [(0, len(segment[0].rstrip()))]:
                yield Wrong(segment.start() + start, segment.start() + end, "altered_fact", reason)
            return
        rest = segment[0]
        for pattern, fault in _VALUES:
            for found in pattern.finditer(rest):
                place = (segment.start() + found.start(), segment.start() + found.end())
                yield Wrong(*place, fault, f"{reason}{self._elsewhere(found[0])}")
            rest = pattern.sub(lambda found: "\x00" * len(found[0]), rest)
        for found in _WORDS.finditer(rest):
            if _is_said(found[0]):
                fault = "state_word" if facts and all(fact.kind == "status" for fact in facts) else "unknown_name"
                place = (segment.start() + found.start(), segment.start() + found.end())
                yield Wrong(*place, fault, f"{reason}{self._elsewhere(found[0])}")

    def _reason(self, facts: Sequence[Fact], label: str) -> str:
        if not facts:
            return f"the ledger has nothing for {label!r} here"
        shown = ", ".join(dict.fromkeys(clean(fact.display) for fact in facts[:4]))
        return f"the ledger has {shown} for {label!r} of {self._names.of(facts[0])}"

    def _elsewhere(self, text: str) -> str:
        facts = [fact for mention in self._values.mentions(text) for fact in mention.facts[:1]]
        return f"; {facts[0].display} is {self._names.told(facts[0])}" if facts else ""

    def _pattern(self, template: str) -> re.Pattern[str] | None:
        out = ""
        for number, part in enumerate(re.split(r"\{(\w+\.\w+)\}", template)):
            if number % 2 == 0:
                out += re.escape(part)
                continue
            record, field = part.split(".")
            shown = {clean(fact.display).strip() for fact in self._of(record, (field,), None)}
            if not shown:
                return None
            out += f"(?:{'|'.join(map(re.escape, sorted(shown, key=len, reverse=True)))})"
        return re.compile(out.replace(r"\.", r"\.?"))


def of_buyers(facts: Sequence[Fact]) -> Mapping[str, str]:
    """Return the ids of the buyers by their names, as the ledger shows them."""
    return {
        clean(fact.display).strip(): fact.buyer_id
        for fact in reversed(facts)
        if fact.record == "buyer" and fact.field == "name" and fact.buyer_id
    }


def _is_said(text: str) -> bool:
    """Whether a text holds other words than those that code puts between values."""
    words = (word.strip(".:!?").lower() for word in _ONE_WORD.findall(text))
    return any(word and word not in GLUE for word in words)


def _ratio(display: str, text: str) -> float:
    return difflib.SequenceMatcher(None, clean(display), text.strip()).ratio()


def _changed(text: str, display: str) -> Iterator[tuple[int, int]]:
    """Yield the places of the words of `text` that are not those of `display`."""
    words = list(re.finditer(r"\S+", text))
    matcher = difflib.SequenceMatcher(None, display.split(), [word[0] for word in words], autojunk=False)
    for kind, _, _, start, end in matcher.get_opcodes():
        if kind in {"replace", "insert"}:
            yield words[start].start(), words[end - 1].end()
