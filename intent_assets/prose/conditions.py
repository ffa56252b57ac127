"""Words for what it is like ("light rain", "clear sky", "no snow") against the texts of records over time."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from intent_assets.prose.fields import Series
from intent_assets.prose.findings import Fault
from intent_assets.prose.vocabulary import words
from intent_assets.prose.windows import Window

_MOST_KINDS = 60
_LONGEST = 60
_COVER = r"(?:few|scattered|broken|overcast)"
_KINDS = {
    "rain": r"rain(?:fall|s|y|ing)?|showers?|drizzle",
    "snow": r"snow(?:fall|s|y|ing|flakes)?",
    "clear": r"clear(?:\sskies|\ssky)?|sunny|sunshine",
    "cloud": rf"{_COVER}(?:\s(?:and|or|to)\s{_COVER})*\s(?:clouds?|skies|sky|conditions|weather)|overcast",
    "thunderstorm": r"thunder(?:storms?)?",
    "fog": r"fog(?:gy)?",
    "mist": r"mist(?:y)?",
    "haze": r"haz[ey]",
}
_HOW = frozenset(["light", "moderate", "heavy", "few", "scattered", "broken", "overcast"])
_MENTION = re.compile(
    r"\b(?P<how>(?:very\s)?(?:light|moderate|heavy)(?:\s(?:to|and|or)\s(?:light|moderate|heavy))*\s)?(?:"
    + "|".join(f"(?P<{name}>{spelling})" for name, spelling in _KINDS.items())
    + r")\b",
    re.IGNORECASE,
)
_NOT = re.compile(r"\b(?:no|without|not|zero|little|minimal)\s(?:\w+\s){0,3}$", re.IGNORECASE)
_NOT_AFTER = re.compile(
    r"^(?:[\s,]|or|and|snow\w*|rain\w*|clouds?|precipitation)*\b(?:is|are)\s(?:not|no)\b", re.IGNORECASE
)
_HEDGED = re.compile(
    r"\b(?:chances?|possibility|possible|risk|likelihood|probability|mostly|mainly|partly|predominantly|relatively"
    r"|generally|some|occasional|potential|mix|mixture)\b[^.;]{0,40}$",
    re.IGNORECASE,
)


class Mention(NamedTuple):
    """A condition that a sentence tells: its place, its kind, the words for its strength, and whether it is denied."""

    start: int
    end: int
    kind: str
    how: frozenset[str]
    denied: bool
    hedged: bool


class Conditions:
    """The conditions of each record of a series, by the words of its texts."""

    def __init__(self, series: Series) -> None:
        self.columns = [
            path
            for path, values in series.texts.items()
            if len(kinds := set(values)) <= _MOST_KINDS and all(_is_wording(value or "") for value in kinds)
        ]
        self._texts = [
            ", ".join(dict.fromkeys(value for path in self.columns if (value := series.texts[path][number])))
            for number in range(len(series.records))
        ]
        self._words = [_meanings(text) for text in self._texts]
        every = frozenset().union(*self._words) if self._words else frozenset()
        self.known = bool(every & (set(_KINDS) | {"cloud"}))

    def check(self, mention: Mention, window: Window) -> Iterator[Fault]:
        """Yield the fault of a mention if no record of the window bears it out, or one contradicts its denial."""
        if not window.records:
            return
        fitting = [number for number in window.records if self._fits(mention, number)]
        scope = ("carried " if window.carried else "") + window.scope
        hedged = "hedged" if mention.hedged else "plain"
        if mention.denied and fitting:
            reason = f"{self._label} of {window.label} is {self._texts[fitting[0]]!r}"
            yield Fault(mention.start, mention.end, f"condition/denied/{mention.kind}/{scope}/{hedged}", reason)
        elif not mention.denied and not fitting:
            said = "; ".join(dict.fromkeys(self._texts[number] for number in window.records[:8]))
            elsewhere = any(mention.kind in told for told in self._words_of(window))
            kind = "strength" if elsewhere else "absent"
            yield Fault(
                mention.start,
                mention.end,
                f"condition/{kind}/{mention.kind}/{scope}/{hedged}",
                f"{self._label} of {window.label} is {said!r}",
            )

    @property
    def _label(self) -> str:
        return ".".join(self.columns[-1]) if self.columns else "text"

    def _words_of(self, window: Window) -> Sequence[frozenset[str]]:
        return [self._words[number] for number in window.records]

    def _fits(self, mention: Mention, number: int) -> bool:
        told = self._words[number]
        if mention.kind not in told:
            return False
        return not mention.how or bool(mention.how & told)


def _is_wording(text: str) -> bool:
    """Whether a text is words, and no code or date."""
    return len(text) <= _LONGEST and not any(char.isdigit() for char in text)


def _meanings(text: str) -> frozenset[str]:
    return frozenset().union(*(means for _, _, means in words(text))) if text else frozenset()


def mentions(sentence: str) -> Iterator[Mention]:
    """Yield the conditions that a sentence tells, in order."""
    for found in _MENTION.finditer(sentence):
        kind = next(name for name in _KINDS if found[name])
        how = frozenset(word for word in re.findall(r"[a-z]+", found[0].lower()) if word in _HOW)
        before = sentence[max(0, found.start() - 60) : found.start()]
        yield Mention(
            found.start(),
            found.end(),
            kind,
            how,
            bool(_NOT.search(before) or _NOT_AFTER.search(sentence[found.end() : found.end() + 60])),
            bool(_HEDGED.search(before)),
        )
