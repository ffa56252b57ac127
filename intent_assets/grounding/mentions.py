"""What a sentence mentions, and which record its words tie a fact to.

Records are named by anchors: the title of an opportunity, the name of a contact or of a buyer, in a slot or, for
people, in plain words. A fact next to anchors belongs to one of them by the words between: the anchor right behind it
("the open RFP T"), else the nearest one before it in the same clause ("T is due D"), else the nearest one at all.
Anchors in a list ("T and U are due D and E") share what follows, in their order.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from intent_assets.grounding.ledger import Ledger, RecordKey, key_of
from intent_assets.grounding.text import SLOT_MARK, Plain
from intent_assets.records import Fact, FactRecord

_I = re.IGNORECASE
_NOUN = (
    r"(?:rfps?|rfis?|rfqs?|bids?|tender|solicitation|contract|agreement|purchase|order|purchase order|meeting|session"
    r"|plan|record|opportunity|signal|document|project|board|strategic)"
)
_RIGHT_BEHIND: dict[FactRecord, re.Pattern[str]] = {
    "opportunity": re.compile(rf"\s+(?:{_NOUN}\s+)*(?:(?:titled|called|named|record)\s+)?", _I),
    "contact": re.compile(r",?\s+"),
}
_RIGHT_BEFORE: dict[FactRecord, re.Pattern[str]] = {"contact": re.compile(r",?\s+|\s*\(\s*|'s?\s+")}
_CLAUSE = re.compile(
    r"[;:—–]|\s-\s|,\s+(?:and|but|while|whereas|then|so|yet|or|though|although|because|since|as)\b"
    r"|\b(?:while|whereas|but|although|though)\b",
    _I,
)
_ASIDE = re.compile(r",\s+(?:which|who|whose|where)\b[^,;]*?,|\([^()]*\)", _I)
_LIST = re.compile(rf"\s*(?:,\s*(?:and|or)?|\band|\bor)\s+(?:(?:the|also|then|on|for|about)\s+)*(?:{_NOUN}\s+)*", _I)
_GOES_ON = re.compile(r"\s+and\s+(?:is|was|has|had|runs|ran|asks|asked|\w+(?:es|ends|s))\s", _I)
_GOES_BACK = re.compile(
    r"\s*(?:it|its|this|that|these|the (?:record|rfp|contract|meeting|plan|order|purchase|bid)|bids|both)\b", _I
)

ANCHORS: dict[FactRecord, str] = {"opportunity": "title", "contact": "name", "buyer": "name"}
"""The fields that name a record."""


@dataclass(frozen=True)
class Mention:
    """A fact in a text: in a slot, or (`typed`) its words."""

    start: int
    end: int
    fact: Fact
    typed: bool = False

    @property
    def key(self) -> RecordKey:
        """The record that it comes from."""
        return key_of(self.fact)


@dataclass(frozen=True)
class Sentence:
    """One sentence of a text with what it mentions; places are those of the whole plain text."""

    text: str
    start: int
    end: int
    mentions: tuple[Mention, ...]
    before: "Sentence | None" = None

    @property
    def words(self) -> str:
        """The words of the sentence."""
        return self.text[self.start : self.end]

    @cached_property
    def slots(self) -> tuple[Mention, ...]:
        """The mentions that are slots."""
        return tuple(each for each in self.mentions if not each.typed)

    def anchors(self, record: FactRecord) -> list[Mention]:
        """Return what names records of this type; people without a name are named by their job title."""
        found = [each for each in self.mentions if each.fact.record == record and each.fact.field == ANCHORS[record]]
        if record == "contact":
            found += [each for each in self.slots if each.fact.field == "prospect_name"]
            found = found or [each for each in self.slots if each.fact.record == record and each.fact.field == "title"]
        return sorted(found, key=lambda each: each.start)

    @cached_property
    def _bounds(self) -> list[int]:
        return [found.end() for found in _CLAUSE.finditer(self.text, self.start, self.end)]

    @cached_property
    def _asides(self) -> list[tuple[int, int]]:
        return [found.span() for found in _ASIDE.finditer(self.text, self.start, self.end)]

    def clause(self, place: int) -> tuple[int, int]:
        """Return the span of the clause in which `place` stands."""
        start = max((bound for bound in self._bounds if bound <= place), default=self.start)
        end = min((bound for bound in self._bounds if bound > place), default=self.end)
        return start, end

    def _aside(self, place: int) -> tuple[int, int] | None:
        return next((span for span in self._asides if span[0] <= place < span[1]), None)

    def owners(self, start: int, end: int, record: FactRecord) -> tuple[Mention, ...]:
        """Return the anchors to which the words tie what stands at `start:end`: one, those of a list, or none."""
        named = self.anchors(record)
        inside = self._aside(start)
        anchors = [each for each in named if (aside := self._aside(each.start)) is None or aside == inside]
        anchors = [each for each in anchors if each.end <= start or each.start >= end]
        beside = next((each for each in anchors if self._is_right_before(each, start, record)), None)
        if beside:
            return (beside,)
        behind = next((each for each in anchors if each.start >= end), None)
        if behind and self._is_right_behind(end, behind, record):
            return (behind,)
        if inside:
            own = [each for each in anchors if inside[0] <= each.start and each.end <= start]
            if own:
                return (own[-1],)
        here = self.clause(start)
        for one in (
            [each for each in anchors if here[0] <= each.start and each.end <= start][-1:],
            [each for each in anchors if end <= each.start < here[1]][:1],
            [each for each in anchors if each.end <= start][-1:],
            [each for each in anchors if each.start >= end][:1],
        ):
            if one:
                return self._listed(one[0], anchors, start)
        if self.before is not None and _GOES_BACK.match(self.words):
            return tuple(self.before.anchors(record)[-1:])
        return ()

    def _is_right_behind(self, end: int, anchor: Mention, record: FactRecord) -> bool:
        glue = _RIGHT_BEHIND.get(record)
        return glue is not None and glue.fullmatch(self.text, end, anchor.start) is not None

    def _is_right_before(self, anchor: Mention, start: int, record: FactRecord) -> bool:
        glue = _RIGHT_BEFORE.get(record)
        return glue is not None and anchor.end <= start and glue.fullmatch(self.text, anchor.end, start) is not None

    def _listed(self, one: Mention, anchors: Sequence[Mention], start: int) -> tuple[Mention, ...]:
        """Return the list of anchors that ends with `one`; of "T replaces U and ends D" the subject."""
        if one.start >= start:
            return (one,)
        at = anchors.index(one)
        first = at
        while first and _LIST.fullmatch(self.text, anchors[first - 1].end, anchors[first].start):
            first -= 1
        if first < at:
            return tuple(anchors[first : at + 1])
        if (
            at
            and _GOES_ON.match(self.text, one.end, start)
            and self.clause(anchors[at - 1].start) == self.clause(start)
        ):
            return (anchors[at - 1],)
        return (one,)


def sentences(plain: Plain, ledger: Ledger, typed: Sequence[Mention] = (), words: str = "") -> Iterator[Sentence]:
    """Yield the sentences of a text; `typed` are mentions in plain words, `words` its text with fine words masked."""
    places = [place for place, char in enumerate(plain.text) if char == SLOT_MARK]
    mentions = [
        Mention(place, place + 1, ledger[fact_id])
        for place, fact_id in zip(places, plain.ids, strict=True)
        if fact_id in ledger
    ]
    everything = sorted([*mentions, *typed], key=lambda each: each.start)
    before = None
    for start, end in plain.sentences():
        here = tuple(each for each in everything if start <= each.start < end)
        before = Sentence(words or plain.text, start, end, here, before)
        yield before
