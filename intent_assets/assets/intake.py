"""Group `intake`: the reply that asked for a report."""

from datetime import UTC, datetime

import dagster as dg

from intent_assets import tags
from intent_assets.assets.common import OWNERS, domain_of
from intent_assets.intake.inbox import Inbox
from intent_assets.partitions import domains
from intent_assets.records import Reply
from intent_assets.resources.inbox import InboxResource


class ReplyConfig(dg.Config):
    """Which reply the run is for; without an id the newest of the domain."""

    reply_id: str | None = None


@dg.asset(
    partitions_def=domains,
    owners=OWNERS,
    group_name="intake",
    kinds={"python", "json"},
    code_version="1",
    description=(
        "One document per domain: the reply that asked for this report. Taken from the inbox by its id, else the "
        "newest reply of the domain, else (a report by hand, nobody replied) the bare domain."
    ),
)
def reply(context: dg.AssetExecutionContext, config: ReplyConfig, inbox: InboxResource) -> dg.MaterializeResult[Reply]:

    domain = domain_of(context)
    spool = inbox.open()
    if config.reply_id:
        found = _wanted(context, spool, config.reply_id)
        if found.domain != domain:
            raise dg.Failure(
                f"reply {config.reply_id} is of {found.domain}, not of {domain}: materialize its own partition"
            )
    else:
        found = spool.latest(domain) or _by_hand(domain)
    return dg.MaterializeResult(
        value=found,
        metadata={
            "reply_id": found.reply_id,
            "source": found.source,
            "received_at": dg.MetadataValue.timestamp(found.received_at),
            "company": found.company or "not known",
            "product": found.product_description or "not known",
            "campaign": found.campaign_name or found.campaign_id or "none",
            "tier": found.tier,
        },
    )


def _wanted(context: dg.AssetExecutionContext, inbox: Inbox, reply_id: str) -> Reply:
    """Return the reply, unless it was cancelled while the sensor was about to start its run."""
    standing = inbox.standing(reply_id)
    begun_by_sensor = tags.REVISION in context.run.tags and context.run.parent_run_id is None
    if standing is not None and standing.cancelled is not None and begun_by_sensor:
        raise dg.Failure(f"reply {reply_id} was cancelled by {standing.cancelled.by}", allow_retries=False)
    return inbox.get(reply_id)


def _by_hand(domain: str) -> Reply:
    from intent_assets.intake.replies import NotTaken, parse_reply

    made = parse_reply({"target_domain": domain}, received_at=datetime.now(UTC), source="manual")
    if isinstance(made, NotTaken):
        raise dg.Failure(f"{domain}: {made.reason}")
    return made
