"""Facts of a buyer: what the searches and the score say, and its profile."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from intent_assets.evidence_display import (
    buyer_type,
    count,
    host_of,
    money,
    month_and_day,
    number,
    one_line,
    state_name,
    web_link,
)
from intent_assets.evidence_drafts import Drafts, Key, Origin
from intent_assets.records import BuyerIntel, FactRecord, Profile

_LONGEST_REASON = 300


def buyer_origin(
    intel: BuyerIntel, scored: Mapping[str, Any], record: FactRecord = "buyer", title: str | None = None
) -> Origin:
    """Return the origin of facts of a buyer; its source is the profile at Starbridge, its link the web site."""
    site = scored.get("buyer_website") or (intel.profile.url if intel.profile else None)
    return Origin(
        record=record,
        record_id=intel.buyer_id,
        source_title=title or f"Starbridge profile of {one_line(intel.buyer_name)}",
        source_url=web_link(site),
        buyer_id=intel.buyer_id,
        buyer_name=intel.buyer_name,
    )


def add_buyer(
    drafts: Drafts, intel: BuyerIntel, scored: Mapping[str, Any], candidates: int, basis: Sequence[Key] = ()
) -> None:
    """Add who the buyer is, and how it was scored (`scored` is its row, `candidates` how many were scored).

    `basis` are the facts of its signals that score, counts and reason rest on, as far as they are in the ledger.
    """
    origin = buyer_origin(intel, scored)
    profile = intel.profile
    drafts.add(origin, "name", "name", intel.buyer_name, intel.buyer_name)
    kind = scored.get("buyer_type") or (profile.buyer_type if profile else None)
    drafts.add(origin, "type", "text", kind, buyer_type(kind) if kind else None)
    state = scored.get("buyer_state") or (profile.state if profile else None)
    drafts.add(origin, "state", "name", state, state_name(state) if state else None)
    site = origin.source_url
    drafts.add(origin, "website", "url", site, host_of(site) if site else None)
    score_title = "Buyer score of this report, computed from the records found"
    computed = replace(buyer_origin(intel, scored, title=score_title), source_url=None)
    if scored.get("score") is not None:
        shown = f"{scored['score']:.3f}"
        drafts.add(computed, "score", "score", scored["score"], shown, unit="of 1", derived_from=basis)
    if scored.get("rank") is not None:
        shown = f"{count(scored['rank'])} of {count(candidates)}"
        of_score = (computed.key("score"),)
        drafts.add(computed, "rank", "count", scored["rank"], shown, unit="rank", derived_from=of_score)
    for name in ("signals", "actionable_signals"):
        if scored.get(name):
            drafts.add(computed, name, "count", scored[name], count(scored[name]), unit="signals", derived_from=basis)
    reason = scored.get("reason")
    drafts.add(computed, "reason", "text", reason, reason, longest=_LONGEST_REASON, derived_from=basis)


def add_profile(drafts: Drafts, intel: BuyerIntel, scored: Mapping[str, Any]) -> None:
    """Add what the profile says; what it does not say has no fact."""
    profile = intel.profile
    if profile is None:
        return
    origin = buyer_origin(intel, scored, "profile")
    for name, value, unit in (
        ("enrollment", profile.enrollment, "students"),
        ("population", profile.population, "residents"),
        ("employees_fte", profile.employees_fte, "employees"),
        ("schools", profile.schools, "schools"),
    ):
        if value is not None and value > 0:
            drafts.add(origin, name, "count", value, count(value), unit=unit)
    if profile.budget_amount is not None and profile.budget_amount > 0:
        drafts.add(origin, "budget", "money", profile.budget_amount, money(profile.budget_amount), unit="USD")
        if profile.budget_year is not None:
            drafts.add(origin, "budget_year", "date", profile.budget_year, profile.budget_year)
    if profile.fiscal_year_start:
        start = month_and_day(profile.fiscal_year_start)
        drafts.add(origin, "fiscal_year_start", "date", profile.fiscal_year_start, start)
    _add_scores(drafts, origin, profile)
    for name, text in (("parent_name", profile.parent_name), ("common_name", profile.common_name)):
        drafts.add(origin, name, "name", text, text)
    drafts.add(origin, "lms", "name", ", ".join(profile.lms) or None, ", ".join(profile.lms))
    drafts.add(origin, "sis", "name", profile.sis, profile.sis)
    phone = profile.main_phone or profile.address.phone
    drafts.add(origin, "main_phone", "phone", phone, phone)
    _add_address(drafts, origin, profile)


def _add_scores(drafts: Drafts, origin: Origin, profile: Profile) -> None:
    if profile.procurement_difficulty is not None:
        shown = f"{number(profile.procurement_difficulty)} of 100"
        drafts.add(
            origin,
            "procurement_difficulty",
            "score",
            profile.procurement_difficulty,
            shown,
            unit="0-100, higher is harder",
        )
    for name, value in (
        ("ai_adoption", profile.ai_adoption),
        ("startup_friendliness", profile.startup_friendliness),
        ("propensity_to_spend_score", profile.propensity_to_spend_score),
    ):
        if value is not None:
            drafts.add(origin, name, "score", value, number(value), unit="points")
    drafts.add(origin, "propensity_to_spend", "text", *[profile.propensity_to_spend] * 2)


def _add_address(drafts: Drafts, origin: Origin, profile: Profile) -> None:
    address = profile.address
    place = " ".join(part for part in (address.state, address.zip) if part)
    lines = [part for part in (address.street, address.city, place) if part]
    if address.street:
        drafts.add(origin, "address", "text", ", ".join(lines), ", ".join(lines))
    drafts.add(origin, "city", "name", address.city, address.city)
