"""The form of Clay and any other caller (contracts: replies, section 2): seven fields, and the multi-signal ones."""

import json
from collections.abc import Mapping
from typing import Any

from intent_assets.errors import InvalidReply
from intent_assets.intake.content import Content, ReplyFields
from intent_assets.intake.fields import address, body, first, identifier, integer, long_text, text
from intent_assets.intake.mail import own_words
from intent_assets.records import CampaignSignal, Tier

_MOST_SIGNALS = 100
_TIERS: Mapping[int, Tier] = {1: 1, 2: 2, 3: 3}


def content(payload: Mapping[str, Any]) -> Content:
    """Read the fields; raises `InvalidReply` for a tier other than 1, 2, 3. Others of a wrong type are ignored."""
    target = payload.get("target_domain")
    if target is not None and not isinstance(target, str):
        raise InvalidReply(f"target_domain: has to be a text, not {type(target).__name__}")
    fields = ReplyFields(
        company=first(payload, text, "target_company", "company"),
        prospect_name=first(payload, text, "prospect_name"),
        prospect_email=first(payload, address, "prospect_email"),
        product_description=first(payload, long_text, "product_description"),
        campaign_id=first(payload, identifier, "campaign_id"),
        campaign_name=first(payload, text, "campaign_name"),
        sequence_number=first(payload, integer, "sequence_number"),
        campaign_signals=signals(payload.get("campaign_signals")),
        tier=_tier(payload.get("tier")),
        reply_text=own_words(first(payload, body, "reply_text") or "") or None,
    )
    return Content(
        fields=fields,
        target_domain=(target or "").strip() or None,
        message_id=first(payload, identifier, "message_id"),
    )


def usable_tier(value: Any) -> Tier | None:
    """Read a tier, a number or its text; None if it is neither 1, 2 nor 3."""
    number = integer(value)
    return _TIERS.get(number) if number is not None else None


def signals(value: Any) -> tuple[CampaignSignal, ...]:
    """Read the campaign's signals, at most 100; an item without an id and a title is set aside."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return ()
    if not isinstance(value, list):
        return ()
    read = (
        CampaignSignal(
            position=integer(item.get("position")),
            signal_id=identifier(item.get("signal_id")),
            title=text(item.get("title")),
        )
        for item in value[:_MOST_SIGNALS]
        if isinstance(item, Mapping)
    )
    return tuple(signal for signal in read if signal.signal_id or signal.title)


def _tier(value: Any) -> Tier:
    if value is None or (isinstance(value, str) and not value.strip()):
        return 2
    tier = usable_tier(value)
    if tier is None:
        shown = repr(value) if isinstance(value, int | float | bool) else f"a {type(value).__name__}"
        raise InvalidReply(f"tier: has to be 1, 2 or 3, not {shown[:40]}")
    return tier
