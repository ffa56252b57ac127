"""Invented rows of the stand-in for Supabase: the same for the same seed, reserved domains only."""

import random
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

Row = dict[str, Any]

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "signals": ("id", "domain", "signal_type", "summary", "source", "date", "relevance_score"),
    "signal_allocations": ("signal_id", "prospect_email", "campaign_id", "sequence_position", "sent"),
}
"""The default schema of the contract."""

_DOMAINS = (
    "vmock.example",
    "tallgrasstransit.example",
    "brightwellwater.example",
    "oaklinepermits.example",
    "cedarpeak.example",
    "northlightdispatch.example",
    "quillhaven.example",
    "sablewoodsecurity.example",
)
_PLACES = ("Alder Falls", "Marlow County", "Port Wexley", "Granite Bend", "Lake Orrin", "Fenwick", "Stonebrook")
_SUBJECTS: Mapping[str, tuple[str, ...]] = {
    "meeting": ("the council asked staff for options on {topic}", "the board discussed {topic}"),
    "rfp": ("a request for proposals for {topic} was posted", "bids for {topic} are invited"),
    "purchase": ("a purchase order for {topic} was issued",),
    "plan": ("the strategic plan names {topic} as a goal",),
}
_TOPICS = ("student services", "fleet scheduling", "permit software", "water metering", "literacy programmes")
_LAST_DAY = date(2026, 11, 20)


def seeded_tables(seed: int) -> dict[str, list[Row]]:
    """Return the rows of both tables; some values are null."""
    dice = random.Random(f"{seed}.supabase")
    signals: list[Row] = []
    allocations: list[Row] = []
    for domain in _DOMAINS:
        for _ in range(dice.randrange(5, 12)):
            signals.append(_signal(dice, len(signals), domain))
            if dice.random() < 0.4:
                allocations.append(
                    {
                        "signal_id": signals[-1]["id"],
                        "prospect_email": f"ana.diaz@{domain}",
                        "campaign_id": f"camp_{dice.randrange(1, 30)}",
                        "sequence_position": dice.randrange(1, 6),
                        "sent": dice.random() < 0.7,
                    }
                )
    return {"signals": signals, "signal_allocations": allocations}


def _signal(dice: random.Random, number: int, domain: str) -> Row:
    kind = dice.choice(tuple(_SUBJECTS))
    summary = dice.choice(_SUBJECTS[kind]).format(topic=dice.choice(_TOPICS))
    day = (_LAST_DAY - timedelta(days=dice.randrange(0, 500))).isoformat()
    return {
        "id": f"sb-{number:05d}",
        "domain": domain,
        "signal_type": kind,
        "summary": None if dice.random() < 0.05 else f"In {dice.choice(_PLACES)} {summary}.",
        "source": f"https://records.example/sandbox/{number:05d}",
        "date": None if dice.random() < 0.08 else day,
        "relevance_score": None if dice.random() < 0.1 else round(dice.uniform(0.2, 1.0), 2),
    }
