"""`intent retry` says why there is nothing to resume, and never resumes what goes on by itself."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.remote_origin import RegisteredCodeLocationOrigin, RemoteJobOrigin, RemoteRepositoryOrigin
from dagster._daemon.types import DaemonHeartbeat
from filelock import FileLock

from intent_assets import tags
from intent_assets.instance import open_instance
from intent_assets.liveness import end_killed_runs
from intent_assets.notices import ending
from intent_assets.outbox import Outbox
from intent_assets.resources.inbox import InboxResource
from intent_assets.settings import load_settings
from intent_assets.tries import ROOT_TAG
from tests.outgoing import a_checked_report, a_page, a_reply
from tests.running import intent
from tests.sensors.graph import job_of, run

pytestmark = [
    pytest.mark.usefixtures("environment"),
    pytest.mark.filterwarnings("ignore:The `__fields__` attribute is deprecated"),
]

DOMAIN = "vmock.example"


@pytest.fixture
def instance(environment: dict[str, str], dagster_home: Path) -> Iterator[dg.DagsterInstance]:
    with open_instance(load_settings()) as opened:
        yield opened


def a_run(instance: dg.DagsterInstance, number: int, **more: str) -> dg.DagsterRun:
    """Make a run of a small graph that has our job's name; that of reply 13 fails."""
    reply_id = a_reply(number).reply_id
    InboxResource().open().put(a_reply(number), pending=False)
    request = dg.RunRequest(
        partition_key=DOMAIN,
        tags={tags.REPLY: reply_id, **more},
        run_config={"ops": {"reply": {"config": {"reply_id": reply_id}}}},
    )
    return run(instance, request)


def refused(target: str = DOMAIN) -> str:
    ran = intent("retry", target)
    assert ran.exit_code == 1
    return ran.error or ""


def test_what_is_not_known_is_said(instance: dg.DagsterInstance) -> None:
    assert "no run 0f0f0f0f-0000-4000-8000-000000000000 is known" in refused("0f0f0f0f-0000-4000-8000-000000000000")
    assert f"no run of {DOMAIN} is known" in refused()


def test_a_run_that_succeeded_or_goes_on_is_not_resumed(instance: dg.DagsterInstance) -> None:
    done = a_run(instance, 1)
    for target in (DOMAIN, done.run_id):
        assert "is SUCCESS, not failed" in refused(target).replace(f"({done.run_id}) ", "")
    failed = a_run(instance, 13)
    going_on = instance.create_run_for_job(
        job_of(instance),
        tags={"dagster/partition": DOMAIN, ROOT_TAG: failed.run_id, "dagster/parent_run_id": failed.run_id},
    )
    for target in (DOMAIN, failed.run_id, going_on.run_id):
        assert f"run {going_on.run_id} of {DOMAIN} is NOT_STARTED" in refused(target)


def test_a_failed_run_whose_reply_has_its_report_is_no_target_by_domain(instance: dg.DagsterInstance) -> None:
    a_run(instance, 13)
    told = ending(a_checked_report(a_reply(13)), a_page(), run_id="run-1", duration_seconds=1.0)
    Outbox.of(load_settings()).put(told)
    a_run(instance, 1)
    assert "no reply of it waits for its report" in refused()


def test_what_the_daemon_resumes_by_itself_is_left_to_it(instance: dg.DagsterInstance) -> None:
    failed = a_run(instance, 13)
    instance.add_run_tags(failed.run_id, {"dagster/will_retry": "true"})
    instance.add_daemon_heartbeat(DaemonHeartbeat(time.time(), "EVENT_LOG_CONSUMER", "d-1", []))
    assert "resumes it by itself in a moment" in refused()


def test_two_retries_of_a_domain_at_once_are_one(instance: dg.DagsterInstance) -> None:
    a_run(instance, 13)
    with FileLock(Path("home/locks") / f"{DOMAIN}.retry.lock"):
        assert "another `intent retry` of vmock.example is under way" in refused()


HOLDER = """
import sys, time
from intent_assets.instance import open_instance
from intent_assets.liveness import run_at_work
from intent_assets.settings import load_settings
with open_instance(load_settings()) as instance:
    with run_at_work(instance, instance.get_run_by_id(sys.argv[1])):
        print("held", flush=True)
        time.sleep(600)
"""


@pytest.mark.parametrize("stop", ["FAILURE", "CANCELED"])
def test_a_run_of_the_daemon_whose_process_was_killed_ends_at_the_next_look(
    instance: dg.DagsterInstance, stop: str
) -> None:
    """Runs of the daemon have an origin; their process holds the lock of the run once it works."""
    origin = RemoteJobOrigin(RemoteRepositoryOrigin(RegisteredCodeLocationOrigin("intent"), "__repository__"), "report")
    begun = instance.create_run_for_job(job_of(instance), tags={"dagster/partition": DOMAIN}, remote_job_origin=origin)
    instance.report_dagster_event(
        dg.DagsterEvent(event_type_value="PIPELINE_START", job_name="report"), run_id=begun.run_id
    )
    environment = {**os.environ, "PYTHONWARNINGS": "ignore"}
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, begun.run_id], env=environment, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        if stop == "CANCELED":
            instance.report_run_canceling(begun)
        assert end_killed_runs(instance) == []
        holder.kill()
    [ended] = end_killed_runs(instance)
    assert (ended.run_id, ended.status.value) == (begun.run_id, stop)
    assert end_killed_runs(instance) == []
