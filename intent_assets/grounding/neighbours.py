"""Slots beside slots and nouns: "{name}, {job title}", "{count} students", "the amount is {money}"."""

import re
from collections.abc import Iterator

from intent_assets.grounding.figures import Hit
from intent_assets.grounding.mentions import Mention, Sentence
from intent_assets.grounding.positions import MEANT, sort_of
from intent_assets.grounding.text import SLOT_MARK

_I = re.IGNORECASE
_LOOK_BACK = 60


def _sorts(text: str) -> frozenset[str]:
    return frozenset(text.split())


_AND = re.compile(r"\s+(?:and|or)\s+$")
_ALIKE = tuple(
    map(
        _sorts,
        (
            "status deadline mark", "person job body prospect", "title document quote body system vendor kind",
            "email phone url address", "count money score date duration", "place", "company prospect body",
        ),
    )
)  # fmt: skip
"""Sorts that `and` may join."""

_APPOSITION = re.compile(r"\s*(?:,|\()\s*$")
_AFTER_PERSON = _sorts("job email phone mark person")
_AT = re.compile(r"\s*,?\s*(?:at|via|on|under)\s+$")
_WHERE = _sorts("email phone url body place")
_IN = re.compile(r"\s+in\s+$")
_IS = re.compile(r"\s+(?:is|are|was|were|stays|remains)\s+(?:still\s+|now\s+)?$")
_RECORD_IS = re.compile(
    r"(?:^|[.:;,]\s|\b(?:and|but|while)\s)\s*(?:[^.:]{0,30}:\s+)?(?:the\s+)?(?:\w+\s+)?(?:record"
    r"|rfp|contract|meeting|plan)?\s*$",
    _I,
)
_OF_RECORD = _sorts("status deadline kind")

_VALUE_OF = re.compile(
    r"\b(?:amount|value|price|status|deadline|end date|due date)\s+(?:on record\s+)?(?:for|of)\s+(?:the\s+)?$", _I
)
_NOUN_IS = tuple(
    (
        re.compile(
            rf"\b(?:{noun})\b[^{SLOT_MARK}.;:,]*(?:{SLOT_MARK}\s*)?\b(?:is|are|was|were|reads|stands at)\s*$", _I
        ),
        sorts,
    )
    for noun, sorts in (
        (r"amounts?|values?|prices?|costs?|sum", _sorts("money")),
        (r"budgets?", _sorts("money")),
        (r"dates?|deadlines?|due date", _sorts("date deadline")),
        (r"address", _sorts("email address mark")),
        (r"phone|number|phone number|line", _sorts("phone")),
        (r"status", _sorts("status")),
        (
            r"way in|record to read|first record|(?:strongest|best|closest|first) record",
            _sorts("title document kind person job"),
        ),
        (r"one of the (?:buyers|bodies|districts|candidates)", _sorts("body")),
        (r"e-?mail(?= of)", _sorts("email mark")),
        (r"contact|person|person to (?:ask|call|reach)", _sorts("person job")),
        (r"enrol(?:l)?ment|population|headcount", _sorts("count")),
        (r"scores?|difficulty", _sorts("score")),
        (r"(?:job )?title", _sorts("job title")),
        (r"(?:learning|student)(?: \w+)* system|lms|sis", _sorts("system text")),
    )
)
"""Nouns of which a sentence says what they are."""
_NOUN_OF = tuple(
    (re.compile(rf"\b(?:{noun})\s+of(?: about)?\s*$", _I), sorts)
    for noun, sorts in (
        (r"(?:an?|with|its)(?: \w+)? budget", _sorts("money")),
        (r"budget", _sorts("money body date title")),
        (r"enrol(?:l)?ment|population|headcount|staff", _sorts("count body")),
        (r"score|difficulty|rank", _sorts("score count body title")),
    )
)
_OF_WHOM = re.compile(r"\b(?:of|for|from|to)\s+(?:the )?$", _I)
_BUDGET = re.compile(r"\bbudget(?: of)?,?\s*$", _I)
_BEFORE = tuple(
    (re.compile(rf"(?:{words})\s*$", _I), sorts)
    for words, sorts in (
        (r"\b(?:its|the|a|their) budget,|\bbudget(?: on record)?:", _sorts("money")),
        (r"\b(?:money|amount|sum|price)\b[^.;:\ufffc]*:|\b(?:amount|sum|price|value) of", _sorts("money body title")),
        (r"\b(?:an?|the) (?:purchase|contract|order|deal) of", _sorts("money title kind body date status system")),
        (r"\b(?:end|start) (?:of|for)\b[^.;:]* is", _sorts("date deadline")),
        (r"\brated", _sorts("score")),
        (r"\bweb ?site is", _sorts("url")),
    )
)
_VALUES = _sorts("money date count duration score email phone url deadline")
_IS_RECORD = re.compile(r"\s+(?:is|was) on record (?:at|with)\b", _I)
_PERSON_DOES = re.compile(
    r"\s+(?:works? (?:there|at|as)|holds the (?:title|office)|can be reached|answers at|is reached|is the person)\b", _I
)
_WHO_IS = re.compile(r"\s+(?:is|was|serves as|works (?:there )?as)\s+(?:the |an? |its )?$")

_AS = re.compile(r"\s+(?:as\s+(?:its |the |their |an? )?|is (?:its |the |their ))([a-z][a-z -]*)", _I)
_AS_NOUNS = (
    (
        re.compile(r"population|enrol(?:l)?ment|staff|students|residents|employees|schools|headcount", _I),
        _sorts("count"),
    ),
    (re.compile(r"budget|amount|value|price", _I), _sorts("money")),
    (re.compile(r"date|deadline", _I), _sorts("date")),
    (re.compile(r"score|difficulty|adoption|friendliness|propensity", _I), _sorts("score count")),
    (re.compile(r"learning system|student system|lms|sis", _I), _sorts("system")),
)  # fmt: skip
_OF_THE_NOUN = re.compile(r"\b(?:to|about|for|who|whom|with|on)\b.*", _I)
_ON_RECORD = re.compile(r"\bon record (?:at|for|with)\s*$", _I)
_COUNTED = re.compile(
    r"\s+(?:signals|buyers|records|students|pupils|residents|inhabitants|employees|staff|schools|contacts|searches)\b",
    _I,
)
_COUNTS = _sorts("count status kind place body type title system url")
_SUBJECT = re.compile(r"(?:^|[.:]\s)\s*$")


def odd_neighbours(sentence: Sentence) -> Iterator[Hit]:
    """Yield slots that don't go with the slot or the noun that they stand beside."""
    for at, told in enumerate(sentence.slots):
        last = sentence.slots[at - 1] if at else None
        reason = (next(_behind_slot(sentence, last, told), None) if last else None) or next(
            _beside_noun(sentence, told), None
        )
        if reason:
            yield Hit(told.start, told.end, "slot_misplaced", reason)


def _behind_slot(sentence: Sentence, last: Mention, told: Mention) -> Iterator[str]:
    glue = sentence.text[last.end : told.start]
    first, second = sort_of(last.fact), sort_of(told.fact)
    shown = f"{MEANT[second]} ({told.fact.display!r})"
    lead = sentence.text[max(sentence.start, last.start - _LOOK_BACK) : last.start]
    if _AND.fullmatch(glue) and not any({first, second} <= alike for alike in _ALIKE):
        yield f"{MEANT[first]} and {shown} can't be joined by a mere and"
    if _APPOSITION.fullmatch(glue) and first in {"person", "prospect"} and second not in _AFTER_PERSON:
        yield f"{shown} behind a person's name says nothing about the person"
    if (
        _APPOSITION.fullmatch(glue)
        and second == "job"
        and first in {"body", "place", "company", "title", "status", "job"}
    ):
        named = re.search(r"\b(?:at|of|in)\s+$", sentence.text[sentence.start : last.start])
        if not named:
            yield f"{shown} stands behind {MEANT[first]}, which holds no office"
        return
    if _AT.fullmatch(glue) and first in {"person", "job", "prospect"} and second not in _WHERE:
        yield f"nobody is reached at {shown}"
    if _AT.fullmatch(glue) and first == "title" and second in {"title", "document", "quote", "kind"}:
        yield f"{shown} is no place where a record is"
    if (
        _WHO_IS.fullmatch(glue)
        and first == "person"
        and not _OF_WHOM.search(lead)
        and second not in {"job", "mark", "person"}
    ):
        yield f"a person is not {shown}"
    if first == "vendor" and re.fullmatch(r"\s+for\s+", glue) and second not in {"money", "title", "kind"}:
        yield f"nothing goes to a vendor for {shown}"
    if re.fullmatch(r",?\s*\(?\s*", glue) and _BUDGET.search(lead) and first != "money":
        yield f"a budget is not {MEANT[first]}"
    if _IN.fullmatch(glue) and first in {"type", "body"} and second != "place":
        yield f"{shown} is no place"
    if _IS.fullmatch(glue) and first == "title" and second not in _OF_RECORD and _RECORD_IS.search(lead):
        yield f"a record is not {shown}"


def _beside_noun(sentence: Sentence, told: Mention) -> Iterator[str]:
    sort = sort_of(told.fact)
    shown = f"{MEANT[sort]} ({told.fact.display!r})"
    lead = sentence.text[max(sentence.start, told.start - _LOOK_BACK) : told.start]
    if sort not in {"person", "job", "prospect", "email", "phone"} and _PERSON_DOES.match(sentence.text, told.end):
        yield f"{shown} is no person"
    if sort == "count" and told.fact.field == "rank" and re.search(r"\bscore of\s*$", lead, _I):
        yield f"{shown} is the rank, and no score"
    if sort in _VALUES and _IS_RECORD.match(sentence.text, told.end):
        yield f"{shown} is no record"
    for pattern, sorts in (*_NOUN_IS, *_NOUN_OF, *_BEFORE):
        if sort not in sorts and (found := pattern.search(lead)):
            yield f"{found[0].split()[0]!r} does not go with {shown}"
    if sort not in {"title", "kind", "status", "money", "date", "deadline", "duration"} and _VALUE_OF.search(lead):
        yield f"{shown} has no amount, date or status"
    if sort in {"url", "email", "phone"} and _ON_RECORD.search(lead):
        yield f"nothing is on record at {shown}"
    behind = sentence.text[told.end : sentence.end]
    if named := _AS.match(behind):
        phrase = _OF_THE_NOUN.sub("", named[1]).strip()
        if any(noun.search(phrase) and sort not in sorts for noun, sorts in _AS_NOUNS):
            yield f"{shown} is told as {phrase!r}"
    if sort not in _COUNTS and (counted := _COUNTED.match(behind)) and not _SUBJECT.search(lead):
        yield f"{shown} counts no {counted[0].strip()}"
