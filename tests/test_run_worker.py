"""Runs that a warm process forks: they end as any run ends, and without the process they are launched as ever."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.errors import DagsterInvariantViolationError
from dagster._core.launcher import LaunchRunContext

import intent_assets
from intent_assets import tags
from intent_assets.definitions import resolved_report_job
from intent_assets.instance import open_instance
from intent_assets.partitions import domains
from intent_assets.run_launcher import WarmRunLauncher, address, short
from intent_assets.sandbox.faults import Fault
from intent_assets.sandbox.server import Sandbox
from intent_assets.settings import load_settings
from tests.running import intent

DOMAIN = "vmock.example"
SECONDS = 60.0

pytestmark = pytest.mark.usefixtures("environment")


@contextmanager
def a_worker(**variables: str) -> Iterator["subprocess.Popen[bytes]"]:
    """Run the warm process until the block ends, from when it listens."""
    environment = {**os.environ, "PYTHONWARNINGS": "ignore", **variables}
    with open_instance(load_settings()) as instance:
        where = address(instance)
    command = [sys.executable, "-m", "intent_assets.run_worker"]
    with subprocess.Popen(command, env=environment) as process:
        try:
            until(where.exists)
            yield process
        finally:
            process.terminate()
    assert process.returncode == 0
    assert not where.exists()


def until(true: Callable[[], object]) -> None:
    deadline = time.monotonic() + SECONDS
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def a_run(instance: dg.DagsterInstance, reply_id: str | None = None) -> dg.DagsterRun:
    """A run of the job `report` that waits to be launched."""
    instance.add_dynamic_partitions(str(domains.name), [DOMAIN])
    quiet = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
    return instance.create_run_for_job(
        resolved_report_job(),
        run_config={"ops": {"reply": {"config": {"reply_id": reply_id}}}, **quiet},
        tags={tags.PARTITION: DOMAIN},
        job_code_origin=dg.reconstructable(resolved_report_job).get_python_origin(),
    )


def launch(instance: dg.DagsterInstance, run: dg.DagsterRun) -> None:
    assert isinstance(instance.run_launcher, WarmRunLauncher)
    instance.run_launcher.launch_run(LaunchRunContext(run, workspace=None))


def status(instance: dg.DagsterInstance, run: dg.DagsterRun) -> str:
    found = instance.get_run_by_id(run.run_id)
    assert found is not None
    return found.status.value


def pid(instance: dg.DagsterInstance, run: dg.DagsterRun) -> int:
    said = [entry.message for entry in instance.all_logs(run.run_id)]
    return next(int(found[1]) for text in said if (found := re.search(r"Started process for run \(pid: (\d+)\)", text)))


def test_a_forked_run_publishes_its_report_whatever_was_asked_before(sandbox: Sandbox) -> None:
    with a_worker() as worker, open_instance(load_settings()) as instance:
        for garbage in (b"", b"\n", b"\xff\xfe\n", b"x" * 5000, b"no-such-run\n"):
            with socket.socket(socket.AF_UNIX) as asking, short(address(instance)) as name:
                asking.connect(name)
                asking.sendall(garbage)
        run = a_run(instance)
        launch(instance, run)
        until(lambda: status(instance, run) == "SUCCESS")

        assert pid(instance, run) != worker.pid
    assert len(sandbox.service("notion").store.pages()) == 1
    assert intent("show", DOMAIN).exit_code == 0


@contextmanager
def a_run_that_hangs(sandbox: Sandbox) -> Iterator[tuple[dg.DagsterInstance, dg.DagsterRun]]:
    """A forked run that stands in its searches."""
    sandbox.faults.add(Fault(service="starbridge", operation="opportunity_search", kind="hang", seconds=60))
    with a_worker(), open_instance(load_settings()) as instance:
        run = a_run(instance)
        launch(instance, run)
        until(lambda: any(call.operation == "opportunity_search" for call in sandbox.calls))
        yield instance, run


def test_a_killed_fork_is_a_failed_run_and_the_next_one_starts(sandbox: Sandbox) -> None:
    with a_run_that_hangs(sandbox) as (instance, run):
        os.kill(pid(instance, run), signal.SIGKILL)
        until(lambda: status(instance, run) == "FAILURE")
        assert "killed" in instance.all_logs(run.run_id)[-1].message
        sandbox.faults.clear()

        after = a_run(instance)
        launch(instance, after)
        until(lambda: status(instance, after) == "SUCCESS")


def test_a_forked_run_can_be_cancelled(sandbox: Sandbox) -> None:
    with a_run_that_hangs(sandbox) as (instance, run):
        assert instance.run_launcher.terminate(run.run_id)
        until(lambda: status(instance, run) == "CANCELED")
        assert not instance.run_launcher.terminate(run.run_id)
    assert not sandbox.service("notion").store.pages()


def test_without_the_process_dagster_launches_the_run() -> None:
    with open_instance(load_settings()) as instance:
        run = a_run(instance)
        with pytest.raises(DagsterInvariantViolationError, match="requires a workspace"):
            launch(instance, run)
        assert not instance.run_launcher.terminate(run.run_id)


def test_new_code_is_not_run_by_a_process_that_has_the_old(tmp_path: Path) -> None:
    package = Path(intent_assets.__file__).parent
    copied = shutil.copytree(package, tmp_path / "code" / package.name, ignore=shutil.ignore_patterns("__pycache__"))
    with (
        a_worker(PYTHONPATH=str(copied.parent), PYTHONDONTWRITEBYTECODE="1") as worker,
        open_instance(load_settings()) as instance,
    ):
        (copied / "jobs.py").touch()
        run = a_run(instance)
        with pytest.raises(DagsterInvariantViolationError, match="requires a workspace"):
            launch(instance, run)

        again = a_run(instance)
        until(address(instance).exists)
        launch(instance, again)
        until(lambda: status(instance, again) == "SUCCESS")
        assert worker.poll() is None
