"""How many there are, and which is the largest: claims of a text about a list of records."""

import re
from collections.abc import Iterator, Mapping, Sequence

from intent_assets.prose.fields import Evidence
from intent_assets.prose.figures import WORDS
from intent_assets.prose.findings import FITS, Fault
from intent_assets.prose.states import STATES, group_of
from intent_assets.prose.vocabulary import name_words

_COUNT = r"[0-9]{1,4}|" + "|".join(WORDS)
_OF = re.compile(
    rf"\b(?P<some>{_COUNT})\s(?:out\s)?of\s(?:the\s)?(?P<all>{_COUNT})\s(?P<noun>[A-Za-z-]+)"
    rf"(?:\s(?:are|were|is)\s(?:still\s)?(?P<state>{STATES})\b)?",
    re.IGNORECASE,
)
_THERE = re.compile(
    rf"\b(?:there\s(?:are|were)|lists?|has|have|shows?)\s(?:only\s)?(?P<all>{_COUNT})\s"
    rf"(?:(?P<state>{STATES})\s)?(?P<noun>[A-Za-z-]+)",
    re.IGNORECASE,
)
_LARGEST = re.compile(
    r"\b(?P<high>largest|biggest|highest|most\sexpensive)|\b(?:smallest|lowest|cheapest)\b", re.IGNORECASE
)
_RECORDS = name_words(
    ("record", "item", "entry", "row", "result", "opportunity", "rfp", "tender", "bid", "contract", "signal", "buyer")
)
_MOST = 2000


class Lists:
    """The lists of records of a JSON: how many there are, in which state, and the amount of each."""

    def __init__(self, evidence: Evidence, names: Sequence[tuple[str, int]]) -> None:
        self._names = names
        self._lists = [(name_words(path), records) for path, records in evidence.lists.items() if len(records) > 1]
        self._alike = evidence.alike
        members = {record for _, records in self._lists for record in records}
        self._states: dict[int, int] = {}
        self._amounts: dict[int, float] = {}
        for leaf in evidence.leaves:
            if leaf.record not in members or not leaf.path:
                continue
            if leaf.path[-1].lower() in ("status", "state", "stage") and isinstance(leaf.value, str):
                state = group_of(leaf.value)
                if state is not None:
                    self._states.setdefault(leaf.record, state)
            elif isinstance(leaf.value, float) and "amount" in name_words(leaf.path[-1:]):
                self._amounts.setdefault(leaf.record, leaf.value)

    def check(self, sentence: str) -> Iterator[Fault]:
        """Yield the faults of a sentence, and what of it fits."""
        if not self._lists:
            return
        for pattern in (_OF, _THERE):
            for found in pattern.finditer(sentence):
                yield from self._counted(found, found.groupdict())
        yield from self._largest(sentence)

    def _counted(self, found: re.Match[str], told: Mapping[str, str | None]) -> Iterator[Fault]:
        records = self._named(told["noun"] or "")
        if records is None:
            return
        state = group_of(told["state"]) if told["state"] else None
        in_state = sum(self._states.get(record) == state for record in records)
        if state is not None and not any(record in self._states for record in records):
            return
        place = found.start("some") if "some" in told else found.start("all")
        expected = {"some": in_state, "all": len(records)} if "some" in told else {"all": len(records)}
        if "some" not in told and state is not None:
            expected = {"all": in_state}
        if state is None:
            expected.pop("some", None)
        wrong = any(_number(told[name]) != number for name, number in expected.items())
        of_them = f", {in_state} of them {told['state']}" if state is not None else ""
        reason = f"the list has {len(records)} records{of_them}"
        yield Fault(place, found.end(), "list/count", reason) if wrong else Fault(place, found.end(), FITS, "")

    def _named(self, noun: str) -> list[int] | None:
        """Return the records that a noun counts: those of the list of that name, or of the only list."""
        means = name_words([noun])
        named = [records for words, records in self._lists if words & means]
        if not named and means & _RECORDS and len(self._lists) == 1:
            named = [records for words, records in self._lists if not words and self._alike]
        return named[0] if len(named) == 1 else None

    def _largest(self, sentence: str) -> Iterator[Fault]:
        if len(self._amounts) < 2:
            return
        lowered = sentence.lower()
        named = [(name, record) for name, record in self._names[:_MOST] if record in self._amounts and name in lowered]
        found = _LARGEST.search(sentence)
        if found is None or len({record for _, record in named}) != 1:
            return
        name, record = named[0]
        best = (max if found["high"] else min)(self._amounts.values())
        if self._amounts[record] == best:
            return
        other = next(other for other, amount in self._amounts.items() if amount == best)
        called = next((known for known, number in self._names if number == other), "another record")
        place = lowered.find(name)
        start, end = min(place, found.start()), max(place + len(name), found.end())
        yield Fault(
            start, end, "list/extreme", f"amount of {name} is {self._amounts[record]:,.10g}, of {called} {best:,.10g}"
        )


def _number(text: str | None) -> int:
    return WORDS[text.lower()] if text and text.lower() in WORDS else int(text or 0)
