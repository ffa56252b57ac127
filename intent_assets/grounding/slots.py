"""Slots: that they exist, belong to the buyer of the text, and stand where their kind makes sense."""

import re
from collections.abc import Iterator, Mapping

from intent_assets.grounding.figures import Hit
from intent_assets.grounding.text import SLOT_MARK, Plain
from intent_assets.grounding.words import SCALE_WORDS
from intent_assets.records import Fact, FactKind

_MALFORMED = re.compile(r"\{[^{}]*\{[^{}]*\}[^{}]*\}|\{+[^{}\s]*\}*|\}+|(?<![\w])E\d{6,}(?!\w)")
_NUMERIC: frozenset[FactKind] = frozenset({"money", "count", "percent", "score", "duration", "date"})
_ADDRESSES: frozenset[FactKind] = frozenset({"email", "phone", "url"})
_ACTS_NEVER: frozenset[FactKind] = _ADDRESSES | {"money", "count", "date", "status"}
_PEOPLE = {
    "students": "students", "student": "students", "pupils": "students", "learners": "students",
    "residents": "residents", "inhabitants": "residents", "citizens": "residents",
    "employees": "employees", "employee": "employees", "staff": "employees", "workers": "employees",
    "schools": "schools", "rfps": "RFPs", "contacts": "contacts", "buyers": "buyers", "searches": "searches",
    "signals": "signals",
}  # fmt: skip
"""Nouns that say what a count counts, and the unit that fits."""
_MEASURES = {"day", "days", "week", "weeks", "month", "months", "year", "years", "hours", "dollars", "cents", "usd"}
_OTHER_UNITS = {"percent", "percentage", "per", "x", "k", "m", "bn", "fold", "times", "o'clock", "pm", "am"}
_NEXT_WORD = re.compile(r"[\s\-–—]*([A-Za-z']+)")
_PREVIOUS = re.compile(r"([A-Za-z']+)[\s:]*$")
_GLUE_BEFORE = re.compile(r"[^\W_]\Z|[$€£¥#@%+=~/\\<>_]\s?\Z|(?:^|\s)[-–—]\Z|[^\W_][-–.,'’]\Z")
_GLUE_AFTER = re.compile(r"[^\W_]|\s?[%‰€£¥$@#+=~/\\<>_]|[.,:](?=[^\W_])|'(?!s\b|\s|$)")
_EXPLAINED = re.compile(rf"\s*:\s+{SLOT_MARK}")
_ACTS = re.compile(
    r"\s+(?:put|filed|published|posted|issued|announced|signed|bought|wants|needs|seeks|plans|has|had|holds"
    r"|ask(?:s|ed) for)"
    rf"\s+(?:(?:the|an?|its|their)\s+)?(?:\w+\s+)?{SLOT_MARK}"
)
_OPENS_CLAUSE = re.compile(r"(?:^|[.;:,!?]\s*)$")
_RANGE = re.compile(rf"\s*(?:-|–|—|/|:(?!\s)|x|\bto\b)?\s*{SLOT_MARK}")


def malformed(plain: Plain) -> Iterator[Hit]:
    """Yield what looks like a slot and is none."""
    for found in _MALFORMED.finditer(plain.text):
        reason = "no slot of the right form; a slot is two braces, the id of a fact, two braces"
        yield Hit(found.start(), found.end(), "unknown_slot", reason)


def misused(plain: Plain, facts: Mapping[str, Fact], buyer_id: str | None) -> Iterator[Hit]:
    """Yield slots without a fact, of another buyer than `buyer_id`, or standing where their kind makes no sense."""
    at = [place for place, char in enumerate(plain.text) if char == SLOT_MARK]
    following = [*map(facts.get, plain.ids[1:]), None][: len(at)]
    for place, fact_id, next_fact in zip(at, plain.ids, following, strict=True):
        fact = facts.get(fact_id)
        if fact is None:
            yield Hit(place, place + 1, "unknown_slot", f"there is no fact {fact_id} in the evidence")
        elif buyer_id is not None and fact.buyer_id not in {None, buyer_id}:
            owner = fact.buyer_name or fact.buyer_id
            yield Hit(place, place + 1, "other_buyer", f"{fact_id} is a fact of {owner}, not of this text's buyer")
        else:
            yield from _misplaced(plain.text, place, fact)
            yield from _beside(plain.text, place, fact, next_fact)
    if buyer_id is None:
        yield from _mixed(plain, facts, at)


def _mixed(plain: Plain, facts: Mapping[str, Fact], at: list[int]) -> Iterator[Hit]:
    """A text of no certain buyer that uses facts of several has to name each of them."""
    cited = [(place, facts[fact_id]) for place, fact_id in zip(at, plain.ids, strict=True) if fact_id in facts]
    owners = {fact.buyer_id for _, fact in cited} - {None}
    named = {fact.buyer_id for _, fact in cited if fact.record == "buyer" and fact.field == "name"}
    for place, fact in cited:
        if len(owners) > 1 and fact.buyer_id is not None and fact.buyer_id not in named:
            reason = f"facts of several buyers in one text, and {fact.buyer_name} is not named in it"
            yield Hit(place, place + 1, "other_buyer", reason)


def _misplaced(text: str, place: int, fact: Fact) -> Iterator[Hit]:
    before, after = text[:place], text[place + 1 :]
    glued = _GLUE_BEFORE.search(before)
    if glued:
        yield Hit(glued.start(), place + 1, "slot_misplaced", "something is glued to the slot that changes its value")
    stuck = _GLUE_AFTER.match(after)
    if stuck:
        yield Hit(place, place + 1 + stuck.end(), "slot_misplaced", "something behind the slot changes its value")
        return
    joined = _RANGE.match(after)
    if joined and (fact.kind in _NUMERIC | _ADDRESSES or joined[0] == SLOT_MARK):
        reason = "two slots are joined into one value; each fact stands on its own"
        yield Hit(place, place + 1 + joined.end(), "slot_misplaced", reason)
        return
    if (found := _NEXT_WORD.match(after)) and (conflict := _conflict(found[1].lower(), fact)):
        yield Hit(place, place + 1 + found.end(), "slot_misplaced", conflict)
    if (word := _PREVIOUS.search(before)) and (wrong := _wrong_lead(word[1].lower(), fact)):
        yield Hit(word.start(), place + 1, "slot_misplaced", wrong)


def _beside(text: str, place: int, fact: Fact, next_fact: Fact | None) -> Iterator[Hit]:
    """A value that is said to do something, or that another value of its kind is to explain."""
    after = text[place + 1 :]
    acts = _ACTS.match(after) if fact.kind in _ACTS_NEVER and _OPENS_CLAUSE.search(text[:place]) else None
    if acts:
        reason = f"a fact of kind {fact.kind} does nothing by itself: say whose record it is"
        yield Hit(place, place + 1 + acts.end(), "slot_misplaced", reason)
    explained = _EXPLAINED.match(after)
    if explained and fact.kind in _NUMERIC and next_fact is not None and next_fact.kind == fact.kind:
        reason = f"two facts of kind {fact.kind} are joined by a colon; the second says nothing of the first"
        yield Hit(place, place + 1 + explained.end(), "slot_misplaced", reason)


def _conflict(word: str, fact: Fact) -> str | None:
    """Why `word` can't stand behind the fact, or None."""
    if word in SCALE_WORDS or (word in _OTHER_UNITS and fact.kind in _NUMERIC | _ADDRESSES):
        return f"{word!r} behind a slot changes its value"
    if word in _MEASURES and fact.kind in _NUMERIC | _ADDRESSES | {"status"}:
        return f"{word!r} does not go with a fact of kind {fact.kind}"
    unit = _PEOPLE.get(word)
    if unit is None:
        return None
    if fact.kind in _ADDRESSES | {"money", "date", "duration", "percent", "score"}:
        return f"{word!r} does not go with a fact of kind {fact.kind}"
    if fact.kind == "count" and fact.unit in _PEOPLE.values() and unit != fact.unit:
        return f"the fact counts {fact.unit}, not {word}"
    return None


def _wrong_lead(word: str, fact: Fact) -> str | None:
    """Why `word` can't stand before the fact, or None."""
    if word in {"minus", "negative", "plus", "times"} and fact.kind in _NUMERIC:
        return f"{word!r} before a slot changes its value"
    if word == "due" and fact.kind in _ADDRESSES | {"money", "count", "score"}:
        return f"a fact of kind {fact.kind} is no due date"
    if word in {"call", "phone", "dial"} and fact.kind in {"email", "url"}:
        return f"a fact of kind {fact.kind} can't be called"
    if word in {"email", "e-mail"} and fact.kind in {"phone", "url"}:
        return f"a fact of kind {fact.kind} is no e-mail address"
    return None
