"""`intent doctor` over disks, state, history and Dagster: each fault is found with its mend, none hides another."""

import base64
import json
import os
import sqlite3
import time
import zlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
import pytest

from intent_assets.instance import open_instance
from intent_assets.intake.inbox import Inbox
from intent_assets.notices import reply_accepted
from intent_assets.outbox import Outbox
from intent_assets.resources.warehouse import Warehouse
from intent_assets.resources.warehouse_rows import RunRow
from intent_assets.settings import load_settings
from tests.outgoing import a_reply
from tests.running import intent

BEGIN_OF_A_DUCKDB_2_FILE = zlib.decompress(
    base64.b64decode(
        "eNrt2T0KwlAMwPHX2sFREIQewlr8OEBRpw5Ob3SpTwsO4qSz0KljxVPopmBP4OTiFVy8g/g1FB1ERQRB4f9bkhDIkC2kH44OOVfF"
        "NVl1dynxlkHRsi37eV9Vyi3Pa5dU5/WcdaawbfTizXDizPfBSgoAAAAAAPAVWVM2p9HspD1u6/otNZKQTkKd1QEAAAAA8DeW+YV/"
        "NMfda32+Iz64//n/AwAAAADwWy7CyDgc"
    )
)
"""Written by DuckDB 2.0.0."""


def findings() -> dict[str, list[dict[str, Any]]]:
    """What is not well, by what was looked at, but for keys."""
    checks = json.loads(intent("doctor", "--json").stdout)
    assert all(check["mend"] for check in checks if check["standing"] == "failed")
    found: dict[str, list[dict[str, Any]]] = {}
    for check in checks:
        if check["standing"] == "failed":
            found.setdefault(check["what"], []).append(check)
    return found


@pytest.fixture
def state(clean_environment: None, dagster_home: Path) -> Path:
    settings = load_settings()
    Path("home").chmod(0o700)
    Inbox(settings.inbox).put(a_reply())
    Warehouse().record_run([RunRow(run_id="r1", domain="vmock.example", status="success")], [])
    with open_instance(settings):
        pass
    return Path("home")


def contents(home: Path) -> dict[str, bytes]:
    return {
        str(path): path.read_bytes()
        for path in home.rglob("*")
        if path.is_file() and not path.name.endswith((".lock", "-wal", "-shm"))
    }


def test_well_state_has_no_finding_and_nothing_is_changed(state: Path) -> None:
    before = contents(state)
    assert findings() == {}
    assert contents(state) == before


def test_everything_broken_at_once_is_told_at_once(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    future = time.time_ns() + 10**15
    names = {
        "inbox/pending/00000000000000000001-r_old.json": "{",
        f"inbox/pending/{future:020d}-r_new.json": "{",
        "outbox/waiting/00000000000000000001-n_x.json": "{",
        "outbox/damaged/y.json": "{",
        "values/notion_page/vmock.example.json": "{",
        "values/notion_page/.vmock.example.json.abc.tmp": "{",
        "history.duckdb": "no database " * 1000,
        "dagster/history/runs.db": "no database " * 1000,
        "dagster/schedules/schedules.db": "SQLite format 3\0" + "x" * 5000,
        "dagster/dagster.yaml": "telemetry:\n  enabled: [",
    }
    for name, text in names.items():
        (state / name).parent.mkdir(parents=True, exist_ok=True)
        (state / name).write_text(text)
    old = time.time() - 90_000
    os.utime(state / "values/notion_page/.vmock.example.json.abc.tmp", (old, old))
    state.chmod(0o755)
    monkeypatch.setenv("INTENT_TRIES", "many")

    found = findings()

    assert {what: len(of) for what, of in found.items()} == {
        "settings": 1, "Supabase": 1, "INTENT_HOME": 1, "left-overs": 1, "clock": 1, "inbox": 2, "outbox": 2,
        "values": 1, "history": 1, "Dagster config": 1, "Dagster files": 2, "Dagster": 1,
    }  # fmt: skip
    assert "INTENT_TRIES" in found["settings"][0]["said"]
    assert "chmod -R go=" in found["INTENT_HOME"][0]["mend"]
    assert "runs.db" in found["Dagster files"][0]["said"]


def test_replies_and_notices_that_wait_are_told_with_the_reason(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pending = next((state / "inbox/pending").iterdir())
    pending.rename(pending.with_name(f"{time.time_ns() - 10**12:020d}-{pending.name.partition('-')[2]}"))
    monkeypatch.setenv("CLAY_WEBHOOK_URL", "http://127.0.0.1:9/hook")
    outbox = Outbox.of(load_settings())
    outbox.put(reply_accepted(a_reply()))
    waiting = next((state / "outbox/waiting").iterdir())
    stored = json.loads(waiting.read_text())
    waiting.write_text(json.dumps({**stored, "tries": 3, "problem": "Clay post_notice: HTTP 404", "refusal": 404}))

    found = findings()

    assert "no Dagster daemon runs" in found["replies"][0]["said"]
    assert "intent up" in found["replies"][0]["mend"]
    assert "HTTP 404" in found["notices"][0]["said"]
    assert "CLAY_WEBHOOK_URL" in found["notices"][0]["mend"]


@dg.op
def nothing() -> None:
    pass


@dg.job
def small() -> None:
    nothing()


def test_a_run_without_a_process_is_told(state: Path) -> None:
    with open_instance(load_settings()) as instance:
        dead = instance.create_run_for_job(
            small, status=dg.DagsterRunStatus.STARTED, tags={"intent/launch": "gone", "dagster/partition": "a.example"}
        )

    (found,) = findings()["runs"]

    assert f"run {dead.run_id} of a.example has no process" in found["said"]
    assert f"intent retry {dead.run_id}" in found["mend"]


def test_a_locked_file_of_dagster_is_told_as_locked(state: Path) -> None:
    holder = sqlite3.connect(state / "dagster/history/runs.db", isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    try:
        found = findings()
    finally:
        holder.close()
    assert "is locked" in found["Dagster files"][0]["said"]


def test_a_configuration_that_lacks_something_is_told(state: Path) -> None:
    config = state / "dagster/dagster.yaml"
    config.write_text(
        config.read_text().replace("run_monitoring:\n  enabled: true", "run_monitoring:\n  enabled: false")
    )
    assert findings() == {}
    assert "run_monitoring.enabled False (ours: True)" in intent("doctor").stdout

    config.write_text("telemetry:\n  enabled: false\n")

    assert "run_launcher.class" in findings()["Dagster config"][0]["said"]


def test_a_history_of_duckdb_2_and_a_newer_schema_are_told(state: Path) -> None:
    with duckdb.connect("home/history.duckdb") as connection:
        connection.execute("INSERT INTO schema_migrations VALUES (99, 'next', '', ?)", [datetime.now(UTC)])
    assert "install the newer version" in findings()["history"][0]["said"]

    Path("home/history.duckdb").write_bytes(BEGIN_OF_A_DUCKDB_2_FILE)

    said = findings()["history"][0]["said"]
    assert "EXPORT DATABASE" in said
    assert "move it away" in said
