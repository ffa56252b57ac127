"""Texts against the ledger of `builders`: `<title s-rfp>` in a template stands for the slot of that fact."""

import re
from functools import cache

from intent_assets.claims import Finding
from intent_assets.grounding import AllowedNames, check_text
from intent_assets.grounding.ledger import Ledger
from intent_assets.records import Fact
from intent_assets.reports import Text
from tests.builders import AS_OF, FEATURED, a_ledger, a_reply, slot_of

_OF_NOBODY = {"signals_found", "buyers_scored", "as_of", "company", "prospect_name", "reply_text", "found", "query"}


@cache
def facts() -> Ledger:
    """The ledger of `builders`."""
    return Ledger({fact.id: fact for fact in a_ledger()})


@cache
def allowed() -> AllowedNames:
    """The names that its texts may type."""
    return AllowedNames.of(a_reply(), tuple(facts().values()))


def written(template: str, known: tuple[Fact, ...] | None = None) -> str:
    """Put slots for `<field record>`: `<title s-rfp>`, `<email c-1>`, `<enrollment>`."""
    ledger = tuple(facts().values()) if known is None else known
    for piece in set(re.findall(r"<([a-z_0-9]{2,}(?: [\w-]+)?)>", template)):
        field, _, record = piece.partition(" ")
        buyer = None if record or field in _OF_NOBODY else FEATURED
        template = template.replace(f"<{piece}>", slot_of(ledger, field, record or None, buyer))
    return template


def check(template: str, author: str = "claude", buyer_id: str | None = FEATURED) -> tuple[Finding, ...]:
    """Return the findings of a text; each quotes its place."""
    text = Text.model_validate({"template": written(template), "author": author, "buyer_id": buyer_id})
    found = check_text(text, facts(), allowed(), AS_OF)
    for finding in found:
        assert finding.quote == text.template[finding.start : finding.end]
        assert finding.quote
        assert finding.reason
    return found


def faults(template: str, author: str = "claude", buyer_id: str | None = FEATURED) -> set[str]:
    """Return the faults of a text."""
    return {finding.fault for finding in check(template, author, buyer_id)}
