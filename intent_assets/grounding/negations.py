"""Negations: that something is missing, has not happened, is nobody's. The ledger is no proof of what is not in it.

A negation passes where it says no more than that the records hold nothing ("no contact is on record"), and they
don't; where it is a condition ("if nobody answers") or advice ("don't lead with price"). All others are denied by the
ledger or not borne out by it.
"""

import re
from collections.abc import Callable, Iterator, Mapping

from intent_assets.grounding.counts import counted, held
from intent_assets.grounding.figures import Hit
from intent_assets.grounding.ledger import Ledger
from intent_assets.grounding.mentions import Sentence
from intent_assets.grounding.text import SLOT_MARK
from intent_assets.records import FactRecord

_I = re.IGNORECASE
_THINGS = (
    r"rfps?|bids?|solicitations?|contracts?|agreements?|purchases?|purchase orders?|vendors?"
    r"|incumbents?|suppliers?|providers?"
    r"|lms|learning (?:management )?systems?|sis|student (?:information )?systems?|systems?"
    r"|platforms?|tools?|deadlines?"
    r"|due dates?|end dates?|dates?|budgets?|contacts?|e-?mails?(?: address(?:es)?)?"
    r"|address(?:es)?|phones?(?: numbers?)?"
    r"|plans?|meetings?|records?|signals?|websites?|amounts?|sums?|prices?|figures?|profiles?"
    r"|parents?|renewals?|funding"
    r"|staff|process|policy|strategy"
    r"|competitors?|competition|decision|opportunit(?:y|ies)|documents?|award|winner|solution"
    r"|software|product|program(?:me)?"
)
_NO = re.compile(
    r"\b(?:no|zero|without(?: an?| any| the)?|lack(?:s|ing|ed)?(?: of)?(?: an?| any)?|missing(?:"
    r" an?| any)?|absence of(?: an?)?"
    rf"|devoid of|absent)\s+(?:[a-z][a-z-]*\s+){{0,2}}?(?P<noun>{_THINGS})\b(?P<rest>[^.;]{{0,40}})",
    _I,
)
_NOT = re.compile(
    r"\b(?P<verb>has|have|had|does|do|did|is|are|was|were|will|would|can|could)(?:n't| not|"
    r" never)\b(?P<rest>[^.;,]{0,60})"
    r"|\bcannot\b(?P<more>[^.;,]{0,60})",
    _I,
)
_UNKNOWN = re.compile(
    r"\b(?P<noun>cost|price|amount|value|budget|deadline|due date|end date)s?\b[^.;]*"
    r"\b(?:unknown|undisclosed|unclear)\b",
    _I,
)
_STATED = re.compile(
    rf"\s*{SLOT_MARK}|\s+(?:the|an?|its) (?:\w+ )?(?:\w+) (?:of|for|at)\b"
    r"|\s+be (?:reached|called|found|contacted|met|bought|answered|renewed|extended)\b"
    r"|\s+(?:yet |so far |currently |been |being |any |an? |the |yet been )*(?:open|out|closed|due"
    r"|signed|award\w*|renew\w*|in place"
    r"|under contract|named|listed|available|budgeted|funded|planned|chosen|selected|decided"
    r"|bought|purchased|using|use|used"
    r"|have|own|run|hold|held|include|included|mention|need|want|require|required|accept\w*|exist|known|issued|posted"
    r"|published|approved|adopted|replaced|expired|ended|over|begun|started|met|serve|served"
    r"|employ|work|works|live|buy|offer|pay|plan|allow|permit|publish|cover|fund|belong|enrol"
    r"|review|respond|know|procure)\b",
    _I,
)
_NOBODY = re.compile(
    r"\b(?:nobody|no one|no-one|none of (?:its|the|their|these|those|our)|(?:has|have|had|is|are|was|were) none"
    r"|neither(?: of|(?= is| was| has))|nothing (?:on record|in place|in the|has|had|was|is (?:in|on|under|open|planned"
    r"|known))|nowhere|never)\b(?P<rest>[^.;]{0,40})",
    _I,
)
_NOT_YET = re.compile(
    r"\b(?:anything but|far from|by no means|in no way|used to (?:be|have|run|use|work|hold)"
    r"|ceased? to|stopped \w+ing|(?:has|had|have) nothing to do with"
    r"|did away with|got rid of|fails? to|failed to|refuses? to|refused to|not yet|yet to|still"
    r" (?:has|have|lacks?|without|missing|needs? to|waiting)|no longer|hardly any|barely any"
    r"|scarcely|unfunded|unstaffed|unaddressed|unserved|untouched|uncontested|vacant|undecided|unassigned)\b",
    _I,
)
_CONDITION = re.compile(
    r"\b(?:if|whether|unless|in case|where|when|whenever|should|once|until|so that|ask|check|confirm)\b", _I
)
_ORDER = re.compile(
    r"(?:^|[,;:]\s*|\b(?:and|but|so|or|then|you|please)\s+)(?:do|should|can|could|will|would|are|is)?\s*$|\byou\s+$", _I
)
_IDIOM = re.compile(
    r"\bno (?:better|need|matter|doubt|obligation|harm|reason|wonder|surprise|problem|hurry|rush"
    r"|commitment|one else|more than"
    r"|later than|sooner than|fewer|less|other|time like)\b|\bnot only\b|\bnothing (?:else|more"
    r"|less|beats)\b|\bnever (?:mind|hurts?)"
    r"|\bwithout (?:a|an|any|the|asking|having|obligation|cost|commitment|delay|jargon|naming|leaving"
    r"|changing|replacing|waiting|touching|needing|extra|new|further|that|it|them|this|more)\b"
    rf"(?!\s+(?:[a-z-]+\s+){{0,1}}(?:{_THINGS})\b)"
    r"|\bno (?:longer|later|sooner|earlier) than\b|\bnobody answers\b|\bif not\b|\bor not\b|\bnone"
    r" other\b|\bnot to mention\b|\bfor nothing\b",
    _I,
)
_ON_RECORD = re.compile(
    r"\b(?:on record|on file|in the (?:records?|evidence|data|profile)|by the records?|is (?:named|listed|given|known)"
    r"|are (?:named|listed|given|known))\b",
    _I,
)
_GIVES = re.compile(r"\b(?:gives?|names?|states?|lists?|shows?|holds?|has|have|is|there is|there are|with)\s+$", _I)

JUDGED = (_NO,)
"""Words that `negations` holds against the ledger, wherever they stand."""
_Presence = Callable[[Ledger, str | None], int]


def _field(record: FactRecord, *fields: str) -> _Presence:
    return lambda ledger, buyer_id: sum(len(held(ledger, buyer_id, record, field)) for field in fields)


def _of_noun(noun: str) -> _Presence:
    def number(ledger: Ledger, buyer_id: str | None) -> int:
        found = counted(noun, None, ledger, buyer_id)
        return found.number if found else 0

    return number


_PRESENT: tuple[tuple[re.Pattern[str], str, _Presence], ...] = (
    (re.compile(r"rfp|bid|solicitation", _I), "RFPs", _of_noun("rfp")),
    (re.compile(r"contract|agreement", _I), "contracts", _of_noun("contract")),
    (re.compile(r"purchase", _I), "purchase orders", _of_noun("purchase")),
    (re.compile(r"vendor|incumbent|supplier|provider|competit", _I), "vendors", _of_noun("vendor")),
    (re.compile(r"lms|learning", _I), "learning systems", _field("profile", "lms")),
    (re.compile(r"sis|student", _I), "student systems", _field("profile", "sis")),
    (re.compile(r"system|platform|tool|software|solution", _I), "systems", _field("profile", "lms", "sis")),
    (re.compile(r"deadline|due date", _I), "due dates", _field("opportunity", "due_date")),
    (re.compile(r"end date", _I), "end dates", _field("opportunity", "until_date")),
    (re.compile(r"budget|funding", _I), "budgets", _field("profile", "budget")),
    (re.compile(r"contact", _I), "contacts", _of_noun("contact")),
    (re.compile(r"mail|address", _I), "e-mail addresses", _field("contact", "email")),
    (re.compile(r"phone", _I), "phone numbers", _field("contact", "phone")),
    (re.compile(r"plan|strategy", _I), "plans", _of_noun("plan")),
    (re.compile(r"meeting", _I), "meetings", _of_noun("meeting")),
    (re.compile(r"record|signal|opportunit", _I), "records", _of_noun("record")),
    (re.compile(r"website", _I), "websites", _field("buyer", "website")),
    (re.compile(r"amount|sum|price|figure", _I), "amounts", _field("opportunity", "amount")),
    (re.compile(r"parent", _I), "parent bodies", _field("profile", "parent_name")),
)
_OF_RECORD: Mapping[str, str] = {
    "deadline": "due_date",
    "due date": "due_date",
    "end date": "until_date",
    "amount": "amount",
}


def negations(sentence: Sentence, ledger: Ledger, buyer_id: str | None) -> Iterator[Hit]:
    """Yield negations that the ledger denies or does not bear out."""
    words = _IDIOM.sub(lambda found: "\x01" * len(found[0]), sentence.words)
    taken: set[int] = set()
    for pattern, judge in ((_UNKNOWN, _unknown), (_NO, _no), (_NOT_YET, _unsaid), (_NOBODY, _nobody), (_NOT, _not)):
        for found in pattern.finditer(words):
            if taken & set(range(*found.span())) or _conditional(words, found.start()):
                continue
            reason = judge(sentence, found, ledger, buyer_id)
            if reason:
                end = found.end() - len(found.groupdict().get("rest") or "")
                taken |= set(range(found.start(), end))
                quote = found[0][: end - found.start()].replace(SLOT_MARK, "").strip()
                yield Hit(sentence.start + found.start(), sentence.start + end, "contradiction", f"{quote!r}: {reason}")


def _no(sentence: Sentence, found: re.Match[str], ledger: Ledger, buyer_id: str | None) -> str | None:
    noun = found["noun"].lower()
    on_record = _ON_RECORD.search(found[0]) is not None
    before = sentence.words[: found.start()]
    field = _OF_RECORD.get(noun.removesuffix("s"))
    owners = sentence.owners(sentence.start + found.start(), sentence.start + found.end(), "opportunity")
    if field is not None and owners:
        if field in ledger.record(owners[-1].key):
            return f"the record has one: {ledger.record(owners[-1].key)[field].display}"
        return None if on_record or _GIVES.search(before) else _UNSAID
    for pattern, name, present in _PRESENT:
        if pattern.search(noun):
            number = present(ledger, buyer_id)
            if number:
                return f"the evidence holds {name} of this buyer: {number}"
            return None if on_record and buyer_id is not None else _UNSAID
    return _UNSAID


_UNSAID = "no fact says so; what the records do not hold may still be there"


def _unknown(sentence: Sentence, found: re.Match[str], ledger: Ledger, buyer_id: str | None) -> str | None:
    noun = found["noun"].lower()
    field = {"deadline": "due_date", "due date": "due_date", "end date": "until_date"}.get(noun, "amount")
    owners = sentence.owners(sentence.start + found.start(), sentence.start + found.start() + 1, "opportunity")
    told = ledger.record(owners[-1].key).get(field) if owners else None
    if noun == "budget":
        told = ledger.told(buyer_id, "profile", "budget")
    return f"it is on record: {told.display}" if told is not None else None


def _unsaid(sentence: Sentence, found: re.Match[str], ledger: Ledger, _buyer_id: str | None) -> str | None:
    left = found[0].lower() == "no longer" and any(
        fact.state == "left" for each in sentence.anchors("contact") for fact in ledger.record(each.key).values()
    )
    return None if left else _UNSAID


def _nobody(sentence: Sentence, found: re.Match[str], ledger: Ledger, buyer_id: str | None) -> str | None:
    if _ON_RECORD.search(found["rest"]) and re.match(r"(?:nobody|no one|no-one)", found[0], _I):
        number = counted("contact", None, ledger, buyer_id)
        return "the evidence holds contacts of this buyer" if number and number.number else None
    order = found[0].lower().startswith("never") and _ORDER.search(sentence.words[: found.start()])
    return None if order else _UNSAID


def _not(sentence: Sentence, found: re.Match[str], _ledger: Ledger, _buyer_id: str | None) -> str | None:
    before = sentence.words[: found.start()]
    verb = (found["verb"] or "can").lower()
    if verb in {"do", "will", "would", "can", "could"} and _ORDER.search(before):
        return None
    stated = _STATED.match(found["rest"] or found["more"] or "")
    if verb in {"has", "have", "had"} or stated:
        return None if re.search(r"\byou\s+$", before, _I) else _UNSAID
    return None


def _conditional(words: str, place: int) -> bool:
    start = max((found.end() for found in re.finditer(r"[;:]|,\s+(?:and|but|so)\b", words[:place])), default=0)
    return _CONDITION.search(words, start, place) is not None
