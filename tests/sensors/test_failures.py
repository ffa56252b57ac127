"""Runs that failed for good are told of once, with the step, the error without secrets, and how to resume."""

from collections.abc import Iterator
from typing import Any

import dagster as dg
import pytest

from intent_assets.outbox import Outbox
from intent_assets.resources.inbox import InboxResource
from intent_assets.sandbox.faults import Fault
from intent_assets.sandbox.server import Sandbox
from intent_assets.sensors.failures import notify_failure, one_line_error, run_failures
from intent_assets.sensors.notices import waiting_notices
from intent_assets.settings import load_settings
from tests.outgoing import a_reply, outgoing_sandbox
from tests.sensors.graph import an_instance, resources, run

# Dagster asks a resource that has no fields for pydantic's old `__fields__`.
pytestmark = pytest.mark.filterwarnings("ignore:The `__fields__` attribute is deprecated")


@pytest.fixture
def outside(clean_environment: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    with outgoing_sandbox(monkeypatch) as running:
        yield running


def failing_run(instance: dg.DagsterInstance, number: int = 13) -> dg.DagsterRun:
    reply = a_reply(number)
    InboxResource().open().put(reply, pending=False)
    request = dg.RunRequest(
        partition_key=reply.domain,
        tags={"intent/reply": reply.reply_id},
        run_config={"ops": {"reply": {"config": {"reply_id": reply.reply_id}}}},
    )
    return run(instance, request)


def told(outside: Sandbox) -> list[dict[str, Any]]:
    """The notices of failure."""
    return [notice for notice in outside.service("clay").notices if notice["event"] == "run.failed"]


class Ticks:
    """Ticks of the sensor, each with the cursor of the one before."""

    def __init__(self, instance: dg.DagsterInstance) -> None:
        self.instance = instance
        self.cursor: str | None = None

    def tick(self) -> str:
        with dg.build_sensor_context(self.instance, cursor=self.cursor, resources=resources()) as context:
            result = run_failures(context)
            self.cursor = context.cursor
        assert isinstance(result, dg.SkipReason)
        return str(result.skip_message)


def test_a_failed_run_is_told_of_once(outside: Sandbox, instance: dg.DagsterInstance) -> None:
    ticks = Ticks(instance)
    assert "no new failure" in ticks.tick()
    failed = failing_run(instance)
    assert "1 runs failed" in ticks.tick()
    assert "no new failure" in ticks.tick()
    Ticks(instance).tick()
    assert [notice["event"] for notice in outside.service("clay").notices] == ["reply.accepted", "run.failed"]
    [notice] = told(outside)
    assert notice["domain"] == "vmock.example"
    assert notice["run_id"] == failed.run_id
    assert notice["reply"]["reply_id"] == a_reply(13).reply_id
    assert notice["failed_step"] == "reply"
    assert notice["error"].startswith("RuntimeError: no answer from https://api.example/v1/***")
    assert notice["error"].endswith("second line")
    assert notice["run_url"] == f"http://127.0.0.1:3000/runs/{failed.run_id}"
    assert notice["retry"] == f"intent retry {failed.run_id}"
    for secret in ("pw-77", "query-77", "hook-0123456789abcdef"):
        assert secret not in str(notice)


def test_configured_keys_are_masked_however_they_look(
    outside: Sandbox, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATAGEN_API_KEY", "no answer")
    assert notify_failure(instance, failing_run(instance))
    assert "no answer" not in str(outside.service("clay").notices)


def test_runs_that_succeed_are_not_told_of(outside: Sandbox, instance: dg.DagsterInstance) -> None:
    succeeded = failing_run(instance, number=1)
    assert succeeded.is_success
    assert not notify_failure(instance, succeeded)
    Ticks(instance).tick()
    assert outside.service("clay").notices == []


def test_a_run_that_is_retried_is_not_told_of_but_its_last_retry_is(outside: Sandbox) -> None:
    with an_instance(retries=True) as instance:
        first = failing_run(instance)
        assert first.tags["dagster/will_retry"] == "true"
        ticks = Ticks(instance)
        assert "1 failed runs wait for their retry" in ticks.tick()
        assert not notify_failure(instance, first)
        retry = failing_run(instance)
        instance.add_run_tags(first.run_id, {"dagster/auto_retry_run_id": retry.run_id})
        instance.add_run_tags(retry.run_id, {"dagster/will_retry": "false"})
        ticks.tick()
        assert [notice["run_id"] for notice in told(outside)] == [retry.run_id]


def test_a_retry_that_could_not_be_launched_is_a_failure_for_good(outside: Sandbox) -> None:
    with an_instance(retries=True) as instance:
        first = failing_run(instance)
        ticks = Ticks(instance)
        ticks.tick()
        instance.add_run_tags(first.run_id, {"dagster/will_retry": "false"})
        assert "1 runs failed" in ticks.tick()
        assert [notice["run_id"] for notice in told(outside)] == [first.run_id]


def test_a_failure_waits_while_clay_is_down_and_is_delivered_later(
    outside: Sandbox, instance: dg.DagsterInstance
) -> None:
    outside.faults.add(Fault(service="clay", kind="status", status=503))
    failing_run(instance)
    Ticks(instance).tick()
    assert Outbox.of(load_settings()).counts()["waiting"] == 2
    assert "2 wait: Clay" in _drain(instance)
    outside.faults.clear()
    assert _drain(instance) == "2 notices delivered, 0 wait"
    assert _drain(instance) == "no notice waits"
    assert len(told(outside)) == 1


def test_a_run_without_a_reply_is_told_of_and_one_without_a_domain_is_not(
    outside: Sandbox, instance: dg.DagsterInstance
) -> None:
    failed = failing_run(instance)
    without_reply = failed.with_tags({"dagster/partition": "other.example"})
    assert notify_failure(instance, without_reply)
    assert told(outside)[0]["reply"] is None
    assert not notify_failure(instance, failed.with_tags({}))


def test_the_error_is_one_short_line(instance: dg.DagsterInstance) -> None:
    failed = failing_run(instance)
    entries = instance.all_logs(failed.run_id, of_type=dg.DagsterEventType.STEP_FAILURE)
    event = entries[0].dagster_event
    assert event is not None
    line = one_line_error(event)
    assert "\n" not in line
    assert len(line) <= 300


def _drain(instance: dg.DagsterInstance) -> str:
    with dg.build_sensor_context(instance, resources=resources()) as context:
        result = waiting_notices(context)
    assert isinstance(result, dg.SkipReason)
    return str(result.skip_message)
