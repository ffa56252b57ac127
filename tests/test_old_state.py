"""Old state goes, by hand and once a day; what waits, runs or is unresolved stays, and so does the history."""

import json
import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest

from intent_assets.instance import open_instance
from intent_assets.intake.inbox import Inbox
from intent_assets.notices import reply_accepted
from intent_assets.outbox import Outbox
from intent_assets.resources.old_state import prune
from intent_assets.resources.warehouse import Warehouse
from intent_assets.resources.warehouse_rows import RunRow
from intent_assets.sensors.old_state import old_state
from intent_assets.settings import load_settings
from intent_assets.values import ValueStore
from tests.outgoing import a_checked_report, a_page, a_reply, outgoing_sandbox
from tests.running import intent

pytestmark = pytest.mark.filterwarnings("ignore:The `__fields__` attribute is deprecated")

DONE, MENDED = "done.example", "mended.example"
WAITING, TOLD, FAILED, HELD, RUNNING = (f"{name}.example" for name in ("waiting", "told", "failed", "held", "running"))
KEPT = (WAITING, TOLD, FAILED, HELD, RUNNING)
LATER = datetime.now(UTC) + timedelta(days=400)
"""A moment before which all that these tests make has come."""


@dg.op(config_schema={"fails": bool})
def work(context: dg.OpExecutionContext) -> None:
    if context.op_config["fails"]:
        raise dg.Failure(description="it fails", allow_retries=False)


@dg.job
def small() -> None:
    work()


CONFIG = {"ops": {"work": {"config": {"fails": False}}}, "loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


@pytest.fixture
def instance(clean_environment: None) -> Iterator[dg.DagsterInstance]:
    with open_instance(load_settings()) as opened:
        yield opened


@pytest.fixture
def state(instance: dg.DagsterInstance, monkeypatch: pytest.MonkeyPatch) -> Inbox:
    """A reply, a run, values and a delivered notice of each domain, and what makes some of them busy."""
    settings = load_settings()
    inbox, outbox, values = Inbox(settings.inbox), Outbox.of(settings), ValueStore(settings.values)
    with outgoing_sandbox(monkeypatch):
        for number, domain in enumerate((DONE, MENDED, *KEPT)):
            reply = a_reply(number, domain)
            inbox.put(reply, pending=domain == WAITING)
            outbox.send(reply_accepted(reply))
            values.write("notion_page", domain, a_page())
            values.write("reply", domain, reply)
            checked = a_checked_report(reply, "held" if domain == HELD else "passed")
            values.write("fact_checked_report", domain, checked)
            if domain in (MENDED, FAILED):
                run(instance, number, domain, fails=True)
            if domain == RUNNING:
                instance.create_run_for_job(
                    small, run_config=CONFIG, status=dg.DagsterRunStatus.STARTED, tags=tags(number, domain)
                )
            elif domain != FAILED:
                run(instance, number, domain, fails=False)
    outbox.put(reply_accepted(a_reply(50, TOLD)))
    for damaged in (inbox.folder / "damaged" / "x.json", outbox.folder / "damaged" / "y.json"):
        damaged.parent.mkdir(exist_ok=True)
        damaged.write_text("{")
    inbox.refused({"fields": []}, "no domain")
    old = time.time() - 90_000
    left = settings.values / "reply" / f".{DONE}.json.abc.tmp"
    left.write_text("{")
    os.utime(left, (old, old))
    return inbox


def tags(number: int, domain: str) -> dict[str, str]:
    return {"dagster/partition": domain, "intent/reply": a_reply(number).reply_id}


def run(instance: dg.DagsterInstance, number: int, domain: str, *, fails: bool) -> None:
    config = {**CONFIG, "ops": {"work": {"config": {"fails": fails}}}}
    small.execute_in_process(run_config=config, instance=instance, tags=tags(number, domain), raise_on_error=False)


def domains_of(instance: dg.DagsterInstance) -> set[str]:
    return {record.tags["dagster/partition"] for record in instance.get_runs()}


def files() -> set[str]:
    return {str(path.relative_to("home")) for path in Path("home").rglob("*") if path.is_file()}


def test_what_is_old_goes_and_what_waits_runs_or_is_unresolved_stays(
    instance: dg.DagsterInstance, state: Inbox
) -> None:
    settings, before = load_settings(), files()

    counted = prune(settings, instance, LATER, dry_run=True)
    assert files() == before

    done = prune(settings, instance, LATER)

    assert done.left == []
    assert done.counts == counted.counts
    assert done.counts == {
        "replies": 2, "runs": 3, "notices": 2, "values": 2, "logs of refusals": 1, "damaged files": 2,
        "left-over temporary files": 1,
    }  # fmt: skip
    assert domains_of(instance) == set(KEPT)
    store = ValueStore(settings.values)
    assert set(store.domains("reply")) == set(KEPT)
    assert set(store.domains("notion_page")) == {DONE, MENDED, *KEPT}
    assert {stored.domain for stored in Outbox.of(settings).notices()} == set(KEPT)
    with_events = {path.stem for path in Path("home/dagster/history/runs").glob("*.db")} - {"index"}
    assert with_events < {run.run_id for run in instance.get_runs()}
    assert prune(settings, instance, LATER).counts == {}
    # known again and again while it is kept, new after that
    assert not state.put(a_reply(4, FAILED)).new
    assert state.put(a_reply(0, DONE)).new


def test_what_is_younger_stays_and_the_sensor_looks_once_a_day(instance: dg.DagsterInstance, state: Inbox) -> None:
    before = {name for name in files() if not name.endswith(".tmp")}
    with dg.build_sensor_context(instance) as context:
        first = old_state(context)
        second = old_state(context)
    assert isinstance(first, dg.SkipReason)
    assert first.skip_message == "removed 1 left-over temporary files older than 365 days"
    assert isinstance(second, dg.SkipReason)
    assert "already" in str(second.skip_message)
    assert {name for name in files() if not name.endswith(".lock")} >= {n for n in before if not n.endswith(".lock")}


def test_the_command_says_what_it_removes(state: Inbox) -> None:
    told = intent("prune", "--dry-run", "--json")

    assert told.json["removed"] == {"left-over temporary files": 1}
    assert "1 left-over temporary files" in intent("prune").stdout
    assert "nothing is older than" in intent("prune", "--days", "1").stdout


@pytest.mark.usefixtures("clean_environment")
def test_the_history_goes_only_where_a_person_says_so() -> None:
    now = datetime.now(UTC)
    rows = [
        RunRow(run_id=f"r{age}", domain=DONE, status="success", ended_at=now - timedelta(days=age)) for age in (9, 99)
    ]
    Warehouse().record_run(rows, [])

    intent("prune", "--days", "50")
    assert len(Warehouse().runs()) == 2
    refused = intent("prune", "--days", "50", "--history", stdin="n\n")
    assert "1 runs" in refused.stdout
    assert len(Warehouse().runs()) == 2
    assert json.loads(intent("prune", "--days", "50", "--history", "--yes", "--json").stdout)["history_removed"]
    assert Warehouse().runs()["run_id"].tolist() == ["r9"]
