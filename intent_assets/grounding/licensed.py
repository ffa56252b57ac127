"""Words beside a fact that no licence knows: what they say of it can't be seen to be on record, so it is a fault."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from intent_assets.grounding import comparisons, counts, negations, states
from intent_assets.grounding.clauses import Clause, clauses
from intent_assets.grounding.figures import Hit
from intent_assets.grounding.ledger import Ledger
from intent_assets.grounding.licence_words import NEUTRAL, said_of_any, word_set
from intent_assets.grounding.licences import LICENCES, licence_of
from intent_assets.grounding.mentions import Mention, Sentence
from intent_assets.grounding.positions import sort_of
from intent_assets.grounding.text import MASK, SLOT_MARK
from intent_assets.grounding.words import UNLICENSED

_I = re.IGNORECASE
_WORD = re.compile(r"[A-Za-z][A-Za-z'-]*")
_LONG = re.compile(r"[a-z][a-z-]{3,}")
_BROAD = word_set(
    "software service services system systems platform training support management work data staff office that with"
    " from your"
)
"""Words of a description that could be said of a budget or a record as well."""
_CAPITALISED = re.compile(r"[A-Z][A-Za-z'&.-]*")
_OPENING = ' \t"(' + MASK
_OBJECT = re.compile(
    r"\b(?:(?:gives?|tells?|shows?|helps?|lets?|saves?) you|lines? up with|ties in with|speaks to|has to do with"
    r"|revolves around|cent(?:er|re)s on|deals? with|helps? with|comes? down to|calls? for|close to|similar to"
    r"|in line with|fits?|touch(?:es)?|is about|asks? for|points? to|relates? to|covers?|match(?:es)?|describes?"
    r"|names?|about|overlaps?(?: with)?|sells?|offers?|does|handles?|supports?|meets?)\s+"
    rf"(?=[^{SLOT_MARK}]*$)",
    _I,
)
"""Verbs whose object is told in free words, where no fact follows."""
_TOPIC = re.compile(rf"^\W*(?:for|on|in|with) [^{SLOT_MARK},]{{1,40}},", _I)
"""What a sentence is about, at its start."""
_SUBJECTS = word_set("title body person vendor parent company prospect system")
"""Sorts of which a clause goes on to say something, past the values in between."""
_ANNOUNCED = word_set("person email phone url document address prospect")
"""Sorts that are led up to by free words: whom to ask, and where something is."""
_JUDGED = (*comparisons.JUDGED, *counts.JUDGED, *negations.JUDGED, *states.JUDGED)
"""What other checks hold against the ledger needs no licence."""
_OWNED = re.compile(r"'s? (?:[a-z-]+ ){1,3}", _I)
"""What the company that replied has of its own."""
_QUOTED = re.compile(r"[\"“][^\"”]*[\"”]")
_BUYER = re.compile(
    rf"\W*(?:(?:and|but|so|while|because|since|as|although) )?(?:it|this (?:buyer|body)|they"
    rf"|{MASK}[{MASK} '.&-]*(?:'s)?"
    r"|the (?:\w+ )?(?:buyer|body|district|county|city|town|village|university|college|school|agency|department|board"
    rf"|library|council|state))\b|\W*{MASK}",
    _I,
)
"""The buyer as the subject of a clause, without a slot."""
_PRONOUN = re.compile(
    r"\W*(?:(?:and|but|so|while|although|though|because|since|as) )?(?:it|this|that|they|which|these)\b", _I
)
_DENIED = re.compile(
    r"\b(?:no|not|never|none|nobody|nothing|neither|nor|nowhere|without|cannot|hardly|barely|only|all|every|each|any"
    r"|most|least|more|less|else|other|\w+n't)\b",
    _I,
)


def unlicensed(sentence: Sentence, is_name: Callable[[str], bool], own_words: frozenset[str]) -> Iterator[Hit]:
    """Yield runs of words in asserted clauses that are neither licensed for the facts there nor neutral.

    Capitalised words are names, which are checked elsewhere; the first word of a sentence only if it `is_name`.
    `own_words` are those of the vendor's own description, which say nothing of the buyer.
    """
    text = _masked(sentence, is_name)
    subject: Mention | None = None
    for clause in clauses(sentence, text):
        told = [each for each in sentence.slots if clause.start <= each.start < clause.end]
        if told and clause.free > clause.start:
            known = _known_places(sentence, text, clause, subject)
            yield from _left_over(text, clause, known, told, own_words)
        subject = next((each for each in told if sort_of(each.fact) in _SUBJECTS), subject)


def vendors_words(ledger: Ledger) -> frozenset[str]:
    """Return the words of four letters or more with which the company that replied describes its product."""
    told = ledger.told(None, "reply", "product_description")
    words = frozenset(_LONG.findall(told.display.lower())) if told else frozenset()
    return words - _BROAD


def _masked(sentence: Sentence, is_name: Callable[[str], bool]) -> str:
    """Return the text with its names masked."""
    text = sentence.text
    spans = [(each.start, each.end) for each in sentence.mentions if each.typed]
    for found in _CAPITALISED.finditer(text, sentence.start, sentence.end):
        before = text[sentence.start : found.start()]
        if (before.strip(_OPENING) and before.rstrip()[-1:] != ":") or is_name(found[0]):
            spans.append(found.span())
    for start, end in spans:
        text = text[:start] + MASK * (end - start) + text[end:]
    return text


def _known_places(sentence: Sentence, text: str, clause: Clause, subject: Mention | None) -> set[int]:
    """Return the places of a clause whose words are known; `subject` is what the clauses before it speak of."""
    mentions = [each for each in sentence.mentions if clause.start <= each.start < clause.end]
    spans = [
        *_licensed(text, clause, mentions),
        *_judged(sentence, text, clause),
        *_of_subject(text, clause, mentions, subject),
        *_free(text, clause, mentions),
    ]
    return {place for start, end in spans for place in range(start, end)}


def _licensed(text: str, clause: Clause, mentions: Sequence[Mention]) -> Iterator[tuple[int, int]]:
    """What the licences of the facts in the clause know."""
    yield from _found((said_of_any(),), text, clause.start, clause.end)
    before = clause.start
    for at, each in enumerate(mentions):
        licence = licence_of(each.fact)
        if licence is not None:
            around, lead, behind = licence.patterns
            next_subject = (other.start for other in mentions[at + 1 :] if sort_of(other.fact) in _SUBJECTS)
            yield from _found((around,), text, clause.start, clause.end)
            yield from _found((lead,), text, before, each.start)
            yield from _found((behind,), text, each.end, next(next_subject, clause.end))
        before = each.end


def _judged(sentence: Sentence, text: str, clause: Clause) -> Iterator[tuple[int, int]]:
    """What is held against the ledger by another check, or stands in quotation marks, which are checked as well."""
    patterns = (*_JUDGED, *(states.JUDGED_OF_RECORD if sentence.anchors("opportunity") else ()), _QUOTED)
    for pattern in patterns:
        for found in pattern.finditer(text, clause.start, clause.end):
            yield found.start(), found.end("noun") if "noun" in pattern.groupindex else found.end()


def _of_subject(
    text: str, clause: Clause, mentions: Sequence[Mention], subject: Mention | None
) -> Iterator[tuple[int, int]]:
    """What may be said of a subject that has no slot in the clause: a pronoun, or a noun for the buyer."""
    if subject is not None and _PRONOUN.match(text, clause.start, clause.end):
        licence = licence_of(subject.fact)
        yield from _found((licence.patterns[2] if licence else None,), text, clause.start, mentions[0].start)
    if _BUYER.match(text, clause.start, clause.end):
        around, _, behind = LICENCES["body"].patterns
        end = next((each.start for each in mentions if sort_of(each.fact) in _SUBJECTS), clause.end)
        yield from _found((around, behind), text, clause.start, end)


def _free(text: str, clause: Clause, mentions: Sequence[Mention]) -> Iterator[tuple[int, int]]:
    """What is told in free words: topics, objects, what a vendor owns, and how a person is announced."""
    first, last = mentions[0], mentions[-1].end
    places = [(clause.start + found.start(), clause.start + found.end())
              for found in _TOPIC.finditer(text[clause.start : first.start])]  # fmt: skip
    places += [(last + found.start(), clause.end) for found in _OBJECT.finditer(text[last : clause.end])]
    if sort_of(first.fact) in _ANNOUNCED:
        places.append((clause.start, first.start))
    yield from ((start, end) for start, end in places if not _DENIED.search(text, start, end))
    for each in mentions:
        if sort_of(each.fact) == "company" and (owned := _OWNED.match(text, each.end, clause.end)):
            yield owned.span()


def _found(patterns: Iterable[re.Pattern[str] | None], text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for pattern in patterns:
        if pattern is not None:
            yield from ((start + found.start(1), start + found.end(1)) for found in pattern.finditer(text[start:end]))


def _left_over(
    text: str, clause: Clause, known: set[int], told: Sequence[Mention], own_words: frozenset[str]
) -> Iterator[Hit]:
    words = [
        found
        for found in _WORD.finditer(text, clause.start, min(clause.free, clause.end))
        if found[0].lower() not in NEUTRAL | own_words and not known >= set(range(*found.span()))
    ]
    if not words:
        return
    start, end = words[0].start(), words[-1].end()
    near = min(told, key=lambda each: min(abs(each.start - end), abs(start - each.end)))
    said = " ... ".join(dict.fromkeys(each[0] for each in words))
    licence = licence_of(near.fact)
    plain = f"; say it plainly, such as: {licence.usual!r}" if licence and licence.usual else ""
    reason = f"{UNLICENSED} what is on record of this {near.fact.field.replace('_', ' ')}: {said!r}{plain}"
    yield Hit(start, end, "wrong_role", reason)
