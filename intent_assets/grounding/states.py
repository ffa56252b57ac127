"""Words about state and time, against the computed state of the records that a sentence cites."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from intent_assets.grounding.figures import Hit
from intent_assets.grounding.ledger import Fields, Ledger, key_of, state_of
from intent_assets.grounding.mentions import Sentence
from intent_assets.grounding.text import MASK
from intent_assets.grounding.words import COUNTED
from intent_assets.records import Fact

RECENT_DAYS = 90
"""How old a record may be to be called recent or new."""

_I = re.IGNORECASE
_RECORDS = (
    r"(?:rfps?|rfis?|rfqs?|bids?|tenders?|solicitations?|contracts?|purchases?|purchase orders?|meetings?|plans?"
    r"|signals?|records?|renewals?|budgets?|funding|grants?|procurements?|documents?"
    r"|opportunit(?:y|ies)|superintendent|director"
    r"|president|board|leadership|vendors?|agreements?|deadlines?|projects?)"
)
_TALK = r"(?:conversation|dialogue|door|call|mail|e-?mail|message|meeting|discussion|talk|pitch|note|exchange|thread)s?"
_BIDS = r"(?:bids|bidders|proposals|submissions|responses|vendors|offers|applications)"
_IDIOMS = re.compile(
    "|".join(
        (
            rf"\bopen(?:s|ed|ing)? to\b(?! {_BIDS})",
            r"\bopen(?:ing)? (?:with|by)\b|\bopen[- ](?:source|ended|minded)\b",
            rf"\bopen(?:s|ing)? (?:up )?(?:the|a|your|that|this) (?:\w+ )?{_TALK}\b",
            (
                r"\bopen(?:ing)? (?:data|question)s?\b|\bopens? (?:the )?doors?\b|\bopen (?:in front|beside"
                r"|next to|on your|before you)\b"
            ),
            r"\bopening (?:line|message|question|e-?mail|move|conversation|remark|point|sentence|topic|note)s?\b",
            r"\bfiscal years?(?: \w+)? opens? on\b",
            r"\b(?:clear\w*|best|good|natural|strong\w*|first|real|easy|possible|obvious) opening\b",
            r"\b(?:an|the|your|this) opening\b(?= (?:to|for|is|in|with))|\bopen enrol?lment\b|\bopen educational\b",
            r"\bactive (?:learning|listening|role|directory|users?|engagement|participation|part|voice)\b",
            r"\bnew to\b|\bclosed[- ](?:loop|caption\w*)\b",
            r"\bcloses? the (?:loop|gap|deal)\b|\bclosing the (?:loop|gap|deal)\b",
            r"\bdue (?:to|diligence|process|course|respect|care)\b",
            r"\bended up\b|\bends? (?:up|with)\b|\bend[- ]users?\b",
            r"\brenewed (?:interest|focus|attention|effort|push|energy|emphasis)\b",
            r"\blive (?:demo|walk-?through|session|chat|data|example|event)s?\b|\bpast (?:the|that|this|it)\b",
            r"\bpending (?:your|their|confirmation)\b",
        )
    ),
    _I,
)


@dataclass(frozen=True)
class _Rule:
    pattern: re.Pattern[str]
    states: frozenset[str]
    reason: str


def _rule(pattern: str, states: str, reason: str) -> _Rule:
    return _Rule(re.compile(pattern, _I), frozenset(states.split()), reason)


_LIVE = "open running expiring upcoming"
_IN_FORCE = "open running expiring"
_NONE = "no cited record is so"
_UNSAID = "no computed state says so"
_RULES = (
    _rule(
        r"\bcame to (?:its|an|the) end\b|\bthing of the past\b|\bdone (?:and dusted|with)\b"
        r"|\b(?:window|door)\b[^.;]*\bis (?:shut|closed)\b",
        "closed expired past",
        "no cited record is over",
    ),
    _rule(
        r"\b(?:will|would|can) take (?:your |the |an? )?(?:bid|proposal|offer)s?\b", "open", "no cited record is open"
    ),
    _rule(
        r"\b(?:is|are) being (?!asked)\w+ed\b|\b(?:is|are) expected\b"
        r"|\b(?:tender|rfp|bid|contract|project|pilot|solicitation) failed\b",
        "",
        _UNSAID,
    ),
    _rule(
        r"\b(?:is|are) (?:now |already )?past\b(?! (?:the|its|that|this))",
        "closed expired past",
        "no cited record is over",
    ),
    _rule(r"\b(?:is|are) history\b|\b(?:has|have|had) passed\b", "closed expired past", "no cited record is over"),
    _rule(r"\bin (?:talks|negotiations?|discussions?) with\b", "", _UNSAID),
    _rule(r"\babout to (?!expire|end|lapse)\w+", "", _UNSAID),
    _rule(r"\bup for renewal\b", "expiring", "no cited record is expiring"),
    _rule(r"\b(?:still to come|coming up)\b", "open expiring upcoming", "no cited record is ahead"),
    _rule(r"\brunning (?=contract|agreement|order|purchase|plan)", _IN_FORCE, "no cited record is running"),
    _rule(
        r"\b(?:awaits?|wants|invites?|seeks|solicits|collects|asks? for|(?:is|are) (?:asking|looking) for) (?:bids"
        r"|proposals|responses|offers)\b"
        r"|\bout (?:for|to) (?:bids?|tender)\b|\b(?:tender|rfp|bid|solicitation) is out\b",
        "open",
        "no cited record is open",
    ),
    _rule(
        r"\b(?:on hold|paused|frozen|shelved|stalled|delayed|scrapped|dropped|under review|in limbo|called off"
        r"|abandoned)\b",
        "",
        _UNSAID,
    ),
    _rule(
        r"\bwent to (?:another|a different|someone|somebody)\b|\b(?:has |have |already )(?:picked"
        r"|found|hired|named|begun to|started to|started looking)\b",
        "",
        _UNSAID,
    ),
    _rule(
        r"\b(?:was|were|has|have|it|board|council|district|been) just \w+(?:ed|en|un|nt)\b"
        r"|\b(?:has|have) just \w+\b",
        "",
        _UNSAID,
    ),
    _rule(
        r"\b(?:the )?clock is ticking\b|\bwhile (?:you|there is) (?:still )?(?:can|time)\b",
        "open expiring",
        "no cited record is open",
    ),
    _rule(r"\b(?:about|set) to (?:expire|end|lapse)\b", "expiring", "no cited record is expiring"),
    _rule(
        r"\b(?:tak|accept|invit)(?:es|ing|e) (?:bids|proposals|responses|submissions|offers)\b",
        "open",
        "no cited record is open",
    ),
    _rule(r"\b(?:lasts|valid|good|holds)(?: until| through| till)\b", _IN_FORCE, "no cited record is in force"),
    _rule(r"\b(?:deadline|due date)\b[^.;]*\bpassed\b", "closed", "no cited record is closed"),
    _rule(r"\bstill (?:runs|stands|in force|valid|holds)\b", _IN_FORCE, "no cited record is in force"),
    _rule(r"\b(?:has|have|had) run out\b|\bran out\b", "expired closed past", "no cited record is over"),
    _rule(
        r"\b(?:is|are) (?:still |currently )?running\b(?! (?:late|low|short|behind))",
        _IN_FORCE,
        "no cited record is running",
    ),
    _rule(
        r"\b(?:ran|run|runs|running) (?:out|its course)\b(?! of)",
        "expired closed past expiring running",
        "no cited record runs out",
    ),
    _rule(r"\b(?:extended|prolonged|re-?bid|re-?tendered|re-?advertised|rebid)\b(?! (?:to|into|by) )", "", _UNSAID),
    _rule(
        r"\b(?:was|were|been|has|have|had|is|are|got|board|council|district|it|they|committee)"
        r" (?:already |just |recently )?"
        r"(?:approved|adopted|signed|ratified|finali[sz]ed|executed|shortlisted|procured|selected"
        r"|chosen)\b",
        "",
        _UNSAID,
    ),
    _rule(r"\b(?:imminent(?:ly)?|impending|around the corner|on the horizon|looming|any day)\b", "", _UNSAID),
    _rule(rf"\b(?:old|former|previous|prior|outgoing|legacy) (?:\w+ )?{_RECORDS}\b", "expired closed past", _NONE),
    _rule(r"(?<!put )(?<!right )\bin place\b(?! of)", _IN_FORCE, "no cited record is in force"),
    _rule(r"\b(?:past due|overdue)\b", "", "no record is computed to be overdue"),
    _rule(r"\b(?:was|were|had been) (?:\w+ )?due\b", "closed", "no cited record is closed"),
    _rule(r"\bdue\b", "open", "no cited record is open"),
    _rule(r"\b(?:re-?)?open(?:s|ed|ing)?\b", "open", "no cited record is open"),
    _rule(r"\bcloses\b|\bclosing\b", "open", "no cited record is open"),
    _rule(r"\bclosed\b", "closed", "no cited record is closed"),
    _rule(r"\b(?:in)?active(?:ly)?\b", _IN_FORCE, "no cited record is active"),
    _rule(r"\bupcoming (?:deadlines?|due dates?|renewals?|expirations?|expiry)\b", "open expiring", "none is ahead"),
    _rule(r"\b(?:upcoming|forthcoming)\b", "upcoming", "no cited record is upcoming"),
    _rule(r"\bpast (?:board )?(?:meeting|session|rfp|contract|plan)s?\b", "past closed expired", _NONE),
    _rule(r"\b(?:expiring|(?:about|set) to (?:expire|end|lapse))\b", "expiring", "no cited record is expiring"),
    _rule(r"\b(?:expired|lapsed|defunct)\b", "expired", "no cited record is expired"),
    _rule(r"\bended\b", "expired closed past", "no cited record has ended"),
    _rule(r"\b(?:expires?|expiration|expiry|ends|ending)\b", "expiring running", "no cited record runs out"),
    _rule(r"\b(?:ongoing|underway|under way|in force|in effect|in progress)\b", _LIVE, "no cited record is running"),
    _rule(r"\b(?:pending|outstanding)\b", "open upcoming", "no cited record is open"),
    _rule(r"\blive\b(?= (?:rfp|bid|solicitation|opportunit|tender|contract))", "open", "no cited record is open"),
    _rule(r"\b(?:is|are|goes|still) live\b", "open", "no cited record is open"),
    _rule(r"\b(?:re-?)?awarded\b|\brenewed\b|\bre-?issued\b|\bunsigned\b", "", _UNSAID),
    _rule(r"\b(?:cancell?ed|cancelling|terminated|withdrawn|postponed|rescinded|suspended)\b", "", _UNSAID),
)
_OF_RECORD = (
    _rule(
        r"\b(?:put in|submit|send in|hand in|file|draft|prepare|write|place) (?:a |the |your |an )?"
        r"(?:proposal|bid|response|offer)s?\b|\bbid on\b|^\W*answer\b",
        "open",
        "the record is not open",
    ),
    _rule(
        r"\b(?:can|may|could) (?:still )?be answered\b|\bstill time\b|\btime (?:is )?left\b|\b(?:is"
        r"|are) (?:still )?available\b",
        "open",
        "the record is not open",
    ),
    _rule(
        r"\btoo late\b|\b(?:has|have|had) run out\b|\bran out\b|\b(?:is|are) over\b|\bno time left\b",
        "closed expired past",
        "the record is not over",
    ),
    _rule(
        r"\b(?:takes? place|will (?:be held|meet|take place|happen|convene)|(?:is|are) (?:held(?! by)"
        r"|scheduled|planned|coming up|ahead)"
        r"|attend|sit in on|join|watch|be at(?! the (?:top|head|start|front|heart))|calendar|diary|sign up|rsvp|seat"
        r"|save the date|slated|will discuss)\b",
        "upcoming",
        "the meeting is not ahead",
    ),
    _rule(
        r"\b(?:took place|was held|were held|met|has taken place|was discussed|was on the agenda|was heard|happened"
        r"|occurred)\b",
        "past",
        "the meeting is not over",
    ),
    _rule(r"\bruns? (?:until|through|to|on)\b|\bin force\b", f"{_IN_FORCE}", "the record does not run"),
    _rule(r"\bran (?:until|through|to)\b", "expired closed past", "the record is not over"),
    _rule(r"\b(?:was|were) on (?=\ufffc)", "expired closed past", "the record is not over"),
)
"""Words that speak of state only where a record is named."""
_SOON = re.compile(
    r"\b(?:due|expires?|ends?|closes?|opens?|meets?|out|lapses?|starts?|begins?|up|coming) (?:very"
    r" |quite |rather )?soon\b"
    r"|\bsoon (?:to|be|expires?|ends?|closes?|due|lapses?)\b|\bwill soon\b|\bshortly\b|\bsoon-to-\w+"
    r"|(?<!most )(?<!as )\burgent(?:ly)?\b|\bfast[- ]approaching\b|\bnearing\b|\btight (?:deadline"
    r"|timeline|schedule)s?\b"
    r"|\brunning out of time\b|(?<!staff )\btime is (?:short|running)\b|\btime-sensitive\b",
    _I,
)
SOON_DAYS = 60
"""How many days ahead is soon."""
_RECENT = re.compile(
    r"\bhot off the press\b|\bonly just\b|\bjust (?:out|appeared)\b|"
    rf"\b(?:recent|recently|latest|newest|newly|freshly|just (?:posted|published|released|issued|approved|signed))\b"
    rf"|\b(?:brand-?new|new|fresh)\b(?= (?:\w+ )?{_RECORDS}\b)|\b(?:is|are) (?:quite |very |rather "
    r"|brand-?)?new\b(?! to\b)",
    _I,
)
_CURRENT = re.compile(
    r"\bcurrently\b|\b(?:at the moment|at present|right now|these days|presently|as things"
    rf" stand)\b|\bcurrent\b(?= (?:\w+ )?(?:{COUNTED}|provider|platform|agreement|incumbent)\b)"
    r"|\bincumbent\b",
    _I,
)
_VERIFIED = re.compile(
    r"\b(?P<no>(?:not|never)(?: yet| been)* |un)?(?:verified|confirmed)\b(?= (?:e-?mail|address"
    r"|contact|mailbox)|\s*[,.;]|\s*$)",
    _I,
)


JUDGED = (*(rule.pattern for rule in _RULES), _SOON, _RECENT, _CURRENT, _VERIFIED)
"""Words that `state_words` holds against the records, wherever they stand."""
JUDGED_OF_RECORD = tuple(rule.pattern for rule in _OF_RECORD)
"""Words that it holds against the record that the sentence names."""


def state_words(found: Sentence, ledger: Ledger, as_of: date) -> Iterator[Hit]:
    """Yield words of state and time for which no fact that the same sentence cites gives the reason.

    Where the sentence names records, the words count for the record that they are said of.
    """
    cited = [each.fact for each in found.slots]
    rest = _IDIOMS.sub(lambda idiom: MASK * len(idiom[0]), found.words)
    for rule in (*_RULES, *_OF_RECORD):
        soft = rule in _OF_RECORD
        for word in list(rule.pattern.finditer(rest)):
            said_of = _said_of(found, word, ledger)
            if not (soft and said_of is None) and not _is_so(said_of, cited, rule.states):
                yield _hit(found, word, rule.reason)
            rest = rest[: word.start()] + MASK * len(word[0]) + rest[word.end() :]
    for word in _RECENT.finditer(rest):
        records = _said_of(found, word, ledger) or [
            ledger.record(key_of(fact)) for fact in cited if fact.record == "opportunity"
        ]
        if not any(_is_recent(fields, as_of) for fields in records):
            yield _hit(found, word, f"no cited record is of the last {RECENT_DAYS} days")
    for word in _SOON.finditer(rest):
        records = _said_of(found, word, ledger) or [
            ledger.record(key_of(fact)) for fact in cited if fact.record == "opportunity"
        ]
        if not any(_is_soon(fields, as_of) for fields in records):
            yield _hit(found, word, f"no cited record has a date within {SOON_DAYS} days")
    for word in _CURRENT.finditer(rest):
        if not _is_current(cited):
            yield _hit(found, word, "no cited record is in force")
    for word in _VERIFIED.finditer(rest):
        wanted = word["no"] is None
        if not any(_verified(fact, ledger) is wanted for fact in cited if fact.record == "contact"):
            yield _hit(found, word, "the cited contact's record does not say so")


def _hit(found: Sentence, word: re.Match[str], reason: str) -> Hit:
    return Hit(found.start + word.start(), found.start + word.end(), "state_word", f"{word[0]!r}: {reason}")


def _said_of(found: Sentence, word: re.Match[str], ledger: Ledger) -> list[Fields] | None:
    """Return the records that the word is said of, None where the sentence names none."""
    start, end = found.start + word.start(), found.start + word.end()
    counted = next((each for each in found.slots if 0 <= start - each.end <= 1), None)
    if counted is not None and counted.fact.record == "buyer":
        return None
    owners = found.owners(start, end, "opportunity")
    return [ledger.record(owner.key) for owner in owners if owner.start >= found.start] or None


def _is_so(said_of: Sequence[Fields] | None, cited: Sequence[Fact], states: frozenset[str]) -> bool:
    if said_of is not None:
        return all(state_of(fields) in states for fields in said_of)
    return any(_state(fact) in states for fact in cited)


def _state(fact: Fact) -> str | None:
    return "open" if fact.record == "buyer" and fact.field.startswith("open_rfps") else fact.state


def _is_recent(fields: Fields, as_of: date) -> bool:
    event = fields.get("event_date")
    if event is None or not isinstance(event.value, str):
        return False
    return 0 <= (as_of - date.fromisoformat(event.value)).days <= RECENT_DAYS


def _is_soon(fields: Fields, as_of: date) -> bool:
    days = [
        (date.fromisoformat(str(fields[name].value)) - as_of).days
        for name in ("due_date", "until_date", "event_date")
        if name in fields
    ]
    return any(0 <= left <= SOON_DAYS for left in days)


def _is_current(cited: Sequence[Fact]) -> bool:
    if any(fact.record == "opportunity" for fact in cited):
        return bool({fact.state for fact in cited} & set(_LIVE.split()))
    return any(fact.record in {"profile", "contact", "buyer"} for fact in cited)


def _verified(fact: Fact, ledger: Ledger) -> bool | None:
    other = ledger.record(key_of(fact)).get("email_verified")
    return bool(other.value) if other is not None else None
