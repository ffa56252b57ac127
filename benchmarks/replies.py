"""The replies that benchmarks start from."""

from datetime import UTC, datetime
from typing import Any

from intent_assets.intake.replies import parse_reply
from intent_assets.records import Reply

PRODUCT = "Career-services platform for universities: resume reviews, interview practice, readiness checks"


def a_reply(domain: str, **more: Any) -> Reply:
    """Return a reply of the domain that came in just now, with `more` fields of the contract."""
    made = parse_reply({"target_domain": domain, "product_description": PRODUCT, **more}, received_at=datetime.now(UTC))
    if not isinstance(made, Reply):
        raise TypeError(made.reason)
    return made
