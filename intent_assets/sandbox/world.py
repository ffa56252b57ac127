"""The invented world of public bodies that the sandbox answers from: the same for the same seed and day.

Names, people and vendors are invented; domains and mail stand under `.example`, phones are 555-01xx.
"""

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache

from intent_assets.sandbox.world_buyers import Buyer, Json, make_buyers
from intent_assets.sandbox.world_contacts import make_contacts
from intent_assets.sandbox.world_records import Document, make_records

RECORDS = 5000


@dataclass(frozen=True, eq=False)
class World:
    """Buyers, records and contacts (by buyer id); read-only, shared by all who ask for the same seed and day."""

    seed: int
    today: date
    buyers: tuple[Buyer, ...]
    documents: tuple[Document, ...]
    contacts: dict[str, list[Json]]

    def buyer(self, buyer_id: str) -> Buyer | None:
        """The buyer with this id."""
        return next((buyer for buyer in self.buyers if buyer.id == buyer_id), None)


def make_world(seed: int = 7, today: date | None = None) -> World:
    """Return the world of a seed; its dates lie around `today` (UTC today unless told)."""
    return _make(seed, today or datetime.now(UTC).date())


@lru_cache(maxsize=4)
def _make(seed: int, today: date) -> World:
    dice = random.Random(f"buyers {seed}")
    buyers = make_buyers(dice)
    documents = make_records(random.Random(f"records {seed}"), buyers, today, RECORDS)
    contacts = make_contacts(random.Random(f"contacts {seed}"), buyers, today)
    return World(seed, today, buyers, documents, contacts)
