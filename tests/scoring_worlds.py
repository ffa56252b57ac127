"""Random worlds for the tests of scoring: small, full of traps, the same for the same seed."""

import random
from datetime import date, timedelta
from typing import Any

Row = dict[str, Any]

AS_OF = date(2026, 11, 23)
KINDS = ("BoardMeeting", "StrategicPlan", "Selling", "PurchaseOrder", "Contract")
STATUS: tuple[Any, ...] = ("Available", "Active", "Future", "Past", None, "available", 3)
TYPES: tuple[Any, ...] = (
    "HigherEducation", "City", "School", "UndergraduateInstitution, HigherEducation", " county ", "", None, "library",
    ["Library", "City"],
)  # fmt: skip
AMOUNTS: tuple[Any, ...] = (
    None, 0, -5, 12.5, 1_000_000, "$50,000", "1.2M", "USD 75 thousand", "$1.5 million", "2,5 Mio", "soon", "", True,
    float("nan"), float("inf"), 10**400, "3 billion", "1,23", [], "2.3 million", "$-4", "750 K", "40000 dollars",
)  # fmt: skip
DATES: tuple[Any, ...] = (
    None, "", "soon", "2026-02-30", 20260101, "0001-01-01", "9999-12-31", "2026-11-23", "2026-11-24", "2026-11-22",
    "2026-05-27", "2026-05-26", "2025-11-23", "2025-11-24", "2027-11-23", "2027-11-24", "2026-11-23T23:30:00-05:00",
    "2026-11-23T00:10:00+02:00", "2026-11-22 23:59:59.5Z", "20261123", ["2026-11-23"], True,
)  # fmt: skip
TEXTS: tuple[Any, ...] = (
    "Student success platform", "Student-success, and the POLICE", "Ausschreibung für Straßen", "k12 learning", "",
    None, "policeman", "x_success_y", "RFP: Police/records (2026)", "Été à l'école", 911,
)  # fmt: skip
PHRASES = ("student success", "police", "the records for k12", "Straßen", "école", "911", "of", "")
TAGS: tuple[Any, ...] = (None, [], ["City", "R1"], "school, r2", "City", ["Library, City", None, 3], "")


def world(seed: int, buyers: int = 6) -> Row:
    """Return a world as `intent score` reads it."""
    draw = random.Random(seed)
    names = [f"b{number}" for number in range(draw.randint(1, buyers))]
    pool = [opportunity(draw, f"o{number}", names) for number in range(draw.randint(0, 12))]
    searches = [[copy(draw, row) for row in pool if draw.random() < 0.5] for _ in range(draw.randint(0, 4))]
    for search in searches:
        draw.shuffle(search)
    return {
        "as_of": AS_OF.isoformat(),
        "strategy": {
            "buyer_types": draw.sample(["HigherEducation", "city", "Library", " School"], draw.randint(0, 3)),
            "primary_keywords": draw.sample(PHRASES, draw.randint(0, 4)),
        },
        "searches": searches,
        "buyers": [buyer(draw, names) for _ in range(draw.randint(0, 4))],
    }


def opportunity(draw: random.Random, key: str, buyers: list[str]) -> Row:
    """Return a wire opportunity, nearly always of one of `buyers`."""
    row: Row = {
        "id": key if draw.random() < 0.95 else draw.choice([None, "", 7, 7.5, True]),
        "title": draw.choice(TEXTS),
        "type": draw.choice(KINDS) if draw.random() < 0.95 else draw.choice(["Meeting", None, 5]),
        "summary": draw.choice(TEXTS),
        "status": draw.choice(STATUS),
        "postedDate": day(draw),
        "dueDate": day(draw),
        "untilDate": day(draw),
        "createdAt": "2026-11-23",
        "purchaseAmount": draw.choice(AMOUNTS),
        "buyerId": draw.choice(buyers) if draw.random() < 0.95 else draw.choice([None, "", " b0 ", 12]),
        "buyerName": "A Buyer",
        "buyerType": draw.choice(TYPES),
        "buyerTags": draw.choice(TAGS),
    }
    return {name: value for name, value in row.items() if draw.random() < 0.97}


def buyer(draw: random.Random, names: list[str]) -> Row:
    """Return a wire buyer that may have signals or not."""
    row: Row = {
        "buyerId": draw.choice([*names, "alone", "alone2", None]),
        "name": "A Buyer",
        "type": draw.choice(TYPES),
        "buyerTags": draw.choice(TAGS),
    }
    return {name: value for name, value in row.items() if draw.random() < 0.95}


def copy(draw: random.Random, row: Row) -> Row:
    """Return a copy that now and then lacks a field or says something else."""
    other = dict(row)
    if draw.random() < 0.3:
        other[draw.choice(list(row))] = None
    if draw.random() < 0.1:
        other["purchaseAmount"] = draw.choice(AMOUNTS)
    return other


def day(draw: random.Random) -> Any:
    """Return a date near `AS_OF`, or a trap."""
    if draw.random() < 0.5:
        return draw.choice(DATES)
    near = AS_OF + timedelta(days=draw.randint(-500, 500))
    return near.isoformat() + draw.choice(["", "", "T10:00:00Z", "T23:59:59-01:00", "T00:00:00.123+0530"])
