"""Counts in words: only, both, several, all, no. The ledger is counted again; what it can't count is no fact."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from intent_assets.grounding.figures import Hit
from intent_assets.grounding.ledger import Fields, Ledger, kind_of, state_of
from intent_assets.grounding.mentions import Sentence
from intent_assets.grounding.text import SLOT_MARK
from intent_assets.records import FactRecord

_I = re.IGNORECASE
_HEADS = (
    r"rfps?|rfis?|rfqs?|bids?|tenders?|solicitations?|contracts?|agreements?|purchases?|purchase"
    r" orders?|orders?|meetings?|plans?"
    r"|signals?|records?|opportunit(?:y|ies)|contacts?|vendors?|suppliers?|incumbents?|districts?"
    r"|schools?|buyers?|agenc(?:y|ies)"
    r"|colleges?|universit(?:y|ies)|cities|counties|documents?|renewals?|deadlines?|projects?"
    r"|departments?|systems?|searches"
)
_STATES = "open|closed|expired|expiring|running|upcoming|past|active|live|current|recent|new"
_NOUN = rf"(?:(?P<state>{_STATES})\s+)?(?:[a-z][a-z-]*\s+){{0,2}}?(?P<noun>{_HEADS})\b"
_HEAD_ENDS = re.compile(
    rf"\s*[,.;:!?)]|\s*{SLOT_MARK}|\s*$|\s+(?:is|was|has|had|in|of|at|on|for|from|by|to|with|that"
    r"|which|who|and|or|but|so|as|it"
    r"|its|here|there|named?|asks?|runs?|ends?|points?|shows?|needs?|fits?|mentions?|remains?"
    r"|comes?|closes?|expires?|this|the)\b",
    _I,
)
"""What stands behind a singular noun that is not the first half of another ("RFP requirement")."""
_QUANTITIES = {
    "only": r"(?:the|its|their|this|an?) (?:one and )?(?:only|sole|lone)",
    "both": r"both(?: of)?(?: the| its| their| these)?",
    "all": r"(?:all|every|each|any)(?: of)?(?: the| its| their| these)?",
    "some": r"(?:some|certain)(?: of)?(?: the| its| their)?",
    "few": r"(?:a few|few|a handful of|only a few)",
    "more": r"(?:multiple|various)(?: of its)?",
    "several": r"(?:several|a number of|a string of|a series of|a set of|a range of|a host of)(?: of its)?",
    "many": r"(?:many|numerous|countless|plenty of|lots of|a lot of|a wealth of|loads of|dozens of|scores"
    r" of)(?: of its)?",
    "other": r"(?:other|further|more|additional|another)",
}
_FOUND = {
    name: re.compile(rf"(?<!\bhow )(?<!\bas )(?<!\bso )(?<!\btoo )\b{words}\s+{_NOUN}", _I)
    for name, words in _QUANTITIES.items()
}
JUDGED = tuple(_FOUND.values())
"""Words that `counts` holds against the ledger, wherever they stand."""
_LEAST = {"some": 1, "more": 2, "few": 2, "several": 3, "many": 5}
_BOTH_SLOTS = re.compile(rf"\bboth\s+(?:the )?{SLOT_MARK}[^{SLOT_MARK}.;]*\band\b[^{SLOT_MARK}.;]*{SLOT_MARK}", _I)
_OFFERS = re.compile(r"^(?:each|every|any)\s", _I)
_KINDS = {
    "rfp": "rfp", "rfi": "rfp", "rfq": "rfp", "bid": "rfp", "tender": "rfp", "solicitation": "rfp",
    "contract": "contract",
    "agreement": "contract", "purchase": "purchase", "purchase order": "purchase", "order": "purchase",
    "meeting": "meeting",
    "plan": "plan", "signal": "", "record": "", "opportunity": "", "document": "",
}  # fmt: skip
_SAME_STATE = {"active": {"open", "running", "expiring"}, "live": {"open"}, "current": {"open", "running", "expiring"}}


@dataclass(frozen=True)
class Counted:
    """How many there are by the ledger; `complete` says that it holds all of them."""

    number: int
    complete: bool


def counts(sentence: Sentence, ledger: Ledger, buyer_id: str | None) -> Iterator[Hit]:
    """Yield quantities in words that the ledger denies or does not bear out."""
    words = sentence.words
    both = {found.start() for found in _BOTH_SLOTS.finditer(words)}
    for name, pattern in _FOUND.items():
        for found in pattern.finditer(words):
            single = not found["noun"].lower().endswith("s")
            if found.start() in both or (single and not _HEAD_ENDS.match(words, found.end())):
                continue
            reason = _wrong(name, found, ledger, buyer_id)
            if reason:
                yield Hit(
                    sentence.start + found.start(),
                    sentence.start + found.end(),
                    "contradiction",
                    f"{found[0].replace(SLOT_MARK, '').strip()!r}: {reason}",
                )


def counted(noun: str, state: str | None, ledger: Ledger, buyer_id: str | None) -> Counted | None:
    """Return how many of a noun a buyer has by the ledger, None for what it can't count."""
    word = _singular(noun)
    if buyer_id is None:
        return None
    if word == "contact":
        total = ledger.told(buyer_id, "buyer", "contacts")
        number = int(total.value) if total is not None and isinstance(total.value, int | float) else 0
        return Counted(max(number, len(ledger.records(buyer_id, "contact"))), True)
    if word in {"vendor", "supplier", "incumbent"}:
        vendors = {each["vendor"].display for each in ledger.records(buyer_id, "opportunity") if "vendor" in each}
        return Counted(len(vendors), False)
    if word == "school":
        schools = ledger.told(buyer_id, "profile", "schools")
        return Counted(int(schools.value), True) if schools is not None and isinstance(schools.value, int) else None
    if word not in _KINDS:
        return None
    return _records(_KINDS[word], state, ledger, buyer_id)


def _records(kind: str, state: str | None, ledger: Ledger, buyer_id: str) -> Counted:
    held = [each for each in ledger.records(buyer_id, "opportunity") if not kind or kind_of(each) == kind]
    fitting = [each for each in held if state is None or state_of(each) in _SAME_STATE.get(state, {state})]
    total = ledger.told(buyer_id, "buyer", "signals")
    known = len(ledger.records(buyer_id, "opportunity"))
    complete = total is not None and isinstance(total.value, int) and total.value <= known
    counted_rfps = ledger.told(buyer_id, "buyer", "open_rfps") if (kind, state) == ("rfp", "open") else None
    if counted_rfps is not None and isinstance(counted_rfps.value, int):
        return Counted(counted_rfps.value, True)
    return Counted(len(fitting), complete)


def _wrong(name: str, found: re.Match[str], ledger: Ledger, buyer_id: str | None) -> str | None:
    state = found["state"].lower() if found["state"] else None
    number = counted(found["noun"], state, ledger, buyer_id)
    if number is None:
        return "no fact counts these" if name not in {"some", "other"} else None
    if name == "other":
        return None if number.number > 1 or not number.complete else f"the evidence holds {number.number}"
    if name == "only":
        return None if number == Counted(1, complete=True) else _held(number)
    if name == "both":
        return None if number.number == 2 else _held(number)
    if name == "all":
        return "no fact speaks of all of them" if not _OFFERS.match(found[0]) or state else None
    return None if number.number >= _LEAST[name] else _held(number)


def _held(number: Counted) -> str:
    return f"the evidence holds {number.number}" + ("" if number.complete else ", and it need not be all")


def _singular(noun: str) -> str:
    word = noun.lower()
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    return word.removesuffix("s") if not word.endswith("ss") else word


def held(ledger: Ledger, buyer_id: str | None, record: FactRecord, field: str) -> list[Fields]:
    """Return the records of a buyer that have a field."""
    return [each for each in ledger.records(buyer_id, record) if field in each]
