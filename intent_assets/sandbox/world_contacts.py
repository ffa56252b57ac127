"""The invented people at the invented bodies; mail only under `.example`, phones only 555-01xx."""

import random
import uuid
from collections.abc import Iterable
from datetime import date, timedelta

from intent_assets.sandbox.world_buyers import Buyer, Json

_GIVEN = (
    "Abena", "Alma", "Anders", "Beatriz", "Bo", "Carmen", "Dara", "Deshawn", "Elif", "Emeka", "Farah", "Gus", "Hana",
    "Ines", "Jamal", "Jia", "Kofi", "Lena", "Luz", "Mateo", "Maeve", "Nadia", "Noor", "Oskar", "Priya", "Quentin",
    "Rosa", "Sanjay", "Siobhán", "Tomás", "Uma", "Vera", "Wen", "Yusuf", "Zoë",
)  # fmt: skip
_FAMILY = (
    "Abernathy-Cole", "Achterberg", "Bellweather", "Castellanos", "D'Amico", "Dunmore", "Eastlake", "Fairbanks",
    "Gallowell", "Hollis", "Ibarra", "Jankowski", "Kimathi", "Larkspur", "McAllan", "Nakagawa", "O'Rourke", "Pemberly",
    "Quill", "Rasmund", "Santangelo", "Thistlewood", "Underhill", "Varga", "Whitlow", "Yarrow", "Zielinska",
)  # fmt: skip
_TITLES = {
    "HigherEducation": (
        "Director of Career Services", "Dean of Students", "Chief Information Officer", "Provost",
        "Associate Director, Career & Employer Relations", "Vice President for Student Success", "Registrar",
        "Director of Procurement", "Career Counselor", "Instructional Designer", "President",
    ),
    "SchoolDistrict": (
        "Superintendent", "Chief Technology Officer", "Director of Curriculum", "Purchasing Agent", "Board Member",
        "Director of Special Education", "Business Manager", "Principal", "Transportation Supervisor",
    ),
    "School": ("Principal", "Counselor", "Office Manager", "Technology Coordinator"),
    "City": (
        "City Manager", "Director of Community Development", "Building Official", "City Clerk", "Finance Director",
        "IT Manager", "Planner II", "Permit Technician", "Mayor", "Fleet Superintendent",
    ),
    "County": (
        "County Administrator", "Planning Director", "Chief Procurement Officer", "County Clerk", "IT Director",
        "Public Works Director", "Health Officer", "GIS Analyst",
    ),
    "PoliceDepartment": (
        "Chief of Police", "Captain, Support Services", "Records Manager", "Lieutenant", "Crime Analyst",
    ),
    "FireDepartment": ("Fire Chief", "Deputy Chief, Logistics", "Fire Marshal", "Administrative Assistant"),
    "Library": ("Library Director", "Head of Technical Services", "Systems Librarian", "Trustee"),
    "SpecialDistrict": ("General Manager", "Chief Engineer", "Director of Operations", "Board Secretary"),
}  # fmt: skip
_OTHER_TITLES = (
    "Executive Director",
    "Chief Information Officer",
    "Procurement Manager",
    "Program Manager",
    "Deputy Secretary",
)
_SHARED = ("info", "purchasing", "procurement", "office", "careers")


def make_contacts(dice: random.Random, buyers: Iterable[Buyer], today: date) -> dict[str, list[Json]]:
    """Make the contacts of each buyer: none for some, several hundred for a few, else a handful."""
    buyers = list(buyers)
    large = [buyer for buyer in buyers if buyer.kind in ("HigherEducation", "County", "State")]
    crowded = {buyer.id for buyer in dice.sample(large, 5)}
    contacts: dict[str, list[Json]] = {}
    for buyer in buyers:
        count = dice.randrange(210, 340) if buyer.id in crowded else max(0, round(dice.triangular(-1, 15, 4)))
        contacts[buyer.id] = [_contact(dice, buyer, number, today) for number in range(count)]
    return contacts


def _contact(dice: random.Random, buyer: Buyer, number: int, today: date) -> Json:
    given, family = dice.choice(_GIVEN), dice.choice(_FAMILY)
    titles = _TITLES.get(buyer.kind, _OTHER_TITLES)
    title: str | None = titles[number] if number < len(titles) else dice.choice(titles)
    local = "".join(letter for letter in f"{given}.{family}".lower() if letter.isascii() and letter not in "' ")
    domain, works, kind = buyer.domain, True, dice.random()
    checked: str | None = (today - timedelta(days=dice.randrange(3, 900))).isoformat()
    email: str | None = f"{local}@{domain}"
    phone: str | None = (
        f"({dice.randrange(201, 990)}) 555-01{dice.randrange(100):02d}" if dice.random() < 0.55 else None
    )
    verified: bool | None = dice.random() < 0.7
    if kind < 0.12:
        email, verified, checked = None, None, None
        phone = phone if kind < 0.07 else None
    elif kind < 0.20:
        email = f"{local}@{dice.choice(('consultants', 'mailhost', 'regional-coop'))}.example"
    elif kind < 0.24:
        email, title = f"{dice.choice(_SHARED)}@{domain}", dice.choice((title, "Main Office", None))
    elif kind < 0.31:
        works = False
    elif kind < 0.33:
        checked = dice.choice(("yesterday", "2025-13-40", ""))
    elif kind < 0.34:
        email = dice.choice(("n/a", "see website", f"{local}(at){domain}"))
    contact: Json = {
        "contactId": str(uuid.UUID(int=dice.getrandbits(128), version=4)),
        "name": f"{given} {family}",
        "firstName": given,
        "lastName": family,
        "title": title,
        "normalizedTitles": [title.split(",")[0]] if title else [],
        "email": email,
        "phone": phone,
        "linkedInUrl": f"https://linkedin.example/in/{local.replace('.', '-')}" if dice.random() < 0.4 else None,
        "worksAtBuyer": works if dice.random() < 0.95 else None,
        "emailVerified": verified,
        "emailLastChecked": checked,
        "source": dice.choice(("WebAgent", "WebAgent", "Manual", "FOIA")),
    }
    if kind > 0.995:
        contact["contactId"] = None
    elif kind > 0.985:
        contact["name"] = contact["firstName"] = contact["lastName"] = None
    elif kind > 0.975:
        contact["name"] = None
    return contact
