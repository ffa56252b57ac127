"""The reply sensor: one run for each reply, told of at once, nothing lost between a tick and a launch."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import dagster as dg
import pytest

from intent_assets.intake.inbox import Inbox
from intent_assets.resources.inbox import InboxResource
from intent_assets.sandbox.faults import Fault
from intent_assets.sandbox.server import Sandbox
from intent_assets.sensors.replies import reply_sensor
from tests.outgoing import a_reply, outgoing_sandbox
from tests.sensors.graph import job, resources, run

# Dagster asks a resource that has no fields for pydantic's old `__fields__`.
pytestmark = pytest.mark.filterwarnings("ignore:The `__fields__` attribute is deprecated")

SENSOR = reply_sensor(job)


@pytest.fixture
def outside(clean_environment: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    monkeypatch.setenv("INTENT_SENSOR_WAIT", "0")
    with outgoing_sandbox(monkeypatch) as running:
        yield running


@pytest.fixture
def inbox(outside: Sandbox) -> Inbox:
    return InboxResource().open()


class Ticks:
    """Ticks of the sensor, each with the cursor of the one before."""

    def __init__(self, instance: dg.DagsterInstance) -> None:
        self.instance = instance
        self.cursor: str | None = None

    def tick(self) -> dg.SensorResult:
        with dg.build_sensor_context(self.instance, cursor=self.cursor, resources=resources()) as context:
            result = SENSOR(context)
            self.cursor = context.cursor
        if isinstance(result, dg.SkipReason):
            return dg.SensorResult(skip_reason=result)
        assert isinstance(result, dg.SensorResult)
        return result


def put_after_a_while(inbox: Inbox) -> None:
    time.sleep(0.5)
    inbox.put(a_reply(1))


def said(result: dg.SensorResult) -> str:
    assert result.skip_reason is not None
    return str(result.skip_reason.skip_message)


def requested(result: dg.SensorResult) -> list[str]:
    return [request.tags["intent/reply"] for request in result.run_requests or []]


def test_a_reply_gets_its_partition_its_run_and_its_notice(
    outside: Sandbox, inbox: Inbox, instance: dg.DagsterInstance
) -> None:
    reply = a_reply(1, tier=3)
    inbox.put(reply)
    result = Ticks(instance).tick()
    [request] = result.run_requests or []
    assert request.partition_key == "vmock.example"
    assert request.run_key == f"{reply.reply_id}:1"
    assert request.run_config == {"ops": {"reply": {"config": {"reply_id": reply.reply_id}}}}
    assert {key: value for key, value in request.tags.items() if key.startswith("intent/")} == {
        "intent/reply": reply.reply_id,
        "intent/revision": "1",
        "intent/campaign": "camp_17",
        "intent/tier": "3",
    }
    [added] = result.dynamic_partitions_requests or []
    assert (added.partitions_def_name, added.partition_keys) == ("domains", ["vmock.example"])
    [notice] = outside.service("clay").notices
    assert (notice["event"], notice["run_id"], notice["reply"]["reply_id"]) == ("reply.accepted", "", reply.reply_id)


def test_a_reply_is_taken_only_when_its_run_is_there(
    outside: Sandbox, inbox: Inbox, instance: dg.DagsterInstance
) -> None:
    inbox.put(a_reply(1))
    ticks = Ticks(instance)
    [request] = ticks.tick().run_requests or []
    [again] = ticks.tick().run_requests or []
    assert request.run_key == again.run_key
    assert inbox.counts()["pending"] == 1
    run(instance, request)
    result = ticks.tick()
    assert requested(result) == []
    assert "1 replies have their runs" in said(result)
    assert inbox.counts()["taken"] == 1
    assert len(outside.service("clay").notices) == 1


def test_the_same_reply_twice_is_one_run_also_when_the_first_failed(inbox: Inbox, instance: dg.DagsterInstance) -> None:
    inbox.put(a_reply(13))
    ticks = Ticks(instance)
    [request] = ticks.tick().run_requests or []
    assert run(instance, request).status is dg.DagsterRunStatus.FAILURE
    assert requested(ticks.tick()) == []
    inbox.put(a_reply(13))
    assert requested(ticks.tick()) == []


def test_a_reply_that_a_command_runs_gets_no_second_run(inbox: Inbox, instance: dg.DagsterInstance) -> None:
    inbox.put(a_reply(1))
    tags = {"intent/reply": a_reply(1).reply_id}
    run(instance, dg.RunRequest(partition_key="vmock.example", tags=tags))
    assert requested(Ticks(instance).tick()) == []


def test_a_reply_that_is_put_back_gets_a_run_under_a_new_key(inbox: Inbox, instance: dg.DagsterInstance) -> None:
    inbox.put(a_reply(1))
    ticks = Ticks(instance)
    [first] = ticks.tick().run_requests or []
    run(instance, first)
    ticks.tick()
    inbox.again(a_reply(1).reply_id)
    [second] = ticks.tick().run_requests or []
    assert second.run_key == f"{a_reply(1).reply_id}:2"
    run(instance, second)
    assert requested(ticks.tick()) == []
    assert inbox.counts() == {"pending": 0, "taken": 1, "damaged": 0, "refused": 0}


def test_known_partitions_are_not_added_again(inbox: Inbox, instance: dg.DagsterInstance) -> None:
    instance.add_dynamic_partitions("domains", ["vmock.example"])
    inbox.put(a_reply(1))
    inbox.put(a_reply(2, "other.example"))
    inbox.put(a_reply(3, "other.example"))
    [added] = Ticks(instance).tick().dynamic_partitions_requests or []
    assert added.partition_keys == ["other.example"]


def test_a_tick_reads_some_and_the_next_goes_on_and_round(
    inbox: Inbox, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INTENT_REPLIES_PER_TICK", "2")
    for number in range(5):
        inbox.put(a_reply(number))
    ticks = Ticks(instance)
    results = [ticks.tick() for _ in range(3)]
    assert [[reply_id[-1] for reply_id in requested(result)] for result in results] == [["0", "1"], ["2", "3"], ["4"]]
    for result in results:
        for request in result.run_requests or []:
            run(instance, request)
    for _ in range(4):
        assert requested(ticks.tick()) == []
    assert inbox.counts()["taken"] == 5


def test_it_says_why_it_skipped_and_garbage_blocks_nothing(inbox: Inbox, instance: dg.DagsterInstance) -> None:
    ticks = Ticks(instance)
    assert "0 pending, 0 taken" in said(ticks.tick())
    inbox.put(a_reply(1))
    (inbox.folder / "pending" / "0000.json").write_text("garbage")
    assert len(requested(ticks.tick())) == 1
    inbox.taken(a_reply(1).reply_id)
    assert "1 damaged" in said(ticks.tick())


def test_a_clay_that_is_down_holds_up_no_run(outside: Sandbox, inbox: Inbox, instance: dg.DagsterInstance) -> None:
    outside.faults.add(Fault(service="clay", kind="status", status=500))
    inbox.put(a_reply(1))
    assert len(requested(Ticks(instance).tick())) == 1


def test_it_works_without_any_key(
    clean_environment: None, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INTENT_SENSOR_WAIT", "0")
    InboxResource().open().put(a_reply(1))
    assert len(requested(Ticks(instance).tick())) == 1


def test_a_reply_that_comes_while_the_tick_watches_is_seen_at_once(
    inbox: Inbox, instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INTENT_SENSOR_WAIT", "20")
    with ThreadPoolExecutor(1) as pool:
        started = time.monotonic()
        putting = pool.submit(put_after_a_while, inbox)
        assert len(requested(Ticks(instance).tick())) == 1
        assert time.monotonic() - started < 8
        putting.result()
