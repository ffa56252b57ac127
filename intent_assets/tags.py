"""Tags that runs carry, to find and filter them by."""

from intent_assets.records import Reply

REPLY = "intent/reply"
REVISION = "intent/revision"
CAMPAIGN = "intent/campaign"
TIER = "intent/tier"
PARTITION = "dagster/partition"


def of_reply(reply: Reply) -> dict[str, str]:
    """Return what a run for the reply is found by, apart from its partition."""
    campaign = {CAMPAIGN: reply.campaign_id} if reply.campaign_id else {}
    return {REPLY: reply.reply_id, TIER: str(reply.tier), **campaign}
