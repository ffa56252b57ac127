"""What answers cost."""

import logging

import pytest

from intent_assets.resources.claude_pricing import Tokens, cost_usd


@pytest.mark.parametrize(
    ("model", "tokens", "cost"),
    [
        pytest.param("claude-opus-5-5", Tokens(1_000_000, 1_000_000), 24.0, id="opus"),
        pytest.param("claude-sonnet-5-5", Tokens(1_000_000, 1_000_000), 12.0, id="sonnet"),
        pytest.param("claude-haiku-5-5", Tokens(1_000_000, 1_000_000), 0.6, id="haiku"),
        pytest.param("claude-haiku-5-5-20261001", Tokens(1_000_000, 0), 0.1, id="a dated version"),
        pytest.param("claude-sonnet-5-5", Tokens(0, 0, 1_000_000, 0), 2.5, id="written to the cache"),
        pytest.param("claude-sonnet-5-5", Tokens(0, 0, 0, 1_000_000), 0.2, id="read from the cache"),
    ],
)
def test_cost(model: str, tokens: Tokens, cost: float) -> None:
    assert cost_usd(model, tokens) == pytest.approx(cost)


def test_a_model_without_a_price_costs_nothing_and_says_so(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        assert cost_usd("claude-next", Tokens(1000, 1000)) == 0
    assert "claude-next" in caplog.text
