"""What the words right beside a value make of it that it is not: a part, a rest, a bound, another count."""

import re
from collections.abc import Iterator

from intent_assets.grounding.words import LEFT_OPEN
from intent_assets.records import Fact

_I = re.IGNORECASE
_INEXACT = re.compile(
    r"\b(?:ends?|closes?|expires?|due|runs? out|lapses?|met|meets?|posted)\s+(?:\w+ )?(?:before|after)\s+$", _I
)
_LEFT_BEHIND = re.compile(r"\s+(?:(?:is|are) )?(?:left|to go|remain(?:s|ing)?)\b|\s+from (?:the day|now)\b", _I)
_ON_RECORD = re.compile(r"\s+on record\b", _I)
_OF_THEM = re.compile(r"\s+of (?:them|these|those|which)\b[^.;]{0,30}\b(?:act|actionable)\b", _I)
_TO_ACT = re.compile(r"[^.;,]{0,70}\bact(?:ed|ionable)?\b", _I)
_WHOLE_BUDGET = re.compile(
    r"(?:^|\W)(?!(?:annual|total|overall|whole|yearly|its|the|a|an|their|published|stated"
    r"|operating|district|city|county|general"
    r"|of|and|with|public|this|that|budget|larger|full)\b)([a-z][a-z-]+)\s+budget(?:\s+(?:is|of"
    r"|for|stands at|comes to|at))*\s*$",
    _I,
)
_SPENDS_ON = re.compile(r"\s+(?:on|for|to)\s+(?!record\b|fiscal\b|the fiscal\b|the year\b)[a-z]", _I)
_DATE_THEN_NOUN = re.compile(r"\s+(?:records?|signals?|buyers?|searches|students|contacts|ran|were set|was set)\b", _I)
_SCORE_COUNTS = re.compile(
    r"\s+(?:of (?:its|the|their)\b|(?!calls\b|asks\b|makes\b|tells\b|as\b|is\b|was\b|points\b|suggests\b|means\b"
    r"|puts\b|on\b|shows\b)[a-z]+s\b)",
    _I,
)
_OF_SLOT = re.compile(r"\s+(?:signals|records|buyers|contacts)\s+(?:of|at|for|from)\s+\ufffc", _I)
_OF_BODY = re.compile(r"\ufffc\s+(?:has|have|shows|counts|with)\s*$", _I)
_SPENDS = re.compile(r"\b(?:spends?|spent|pays?|puts?|sets aside|set aside|budgets?|budgeted)\s*$", _I)
_GONE_BY = re.compile(r"\s+(?:since|ago|old|after|earlier|late)\b", _I)
_HAS_BEEN = re.compile(r"\bha(?:s|ve|d) been\b[^;:]*\bfor\s+$", _I)
_PEOPLE_DO = {
    field: re.compile(rf"\s+people (?:who )?(?:{others})", _I)
    for field, others in {
        "population": "work|stud|teach|learn|attend|go",
        "enrollment": "work|teach|live|reside",
        "employees_fte": "stud|learn|attend|live|reside",
    }.items()
}
_PART_OF = re.compile(r"\s+of (?:the|its|their|all)\b", _I)
_OTHERS_DO = re.compile(
    r"\s+(?:buyers|searches)\s+(?:asked|asks?|wants?|needs?|uses?|bought|buys?|plans?|have|failed"
    r"|were skipped|broke|said)\b",
    _I,
)
_OF_BUDGET = re.compile(
    r"\s+(?:of (?:its|the|their) (?:\w+ )?(?:budget|spending)|over budget|under budget|goes? into|went into)\b", _I
)
_EACH = re.compile(r"\b(?:each|every|per|a single|monthly|weekly)\b[^.;]*$", _I)
_ALONE = re.compile(r"\s+(?:has|is|was|asks|wants|needs|runs|buys)\b", _I)
_HAS = re.compile(r"\b(?:has|have|holds)\s*$", _I)


def misused(fact: Fact, lead: str, tail: str, clause: str, *, titled: bool) -> Iterator[str]:
    """Yield what is wrong with a value between the words `lead` and `tail`.

    `clause` is all of its clause before it; `titled` says that the sentence names a record.
    """
    name = fact.field.replace("_", " ")
    if fact.kind in {"date", "money", "count"} and _LEFT_BEHIND.match(tail):
        yield f"what is left is a number of days, and this is {name}"
    if fact.kind in {"date", "duration"}:
        yield from _days(fact, name, lead, tail, clause)
    if fact.kind == "count":
        yield from _counts(fact, name, lead, tail, clause)
    if fact.kind == "money":
        yield from _money(fact, name, lead, tail)
        if _EACH.search(clause) or (fact.field == "amount" and _ON_RECORD.match(tail) and not titled):
            yield f"this is the whole amount of one record ({name})"
    if fact.kind == "score" and _SCORE_COUNTS.match(tail):
        yield f"this is a score ({name}), and counts nothing"


def _days(fact: Fact, name: str, lead: str, tail: str, clause: str) -> Iterator[str]:
    if _ON_RECORD.match(tail) and re.search(r"\bwith\s*$", lead, _I):
        yield f"this is {name}, and not what is on record"
    if fact.kind == "duration" and (_GONE_BY.match(tail) or _HAS_BEEN.search(clause)):
        yield f"this is a time ahead ({name}), not one gone by"
    if fact.kind == "date" and _INEXACT.search(lead):
        yield f"{fact.display} is the very day; say 'on'"
    if fact.kind == "date" and _DATE_THEN_NOUN.match(tail):
        yield f"this is {name}, and no count"


def _counts(fact: Fact, name: str, lead: str, tail: str, clause: str) -> Iterator[str]:
    if fact.buyer_id is None and fact.record == "run" and _OF_SLOT.match(tail):
        yield "this counts what all searches found, and not that of one buyer"
    if fact.buyer_id is None and fact.record == "run" and _OF_BODY.search(clause):
        yield "this counts what all searches found, and not that of one buyer"
    if _ON_RECORD.match(tail) and not re.search(r"\b(?:signals|contacts|rfps|records)\b", lead, _I):
        yield f"{LEFT_OPEN} what is counted"
    if not lead.strip() and _ALONE.match(tail):
        yield f"{LEFT_OPEN} what is counted"
    if fact.field in _PEOPLE_DO and _PEOPLE_DO[fact.field].match(tail):
        yield f"this is {name}, and the words say what other people do there"
    if _PART_OF.match(tail) and fact.field not in {"rank", "searches_complete", "actionable_signals"}:
        yield f"this counts all of them ({name}), and no part"
    if fact.field in {"buyers_scored", "searches_complete"} and _OTHERS_DO.match(tail):
        yield f"this is {name}, and says nothing else of them"
    if fact.field == "signals" and _OF_THEM.match(tail):
        yield "this counts all signals, and not those that can be acted on"
    if fact.field == "actionable_signals" and not (_TO_ACT.match(tail) or re.search(r"\baction", lead, _I)):
        yield "this counts the signals that can be acted on; say so"


def _money(fact: Fact, name: str, lead: str, tail: str) -> Iterator[str]:
    if _OF_BUDGET.match(tail) or _EACH.search(lead):
        yield f"this is the whole amount ({name}), and no part of it"
    if fact.field == "amount" and _ON_RECORD.match(tail) and _HAS.search(lead):
        yield f"{LEFT_OPEN} of which record this is the amount"
    if fact.field == "budget" and (part := _WHOLE_BUDGET.search(lead)):
        yield f"this is the whole budget, not a {part[1]} budget"
    if fact.field == "budget" and re.match(r"[^.;,]*\bspen(?:ds?|t) on\b", tail, _I):
        yield "this is the whole budget, and not what is spent on one thing"
    if fact.field == "budget" and _SPENDS.search(lead) and _SPENDS_ON.match(tail):
        yield "this is the whole budget, and not what is spent on one thing"
