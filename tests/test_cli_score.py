"""`intent score` ranks a file without any service, for people and for machines."""

import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from intent_assets.cli import main
from tests import plain_scoring, scoring_worlds

FACTORS = ("type_match", "signal_count", "recency", "urgency", "dollar_value", "keyword_hits")
KEYS = ["buyer_id", "rank", "score", *FACTORS, "signals", "role", "reason"]
WORLD: dict[str, Any] = {
    "as_of": "2026-11-23",
    "strategy": {"buyer_types": ["HigherEducation"], "primary_keywords": ["student success"]},
    "searches": [
        [
            {"id": "o1", "title": "Student portal", "type": "Selling", "dueDate": "2026-12-01", "buyerId": "b1",
             "buyerName": "\x1b[31mRed\nCollege", "buyerType": "HigherEducation"},
            {"id": "o2", "title": "Fleet", "type": "Contract", "untilDate": "soon", "buyerId": "b2"},
            {"id": "o3", "title": "Nobody's", "type": "Contract"},
        ],
        [{"title": "no id"}],
    ],
    "buyers": [{"buyerId": "b3", "name": "Library", "type": "Library"}],
}  # fmt: skip


class Done(NamedTuple):
    code: int
    out: str
    err: str


Score = Callable[..., Done]


@pytest.fixture
def score(
    tmp_path: Path, clean_environment: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Score:
    """`intent score` over a file `world.json`, which is its standard input, too."""

    def run(content: object, *options: str) -> Done:
        text = (content if isinstance(content, str) else json.dumps(content)).encode()
        (tmp_path / "world.json").write_bytes(text)
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text), encoding="utf-8"))
        monkeypatch.setattr(sys, "argv", ["intent", "score", *options])
        with pytest.raises(SystemExit) as ended:
            main()
        return Done(int(ended.value.code or 0), *capsys.readouterr())

    return run


def test_json_is_a_list_in_rank_order(score: Score) -> None:
    done = score(WORLD, "world.json", "--json")
    assert (done.code, done.err) == (0, "")
    rows = json.loads(done.out)
    assert [list(row) for row in rows] == [KEYS] * 3
    assert [(row["buyer_id"], row["rank"], row["role"]) for row in rows] == [
        ("b1", 1, "featured"),
        ("b2", 2, "secondary"),
        ("b3", 3, None),
    ]
    assert "1 open RFP (bids due 1 December 2026)" in rows[0]["reason"]
    assert score(WORLD, "-", "--json").out == done.out


def test_json_agrees_with_the_plain_implementation(score: Score) -> None:
    world = next(world for world in map(scoring_worlds.world, range(100)) if len(world["searches"]) == 4)
    rows = json.loads(score(world, "world.json", "--json").out)
    expected = [{key: row[key] for key in KEYS[:-1]} for row in plain_scoring.rank(world)]
    assert [{key: row[key] for key in KEYS[:-1]} for row in rows] == expected
    assert len(rows) > 1


def test_what_only_some_readers_take_for_json_is_read(score: Score) -> None:
    odd = json.dumps(WORLD).replace('"untilDate": "soon"', '"untilDate": NaN, "summary": "\\ud800"')
    assert score(odd, "world.json", "--json").out == score(WORLD, "world.json", "--json").out


def test_people_see_names_reasons_and_what_was_left_out(score: Score) -> None:
    done = score(WORLD, "world.json")
    assert done.code == 0
    lines = done.out.splitlines()
    assert lines[0].split() == ["1", "0.700000", "featured", "[31mRed", "College"]
    assert "\x1b" not in done.out
    assert len(lines) == 6
    assert done.err.splitlines() == [
        "1 opportunities set aside: they name no buyer",
        "1 rows set aside: no object, or without an id",
        "1 dates that can't be read count as absent",
    ]


def test_settings_count(score: Score, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in FACTORS:
        monkeypatch.setenv(f"INTENT_WEIGHTS__{name.upper()}", str(int(name == "urgency")))
    rows = json.loads(score(WORLD, "world.json", "--json").out)
    assert [row["score"] for row in rows] == [1, 0, 0]
    monkeypatch.setenv("INTENT_WEIGHTS__URGENCY", "0.9")
    wrong = score(WORLD, "world.json")
    assert wrong.code == 1
    assert "sum to 1" in wrong.err


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "not JSON"),
        ("[]", "the whole"),
        ({**WORLD, "as_of": "soon"}, "as_of: Value error, not a date such as 2026-11-23"),
        ({**WORLD, "as_of": 20260101}, "as_of"),
        ({**WORLD, "as_of": "2026-02-30"}, "as_of"),
        ({"strategy": {}}, "as_of: Field required"),
        ({**WORLD, "strategy": {"buyer_types": "City"}}, "strategy.buyer_types"),
        ({**WORLD, "searches": [{"id": "o1"}]}, "searches.0"),
    ],
)
def test_file_that_cannot_be_read_is_said(score: Score, content: object, said: str) -> None:
    done = score(content, "world.json", "--json")
    assert (done.code, done.out) == (1, "")
    assert said in done.err
    assert "Traceback" not in done.err


def test_missing_file_is_said(score: Score) -> None:
    done = score(WORLD, "other.json")
    assert done.code == 1
    assert "other.json: No such file or directory" in done.err


def test_nothing_to_rank(score: Score) -> None:
    nothing: dict[str, Any] = {"as_of": "2026-11-23", "strategy": {}, "searches": None}
    assert json.loads(score(nothing, "world.json", "--json").out) == []
    assert "no buyers in the file" in score(nothing, "world.json").err
