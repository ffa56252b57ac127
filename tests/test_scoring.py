"""The ranking is the contract's, for any world, in whatever form its records come."""

import json
import math
import random
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import Raw

from intent_assets import frames
from intent_assets.scoring import scored_buyers
from intent_assets.scoring_factors import FACTORS
from intent_assets.settings import Weights
from intent_assets.signals import candidate_buyers, discoveries
from intent_assets.tables import SCORED_BUYERS
from tests import plain_scoring, scoring_worlds
from tests.scoring_rows import days, ranked, rfp, strategy_of, wire, world_of
from tests.scoring_worlds import AS_OF, Row

SEEDS = st.integers(0, 10**9)
RANK_KEYS = ("buyer_id", "rank", "score", "signals", "role", *FACTORS)
quickly = settings(max_examples=30, deadline=None, derandomize=True, database=None)


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
