"""Who is who: buyer, replying company, vendor, parent body, person. One must not stand in the place of another.

The replying company sells and does not buy, and no record makes it a vendor of a buyer; a buyer buys and sells nothing;
of the parent body nothing is known but that the buyer belongs to it. Quotes are words of a document, or of the reply.
"""

import re
from collections.abc import Iterator

from intent_assets.grounding.figures import Hit
from intent_assets.grounding.mentions import Mention, Sentence
from intent_assets.grounding.positions import sort_of

_I = re.IGNORECASE
_VENDOR_NOUN = (
    r"(?:vendor|supplier|provider|contractor|incumbent|contract(?:or)? holder|seller|partner"
    r"|customer|client|friend|winner)"
)
_IS_VENDOR = re.compile(
    rf"\s+(?:is|was|has been|remains|stays|became)\s+(?:the |a |an |its |their |already )*(?:\w+ )?{_VENDOR_NOUN}\b", _I
)
_NAMED_IN = re.compile(
    r"\s+(?:was|is|has been|were)\s+(?:named|mentioned|chosen|selected|picked|preferred|listed"
    r"|awarded|hired|invited|shortlisted"
    r"|on record|in use|discussed)\b",
    _I,
)
_HOLDS = re.compile(
    r"\s+(?:holds?|held|won|wins|lost|loses|supplies|supplied|delivers|delivered|serves|served|got"
    r"|has|had|signed|owns)\s+"
    r"(?:the |an? |its |this |that )?(?:\ufffc|contract|agreement|order|purchase|deal|rfp|bid|work"
    r"|business|\w+ contract)",
    _I,
)
_BUYS = re.compile(
    r"\s+(?:is filed|comes first|is the buyer|is worth a look|asks? for|asked for|seeks"
    r"|enrol(?:l)?s|belongs to|issued|awarded"
    r"|renewed|buys|bought|purchased|needs|wants|plans|decides|budgeted|has (?:an? )?(?:\w+ )?(?:students|rfps?|budget"
    r"|population|enrol(?:l)?ment|signals|contacts))\b",
    _I,
)
_SELLS = re.compile(
    rf"\s+(?:sells?|sold|offers? (?!its|the|an? (?:job|post))|markets|promised|promises|supplies|{_VENDOR_NOUN})\b", _I
)
_SERVES = re.compile(
    r"\s+(?:already |also |now |still )?(?:works? (?:for|with)|serves?|supports?|sells? to|supplies)\s+(?:the )?", _I
)
_PAID = re.compile(
    r"\s+(?:was|were|is|got|gets|has been) paid\b|\s+(?:signed|received|collected|billed|invoiced)\b", _I
)
_FROM = re.compile(
    r"\b(?:it|board|council|district|county|city|\ufffc)\s+(?:has |had |already )?"
    r"(?:bought|buys|purchased|got|ordered|gets|licen[cs]es)\b[^.;]*\bfrom\s+$",
    _I,
)
_AS_VENDOR = re.compile(rf"\s+as (?:the |a |an |its |their )*(?:\w+ )?{_VENDOR_NOUN}\b", _I)
_IN_OFFICE = re.compile(
    r"\s+(?:signed|approved|wrote|bought|decides?|decided|leads|oversees|manages|chairs|sits on)\b", _I
)
_VENDOR_BUYS = re.compile(
    r"\s+(?:buys|bought|paid|pays|owes|spent|wants|needs|asks? for|seeks|plans|enrol(?:l)?s"
    r"|budgets)\b",
    _I,
)
_USES = re.compile(
    r"\s+(?:already |also |now |still )?(?:runs|uses|used|bought(?: from)?|buys(?: from)?|has"
    r" bought from|works with|relies on|has"
    r"|chose|selected|likes|prefers)\s+(?:the )?$",
    _I,
)
_WORKS_AT = re.compile(
    r"\s*(?:,|\s)\s*(?:who )?(?:works? (?:at|for|in)|of|at|is (?:with|at)|leads|runs)\s+(?:the )?$", _I
)
_OF = re.compile(r"\s+of\s+$")
_MADE = re.compile(
    r"\s+(?:(?:has |have |had )?(?:replace[sd]?|follow(?:s|ed)?(?: from)?|succeed(?:s|ed)?"
    r"|supersede[sd]?|took over from|takes over from"
    r"|(?:was|is|are) (?:paid|funded|financed|sold|supplied|delivered|provided|made|chosen|written"
    r"|signed|run|led|owned|approved|picked"
    r"|bought|requested|drafted)"
    r" (?:from|by|with|out of|through)|wrote|drafted|signed|chose|picked|complained about|reports?"
    r" to|works? (?:for|under)|hired"
    r"|caused|led to|leads to|resulted in|grew out of|stems from|depends on|hangs on|blocks"
    r"|competes with|beat|lost to|married"
    r"|knows|recommended|oversees|manages|supervises|owns|runs|leads|decides (?:about|on|over)|is in charge of"
    r"|is responsible for|sponsors|approved|is the (?:owner|author|sponsor|lead) of|belongs to|is"
    r" part of|merged with))\s+"
    r"(?:the )?$",
    _I,
)
_SAY = (
    r"(?:says?|said|writes?|wrote|puts? it|reads?|promis\w+|claims?|claimed|states?|stated|tells?"
    r"|told|asks? for(?: this)?"
    r"|asked for(?: this)?|adds?|added|announce[sd]?|explain(?:s|ed)?|answers?|answered|quotes?|notes?)"
)
_SAID = re.compile(rf"(?P<who>[^:.;]*?)\b{_SAY}\b(?:\s+(?:this way|so|that|this))?\s*[:,]?\s*[\"“]?$", _I)
_NO_SPEAKERS = {"vendor", "person", "job", "system", "parent", "company", "prospect"}
_OF_RECORDS = {"title", "body", "document", "parent", "vendor", "person", "job", "system", "kind"}
_OF_DOCUMENT = re.compile(
    r"\b(?:document|minutes|summary|rfp|contract|plan|record|highlights?|page|agenda|title|text)\b", _I
)
_OF_BUYER = re.compile(r"\b(?:board|council|district|committee|staff|buyer|county|city|school|agency)\b", _I)
_OF_REPLY = re.compile(r"\b(?:reply|answer|mail|e-?mail|message|prospect)\b", _I)


def mixed_parties(sentence: Sentence) -> Iterator[Hit]:
    """Yield parties in the place of another, relations that no record holds, and quotes of somebody else."""
    for told in sentence.mentions:
        reason = next(_alone(sentence, told), None)
        if reason:
            yield Hit(told.start, told.end, "wrong_role", reason)
    for one, other in zip(sentence.mentions, sentence.mentions[1:], strict=False):
        reason = next(_between(sentence, one, other), None)
        if reason:
            yield Hit(one.end, other.end, "wrong_role", reason)
    for told in sentence.slots:
        if sort_of(told.fact) in {"quote", "said"}:
            yield from _quoted(sentence, told)


def _alone(sentence: Sentence, told: Mention) -> Iterator[str]:
    sort = sort_of(told.fact)
    text, end = sentence.text, told.end
    if sort == "company":
        if _IS_VENDOR.match(text, end) or _NAMED_IN.match(text, end) or _HOLDS.match(text, end):
            yield "no record makes the company that replied a vendor of this buyer"
        if _FROM.search(text[sentence.start : told.start]) or _PAID.match(text, end) or _AS_VENDOR.match(text, end):
            yield "no record makes the company that replied a vendor of this buyer"
        if _BUYS.match(text, end):
            yield "this is the company that replied, not the buyer"
    if sort in {"body", "parent"} and (_IS_VENDOR.match(text, end) or _SELLS.match(text, end)):
        yield "this is a public body: it sells nothing and is nobody's vendor"
    if sort in {"body", "parent"} and _PAID.match(text, end):
        yield "this is a public body, and no record pays it"
    if sort == "prospect" and _IN_OFFICE.match(text, end):
        yield "the person who replied works for the company that replied, not for the buyer"
    if sort == "vendor" and _VENDOR_BUYS.match(text, end):
        yield "this is a vendor: it buys nothing by the records"
    if sort == "person" and (_IS_VENDOR.match(text, end) or _SELLS.match(text, end)):
        yield "this is a person at the buyer, not a vendor"


def _between(sentence: Sentence, one: Mention, other: Mention) -> Iterator[str]:
    words = sentence.text[one.end : other.start]
    first, second = sort_of(one.fact), sort_of(other.fact)
    if second == "company" and first in {"body", "system", "person", "parent"} and _USES.fullmatch(words):
        yield "no record says that the buyer uses the company that replied"
    if first == "company" and second in {"body", "parent"} and _SERVES.fullmatch(words):
        yield "no record says that the company that replied works for this buyer"
    if first == "prospect" and second in {"body", "parent"} and _WORKS_AT.fullmatch(words):
        yield "the person who replied works for the company that replied, not for the buyer"
    if first in {"person", "job"} and second in {"company", "parent", "vendor"} and _WORKS_AT.fullmatch(words):
        yield f"{one.fact.display} works for the buyer by the record"
    if first == "company" and second in {"prospect", "person"} and _OF.fullmatch(words):
        yield "a company is not of a person; the names stand the wrong way round"
    related = {"title", "person", "vendor", "system", "company", "body", "job"}
    if {first, second} <= related and _MADE.fullmatch(words) and not _is_own(one, other, words):
        yield f"no record says how these two are related: {words.strip()!r}"


def _is_own(one: Mention, other: Mention, words: str) -> bool:
    """A vendor and its own order, a body and its own system."""
    if one.key == other.key and one.fact.record == "opportunity":
        return re.search(r"runs|owns|manages|leads", words) is None
    return sort_of(one.fact) == "body" and sort_of(other.fact) in {"system", "title"} and "runs" in words


def _quoted(sentence: Sentence, told: Mention) -> Iterator[Hit]:
    """A quote is told as words of its record or of the reply; whoever else is named before it is no speaker of it."""
    lead = sentence.text[sentence.start : told.start]
    before = {sort_of(each.fact) for each in sentence.mentions if each.end <= told.start}
    if told.fact.record == "reply":
        wrong = before & _OF_RECORDS or _OF_DOCUMENT.search(lead) or (_SAID.search(lead) and _OF_BUYER.search(lead))
    else:
        wrong = before & _NO_SPEAKERS or _OF_REPLY.search(lead)
    if wrong:
        reason = (
            f"these are words of {told.fact.source_title or 'a document'}, and the sentence gives them to somebody else"
        )
        yield Hit(told.start, told.end, "wrong_role", reason)
