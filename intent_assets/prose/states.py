"""Words of state (open, closed, awarded) in a text against the status of a record."""

import re
from collections.abc import Iterator

from intent_assets.prose.fields import Evidence
from intent_assets.prose.findings import FITS, Fault

_ALIKE = (
    {"open", "active", "accepting", "ongoing", "current"},
    {"closed", "ended", "expired", "past", "inactive", "over"},
    {"awarded"},
    {"cancelled", "canceled", "withdrawn"},
    {"upcoming", "planned", "forecast", "forecasted"},
    {"draft"},
    {"discontinued"},
)
_KEYS = {"status", "state", "stage"}
STATES = "|".join(sorted(word for group in _ALIKE for word in group))
"""The words of state, as a part of a pattern."""
_STATE = re.compile(
    r"\b(?:is|are|was|remains?|stays?|has\sbeen|have\sbeen)\s(?P<not>not\s)?(?:still\s|now\s|already\s|currently\s|no\slonger\s)*"
    r"(?P<word>" + STATES + r")\b",
    re.IGNORECASE,
)
_NO_LONGER = re.compile(r"\bno\slonger\b", re.IGNORECASE)


class States:
    """The status of each record, or of the only one."""

    def __init__(self, evidence: Evidence) -> None:
        self._status: dict[int, tuple[str, str]] = {}
        for leaf in evidence.leaves:
            key = leaf.path[-1].lower() if leaf.path else ""
            if key in _KEYS and isinstance(leaf.value, str) and group_of(leaf.value) is not None:
                self._status.setdefault(leaf.record, (leaf.label, leaf.value))

    def check(self, sentence: str, records: frozenset[int]) -> Iterator[Fault]:
        """Yield the faults of a sentence about records (none for the only one there is), or that it fits."""
        told = [self._status[record] for record in sorted(records) if record in self._status]
        if not records and len({value.lower() for _, value in self._status.values()}) == 1:
            told = list(self._status.values())
        if not told:
            return
        groups = {group_of(value) for _, value in told}
        for found in _STATE.finditer(sentence):
            denied = bool(found["not"] or _NO_LONGER.search(found[0]))
            fits = groups != {group_of(found["word"])} if denied else group_of(found["word"]) in groups
            label, value = told[0]
            place = found.span("word")
            yield Fault(*place, FITS, "") if fits else Fault(*place, "state", f"{label} is {value!r}")


def group_of(text: str) -> int | None:
    """Return the number of the states that a text names one of, None if it names none."""
    words = set(re.findall(r"[a-z]+", text.lower()[:60]))
    return next((number for number, group in enumerate(_ALIKE) if words & group), None)
