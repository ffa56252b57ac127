"""Words about state and time, against the computed state of the records that a sentence cites."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from intent_assets.grounding_figures import Hit
from intent_assets.grounding_text import MASK, Plain
from intent_assets.grounding_words import COUNTED
from intent_assets.records import Fact

RECENT_DAYS = 90
"""How old a record may be to be called recent or new."""

_I = re.IGNORECASE
_RECORDS = (
    r"(?:rfps?|rfis?|rfqs?|bids?|tenders?|solicitations?|contracts?|purchases?|purchase orders?|meetings?|plans?"
    r"|signals?|records?|renewals?|budgets?|funding|grants?|procurements?|documents?|opportunit(?:y|ies)|superintendent|director"
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
            r"\bopen(?:ing)? (?:data|question)s?\b|\bopens? (?:the )?doors?\b",
            r"\bopening (?:line|message|question|e-?mail|move|conversation|remark|point|sentence|topic|note)s?\b",
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
)  # fmt: skip
_RECENT = re.compile(
    rf"\b(?:recent|recently|latest|newest|newly|freshly|just (?:posted|published|released|issued|approved|signed))\b"
    rf"|\b(?:brand-?new|new)\b(?= (?:\w+ )?{_RECORDS}\b)",
    _I,
)
_CURRENT = re.compile(
    rf"\bcurrently\b|\bcurrent\b(?= (?:\w+ )?(?:{COUNTED}|provider|platform|agreement|incumbent)\b)|\bincumbent\b", _I
)
_VERIFIED = re.compile(r"\b(?:un)?verified\b", _I)


def state_words(plain: Plain, facts: Mapping[str, Fact], as_of: date) -> Iterator[Hit]:
    """Yield words of state and time for which no fact that the same sentence cites gives the reason."""
    text = _IDIOMS.sub(lambda found: MASK * len(found[0]), plain.text)
    for start, end in plain.sentences():
        cited = [facts[fact_id] for fact_id in plain.ids_in(start, end) if fact_id in facts]
        for hit in _in_sentence(text[start:end], cited, facts, as_of):
            yield Hit(start + hit.start, start + hit.end, hit.fault, hit.reason)


def _in_sentence(sentence: str, cited: Sequence[Fact], facts: Mapping[str, Fact], as_of: date) -> Iterator[Hit]:
    states = {state for fact in cited if (state := _state(fact))}
    rest = sentence
    for rule in _RULES:
        for found in list(rule.pattern.finditer(rest)):
            if not states & rule.states:
                yield Hit(found.start(), found.end(), "state_word", f"{found[0]!r}: {rule.reason}")
            rest = rest[: found.start()] + MASK * len(found[0]) + rest[found.end() :]
    for found in _RECENT.finditer(rest):
        if not any(_is_recent(fact, facts, as_of) for fact in cited):
            reason = f"{found[0]!r}: no cited record is of the last {RECENT_DAYS} days"
            yield Hit(found.start(), found.end(), "state_word", reason)
    for found in _CURRENT.finditer(rest):
        if not _is_current(cited, states):
            yield Hit(found.start(), found.end(), "state_word", f"{found[0]!r}: no cited record is in force")
    for found in _VERIFIED.finditer(rest):
        wanted = not found[0].lower().startswith("un")
        if not any(_verified(fact, facts) is wanted for fact in cited if fact.record == "contact"):
            yield Hit(
                found.start(), found.end(), "state_word", f"{found[0]!r}: the cited contact's record does not say so"
            )


def _state(fact: Fact) -> str | None:
    return "open" if fact.record == "buyer" and fact.field.startswith("open_rfps") else fact.state


def _is_recent(fact: Fact, facts: Mapping[str, Fact], as_of: date) -> bool:
    if fact.record != "opportunity":
        return False
    for other in facts.values():
        same = (other.record, other.record_id, other.buyer_id) == (fact.record, fact.record_id, fact.buyer_id)
        if same and other.field == "event_date" and isinstance(other.value, str):
            return 0 <= (as_of - date.fromisoformat(other.value)).days <= RECENT_DAYS
    return False


def _is_current(cited: Sequence[Fact], states: set[str]) -> bool:
    if any(fact.record == "opportunity" for fact in cited):
        return bool(states & set(_LIVE.split()))
    return any(fact.record in {"profile", "contact", "buyer"} for fact in cited)


def _verified(fact: Fact, facts: Mapping[str, Fact]) -> bool | None:
    for other in facts.values():
        if (other.record, other.record_id, other.field) == ("contact", fact.record_id, "email_verified"):
            return bool(other.value)
    return None
