"""A step that fails by what another try can help with is made again in the same run, and keeps what it has."""

from typing import get_args

import dagster as dg
import pytest

from intent_assets.instance import open_instance
from intent_assets.records import SectionName
from intent_assets.sandbox.faults import Fault
from intent_assets.sandbox.server import Sandbox
from intent_assets.settings import load_settings
from tests.running import make_report


def test_steps_outlast_faults_that_outlast_the_tries_of_a_call(
    environment: dict[str, str], sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INTENT_TRIES", "1")
    monkeypatch.setenv("INTENT_STEP_TRIES", "3")
    sandbox.faults.add(Fault(service="claude", operation="gameplan", kind="status", status=500, times=1))
    sandbox.faults.add(Fault(service="claude", operation="call_to_action", kind="status", status=529, times=2))
    sandbox.faults.add(Fault(service="notion", operation="*", kind="status", status=503, times=2))

    assert make_report("vmock.example", "--tier", "3")["status"] == "published"

    asked = [call.operation for call in sandbox.calls if call.operation in get_args(SectionName)]
    tries = {name: asked.count(name) for name in get_args(SectionName)}
    assert tries == {name: {"gameplan": 2, "call_to_action": 3}.get(name, 1) for name in get_args(SectionName)}
    events = [notice["event"] for notice in sandbox.service("clay").notices]
    assert events == ["reply.accepted", "report.ready"]
    with open_instance(load_settings()) as instance:
        [run] = instance.get_runs()
        again = instance.all_logs(run.run_id, of_type=dg.DagsterEventType.STEP_UP_FOR_RETRY)
    assert {entry.step_key for entry in again} == {"sections", "notion_page"}
