"""From what came in (contracts: replies) to the one record, whatever way it came."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from intent_assets.domains import domain_of_address, normalise_domain
from intent_assets.errors import InvalidDomain, InvalidReply
from intent_assets.freemail import FREE_MAIL
from intent_assets.intake import clay, smartlead
from intent_assets.intake.content import Content, NotTaken
from intent_assets.intake.mail import snippet as _snippet
from intent_assets.records import Reply, Source
from intent_assets.settings import Settings, load_settings

__all__ = ["NotTaken", "parse_polled", "parse_reply", "reply_from", "snippet"]

_NOT_CONTENT = frozenset({"reply_id", "received_at", "source"})


def parse_reply(
    payload: Mapping[str, Any] | str | bytes,
    *,
    received_at: datetime,
    settings: Settings | None = None,
    source: Source | None = None,
) -> Reply | NotTaken:
    """Read one reply in any of the contract's forms.

    Gives `NotTaken` for what is left out on purpose (another event, a category that is not positive), and raises
    `InvalidReply` for what can't be a reply: no JSON object, no company's domain, a tier other than 1, 2, 3.
    `received_at` (with a time zone) is when it came here; `source` overrides what the form says.
    """
    document = _document(payload)
    if smartlead.fits(document):
        content = smartlead.content(document, settings or load_settings())
        by_form: Source = "smartlead_webhook"
    else:
        content = clay.content(document)
        by_form = "clay"
    if isinstance(content, NotTaken):
        return content
    return reply_from(content, received_at=received_at, source=source or by_form)


def parse_polled(item: Mapping[str, Any], *, received_at: datetime, settings: Settings) -> Reply | NotTaken:
    """Read one item of Smartlead's inbox poll, as `parse_reply` reads a webhook."""
    content = smartlead.polled(item, settings)
    if isinstance(content, NotTaken):
        return content
    return reply_from(content, received_at=received_at, source="smartlead_poll")


def reply_from(content: Content, *, received_at: datetime, source: Source) -> Reply:
    """Make the record: choose the domain, give the stable id; raises `InvalidReply`."""
    domain = _domain(content)
    fields = content.fields.model_dump()
    record = Reply(reply_id="-", domain=domain, received_at=received_at, source=source, **fields)
    return record.model_copy(update={"reply_id": _reply_id(record, content.message_id)})


def snippet(reply: Reply) -> str:
    """Return the first sentence or two of the reply, at most 240 characters; empty without a text."""
    return _snippet(reply.reply_text)


def _document(payload: Mapping[str, Any] | str | bytes) -> Mapping[str, Any]:
    document: Any = payload
    if isinstance(payload, str | bytes):
        try:
            document = json.loads(payload.decode("utf-8-sig") if isinstance(payload, bytes) else payload)
        except UnicodeDecodeError:
            raise InvalidReply("the body is not UTF-8 text: send JSON in UTF-8") from None
        except json.JSONDecodeError as problem:
            raise InvalidReply(f"the body is not JSON: {problem.msg} in line {problem.lineno}") from None
        except RecursionError:
            raise InvalidReply("the body is JSON that is nested too deeply for a reply") from None
        except ValueError:
            raise InvalidReply("the body is JSON with a number that is too long to be read") from None
    if not isinstance(document, Mapping):
        raise InvalidReply(f"a reply is one JSON object, not {type(document).__name__}")
    return document


def _domain(content: Content) -> str:
    found: list[str] = []
    if content.target_domain is not None:
        try:
            found.append(normalise_domain(content.target_domain))
        except InvalidDomain as problem:
            raise InvalidReply(f"target_domain: {problem}") from None
    reason = "neither is there in a usable form"
    for given, read in ((content.company_domain, normalise_domain), (content.fields.prospect_email, domain_of_address)):
        if given is None:
            continue
        try:
            found.append(read(given))
        except InvalidDomain:
            reason = "what stands behind the @ of the address is not the domain of a company"
    company = next((domain for domain in found if domain not in FREE_MAIL), None)
    if company is None and found:
        raise InvalidReply(
            f"{found[0]} gives mailboxes to anybody, so it does not say which company the prospect is of: "
            "send target_domain"
        )
    if company is None:
        raise InvalidReply(f"target_domain or prospect_email is needed: {reason}")
    return company


def _reply_id(record: Reply, message_id: str | None) -> str:
    """Give the id: from the message id, which is unique by itself only in its usual form (`<...@...>`)."""
    message = (message_id or "").strip().strip("<>").strip()
    if "@" in message:
        basis: Any = ["message", message]
    elif message:
        basis = ["message", message, record.domain, record.prospect_email, record.campaign_id]
    else:
        basis = ["content", record.model_dump(mode="json", exclude=set(_NOT_CONTENT))]
    text = json.dumps(basis, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return "r_" + hashlib.sha256(" ".join(text.split()).encode()).hexdigest()[:20]
