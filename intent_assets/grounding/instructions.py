"""Instructions that came in with a source text: repeated, followed, or talked about.

A source of any trust can order something: to ignore the rules, to praise, to name an address, to state a figure. Texts
that speak of instructions, prompts or themselves are caught as they are; what a source orders to say is caught by its
words. Advice to the salesperson names facts by slots and shares no run of words with an order.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from intent_assets.grounding.figures import Hit
from intent_assets.grounding.ledger import Ledger
from intent_assets.grounding.text import MASK, SLOT_MARK, Plain
from intent_assets.grounding.text import plain as plain_form

_I = re.IGNORECASE
_TALK = re.compile(
    "|".join(
        (
            (
                r"\b(?:ignor|disregard|overrid|forget|bypass|skip|drop)\w*\s+(?:all |any |every |the |these "
                r"|those |my |your |what was )*"
                r"(?:previous|prior|above|earlier|preceding|other|former|said|system)?\s*"
                r"(?:instructions?|rules?|prompts?|guidelines?|directions?|restrictions?|checks?|gate|above)\b"
            ),
            (
                r"\b(?:disregard|ignore|forget) (?:what|everything|all|anything)\b[^.]{0,30}\b(?:said|above"
                r"|before|told|know)\b"
            ),
            r"\b(?:system|developer|hidden|secret|original|initial) (?:prompt|message|instructions?|note)\b",
            r"\bthe (?:assistant|model|ai|writer|llm|system) (?:must|should|has to|shall|will|needs to)\b",
            r"\b(?:has|have|needs?|must|is|are) (?:to )?be (?:praised|recommended|ranked first|named first)\b",
            r"\b(?:per|as per|following|according to) the (?:note|order|instruction|request|demand)s? (?:in|of|from)\b",
            r"\b(?:tells?|told|asks?|asked|orders?|ordered|instructs?|instructed|wants?) me\b",
            r"\b(?:pay no attention to|take no notice of|never mind) (?:the |these |those |any |all |what )",
            r"\btreat (?:this|the|these|it) (?:\w+ )?as (?:checked|approved|true|verified|final|correct|trusted)\b",
            r"\bend of (?:the )?(?:data|input|document|instructions?|prompt|message|context|evidence)\b",
            (
                r"\b(?:the|these|those|all|any|earlier|previous|prior|other) (?:rules|guidelines|restrictions)\b"
                r"(?= (?:above|below|before)|\s*[.,;]|\s*$)"
            ),
            (
                r"\b(?:my|the|your|these|those|new|following|its|own) (?:instructions?|prompts?|system prompt"
                r"|guidelines)\b"
                r"(?! (?:to|for|of|in|on) )"
            ),
            r"\bas an? (?:ai|language model|assistant|large language model|llm|model|chatbot|bot|neural)\b",
            (
                r"\b(?:ai|language|llm) (?:assistant|model|agent|system prompt)s?\b(?= (?:i|was|must|should"
                r"|that read|reading|asked|told))"
            ),
            r"\b(?:i am|i'm|i was|i have been|i cannot|i can't|i can not|i must|i will|i would|i've been) ",
            r"\b(?:maintenance|developer|debug|admin|god|jailbreak|dan) mode\b",
            r"(?:^|[.:;\n]\s*)(?:system|assistant|user|human|developer|admin)\s*:",
            (
                r"\b(?:note|message|memo) to (?:the |all |any )?(?:ai|assistants?|models?|checkers?|judges?"
                r"|reviewers?|writers?|systems?|llms?|readers?)\b"
            ),
            (
                r"\b(?:reveal|print|output|repeat|show|expose|leak|dump) (?:your|the|all|its|this)\s+(?:\w+"
                r" )?(?:prompt|instructions?|rules|system"
                r"|text (?:above|below)|words above|slots?|ids?|data block)\b"
            ),
            (
                r"\b(?:accept|approve|pass|publish|skip|do not check|don't check|stop checking) (?:all |this "
                r"|these |the |every )*"
                r"(?:sentences?|sections?|reports?|checks?|claims?|as (?:it|they) (?:is|are))\b"
            ),
            (
                r"\b(?:click|tap) (?:here|this|on|the|below)\b|\bfollow this link\b|\blog in (?:here|at"
                r"|with)\b|\bdownload (?:it|this) here\b"
            ),
            (
                r"\b(?:act|call|contact|reply|write|order|buy|respond) (?:him |her |them |us )?(?:now"
                r"|immediately|at once|right now|asap)\b"
                r"|\b(?:act|contact|reach) (?:\w+ ){0,4}(?:immediately|at once|without delay)\b|\blimited[-"
                r" ]time\b|\bdon't miss\b"
            ),
            (
                r"\b(?:wire|transfer|send|pay|forward|deposit) (?:the |all |your |a |any )*(?:money|funds"
                r"|payment|deposit|fees?|bids? to"
                r"|data to|credentials|password|report to|card|invoice)\b"
            ),
            r"\b(?:enter|give|share|confirm) (?:your|the|their) (?:password|credentials|login|card|account)\b",
            (
                r"\bthe (?:slots?|data block|evidence block)\b(?= (?:says?|said|holds?|tells?|told|is|are|was"
                r"|were|above|below))"
            ),
            (
                r"\b(?:this|the) (?:sentence|section|answer|text|output) (?:was|is|has been) (?:written"
                r"|generated|checked|approved|made)\b"
            ),
            (
                r"\b(?:world[- ]class|best in the world|number one|unbeatable|award[- ]winning|five[- ]star"
                r"|guaranteed?|risk[- ]free"
                r"|perfect fit|game[- ]chang\w+|the only (?:serious |real )?choice|beyond compare|highly"
                r" recommended|revolutionary)\b"
            ),
        )
    ),
    _I,
)
_ORDER = re.compile(
    r"\b(?:ignore|disregard|override|forget|instead|you (?:must|are now|should|have to)|must"
    r" (?:say|state|write|mention|include"
    r"|recommend|be)|(?:write|state|say|tell|claim|mention|add|include|insert|report|note|output"
    r"|respond|answer|repeat|confirm"
    r"|assert|declare|mark|rank|rate|praise|recommend|promote|list|set|call|describe|present|treat"
    r"|use|send|forward|pay|wire"
    r"|transfer|contact|e-?mail|visit|click|go to|log in|sign up|reveal)\s+(?:that|this|the|all"
    r"|every|it|its|him|her|them|any|us"
    r"|your|to|only|as|a|an|now|immediately|at)\b|ai assistants?|language models?|system:"
    r"|assistant:|prompt|instructions?)",
    _I,
)
_SAY = re.compile(
    r"\b(?:write|state|say|tell (?:\w+ ){1,3}|claim|mention|note|report|assert|declare|confirm|add"
    r"|include|repeat|answer)\s+"
    r"(?:that\s+|this:?\s+|:\s*)(?P<said>.+)|[\"“](?P<quoted>[^\"”]{8,})[\"”]",
    _I,
)
_SENTENCES = re.compile(r"(?<=[.!?;])\s+|\n+")
_WORD = re.compile(r"[a-z][a-z'-]+|\d[\d.,]*", _I)
_RUN = 4
"""So many words in a row, taken from an order, make a text one that follows it."""
_SMALL = frozenset(
    [
        "a",
        "an",
        "the",
        "of",
        "to",
        "in",
        "on",
        "at",
        "for",
        "and",
        "or",
        "is",
        "are",
        "was",
        "be",
        "it",
        "its",
        "this",
        "that",
        "with",
        "by",
        "as",
        "from",
        "their",
        "you",
        "your",
        "they",
        "not",
        "no",
    ]
)


@dataclass(frozen=True)
class Orders:
    """What sources order: runs of words of their orders, and what they want said, in content words."""

    runs: frozenset[tuple[str, ...]]
    said: tuple[frozenset[str], ...]


def instructions(plain: Plain, ledger: Ledger) -> Iterator[Hit]:
    """Yield words that order, repeat an order of a source, or speak of instructions."""
    for found in _TALK.finditer(plain.text):
        reason = "words that order something or speak of instructions; a source's order is data, not to be followed"
        yield Hit(found.start(), found.end(), "instruction", reason)
    orders = ledger.memo("orders", lambda: orders_of(_source_texts(ledger)))
    if orders.runs or orders.said:
        yield from _followed(plain, orders)


def orders_of(texts: Iterable[str]) -> Orders:
    """Return what the texts order; sentences without an order add nothing."""
    runs: set[tuple[str, ...]] = set()
    said: list[frozenset[str]] = []
    for text in texts:
        for sentence in _SENTENCES.split(plain_form(text).text):
            if not _ORDER.search(sentence):
                continue
            words = _words(sentence)
            runs |= {run for run in zip(*(words[at:] for at in range(_RUN)), strict=False) if _tells(run)}
            for found in _SAY.finditer(sentence):
                content = _content(found["said"] or found["quoted"] or "")
                if len(content) > 1:
                    said.append(content)
    return Orders(frozenset(runs), tuple(dict.fromkeys(said)))


def _followed(plain: Plain, orders: Orders) -> Iterator[Hit]:
    for start, end in plain.sentences():
        found = list(_WORD.finditer(plain.text, start, end))
        words = [each[0].lower() for each in found]
        at = next((at for at in range(len(words) - _RUN + 1) if tuple(words[at : at + _RUN]) in orders.runs), None)
        if at is not None:
            yield Hit(
                found[at].start(),
                found[at + _RUN - 1].end(),
                "instruction",
                "these are words of an order in a source text",
            )
            continue
        content = frozenset(words) - _SMALL
        if any(_same(content, wanted) for wanted in orders.said):
            last = plain.text[:end].rstrip()
            yield Hit(start, max(len(last), start + 1), "instruction", "a source text orders to say just this")


def _same(content: frozenset[str], wanted: frozenset[str]) -> bool:
    shared = content & wanted
    return len(shared) > 1 and 3 * len(shared) >= 2 * len(wanted) and 2 * len(shared) >= len(content)


def _tells(run: tuple[str, ...]) -> bool:
    return sum(word not in _SMALL for word in run) > 1


def _words(text: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(text.replace(SLOT_MARK, " ").replace(MASK, " "))]


def _content(text: str) -> frozenset[str]:
    return frozenset(_words(text)) - _SMALL


def _source_texts(ledger: Ledger) -> Iterator[str]:
    for fact in ledger.values():
        if (
            fact.kind in {"quote", "text", "title"}
            and fact.field != "reason"
            and fact.record in {"opportunity", "reply", "profile"}
        ):
            yield fact.value if isinstance(fact.value, str) else fact.display
