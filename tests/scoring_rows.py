"""Rows of small worlds by hand, and their ranking."""

from datetime import date, timedelta
from typing import Any

from intent_assets.records import SearchStrategy
from intent_assets.scoring import Ranking, ranking
from intent_assets.settings import Weights
from tests.scoring_worlds import AS_OF, Row


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
