"""Damaged files under INTENT_HOME: a run says which file it is and what to do, and that mends it."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

import intent_assets
from intent_assets.intake.inbox import Inbox
from intent_assets.notices import reply_accepted
from intent_assets.outbox import Outbox
from intent_assets.sandbox.server import Sandbox
from intent_assets.settings import load_settings
from intent_assets.values import ValueStore
from tests.outgoing import a_reply
from tests.reported import Reported
from tests.running import intent, make_report


@pytest.mark.usefixtures("environment")
def test_a_damaged_value_is_named_and_its_mend_works(sandbox: Sandbox, after_report: Reported) -> None:
    value = Path("home/values/notion_page/vmock.example.json")
    value.write_bytes(b"")

    failed = intent("report", "vmock.example", "--json").json

    # Whose report stands on the page is looked at before anything is asked for.
    assert failed["failed_step"] is None
    assert str(value) in failed["error"]
    assert "Delete this file" in failed["error"]
    value.unlink()
    resumed = intent("retry", "vmock.example", "--json").json
    assert (resumed["status"], resumed["page_id"]) == ("published", after_report.answer["page_id"])
    assert len(sandbox.service("notion").store.pages()) == 1


@pytest.mark.usefixtures("environment")
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


FULL_DISK = """
import resource, sys
from pathlib import Path
from intent_assets.errors import IntentError
from intent_assets.intake.inbox import Inbox
from intent_assets.notices import reply_accepted
from intent_assets.outbox import Outbox
from intent_assets.settings import load_settings
from intent_assets.values import ValueStore
from tests.outgoing import a_page, a_reply

settings = load_settings()
inbox, outbox, values = Inbox(settings.inbox), Outbox.of(settings), ValueStore(settings.values)

def store(number):
    for write in (
        lambda: inbox.put(a_reply(number)),
        lambda: inbox.again(a_reply(1).reply_id),
        lambda: outbox.put(reply_accepted(a_reply(number))),
        lambda: values.write("notion_page", "vmock.example", a_page(url=f"https://notion.example/{number}")),
    ):
        try:
            write()
        except IntentError as problem:
            print(problem)

inbox.put(a_reply(1), pending=False)
store(2)
inbox.taken(a_reply(1).reply_id)
resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
store(3)
"""


@pytest.mark.usefixtures("clean_environment")
def test_a_full_disk_is_told_and_loses_nothing_that_was_accepted() -> None:
    command = [sys.executable, "-c", FULL_DISK]
    root = str(Path(intent_assets.__file__).parents[1])
    ran = subprocess.run(command, env={**os.environ, "PYTHONPATH": root}, capture_output=True, text=True, check=False)

    assert ran.returncode == 0, ran.stderr
    told = ran.stdout.splitlines()
    assert len(told) == 4
    assert all("File too large" in line and str(Path("home").absolute()) in line for line in told)
    settings = load_settings()
    inbox, outbox, values = Inbox(settings.inbox), Outbox.of(settings), ValueStore(settings.values)
    kept = {path.stem[-22:] for kind in ("pending", "taken") for path in (settings.inbox / kind).iterdir()}
    assert kept == {a_reply(1).reply_id, a_reply(2).reply_id}
    assert [stored.notice_id for stored in outbox.waiting()] == [reply_accepted(a_reply(2)).notice_id]
    assert values.read("notion_page", "vmock.example").url == "https://notion.example/2"
    assert inbox.damaged() == outbox.damaged() == values.damaged() == []
    assert not list(Path("home").rglob(".*.tmp"))


@pytest.mark.usefixtures("clean_environment")
def test_files_of_dagster_that_are_damaged_locked_or_misconfigured_are_one_line() -> None:
    intent("domains", "--add", "vmock.example")
    dagster = Path("home/dagster")
    for name in ("history/runs.db", "history/runs/index.db", "schedules/schedules.db"):
        whole = (dagster / name).read_bytes()
        (dagster / name).write_bytes(whole[:100] + b"x" * 5000)
        assert "`intent doctor` says which" in str(intent("domains").error), name
        (dagster / name).write_bytes(whole)
    assert intent("domains", "--json").json == ["vmock.example"]
    (dagster / "dagster.yaml").write_text("telemetry: [")
    assert "dagster.yaml can't be used" in str(intent("domains").error)


@pytest.mark.usefixtures("clean_environment")
def test_what_is_stamped_with_the_future_keeps_its_place() -> None:
    """As after a clock that was ahead for a while: what comes later is behind it all the same."""
    settings = load_settings()
    inbox, outbox = Inbox(settings.inbox), Outbox.of(settings)
    for number in range(3):
        inbox.put(a_reply(number))
        outbox.put(reply_accepted(a_reply(number)))
        for folder in (settings.inbox / "pending", settings.outbox / "waiting") if number == 0 else ():
            (path,) = folder.iterdir()
            stamp = f"{time.time_ns() + 10**13:020d}"
            path.rename(path.with_name(stamp + path.name[20:]))

    assert [entry.reply.reply_id for entry in inbox.pending(9)] == [a_reply(number).reply_id for number in range(3)]
    waiting = [
        json.loads(path.read_text())["notice"]["notice_id"] for path in sorted((settings.outbox / "waiting").iterdir())
    ]
    assert waiting == [reply_accepted(a_reply(number)).notice_id for number in range(3)]
