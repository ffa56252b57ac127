"""Facts under the wrong noun: a due date called award date, enrolment told as population, an amount as the budget."""

import re
from collections.abc import Iterator, Sequence

from intent_assets.grounding.field_words import KIND_NOUNS, NAMES, NEEDED, ROLES, Role
from intent_assets.grounding.figures import Hit
from intent_assets.grounding.ledger import Ledger, key_of, kind_of
from intent_assets.grounding.mentions import Mention, Sentence
from intent_assets.grounding.misuse import misused
from intent_assets.grounding.text import SLOT_MARK
from intent_assets.grounding.words import COUNT_MODIFIERS, FUNCTION_WORDS, LEFT_OPEN
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
_NUMERIC: frozenset[FactKind] = frozenset({"date", "duration", "money", "count", "score", "percent"})
_BY = re.compile(r"\b(?:by|before|no later than)\s+$", _I)
_PRICED = re.compile(rf"{SLOT_MARK}[^{SLOT_MARK}]*\b(?:at|for|with|gives|received|got|carries|lists|cost|has put)\s*$")
_OF_SEARCH = re.compile(
    r"\bsearch(?:es)?\b.*\b(?:look|cover|went|found|turn|scan|read)|\b(?:looked|went) through\b|\b(?:we|it) (?:looked"
    r"|read|checked)\b",
    _I,
)
_LISTED = re.compile(rf"\bon record\b[^{SLOT_MARK}.;]*{SLOT_MARK}(?:\s*\({SLOT_MARK}\))?(?:,\s*{SLOT_MARK})*,\s*$", _I)
"""A record with its facts in a mere list, where a date is that of the record."""
_OF_WHOLE_SEARCH = {"signals_found", "buyers_scored", "signals", "actionable_signals"}
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
    if fact.kind == "name" or fact.field == "deadline":
        role = _of_name(lead, tail) if fact.kind == "name" else _last(ROLES["date"], lead)
        return _no(fact, role, ledger) if role else None
    roles = ROLES.get(fact.kind, ())
    clause = sentence.text[sentence.clause(told.start)[0] : told.start]
    titled = bool(sentence.anchors("opportunity"))
    reason = next(misused(fact, lead, tail, clause, titled=titled), None)
    if reason or not roles or fact.kind not in _NUMERIC:
        return reason
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


def _of_name(lead: str, tail: str) -> Role | None:
    """What the words right before a name, or those that it is told as, say it is."""
    told_as = _AS.match(tail) if re.match(r"\s+(?:as|is (?:its|the|their))\s", tail) else None
    role = _last(NAMES, told_as[1], anchored=True) if told_as else None
    return role or _last(NAMES, re.sub(r"\s*(?:,|:|is|the|a)*\s*$", "", lead)[-40:], anchored=True)


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
    if told.fact.field in {"signals", "actionable_signals"} and _OF_SEARCH.search(
        sentence.text, *sentence.clause(told.start)
    ):
        return "this counts the signals of the buyer, not those of the search"
    since_report = any(each.fact.field == "last_report" for each in sentence.slots)
    if since_report and told.fact.kind == "count" and told.fact.field in _OF_WHOLE_SEARCH:
        return "this counts what the whole search found, and not what is new since the last report"
    needed = NEEDED.get(told.fact.field)
    if needed is None or needed.search(sentence.words):
        return None
    if told.fact.field == "amount" and _PRICED.search(sentence.text, sentence.start, told.start):
        return None
    if told.fact.field == "event_date" and _LISTED.search(sentence.text, sentence.start, told.start):
        return None
    return f"{LEFT_OPEN} that this is {told.fact.field.replace('_', ' ')}"


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
