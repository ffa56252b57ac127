"""Where a slot may stand: what the words right before it, or behind it, ask for, and what the fact is.

Sorts of facts are coarser than fields: a person, a body, the title of a record, a date. What is a thing of its own (a
title, a body, a person) may stand anywhere but where the words ask for another sort; an address, a status, a date or a
place has to be led up to by words that go with it.
"""

import re
from collections.abc import Iterator

from intent_assets.grounding.figures import Hit
from intent_assets.grounding.mentions import Mention, Sentence
from intent_assets.grounding.text import MASK, SLOT_MARK
from intent_assets.grounding.words import LEFT_OPEN
from intent_assets.records import Fact

_I = re.IGNORECASE
_LOOK_BACK = 48

_SORTS = {
    ("opportunity", "title"): "title", ("reply", "title"): "title",
    ("opportunity", "document_title"): "document", ("opportunity", "document_url"): "document",
    ("opportunity", "status"): "status", ("opportunity", "deadline"): "deadline",
    ("opportunity", "new_since"): "deadline",
    ("opportunity", "kind"): "kind", ("opportunity", "vendor"): "vendor",
    ("buyer", "name"): "body", ("buyer", "type"): "type", ("buyer", "state"): "place", ("buyer", "reason"): "reason",
    ("buyer", "website"): "url",
    ("profile", "common_name"): "body", ("profile", "parent_name"): "parent", ("profile", "city"): "place",
    ("profile", "lms"): "system", ("profile", "sis"): "system", ("profile", "address"): "address",
    ("profile", "propensity_to_spend"): "score",
    ("contact", "name"): "person", ("contact", "title"): "job", ("contact", "email_verified"): "mark",
    ("contact", "email_domain"): "mark", ("contact", "mailbox"): "mark",
    ("reply", "prospect_name"): "prospect", ("reply", "company"): "company", ("reply", "campaign_name"): "campaign",
    ("reply", "product_description"): "said", ("reply", "reply_text"): "said", ("reply", "domain"): "url",
    ("run", "search"): "search", ("run", "query"): "search", ("run", "skipped"): "search", ("run", "problem"): "search",
}  # fmt: skip
_BY_KIND = {
    "quote": "quote", "email": "email", "phone": "phone", "url": "url", "date": "date", "duration": "duration",
    "money": "money", "count": "count", "score": "score", "percent": "score", "status": "status", "text": "text",
    "name": "text", "title": "text",
}  # fmt: skip
MEANT = {
    "title": "the title of a record", "document": "a document", "status": "a status", "deadline": "a deadline",
    "kind": "a kind of record", "vendor": "a vendor", "body": "a body", "type": "a type of body", "place": "a place",
    "reason": "the reason of a rank", "url": "a web address", "parent": "the parent body", "system": "a system in use",
    "address": "a postal address", "score": "a score", "person": "a person", "job": "a job title",
    "mark": "a mark of an address", "prospect": "the person who replied", "company": "the company that replied",
    "campaign": "a campaign", "quote": "a quote", "said": "words of the reply",
    "search": "a search", "email": "an e-mail address",
    "phone": "a phone number", "date": "a date", "duration": "a number of days", "money": "an amount of money",
    "count": "a count", "text": "a text",
}  # fmt: skip


def sort_of(fact: Fact) -> str:
    """Return the sort of a fact."""
    found = _SORTS.get((fact.record, fact.field))
    return found or _BY_KIND[fact.kind]


def _ask(pattern: str, sorts: str) -> tuple[re.Pattern[str], frozenset[str]]:
    return re.compile(rf"(?:{pattern})\s*$", _I), frozenset(sorts.split())


_THE = r"(?:\s+(?:the|its|their|his|her|this|a|an))?"
_ASKED_BEFORE = (
    _ask(rf"\b(?:read|reread|study|skim|cite|quote){_THE}", "title document url"),
    _ask(r"(?<!student )\brecords?(?: (?:titled|called|named|of))?|\b(?:titled|entitled|under the title)", "title"),
    _ask(
        r"\b(?:rfp|rfi|rfq|contract|agreement|purchase order|solicitation|tender|meeting|plan|bid)"
        r"(?: (?:titled|called|named))?",
        "title date status deadline money duration kind document",
    ),
    _ask(
        rf"\b(?:documents?|points?|terms|wording|text|pages?|minutes|lines?|tasks?|requirements?|scope|section)"
        rf" (?:of|from|in|behind|to){_THE}",
        "title document body date",
    ),
    _ask(rf"\b(?:bids?|proposals?|responses?|answers?) (?:on|for|to|under){_THE}", "title document kind system"),
    _ask(
        rf"\b(?:look at|open with|lead with|answer|bid on|respond to|behind|worth a look for"
        rf"|decides on|decides about|owns){_THE}",
        "title system vendor body count",
    ),
    _ask(
        rf"\b(?:mention|point to|refer to|bring up|next to){_THE}",
        "title document quote system vendor body text money count date",
    ),
    _ask(
        rf"\b(?:ask|call|phone|dial|ring|contact|reach|e-?mail|mail|write to|try|tell|invite|speak (?:to|with)"
        rf"|talk (?:to|with)|reach out to|approach|message|introduced? to){_THE}",
        "person body job email phone prospect company",
    ),
    _ask(rf"\b(?:start|begin) with{_THE}", "title system vendor body person job prospect"),
    _ask(rf"\bask (?:\w+ )?for{_THE}", "person job prospect title document"),
    _ask(r"\bwith an? \w+ date of|\bdates? from", "date"),
    _ask(rf"(?<!how )\babout{_THE}", "title system vendor body kind type parent"),
    _ask(rf"\bwho (?:runs|owns|leads){_THE}", "title system body"),
    _ask(r"\b(?:pays?|paid)", "money vendor"),
    _ask(r"\b(?:worth|costs?|spends?|spent|valued at|priced at|amounts? to|totals|totalling)", "money"),
    _ask(r"\b(?:dated|due(?: on| by)?|(?:closes?|ends?|expires?|starts?|begins?|meets?|opens?) on|as"
    r" of)", "date deadline"),
    _ask(r"\b(?:until|till|no later than)", "date deadline title duration"),
    _ask(r"\b(?:filed|listed|recorded|classed) (?:as|under)(?: an?| the)?", "kind type status job"),
    _ask(r"\b(?:read|way in) at(?: the)?", "body place"),
    _ask(
        r"(?:^|[,;:]\s*|\b(?:and|but|so)\s+)there (?:are|is)",
        "count duration money title kind status job person system body",
    ),
    _ask(r"\b(?:fiscal|budget|financial) year", "date"),
    _ask(r"\bon record for", "date title person body"),
    _ask(r"(?:^|[,;:]\s*)of", "count title document body"),
    _ask(r"\branks?(?: at| as)?", "count"),
    _ask(r"\b(?:held|place|posted|issued|published|checked|came up|discussed) on", "date"),
    _ask(r"\bat(?: the)?", "body title email phone url address money count score place"),
    _ask(r"\bin(?: the)?", "place title document system date duration url kind count type"),
    _ask(r"\b(?:has|have|counts|serves|enrols|enrolls|employs|teaches)(?: (?:about|an? \w+ of))?",
         "count money score duration title system date quote text job person parent status deadline kind document"
         " vendor"),
    _ask(r"\bin (?:use|place)(?: is| are)?", "system title"),
    _ask(r"\bthrough(?: all)?", "count date title document parent quote url email phone"),
    _ask(r"\b(?:puts? it (?:this way|so)|in its words|reads|own words)\s*:?", "quote"),
)  # fmt: skip
"""Words right before a slot, and the sorts that may stand behind them."""

_COPULA = r"\b(?:is|are|was|were|still|remains?|stays?|listed|marked|now|be|as|being|by record)"
_LED = {
    "email": r"\b(?:with|at|to|via|on|under|through|address|e-?mail|mail|mailbox|or|and|write|use|is|try|reach)|[,:(]",
    "phone": r"\b(?:with|at|to|via|on|under|through|phone|number|line|call|dial|ring|or|and|use|is|try|reach)|[,:(]",
    "url": r"\b(?:at|on|see|visit|read|from|through|is|site|website|page|profile|link|of|in|to|open|via"
    r"|and|or|domain)|[,:(]",
    "address": r"\b(?:at|on|address|is|to|in|office)|[,:(]",
    "place": rf"\b(?:in|of|across|from|within|near|around|outside|throughout|for|the|state|city)|[(:]|{SLOT_MARK},",
    "status": rf"{_COPULA}(?: (?:both|all|also|already|again|currently|now))?|\b(?:the|an?|this|and|but|or|its|status"
    rf"|which"
    r"|that|with)|[,:(]",
    "mark": rf"{_COPULA}|\b(?:the|an?|this|and|but|or|not)|[,:(]",
    "deadline": rf"{_COPULA}|\b(?:and|but|or|not)|[,:(]",
    "kind": rf"{_COPULA}|\b(?:the|an?|this|its|their|that|one|of|kind|only)|[,:(]",
    "type": rf"{_COPULA}|\b(?:the|under|an?|this|its|that|one|of|type|kind)|[,:(]",
    "date": r"\b(?:on|by|before|after|since|from|of|dated|due|is|was|as|to|between|and|or|around|for|in"
    r"|year|date|the|with"
    r"|until|till|through|than|ends?|expires?|begins?|starts?|closes?|opens?|set|shows?|gives?|names?|lists?)|[,:(]",
    "duration": r"\b(?:in|within|for|has|have|leaves?(?: you)?|gives? you|with|is|are|the|another|remaining|gives?|and"
    r"|about|only"
    r"|another|next)"
    r"|[,:(]|^",
    "reason": r"\b(?:because|since|why|reason|with|is|rank|as|says|gives)|[,:(]",
    "score": r"\b(?:rated|of|at|is|with|a|the|gives|score[sd]?|rates?|puts?|and|to|has|from|shows?|reads?"
    r"|procurement|as|by|its|reached|got|gets|earned)"
    r"|[,:(]|^",
    "search": r"\b(?:for|search|searches|asked|of|on|query|is|and|as|with|about|by)|[,:(]",
}
_LED_BY = {sort: re.compile(rf"(?:{pattern})\s*$", _I) for sort, pattern in _LED.items()}
_DAY_BEHIND = re.compile(r"\s+(?:is|was|marks)\b|\s*,|\s+(?:as|in)\b", _I)
_DAYS_BEHIND = re.compile(r"\s*(?:,|(?:is|are|left|remain\w*|until|to|before|from)\b)", _I)
_IN_DATE = re.compile(r"\bin\s*$", _I)
_DATE_OF = re.compile(
    r"(?:\b(?:date|day|deadline|end|start|year|meeting|minutes|report|session|agenda|as|hearing|budget)\s+of"
    r"|\b(?:dates?|dated|runs?|running|dating|starts?|starting|meeting|minutes|effective|records?"
    r"|contract|rfp|plan|back)"
    rf"\s+from|{SLOT_MARK}[^{SLOT_MARK}]*\b(?:of|from|for)|\b(?:budget|year|cycle)(?: on record)?\s+for)\s*$",
    _I,
)
_OF = re.compile(r"\b(?:of|from|for)\s*$", _I)
_WITH = re.compile(r"\bwith\s*$", _I)
_BEHIND_WITH = re.compile(
    r"\s*(?:as|left|to go|remaining|until|before|on|for|in|is|being)\b|\s+(?:budget|contract)", _I
)
_REACHED = re.compile(
    r"\b(?:ask|call|write|contact|reach|e-?mail|mail|phone|dial|ring|address|try|touch|line|number"
    r"|speak|talk|invite|book"
    r"|message|send|use|visit|answer|connect|approach|pitch)\w*\b|@",
    _I,
)
_ALWAYS_BODY = re.compile(r"\s+(?:comes? first|is the (?:featured )?buyer|is worth a look|is a body|is ranked)\b", _I)
_OF_BODY = re.compile(
    r"\s+(?:comes? (?:first|out ahead|out on top)|is the (?:featured )?buyer|is worth a look"
    r"|belongs to|enrol(?:l)?s\b|ranks\b"
    rf"|serves {SLOT_MARK}|has {SLOT_MARK} (?:students|residents|employees|schools)|employs\b|is part of)",
    _I,
)
_TO_START = {"title", "document", "body", "person", "job", "quote", "count", "money", "parent", "vendor", "system",
             "company", "prospect", "said", "date", "score", "duration", "campaign"}  # fmt: skip
_STARTS = re.compile(r"(?:^|[^\w{SLOT_MARK}{MASK}]:)\s*$".replace("{SLOT_MARK}", SLOT_MARK).replace("{MASK}", MASK))
_PERSON_COUNTED = re.compile(
    r"\s+(?:students?|pupils?|residents?|employees?|schools?|rfps?|contracts?|dollars?|percent"
    r"|days?|million|thousand)\b",
    _I,
)
_OF_THEM = re.compile(r"\s+of (?:them|these|those|which|the signals|its)\b", _I)
_NO_COUNT = {"person", "job", "email", "phone", "url", "document", "prospect", "money", "date", "status", "kind"}
_COUNTING = re.compile(
    r"\b(?:has|have|counts|serves|enrols|enrolls|teaches|employs|over|about|nearly|than|all)\s*$", _I
)
_TITLED_SUBJECT = {"kind": {"title"}, "type": {"body"}}
_OF_RECORD = re.compile(
    r"\b(?:rfp|contract|record|meeting|plan|purchase|order|bids?|opportunity|agreement|it|this)\b", _I
)
_OF_CONTACT = re.compile(r"\b(?:address|e-?mail|mailbox|contact|mail)\b", _I)
_PRONOUN = re.compile(
    r"\b(?:it|this|that|this (?:buyer|body|record)|the (?:buyer|district|county|city|record))\s+is\s+\w+", _I
)
_FILED = re.compile(r"\b(?:filed|listed|recorded|classed)\s+(?:as|under)(?: an?)?\s*$", _I)


def misplaced(sentence: Sentence) -> Iterator[Hit]:
    """Yield slots that stand where the words around them ask for a fact of another sort."""
    for told in sentence.slots:
        sort = sort_of(told.fact)
        wrong = (
            _asked_for(sentence, told, sort)
            or next(_not_led_up_to(sentence, told, sort), None)
            or _lonely(sentence, told, sort)
        )
        if wrong:
            start, reason = wrong
            yield Hit(start, told.end, "slot_misplaced", reason)


def _asked_for(sentence: Sentence, told: Mention, sort: str) -> tuple[int, str] | None:
    lead = _lead(sentence, told)
    for pattern, sorts in _ASKED_BEFORE:
        found = pattern.search(lead)
        if found:
            if sort in sorts:
                return None
            start = told.start - (len(lead) - found.start())
            return start, f"{found[0].strip()!r} does not go with {MEANT[sort]} ({told.fact.display!r})"
    behind = sentence.text[told.end : told.end + _LOOK_BACK]
    if sort != "body" and (_ALWAYS_BODY.match(behind) or (sort != "count" and _OF_BODY.match(behind))):
        return told.start, f"the sentence says this of a buyer, and it is {MEANT[sort]} ({told.fact.display!r})"
    if _PERSON_COUNTED.match(behind) and (sort in {"person", "job", "email", "phone", "url", "prospect"}
                                          or (sort == "body" and _COUNTING.search(lead))):  # fmt: skip
        return told.start, f"{MEANT[sort]} counts nothing"
    if sort in _NO_COUNT and _OF_THEM.match(behind):
        return told.start, f"{MEANT[sort]} counts nothing"
    return None


def _not_led_up_to(sentence: Sentence, told: Mention, sort: str) -> Iterator[tuple[int, str]]:
    lead = _lead(sentence, told)
    behind = sentence.text[told.end : told.end + _LOOK_BACK]
    shown = f"{MEANT[sort]} ({told.fact.display!r})"
    if sort in {"date", "score"} and _STARTS.search(lead) and ":" not in lead and not _DAY_BEHIND.match(behind):
        yield told.start, f"{shown} can't be what a sentence is about"
    if sort == "duration" and _STARTS.search(lead) and not _DAYS_BEHIND.match(behind):
        yield told.start, f"{shown} can't be what a sentence is about"
    if _STARTS.search(lead):
        if (
            sort in _TO_START
            or (sort in {"email", "phone"} and behind.startswith(" is "))
            or (":" in lead and sort not in {"status", "mark", "kind", "type"})
        ):
            return
        yield told.start, f"{shown} can't be what a sentence is about"
    if sort == "deadline" and told.fact.display.startswith("was ") and lead.rstrip().endswith(SLOT_MARK):
        return
    if sort in _LED_BY and not _LED_BY[sort].search(lead):
        yield told.start, f"the words before {shown} don't lead up to it"
    if sort == "date" and told.fact.field != "budget_year" and _IN_DATE.search(lead):
        yield told.start, f"a day stands behind 'on', not behind 'in': {shown}"
    if sort == "date" and _OF.search(lead) and not _DATE_OF.search(lead):
        yield told.start, f"the words before {shown} don't lead up to it"
    if sort in {"date", "duration", "money", "count", "score"} and _WITH.search(lead) and not _with(sort, behind):
        yield told.start, f"the words before {shown} don't lead up to it"
    if sort in {"money", "count"} and _POINTLESS.search(lead):
        yield told.start, f"the words before {shown} don't lead up to it"


_POINTLESS = re.compile(r"\b(?:behind|named|titled|called|who|how|it|him|them|task from)\s*$", _I)


def _with(sort: str, behind: str) -> bool:
    if sort in {"count", "score", "money"} and re.match(r"\s+[a-z]|\s*[,.]", behind):
        return sort != "money" or bool(_BEHIND_WITH.match(behind)) or not re.match(r"\s+(?:and|or)\b", behind)
    return bool(_BEHIND_WITH.match(behind))


def _lonely(sentence: Sentence, told: Mention, sort: str) -> tuple[int, str] | None:
    """Facts that say something of another one that the sentence does not mention."""
    shown = f"{MEANT[sort]} ({told.fact.display!r})"
    sorts = {sort_of(each.fact) for each in sentence.slots}
    if (
        sort in {"email", "phone"}
        and "mark" not in sorts
        and not _REACHED.search(sentence.words)
        and "person" not in sorts
    ):
        return told.start, f"{LEFT_OPEN} what {shown} is for"
    if sort == "mark" and not (sorts & {"email", "person"} or _OF_CONTACT.search(sentence.words)):
        return told.start, f"{LEFT_OPEN} whose {shown} is"
    if sort == "status" and "title" not in sorts and not _OF_RECORD.search(sentence.words):
        return told.start, f"{LEFT_OPEN} of what {shown} is the status"
    if sort in {"kind", "type"} and _FILED.search(_lead(sentence, told)):
        before = {sort_of(each.fact) for each in sentence.slots if each.end <= told.start}
        if before and not _PRONOUN.search(_lead(sentence, told)) and not before & _TITLED_SUBJECT[sort]:
            return told.start, f"{LEFT_OPEN} of what {shown} is the kind"
    return None


def _lead(sentence: Sentence, told: Mention) -> str:
    return sentence.text[max(sentence.start, told.start - _LOOK_BACK) : told.start]
