"""From the ledger to the data block: which facts a section sees, record by record, the most important first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from intent_assets.prompts.base import Part
from intent_assets.records import BuyerIntel, Fact, FactRecord, Reply, SelectedBuyers
from intent_assets.slots import slot

STATE_ORDER = ("open", "expiring", "upcoming", "running", "unknown", None, "past", "closed", "expired", "left")
REPLY_FIELDS = ("product_description", "company", "prospect_name", "reply_text")


@dataclass(frozen=True)
class Material:
    """What sections are written from: the reply, the selected buyers in rank order, and the ledger."""

    reply: Reply
    selected: SelectedBuyers
    facts: tuple[Fact, ...]

    @property
    def featured(self) -> BuyerIntel | None:
        """The featured buyer, if there is one."""
        return next((buyer for buyer in self.selected.buyers if buyer.role == "featured"), None)

    @property
    def secondaries(self) -> tuple[BuyerIntel, ...]:
        """The other selected buyers, in rank order."""
        return tuple(buyer for buyer in self.selected.buyers if buyer.role == "secondary")

    def of_buyer(self, buyer_id: str) -> tuple[Fact, ...]:
        """The facts of one buyer, in the order of the ledger."""
        return tuple(fact for fact in self.facts if fact.buyer_id == buyer_id)

    def name_slot(self, buyer_id: str) -> str | None:
        """The slot of the buyer's name, or None if the ledger holds no such fact."""
        names = [
            fact
            for fact in self.of_buyer(buyer_id)
            if fact.kind == "name" and fact.record in {"buyer", "profile"} and fact.field in {"name", "buyer_name"}
        ]
        return slot(names[0].id) if names else None


def reply_parts(reply: Reply, fields: Sequence[str] = REPLY_FIELDS) -> list[Part]:
    """The reply's own words, one part a field, empty ones left out."""
    values = reply.model_dump(mode="json", include=set(fields))
    return [Part("reply", values[name], label=f"reply's {name}", key=name) for name in fields if values.get(name)]


def buyer_parts(material: Material, buyer: BuyerIntel, records: Sequence[FactRecord]) -> list[Part]:
    """The facts of one buyer whose record type is in `records`, grouped by record.

    The order is that of `records`, then of urgency (`STATE_ORDER`), then of the ledger.
    """
    owner = (("buyer_id", buyer.buyer_id), ("buyer", buyer.buyer_name), ("role", buyer.role))
    wanted = [fact for fact in material.of_buyer(buyer.buyer_id) if fact.record in records]
    groups = sorted(_grouped(wanted), key=lambda group: (records.index(group[0].record), _urgency(group)))
    return [_part("buyers", group, owner) for group in groups]


def shared_parts(material: Material, records: Sequence[FactRecord] = ("run", "reply")) -> list[Part]:
    """The facts that belong to no buyer: of the run, and the reply's names, which are to be cited by slot."""
    names = {"run": "run", "reply": "reply_facts"}
    shared = (fact for fact in material.facts if fact.buyer_id is None and fact.record in records)
    groups = _grouped(fact for fact in shared if fact.record != "reply" or fact.kind == "name")
    return [_part(names.get(group[0].record, group[0].record), group, None) for group in groups]


def interleaved(lists: Iterable[Sequence[Part]]) -> list[Part]:
    """The first of each list, then the second of each: so that all buyers lose their least important records."""
    return [part for row in zip_longest(*lists) for part in row if part is not None]


def _grouped(facts: Iterable[Fact]) -> list[list[Fact]]:
    groups: dict[tuple[str, str | None], list[Fact]] = {}
    for fact in facts:
        groups.setdefault((fact.record, fact.record_id), []).append(fact)
    return list(groups.values())


def _urgency(group: Sequence[Fact]) -> int:
    state = next((fact.state for fact in group if fact.state), None)
    return STATE_ORDER.index(state) if state in STATE_ORDER else STATE_ORDER.index("unknown")


def _part(section: str, group: Sequence[Fact], owner: tuple[tuple[str, str], ...] | None) -> Part:
    first = group[0]
    content: dict[str, Any] = {"record": first.record}
    state = next((fact.state for fact in group if fact.state), None)
    if state:
        content["state"] = state
    content["facts"] = [_told(fact) for fact in group]
    title = next((fact.display for fact in group if fact.field in {"title", "name"}), first.source_title or "")
    return Part(section, content, label=first.record, about=title, owner=owner)


def _told(fact: Fact) -> dict[str, str]:
    told = {"id": fact.id, "field": fact.field, "kind": fact.kind, "display": fact.display}
    if fact.trust == "model":
        told["trust"] = fact.trust
    return told
