"""How long a call is waited for before its next try."""

from datetime import UTC, datetime

import pytest

from intent_assets.errors import ClaudeError
from intent_assets.resources.pauses import pause_before, retry_after
from intent_assets.settings import Settings

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        pytest.param("7", 7, id="seconds"),
        pytest.param(" 0.5 ", 0.5, id="part of a second"),
        pytest.param("Mon, 23 Nov 2026 12:00:30 GMT", 30, id="an HTTP date"),
        pytest.param("Mon, 23 Nov 2026 12:00:30 -0000", 30, id="a date without a zone is in UTC"),
        pytest.param("Mon, 23 Nov 2026 11:00:00 GMT", 0, id="a date that is over"),
        pytest.param("soon", None, id="no date and no number"),
        pytest.param("-5", None, id="less than nothing"),
        pytest.param("Mon, 99 Nov 2026 99:00:00 GMT", None, id="no such day"),
        pytest.param("", None, id="blank"),
        pytest.param(None, None, id="not there"),
    ],
)
def test_retry_after_is_read_in_both_forms(value: str | None, seconds: float | None) -> None:
    assert retry_after(value, now=NOW) == seconds


@pytest.mark.parametrize(
    ("number", "asked", "least", "most", "reason"),
    [
        (1, None, 0.5, 1, "the first pause"),
        (3, None, 2, 4, "doubled for each try"),
        (1, 7, 7, 7, "what the service asks for"),
        (5, 1, 8, 16, "never shorter than without a wish"),
        (1, 9999, 60, 60, "within the longest pause"),
        (400, None, 60, 60, "however many tries"),
    ],
)
def test_a_pause_grows_and_heeds_the_service(
    number: int, asked: float | None, least: float, most: float, reason: str
) -> None:
    problem = ClaudeError("Claude", "strategy", "busy", status=429, retryable=True, retry_after=asked)
    settings = Settings(retry_pause=1, retry_pause_max=60)
    assert least <= pause_before(number, problem, settings) <= most, reason
