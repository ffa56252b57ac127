"""What tokens cost, by model."""

import logging
from collections.abc import Mapping
from typing import NamedTuple

logger = logging.getLogger(__name__)

CACHE_WRITE = 1.25
CACHE_READ = 0.1


class Price(NamedTuple):
    """US dollars per million tokens."""

    input: float
    output: float


PRICES: Mapping[str, Price] = {
    "claude-opus-5-5": Price(4, 20),
    "claude-sonnet-5-5": Price(2, 10),
    "claude-haiku-5-5": Price(0.10, 0.50),
}


class Tokens(NamedTuple):
    """Tokens of one or more answers, as Anthropic counts them: cached input is not part of `input`."""

    input: int = 0
    output: int = 0
    cache_write: int = 0
    cache_read: int = 0

    def plus(self, other: "Tokens") -> "Tokens":
        """Return the sum of both, kind by kind."""
        return Tokens(*(mine + theirs for mine, theirs in zip(self, other, strict=True)))


def price(model: str) -> Price | None:
    """Return the price of a model or of a dated version of it (`claude-opus-5-5-20261001`), None if unknown."""
    return next((cost for name, cost in PRICES.items() if model == name or model.startswith(name + "-")), None)


def cost_usd(model: str, tokens: Tokens) -> float:
    """Return what the tokens cost in US dollars.

    A model without a known price costs 0, and a warning says so: a new model must not stop a report.
    """
    known = price(model)
    if known is None:
        logger.warning("no price is known for the model %s: its cost is shown as 0 (see claude_pricing.PRICES)", model)
        return 0.0
    input_tokens = tokens.input + tokens.cache_write * CACHE_WRITE + tokens.cache_read * CACHE_READ
    return round((input_tokens * known.input + tokens.output * known.output) / 1_000_000, 8)
