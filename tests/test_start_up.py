"""A run without the keys that it needs fails at its start and names them; one that calls no service needs none."""

import dagster as dg
import pytest

from intent_assets.definitions import defs
from intent_assets.intake.inbox import Inbox
from intent_assets.resources.inbox import InboxResource
from intent_assets.resources.outbox import OutboxResource
from intent_assets.sandbox.server import Sandbox
from intent_assets.sensors.failures import notify_failure
from intent_assets.settings import REQUIRED, load_settings
from tests.builders import a_reply

pytestmark = pytest.mark.usefixtures("environment")

DOMAIN = "vmock.example"


def materialize(instance: dg.DagsterInstance, *assets: str) -> dg.DagsterRun:
    """Start a run as a sensor or the UI would, of the named assets or of all, and return it when it has ended."""
    instance.add_dynamic_partitions("domains", [DOMAIN])
    result = defs.resolve_job_def("report").execute_in_process(
        instance=instance,
        partition_key=DOMAIN,
        asset_selection=[dg.AssetKey(name) for name in assets] or None,
        raise_on_error=False,
    )
    run = instance.get_run_by_id(result.run_id)
    assert run is not None
    return run


def failure(instance: dg.DagsterInstance, run: dg.DagsterRun) -> str:
    """Return what the run's failure says, causes included."""
    (entry,) = instance.all_logs(run.run_id, of_type=dg.DagsterEventType.RUN_FAILURE)
    assert entry.dagster_event is not None
    error = entry.dagster_event.job_failure_data.error
    assert error is not None
    return error.to_string()


def test_a_run_of_the_whole_graph_names_every_missing_variable_and_calls_nothing(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in REQUIRED:
        monkeypatch.delenv(name)
    with dg.instance_for_test() as instance:
        run = materialize(instance)

        assert run.status is dg.DagsterRunStatus.FAILURE
        assert f"not set: {', '.join(REQUIRED)}." in failure(instance, run)
        assert not instance.all_logs(run.run_id, of_type=dg.DagsterEventType.STEP_START)
    assert sandbox.calls == []


def test_clay_is_told_which_variable_was_missing(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NOTION_PARENT_ID")
    with dg.instance_for_test() as instance:
        assert notify_failure(instance, materialize(instance))

    (notice,) = sandbox.service("clay").notices
    assert notice["failed_step"] is None
    assert "NOTION_PARENT_ID" in notice["error"]
    assert "NOTION_TOKEN" not in notice["error"]


@pytest.mark.parametrize(
    ("asset", "name"),
    [
        ("buyer_intel", "DATAGEN_API_KEY"),
        ("featured_section", "ANTHROPIC_API_KEY"),
        ("notion_page", "NOTION_TOKEN"),
        ("report_notice", "CLAY_WEBHOOK_URL"),
    ],
)
def test_an_asset_by_itself_needs_the_keys_of_its_own_services(
    monkeypatch: pytest.MonkeyPatch, asset: str, name: str
) -> None:
    for other in REQUIRED:
        monkeypatch.delenv(other)
    monkeypatch.setenv("NOTION_PARENT_ID", "0" * 32)
    with dg.instance_for_test() as instance:
        run = materialize(instance, asset)

        assert f"not set: {name}." in failure(instance, run)


@pytest.mark.usefixtures("after_report")
def test_an_asset_that_calls_no_service_needs_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in REQUIRED:
        monkeypatch.delenv(name)
    with dg.instance_for_test() as instance:
        assert materialize(instance, "scored_buyers", "evidence").is_success


def test_a_setting_that_cannot_be_used_stops_the_run_at_its_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTENT_SECONDARY_BUYERS", "many")
    with dg.instance_for_test() as instance:
        run = materialize(instance)

        assert run.status is dg.DagsterRunStatus.FAILURE
        assert "INTENT_SECONDARY_BUYERS" in failure(instance, run)


def test_replies_are_taken_in_although_clay_has_no_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CLAY_WEBHOOK_URL")
    Inbox(load_settings().inbox).put(a_reply(reply_id="r_1"))
    resources = {"inbox": InboxResource(), "outbox": OutboxResource()}
    with dg.instance_for_test() as instance, dg.build_sensor_context(instance, resources=resources) as context:
        tick = defs.resolve_sensor_def("replies")(context)

    assert isinstance(tick, dg.SensorResult)
    assert len(tick.run_requests or ()) == 1
