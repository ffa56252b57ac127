"""Keys are nowhere but in the environment: planted ones, and runs that fail in every way that could tell them."""

import importlib
import logging
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest

from intent_assets.resources.inbox import InboxResource
from intent_assets.sandbox.clay import ClayService
from intent_assets.sandbox.faults import Fault
from intent_assets.sandbox.server import Sandbox
from intent_assets.sensors.smartlead import smartlead_replies
from intent_assets.settings import load_services
from tests.running import PRODUCT, intent, make_report

pytestmark = pytest.mark.filterwarnings("ignore:The `__fields__` attribute is deprecated")

PLANTED = {
    "DATAGEN_API_KEY": ("starbridge", "KEY"),
    "NOTION_TOKEN": ("notion", "TOKEN"),
    "SMARTLEAD_API_KEY": ("smartlead", "KEY"),
    "SMARTLEAD_SECRET": ("smartlead", "SECRET"),
    "SUPABASE_KEY": ("supabase", "KEY"),
}
"""Variables whose value the stand-in checks, and where it has its own."""

OTHERS = ("ANTHROPIC_API_KEY", "CLAY_WEBHOOK_AUTH", "INTAKE_TOKEN")


def plant(name: str) -> str:
    """A key without digits or dashes: one that nothing but its value gives away."""
    return f"planted{name.replace('_', '').lower()}"


@pytest.fixture
def planted(
    tmp_path: Path, clean_environment: None, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Sandbox, list[str]]]:
    """The sandbox with planted keys, which are given; one stands in a URL as well."""
    for name, (service, constant) in PLANTED.items():
        monkeypatch.setattr(importlib.import_module(f"intent_assets.sandbox.{service}"), constant, plant(name))
    with Sandbox(state_dir=tmp_path / "sandbox") as running:
        clay = running.service("clay")
        assert isinstance(clay, ClayService)
        clay.auth = plant("CLAY_WEBHOOK_AUTH")
        in_url = plant("URL")
        variables = running.variables() | {name: plant(name) for name in (*PLANTED, *OTHERS)}
        for name in ("CLAY_WEBHOOK_URL", "CLAY_FAILURE_WEBHOOK_URL"):
            variables[name] = f"{running.url('clay')}/hook?key={in_url}"
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        yield running, [*(plant(name) for name in (*PLANTED, *OTHERS)), in_url]


def test_no_key_gets_anywhere(
    planted: tuple[Sandbox, list[str]], caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    sandbox, keys = planted
    caplog.set_level(logging.DEBUG)
    told = " ".join(keys)
    said = []
    # every service in turn answers with all the keys, as one that echoes what it was sent would
    sandbox.faults.add(Fault(service="starbridge", kind="status", status=400, body={"detail": told}))
    said.append(str(make_report()))
    for service in ("claude", "notion"):
        sandbox.faults.clear()
        sandbox.faults.add(Fault(service=service, kind="status", status=400, body={"message": told, "code": told}))
        failed = intent("retry", "vmock.example", "--json")
        said.append(failed.stdout + failed.stderr)
        assert failed.exit_code == 1
    sandbox.faults.clear()
    for service in ("clay", "smartlead"):
        sandbox.faults.add(Fault(service=service, kind="status", status=500, body=told))
    with (
        dg.instance_for_test() as instance,
        dg.build_sensor_context(instance, resources={"inbox": InboxResource()}) as context,
    ):
        said.append(str(smartlead_replies(context)))
    published = intent("retry", "vmock.example", "--json")
    assert published.json["status"] == "published"
    for command in (("notices",), ("notices", "--json"), ("doctor",), ("runs",), ("backup", "b.tar.gz")):
        ran = intent(*command)
        said.append(f"{ran.stdout} {ran.stderr} {ran.error}")
    services = load_services()
    out, err = capfd.readouterr()

    # the stand-ins run in this process, and say what they were asked
    logged = [record.getMessage() for record in caplog.records if not record.name.startswith("uvicorn")]
    told_by_us = [*said, out, err, *logged, repr(services), str(services)]
    assert [text[:2000] for text in told_by_us if any(key in text for key in keys)] == []
    files = {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()}
    assert [str(path) for path, content in files.items() if any(key.encode() in content for key in keys)] == []


def test_what_commands_and_dagster_make_is_for_the_owner_only(environment: dict[str, str]) -> None:
    """Also where the folder itself was made open, and with a mask that lets everybody read."""
    command = [sys.executable, "-m", "intent_assets.cli", "report", "vmock.example", "--product", PRODUCT]
    made = subprocess.run(
        command, env={**os.environ, "INTENT_HOME": str(Path("anew/home").absolute())}, umask=0, check=False,
        capture_output=True, text=True,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr

    open_ = [str(path) for path in Path("anew").rglob("*") if stat.S_IMODE(path.stat().st_mode) & 0o077]
    assert Path("anew/home/dagster/history/runs.db").exists()
    assert open_ == []
