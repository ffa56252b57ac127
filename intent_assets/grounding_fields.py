"""Facts under the wrong noun: a due date called award date, enrolment told as population, an amount as the budget."""

import re
from collections.abc import Iterator, Sequence

from intent_assets.grounding_field_words import KIND_NOUNS, NAMES, NEEDED, ROLES, Role
from intent_assets.grounding_figures import Hit
from intent_assets.grounding_ledger import Ledger, key_of, kind_of
from intent_assets.grounding_mentions import Mention, Sentence
from intent_assets.grounding_text import SLOT_MARK
from intent_assets.grounding_words import COUNT_MODIFIERS, FUNCTION_WORDS
from intent_assets.records import Fact, FactKind

_I = re.IGNORECASE
_NEAR = 6
"""How many words before a slot can say what it is."""
_WORDS = re.compile(r"[^\s,;:()]+")
_COPULA = re.compile(
    r"\s*(?:,\s*)?(?:(?:is|are|was|were|of|at|stands at|comes to|runs to|amounts to|totals|reads"
    r"|falls on|remains)\s+)*",
    _I,
)
_SAID_OF_LAST = re.compile(r"\s+(?:(?:is|are|was|were|will|has|comes|falls|follows)\b|on\s*$)", _I)
_OF_THE_LAST = re.compile(r"^\s*(?:as\s+[^,]*?|[a-z -]*)(?:,|\s+and\b)", _I)
_AS = re.compile(
    r"\s*(?:,\s*)?(?:as|is|was|being|which is|marks|for)\s+(?:the |its |their |an? |his |her )*([^,;:.]*?)"
    rf"(?=[,;:.{SLOT_MARK}]|\s+(?:and|but|so|which|that|who|where)\b|$)",
    _I,
)
_NOUNS_BEHIND = re.compile(r"\s*((?:[a-z][a-z'-]*\s*){1,4})", _I)
_HIGH_SCHOOLS = re.compile(r"^(?:high|middle|elementary|primary|secondary|charter|private)$", _I)
_NUMERIC: frozenset[FactKind] = frozenset({"date", "duration", "money", "count", "score", "percent"})
_BY = re.compile(r"\b(?:by|before|no later than)\s+$", _I)
_INEXACT = re.compile(
    r"\b(?:ends?|closes?|expires?|due|runs? out|lapses?|met|meets?|posted)\s+(?:\w+ )?(?:before|after)\s+$", _I
)
_LEFT_BEHIND = re.compile(r"\s+(?:(?:is|are) )?(?:left|to go|remain(?:s|ing)?)\b", _I)
_ON_RECORD = re.compile(r"\s+on record\b", _I)
_GONE_BY = re.compile(r"\s+(?:since|ago|old|after|earlier|late)\b", _I)
_PART_OF = re.compile(r"\s+of (?:the|its|their|all|them|these)\b", _I)
_OTHERS_DO = re.compile(
    r"\s+(?:buyers|searches)\s+(?:asked|asks?|wants?|needs?|uses?|bought|buys?|plans?|have|failed|were skipped|broke|said)\b",
    _I,
)
_OF_BUDGET = re.compile(
    r"\s+(?:of (?:its|the|their) (?:\w+ )?(?:budget|spending)|over budget|under budget|goes? into|went into)\b", _I
)
_EACH = re.compile(r"\b(?:each|every|per|a single|monthly|weekly)\b[^.;]*$", _I)
_HAS = re.compile(r"\b(?:has|have|holds)\s*$", _I)
_OF_THEM = re.compile(r"\s+of (?:them|these|those|which)\b[^.;]{0,30}\b(?:act|actionable)\b", _I)
_TO_ACT = re.compile(r"[^.;,]{0,40}\bact(?:ed|ionable)?\b", _I)
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
    r"\s+(?:of (?:its|the|their)\b|(?!as\b|is\b|was\b|points\b|suggests\b|means\b|puts\b|on\b|shows\b)[a-z]+s\b)", _I
)
_OF_SLOT = re.compile(r"\s+(?:signals|records|buyers|contacts)\s+(?:of|at|for|from)\s+\ufffc", _I)
_SPENDS = re.compile(r"\b(?:spends?|spent|pays?|puts?|sets aside|set aside|budgets?|budgeted)\s*$", _I)
_PRICED = re.compile(rf"{SLOT_MARK}[^{SLOT_MARK}]*\b(?:at|for|with)\s*$")
_OF_SEARCH = re.compile(
    r"\bsearch(?:es)?\b.*\b(?:look|cover|went|found|turn|scan|read)|\b(?:looked|went) through\b", _I
)
_ANSWERED = re.compile(
    r"\b(?:answer|bid on|respond to|(?:bids?|proposals?|responses?) (?:on|for|to)|submit(?:ting)?"
    r" (?:to|for))\s+(?:the\s+)?$",
    _I,
)
_KIND_BEFORE = re.compile(r"\b([A-Za-z]+)\s+(?:(?:titled|called|named|is|record)\s+)?$")
_KIND_BEHIND = re.compile(r"(?:(?:,|\s+is|\s+was)\s+an?\s+(?:\w+\s+)?|\s+)([A-Za-z]+)\b")
_SELLER = re.compile(
    r"\s+(?:is filed|comes first|is the buyer|is worth a look|asks for (?:bids|proposals)|asked"
    r" for (?:bids|proposals)|seeks"
    r"|enrol(?:l)?s|belongs to|has (?:an? )?(?:\w+ )?(?:students|rfps?|budget|population)|issued|awarded|renewed)\b",
    _I,
)
_SUPPLIES = re.compile(
    r"\b(?:contract|agreement|deal|purchase|order) (?:with|from|by|to)\s+$|\b(?:incumbent|supplied"
    r" by|awarded to|won by)\s+$",
    _I,
)


def wrong_fields(sentence: Sentence, ledger: Ledger) -> Iterator[Hit]:
    """Yield facts that the words around them call something else."""
    for at, told in enumerate(sentence.slots):
        before = sentence.slots[at - 1].end if at else sentence.start
        behind = sentence.slots[at + 1].start if at + 1 < len(sentence.slots) else sentence.end
        reason = (
            _by_words(sentence, told, before, behind, ledger)
            or _without_words(sentence, told)
            or _by_kind(sentence, told, ledger)
            or _of_reply(sentence, told)
        )
        if reason:
            yield Hit(told.start, told.end, "wrong_role", reason)


def _by_words(sentence: Sentence, told: Mention, before: int, behind: int, ledger: Ledger) -> str | None:
    fact = told.fact
    lead = _lead(sentence, told, before)
    tail = sentence.text[told.end : min(behind + 1, sentence.end)]
    if fact.kind == "name":
        told_as = _AS.match(tail) if re.match(r"\s+(?:as|is (?:its|the|their))\s", tail) else None
        role = _last(NAMES, told_as[1], anchored=True) if told_as else None
        role = role or _last(NAMES, re.sub(r"\s*(?:,|:|is|the|a)*\s*$", "", lead)[-40:], anchored=True)
        return _no(fact, role, ledger) if role else None
    if fact.field == "deadline":
        role = _last(ROLES["date"], lead)
        return _no(fact, role, ledger) if role else None
    if reason := _misused(fact, lead, tail):
        return reason
    roles = ROLES.get(fact.kind, ())
    if not roles or fact.kind not in _NUMERIC:
        return None
    if fact.kind == "count" and (reason := _counted(fact, tail, roles, ledger)) is not None:
        return reason or None
    named = _AS.match(tail)
    role = _last(roles, named[1]) if named else None
    if role is None and fact.kind in {"money", "count"} and (noun := _NOUNS_BEHIND.match(tail)):
        direct = " ".join(_until_function(noun[1]))
        role = _last(roles, direct)
    if role is None:
        role = _last(roles, lead)
    if role is None and _SAID_OF_LAST.match(sentence.text, before, told.start):
        role = _last(roles, _of_clause(sentence, told))
    if role is None and fact.field == "event_date" and fact.state != "upcoming" and _BY.search(lead):
        return "this is the date of the record itself, no date by which something is done"
    return _no(fact, role, ledger) if role else None


def _misused(fact: Fact, lead: str, tail: str) -> str | None:
    """What the nearest words make of a value that it is not."""
    name = fact.field.replace("_", " ")
    if fact.kind in {"date", "money", "count"} and _LEFT_BEHIND.match(tail):
        return f"what is left is a number of days, and this is {name}"
    if fact.kind in {"date", "duration"} and _ON_RECORD.match(tail) and re.search(r"\bwith\s*$", lead, _I):
        return f"this is {name}, and not what is on record"
    if fact.kind == "duration" and _GONE_BY.match(tail):
        return f"this is a time ahead ({name}), not one gone by"
    if fact.kind == "date" and _INEXACT.search(lead):
        return f"{fact.display} is the very day; say 'on'"
    if fact.kind == "date" and _DATE_THEN_NOUN.match(tail):
        return f"this is {name}, and no count"
    if fact.buyer_id is None and fact.record == "run" and _OF_SLOT.match(tail):
        return "this counts what all searches found, and not that of one buyer"
    if (
        fact.kind == "count"
        and _ON_RECORD.match(tail)
        and not re.search(r"\b(?:signals|contacts|rfps|records)\b", lead, _I)
    ):
        return "the sentence does not say what is counted"
    if (
        fact.kind == "count"
        and _PART_OF.match(tail)
        and fact.field not in {"rank", "searches_complete", "actionable_signals"}
    ):
        return f"this counts all of them ({name}), and no part"
    if fact.field in {"buyers_scored", "searches_complete"} and _OTHERS_DO.match(tail):
        return f"this is {name}, and says nothing else of them"
    if fact.kind == "money" and (_OF_BUDGET.match(tail) or _EACH.search(lead)):
        return f"this is the whole amount ({name}), and no part of it"
    if fact.field == "amount" and _ON_RECORD.match(tail) and _HAS.search(lead):
        return "the sentence does not say of which record this is the amount"
    if fact.field == "signals" and _OF_THEM.match(tail):
        return "this counts all signals, and not those that can be acted on"
    if fact.field == "actionable_signals" and not (_TO_ACT.match(tail) or re.search(r"\baction", lead, _I)):
        return "this counts the signals that can be acted on; say so"
    if fact.field == "budget" and (part := _WHOLE_BUDGET.search(lead)):
        return f"this is the whole budget, not a {part[1]} budget"
    if fact.field == "budget" and _SPENDS.search(lead) and _SPENDS_ON.match(tail):
        return "this is the whole budget, and not what is spent on one thing"
    if fact.kind == "score" and _SCORE_COUNTS.match(tail):
        return f"this is a score ({name}), and counts nothing"
    return None


def _counted(fact: Fact, tail: str, roles: Sequence[Role], ledger: Ledger) -> str | None:
    """What is wrong with the noun behind a count; an empty text if the noun fits, None if there is none."""
    found = _NOUNS_BEHIND.match(tail)
    nouns = _until_function(found[1]) if found else []
    if not nouns or fact.unit in {None, "rank"}:
        return None
    phrase = " ".join(nouns)
    role = _last(roles, phrase)
    if role is not None and _fits(fact, role, ledger):
        head = next((at for at, noun in enumerate(nouns) if role.pattern.search(noun)), 0)
        odd = [noun for noun in nouns[:head] if noun.lower() not in COUNT_MODIFIERS and not role.pattern.search(noun)]
        return f"the fact counts {fact.unit}, and not {' '.join(nouns[: head + 1])!r}" if odd else ""
    if role is not None:
        return _no(fact, role, ledger)
    if nouns[0].lower().endswith("s") and not nouns[0].lower().endswith("ss"):
        return f"the fact counts {fact.unit}, not {phrase!r}"
    return None


def _until_function(phrase: str) -> list[str]:
    nouns = []
    for word in phrase.split():
        if word.lower() in FUNCTION_WORDS:
            break
        nouns.append(word)
    return nouns


def _lead(sentence: Sentence, told: Mention, before: int) -> str:
    """The words before a slot that can say what it is: up to the slot before, past it over a copula."""
    start = max(before, sentence.clause(told.start)[0])
    lead = sentence.text[start : told.start]
    if before > sentence.start and start == before:
        if _COPULA.fullmatch(lead):
            return _nearest(
                sentence.text[sentence.clause(told.start)[0] : told.start].replace(SLOT_MARK, " "), 2 * _NEAR
            )
        if own := _OF_THE_LAST.match(lead):
            lead = lead[own.end() :]
    return _nearest(lead, _NEAR)


def _of_clause(sentence: Sentence, told: Mention) -> str:
    return _nearest(sentence.text[sentence.clause(told.start)[0] : told.start].replace(SLOT_MARK, " "), 2 * _NEAR)


def _nearest(text: str, words: int) -> str:
    found = list(_WORDS.finditer(text))
    return text[found[-words].start() :] if len(found) > words else text


def _last(roles: Sequence[Role], text: str, *, anchored: bool = False) -> Role | None:
    """Return the role whose words stand last in the text; of two that end together the longer one."""
    best: tuple[int, int, Role] | None = None
    for role in roles:
        for found in role.pattern.finditer(text):
            if anchored and found.end() != len(text.rstrip()):
                continue
            mark = (found.end(), found.end() - found.start(), role)
            if best is None or mark[:2] > best[:2]:
                best = mark
    return best[2] if best else None


def _fits(fact: Fact, role: Role, ledger: Ledger) -> bool:
    if fact.field in role.fields:
        return True
    kinds = [field.partition(":")[2] for field in role.fields if field.partition(":")[0] == fact.field]
    return kind_of(ledger.record(key_of(fact))) in kinds


def _no(fact: Fact, role: Role, ledger: Ledger) -> str | None:
    if _fits(fact, role, ledger):
        return None
    return f"the words say that this is {role.meant}, and it is {fact.field.replace('_', ' ')}"


def _without_words(sentence: Sentence, told: Mention) -> str | None:
    if told.fact.field in {"signals", "actionable_signals"} and _OF_SEARCH.search(sentence.words):
        return "this counts the signals of the buyer, not those of the search"
    needed = NEEDED.get(told.fact.field)
    if needed is None or needed.search(sentence.words):
        return None
    if told.fact.field == "amount" and _PRICED.search(sentence.text, sentence.start, told.start):
        return None
    return f"the sentence does not say that this is {told.fact.field.replace('_', ' ')}"


def _by_kind(sentence: Sentence, told: Mention, ledger: Ledger) -> str | None:
    """A record called by the noun of another kind: the contract {an RFP's title}."""
    fact = told.fact
    kind = kind_of(ledger.record(told.key)) if (fact.record, fact.field) == ("opportunity", "title") else None
    if kind is None:
        return None
    lead, tail = sentence.text[sentence.start : told.start], sentence.text[told.end : sentence.end]
    if kind != "rfp" and (asked := _ANSWERED.search(lead)):
        return f"this record is of the kind {kind}: {asked[0].strip()!r} goes with an RFP only"
    nouns = [found[1] for found in (_KIND_BEFORE.search(lead), _KIND_BEHIND.match(tail)) if found]
    for noun in nouns:
        if kind not in KIND_NOUNS.get(noun.lower(), {kind}):
            return f"this record is of the kind {kind}, not {noun}"
    return None


def _of_reply(sentence: Sentence, told: Mention) -> str | None:
    """The replying company in the place of the buyer, or of a vendor of it."""
    if (told.fact.record, told.fact.field) != ("reply", "company"):
        return None
    lead, tail = sentence.text[sentence.start : told.start], sentence.text[told.end : sentence.end]
    if _SELLER.match(tail) or _SUPPLIES.search(lead):
        return "this is the company that replied, neither the buyer nor a vendor of it"
    return None
