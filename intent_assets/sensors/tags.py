"""Tags that runs carry, to find and filter them by."""

REPLY = "intent/reply"
REVISION = "intent/revision"
CAMPAIGN = "intent/campaign"
TIER = "intent/tier"
PARTITION = "dagster/partition"
