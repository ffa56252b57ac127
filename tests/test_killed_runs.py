"""A command that is stopped or killed leaves a run that is known as failed, and that can be resumed."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg
import duckdb
import pytest

from intent_assets.instance import open_instance
from intent_assets.resources.inbox import InboxResource
from intent_assets.resources.outbox import OutboxResource
from intent_assets.sandbox.faults import Fault
from intent_assets.sandbox.server import Sandbox
from intent_assets.sensors.failures import run_failures
from intent_assets.settings import load_settings
from tests.running import PRODUCT, intent

DOMAIN = "vmock.example"


def notices(sandbox: Sandbox) -> list[str]:
    return [notice["event"] for notice in sandbox.service("clay").notices]


def runs() -> list[tuple[str, ...]]:
    with duckdb.connect("home/history.duckdb", read_only=True) as connection:
        return connection.execute("SELECT status, error FROM runs ORDER BY started_at").fetchall()


@contextmanager
def a_report_that_hangs(sandbox: Sandbox) -> Iterator["subprocess.Popen[str]"]:
    """Start `intent report` in a process of its own and wait until it stands in the searches."""
    sandbox.faults.add(Fault(service="starbridge", operation="opportunity_search", kind="hang", seconds=60))
    command = [sys.executable, "-m", "intent_assets.cli", "report", DOMAIN, "--product", PRODUCT]
    environment = {**os.environ, "PYTHONWARNINGS": "ignore"}
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        try:
            assert any("search_strategy" in line for line in process.stderr)
            yield process
        finally:
            process.kill()
            sandbox.faults.clear()


@pytest.mark.usefixtures("environment")
def test_a_killed_run_is_resumed_and_told_of(sandbox: Sandbox) -> None:
    with a_report_that_hangs(sandbox) as process:
        process.kill()
        process.wait(20)
    strategies = sum(call.service == "claude" for call in sandbox.calls)

    resumed = intent("retry", DOMAIN, "--json")

    assert resumed.json["status"] == "published"
    assert "had been killed" in resumed.stderr
    assert notices(sandbox) == ["reply.accepted", "run.failed", "report.ready"]
    assert "killed" in sandbox.service("clay").notices[1]["error"]
    assert [status for status, _ in runs()] == ["failure", "success"]
    prompts = [call for call in sandbox.calls if call.service == "claude"]
    assert strategies == 1
    assert len(sandbox.service("notion").store.pages()) == 1
    assert len(prompts) > strategies


@pytest.mark.usefixtures("environment")
def test_a_new_report_after_a_killed_one_leaves_no_run_that_never_ends(sandbox: Sandbox) -> None:
    with a_report_that_hangs(sandbox) as process:
        process.kill()
        process.wait(20)

    assert intent("report", DOMAIN, "--product", PRODUCT, "--json").json["status"] == "published"

    with open_instance(load_settings()) as instance:
        assert {run.status.value for run in instance.get_runs()} == {"FAILURE", "SUCCESS"}
    assert notices(sandbox) == ["reply.accepted", "run.failed", "report.ready"]


@pytest.mark.usefixtures("environment")
def test_a_run_that_is_at_work_is_left_alone_and_one_that_was_killed_is_found_by_the_sensor(sandbox: Sandbox) -> None:
    resources = {"inbox": InboxResource(), "outbox": OutboxResource()}
    with a_report_that_hangs(sandbox) as process, open_instance(load_settings()) as instance:
        for status in (dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.FAILURE):
            with dg.build_sensor_context(instance, resources=resources) as context:
                run_failures(context)
            assert [run.status for run in instance.get_runs()] == [status]
            process.kill()
            process.wait(20)
    assert notices(sandbox) == ["reply.accepted", "run.failed"]


@pytest.mark.usefixtures("environment")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_stopped_run_ends_at_once_and_says_so(sandbox: Sandbox, number: signal.Signals) -> None:
    with a_report_that_hangs(sandbox) as process:
        process.send_signal(number)
        assert process.stderr is not None
        said = process.stderr.read()
        assert process.wait(20) == 1

    assert "stopped from outside" in said
    assert "intent retry" in said
    assert notices(sandbox) == ["reply.accepted", "run.failed"]
    ((status, error),) = runs()
    assert status == "failure"
    assert "stopped from outside" in error
