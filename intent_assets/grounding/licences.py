"""The licences: for each field of a fact, the words that are known to say it."""

from collections.abc import Mapping

from intent_assets.grounding.licence import Licence
from intent_assets.grounding.licences_of_bodies import OF_BODIES
from intent_assets.grounding.licences_of_records import OF_RECORDS
from intent_assets.records import Fact

LICENCES: Mapping[str, Licence] = {**OF_RECORDS, **OF_BODIES}
"""Licences by field, or by the sort of the fact where all fields of it are told alike."""

_FIELDS = {
    "propensity_to_spend_score": "propensity_to_spend",
    "open_rfps_share": "open_rfps",
    "budget_amount": "budget",
}


def licence_of(fact: Fact) -> Licence | None:
    """Return the licence of a fact; None for quotes and texts, whose words are checked as quotes."""
    from intent_assets.grounding.positions import sort_of

    sort = sort_of(fact)
    name = _FIELDS.get(fact.field, fact.field)
    if fact.record == "run" and name not in LICENCES:
        return LICENCES["run"]
    if name in LICENCES and name != "title":
        return LICENCES[name]
    return LICENCES.get({"system": "lms", "parent": "parent_name", "url": "website"}.get(sort, sort))


def usual_wordings() -> tuple[str, ...]:
    """Return the wordings that a writer is told: each says one field plainly, with the field's name in its place."""
    return tuple(licence.usual for licence in LICENCES.values() if licence.usual)
