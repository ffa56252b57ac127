"""What the forms of a reply are read into, before the domain is chosen and the id given."""

from typing import Literal

from intent_assets.records import CampaignSignal, Record, Tier


class ReplyFields(Record):
    """The fields of the record that are taken over as they are (see `records.Reply`)."""

    company: str | None = None
    prospect_name: str | None = None
    prospect_email: str | None = None
    product_description: str | None = None
    campaign_id: str | None = None
    campaign_name: str | None = None
    sequence_number: int | None = None
    campaign_signals: tuple[CampaignSignal, ...] = ()
    tier: Tier = 2
    reply_text: str | None = None


class Content(Record):
    """One reply as its form says it. `target_domain` and `company_domain` are texts that nobody has checked yet."""

    fields: ReplyFields
    target_domain: str | None = None
    company_domain: str | None = None
    message_id: str | None = None


class NotTaken(Record):
    """A payload that was understood and left out on purpose; it holds nothing about the person."""

    reason: str
    form: Literal["smartlead", "clay"] = "smartlead"
    event: str | None = None
    category: str | None = None
    campaign_id: str | None = None
