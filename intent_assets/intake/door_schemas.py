"""What bodies the door takes in, as JSON Schema: what fits is taken, what does not is refused.

Only what decides over acceptance is narrow. Every other field may be of any type, since one that can't be used is
ignored, and a reply is never lost for it.
"""

from typing import Any

from intent_assets.intake.smartlead import EVENTS

Schema = dict[str, Any]

_LABEL = r"[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
# single characters are public suffixes under some countries' domains
_HOST = rf"({_LABEL}\.)*({_LABEL}\.[A-Za-z]{{3,63}}|[A-Za-z0-9][A-Za-z0-9-]{{0,61}}[A-Za-z0-9]\.[A-Za-z]{{2}})"
_DOMAIN = rf"^([A-Za-z][A-Za-z0-9+.-]*://)?{_HOST}\.?(:[0-9]{{1,5}})?([/?#][!-~]*)?$"
_ADDRESS = rf"^[A-Za-z0-9]+([._+-][A-Za-z0-9]+)*@{_HOST}$"
_VISIBLE = r"[^\s\x00-\x1f\x7f-\x9f]"
_TEXT: Schema = {"type": "string"}


def _any(description: str, *examples: Any) -> Schema:
    return {"description": description, "examples": list(examples)}


def _with(name: str, value: Schema) -> Schema:
    return {"required": [name], "properties": {name: value}}


_ADDRESSED = _with("email", {**_TEXT, "pattern": _ADDRESS})
_EMPTY: tuple[Schema, ...] = ({**_TEXT, "pattern": r"^\s*$"}, {"type": "null"})

REPLY: Schema = {
    "title": "ReplyForReport",
    "description": "A reply that asks for a report: `target_domain` or `prospect_email` is needed.",
    "type": "object",
    "properties": {
        "target_domain": {
            "description": "the prospect's domain, or a URL under it",
            "anyOf": [{**_TEXT, "pattern": _DOMAIN}, *_EMPTY],
            "examples": ["vmock.example"],
        },
        "prospect_email": _any("whose domain counts without a `target_domain`", "ana.diaz@vmock.example"),
        "target_company": _any("the prospect's company, by name", "VMock"),
        "prospect_name": _any("who replied", "Ana Diaz"),
        "product_description": _any("what the prospect sells", "Career-services platform for universities"),
        "campaign_id": _any("a text or a number", "camp_17"),
        "campaign_name": _any("a text", "Career centres"),
        "tier": {
            "description": "1 the report alone, 2 with the decision maker (default), 3 with notes for the call",
            "anyOf": [{"enum": [1, 2, 3]}, {**_TEXT, "pattern": r"^\s*0{0,5}[123]\s*$"}, *_EMPTY],
            "examples": [2],
        },
        "reply_text": _any("the mail, quoted mails included", "This looks interesting, can you send more?"),
        "sequence_number": _any("which mail of the sequence was answered", 3),
        "message_id": _any("of the mail: the same message is the same reply", "<a1@mail.vmock.example>"),
        "campaign_signals": _any(
            "what earlier mails told", [{"position": 1, "signal_id": "opp-1", "title": "Career centre RFP"}]
        ),
    },
    "anyOf": [
        _with("target_domain", {**_TEXT, "pattern": _DOMAIN}),
        _with("prospect_email", {**_TEXT, "pattern": _ADDRESS}),
    ],
}

EVENT: Schema = {
    "title": "SmartleadEvent",
    "description": "An event as Smartlead sends it; the lead's address is needed, wherever it stands.",
    "type": "object",
    "properties": {
        "event_type": _any("another event than a reply is left out (200)", *EVENTS),
        "secret_key": _any("the SMARTLEAD_SECRET, unless the body is signed", "the secret that Smartlead was given"),
        "sl_lead_email": _any("the lead's address", "ana.diaz@vmock.example"),
        "lead": _any("or the lead", {"email": "ana.diaz@vmock.example"}),
        "lead_data": _any("or the lead, of a change of category", {"email": "ana.diaz@vmock.example"}),
        "lead_category": _any("one that is not positive is left out (200)", {"new_name": "Interested"}),
        "reply_message": _any("the mail", {"message_id": "<a1@mail.vmock.example>", "text": "Can you send more?"}),
    },
    "anyOf": [
        _with("sl_lead_email", {**_TEXT, "pattern": _ADDRESS}),
        _with("lead", {"type": "object", **_ADDRESSED}),
        _with("lead_data", {"type": "object", **_ADDRESSED}),
        _with("event_type", {**_TEXT, "pattern": _VISIBLE, "not": {"enum": list(EVENTS)}}),
    ],
}


BATCH: Schema = {
    "title": "Batch",
    "description": "Each item is accepted or refused by itself.",
    "type": "array",
    "items": {"description": "a reply, as in /reports"},
}
