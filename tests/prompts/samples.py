"""A small ledger by hand: one featured and two secondary buyers."""

from datetime import UTC, date, datetime
from typing import Any

from intent_assets.prompts.material import Material
from intent_assets.records import BuyerIntel, CampaignSignal, Fact, FactKind, FactRecord, Reply, SelectedBuyers

AS_OF = date(2026, 11, 23)


def reply(**changes: Any) -> Reply:
    """A reply with everything that prompts use."""
    values: dict[str, Any] = {
        "reply_id": "r-1",
        "domain": "vmock.example",
        "company": "VMock",
        "prospect_name": "Ana Diaz",
        "product_description": "Career-services platform for universities: resume reviews, interview practice",
        "reply_text": "This looks interesting, can you send more?",
        "campaign_signals": (CampaignSignal(position=1, signal_id="opp-1", title="Career centre RFP"),),
        "received_at": datetime(2026, 11, 23, 12, tzinfo=UTC),
        "source": "manual",
    }
    return Reply(**(values | changes))


class Ledger:
    """Collects facts with running ids."""

    def __init__(self) -> None:
        self.facts: list[Fact] = []

    def add(
        self,
        buyer: str | None,
        record: FactRecord,
        record_id: str | None,
        field: str,
        kind: FactKind,
        display: str,
        state: str | None = None,
    ) -> str:
        """Add a fact and return its id."""
        fact_id = f"E{100001 + len(self.facts)}"
        name = f"Name of {buyer}" if buyer else None
        self.facts.append(
            Fact(
                id=fact_id,
                buyer_id=buyer,
                buyer_name=name,
                record=record,
                record_id=record_id,
                field=field,
                kind=kind,
                value=display,
                display=display,
                state=state,
                as_of=AS_OF,
            )
        )
        return fact_id

    def buyer(self, buyer: str) -> None:
        """Add a buyer with a profile, an open RFP, a closed one, and a contact."""
        self.add(buyer, "buyer", buyer, "name", "name", f"Name of {buyer}")
        self.add(buyer, "buyer", buyer, "type", "text", "Higher education")
        self.add(buyer, "buyer", buyer, "state", "name", "Texas")
        for number, (state, title, due) in enumerate(
            (("closed", "Old careers tender", "was due 1 March 2026, 267 days ago"),
             ("open", "Career platform", "due 12 December 2026, in 19 days"))
        ):  # fmt: skip
            record_id = f"{buyer}-opp-{number}"
            self.add(buyer, "opportunity", record_id, "title", "title", f"{title} of {buyer}", state)
            self.add(buyer, "opportunity", record_id, "kind", "text", "RFP", state)
            self.add(buyer, "opportunity", record_id, "status", "status", state, state)
            self.add(buyer, "opportunity", record_id, "deadline", "text", due, state)
            self.add(buyer, "opportunity", record_id, "amount", "money", "$48,500", state)
        self.add(buyer, "profile", buyer, "enrollment", "count", "12,400")
        self.add(buyer, "profile", buyer, "fiscal_year_start", "date", "July 1")
        self.add(buyer, "contact", f"{buyer}-c1", "name", "name", f"Kim of {buyer}")
        self.add(buyer, "contact", f"{buyer}-c1", "title", "title", "Director of Career Services")
        self.add(buyer, "contact", f"{buyer}-c1", "email", "email", f"kim@{buyer}.example")


def material(**changes: Any) -> Material:
    """A reply, a featured buyer `b1`, and the secondaries `b2` and `b3`."""
    ledger = Ledger()
    ledger.add(None, "run", None, "signals_found", "count", "412")
    ledger.add(None, "run", None, "buyers_scored", "count", "57")
    ledger.add(None, "reply", "r-1", "company", "name", "VMock")
    ledger.add(None, "reply", "r-1", "reply_text", "quote", "This looks interesting, can you send more?")
    roles = {"b1": "featured", "b2": "secondary", "b3": "secondary"}
    for buyer in roles:
        ledger.buyer(buyer)
    selected = SelectedBuyers(
        buyers=tuple(
            BuyerIntel.model_validate({"buyer_id": buyer, "buyer_name": f"Name of {buyer}", "role": role})
            for buyer, role in roles.items()
        )
    )
    return Material(reply=reply(**changes), selected=selected, facts=tuple(ledger.facts))
