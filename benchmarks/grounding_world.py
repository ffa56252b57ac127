"""Cases for the benchmark of the gate: what a run knows of one prospect, over the invented world of the sandbox.

Everything a run does before it writes is done here by the same pure code: search, signals, score, intel, ledger.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from intent_assets import frames, tables, wire
from intent_assets.evidence import ledger
from intent_assets.evidence_drafts import rows
from intent_assets.records import (
    BuyerIntel,
    Fact,
    ProspectContext,
    Reply,
    SearchStrategy,
    SelectedBuyers,
    ToldSignal,
)
from intent_assets.reports import LastReport
from intent_assets.resources.starbridge_records import contact_records, profile_record
from intent_assets.sandbox.starbridge_search import as_sent, search_buyers, search_records
from intent_assets.sandbox.world import World, make_world
from intent_assets.sandbox.world_buyers import STATES, Json
from intent_assets.scoring import scored_buyers
from intent_assets.settings import Weights
from intent_assets.signals import candidate_buyers, discoveries

if TYPE_CHECKING:
    from pandas import DataFrame

AS_OF = date(2026, 11, 23)
_STATES_AT_ONCE = 9


@dataclass(frozen=True)
class Product:
    """What a prospect sells. `task` is plain words for what the product does, `named` a name of its description."""

    company: str
    domain: str
    prospect: str
    description: str
    task: str
    named: str
    keywords: tuple[str, ...]
    buyer_types: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Case:
    """One prospect's run up to the writing."""

    product: Product
    reply: Reply
    strategy: SearchStrategy
    discoveries: "DataFrame"
    scored: "DataFrame"
    selected: SelectedBuyers
    outcomes: "DataFrame"
    context: ProspectContext
    last_report: LastReport | None
    facts: tuple[Fact, ...]


PRODUCTS = (
    Product("Resumark", "resumark.example", "Ada Quill",
            "Resumark SmartResume: resume review and interview practice for career services, with Office 365 sign-in",
            "resume review", "Office 365", ("career services", "resume review", "interview practice"),
            ("HigherEducation",)),
    Product("Lernwerk 24", "lernwerk24.example", "Jonas Bram",
            "Lernwerk 24 is a learning management system that meets Section 508",
            "course building", "Section 508", ("learning management system", "course content"),
            ("HigherEducation", "SchoolDistrict")),
    Product("Sentra Shield", "sentrashield.example", "Mo Ferris",
            "Managed detection and response with Windows 11 agents; cyber security training",
            "threat detection", "Windows 11", ("cyber security", "managed detection", "endpoint protection"),
            ("City", "County", "SchoolDistrict")),
    Product("PermitPeak", "permitpeak.example", "Ilse Norden",
            "PermitPeak: permit software, online plan review and inspections that fit NFPA 101",
            "plan review", "NFPA 101", ("permit software", "plan review", "code enforcement"), ("City", "County")),
    Product("Vigil 9", "vigil9.example", "Rafa Sol",
            "Vigil 9 body cameras with video storage, redaction and CJIS sign-off",
            "video redaction", "Vigil 9", ("body camera", "video storage", "evidence management"),
            ("PoliceDepartment", "County")),
    Product("3M Roadside", "roadside3m.example", "Tess Calder",
            "3M sheeting and sign inventory; maps and GIS services",
            "sign inventory", "3M", ("gis services", "asset inventory", "mapping"), ("City", "County", "StateAgency")),
    Product("Aquatrace", "aquatrace.example", "Nils Okoro",
            "Aquatrace meters find leaks: water metering and leak detection, AWWA C700",
            "leak detection", "AWWA C700", ("water metering", "leak detection", "water treatment"),
            ("SpecialDistrict", "City")),
    Product("Busline", "busline.example", "Greta Ohm",
            "Busline schedules paratransit and collects fares; Dynamics 365 connector",
            "trip scheduling", "Dynamics 365", ("paratransit scheduling", "fare collection", "shuttle tracking"),
            ("City", "County", "SpecialDistrict")),
    Product("Folio & Fern", "foliofern.example", "Pat Linden",
            "Library system, e-book lending and self-checkout with Title 5 reporting",
            "e-book lending", "Title 5", ("library system", "e-book", "self-checkout"), ("Library", "County")),
    Product("TallyWorks", "tallyworks.example", "Sven Abel",
            "TallyWorks closes the books faster: budgeting and planning software, ERP, payroll with Form 1099",
            "budget planning", "TallyWorks", ("budgeting", "payroll", "erp"), ("City", "County", "SchoolDistrict")),
    Product("Retain360", "retain360.example", "Lou Marsh",
            "Retain360 gives advisors early alerts and retention analytics",
            "early alerts", "Retain360", ("early alert", "advising software", "student retention"),
            ("HigherEducation", "SchoolDistrict")),
    Product("HVAC One", "hvacone.example", "Kim Adler",
            "Work order and facilities software; HVAC replacement planning to ASHRAE 90.1",
            "work orders", "HVAC One", ("hvac replacement", "facilities software", "work order"),
            ("SchoolDistrict", "City", "HigherEducation")),
)  # fmt: skip


def cases(seed: int, product: Product, count: int) -> Iterator[Case]:
    """Yield up to `count` cases of one product in one world, over other states each; the same for the same seed."""
    world = make_world(seed, AS_OF)
    dice = random.Random(f"case {seed} {product.domain}")
    found = [_search(world, product, rfps=False), _search(world, product, rfps=True)]
    for number in range(count):
        states = frozenset(dice.sample(STATES, _STATES_AT_ONCE))
        case = _case(world, product, found, states, number, dice)
        if case is not None:
            yield case


def _search(world: World, product: Product, *, rfps: bool) -> list[Json]:
    asked = {
        "search_query": " OR ".join(product.keywords),
        "types": ["RFP"] if rfps else ["Meeting", "StrategicPlan", "Purchase", "Contract"],
        "content_search": 1,
    }
    return [as_sent(document, asked) for document in search_records(world, asked)]


def _case(
    world: World,
    product: Product,
    found: Sequence[Sequence[Json]],
    states: frozenset[str],
    number: int,
    dice: random.Random,
) -> Case | None:
    names = ("primary_keywords", "rfp_keywords")
    here = [[record for record in records if record.get("buyerState") in states] for records in found]
    listed = search_buyers(world, {"buyer_types": product.buyer_types, "states": tuple(states)})
    signals = discoveries(list(zip(names, here, strict=True)), AS_OF)
    strategy = SearchStrategy(
        primary_keywords=product.keywords, buyer_types=product.buyer_types, states=tuple(sorted(states))
    )
    candidates = candidate_buyers(signals.frame, [("buyers_by_state", listed)], AS_OF)
    scored = scored_buyers(signals.frame, candidates, strategy, weights=Weights(), as_of=AS_OF)
    selected = _selected(world, scored)
    if not any(buyer.role == "featured" for buyer in selected.buyers):
        return None
    reply = Reply(
        reply_id=f"r-{world.seed}-{product.domain}-{number}",
        domain=product.domain,
        company=product.company,
        prospect_name=product.prospect,
        product_description=product.description,
        campaign_name="Autumn Outreach",
        reply_text=f"Sounds good. Which districts or cities ask for {product.task}? We have 12 people in sales.",
        tier=3,
        received_at=datetime(2026, 11, 22, 9, tzinfo=UTC),
        source="manual",
    )
    outcomes = _outcomes(names, here, listed, signals.without_buyer, product)
    context = _context(signals.frame, dice) if number % 3 == 1 else ProspectContext()
    last = _last_report(signals.frame, dice) if number % 4 == 2 else None
    facts = ledger(reply, strategy, signals.frame, scored, selected, outcomes, AS_OF, context=context, last_report=last)
    return Case(product, reply, strategy, signals.frame, scored, selected, outcomes, context, last, facts)


def _selected(world: World, scored: "DataFrame") -> SelectedBuyers:
    chosen = [row for row in rows(scored) if row["role"]]
    intel = []
    for row in sorted(chosen, key=lambda row: (row["role"] != "featured", row["rank"])):
        buyer = world.buyer(row["buyer_id"])
        if buyer is None:
            continue
        people, _ = contact_records(buyer.id, wire.read_records(wire.Contact, world.contacts[buyer.id][:100])[0])
        intel.append(
            BuyerIntel(
                buyer_id=buyer.id,
                buyer_name=row["buyer_name"],
                role=row["role"],
                profile=profile_record(buyer.id, wire.Profile.model_validate(buyer.profile)),
                contacts=people,
                total_contacts=len(world.contacts[buyer.id]),
            )
        )
    return SelectedBuyers(buyers=tuple(intel))


def _outcomes(
    names: Sequence[str],
    found: Sequence[Sequence[Json]],
    listed: Sequence[Json],
    without_buyer: Any,
    product: Product,
) -> "DataFrame":
    searches: list[dict[str, Any]] = [
        {"search": name, "tool": "opportunity_search", "query": " OR ".join(product.keywords), "found": len(records),
         "without_buyer": without_buyer.get(name, 0)}
        for name, records in zip(names, found, strict=True)
    ]  # fmt: skip
    searches.append(
        {"search": "buyers_by_state", "tool": "buyer_search", "query": ", ".join(product.buyer_types),
         "found": len(listed), "without_buyer": 0}
    )  # fmt: skip
    filled = {"status": "complete", "unreadable": 0, "as_of": AS_OF}
    table = [dict.fromkeys(tables.SEARCH_OUTCOMES) | filled | search for search in searches]
    return frames.frame(table, tables.SEARCH_OUTCOMES)


def _context(signals: "DataFrame", dice: random.Random) -> ProspectContext:
    """Return a campaign whose mails told some of the signals that were found."""
    known = [row for row in rows(signals) if row["buyer_id"] and row["title"]]
    told = [
        ToldSignal(position=number, signal_id=row["signal_id"], title=row["title"], buyer_id=row["buyer_id"],
                   buyer_name=row["buyer_name"])
        for number, row in enumerate(dice.sample(known, min(2, len(known))), 1)
    ]  # fmt: skip
    return ProspectContext(answered=told[-1] if told else None, earlier=tuple(told[:-1]))


def _last_report(signals: "DataFrame", dice: random.Random) -> LastReport:
    ids = [row["signal_id"] for row in rows(signals)]
    had = tuple(each for each in ids if dice.random() < 0.6)
    return LastReport(published_at=datetime(2026, 11, 23, tzinfo=UTC) - timedelta(days=40), signal_ids=had)
