"""Free sentences, turned back into slots and judged by the gate. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Literal

from intent_assets.claims import Fault, Finding
from intent_assets.grounding import AllowedNames, check_text
from intent_assets.grounding.words import LEFT_OPEN, UNLICENSED
from intent_assets.rendered.records import Meant, Names, Settled, Wrong, may_be_words, settle
from intent_assets.rendered.values import Mention, Values
from intent_assets.reports import Text
from intent_assets.slots import SLOT, slot

Author = Literal["claude", "code"]

_SENTENCE_END = re.compile(
    r"(?<!\bMr)(?<!\bMrs)(?<!\bMs)(?<!\bDr)(?<!\bSt)(?<!\bNo)(?<!\bvs)(?<!\bInc)(?<!\b[A-Za-z])[.!?…]+[\"')\]”]*\s+(?=\S)"
)
_TOO_LONG = re.compile(r"\S{300}|(?:\S{1,300}\s+){300}")
"""No word and no sentence of a person; the gate takes the square of a length, or worse."""
_NO_FACT: Mapping[Fault, str] = {
    "typed_figure": "the ledger has no such figure for this",
    "typed_date": "the ledger has no such date or time for this",
    "typed_email": "the ledger has no such e-mail address",
    "typed_phone": "the ledger has no such phone number",
    "typed_url": "the ledger has no such web address",
    "unknown_name": "the ledger has no such name here",
}
_SMALL = 3
"""Digits of a number that many facts may have."""
_IS_STATE = re.compile(r"\b(?:is|are|still|remains?) (open|closed|expired|running|upcoming|past)\b(?! (?:to|the|it))")
_STATES = ("open", "closed", "expired", "expiring", "running", "upcoming", "past")


class Prose:
    """Checks sentences against the ledger."""

    def __init__(self, values: Values, names: Names, allowed: AllowedNames, as_of: date) -> None:
        self._values = values
        self._facts = {fact.id: fact for fact in values.facts}
        self._names = names
        self._allowed = allowed
        self._as_of = as_of
        self._buyers = {
            fact.id: fact.buyer_id for fact in values.facts if fact.record == "buyer" and fact.field == "name"
        }

    def check(self, text: str, buyer_id: str | None, author: Author = "claude") -> list[Wrong]:
        """Return what a text says that the ledger does not; about one buyer, or about whom its sentences name.

        In a text of `code` names and words of state are its own vocabulary.
        """
        mentions = self._values.mentions(text)
        out: list[Wrong] = []
        before: list[Meant] = []
        about = buyer_id
        for start, end in _sentences(text, mentions):
            own = [
                Mention(each.start - start, each.end - start, each.facts, each.spelled)
                for each in mentions
                if start <= each.start and each.end <= end
            ]
            if buyer_id is None:
                about = self._named(own, about)
            settled = settle(text[start:end], own, about, before, self._names)
            whose = Text(template="", author=author, buyer_id=about)
            wrong = [*settled.wrong, *self._judged(text[start:end], settled, before, whose)]
            out += [replace(each, start=each.start + start, end=each.end + start) for each in wrong]
            before = [*settled.meant, *before]
        return out

    def check_cells(self, cells: Sequence[str], buyer_id: str | None) -> list[list[Wrong]]:
        """Return what is wrong in each cell of a row, which is read as one sentence."""
        text = "; ".join(cells)
        out: list[list[Wrong]] = []
        wrong = self.check(text, buyer_id)
        at = 0
        for cell in cells:
            end = at + len(cell)
            out.append(
                [
                    replace(each, start=each.start - at, end=each.end - at)
                    for each in wrong
                    if at <= each.start < each.end <= end
                ]
            )
            at = end + 2
        return out

    def _named(self, mentions: Sequence[Mention], before: str | None) -> str | None:
        """Return the one buyer that a sentence names or has the facts of, else that of the sentence before."""
        named = {self._buyers[fact.id] for each in mentions for fact in each.facts if fact.id in self._buyers}
        if len(named) == 1:
            return named.pop()
        if len(named) > 1:
            return None
        owners = [{fact.buyer_id for fact in each.facts} for each in mentions]
        certain = {next(iter(each)) for each in owners if len(each) == 1} - {None}
        if len(certain) == 1:
            return certain.pop()
        return None if certain else before

    def _judged(self, text: str, settled: Settled, before: Sequence[Meant], whose: Text) -> Iterator[Wrong]:
        """Yield the gate's findings on a sentence, read in the way that fits best; `whose` says of which buyer."""
        chosen: dict[Mention, Meant | None] = {each.mention: each for each in settled.meant}
        found = self._gate(text, settled.meant, whose)
        for each in settled.meant:
            # another fact with the same display, or words that only look like a fact
            readings = [replace(each, fact=fact) for fact in each.others]
            for other in (*readings, None) if may_be_words(text, each.mention) else readings:
                if not any(_touch(each.mention, at) for at, _ in found):
                    break
                tried = chosen | {each.mention: other}
                again = self._gate(text, [kept for kept in tried.values() if kept], whose)
                if len(again) < len(found):
                    chosen, found = tried, again
        meant = [kept for kept in chosen.values() if kept]
        yield from self._wrong_states(text, settled)
        for at, finding in found:
            if any(_overlap(at, each) for each in settled.wrong):
                continue
            if self._is_state(text[at[0] : at[1]], finding, whose.buyer_id, (*meant, *before)):
                continue
            doubt = next((each for each in settled.doubts if _overlap(at, each)), None)
            reason = _NO_FACT.get(finding.fault, finding.reason)
            yield Wrong(*at, doubt.fault if doubt else finding.fault, doubt.reason if doubt else reason)

    def _gate(self, text: str, meant: Sequence[Meant], whose: Text) -> list[tuple[tuple[int, int], Finding]]:
        template, places = _bound(text, meant)
        findings = check_text(whose.model_copy(update={"template": template}), self._facts, self._allowed, self._as_of)
        placed = [
            ((places[finding.start][0], places[finding.end - 1][1]), finding)
            for finding in findings
            if finding.start < finding.end
        ]
        return [(at, finding) for at, finding in placed if not _is_for_writing(finding, text[at[0] : at[1]])]

    def _wrong_states(self, text: str, settled: Settled) -> Iterator[Wrong]:
        """Yield states that a sentence gives to the records that it names and that none of them has."""
        mentions = [each.mention for each in settled.meant]
        named = [fact for each in mentions for fact in each.facts if fact.field == "title" and fact.state]
        for found in _IS_STATE.finditer(text):
            inside = any(_touch(each, found.span(1)) for each in mentions)
            if named and not inside and not any(fact.state == found[1] for fact in named):
                yield Wrong(*found.span(1), "state_word", f"{named[0].display} is {named[0].state}")

    def _is_state(self, word: str, finding: Finding, buyer_id: str | None, meant: Sequence[Meant]) -> bool:
        """Whether a word of state is the state of a record that the sentences name, or of any where they name none."""
        state = next((each for each in _STATES if re.match(each, word.lower())), None)
        if finding.fault != "state_word" or state is None:
            return False
        named = [each.fact for each in meant if each.fact.record == "opportunity"]
        facts = named or [f for f in self._facts.values() if f.record == "opportunity" and f.buyer_id == buyer_id]
        return any(fact.state == state for fact in facts)


def _bound(text: str, meant: Sequence[Meant]) -> tuple[str, list[tuple[int, int]]]:
    """Return the text with slots for the facts, and where each of its characters stands in the text."""
    template, at = "", 0
    places: list[tuple[int, int]] = []
    for each in meant:
        start, end = each.mention.start, each.mention.end
        template += text[at:start] + slot(each.fact.id)
        places += [(place, place + 1) for place in range(at, start)]
        places += [(start, end)] * len(slot(each.fact.id))
        at = end
    places += [(place, place + 1) for place in range(at, len(text))]
    return template + text[at:], places


def _sentences(text: str, mentions: Sequence[Mention]) -> list[tuple[int, int]]:
    """Return the places of the sentences; what a fact shows is never cut, what is too long to be a sentence is."""
    masked, bare = list(text), list(text)
    for each in mentions:
        last = each.end - 1 if text[each.end - 1] in ".!?…" else each.end
        masked[each.start : last] = "x" * (last - each.start)
        bare[each.start : each.end] = " " * (each.end - each.start)
    starts = {0, *(found.end() for found in _SENTENCE_END.finditer("".join(masked)))}
    inside = {place for each in mentions for place in range(each.start + 1, each.end)}
    starts |= {found.end() for found in _TOO_LONG.finditer("".join(bare)) if found.end() not in inside}
    ordered = sorted(starts)
    return [(start, end) for start, end in zip(ordered, [*ordered[1:], len(text)], strict=True) if start < end]


def _is_for_writing(finding: Finding, said: str) -> bool:
    """Whether the gate asks for another way of writing: no markup, plain words for a value, no odd place for a slot.

    That keeps a model from mistakes; in a text that stands it is none. A small number says nothing without its words.
    """
    unsaid = finding.reason.startswith(LEFT_OPEN) and not (said.isdigit() and len(said) <= _SMALL)
    unsaid = unsaid or finding.reason.startswith(UNLICENSED)
    only_place = finding.fault == "slot_misplaced" and SLOT.fullmatch(finding.quote) is not None
    return finding.fault == "markup" or unsaid or only_place


def _overlap(place: tuple[int, int], wrong: Wrong) -> bool:
    return place[0] < wrong.end and wrong.start < place[1]


def _touch(mention: Mention, place: tuple[int, int]) -> bool:
    return mention.start < place[1] and place[0] < mention.end
