"""What a text says that something has or lacks, against fields that hold yes or no."""

import re
from collections.abc import Iterator

from intent_assets.prose.fields import Evidence
from intent_assets.prose.findings import Fault
from intent_assets.prose.sentences import Sentence

_NO = re.compile(r"(?:no|none|false|n/a|not available|no video recorder)", re.IGNORECASE)
_YES = re.compile(r"(?:yes|true|available)\b", re.IGNORECASE)
_OTHER_NAMES = {
    "wlan": r"wi-?fi|wlan",
    "positioning": r"gps",
    "3.5mm jack": r"3\.5\s?mm\s(?:\w+\s){0,2}(?:jack|port)|(?:headphone|audio)\sjack",
    "radio": r"(?:fm\s)?radio",
    "card slot": r"(?<!sim\s)(?<!sim-)(?:memory\s)?card\sslot|micro-?sd\w*",
}
_DENIAL = re.compile(
    r"\b(?:no|not|without|lacks?|lacking|nor|neither|n't|doesn’t|absence|absent|excluding|missing|free\sof)\b",
    re.IGNORECASE,
)
_ABSENT = re.compile(r"\s?\(?(?:absent|not\s|no\b|is\snot|are\snot|unavailable)", re.IGNORECASE)
_OWN = re.compile(
    r"\b(?:but|however|although|it\s(?:also\s)?(?:does\s)?(?:have|has|feature|support)|does\shave)\b", re.IGNORECASE
)
_HEDGE = re.compile(r"\b(?:optional|where|depending|may|some\s(?:models|markets|versions))\b", re.IGNORECASE)


class Features:
    """The yes and no of a JSON by the names of their fields."""

    def __init__(self, evidence: Evidence) -> None:
        told: dict[str, set[bool]] = {}
        labels: dict[str, tuple[str, str]] = {}
        for leaf in evidence.leaves:
            if not leaf.path or not 2 < len(leaf.path[-1].strip()) < 40:
                continue
            answer = _answer(leaf.value)
            name = leaf.path[-1].strip().lower().replace("_", " ").removeprefix("has ").removeprefix("is ")
            told.setdefault(name, set()).add(True if answer is None else answer)
            labels[name] = (".".join(leaf.path[-2:]), str(leaf.value))
        self._answers = {name: next(iter(answers)) for name, answers in told.items() if len(answers) == 1}
        self._labels = labels
        names = [name for name, answers in told.items() if answers == {False}][:200]
        names += [name for name in self._answers if name in _OTHER_NAMES and name not in names]
        self._names = {f"n{number}": name for number, name in enumerate(names)}
        self._pattern = re.compile(
            "|".join(
                rf"(?P<{key}>\b(?:{_OTHER_NAMES.get(name) or re.escape(name)})\b)" for key, name in self._names.items()
            )
            or r"(?!)",
            re.IGNORECASE,
        )

    def check(self, said: Sentence) -> Iterator[Fault]:
        """Yield the faults of a sentence."""
        sentence = said.text
        for found in self._pattern.finditer(sentence):
            name = self._names[found.lastgroup or ""]
            before = sentence[: found.start()]
            own = list(_OWN.finditer(before))
            clause = before[own[-1].start() :] if own else before
            denied = bool(_DENIAL.search(clause))
            denied = denied or bool(_ABSENT.match(sentence, found.end()))
            if _HEDGE.search(sentence):
                continue
            label, value = self._labels[name]
            if denied == self._answers[name]:
                kind = "feature/denied" if denied else "feature/absent"
                yield Fault(found.start(), found.end(), kind, f"{label} is {value[:60]!r}")


def _answer(value: object) -> bool | None:
    """Return what a value says: no, yes, or None for anything else, which is something and so a yes."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        text = value.strip()
        if _NO.fullmatch(text):
            return False
        if _YES.match(text):
            return True
    return None
