"""The clauses of a sentence, and which of them assert something of the buyer and its records.

Orders to the salesperson, conditions, questions and guesses assert nothing: their words are free. All else is told as
true, and has to be licensed.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from intent_assets.grounding.advice import ADVICE
from intent_assets.grounding.mentions import Sentence
from intent_assets.grounding.text import SLOT_MARK

_I = re.IGNORECASE
_HEDGES = (
    r"(?:then|and|so|but|or|please|first|also|instead|next|always|just|simply|to start|for proof|failing that|in time)"
)
_ORDER = re.compile(rf"\W*(?:{_HEDGES},?\s+)*{ADVICE}\b(?!(?:'s| (?:of|is|are|was|were|has|have|takes?)\b))", _I)
_CONDITION = re.compile(
    r"\W*(?:(?:and|but|so|or)\s+)?(?:if|unless|whether|in case|whenever|should\b|even if|when (?:you|nobody|no one"
    r"|there|they|somebody)"
    r"|once (?:you|they|somebody)|to (?:answer|bid|reach|call|read|see|get|find|show|prepare|begin|start|open|win|make"
    r"|stand)\b(?!,)|(?:before|until|after) (?:you|the call|the first|anything|they)|whoever|whatever you)\b",
    _I,
)
_GUESS = re.compile(
    r"\b(?:may|might|could|would|should|you will (?:recogni[sz]e|see|find out)|(?:looks?|sounds?|feels?|reads?) like"
    r"|seems?|appears? to be"
    r"|(?:we|i)(?:'d)? (?:recommend|suggest|advise|propose|think|believe)"
    r"|which (?:suggests?|means|makes|helps?|explains|is why|gives you|tells you|lets you))\b",
    _I,
)
_QUESTION = re.compile(
    r"\b(?:ask(?:ing|s)?|note|shows?|see|say|tells?(?: you)?|know|explains?|describes?|decides?|check|learn|find out"
    r"|point out|questions? (?:about|on)|compare|idea of|sense of|depends on|lies in)\b[^;:.]*?\s"
    r"(?=(?:how|who|whether|what|which|where|why|when|if)\b)"
    r"|^\W*(?=(?:how|who|whom|what|where|why|when|which|not sure|would|could|can|do|does|is|are)\b[^.]*\?)",
    _I,
)
_WHAT = re.compile(r"(?:what|how|why|where)\b", _I)
"""Behind a colon it tells what something is about."""
_BOUND = re.compile(
    rf"[;—–?]\s*|:(?!\s*{SLOT_MARK})\s*|\s-\s|,?\s+(?<!nothing )(?<!anything )(?<!all )(?<!none )(?=(?:so|but|while"
    rf"|whereas|because|although|though|even though|unless|whether|if)\b)"
    rf"|,\s+(?=(?:and|or|then|since|as|yet)\b)|,\s+(?=(?:then\s+)?{ADVICE}\s)|\s+(?=(?:and|then"
    rf"|or) (?:then )?{ADVICE}\b)"
    rf"|\s+(?=since\b)|,?\s+(?=even (?:where|if|when|though)\b)|,\s+(?=(?:whether|when|once|before|after)\s+(?:you"
    rf"|nobody|they|the call)\b)",
    _I,
)


@dataclass(frozen=True)
class Clause:
    """A part of a sentence; its words are free from `free` on (`end` where all of them assert something)."""

    start: int
    end: int
    free: int


_BEGINS_WITH_REASON = re.compile(
    r"\W*(?:since|because|although|though|while|as long as|when|now that|given that|even though)\b[^,;:]*,\s+", _I
)


def clauses(sentence: Sentence, text: str) -> Iterator[Clause]:
    """Yield the clauses of a sentence in their order; `text` is its text with what is fine masked."""
    start = sentence.start
    reason = _BEGINS_WITH_REASON.match(text, start, sentence.end)
    ends = {found.end() for found in _BOUND.finditer(text, start, sentence.end)}
    for end in sorted({*ends, *([reason.end()] if reason else ()), sentence.end}):
        if end > start:
            yield Clause(start, end, _free_from(text, start, end))
        start = end


def _free_from(text: str, start: int, end: int) -> int:
    words = text[start:end]
    if _ORDER.match(words) or _CONDITION.match(words) or (_WHAT.match(words) and text[:start].rstrip().endswith(":")):
        return start
    question, guess = _QUESTION.search(words), _GUESS.search(words)
    places = [*([start + question.end()] if question else ()), *([start + guess.start()] if guess else ())]
    return min(places, default=end)
