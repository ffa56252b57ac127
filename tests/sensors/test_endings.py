"""Each accepted reply has exactly one ending, whatever became of its runs."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import dagster as dg
import pytest

from intent_assets.notices import cancelled_before_run, ending
from intent_assets.outbox import Outbox
from intent_assets.resources.inbox import InboxResource
from intent_assets.sandbox.server import Sandbox
from intent_assets.sensors import endings
from intent_assets.sensors.endings import missing_endings
from intent_assets.sensors.failures import run_failures
from intent_assets.settings import load_settings
from tests.outgoing import a_checked_report, a_page, a_reply, outgoing_sandbox
from tests.sensors.graph import an_instance, job_of, resources, run

# Dagster asks a resource that has no fields for pydantic's old `__fields__`.
pytestmark = pytest.mark.filterwarnings("ignore:The `__fields__` attribute is deprecated")


@pytest.fixture
def outside(clean_environment: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    monkeypatch.setattr(endings, "GRACE", -60.0)
    with outgoing_sandbox(monkeypatch) as running:
        yield running


def accept(number: int) -> None:
    InboxResource().open().put(a_reply(number), pending=False)


def a_run(instance: dg.DagsterInstance, number: int) -> dg.DagsterRun:
    reply_id = a_reply(number).reply_id
    request = dg.RunRequest(
        partition_key=a_reply(number).domain,
        tags={"intent/reply": reply_id, "intent/revision": "1"},
        run_config={"ops": {"reply": {"config": {"reply_id": reply_id}}}},
    )
    return run(instance, request)


def tick(instance: dg.DagsterInstance, sensor: dg.SensorDefinition) -> str:
    with dg.build_sensor_context(instance, resources=resources()) as context:
        result = sensor(context)
    Outbox.of(load_settings()).drain()
    assert isinstance(result, dg.SkipReason)
    return str(result.skip_message)


def failures(outside: Sandbox) -> list[dict[str, Any]]:
    return [notice for notice in outside.service("clay").notices if notice["event"] == "run.failed"]


def test_a_cancelled_run_is_told_of_once_and_its_resumption_named(
    outside: Sandbox, instance: dg.DagsterInstance
) -> None:
    accept(1)
    waiting = instance.create_run_for_job(
        job_of(instance), tags={"dagster/partition": "vmock.example", "intent/reply": a_reply(1).reply_id}
    )
    instance.report_run_canceled(waiting)
    for sensor in (run_failures, run_failures, missing_endings):
        tick(instance, sensor)
    [notice] = failures(outside)
    assert "cancelled" in notice["error"]
    assert notice["failed_step"] is None
    assert notice["retry"] == f"intent retry {waiting.run_id}"
    assert notice["reply"]["reply_id"] == a_reply(1).reply_id


def test_a_failure_after_the_report_was_told_is_no_second_ending(
    outside: Sandbox, instance: dg.DagsterInstance
) -> None:
    accept(13)
    told = ending(a_checked_report(a_reply(13)), a_page(), run_id="run-1", duration_seconds=1.0)
    Outbox.of(load_settings()).put(told)
    a_run(instance, 13)
    assert "no new failure" in tick(instance, run_failures)
    tick(instance, missing_endings)
    assert failures(outside) == []


def test_a_reply_whose_run_was_deleted_is_told_of_once(outside: Sandbox, instance: dg.DagsterInstance) -> None:
    accept(1)
    accept(2)
    instance.delete_run(a_run(instance, 1).run_id)
    a_run(instance, 2)
    assert "1 of them will get none" in tick(instance, missing_endings)
    assert "0 of them will get none" in tick(instance, missing_endings)
    [notice] = failures(outside)
    assert (notice["run_id"], notice["reply"]["reply_id"]) == (a_reply(1).reply_id,) * 2
    assert "no run any more" in notice["error"]
    assert notice["retry"] == "intent report vmock.example"


def test_a_retry_that_was_deleted_before_it_ran_leaves_a_failure_that_is_told_of(outside: Sandbox) -> None:
    with an_instance(retries=True) as instance:
        accept(13)
        failed = a_run(instance, 13)
        instance.add_run_tags(failed.run_id, {"dagster/auto_retry_run_id": "deleted"})
        tick(instance, run_failures)
        assert failures(outside) == []
        tick(instance, missing_endings)
        assert [notice["run_id"] for notice in failures(outside)] == [failed.run_id]


def test_replies_that_wait_are_new_or_long_gone_are_left_alone(
    outside: Sandbox, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    InboxResource().open().put(a_reply(1))
    accept(2)
    monkeypatch.setattr(endings, "GRACE", 600.0)
    assert tick(instance, missing_endings).startswith("0 replies")
    monkeypatch.setattr(endings, "GRACE", -60.0)
    monkeypatch.setattr(endings, "OLDEST", -30.0)
    assert tick(instance, missing_endings).startswith("0 replies")
    assert failures(outside) == []


def test_a_reply_that_was_told_of_as_cancelled_is_not_told_of_again_when_its_run_fails(
    outside: Sandbox, instance: dg.DagsterInstance
) -> None:
    accept(13)
    cancelled = cancelled_before_run(a_reply(13), by="ana", at=datetime.now(UTC), run_url="http://127.0.0.1:3000/runs")
    Outbox.of(load_settings()).put(cancelled)
    a_run(instance, 13)
    tick(instance, run_failures)
    assert [notice["notice_id"] for notice in failures(outside)] == [cancelled.notice_id]
