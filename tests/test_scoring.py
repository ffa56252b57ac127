"""The ranking is the contract's, for any world; and the reasons say what is so."""

import json
import math
import random
from datetime import date, timedelta
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Raw

from intent_assets import frames
from intent_assets.records import SearchStrategy
from intent_assets.scoring import Ranking, ranking, scored_buyers
from intent_assets.scoring_factors import FACTORS
from intent_assets.scoring_keywords import keywords
from intent_assets.settings import Weights
from intent_assets.signals import candidate_buyers, discoveries
from intent_assets.tables import SCORED_BUYERS
from tests import plain_scoring, scoring_worlds
from tests.scoring_worlds import AS_OF, Row

SEEDS = st.integers(0, 10**9)
RANK_KEYS = ("buyer_id", "rank", "score", "signals", "role", *FACTORS)
quickly = settings(max_examples=30, deadline=None, derandomize=True, database=None)


def strategy_of(world: Row) -> SearchStrategy:
    return SearchStrategy(**{name: tuple(words) for name, words in world["strategy"].items()})


def wire(world: Row, weights: Weights | None = None, **more: Any) -> Ranking:
    as_of = date.fromisoformat(world["as_of"])
    return ranking(
        world["searches"], world["buyers"], strategy_of(world), weights=weights or Weights(), as_of=as_of, **more
    )


def ranked(world: Row, weights: Weights | None = None, **more: Any) -> list[Row]:
    rows: list[Row] = wire(world, weights, **more).table.to_pylist()
    return rows


def world_of(*rows: Row, buyers: tuple[Row, ...] = (), types: tuple[str, ...] = (), words: tuple[str, ...] = ()) -> Row:
    return {
        "as_of": AS_OF.isoformat(),
        "strategy": {"buyer_types": types, "primary_keywords": words},
        "searches": [[{"id": f"o{number}", "title": "T", **row} for number, row in enumerate(rows)]],
        "buyers": list(buyers),
    }


def days(number: int) -> str:
    return (AS_OF + timedelta(days=number)).isoformat()


def rfp(buyer: str, due: int | None = 10, **fields: Any) -> Row:
    return {"type": "Selling", "buyerId": buyer, "dueDate": None if due is None else days(due), **fields}


def meeting(buyer: str, posted: int = -10, **fields: Any) -> Row:
    return {"type": "BoardMeeting", "buyerId": buyer, "postedDate": days(posted), **fields}


def contract(buyer: str, until: int, **fields: Any) -> Row:
    return {"type": "Contract", "buyerId": buyer, "untilDate": days(until), **fields}


def one(rows: list[Row], buyer: str) -> Row:
    return next(row for row in rows if row["buyer_id"] == buyer)


@pytest.mark.parametrize("part", range(4))
def test_agrees_with_the_plain_implementation(part: int) -> None:
    for seed in range(part * 250, part * 250 + 250):
        world = scoring_worlds.world(seed)
        expected = [tuple(row[key] for key in RANK_KEYS) for row in plain_scoring.rank(world)]
        assert [tuple(row[key] for key in RANK_KEYS) for row in ranked(world)] == expected, f"world {seed}"


def test_agrees_with_the_plain_implementation_on_a_large_world() -> None:
    draw = random.Random(7)
    names = [f"b{number}" for number in range(400)]
    world = scoring_worlds.world(7)
    world["searches"] = [
        [scoring_worlds.opportunity(draw, f"o{draw.randrange(3000)}", names) for _ in range(1200)] for _ in range(4)
    ]
    world["strategy"] = {"buyer_types": ["School", "City"], "primary_keywords": list(scoring_worlds.PHRASES)}
    expected = [tuple(row[key] for key in RANK_KEYS) for row in plain_scoring.rank(world)]
    assert [tuple(row[key] for key in RANK_KEYS) for row in ranked(world)] == expected


@quickly
@given(SEEDS, st.booleans(), st.sampled_from([None, 1]))
def test_json_text_gives_the_same_as_its_objects(seed: int, ascii_only: bool, indent: int | None) -> None:
    world = scoring_worlds.world(seed)
    for rows in [*world["searches"], world["buyers"]]:
        rows += [None, 5, "text", ["id", "o1"]]
    found = wire(world)

    def text(row: Any) -> Raw:
        return Raw(json.dumps(row, ensure_ascii=ascii_only, indent=indent).encode())

    in_text = {
        **world,
        "searches": [list(map(text, rows)) for rows in world["searches"]],
        "buyers": list(map(text, world["buyers"])),
    }
    read = wire(in_text)
    assert read.table.equals(found.table)
    assert read[1:] == found[1:]


@pytest.mark.parametrize(
    "text",
    [
        b'{"id": "o1", "buyerId": "b1", "type": "Contract", "summary": "\\ud800", "title": "Police"}',
        b'{"id": "o1", "buyerId": "b1", "type": "Contract", "summary": NaN, "title": "Police"}',
        b'{"id": "o1", "buyerId": "b1", "type": "Contract", "summary": "\xff", "title": "Police"}',
        b'{"id": "o1", "buyerId": "b1", "type": "Contract", "logo": "\xff", "title": "\xff Police"}',
        b'{"id": "o1", "buyerId": "b1", "type": "Contract", "logo": 1e999, "title": "Police \\u00e9"}',
        b'{"i\\u0064": "o1", "buyerId": "b1", "type": "Contract", "title": "\\u0050olice"}',
        b'{"id": "o0", "id": "o1", "buyerId": "b1", "type": "Contract", "title": "\\"Police\\" null"}',
    ],
)
def test_odd_json_text_costs_only_itself(text: bytes) -> None:
    good = Raw(b'{"id": "o2", "buyerId": "b2", "type": "Contract", "title": null, "summary": "records"}')
    world = world_of(words=("police records null",))
    world["searches"] = [[Raw(b"{"), good, Raw(text), good]]
    result = wire(world)
    rows = {row["buyer_id"]: row for row in result.table.to_pylist()}
    police = 2 if b"null" in text else 1
    assert (
        rows["b1"]["reason"].startswith(f"{police} of 3 keywords")
        or f"; {police} of 3 keywords" in rows["b1"]["reason"]
    )
    assert "1 of 3 keywords" in rows["b2"]["reason"]
    assert (result.unreadable_rows, len(rows)) == (1, 2)


@quickly
@given(SEEDS)
def test_frames_give_the_same_as_wire_records(seed: int) -> None:
    world = scoring_worlds.world(seed)
    searches = [(f"search {number}", rows) for number, rows in enumerate(world["searches"])]
    found = discoveries(searches, AS_OF).frame
    candidates = candidate_buyers(found, [("buyers", world["buyers"])], AS_OF)
    scored = scored_buyers(found, candidates, strategy_of(world), weights=Weights(), as_of=AS_OF)
    pd.testing.assert_frame_equal(scored, frames.frame(ranked(world), SCORED_BUYERS))
    data = frames.to_parquet_bytes(scored)
    pd.testing.assert_frame_equal(frames.from_parquet_bytes(data, SCORED_BUYERS), scored)
    again = scored_buyers(found, candidates, strategy_of(world), weights=Weights(), as_of=AS_OF)
    assert frames.to_parquet_bytes(again) == data


def plain_world(seed: int) -> Row:
    """Return a world whose copies do not conflict."""
    world = scoring_worlds.world(seed)
    firsts: Row = {}
    for search in world["searches"]:
        search[:] = [firsts.setdefault(str(row.get("id")).strip(), row) for row in search]
    return world


@quickly
@given(SEEDS)
def test_order_does_not_matter(seed: int) -> None:
    world, draw = plain_world(seed), random.Random(seed)
    before = ranked(world)
    for rows in (*world["searches"], world["searches"], world["buyers"]):
        draw.shuffle(rows)
    world["searches"] = [[dict(reversed(row.items())) for row in search] for search in world["searches"]]
    assert ranked(world) == before


@quickly
@given(SEEDS)
def test_duplicates_change_nothing(seed: int) -> None:
    world, draw = scoring_worlds.world(seed), random.Random(seed)
    before = ranked(world)
    for search in list(world["searches"]):
        again = [dict(row) for row in search if draw.random() < 0.5]
        world["searches"].append(again)
    world["buyers"] += [dict(row) for row in world["buyers"] if draw.random() < 0.5]
    assert ranked(world) == before


@quickly
@given(SEEDS)
def test_closed_rfp_never_raises_urgency(seed: int) -> None:
    world = scoring_worlds.world(seed)
    before = {row["buyer_id"]: row["urgency"] for row in ranked(world)}
    closed = rfp("b0", due=-1, status="Active", postedDate=days(-1), untilDate=days(5))
    world["searches"].append([{"id": "closed", **closed}])
    after = {row["buyer_id"]: row["urgency"] for row in ranked(world)}
    assert after == {"b0": 0.0} | before


@quickly
@given(SEEDS, st.floats(min_value=0.01, max_value=1e15))
def test_more_money_never_lowers_the_own_score(seed: int, more: float) -> None:
    world = plain_world(seed)
    rows = [row for search in world["searches"] for row in search if "id" in row]
    if not rows:
        return
    row = rows[0]
    before = {row["buyer_id"]: row["score"] for row in ranked(world)}
    amount = plain_scoring.amount_of(row.get("purchaseAmount")) or 0.0
    row["purchaseAmount"] = amount + more
    after = {row["buyer_id"]: row["score"] for row in ranked(world)}
    buyer = plain_scoring.text_of(row.get("buyerId"))
    assert buyer not in before or after[buyer] >= before[buyer]


@quickly
@given(SEEDS, st.sampled_from(FACTORS))
def test_weight_of_one_makes_the_factor_the_score(seed: int, factor: str) -> None:
    only = Weights(**{name: float(name == factor) for name in FACTORS})
    for row in ranked(scoring_worlds.world(seed), only):
        assert row["score"] == round(row[factor], 6)


@quickly
@given(SEEDS, st.lists(st.integers(0, 50), min_size=6, max_size=6).filter(any))
def test_score_is_the_weighted_sum(seed: int, parts: list[int]) -> None:
    shares = [part / sum(parts) for part in parts]
    weights = Weights(**dict(zip(FACTORS, shares, strict=True)))
    for row in ranked(scoring_worlds.world(seed), weights):
        assert all(0 <= row[name] <= 1 for name in FACTORS)
        total = math.fsum(share * row[name] for name, share in zip(FACTORS, shares, strict=True))
        assert row["score"] == pytest.approx(total, abs=6e-7)


@quickly
@given(
    SEEDS,
    st.sampled_from(
        ["title", "summary", "status", "postedDate", "dueDate", "untilDate", "purchaseAmount", "buyerType", "buyerTags"]
    ),
    st.sampled_from([{}, False, {"a": [1]}, math.nan]),
)
def test_unreadable_field_costs_only_itself(seed: int, field: str, garbage: Any) -> None:
    world = plain_world(seed)
    rows = {id(row): row for search in world["searches"] for row in search}
    for row in list(rows.values())[:3]:
        row[field] = None
    without = ranked(world)
    for row in list(rows.values())[:3]:
        row[field] = garbage
    assert ranked(world) == without


@pytest.mark.parametrize(
    ("rows", "order", "reason"),
    [
        ([meeting("a"), meeting("b"), meeting("b", -400)], ["b", "a"], "more signals at equal recency"),
        ([meeting("a", -20), meeting("b", -10)], ["b", "a"], "newer"),
        (
            [meeting("a", 30), meeting("b", 0)],
            ["a", "b"],
            "a future event has age 0, and the later date breaks the tie",
        ),
        ([meeting("a", -365), {**meeting("b"), "postedDate": None}], ["a", "b"], "a date stands before none"),
        ([rfp("b"), rfp("a"), rfp("B")], ["B", "a", "b"], "else the identifier, letter by letter"),
        ([contract("a", 200), contract("b", 100)], ["b", "a"], "less time left is more urgent"),
        ([contract("a", 1), rfp("b")], ["b", "a"], "an open RFP is more urgent than any contract"),
        ([{**contract("a", 1), "type": "StrategicPlan"}, contract("b", 364)], ["b", "a"], "no plan is urgent"),
    ],
)
def test_order(rows: list[Row], order: list[str], reason: str) -> None:
    assert [row["buyer_id"] for row in ranked(world_of(*rows))] == order, reason


@pytest.mark.parametrize(
    ("rows", "roles", "reason"),
    [
        ([], {"alone": None}, "no signal, no report"),
        ([meeting("a")], {"a": "featured", "alone": None}, "without a signal no buyer is secondary"),
        (
            [contract("a", -1, postedDate=days(0)), meeting("b", -300)],
            {"a": "secondary", "b": "featured", "alone": None},
            "the first whose signals are not all finished",
        ),
        (
            [rfp("a", -1, postedDate=days(0)), rfp("b", -1)],
            {"a": "featured", "b": "secondary", "alone": None},
            "if all are finished, the first",
        ),
        (
            [meeting(name, -number) for number, name in enumerate("abcdefg")],
            {"a": "featured", **dict.fromkeys("bcde", "secondary"), "f": None, "g": None, "alone": None},
            "four others",
        ),
    ],
)
def test_selection(rows: list[Row], roles: dict[str, str | None], reason: str) -> None:
    found = ranked(world_of(*rows, buyers=({"buyerId": "alone", "type": "City"},)))
    assert {row["buyer_id"]: row["role"] for row in found} == roles, reason


def test_number_of_secondary_buyers_and_days_are_settings() -> None:
    world = world_of(meeting("a", -5), meeting("b", -50), meeting("c", -51), contract("d", 60))
    found = ranked(world, secondary_buyers=2, recency_days=50, expiring_days=59)
    assert [row["role"] for row in found].count("secondary") == 2
    assert {row["buyer_id"]: row["recency"] for row in found} == {"a": 0.9, "b": 0.0, "c": 0.0, "d": 0.0}
    assert one(found, "d")["urgency"] == 0


@pytest.mark.parametrize(
    ("fields", "match", "reason"),
    [
        ({"buyerType": "UndergraduateInstitution, HigherEducation"}, 1, "one of several words"),
        ({"buyerType": "highereducation"}, 1, "case is ignored"),
        ({"buyerType": "HigherEducationAgency"}, 0, "a longer word"),
        ({"buyerTags": ["R1", " HigherEducation "]}, 1, "a tag of a list"),
        ({"buyerTags": "R1,HigherEducation"}, 1, "a tag of a text"),
        ({"parentBuyerType": "HigherEducation"}, 0, "the parent's type is not the buyer's"),
        ({"type": "HigherEducation"}, 0, "the opportunity's type is not the buyer's"),
        ({}, 0, "no type"),
    ],
)
def test_type_match(fields: Row, match: float, reason: str) -> None:
    world = world_of({**meeting("a"), **fields}, types=("Library", "HigherEducation"))
    assert one(ranked(world), "a")["type_match"] == match, reason


@pytest.mark.parametrize(
    ("phrases", "words"),
    [
        (["Student Success", "success for the students"], ("student", "students", "success")),
        (["K-12 and k12, ERP/SIS with a CRM"], ("crm", "erp", "k12", "sis")),
        (["Straßen_und_Brücken", "L'école"], ("brücken", "straßen", "und", "école")),
        (["AND", "", "of", "42"], ()),
    ],
)
def test_keywords(phrases: list[str], words: tuple[str, ...]) -> None:
    assert keywords(phrases) == words


def test_keyword_is_a_whole_word_of_title_or_summary() -> None:
    texts: dict[str, Row] = {
        "title": {"title": "The POLICE, records"},
        "summary": {"summary": "x\npolice-records"},
        "longer": {"title": "policeman", "summary": "recordspolice"},
        "spread": {"title": "poli", "summary": "ce"},
        "accent": {"title": "école police_ éécole"},
        "number": {"title": 911},
    }
    world = world_of(*({**meeting(name), **fields} for name, fields in texts.items()), words=("police école 911",))
    hits = {row["buyer_id"]: row["keyword_hits"] for row in ranked(world)}
    assert hits == {"title": 0.5, "summary": 0.5, "longer": 0, "spread": 0, "accent": 1, "number": 0.5}


@pytest.mark.parametrize(
    ("keyword", "title", "held"),
    [
        ("ΟΔΟΣ", "Η ΟΔΟΣ 5", True),
        ("οδοσ", "η οδος", False),
        ("straße", "STRASSE", False),
        ("istanbul", "İstanbul", False),
        ("kelvin", "\u212aELVIN", True),
        ("école", "L'ÉCOLE", True),
        ("police", "“Police” – naïve", True),
        ("police", "police\u0301", True),
        ("police", "policeé", False),
    ],
)
def test_keyword_is_compared_in_lower_case_of_any_script(keyword: str, title: str, held: bool) -> None:
    world = world_of(meeting("a", title=title), words=(keyword,))
    assert ranked(world)[0]["keyword_hits"] == held
    assert plain_scoring.rank(world)[0]["keyword_hits"] == held


REASONS = [
    (
        [
            rfp("a", 109, postedDate=days(-256), title="Student police", purchaseAmount=None),
            *[meeting("a", -300) for _ in range(2)],
            contract("a", 400, purchaseAmount="$2.3 million"),
            meeting("b"),
        ],
        "a",
        (
            "4 signals (no buyer has more); 1 open RFP (bids due 12 March 2027); largest amount $2,300,000; "
            "2 of 3 keywords; latest event 12 March 2026"
        ),
    ),
    ([rfp("a", 5), rfp("a", 3), meeting("a", 2)], "a", "2 open RFPs (first bids due 26 November 2026)"),
    ([rfp("a", None, status="Active", postedDate=days(0))], "a", "1 open RFP (no due date)"),
    ([meeting("a", 10)], "a", "next event 3 December 2026"),
    ([meeting("a"), meeting("a"), meeting("b")], "b", "1 signal (the most of any buyer: 2)"),
    ([contract("a", 39)], "a", "contract ends 1 January 2027 (in 39 days)"),
    ([{**contract("a", 1), "type": "PurchaseOrder"}], "a", "purchase ends 24 November 2026 (in 1 day)"),
    ([contract("a", 9, purchaseAmount=1234.5)], "a", "largest amount $1,234.50"),
    ([rfp("a", -1)], "a", "featured although its signals are all closed or expired, as are those of all others"),
    ([rfp("a", -1)], "a", "all signals closed or expired"),
    ([meeting("a")], "alone", "type City is sought; no signals"),
]


@pytest.mark.parametrize(("rows", "buyer", "words"), REASONS)
def test_reason_names_what_counts(rows: list[Row], buyer: str, words: str) -> None:
    world = world_of(
        *rows, buyers=({"buyerId": "alone", "type": "city"},), types=("City",), words=("student police x25",)
    )
    assert words in one(ranked(world), buyer)["reason"]


@pytest.mark.parametrize(
    ("silent", "finished", "said"),
    [
        (1, 0, "rank 1 has no signals"),
        (2, 0, "ranks 1 to 2 have no signals"),
        (0, 2, "ranks 1 to 2 have only closed or expired signals"),
        (2, 1, "ranks 1 to 3 have no signals (2) or only closed or expired ones (1)"),
    ],
)
def test_reason_says_why_a_lower_rank_is_featured(silent: int, finished: int, said: str) -> None:
    only_types = Weights(**{name: float(name == "type_match") for name in FACTORS})
    closed = [rfp(f"f{number}", -1, buyerType="City") for number in range(finished)]
    listed = tuple({"buyerId": f"s{number}", "type": "City"} for number in range(silent))
    world = world_of(*closed, meeting("x", -500), buyers=listed, types=("City",))
    row = one(ranked(world, only_types), "x")
    assert (row["role"], row["rank"]) == ("featured", silent + finished + 1)
    assert row["reason"].endswith(f"featured because {said}")


def test_factor_without_weight_is_no_reason() -> None:
    weights = Weights(**{name: float(name == "recency") for name in FACTORS})
    assert (
        one(ranked(world_of(rfp("a", postedDate=days(0))), weights), "a")["reason"] == "latest event 23 November 2026"
    )


def test_no_candidates_no_rows() -> None:
    world = world_of()
    assert ranked(world) == []
    found = discoveries([], AS_OF).frame
    empty = scored_buyers(found, candidate_buyers(found, [], AS_OF), strategy_of(world), weights=Weights(), as_of=AS_OF)
    assert list(empty.columns) == list(SCORED_BUYERS)
    assert empty.empty
