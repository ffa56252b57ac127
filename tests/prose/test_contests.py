"""Texts about a contest: Bears 4, Lions 3 after overtime; by period 1-1, 0-2, 2-0, then 1-0."""

import pytest

from intent_assets.grounding import verify
from tests.prose.cases import MATCH, quotes

RIGHT = {
    "final": "The Northport Bears beat the Lions 4-3.",
    "the other way round": "The game ended 3-4.",
    "in favour of": "The final score was 4-3 in favor of the Bears.",
    "period": "The first period ended 1-1, and the Lions scored two goals in the second period.",
    "so far": "The Lions took a 3-1 lead in the second period.",
    "each side": "The Bears scored one goal in the first period, two in the third, and one in overtime.",
    "normal time": "It was 3-3 in normal time.",
    "scoreless for one": "The Bears remained scoreless in the second period.",
    "home team": "The home team won in overtime.",
    "no shootout": "There was no shootout.",
    "time": "The game started at 6:30 PM on March 4, 2024.",
    "goal": "The Lions opened with a goal in the first period.",
}

WRONG = {
    "final": ("The final score was 5-3.", "5-3", "Northport Bears 4, Lake City Lions 3"),
    "winner": ("The Lions won the game.", "The Lions won", "Northport Bears has 4"),
    "in favour of": ("It ended 4-3 in favor of the Lions.", "4-3 in favor of the Lions", "Lake City Lions 3"),
    "period": ("The first period ended 2-1.", "2-1", "period 1"),
    "goals": ("The Bears scored three goals in the third period.", "three goals in the third period", "3: 2"),
    "goals of the other": (
        "The Bears scored two goals in the second period.",
        "two goals in the second period",
        "2: 0",
    ),
    "all goals": ("The Lions scored 5 goals.", "5 goals", "awayScore of Lake City Lions is 3"),
    "they": ("The Lions fought. They scored two goals in the third period.", "two goals in the third period", "3: 0"),
    "scoreless": ("The second period was scoreless.", "second period was scoreless", "Lake City Lions 2"),
    "no overtime": ("It was decided without overtime.", "overtime", "overtime"),
    "time": ("The game started at 8:15 PM.", "8:15 PM", "18:30"),
}


@pytest.mark.parametrize("text", RIGHT.values(), ids=RIGHT.keys())
def test_what_the_result_bears_out_is_no_finding(text: str) -> None:
    assert verify(text, MATCH) == []


@pytest.mark.parametrize(("text", "quote", "reason"), WRONG.values(), ids=WRONG.keys())
def test_what_it_does_not_bear_out_is_found_at_its_place(text: str, quote: str, reason: str) -> None:
    (finding,) = verify(text, MATCH)
    assert finding.quote == quote
    assert text[finding.start : finding.end] == finding.quote
    assert reason in finding.reason


def test_a_time_that_the_evidence_tells_in_two_ways_is_found() -> None:
    text = "The game started at 18:30."
    assert verify(text, MATCH | {"startTimestamp": 1709577000}) == []  # 18:30 UTC
    (finding,) = verify(text, MATCH | {"startTimestamp": 1709573400})
    assert finding.quote == "18:30"
    assert "17:30 UTC" in finding.reason


def test_results_that_are_plain_numbers_are_read() -> None:
    result = {"home_team": "Reds", "away_team": "Blues", "home_score": 2, "away_score": 0}
    assert verify("The Reds won 2-0.", result) == []
    assert quotes(verify("The Blues won 3-0.", result)) == ["The Blues won", "3-0"]
