"""How the stand-in searches its world: words and phrases, windows of dates, order."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from intent_assets.sandbox.world import World
from intent_assets.sandbox.world_buyers import Json
from intent_assets.sandbox.world_records import Document

TYPE_WORDS = {
    "Meeting": "BoardMeeting",
    "StrategicPlan": "StrategicPlan",
    "RFP": "Selling",
    "Purchase": "PurchaseOrder",
    "Contract": "Contract",
}
"""The word that is asked with -> the word that is answered with."""

PERIODS = {"LastThirtyDays": 30, "LastThreeMonths": 91, "LastSixMonths": 182, "LastYear": 365}

_SORT_FIELDS = {
    "OpportunityFromDate": "postedDate",
    "OpportunityUntilDate": "untilDate",
    "OpportunityPurchaseAmount": "purchaseAmount",
}
_LONG_FIELDS = ("summary", "files", "buyerWebsite", "status")
_DOMAIN = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")


@dataclass(frozen=True)
class _Indexed:
    document: Document
    short: frozenset[str]
    content: frozenset[str]
    text: str


@lru_cache(maxsize=4)
def _index(world: World) -> tuple[_Indexed, ...]:
    indexed = []
    for document in world.documents:
        title = f"{document.wire['title']} {document.wire.get('summary') or ''} {document.wire['buyerName']}"
        words = frozenset(_words(title))
        text = f"{title} {document.text}".lower()
        indexed.append(_Indexed(document, words, words | frozenset(_words(document.text)), text))
    return tuple(indexed)


def search_records(world: World, asked: Json) -> list[Document]:
    """Return all records that fit the (valid) `input_vars`, in order."""
    types = {TYPE_WORDS[word] for word in asked.get("types") or ["Meeting"]}
    phrases = _phrases(asked.get("search_query") or "")
    in_content = asked.get("content_search") == 1
    found: list[tuple[float, _Indexed]] = []
    for entry in _index(world):
        if entry.document.wire["type"] not in types or not _fits(world.today, entry.document, asked):
            continue
        relevance = max((_relevance(entry, phrase, in_content) for phrase in phrases), default=1.0)
        if relevance > (0.7 if asked.get("ai_pruned") == 1 else 0.0):
            found.append((relevance, entry))
    return [entry.document for entry in _ordered(found, asked)]


def as_sent(document: Document, asked: Json) -> Json:
    """Return the record as this search sends it: one that reads contents sends more, so that copies differ."""
    wire = dict(document.wire)
    if asked.get("content_search") != 1:
        for name in _LONG_FIELDS if document.thin else ():
            wire.pop(name, None)
        return wire
    words = {word for phrase in _phrases(asked.get("search_query") or "") for word in _words(phrase)}
    mark = "em" if len(document.text) % 2 else "b"
    marked = re.sub(
        r"[^\W_]+",
        lambda word: f"<{mark}>{word[0]}</{mark}>" if _words(word[0])[0] in words else word[0],
        document.text,
    )
    if f"<{mark}>" in marked:
        wire["highlights"] = {"content": [{"highlight": f"...{marked}..."}]}
    return wire


def search_buyers(world: World, asked: Json) -> list[Json]:
    """Return all buyers that fit the (valid) `input_vars`, by name; the name has to contain the query."""
    needle = (asked.get("query") or "").strip().lower()
    found = []
    for buyer in world.buyers:
        listed = buyer.listed()
        fits = (
            needle in buyer.name.lower()
            and (not asked.get("buyer_types") or buyer.kind in asked["buyer_types"])
            and (not asked.get("states") or buyer.state in asked["states"])
            and _contains(listed["city"], asked.get("city"))
            and _contains(listed["county"], asked.get("county"))
            and _contains(listed["parentName"], asked.get("parent_name"))
            and (asked.get("min_population") or 0) <= buyer.population
            and buyer.population <= (asked.get("max_population") or 10**12)
        )
        if fits:
            found.append(listed)
    return sorted(found, key=lambda listed: (str(listed["name"]), str(listed["stateCode"])))


def _contains(value: str | None, needle: str | None) -> bool:
    return not needle or needle.strip().lower() in (value or "").lower()


def _words(text: str) -> list[str]:
    return [
        word[:-1] if word.endswith("s") and len(word) > 3 else word for word in re.findall(r"[^\W_]+", text.lower())
    ]


def _phrases(query: str) -> list[str]:
    return [phrase for part in re.split(r"\bOR\b", query) if (phrase := part.strip().strip("\"'()").strip())]


def _relevance(entry: _Indexed, phrase: str, in_content: bool) -> float:
    """From 0 to 1.2: the share of the phrase's words that occur; both of two, at least half of more."""
    if _DOMAIN.fullmatch(phrase.lower()):
        return 1.0 if phrase.lower() in entry.text else 0.0
    words = set(_words(phrase))
    if not words:
        return 0.0
    known = entry.content if in_content else entry.short
    share = len(words & known) / len(words)
    return share + 0.2 * len(words & entry.short) / len(words) if share >= (0.5 if len(words) > 2 else 1.0) else 0.0


def _fits(today: date, document: Document, asked: Json) -> bool:
    buyer, wire = document.buyer, document.wire
    if asked.get("buyer_types") and buyer.kind not in asked["buyer_types"]:
        return False
    if asked.get("states") and buyer.state not in asked["states"]:
        return False
    if asked.get("buyer_ids") and wire.get("buyerId") not in asked["buyer_ids"]:
        return False
    posted = _day(wire.get("postedDate"))
    if period := asked.get("from_date_relative_period"):
        first = today - timedelta(days=PERIODS[period])
        if posted is None or posted < first:
            return False
    if asked.get("until_date_relative_period"):
        ends = _day(wire.get("dueDate")) or _day(wire.get("untilDate")) or posted
        return ends is not None and ends >= today
    return True


def _ordered(found: list[tuple[float, _Indexed]], asked: Json) -> list[_Indexed]:
    name = asked.get("sort_field") or "SearchRelevancy"
    down = not (asked.get("sort_direction") or "Descending").lower().startswith("asc")
    if name == "SearchRelevancy":
        ranked = sorted(found, key=lambda pair: (pair[0], pair[1].document.wire["id"]), reverse=down)
        return [entry for _, entry in ranked]
    field = _SORT_FIELDS[name]
    read = _amount if field == "purchaseAmount" else _ordinal
    known = [(value, entry) for _, entry in found if (value := read(entry.document.wire.get(field))) is not None]
    unknown = [entry for _, entry in found if read(entry.document.wire.get(field)) is None]
    return [entry for _, entry in sorted(known, key=lambda pair: pair[0], reverse=down)] + unknown


def _day(value: object) -> date | None:
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return (moment.astimezone(UTC) if moment.tzinfo else moment).date()


def _ordinal(value: object) -> float | None:
    day = _day(value)
    return day.toordinal() if day else None


def _amount(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None
