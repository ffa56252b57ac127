"""Latency profiles: what they are called, how long they make an answer, and that they can be repeated."""

import statistics

import pytest

from intent_assets.sandbox.latency import InvalidLatency, Latency, parse_latency


@pytest.mark.parametrize(
    ("text", "service", "operation", "median", "reason"),
    [
        ("none", "starbridge", "opportunity_search", 0, "nothing waits"),
        ("measured", "starbridge", "opportunity_search", 26.6, "the slow search"),
        ("measured", "starbridge", "buyer_profile", 4.0, "the profile"),
        ("measured", "starbridge", "chat_start", 0.3, "an asynchronous start answers at once"),
        ("measured", "claude", "featured_section", 34, "the longest section"),
        ("measured", "claude", "gameplan", 21, "any other section"),
        ("measured", "notion", "create_page", 1.0, "about six calls make a page"),
        ("quick", "starbridge", "opportunity_search", 2.66, "a tenth"),
        ("measured:0.01", "claude", "strategy", 0.17, "scaled"),
        ("quick:10", "clay", "hook", 0.3, "scaled up again"),
        ("measured:0", "clay", "hook", 0, "scaled to nothing"),
    ],
)
def test_answers(text: str, service: str, operation: str, median: float, reason: str) -> None:
    latency = parse_latency(text)
    drawn = [latency.answer(service, operation) for _ in range(300)]
    assert statistics.median(drawn) == pytest.approx(median, rel=0.06), reason
    assert min(drawn) >= median * 0.8 - 1e-9
    assert max(drawn) <= median * 1.2 + 1e-9


def test_runs_behind_an_answer() -> None:
    assert Latency("measured").run("starbridge", "buyer_chat") == pytest.approx(125, rel=0.2)
    assert Latency("none").run("starbridge", "buyer_chat") == 0
    assert Latency("measured").run("notion", "create_page") == 0


def test_the_same_seed_draws_the_same_times() -> None:
    def drawn(seed: int) -> list[float]:
        latency = parse_latency("measured", seed=seed)
        return [latency.answer("notion", "create_page") for _ in range(5)]

    assert drawn(3) == drawn(3) != drawn(4)


@pytest.mark.parametrize("text", ["", "slow", "measured:", "measured:x", "measured:-1", "measured:nan", "measured:inf"])
def test_what_is_no_profile_is_refused_with_the_form(text: str) -> None:
    with pytest.raises(InvalidLatency, match="PROFILE:FACTOR"):
        parse_latency(text)
