"""A large world of wire records for the benchmark of scoring: realistic in form, the same for the same seed.

An opportunity has 15 to 19 fields, as the API sends them; one in twelve is found by two searches, and some per cent
hold garbage: dates and amounts that can't be read, fields of the wrong form, rows without a buyer or an id.
"""

import json
import random
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

Row = dict[str, Any]

AS_OF = date(2026, 11, 23)
STRATEGY = {
    "buyer_types": ["HigherEducation", "SchoolDistrict", "Library"],
    "primary_keywords": ["student success", "career services platform", "learning management", "police records"],
}
SEARCHES = 4
BUYERS_WITHOUT_SIGNALS = 0.05
_PAGE = 100
_KINDS = ("BoardMeeting", "StrategicPlan", "Selling", "PurchaseOrder", "Contract")
_STATES = ("NY", "CA", "TX", "FL", "OH", "WA", "MA", "IL", "GA", "NC")
_TYPES = (
    "HigherEducation", "UndergraduateInstitution, HigherEducation", "SchoolDistrict", "School", "City", "County",
    "StateAgency", "PoliceDepartment", "FireDepartment", "Library", "SpecialDistrict", "Other",
)  # fmt: skip
_WORDS = (
    "annual", "award", "board", "budget", "building", "bus", "campus", "career", "center", "committee", "consulting",
    "contract", "county", "department", "design", "district", "education", "equipment", "facility", "fire", "fiscal",
    "fleet", "funding", "furniture", "grant", "health", "improvement", "information", "insurance", "landscape",
    "learning", "library", "maintenance", "management", "materials", "minutes", "network", "office", "operations",
    "park", "phase", "plan", "platform", "police", "policy", "procurement", "professional", "program", "proposal",
    "public", "purchase", "records", "renewal", "repair", "replacement", "request", "road", "roof", "safety", "school",
    "security", "service", "services", "sewer", "software", "staff", "strategic", "student", "success", "supply",
    "support", "system", "technology", "training", "transit", "treatment", "upgrade", "utility", "vehicle", "vendor",
    "water", "waste", "workforce", "año", "résumé",
)  # fmt: skip
_GARBAGE: tuple[Row, ...] = (
    {"postedDate": "soon"}, {"postedDate": 20260101}, {"dueDate": "2026-02-30"}, {"untilDate": ["2027-01-01"]},
    {"purchaseAmount": "on request"}, {"purchaseAmount": -5}, {"purchaseAmount": {"value": 5}}, {"title": 2026},
    {"summary": ["text"]}, {"buyerTags": [None, 3]}, {"buyerType": ["City", "Library"]}, {"type": None},
    {"buyerId": None}, {"buyerId": ""}, {"id": None}, {"status": False},
)  # fmt: skip


def main() -> None:
    """Write a world of so many opportunities and candidates to a file, as `intent score` reads it."""
    opportunities, candidates, file = sys.argv[1:]
    draw = random.Random(1)
    found: list[list[str]] = [[] for _ in range(SEARCHES)]
    page: list[str] = []
    buyers = int(int(candidates) * (1 - BUYERS_WITHOUT_SIGNALS))
    for number, row in enumerate(_opportunities(draw, int(opportunities), buyers), start=1):
        page.append(json.dumps(row, ensure_ascii=False))
        if number % _PAGE == 0 or number == int(opportunities):
            found[number // _PAGE % SEARCHES] += page
            # Found again, by the next search.
            page = page[: _PAGE // 12]
    searches = ", ".join(f"[{', '.join(rows)}]" for rows in found)
    listed = [_buyer(draw, number) for number in range(int(buyers * 0.9), int(candidates))]
    head = json.dumps({"as_of": AS_OF.isoformat(), "strategy": STRATEGY, "buyers": listed})
    Path(file).write_text(f'{head[:-1]}, "searches": [{searches}]}}', encoding="utf-8")


def _opportunities(draw: random.Random, count: int, buyers: int) -> Iterator[Row]:
    for number in range(count):
        # Every buyer has a signal, and a few have very many.
        buyer = number if number < buyers else int(buyers * draw.random() ** 1.5)
        row = _opportunity(draw, number, buyer)
        if draw.random() < 0.03:
            row |= draw.choice(_GARBAGE)
        yield row


def _opportunity(draw: random.Random, number: int, buyer: int) -> Row:
    kind = draw.choice(_KINDS)
    posted = AS_OF - timedelta(days=draw.randint(0, 700))
    said = _said(buyer)
    row: Row = {
        "id": f"{number:08x}-{draw.getrandbits(32):08x}-opp",
        "title": _text(draw, 6).capitalize(),
        "type": kind,
        "status": draw.choice(("Future", "Available", "Active", "Past")),
        "postedDate": f"{posted}T{draw.randint(0, 23):02}:{draw.randint(0, 59):02}:00Z",
        "createdAt": f"{posted + timedelta(days=3)}T04:00:{draw.randint(0, 59):02}.123Z",
        "buyerId": said["buyerId"],
        "buyerName": said["name"],
        "buyerType": said["type"],
        "buyerState": said["stateCode"],
        "buyerWebsite": said["website"],
        "buyerTags": ["R1", "Public"] if buyer % 5 == 0 else None,
        "buyerLogoUrl": None,
        "documentType": "Minutes",
        "fileCount": 1,
        "files": [{"name": "document.pdf", "url": f"https://files.example/{number}.pdf"}],
    }
    if kind in ("BoardMeeting", "StrategicPlan", "Contract"):
        row["summary"] = _text(draw, 22).capitalize() + "."
    if kind == "Selling":
        row["dueDate"] = f"{AS_OF + timedelta(days=draw.randint(-400, 60))}T17:00:00-05:00" if number % 10 else None
    if kind in ("Contract", "StrategicPlan", "PurchaseOrder"):
        row["untilDate"] = (AS_OF + timedelta(days=draw.randint(-300, 900))).isoformat()
    if kind in ("Contract", "PurchaseOrder"):
        dollars = int(10 ** draw.uniform(3, 6.5))
        row["purchaseAmount"] = f"${dollars:,}" if draw.random() < 0.1 else dollars + draw.choice((0, 0, 0.5))
    return row


def _buyer(draw: random.Random, number: int) -> Row:
    return _said(number) | {
        "city": "Riverhead",
        "county": "Suffolk",
        "zip": f"{number % 100_000:05}",
        "population": draw.randint(500, 900_000),
    }


def _said(number: int) -> Row:
    """Return what every record says of the buyer of this number."""
    return {
        "buyerId": f"buyer-{number * 2654435761 % 2**32:08x}-{number}",
        "name": f"{_WORDS[number % 80].capitalize()} {_WORDS[number // 80 % 80]} district {number}",
        "type": _TYPES[number % len(_TYPES)],
        "stateCode": _STATES[number % len(_STATES)],
        "website": f"https://www.district{number}.example",
    }


def _text(draw: random.Random, most: int) -> str:
    return " ".join(draw.choices(_WORDS, k=draw.randint(3, most)))


if __name__ == "__main__":
    main()
