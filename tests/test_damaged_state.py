"""Damaged files under INTENT_HOME: a run says which file it is and what to do, and that mends it."""

from pathlib import Path

import pytest

from intent_assets.sandbox.server import Sandbox
from tests.running import intent, make_report

pytestmark = pytest.mark.usefixtures("environment")


def test_a_damaged_value_is_named_and_its_mend_works(sandbox: Sandbox) -> None:
    first = make_report()
    value = Path("home/values/notion_page/vmock.example.json")
    value.write_bytes(b"")

    failed = intent("report", "vmock.example", "--json").json

    # The page of the last report says what is new in this one, so it is read before anything is written.
    assert failed["failed_step"] == "evidence"
    assert str(value) in failed["error"]
    assert "Delete this file" in failed["error"]
    value.unlink()
    resumed = intent("retry", "vmock.example", "--json").json
    assert (resumed["status"], resumed["page_id"]) == ("published", first["page_id"])
    assert len(sandbox.service("notion").store.pages()) == 1


def test_a_damaged_history_stops_a_run_before_anything_is_paid_for(sandbox: Sandbox) -> None:
    history = Path("home/history.duckdb")
    history.write_bytes(b"no database " * 1000)

    failed = make_report()

    assert failed["exit_code"] == 1
    assert "history.duckdb" in failed["error"]
    assert not {"starbridge", "claude", "notion"} & {call.service for call in sandbox.calls}
    assert [notice["event"] for notice in sandbox.service("clay").notices] == ["reply.accepted", "run.failed"]
    history.unlink()
    assert intent("retry", "vmock.example", "--json").json["status"] == "published"
