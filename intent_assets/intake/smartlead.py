"""Smartlead's forms (contracts: replies, sections 1 and 3): three webhook events and the items of its inbox poll.

Smartlead's own pages contradict each other: of the names that a fact goes by the first usable one counts, the rest is
ignored. Custom fields of a lead may hold the fields of the other form (`product_description`, `tier` and so on).
"""

from collections.abc import Mapping
from typing import Any

from intent_assets.intake import clay
from intent_assets.intake.content import Content, NotTaken, ReplyFields
from intent_assets.intake.fields import address, body, candidates, first, identifier, integer, long_text, text
from intent_assets.intake.mail import own_words
from intent_assets.records import CampaignSignal
from intent_assets.settings import Settings

EVENTS = ("EMAIL_REPLY", "EMAIL_REPLIED", "LEAD_CATEGORY_UPDATED")

_LEADS = ("lead", "lead_data")
_MARKS = (
    "sl_lead_email",
    "sl_email_lead_id",
    "reply_message",
    "leadCorrespondence",
    "lead_data",
    "lead_category",
    "lead",
)
_CATEGORY = ("lead_category.new_name", "lead_category.name", "lead_category", "category.name", "category",
             "category_name", "reply_category", "lead_category_name")  # fmt: skip
_EMAIL = ("leadCorrespondence.targetLeadEmail", "sl_lead_email", "lead.email", "lead_data.email", "to_email",
          "lead_email", "to", "email", "prospect_email")  # fmt: skip
_MESSAGE = ("reply_message.message_id", "reply.message_id", "last_reply.message_id", "last_reply.id", "message_id")
_CAMPAIGN = ("campaign_id", "email_campaign_id", "campaign.id")
_BODIES = (
    ("reply_message.text", "reply_message.html", "reply.text", "reply.body", "reply.html", "last_reply.email_body",
     "last_reply.text", "last_reply.body", "reply_body", "reply_text"),
    ("preview_text",),
)  # fmt: skip


def fits(payload: Mapping[str, Any]) -> bool:
    """Say whether `payload` is one of Smartlead's events rather than the form of Clay and other callers."""
    if _event(payload) in EVENTS:
        return True
    if "target_domain" in payload or "prospect_email" in payload:
        return False
    return "event_type" in payload or "event" in payload or any(mark in payload for mark in _MARKS)


def content(payload: Mapping[str, Any], settings: Settings) -> Content | NotTaken:
    """Read one webhook event, or say why it is left out."""
    event = _event(payload)
    if event is not None and event not in EVENTS:
        return NotTaken(
            reason=f"the event {event} is not a reply (one of {', '.join(EVENTS)})",
            event=event,
            campaign_id=first(payload, identifier, *_CAMPAIGN),
        )
    return _left_out(payload, settings, event) or _content(payload)


def polled(item: Mapping[str, Any], settings: Settings) -> Content | NotTaken:
    """Read one item of the inbox poll, or say why it is left out; the newest reply of its history counts."""
    history = [entry for entry in _list(item.get("email_history")) if str(entry.get("type", "")).upper() == "REPLY"]
    newest = max(history, key=lambda entry: str(entry.get("time") or ""), default=item.get("last_message"))
    payload = {**item, "last_reply": newest} if isinstance(newest, Mapping) else dict(item)
    return _left_out(payload, settings, None) or _content(payload)


def _left_out(payload: Mapping[str, Any], settings: Settings, event: str | None) -> NotTaken | None:
    category = first(payload, text, *_CATEGORY)
    campaign = first(payload, identifier, *_CAMPAIGN)
    if category is None:
        if settings.accept_uncategorised:
            return None
        reason = "the reply has no category, and ACCEPT_UNCATEGORISED leaves such replies out"
    elif category.casefold() in {name.strip().casefold() for name in settings.positive_categories}:
        return None
    else:
        reason = f"the category {category!r} is not one of POSITIVE_CATEGORIES"
    return NotTaken(reason=reason, event=event, category=category, campaign_id=campaign)


def _content(payload: Mapping[str, Any]) -> Content:
    target = first(payload, text, "target_domain", *_custom("target_domain"))
    fields = ReplyFields(
        company=first(
            payload, text, *_custom("company_name"), "company_name", *_custom("target_company"), "target_company"
        ),
        prospect_name=_name(payload),
        prospect_email=first(payload, address, *_EMAIL),
        product_description=first(
            payload, long_text, "product_description", *_custom("product_description"), *_custom("product")
        ),
        campaign_id=first(payload, identifier, *_CAMPAIGN),
        campaign_name=first(payload, text, "campaign_name", "email_campaign_name", "campaign.name"),
        sequence_number=first(
            payload, integer, "sequence_number", "last_reply.email_seq_number", "current_sequence_number"
        ),
        campaign_signals=first(payload, _signals, "campaign_signals", *_custom("campaign_signals")) or (),
        tier=first(payload, clay.usable_tier, "tier", *_custom("tier")) or 2,
        reply_text=_reply_text(payload),
    )
    return Content(
        fields=fields,
        target_domain=target,
        company_domain=first(payload, text, "leadCorrespondence.repliedCompanyDomain", "repliedCompanyDomain"),
        message_id=first(payload, identifier, *_MESSAGE),
    )


def _event(payload: Mapping[str, Any]) -> str | None:
    event = first(payload, text, "event_type", "event")
    return event.upper()[:60] if event else None


def _name(payload: Mapping[str, Any]) -> str | None:
    for lead in _LEADS:
        parts = [first(payload, text, f"{lead}.{part}") for part in ("first_name", "last_name")]
        if any(parts):
            return " ".join(part for part in parts if part)
    parts = [first(payload, text, f"lead_{part}") for part in ("first_name", "last_name")]
    whole = " ".join(part for part in parts if part)
    return first(payload, text, "to_name", "lead.name", "lead_data.name", "lead_name") or whole or None


def _reply_text(payload: Mapping[str, Any]) -> str | None:
    for names in _BODIES:
        for candidate in candidates(payload, names):
            words = own_words(body(candidate) or "")
            if words:
                return words
    return None


def _signals(value: Any) -> tuple[CampaignSignal, ...] | None:
    return clay.signals(value) or None


def _custom(name: str) -> tuple[str, ...]:
    holders = ("lead", "lead.custom_fields", "lead_data", "lead_data.custom_fields", "custom_fields")
    return tuple(f"{holder}.{name}" for holder in holders)


def _list(value: Any) -> list[Mapping[str, Any]]:
    return [entry for entry in value if isinstance(entry, Mapping)] if isinstance(value, list) else []
