"""The strategy's answer against what the API allows."""

from typing import Any

import anthropic
import pytest

from intent_assets.prompts import strategy as writing
from intent_assets.records import SearchStrategy
from intent_assets.sandbox.claude_checks import check_schema
from intent_assets.us_states import NAMES, state_code, states_named
from tests.prompts.samples import reply

ALL_TYPES = ("Meeting", "StrategicPlan", "RFP", "Purchase", "Contract")


ANSWER: dict[str, Any] = {
    "segments": ["universities"],
    "ideal_buyer": "A university.",
    "primary_keywords": ["career services"],
    "alternate_keywords": [],
    "meeting_keywords": [],
    "rfp_keywords": [],
    "buyer_types": ["HigherEducation"],
    "opportunity_types": ["RFP"],
    "states": [],
}


def plan(given: Any = None, **changes: Any) -> SearchStrategy:
    return writing.strategy(writing.Strategy.model_validate(ANSWER | changes), given or reply())


def test_the_schema_is_one_that_the_api_takes() -> None:
    schema = anthropic.transform_schema(writing.Strategy)
    check_schema(schema)
    assert schema["properties"]["opportunity_types"]["items"] == {"enum": list(ALL_TYPES)}


@pytest.mark.parametrize(
    ("field", "given", "kept", "dropped"),
    [
        pytest.param("buyer_types", ["SchoolDistrict"], ("SchoolDistrict",), [], id="as the contract writes it"),
        pytest.param("buyer_types", ["school district", "SCHOOL_DISTRICTS"], ("SchoolDistrict",), [], id="spelling"),
        pytest.param("buyer_types", ["Cities", "libraries"], ("City", "Library"), [], id="plural"),
        pytest.param("buyer_types", ["University", "K-12"], ("HigherEducation", "SchoolDistrict"), [], id="words"),
        pytest.param("buyer_types", ["City, County"], ("City", "County"), [], id="two in one"),
        pytest.param("buyer_types", ["Hospital", "City"], ("City",), ["Hospital"], id="not allowed"),
        pytest.param("buyer_types", ["Hospital"], (), ["Hospital"], id="nothing left means all buyers"),
        pytest.param("buyer_types", ["", " "], (), [], id="empty"),
        pytest.param("opportunity_types", ["rfps", "Board Meeting"], ("RFP", "Meeting"), [], id="types' spelling"),
        pytest.param("opportunity_types", ["PurchaseOrder", "Selling"], ("Purchase", "RFP"), [], id="wire words"),
        pytest.param("opportunity_types", ["Grant"], ALL_TYPES, ["Grant"], id="nothing left means all five types"),
        pytest.param("opportunity_types", [], ALL_TYPES, [], id="none given means all five types"),
        pytest.param("states", ["TX", "tx", "Texas", "Tex."], ("TX",), [], id="one state in four spellings"),
        pytest.param("states", ["Washington, D.C.", "puerto rico"], ("DC", "PR"), [], id="district and territory"),
        pytest.param("states", ["State of Ohio", "New York State", "US-CA"], ("OH", "NY", "CA"), [], id="wrapped"),
        pytest.param("states", ["Texas and Ohio", "CA/OR"], ("TX", "OH", "CA", "OR"), [], id="several in one"),
        pytest.param("states", ["Ontario", "GA"], ("GA",), ["Ontario"], id="not a US state"),
        pytest.param("states", ["Nationwide"], (), ["Nationwide"], id="everywhere is no limit"),
        pytest.param("primary_keywords", [" career  centre ", "Career Centre"], ("career centre",), [], id="repeated"),
        pytest.param("primary_keywords", ["a OR b", '"c"'], ("a", "b", "c"), [], id="query syntax"),
        pytest.param("rfp_keywords", ["x" * 81, "y"], ("y",), ["x" * 81], id="overlong"),
        pytest.param("rfp_keywords", ["--", "y"], ("y",), ["--"], id="no word"),
        pytest.param(
            "meeting_keywords", list("abcdefghij"), tuple("abcdefgh"), ["i", "j"], id="more than eight"
        ),
    ],
)  # fmt: skip
def test_values_are_checked_and_what_is_dropped_is_told(
    field: str, given: list[str], kept: tuple[str, ...], dropped: list[str]
) -> None:
    found = plan(**{field: given})
    assert getattr(found, field) == kept
    assert [(each.field, each.value) for each in found.dropped] == [(field, value) for value in dropped]
    assert all(each.reason for each in found.dropped)


@pytest.mark.parametrize(
    ("changes", "phrases"),
    [
        pytest.param({}, ("career-services", "universities", "resume reviews", "interview practice"), id="description"),
        pytest.param({"product_description": None}, ("vmock",), id="company"),
        pytest.param({"product_description": "!!", "company": None}, ("vmock",), id="domain"),
        pytest.param({"product_description": None, "company": None, "domain": "xy.example"}, (), id="nothing to go by"),
    ],
)
def test_without_primary_keywords_the_products_own_words_are_searched(
    changes: dict[str, Any], phrases: tuple[str, ...]
) -> None:
    found = plan(reply(**changes), primary_keywords=["  "])
    assert found.primary_keywords == phrases
    assert [each.field for each in found.dropped] == (["primary_keywords"] if phrases else [])


def test_version_and_text_are_kept() -> None:
    found = plan(segments=["a", " a ", "b" * 401], ideal_buyer=" One\nline. ")
    assert found.prompt_version == writing.PROMPT.version
    assert found.segments == ("a",)
    assert found.ideal_buyer == "One line."
    assert [each.field for each in found.dropped] == ["segments"]
    assert len(found.dropped[0].value) == 200


@pytest.mark.parametrize("code", NAMES)
def test_every_state_is_known_by_code_and_name(code: str) -> None:
    for spelling in (code, code.lower(), NAMES[code], NAMES[code].upper(), f"the state of {NAMES[code]}"):
        assert state_code(spelling) == code


@pytest.mark.parametrize("text", ["", "  ", "Narnia", "XX", "North", "123", "United States"])
def test_what_is_no_state_has_no_code(text: str) -> None:
    assert state_code(text) is None


def test_the_data_holds_what_the_product_is_and_nothing_about_the_person() -> None:
    text = writing.data(reply(prospect_email="ana@vmock.example")).render(9000).text
    assert "Career centre RFP" in text
    assert "vmock.example" in text
    assert "Ana" not in text


def earlier(**changes: Any) -> SearchStrategy:
    return SearchStrategy(**({"primary_keywords": ("career services",), "segments": ("universities",)} | changes))


def test_a_new_strategy_differs_from_the_earlier_ones() -> None:
    used = writing.Used.of([earlier(), earlier(rfp_keywords=("Resume Software",), primary_keywords=("job board",))])
    answer = writing.Strategy.model_validate(
        ANSWER | {"primary_keywords": ["Career-Services", "alumni outcomes"], "rfp_keywords": ["resume software"]}
    )
    found = writing.strategy(answer, reply(), used=used)
    assert found.primary_keywords == ("alumni outcomes",)
    assert found.rfp_keywords == ("resume software",)
    assert found.segments == ("universities",)
    said = {(each.value, "kept" in each.reason) for each in found.dropped}
    assert said == {("Career-Services", False), ("resume software", True), ("universities", True)}


def test_what_was_used_is_told_and_its_repetition_objected_to() -> None:
    used = writing.Used.of([earlier(), earlier(meeting_keywords=("student outcomes",))])
    text = writing.data(reply(), used).render(9000).text
    assert '"used_keywords":["career services","student outcomes"]' in text
    assert '"used_segments":["universities"]' in text
    answer = writing.Strategy.model_validate(ANSWER | {"meeting_keywords": ["Student outcomes", "retention"]})
    objections = writing.objections(answer, used)
    assert [objection.partition(":")[0] for objection in objections] == [
        "segments", "primary_keywords", "meeting_keywords",
    ]  # fmt: skip
    assert writing.objections(answer, writing.NOTHING_USED) == ()


def test_states_that_are_written_out_are_found_in_a_text() -> None:
    assert states_named("We sell in west\nVirginia, TEXAS and new york, not in or of Me.") == {"WV", "TX", "NY"}
    assert states_named("Indianapolis, or elsewhere") == frozenset()


@pytest.mark.parametrize(
    ("changes", "same"),
    [
        pytest.param({"reply_text": "Once more, please", "prospect_name": "Bo"}, True, id="another reply"),
        pytest.param(
            {"product_description": "career services  PLATFORM for universities: resume reviews, interview practice."},
            True,
            id="another spelling",
        ),
        pytest.param({"product_description": "Fleet telematics"}, False, id="another product"),
        pytest.param({"product_description": None}, False, id="no product"),
        pytest.param({"reply_text": "Yes, but only for districts in Texas"}, False, id="another geography"),
    ],
)
def test_a_product_has_one_digest(changes: dict[str, Any], same: bool) -> None:
    assert (writing.product(reply(**changes)) == writing.product(reply())) is same


def test_without_a_product_the_digest_is_of_what_else_the_strategy_goes_by() -> None:
    bare = {"product_description": None}
    assert writing.product(reply(**bare)) != writing.product(reply(**bare, company="Other"))
    assert writing.product(reply(**bare)) != writing.product(reply(**bare, reply_text="Only Texas, please"))
