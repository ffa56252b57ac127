"""One invented reply in all forms that Smartlead has for it (contracts: replies), with the secret that proves it."""

import hashlib
import hmac
import html
import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

_FIRST_NAMES = ("Ana", "Ravi", "Mina", "Jonas", "Keiko", "Tomas", "Leila", "Owen", "Sofia", "Idris", "Nora", "Pavel")
_LAST_NAMES = ("Diaz", "Okafor", "Lindqvist", "Moreau", "Tanaka", "Novak", "Haddad", "Byrne", "Rossi", "Keita", "Vance")
_COMPANIES = (
    ("VMock", "vmock.example", "career-services platform for universities"),
    ("Tallgrass Transit Systems", "tallgrasstransit.example", "scheduling software for school bus fleets"),
    ("Brightwell Water Analytics", "brightwellwater.example", "leak detection for municipal water utilities"),
    ("Oakline Permits", "oaklinepermits.example", "online permitting for cities and counties"),
    ("Cedar Peak Learning", "cedarpeak.example", "reading tutoring for elementary schools"),
    ("Northlight Dispatch", "northlightdispatch.example", "computer-aided dispatch for fire departments"),
    ("Quillhaven Archives", "quillhaven.example", "digital collections for public libraries"),
    ("Sablewood Security", "sablewoodsecurity.example", "visitor management for school districts"),
)
_TEXTS = (
    "This looks interesting, can you send more?",
    "Happy to talk. Does Thursday afternoon work for a short call?",
    "Thanks for reaching out. Could you share details on what you found for us?",
    "Sure, send it over. We are planning next year's targets right now.",
)
_CATEGORIES = ("Interested", "Meeting Request", "Information Request")
_MAILBOX = "sam@outreach.example"


@dataclass(frozen=True)
class InventedReply:
    """What a prospect answered to a mail of a campaign. All addresses are in reserved domains."""

    first_name: str
    last_name: str
    email: str
    company: str
    product: str
    text: str
    category: str | None
    campaign_id: int
    campaign_name: str
    sequence_number: int
    lead_id: int
    lead_map_id: int
    stats_id: str
    message_id: str
    received_at: datetime

    @property
    def domain(self) -> str:
        return self.email.rpartition("@")[2]

    @property
    def html(self) -> str:
        """The reply as mail programs send it, with the mail that it answers quoted below."""
        quoted = f"Hi {self.first_name}, I saw signals that fit {self.company}. Shall I send a report?"
        return (
            f"<div>{html.escape(self.text)}</div><div>-- <br>{self.first_name} {self.last_name}</div>"
            f'<div class="gmail_quote">On an earlier day {_MAILBOX} wrote:<blockquote>{quoted}</blockquote></div>'
        )


def invented_reply(seed: int, number: int, **fields: Any) -> InventedReply:
    """Return the reply of this number, the same for the same seed; `fields` of `InventedReply` override it."""
    dice = random.Random(f"{seed}.{number}")
    first_name, last_name = dice.choice(_FIRST_NAMES), dice.choice(_LAST_NAMES)
    company, domain, product = dice.choice(_COMPANIES)
    campaign = dice.randrange(1, 30)
    reply = InventedReply(
        first_name=first_name,
        last_name=last_name,
        email=f"{first_name}.{last_name}@{domain}".lower(),
        company=company,
        product=product,
        text=dice.choice(_TEXTS),
        category=dice.choice(_CATEGORIES),
        campaign_id=1000 + campaign,
        campaign_name=f"Sandbox campaign {campaign}",
        sequence_number=dice.randrange(1, 6),
        lead_id=50_000 + number,
        lead_map_id=90_000 + number,
        stats_id=f"stats-{seed}-{number:05d}",
        message_id=f"<reply-{seed}-{number:05d}@{domain}>",
        received_at=datetime(2026, 11, 2, 9, tzinfo=UTC) + timedelta(minutes=37 * number),
    )
    return replace(reply, **fields)


def email_reply(reply: InventedReply, *, secret: str | None = None) -> dict[str, Any]:
    """Return the webhook body `EMAIL_REPLY`."""
    message = {"message_id": reply.message_id, "html": reply.html, "text": reply.text, "time": _time(reply)}
    sent_at = (reply.received_at - timedelta(hours=20)).isoformat()
    sent = {
        "message_id": f"<sent-{reply.stats_id}@outreach.example>",
        "html": "<p>Hi</p>",
        "text": "Hi",
        "time": sent_at,
    }
    return _with_secret(
        {
            "event_type": "EMAIL_REPLY",
            "sl_email_lead_id": str(reply.lead_id),
            "sl_email_lead_map_id": reply.lead_map_id,
            "sl_lead_email": reply.email,
            "stats_id": reply.stats_id,
            "campaign_id": reply.campaign_id,
            "campaign_name": reply.campaign_name,
            "sequence_number": reply.sequence_number,
            "from_email": _MAILBOX,
            "to_email": reply.email,
            "to_name": f"{reply.first_name} {reply.last_name}",
            "subject": f"Re: signals for {reply.company}",
            "event_timestamp": _time(reply),
            "time_replied": _time(reply),
            "sent_message": sent,
            "reply_message": message,
            "preview_text": reply.text[:80],
            "leadCorrespondence": {
                "targetLeadEmail": reply.email,
                "replyReceivedFrom": reply.email,
                "repliedCompanyDomain": reply.domain,
            },
        },
        secret,
    )


def email_replied(reply: InventedReply, *, secret: str | None = None) -> dict[str, Any]:
    """Return the webhook body `EMAIL_REPLIED`, which names its event under `event`."""
    return _with_secret(
        {
            "event": "EMAIL_REPLIED",
            "timestamp": _time(reply),
            "campaign_id": reply.campaign_id,
            "campaign_name": reply.campaign_name,
            "lead_id": reply.lead_id,
            "lead": _lead(reply),
            "sequence_number": reply.sequence_number,
            "email": {"subject": f"Signals for {reply.company}", "message_id": reply.message_id},
            "reply": {"subject": f"Re: signals for {reply.company}", "body": reply.text},
        },
        secret,
    )


def category_updated(reply: InventedReply, *, secret: str | None = None) -> dict[str, Any]:
    """Return the webhook body `LEAD_CATEGORY_UPDATED`."""
    return _with_secret(
        {
            "event_type": "LEAD_CATEGORY_UPDATED",
            "lead_id": reply.lead_id,
            "campaign_id": reply.campaign_id,
            "campaign_name": reply.campaign_name,
            "lead_category": {"old_name": None, "new_name": reply.category},
            "lead_data": _lead(reply),
            "last_reply": {
                "stats_id": reply.stats_id,
                "message_id": reply.message_id,
                "time": _time(reply),
                "email_body": reply.html,
            },
        },
        secret,
    )


WEBHOOKS: Mapping[str, Any] = {
    "EMAIL_REPLY": email_reply,
    "EMAIL_REPLIED": email_replied,
    "LEAD_CATEGORY_UPDATED": category_updated,
}
"""The three webhook forms by the name of their event."""


def signature(body: bytes, secret: str) -> str:
    """Return the value of `X-Smartlead-Signature` for a raw body."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def data_item(reply: InventedReply) -> dict[str, Any]:
    """Return the item of the master inbox in the form of the list under `data`."""
    message = {
        "stats_id": reply.stats_id,
        "message_id": reply.message_id,
        "type": "REPLY",
        "time": _time(reply),
        "from": reply.email,
        "to": _MAILBOX,
        "subject": f"Re: signals for {reply.company}",
        "email_body": reply.html,
        "email_seq_number": str(reply.sequence_number),
    }
    return {
        "lead_category_id": _category_id(reply),
        "lead_category": reply.category,
        "last_reply_time": _time(reply),
        "lead_first_name": reply.first_name,
        "lead_last_name": reply.last_name,
        "lead_email": reply.email,
        "email_lead_id": str(reply.lead_id),
        "email_lead_map_id": str(reply.lead_map_id),
        "lead_status": "INPROGRESS",
        "current_sequence_number": reply.sequence_number,
        "email_campaign_id": reply.campaign_id,
        "email_campaign_name": reply.campaign_name,
        "email_history": [message],
    }


def messages_item(reply: InventedReply) -> dict[str, Any]:
    """Return the item of the master inbox in the form of the list under `messages`."""
    return {
        "id": reply.stats_id,
        "campaign_lead_map_id": str(reply.lead_map_id),
        "lead": {
            "email": reply.email,
            "first_name": reply.first_name,
            "last_name": reply.last_name,
            "company": reply.company,
        },
        "campaign": {"id": reply.campaign_id, "name": reply.campaign_name},
        "last_message": {
            "id": reply.message_id,
            "subject": f"Re: signals for {reply.company}",
            "body": reply.text,
            "received_at": _time(reply),
            "sent_from": reply.email,
            "sent_to": _MAILBOX,
        },
        "email_status": "Replied",
        "category": None if reply.category is None else {"id": _category_id(reply), "name": reply.category},
    }


def _lead(reply: InventedReply) -> dict[str, Any]:
    return {
        "email": reply.email,
        "first_name": reply.first_name,
        "last_name": reply.last_name,
        "company_name": reply.company,
        "custom_fields": {"product": reply.product},
    }


def _time(reply: InventedReply) -> str:
    return reply.received_at.isoformat()


def _category_id(reply: InventedReply) -> int | None:
    return _CATEGORIES.index(reply.category) + 1 if reply.category in _CATEGORIES else None


def _with_secret(body: dict[str, Any], secret: str | None) -> dict[str, Any]:
    return body if secret is None else body | {"secret_key": secret}
