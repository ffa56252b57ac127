"""The four searches: in the form that the API understands, with windows so that what comes back can be acted on."""

from typing import Any

import pytest

from intent_assets.prompts.strategy_values import OPPORTUNITY_TYPES
from intent_assets.records import SearchStrategy
from intent_assets.searches import PlannedSearch, plan


def searches(**changes: Any) -> dict[str, PlannedSearch]:
    values: dict[str, Any] = {
        "primary_keywords": ("career services", "resume review"),
        "alternate_keywords": ("job readiness",),
        "meeting_keywords": ("student outcomes",),
        "rfp_keywords": ("career platform",),
        "buyer_types": ("HigherEducation",),
        "opportunity_types": OPPORTUNITY_TYPES,
        "states": ("TX", "OH"),
    }
    return {search.name: search for search in plan(SearchStrategy(**(values | changes)))}


def test_the_four_searches_in_the_order_in_which_copies_count() -> None:
    assert list(searches()) == ["primary_keywords", "rfp_keywords", "buyers_by_type", "buyers_by_state"]


@pytest.mark.parametrize(
    ("name", "query", "types", "window"),
    [
        pytest.param(
            "primary_keywords", "career services OR resume review OR student outcomes",
            ("Meeting", "StrategicPlan", "Purchase", "Contract"), ("LastYear", None), id="what happened in a year",
        ),
        pytest.param(
            "rfp_keywords", "career platform OR job readiness", ("RFP",), (None, "Future"), id="bids still to be made",
        ),
    ],
)  # fmt: skip
def test_rfps_are_asked_for_by_what_is_ahead_the_rest_by_the_last_year(
    name: str, query: str, types: tuple[str, ...], window: tuple[str | None, str | None]
) -> None:
    search = searches()[name]
    assert (search.query, search.types) == (query, types)
    assert (search.from_period, search.until_period) == window
    assert search.states == ("TX", "OH")
    assert search.skip is None


@pytest.mark.parametrize(
    ("types", "asked"),
    [
        pytest.param(("RFP",), {"primary_keywords": ("RFP",), "rfp_keywords": ("RFP",)}, id="RFPs alone"),
        pytest.param(
            ("Meeting",), {"primary_keywords": ("Meeting",), "rfp_keywords": ("Meeting",)}, id="meetings alone"
        ),
        pytest.param(
            ("RFP", "Contract"), {"primary_keywords": ("Contract",), "rfp_keywords": ("RFP",)}, id="one of each"
        ),
    ],
)
def test_no_search_asks_for_types_that_the_strategy_left_out(
    types: tuple[str, ...], asked: dict[str, tuple[str, ...]]
) -> None:
    found = searches(opportunity_types=types)
    assert {name: found[name].types for name in asked} == asked
    for name in asked:
        ahead = found[name].types == ("RFP",)
        assert (found[name].until_period == "Future") is ahead
        assert (found[name].from_period == "LastYear") is not ahead


def test_every_keyword_of_a_full_strategy_is_searched_for() -> None:
    eight = {
        field: tuple(f"{field} {number}" for number in range(8))
        for field in ("primary_keywords", "meeting_keywords", "alternate_keywords", "rfp_keywords")
    }
    found = searches(**eight)
    asked = " OR ".join(found[name].query or "" for name in ("primary_keywords", "rfp_keywords")).split(" OR ")
    assert sorted(asked) == sorted(phrase for phrases in eight.values() for phrase in phrases)


def test_a_phrase_is_asked_for_once_however_it_is_spelt() -> None:
    found = searches(primary_keywords=("Career  Services", " "), meeting_keywords=("career services",))
    assert found["primary_keywords"].query == "Career Services"


@pytest.mark.parametrize(
    ("changes", "name", "reason"),
    [
        ({"states": ()}, "buyers_by_state", "state"),
        ({"buyer_types": ()}, "buyers_by_type", "buyer type"),
        ({"primary_keywords": (), "meeting_keywords": ()}, "primary_keywords", "keywords"),
        ({"alternate_keywords": (), "rfp_keywords": ()}, "rfp_keywords", "keywords"),
    ],
)
def test_a_search_without_anything_to_ask_for_is_skipped_and_says_why(
    changes: dict[str, Any], name: str, reason: str
) -> None:
    found = searches(**changes)
    assert reason in (found[name].skip or "")
    assert [search.name for search in found.values() if search.skip] == [name]
