"""Texts about a series of records over time: a forecast of two days, three records each."""

import pytest

from intent_assets.grounding import verify
from tests.prose.cases import WEATHER, quotes

RIGHT = {
    "whole range": "Over the next two days temperatures will range from -3.5°C to 9.5°C.",
    "range of a day": "On March 5th, temperatures will be between -3.5°C and 1.2°C.",
    "rounded": "On March 5th, temperatures will be between -4 and 1 degrees Celsius.",
    "in Fahrenheit": "On March 4th there is a high of 49.1°F.",
    "any value of the day": "On March 4th the temperature will be 5.0°C with a wind speed of 2 m/s.",
    "another field": "On March 4th it feels like 7.5°C.",
    "gusts": "Wind will be light, with gusts reaching up to 16 m/s on Tuesday.",
    "day carried on": "On March 5th it will be 1.2°C. The wind speed will be 8 m/s.",
    "whole time again": "The first day is clear. Wind speeds will vary from 1.5 to 8 m/s.",
    "weekday": "Monday, March 4th, will see a high of 9.5°C.",
    "nth day": "The second day will be cold with a low of -3.5°C.",
    "part of a day": "On March 5th there is light rain in the afternoon.",
    "day after": "On March 4th it is clear. The following day sees a low of -3.5°C.",
    "clock": "On March 4th at 12:00 the temperature is 9.5°C.",
    "negation": "There will be no snow, and no rain on March 4th.",
    "sum": "On March 5th a total of 2 mm of rain is expected.",
    "extreme": "The lowest temperature is expected on March 5th at 6:00 AM.",
    "field that is not there": "On March 4th the humidity will be 60%, with a dew point of 3°C.",
    "day that is not there": "On March 19th temperatures will reach 25°C.",
    "no claim": "Bring a coat.",
}

WRONG = {
    "value of another day": ("On March 5th, the temperature will be 9.5°C.", "9.5°C", "main.temp of March 5th"),
    "lower end": ("Over the next two days temperatures range from 2°C to 9.5°C.", "2°C", "-3.5"),
    "upper end": ("On March 5th, temperatures will be between -3.5°C and 5°C.", "5°C", "1.2"),
    "high": ("Monday will bring a high of 12.7°C.", "12.7°C", "9.5"),
    "carried on": ("On March 5th it will be 1.2°C. The wind speed will be 3 m/s.", "3 m/s", "wind.speed"),
    "other field": ("On March 4th the wind speed will be 6 m/s.", "6 m/s", "wind.speed"),
    "unit": ("Gusts of up to 16 miles per hour are expected on March 5th.", "16 miles per hour", "wind.gust"),
    "weekday": ("Sunday, March 4th, will be fine.", "Sunday", "Monday"),
    "nth day": ("On the second day the high is 9.5°C.", "9.5°C", "1.2"),
    "rain": ("On March 4th there will be light rain.", "light rain", "clear sky"),
    "clear": ("On March 5th the sky will be clear.", "clear", "overcast clouds"),
    "denied": ("No rain is expected on March 5th.", "rain", "light rain"),
    "extreme": ("Lowest pressure is on March 4th.", "Lowest pressure is on March 4th", "2024-03-05"),
    "sum": ("On March 5th a total of 7 mm of rain is expected.", "7 mm", "rain"),
}  # fmt: skip


@pytest.mark.parametrize("text", RIGHT.values(), ids=RIGHT.keys())
def test_what_the_records_bear_out_is_no_finding(text: str) -> None:
    assert verify(text, WEATHER) == []


@pytest.mark.parametrize(("text", "quote", "reason"), WRONG.values(), ids=WRONG.keys())
def test_what_they_do_not_bear_out_is_found_at_its_place(text: str, quote: str, reason: str) -> None:
    (finding,) = verify(text, WEATHER)
    assert finding.quote.strip() == quote
    assert text[finding.start : finding.end] == finding.quote
    assert reason in finding.reason


def test_figures_side_by_side_that_do_not_fit_are_one_finding_with_both_reasons() -> None:
    text = "On March 5th, the temperature will be 9.5°C with a feels like temperature of 7.5°C."
    (finding,) = verify(text, WEATHER)
    assert finding.quote == "9.5°C with a feels like temperature of 7.5°C"
    assert "main.temp" in finding.reason
    assert "main.feels_like" in finding.reason


def test_a_figure_that_fits_parts_findings() -> None:
    text = "On March 5th, it will be 9.5°C with wind of 8 m/s and gusts of 3 m/s."
    assert quotes(verify(text, WEATHER)) == ["9.5°C", "3 m/s"]


def test_a_lower_threshold_tells_more() -> None:
    text = "On March 4th there will be overcast clouds."
    assert verify(text, WEATHER) == []
    assert quotes(verify(text, WEATHER, threshold=0)) == ["overcast clouds"]
