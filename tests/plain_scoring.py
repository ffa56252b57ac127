"""The contract of scoring a second time: plain, slow, row by row, sharing no code with the package."""

import math
import re
from datetime import UTC, date, datetime
from typing import Any

KIND = {
    "BoardMeeting": "meeting",
    "StrategicPlan": "plan",
    "Selling": "rfp",
    "PurchaseOrder": "purchase",
    "Contract": "contract",
}
WEIGHTS = {
    "type_match": 0.25,
    "signal_count": 0.20,
    "recency": 0.20,
    "urgency": 0.15,
    "dollar_value": 0.10,
    "keyword_hits": 0.10,
}
SIZES = {"k": 10**3, "thousand": 10**3, "m": 10**6, "million": 10**6, "b": 10**9, "billion": 10**9}

Row = dict[str, Any]


def text_of(value: Any) -> str | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    return str(value).strip() or None


def date_of(value: Any) -> date | None:
    text = text_of(value)
    if text is None:
        return None
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            return None
    shape = r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?(Z|[+-][0-9]{2}(:?[0-9]{2})?)?"
    if not re.fullmatch(shape, text):
        return None
    try:
        moment = datetime.fromisoformat(re.sub(r"\.[0-9]+", "", text))
        return moment.date() if moment.tzinfo is None else moment.astimezone(UTC).date()
    except (ValueError, OverflowError):
        return None


def number_in(text: str) -> float | None:
    text = re.sub(r"^(\$|us\$|usd)\s*", "", text.strip().lower())
    text = re.sub(r"\s*(dollars|usd)$", "", text)
    found = re.fullmatch(r"([0-9,]+(?:\.[0-9]+)?)\s*([a-z]*)", text)
    if not found or (found[2] and found[2] not in SIZES):
        return None
    first, *others = found[1].split(".")[0].split(",")
    if others and not (1 <= len(first) <= 3 and all(len(part) == 3 for part in others)):
        return None
    zeros = len(str(SIZES.get(found[2], 1))) - 1
    return float(found[1].replace(",", "") + f"e{zeros}")


def amount_of(value: Any) -> float | None:
    if isinstance(value, str):
        value = number_in(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return float(value) if math.isfinite(value) and value > 0 else None
    except OverflowError:
        return None


def words_of(text: str | None) -> set[str]:
    words, word = set(), ""
    for letter in (text or "").lower() + " ":
        if letter.isalnum():
            word += letter
        elif word:
            words.add(word)
            word = ""
    return words


def types_of(*values: Any) -> set[str]:
    found = set()
    for value in values:
        for entry in value if isinstance(value, list) else [value]:
            for word in (text_of(entry) or "").split(","):
                if word.strip():
                    found.add(word.strip().lower())
    return found


def rfp_state(signal: Row, as_of: date) -> str:
    event, due = signal["event"], signal["due"]
    if due:
        return "open" if due >= as_of else "closed"
    if signal["status"] in ("Available", "Active", "Future") and event and (as_of - event).days <= 180:
        return "open"
    return "unknown"


def ending_state(until: date | None, as_of: date) -> str:
    if not until:
        return "unknown"
    if until < as_of:
        return "expired"
    return "expiring" if (until - as_of).days <= 365 else "running"


def state_of(signal: Row, as_of: date) -> str:
    if signal["kind"] == "rfp":
        return rfp_state(signal, as_of)
    if signal["kind"] in ("contract", "purchase", "plan"):
        return ending_state(signal["until"], as_of)
    if signal["kind"] == "meeting" and signal["event"]:
        return "upcoming" if signal["event"] > as_of else "past"
    return "unknown"


def signals_of(searches: list[list[Any]], as_of: date) -> list[Row]:
    best: dict[str, Row] = {}
    for search in searches:
        for row in search:
            if not isinstance(row, dict):
                continue
            key = text_of(row.get("id"))
            if key is None or text_of(row.get("buyerId")) is None:
                continue
            filled = sum(value is not None for value in row.values())
            if key not in best or filled > sum(value is not None for value in best[key].values()):
                best[key] = row
    signals = []
    for key, row in best.items():
        signal = {
            "id": key,
            "buyer": text_of(row["buyerId"]),
            "kind": KIND.get(text_of(row.get("type")) or ""),
            "event": date_of(row.get("postedDate")),
            "due": date_of(row.get("dueDate")),
            "until": date_of(row.get("untilDate")),
            "status": text_of(row.get("status")),
            "amount": amount_of(row.get("purchaseAmount")),
            "words": words_of(text_of(row.get("title"))) | words_of(text_of(row.get("summary"))),
            "types": types_of(row.get("buyerType"), row.get("buyerTags")),
        }
        signals.append(signal | {"state": state_of(signal, as_of)})
    return signals


def rank(world: Row, weights: dict[str, float] | None = None, secondary_buyers: int = 4) -> list[Row]:
    """Rank the world as `intent score` reads it (`as_of`, `strategy`, `searches`, `buyers`)."""
    as_of = date.fromisoformat(world["as_of"])
    signals = signals_of(world["searches"], as_of)
    sought = {word.strip().lower() for word in world["strategy"]["buyer_types"]}
    keywords = {
        word
        for phrase in world["strategy"]["primary_keywords"]
        for word in words_of(phrase)
        if len(word) >= 3 and word not in ("and", "for", "the", "with")
    }
    types: dict[str, set[str]] = {}
    for row in world["buyers"]:
        buyer = text_of(row.get("buyerId"))
        if buyer:
            kind = row.get("type") if types_of(row.get("type")) else row.get("buyerType")
            types.setdefault(buyer, set()).update(types_of(kind, row.get("buyerTags")))
    for signal in signals:
        types.setdefault(signal["buyer"], set()).update(signal["types"])

    of_buyer: dict[str, list[Row]] = {}
    for signal in signals:
        of_buyer.setdefault(signal["buyer"], []).append(signal)

    rows: list[Row] = []
    for buyer, buyer_types in types.items():
        own = of_buyer.get(buyer, [])
        recency = urgency = 0.0
        for signal in own:
            if signal["event"]:
                age = max(0, (as_of - signal["event"]).days)
                recency = max(recency, max(0, 365 - age) / 365)
            if signal["kind"] == "rfp" and signal["state"] == "open":
                urgency = 1.0
            if signal["kind"] in ("contract", "purchase") and signal["state"] == "expiring":
                urgency = max(urgency, (365 - (signal["until"] - as_of).days) / 365)
        rows.append(
            {
                "buyer_id": buyer,
                "type_match": 1.0 if buyer_types & sought else 0.0,
                "recency": recency,
                "urgency": urgency,
                "signals": len(own),
                "actionable": sum(signal["state"] not in ("closed", "expired") for signal in own),
                "largest": max([signal["amount"] for signal in own if signal["amount"]], default=0.0),
                "latest": max([signal["event"] for signal in own if signal["event"]], default=None),
                "hits": sum(any(word in signal["words"] for signal in own) for word in keywords),
            }
        )
    most = max([row["signals"] for row in rows], default=0)
    largest = max([row["largest"] for row in rows], default=0.0)
    hits = max([row["hits"] for row in rows], default=0)
    for row in rows:
        row["signal_count"] = row["signals"] / most if most else 0.0
        row["dollar_value"] = math.log1p(row["largest"]) / math.log1p(largest) if largest else 0.0
        row["keyword_hits"] = row["hits"] / hits if hits else 0.0
        score = 0.0
        for name, weight in (weights or WEIGHTS).items():
            score += weight * row[name]
        row["score"] = round(score, 6)

    rows.sort(key=lambda row: row["buyer_id"])
    rows.sort(
        key=lambda row: (row["score"], row["signals"], row["latest"] is not None, row["latest"] or date.min),
        reverse=True,
    )
    with_signals = [row for row in rows if row["signals"]]
    featured = next((row for row in with_signals if row["actionable"]), with_signals[0] if with_signals else None)
    others = {row["buyer_id"] for row in [row for row in with_signals if row is not featured][:secondary_buyers]}
    for position, row in enumerate(rows):
        row["rank"] = position + 1
        row["role"] = "featured" if row is featured else "secondary" if row["buyer_id"] in others else None
    return rows
