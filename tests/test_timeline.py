"""Where the time of a run went: the calls that all waited for, and the picture of it."""

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from intent_assets.timeline import CallMade, StepMade, as_metadata, from_metadata, timeline, way_to
from intent_assets.timeline_svg import as_svg
from tests.reported import Reported
from tests.running import intent

STRATEGY = CallMade("claude", "strategy", 10.5, 4.0)
SEARCHES = [CallMade("starbridge", "search", 15.0, 3.0), CallMade("starbridge", "search", 15.0, 5.0)]
NOTICE = CallMade("clay", "report.ready", 20.5, 0.5)
CHAT = CallMade("starbridge", "chat", 22.0, 60.0)
STEPS = (
    StepMade("strategy", 10.0, 4.6, "success", (STRATEGY,)),
    StepMade("discoveries", 14.7, 5.5, "success", tuple(SEARCHES)),
    StepMade("report_notice", 20.4, 0.6, "success", (NOTICE,)),
    StepMade("strategic_context", 21.5, 61.0, "success", (CHAT,)),
)


def test_the_way_is_of_the_calls_that_ended_last_before_the_next_began() -> None:
    assert way_to(21.0, [CHAT, *SEARCHES, NOTICE, STRATEGY]) == [STRATEGY, SEARCHES[1], NOTICE]
    assert way_to(5.0, [STRATEGY]) == []


def test_what_is_not_spent_in_calls_of_the_way_is_the_runs_own() -> None:
    found = timeline(STEPS[::-1])

    assert (found.total, found.to_notice, found.called) == (72.5, 11.0, 9.5)
    assert [(row.name, row.calls, row.is_on_way) for row in found.rows] == [
        ("strategy", 0, False), ("claude strategy", 1, True),
        ("discoveries", 0, False), ("starbridge search", 2, True),
        ("report_notice", 0, False), ("clay report.ready", 1, True),
        ("strategic_context", 0, False), ("starbridge chat", 1, False),
    ]  # fmt: skip


def test_a_run_that_came_to_no_notice_is_told_to_its_end() -> None:
    failed = StepMade("report_notice", 20.4, 0.6, "failure")
    found = timeline((*STEPS[:2], failed))
    assert (found.to_notice, found.called) == (None, 9.0)


def test_calls_come_back_from_the_metadata() -> None:
    assert sorted(from_metadata(json.loads(json.dumps(as_metadata([*SEARCHES, STRATEGY]))))) == [STRATEGY, *SEARCHES]


def test_the_picture_is_xml_whatever_the_names() -> None:
    odd = StepMade("<script>&", 0.0, 0.0, "success", (CallMade("a", '"<b>', 0.0, 0.0),))
    root = ET.fromstring(as_svg(timeline([odd]), "Run <1>"))  # noqa: S314 -- our own
    assert any("<script>&" in (text.text or "") for text in root.iter("{http://www.w3.org/2000/svg}text"))


@pytest.mark.usefixtures("environment")
def test_the_command_tells_where_the_time_of_a_run_went(after_report: Reported, tmp_path: Path) -> None:
    run_id = after_report.answer["run_id"]

    told = intent("runs", "--timeline", run_id, "--svg", str(tmp_path / "run.svg"))

    assert told.exit_code == 0, told.error
    for name in ("search_strategy", "starbridge opportunity_search", "sentence_verdict", "notion create_page"):
        assert name in told.stdout
    assert "of its own" in told.stdout
    ET.parse(tmp_path / "run.svg")  # noqa: S314 -- our own
    document = intent("runs", "--timeline", run_id, "--json").json
    assert 0 < document["seconds_in_calls_waited_for"] < document["seconds_to_notice"] < document["total_seconds"]
    assert {row["name"] for row in document["rows"] if row["waited_for"]} >= {"Claude strategy", "clay report.ready"}


@pytest.mark.usefixtures("environment")
def test_what_can_not_be_told_is_said(tmp_path: Path) -> None:
    assert "has no steps of run nothing" in str(intent("runs", "--timeline", "nothing").error)
    assert intent("runs", "--svg", str(tmp_path / "run.svg")).exit_code == 2
