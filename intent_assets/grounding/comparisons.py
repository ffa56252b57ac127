"""Comparatives and superlatives, against what the ledger holds; what it can't compare is no fact.

A rank, a record's amount and a due date can be compared: with those of the other records of the same buyer that are in
the ledger. What only weighs for the salesperson ("the best way in", "the closest fit") compares no facts.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date

from intent_assets.grounding.figures import Hit
from intent_assets.grounding.ledger import Fields, Ledger, state_of
from intent_assets.grounding.mentions import Mention, Sentence
from intent_assets.grounding.text import SLOT_MARK
from intent_assets.grounding.words import COUNTED
from intent_assets.records import Fact

_I = re.IGNORECASE
_MEASURED = {"money", "count", "score", "percent", "duration"}
_ALTERED = re.compile(
    r"\b(?:(?:no |well |just |far |slightly |a little )?(?:more|less|fewer|larger|greater|lower"
    r"|higher|bigger|smaller) than"
    r"|(?:well |just |far )?(?:over|under|above|below|beyond)|(?:that |which )?exceed(?:s|ed|ing)?"
    r"|at (?:least|most)|up to"
    r"|nearly|almost|upwards of|north of|south of|close to|short of|not (?:even|quite)|barely"
    r"|half(?: of)?|twice|double|triple"
    rf"|a (?:fraction|part|third|quarter) of|only part of|most of)\s+(?:the |its |an? )?{SLOT_MARK}",
    _I,
)
_BEYOND = re.compile(
    r"\b(?:over|beyond|above|under|below|within|exceed(?:s|ed|ing)?|outgrow(?:s|n)?) (?:its|the|their) (?:\w+ )?"
    r"(?:budget|population|enrol(?:l)?ment|amount|headcount|limit)\b|\band counting\b|\bor (?:more"
    r"|less|so)\b(?=\s*[,.;]|\s*$)",
    _I,
)
_TREND = re.compile(
    r"\b(?:grew|grow(?:s|n)|fell|falls|fallen|rose|rises|risen|increase[sd]?|declined?|dropped"
    r"|drops|shrank|shrinks|climbed"
    rf"|jumped|expanded|cut|raised|up|down)\s+(?:by|to|from)\s+(?:the |about )?{SLOT_MARK}"
    rf"|{SLOT_MARK}[^{SLOT_MARK},;.]{{0,20}},?\s+(?:up|down) from\b"
    r"|\b(?:growing|shrinking|rising|falling|declining|increasing|expanding|soaring|record)[- ]"
    r"(?:enrol(?:l)?ment|population|budget|staff|student|demand|number|need|district|city|county|spending|interest)\w*"
    r"|\b(?:is|are|has been|have been|keeps?) (?:\w+ly )?(?:growing|shrinking|rising|falling"
    r"|declining|increasing|expanding)\b",
    _I,
)
_THAN = re.compile(
    r"\b(?P<word>more|less|fewer|better|worse|[a-z]{2,}er)(?:[ -][a-z][a-z-]*){0,3}?\s+than\b(?P<rest>[^.;:]{0,40})", _I
)
_NO_THAN = {"rather", "other", "further", "whether", "together", "sooner", "no later", "later", "earlier", "no sooner"}
_MORE_THAN = re.compile(r"\bmore than\s+(?:just\s+|only\s+)?(?:an? |the |one's )?[a-z]", _I)
_NUMBERED = re.compile(
    r"\b(?:any|all|every|most|other|others|its|their|neighbou?rs|peers|before|ever|expected|usual"
    rf"|average|last|{COUNTED})\b",
    _I,
)
_MORE_ABOUT = re.compile(r"\b(?:more|less) (?:about|of|on|like|with|for)\b", _I)
_AS_AS = re.compile(
    r"\b(?:just |twice |half |nearly |almost )?as (?:large|big|small|many|much|old|high|low|long"
    r"|short|wide|costly|expensive"
    r"|cheap|urgent|busy|active|rich|few|great) as\b(?! (?:possible|you|they|it takes))",
    _I,
)
_SIZE = (
    r"largest|biggest|highest|greatest|costliest|priciest|most (?:expensive|valuable|costly|sizeable|sizable|lucrative)"
)
_LITTLE = r"smallest|lowest|cheapest|least (?:expensive|valuable|costly)"
_SOON = (
    r"nearest|soonest|earliest|most (?:urgent|pressing|imminent|time-sensitive)|closest to (?:its|the) (?:end|deadline)"
)
_RANKED = (
    r"(?:at|on|to) (?:the )?(?:very )?(?:head|top|front) of (?:the|all|its|this)|front-?runner|first in line|runner-up"
    r"|(?:no|none|few|nobody|nothing)(?: \w+)? (?:beats?|tops?|match(?:es)?|rivals?|comes? (?:close|near)|outranks?)"
    r"|(?:out(?:rank|scor|spend|weigh|perform|do|grow|shin|pac|class|number)\w*|top of the list"
    r"|surpass(?:es)?|dwarfs?|eclipses?|outdoes|beats|tops (?:the|all|every))"
    r"|(?:top|leading|best|number-one|first) (?:candidate|choice|pick)(?! for)"
    r"|(?:highest|top|best)[- ](?:scoring|scored|ranked|ranking|rated)|ranks? (?:highest|first|at the top)"
    r"|scores? (?:highest|best)|(?:comes?|came|stands?|placed|is ranked) (?:first|out ahead|out on top|out first)"
    r"|tops? the (?:list|ranking)|leads? the (?:list|ranking|field)|at the top of the (?:list"
    r"|ranking)|ahead of (?:all|every)"
    r"|(?:best|top) (?:buyer|candidate|match) (?:of|among|by) (?:all|the|score|rank)\w*"
)
_WORSE_RANKED = r"(?:lowest|worst)[- ](?:scoring|scored|ranked|ranking|rated)|comes? last|ranks? (?:last|lowest)"
_OTHERS = (
    r"longest|shortest|oldest|youngest|newest|richest|poorest|busiest|fewest|fastest(?![- ]way)|slowest|safest|toughest"
    r"|hardest|weakest|worst|latest(?! (?:by|at|on))|highest-\w+|lowest-\w+|second-\w+est|best-(?!practice|in-class)\w+"
    r"|most (?:active|populous|important|recent|advanced|innovative|successful|diverse|affluent"
    r"|popular|populated|students"
    r"|signals|rfps|contracts|contacts|schools|critical|prominent|established|experienced"
    r"|ambitious|famous|used|powerful)"
    r"|least (?:active|populous|important|likely|known)"
    rf"|(?:leading|foremost|premier|top|flagship) (?:\w+ )?(?:{COUNTED}|vendor|provider|buyer"
    r"|priority|choice|performer|bidder)"
    r"|the (?:newer|older|longer|shorter|earlier|later|better|worse|richer|poorer|stronger|weaker) (?:one|of the)"
    r"|no other (?:body|buyer|district|county|city|agency|school|library|vendor|record|university|college|town|state)"
    r"|unique(?:ly)?|unmatched|unrivall?ed|unparallel+ed|unlike (?:other|most|any)|second to none"
    r"|above[- ]average|below[- ]average|on average|the average|(?:the|a) (?:vast )?(?:majority"
    r"|minority|bulk|lion's share)"
    rf"|most (?:of (?:its|the|their|these|those)|other|{COUNTED})|predominantly|disproportionate\w*"
)
_SUPERLATIVE = re.compile(
    r"\b(?:(?P<more>the (?:larger|bigger|higher|costlier)(?: (?:one|of|contract|order|purchase"
    r"|amount|record))?(?! than)\b)"
    rf"|(?P<less>the (?:smaller|lower|cheaper)(?: (?:one|of|contract|order|purchase|amount|record))?(?! than)\b)"
    rf"|(?P<ranked>{_RANKED})|(?P<last>{_WORSE_RANKED})|(?P<size>{_SIZE})|(?P<little>{_LITTLE})|(?P<soon>{_SOON})"
    rf"|(?P<other>{_OTHERS}))(?!\w)",
    _I,
)
_ADVICE = re.compile(
    r"\s+(?:way|route|path|point|place|time|moment|step|move|question|angle|opening|proof|hook"
    r"|argument|line|person|contact"
    r"|chance|risk|hurdle|effect|task|gain|benefit|objection|concern|of concern)s?\b",
    _I,
)
_DEADLINES = re.compile(
    r"\s+(?:\w+ )?(?:deadline|due date|end|end date|rfp|bid|record|contract|expiry|expiration|one)s?\b", _I
)


JUDGED = (_SUPERLATIVE,)
"""Words that `comparisons` holds against the ledger, wherever they stand."""


def comparisons(sentence: Sentence, ledger: Ledger, buyer_id: str | None) -> Iterator[Hit]:
    """Yield comparatives and superlatives that the ledger denies, or about which it says nothing."""
    words = sentence.words
    for found in _ALTERED.finditer(words):
        told = _slot_at(sentence, sentence.start + found.end() - 1)
        if told is not None and told.fact.kind in _MEASURED:
            yield _hit(sentence, found, f"the fact is exactly {told.fact.display!r}; don't set a bound around it")
    for found in _BEYOND.finditer(words):
        yield _hit(sentence, found, f"{found[0]!r}: no fact says so")
    for found in _TREND.finditer(words):
        yield _hit(sentence, found, f"{found[0].replace(SLOT_MARK, '').strip()!r}: no record holds an earlier figure")
    for found in _THAN.finditer(words):
        if not _is_idiom(words, found) and not _compared(sentence, found):
            yield _hit(sentence, found, f"{_bare(found)!r}: no fact compares these", end=found.start("rest"))
    for found in _AS_AS.finditer(words):
        yield _hit(sentence, found, f"{_bare(found)!r}: no fact compares these")
    for found in _SUPERLATIVE.finditer(words):
        reason = _superlative(sentence, found, ledger, buyer_id)
        if reason:
            yield _hit(sentence, found, f"{_bare(found)!r}: {reason}")


def _superlative(sentence: Sentence, found: re.Match[str], ledger: Ledger, buyer_id: str | None) -> str | None:
    sort = found.lastgroup or "other"
    behind = sentence.words[found.end() :]
    if sort in {"ranked", "last"}:
        return _ranked(sentence, ledger, buyer_id, last=sort == "last")
    if sort in {"size", "little", "other"} and _ADVICE.match(behind):
        return None
    owners = sentence.owners(sentence.start + found.start(), sentence.start + found.end(), "opportunity")
    if sort == "other" or not owners:
        return "no fact that is cited says so"
    rivals = ledger.records(owners[-1].fact.buyer_id, "opportunity")
    if sort in {"more", "less"}:
        rivals = tuple(ledger.record(each.key) for each in sentence.anchors("opportunity"))
    if sort == "soon" and not _DEADLINES.match(behind) and "urgent" not in found[0] and "pressing" not in found[0]:
        return "no fact that is cited says so"
    measure, best = _MEASURES[sort]
    own = measure(ledger.record(owners[-1].key))
    values = [value for each in rivals if (value := measure(each)) is not None]
    if own is None or best(values) != own:
        return (
            "by the records of this buyer it is another one" if values else "no record of this buyer has such a value"
        )
    return None


def _amount(fields: Fields) -> float | None:
    value = fields["amount"].value if "amount" in fields else None
    return float(value) if isinstance(value, int | float) else None


def _ahead(fields: Fields) -> float | None:
    """The day that an open or expiring record runs out, as a number."""
    name = {"open": "due_date", "expiring": "until_date"}.get(state_of(fields) or "")
    fact = fields.get(name) if name else None
    return float(date.fromisoformat(str(fact.value)).toordinal()) if fact is not None else None


_MEASURES: Mapping[str, tuple[Callable[[Fields], float | None], Callable[[list[float]], float | None]]] = {
    "size": (_amount, lambda values: max(values, default=None)),
    "more": (_amount, lambda values: max(values, default=None)),
    "less": (_amount, lambda values: min(values, default=None)),
    "little": (_amount, lambda values: min(values, default=None)),
    "soon": (_ahead, lambda values: min(values, default=None)),
}


def _ranked(sentence: Sentence, ledger: Ledger, buyer_id: str | None, *, last: bool) -> str | None:
    named = sentence.anchors("buyer")
    if not named and sentence.anchors("opportunity") and "first" not in sentence.words:
        return "no fact ranks records"
    whose = named[0].fact.buyer_id if named else buyer_id
    ranks = {each: fact.value for each in ledger.buyers if (fact := ledger.told(each, "buyer", "rank")) is not None}
    own = ranks.get(whose) if whose is not None else None
    best = min((rank for rank in ranks.values() if isinstance(rank, int)), default=None)
    if last or own is None:
        return "no rank that is on record says so"
    return None if own == best else f"the buyer's rank is {own}"


def _is_idiom(words: str, found: re.Match[str]) -> bool:
    before = words[max(0, found.start() - 4) : found.start()].lower()
    word = found["word"].lower()
    if word in _NO_THAN or before.endswith("no ") or _MORE_ABOUT.match(words, found.start()):
        return True
    more = _MORE_THAN.match(words, found.start())
    if re.match(r"\s*to\b", found["rest"], _I):
        return True
    return more is not None and _NUMBERED.search(found["rest"]) is None and SLOT_MARK not in found["rest"][:12]


def _compared(sentence: Sentence, found: re.Match[str]) -> bool:
    """Whether two facts that stand on both sides bear the comparison out."""
    start, end = sentence.start + found.start(), sentence.start + found.start("rest")
    before = [each for each in sentence.slots if each.end <= start]
    behind = [each for each in sentence.slots if each.start >= end]
    if not before or not behind:
        return False
    one, other = _number(before[-1].fact), _number(behind[0].fact)
    same = (before[-1].fact.kind, before[-1].fact.unit) == (behind[0].fact.kind, behind[0].fact.unit)
    larger = re.search(r"\b(?:more|larger|bigger|higher|greater)\b", found[0], _I) is not None
    smaller = re.search(r"\b(?:less|fewer|smaller|lower)\b", found[0], _I) is not None
    if one is None or other is None or not same:
        return False
    return (larger and one > other) or (smaller and one < other)


def _number(fact: Fact) -> float | None:
    number = isinstance(fact.value, int | float) and not isinstance(fact.value, bool)
    return float(fact.value) if number and fact.value is not None else None


def _slot_at(sentence: Sentence, place: int) -> Mention | None:
    return next((each for each in sentence.slots if each.start == place), None)


def _bare(found: re.Match[str]) -> str:
    return found[0].replace(SLOT_MARK, "").strip()


def _hit(sentence: Sentence, found: re.Match[str], reason: str, end: int | None = None) -> Hit:
    return Hit(sentence.start + found.start(), sentence.start + (end or found.end()), "contradiction", reason)
