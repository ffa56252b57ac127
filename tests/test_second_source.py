"""Signals of two sources in one table: one definition, the source kept, no buyer guessed."""

from datetime import date
from typing import Any

import pytest

from intent_assets.evidence_drafts import rows
from intent_assets.grounding import check_report
from intent_assets.records import SearchStrategy
from intent_assets.rendering.markdown import report_markdown, text_hash
from intent_assets.scoring import scored_buyers
from intent_assets.second_source import both_sources
from intent_assets.settings import Weights
from intent_assets.signals import candidate_buyers
from tests.assembled import a_report
from tests.builders import a_signal, signals_frame, some_signals

AS_OF = date(2026, 11, 23)
Row = dict[str, Any]


def opportunity(key: str, **changes: Any) -> Row:
    return {"id": key, "title": "Career platform", "type": "Selling", "dueDate": "2026-12-12", "buyerId": "b1",
            "buyerName": "One"} | changes  # fmt: skip


def by_id(own: list[Row], *found: Row) -> dict[str, Row]:
    frame = both_sources([("primary_keywords", found)], own, AS_OF).frame
    return {row["signal_id"]: row for row in rows(frame)}


def test_each_signal_keeps_its_source() -> None:
    signals = by_id([opportunity("sb-1", buyerId="b2")], opportunity("o1"))
    assert {key: (row["source"], row["searches"]) for key, row in signals.items()} == {
        "o1": ("starbridge", "primary_keywords"), "sb-1": ("supabase", "supabase"),
    }  # fmt: skip
    assert {row["state"] for row in signals.values()} == {"open"}


def test_a_signal_of_both_sources_is_one() -> None:
    signals = by_id([opportunity("o1", buyerName=None)], opportunity("o1"))
    assert list(signals) == ["o1"]
    assert (signals["o1"]["source"], signals["o1"]["searches"]) == ("starbridge", "primary_keywords,supabase")


@pytest.mark.parametrize("nobody", [None, ""])
def test_a_signal_without_a_buyer_is_kept_and_attributed_to_nobody(nobody: str | None) -> None:
    signals = by_id([opportunity("sb-1", buyerId=nobody), opportunity("sb-2", buyerId=nobody)], opportunity("o1"))
    assert {key: row["buyer_id"] for key, row in signals.items()} == {"o1": "b1", "sb-1": None, "sb-2": None}


def test_a_copy_without_a_buyer_never_takes_the_buyer_away() -> None:
    fuller = opportunity("o1", buyerId=None, summary="S", status="Available", postedDate="2026-11-01")
    signals = by_id([fuller], opportunity("o1"))
    assert signals["o1"]["buyer_id"] == "b1"


def test_it_is_scored_by_the_same_definition() -> None:
    searches = [("primary_keywords", [opportunity("o1"), opportunity("o2", buyerId="b2", buyerName="Two")])]
    strategy = SearchStrategy(primary_keywords=("career",))

    def scores(own: list[Row], of_starbridge: list[tuple[str, list[Row]]]) -> list[Any]:
        frame = both_sources(of_starbridge, own, AS_OF).frame
        placed = frame[frame["buyer_id"].notna()]
        scored = scored_buyers(placed, candidate_buyers(placed, [], AS_OF), strategy, weights=Weights(), as_of=AS_OF)
        return [scored["buyer_id"].tolist(), scored["score"].tolist(), scored["signals"].tolist()]

    more = opportunity("x", buyerId="b2", buyerName="Two")
    nobody = opportunity("y", buyerId=None)
    assert scores([more, nobody], searches) == scores([], [("primary_keywords", [*searches[0][1], more])])


def test_without_a_second_source_nothing_changes() -> None:
    assert by_id([], opportunity("o1"))["o1"]["searches"] == "primary_keywords"


def test_the_report_lists_signals_without_a_buyer_apart() -> None:
    unplaced = a_signal(
        "sb-1", buyer_id=None, buyer_name=None, buyer_website=None, source="supabase", title="Bids for fleet software"
    )
    report, facts = a_report(discoveries=signals_frame([*some_signals(), unplaced]))
    verdict = check_report(report, facts, text_hash(report))
    assert [(each.quote, each.reason) for each in verdict.findings] == []
    text = report_markdown(report)
    assert "Bids for fleet software" in text.partition("Signals without a buyer")[2]
    assert "Bids for fleet software" not in text.partition("Signals without a buyer")[0]
    assert "sb-1" in report.signal_ids
