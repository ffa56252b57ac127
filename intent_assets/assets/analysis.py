"""Group `analysis`: who is featured, what is known of the selected buyers, and the facts that may be told."""

import asyncio
from typing import cast

import dagster as dg

from intent_assets.assets.common import OWNERS, Frame, as_of_date, domain_of, markdown_table, preview
from intent_assets.assets.retrying import made_again
from intent_assets.assets.scored_table import scored_table
from intent_assets.errors import StarbridgeError
from intent_assets.partitions import domains
from intent_assets.records import (
    BuyerIntel,
    Contact,
    Profile,
    ProspectContext,
    Reply,
    SearchStrategy,
    SelectedBuyers,
    SelectedRole,
)
from intent_assets.reports import last_report
from intent_assets.resources.starbridge import ContactResult, Starbridge, StarbridgeClient
from intent_assets.settings import load_settings
from intent_assets.values import ValueStore


@dg.asset(
    partitions_def=domains,
    owners=OWNERS,
    group_name="analysis",
    kinds={"python", "parquet"},
    code_version="2",
    description=(
        "One row per candidate buyer: its six factors, score, rank, role (featured, secondary, none) and the reason "
        "for its rank, by the scoring definition. No buyer has a role where the prospect is a public body itself."
    ),
)
def scored_buyers(
    context: dg.AssetExecutionContext,
    search_strategy: SearchStrategy,
    discoveries: Frame,
    candidate_buyers: Frame,
    search_outcomes: Frame,
    prospect_context: ProspectContext,
) -> dg.MaterializeResult[Frame]:
    from intent_assets import scoring

    settings = load_settings()
    scored = scoring.scored_buyers(
        discoveries[discoveries["buyer_id"].notna()],
        candidate_buyers,
        search_strategy,
        weights=settings.weights,
        recency_days=settings.recency_days,
        expiring_days=settings.expiring_days,
        secondary_buyers=settings.secondary_buyers,
        as_of=as_of_date(search_outcomes),
    )
    if prospect_context.public_body:
        body = prospect_context.public_body
        context.log.warning(f"{domain_of(context)} is of the public body {body.buyer_name}: no buyer is selected")
        scored["role"] = None
        scored = scored.astype({"role": "str"})
    featured = scored.loc[scored["role"] == "featured", "buyer_name"]
    if featured.empty and not prospect_context.public_body:
        context.log.warning(f"{domain_of(context)}: no buyer has a signal, so there will be no report")
    return dg.MaterializeResult(
        value=scored,
        metadata={
            "buyers_scored": len(scored),
            "featured_buyer": "none" if featured.empty else str(featured.iloc[0]),
            "best_score": float(scored["score"].max()) if len(scored) else 0.0,
            "preview": scored_table(scored),
        },
    )


@dg.asset(
    pool="starbridge",
    partitions_def=domains,
    owners=OWNERS,
    group_name="analysis",
    kinds={"starbridge", "json"},
    code_version="2",
    description=(
        "One entry per selected buyer (featured and secondary): profile and, from tier 2 on, contacts, all fetched at "
        "once, each known to be of the buyer that was asked for; what could not be fetched is named in `problems`. "
        "Where the prospect is a public body itself, its own profile."
    ),
)
async def buyer_intel(
    context: dg.AssetExecutionContext,
    reply: Reply,
    scored_buyers: Frame,
    prospect_context: ProspectContext,
    starbridge: Starbridge,
) -> dg.MaterializeResult[SelectedBuyers]:
    # Tier 1 shows no person, so none is fetched.
    pages = load_settings().contact_pages if reply.tier >= 2 else 0
    wanted = wanted_buyers(scored_buyers, pages)
    body = prospect_context.public_body
    if body:
        wanted = [(body.buyer_id, body.buyer_name, "prospect", 0)]
    with made_again(context):
        async with starbridge.session() as client:
            intel = await asyncio.gather(*(_intel(client, *each) for each in wanted))
    for each in intel:
        for problem in each.problems:
            context.log.warning(f"{each.buyer_name}: {problem}")
    rows = [
        (each.role, each.buyer_name, "yes" if each.profile else "no", len(each.contacts), "; ".join(each.problems))
        for each in intel
    ]
    return dg.MaterializeResult(
        value=SelectedBuyers(prospect=intel[0]) if body else SelectedBuyers(buyers=tuple(intel)),
        metadata={
            "buyers": len(intel),
            "contacts": sum(len(each.contacts) for each in intel),
            "problems": sum(len(each.problems) for each in intel),
            "preview": markdown_table(("role", "buyer", "profile", "contacts", "problems"), rows),
        },
    )


def wanted_buyers(scored: Frame, pages: int) -> list[tuple[str, str, SelectedRole, int]]:
    """Return id, name, role and pages of contacts of each buyer with a role, by rank; a nameless one goes by its id."""
    selected = scored[scored["role"].notna()].sort_values("rank", kind="stable")
    return [
        (str(buyer_id), name if isinstance(name, str) else str(buyer_id), cast("SelectedRole", role), pages)
        for buyer_id, name, role in zip(selected["buyer_id"], selected["buyer_name"], selected["role"], strict=True)
    ]


async def _intel(client: StarbridgeClient, buyer_id: str, name: str, role: SelectedRole, pages: int) -> BuyerIntel:
    """Fetch one buyer, `pages` pages of its contacts at the most.

    Only an outage of the featured buyer's records fails the run, all else is told as missing.
    """
    profile, contacts = await asyncio.gather(
        client.buyer_profile(buyer_id), _contacts(client, buyer_id, pages), return_exceptions=True
    )
    problems: list[str] = []
    known: Profile | None = None
    people: tuple[Contact, ...] = ()
    total = 0
    for what, outcome in (("profile", profile), ("contacts", contacts)):
        if not isinstance(outcome, BaseException):
            continue
        if not isinstance(outcome, StarbridgeError) or (role == "featured" and outcome.retryable):
            raise outcome
        problems.append(f"{what} could not be fetched: {outcome}")
    if not isinstance(profile, BaseException):
        known = profile
    if contacts is not None and not isinstance(contacts, BaseException):
        people, total = contacts.contacts, contacts.total
        if contacts.incomplete:
            problems.append(f"contacts are incomplete: {contacts.incomplete}")
    return BuyerIntel(
        buyer_id=buyer_id,
        buyer_name=name,
        role=role,
        profile=known,
        contacts=people,
        total_contacts=total,
        problems=tuple(problems),
    )


async def _contacts(client: StarbridgeClient, buyer_id: str, pages: int) -> ContactResult | None:
    return await client.buyer_contacts(buyer_id, pages=pages) if pages else None


@dg.asset(
    partitions_def=domains,
    owners=OWNERS,
    group_name="analysis",
    kinds={"python", "parquet"},
    code_version="2",
    description=(
        "One row per fact that may be told: id, buyer, record, field, kind, typed value, display text, computed state, "
        "source and date. A report can state nothing else."
    ),
)
def evidence(
    reply: Reply,
    search_strategy: SearchStrategy,
    discoveries: Frame,
    search_outcomes: Frame,
    scored_buyers: Frame,
    buyer_intel: SelectedBuyers,
    prospect_context: ProspectContext,
) -> dg.MaterializeResult[Frame]:
    from intent_assets import evidence as ledgers

    page = ValueStore(load_settings().values).find("notion_page", reply.domain)
    facts = ledgers.ledger(
        reply,
        search_strategy,
        discoveries,
        scored_buyers,
        buyer_intel,
        search_outcomes,
        as_of_date(search_outcomes),
        context=prospect_context,
        last_report=last_report(page, reply),
    )
    frame = ledgers.to_frame(facts)
    kinds = frame["kind"].value_counts().sort_index()
    return dg.MaterializeResult(
        value=frame,
        metadata={
            "facts": len(frame),
            "kinds": markdown_table(("kind", "facts"), kinds.items()),
            "preview": preview(frame, ("id", "buyer_name", "record", "field", "display", "state")),
        },
    )
