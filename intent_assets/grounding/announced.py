"""Slots behind words that announce something else: a number behind "e-mail", a year behind "begins on"."""

import re
from collections.abc import Iterator

from intent_assets.grounding.figures import Hit
from intent_assets.grounding.mentions import Mention, Sentence
from intent_assets.grounding.positions import MEANT, sort_of

_I = re.IGNORECASE
_LOOK_BACK = 48
_OTHER_WAY = {
    "phone": re.compile(r"\b(?:e-?mail(?:ed)?|mail|mailbox)(?: (?:at|to|on|via|address|is|of|reached))*\s*$", _I),
    "email": re.compile(
        r"\b(?:phone|telephone|call|dial|ring|number|direct line|line (?:is|of))(?: (?:at|on|via|is|of|number))*\s*$",
        _I,
    ),
}
"""What the words right before an address say that it is, where they can't mean it."""
_NOT_NOW = re.compile(r"\b(?:will(?: \w+)? be|was|were|had been|would be|used to be|once)\s*$", _I)
_ON_DAY = re.compile(r"\b(?:on|begins|starts|opens|by)\s*$", _I)


def announced_otherwise(sentence: Sentence) -> Iterator[Hit]:
    """Yield slots that are not what the words right before them announce."""
    for told in sentence.slots:
        lead = sentence.text[max(sentence.start, told.start - _LOOK_BACK) : told.start]
        reason = _reason(told, lead)
        if reason:
            yield Hit(told.start, told.end, "slot_misplaced", reason)


def _reason(told: Mention, lead: str) -> str | None:
    sort = sort_of(told.fact)
    shown = f"{MEANT[sort]} ({told.fact.display!r})"
    if sort in _OTHER_WAY and _OTHER_WAY[sort].search(lead):
        return f"the words before {shown} announce another way to reach somebody"
    if sort == "status" and _NOT_NOW.search(lead):
        return f"{shown} is that of the day of this report"
    if told.fact.field == "budget_year" and _ON_DAY.search(lead):
        return f"{shown} is a year, and the words before it announce a day"
    return None
