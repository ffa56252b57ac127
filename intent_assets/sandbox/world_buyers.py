"""The invented public bodies: names, places, parents, profiles."""

import random
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

STATES = (
    "AL", "AZ", "CA", "CO", "CT", "FL", "GA", "IA", "ID", "IL", "IN", "KS", "KY", "MA", "MD", "ME", "MI",
    "MN", "MO", "NC", "NE", "NJ", "NM", "NV", "NY", "OH", "OK", "OR", "PA", "SC", "TN", "TX", "UT", "VA",
    "VT", "WA", "WI", "WY",
)  # fmt: skip
_FIRST = (
    "Alder", "Amber", "Birch", "Bracken", "Cedar", "Cobble", "Copper", "Crane", "Drum", "Elk", "Fern",
    "Flint", "Granite", "Harrow", "Hazel", "Iron", "Juniper", "Kestrel", "Larch", "Maple", "Mill", "Otter",
    "Pine", "Quarry", "Raven", "Sage", "Thorn", "Umber", "Willow", "Wren",
)  # fmt: skip
_SECOND = (
    "bury", "brook", "crest", "dale", "field", "ford", "gate", "haven", "holm", "mere", "mont", "port",
    "ridge", "shore", "stead", "ton", "vale", "water", "well", "wick",
)  # fmt: skip
STREETS = ("Main Street", "College Avenue", "Courthouse Square", "Orchard Road", "Station Street", "Foundry Lane")

_PLAN: Mapping[str, tuple[int, tuple[str, ...], str, tuple[str, ...]]] = {
    "State": (6, ("State of {place}",), "state", ("State",)),
    "County": (36, ("{place} County",), "county", ("County",)),
    "City": (48, ("City of {place}", "Town of {place}", "{place} Township"), "city", ("City", "City, Municipality")),
    "HigherEducation": (
        46,
        ("{place} University", "{place} State University", "{place} Community College", "University of {place}",
         "{place} Technical College"),
        "edu",
        ("UndergraduateInstitution, HigherEducation", "CommunityCollege, HigherEducation", "HigherEducation"),
    ),
    "SchoolDistrict": (
        56,
        ("{place} Unified School District", "{place} Independent School District", "{place} Public Schools"),
        "schools",
        ("SchoolDistrict", "UnifiedSchoolDistrict, SchoolDistrict"),
    ),
    "School": (14, ("{place} High School", "{place} Charter Academy"), "school", ("HighSchool, School", "School")),
    "PoliceDepartment": (22, ("{place} Police Department", "{place} County Sheriff"), "police", ("PoliceDepartment",)),
    "FireDepartment": (16, ("{place} Fire Department", "{place} Fire & Rescue"), "fire", ("FireDepartment",)),
    "Library": (20, ("{place} Public Library", "{place} Library District"), "library", ("Library",)),
    "SpecialDistrict": (
        18, ("{place} Water District", "{place} Transit Authority", "{place} Parks District"), "district",
        ("SpecialDistrict", "WaterDistrict, SpecialDistrict"),
    ),
    "StateAgency": (
        14, ("{place} Department of Transportation", "{place} Department of Labor", "{place} Health Authority"),
        "agency", ("StateAgency",),
    ),
    "IndigenousGovernment": (
        4, ("{place} Nation", "{place} Band Tribal Government"), "nation", ("IndigenousGovernment",),
    ),
    "Federal": (4, ("{place} Federal Training Center", "Office of {place} Lands"), "fed", ("Federal",)),
    "Other": (6, ("{place} Public Consortium", "{place} Housing Authority"), "org", ("Other",)),
}  # fmt: skip
"""Buyer type -> how many, name forms, end of the domain, forms of the type on the wire."""

_PARENTS = {
    "School": "SchoolDistrict", "PoliceDepartment": "City", "FireDepartment": "City", "Library": "County",
    "StateAgency": "State", "HigherEducation": "State",
}  # fmt: skip


@dataclass(frozen=True)
class Buyer:
    """One public body. `kind` is its type among those of the contract, `wire_type` how records write it."""

    id: str
    name: str
    kind: str
    wire_type: str
    state: str
    place: str
    domain: str
    website: str | None
    tags: list[str] | str | None
    population: int
    parent: "Buyer | None"
    weight: float
    profile: Json = field(repr=False, hash=False, compare=False)

    def listed(self) -> Json:
        """The record that `buyer_search` lists."""
        address = self.profile["metadata"].get("address") or {}
        return {
            "buyerId": self.id,
            "name": self.name,
            "type": self.wire_type,
            "stateCode": self.state,
            "website": self.website,
            "city": address.get("city"),
            "county": f"{self.place} County" if self.population % 3 else None,
            "zip": address.get("zip"),
            "street": address.get("street1"),
            "population": self.population if self.population % 7 else str(self.population),
            "parentName": self.parent.name if self.parent else None,
            "foiaRequestMethod": ("Email", "Portal", None)[self.population % 3],
        }


def make_buyers(dice: random.Random) -> tuple[Buyer, ...]:
    """Make the buyers; about each twentieth shares its name with one of another state."""
    places = [first + second for first in _FIRST for second in _SECOND]
    dice.shuffle(places)
    buyers: list[Buyer] = []
    for kind, (count, forms, ending, wire_types) in _PLAN.items():
        parents = [buyer for buyer in buyers if buyer.kind == _PARENTS.get(kind)]
        for number in range(count):
            twin = next((b for b in reversed(buyers) if b.kind == kind), None) if number % 16 == 15 else None
            parent = None if twin else dice.choice(parents) if parents and dice.random() < 0.6 else None
            place = twin.place if twin else parent.place if parent and kind in ("School", "Library") else places.pop()
            state = dice.choice([code for code in STATES if not twin or code != twin.state])
            state = parent.state if parent and not twin else state
            name = twin.name if twin else dice.choice(forms).format(place=place)
            if not twin and any(buyer.name == name and buyer.state == state for buyer in buyers):
                place = places.pop()
                name = dice.choice(forms).format(place=place)
            buyer = _buyer(dice, kind, name, place, state, dice.choice(wire_types), f"{state.lower()}-{ending}", parent)
            buyer.profile.update(_profile(dice, buyer))
            buyers.append(buyer)
    return tuple(buyers)


def _buyer(
    dice: random.Random, kind: str, name: str, place: str, state: str, wire_type: str, ending: str, parent: Buyer | None
) -> Buyer:
    domain = f"{place.lower()}-{ending}.example"
    population = int(10 ** dice.uniform(3.2, 6.1)) * (9 if kind == "State" else 1)
    # Some buyers have no signal at all, a few are in the news every week.
    weight = 0.0 if dice.random() < 0.05 else min(dice.paretovariate(1.3), 14)
    return Buyer(
        id=str(uuid.UUID(int=dice.getrandbits(128), version=4)),
        name=name,
        kind=kind,
        wire_type=wire_type,
        state=state,
        place=place,
        domain=domain,
        website=dice.choice((f"https://www.{domain}", f"http://{domain}/", domain, f"https://{domain}/home", None)),
        tags=dice.choice(([kind], [kind, "RuralServing"], f"{kind}, Grant Recipient", None, [])),
        population=population,
        parent=parent,
        weight=weight,
        profile={},
    )


def _profile(dice: random.Random, buyer: Buyer) -> Json:
    kind, population = buyer.kind, buyer.population
    phone = f"({dice.randrange(201, 990)}) 555-01{dice.randrange(100):02d}"
    education = kind in ("HigherEducation", "SchoolDistrict", "School")
    budget = population * dice.randrange(900, 5200)
    fields: Json = {
        "commonName": buyer.place if dice.random() < 0.5 else None,
        "parentName": buyer.parent.name if buyer.parent else None,
        "population": population,
        "employeeFte": max(4, population // dice.randrange(60, 300)),
        "budgetAmount": budget if dice.random() < 0.8 else f"${budget:,}",
        "budgetLatestYear": dice.choice((2023, 2024, 2025, "2025")),
        "budgetConfidence": dice.choice(("High", "Medium", "Low", None)),
        "fiscalYearStartDate": dice.choice(("07/01", "07/01", "10/01", "01/01", None)),
        "procurementHellScore": dice.randrange(12, 96),
        "aiAdoptionScore": dice.choice((dice.randrange(5, 95), str(dice.randrange(5, 95)), None)),
        "startupFriendlinessScore": dice.randrange(5, 95),
        "propensityToSpend": dice.choice(("High", "Medium", "Low", None)),
        "propensityToSpendScore": dice.randrange(10, 99),
        "mainPhoneNumber": phone,
        "primaryContactLanguage": "en",
        "somethingNew": {"nested": [1, 2, 3]},
    }
    if education:
        fields["totalEnrollment"] = dice.choice((population // 20, f"{population // 20:,}"))
        fields["lmsArray"] = dice.choice((["Slatewise"], ["Slatewise", "Tutelary"], "Opencourse Nine", None))
        fields["sis"] = dice.choice(("Rosterly", "Campusworks Meridian", None))
    if kind == "SchoolDistrict":
        fields["schoolDistrictNumberOfSchools"] = max(1, population // 9000)
    if kind in ("StateAgency", "Federal", "Other"):
        fields = {key: fields[key] for key in ("procurementHellScore", "propensityToSpend", "mainPhoneNumber")}
    address = {
        "street1": f"{dice.randrange(1, 990)} {dice.choice(STREETS)}",
        "city": buyer.place,
        "state": buyer.state,
        "zip": dice.choice((f"{dice.randrange(501, 99950):05d}", None)),
        "phone": phone if dice.random() < 0.7 else None,
    }
    metadata: Json = {"address": address} if dice.random() < 0.9 else {"address": None}
    profile: Json = {
        "id": buyer.id,
        "name": buyer.name,
        "type": buyer.wire_type,
        "stateCode": buyer.state,
        "url": buyer.website,
        "tags": buyer.tags,
        "parentId": buyer.parent.id if buyer.parent else None,
        "metadata": metadata,
    }
    if dice.random() < 0.75:
        profile["extraData"] = fields
    else:
        metadata.update(fields)
    return profile
