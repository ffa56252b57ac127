"""Whatever the text and the JSON are, there is an answer, always the same one, with places within the text."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intent_assets.grounding import verify
from tests.prose.cases import LEDGER, MATCH, PRODUCT, TENDER, WEATHER

EVIDENCE = (WEATHER, MATCH, PRODUCT, TENDER, LEDGER)
WORDS = (
    "On", "March", "5th", "the", "temperature", "will", "range", "from", "-3.5°C", "to", "9.5°C", "rain", "Bears",
    "scored", "two", "goals", "in", "first", "period", "4-1", "$3.2", "million", "due", "12 December 2026", "Maria",
    "Delgado", "is", "closed", "NFC", "1100", "mAh", ",", ".", "\n", "no", "highest", "Monday", "at", "18:30", "\ud800",
    "tbaker@ridgeview.example", "largest", "of", "three", "%", "and", "between",
)  # fmt: skip
NUMBERS = st.integers() | st.floats() | st.sampled_from([10**400, -(10**400), 1e308])
TEXTS = st.text(max_size=20) | st.sampled_from(
    ["2026-12-12", "9999-99-99", "2024-03-05 12:00:00", "No", "12 mm", "open"]
)
NAMES = st.text(max_size=8) | st.sampled_from(
    ["name", "value", "status", "units", "homeScore", "homeTeam", "date", "amount"]
)
JSON = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda below: st.lists(below, max_size=4) | st.dictionaries(NAMES, below, max_size=4),
    max_leaves=20,
)


@settings(deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=40).map(" ".join), st.sampled_from(EVIDENCE) | JSON)
def test_findings_are_within_the_text_and_always_the_same(text: str, evidence: Any) -> None:
    findings = verify(text, evidence, threshold=0)
    assert findings == verify(text, evidence, threshold=0)
    assert [finding.start for finding in findings] == sorted(finding.start for finding in findings)
    for finding in findings:
        assert 0 <= finding.start < finding.end <= len(text)
        assert finding.quote == text[finding.start : finding.end].replace("\ud800", "?")
        assert finding.reason
        assert 0 < finding.confidence <= 1
        json.dumps(finding.model_dump(), ensure_ascii=False).encode()


def _nested(depth: int) -> Any:
    value: Any = {"amount": 5}
    for level in range(depth):
        value = [value] if level % 2 else {"in": value}
    return value


@pytest.mark.parametrize(
    "evidence",
    [
        _nested(5000),
        [],
        {},
        None,
        "text",
        7,
        float("nan"),
        [float("inf")],
        {"amount": 10**400},
        [{}, {}],
        [[[]]],
        {"": ""},
    ],
    ids=["deep", "list", "object", "null", "text", "number", "nan", "infinite", "huge", "empty", "lists", "no name"],
)
def test_json_that_holds_nothing_to_compare_contradicts_nothing(evidence: Any) -> None:
    assert verify("On March 5th the Bears won 4-3; it is worth $3 million and 9.5°C.", evidence) == []


@pytest.mark.parametrize(
    "text",
    ["1 " * 20_000, "5-" * 20_000, "a" * 40_000, "(" * 40_000, "January 3rd and " * 2_000, "\n" * 40_000,
     "\x00\x1b[31m" * 4_000, "気温は5度です。" * 4_000, "٣٤٥ " * 10_000, "a@" * 20_000, "first period " * 3_000],
    ids=["digits", "dashes", "word", "brackets", "dates", "lines", "control", "japanese", "arabic", "at", "periods"],
)  # fmt: skip
@pytest.mark.parametrize("evidence", EVIDENCE[:4], ids=["weather", "match", "product", "tender"])
def test_texts_that_are_no_prose_get_an_answer(text: str, evidence: Any) -> None:
    assert all(finding.end <= len(text) for finding in verify(text, evidence))


def test_a_series_of_thousands_of_records_is_read() -> None:
    many = WEATHER | {"list": WEATHER["list"] * 1000}
    text = "On March 5th, temperatures will be between -3.5°C and 5°C. " * 20
    assert len(verify(text, many)) == 20
