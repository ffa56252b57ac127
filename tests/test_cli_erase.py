"""`intent erase`: nothing of a person is left under INTENT_HOME, and everything else still works."""

import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from intent_assets.domain_lock import domain_lock
from intent_assets.intake.inbox import Inbox
from intent_assets.intake.replies import parse_reply
from intent_assets.notices import reply_accepted
from intent_assets.outbox import Outbox
from intent_assets.records import Reply
from intent_assets.resources.warehouse import Warehouse
from intent_assets.sandbox.faults import Fault
from intent_assets.sandbox.server import Sandbox
from intent_assets.settings import load_settings
from intent_assets.values import ValueStore
from tests.predecessor import write_file
from tests.reported import REPLY, Reported
from tests.running import ended, intent

ANA = "ana.diaz@vmock.example"


def erase(address: str, *more: str) -> dict[str, Any]:
    ran = intent("erase", "--email", address, "--json", *more)
    assert ran.exit_code == 0, ran.error or ran.stdout
    answer: dict[str, Any] = ran.json
    return answer


def places(answer: dict[str, Any]) -> set[str]:
    return {each["place"] for each in answer["removed"]}


def files_with(*texts: str) -> set[str]:
    """Return the files under INTENT_HOME that hold one of the texts, in their bytes or, as a table, in their rows."""
    found = set()
    for path in Path("home").rglob("*"):
        if path.is_file():
            content = path.read_bytes().lower()
            if path.suffix == ".parquet":
                from pyarrow import parquet

                content += repr(parquet.read_table(path).to_pylist()).lower().encode()
            if any(text.lower().encode() in content for text in texts):
                found.add(str(path))
    return found


def reply(**more: Any) -> Reply:
    made = parse_reply(REPLY | more, received_at=datetime.now(UTC), source="manual")
    assert isinstance(made, Reply)
    return made


@pytest.fixture
def home(clean_environment: None, after_report: Reported) -> dict[str, Any]:
    """What the command had said that made the report in this home."""
    return after_report.answer


def test_of_a_prospect_nothing_is_left(home: dict[str, Any]) -> None:
    assert files_with(ANA, "Ana Diaz", "555 0142")
    answer = erase(f"Ana Diaz <{ANA.upper()}>")

    assert places(answer) == {"inbox", "values", "outbox", "history", "Dagster"}
    assert files_with(ANA, "Ana Diaz", "555 0142") == set()
    assert home["page_url"] in " ".join(answer["elsewhere"])
    assert erase(ANA)["removed"] == []


def test_of_a_decision_maker_nothing_is_left(home: dict[str, Any]) -> None:
    person = ValueStore(load_settings().values).read("report", "vmock.example").decision_maker
    texts = (person.email, person.name, person.phone, person.linkedin_url)
    before = {row["name"] for row in Warehouse().contacts_shown("vmock.example").to_dict(orient="records")}
    answer = erase(person.email)

    assert places(answer) == {"values", "outbox", "history", "Dagster"}
    assert files_with(*texts) == set()
    left = {row["name"] for row in Warehouse().contacts_shown("vmock.example").to_dict(orient="records")}
    assert left == before - {person.name}
    assert Inbox(load_settings().inbox).latest("vmock.example") is not None


def test_all_else_still_works_afterwards(home: dict[str, Any]) -> None:
    store = ValueStore(load_settings().values)
    page = store.read("notion_page", "vmock.example")
    erase(ANA)

    assert store.read("notion_page", "vmock.example") == page
    assert store.damaged() == []
    assert Outbox.of(load_settings()).damaged() == []
    assert Outbox.of(load_settings()).counts() == {"waiting": 0, "delivered": 2, "damaged": 0}
    [run] = intent("runs", "--json").json
    assert (run["run_id"], run["status"]) == (home["run_id"], "success")
    assert len(Warehouse().reports("vmock.example")) == 1
    assert len(Warehouse().weekly_results()) == 1
    shown = intent("show", "vmock.example")
    assert "intent report vmock.example" in (shown.error or "")


def test_a_dry_run_says_the_same_and_removes_nothing(home: dict[str, Any]) -> None:
    before = files_with(ANA, "Ana Diaz")
    told = erase(ANA, "--dry-run")

    assert files_with(ANA, "Ana Diaz") == before
    assert erase(ANA)["removed"] == told["removed"]


@pytest.mark.parametrize("done", ["nothing", "events", "values", "rows"])
def test_an_erasure_that_was_killed_is_made_again(home: dict[str, Any], done: str) -> None:
    """Whatever it had done when it was killed, the next one finds the rest."""
    unfinished = Path("home/.erasing.json")
    reached: dict[str, Callable[[], bool]] = {
        "nothing": unfinished.exists,
        "events": lambda: (
            unfinished.exists() and not Path("home/values/strategic_addendum/vmock.example.json").exists()
        ),
        "values": lambda: not Path("home/values/reply/vmock.example.json").exists(),
        "rows": lambda: '"history": true' in (unfinished.read_text("utf-8") if unfinished.exists() else ""),
    }
    command = [sys.executable, "-m", "intent_assets.cli", "erase", "--email", ANA]
    killed = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while not (ended(killed, within=0.002) or reached[done]()):
        continue
    killed.kill()
    killed.wait()
    erase(ANA)

    assert files_with(ANA, "Ana Diaz", "555 0142") == set()
    assert not unfinished.exists()


def test_files_that_another_program_reads_are_told_of_and_done_later(
    home: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("intent_assets.instance_storage.SQLITE_BUSY_TIMEOUT_SECONDS", 0.2)
    with closing(sqlite3.connect("home/dagster/history/runs/index.db", isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM event_logs").fetchall()
        ran = intent("erase", "--email", ANA, "--json")

    assert ran.exit_code == 4
    assert places(ran.json) == {"inbox", "values", "outbox", "history", "Dagster"}
    assert "which another program has open" in " ".join(ran.json["left"])
    assert erase(ANA)["left"] == []
    assert files_with(ANA, "Ana Diaz", "555 0142") == set()


def test_it_waits_for_a_run_of_the_domain(home: dict[str, Any]) -> None:
    command = [sys.executable, "-m", "intent_assets.cli", "erase", "--email", ANA]
    with domain_lock(load_settings(), "vmock.example"):
        waiting = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert waiting.stderr is not None
        assert "another run of vmock.example is under way" in waiting.stderr.readline()
        assert files_with("Ana Diaz")
    waiting.communicate()

    assert waiting.returncode == 0
    assert files_with(ANA, "Ana Diaz") == set()


@pytest.mark.usefixtures("clean_environment")
@pytest.mark.parametrize("text", ["", "ana", "ana@", "@vmock.example", "ana diaz@vmock", "ana@vmock", "%"])
def test_what_is_no_address_is_refused(text: str) -> None:
    ran = intent("erase", "--email", text)

    assert ran.exit_code == 1
    assert "is no e-mail address" in (ran.error or "")


@pytest.mark.usefixtures("clean_environment")
def test_where_nothing_is_kept_it_says_so() -> None:
    ran = intent("erase", "--email", ANA)

    assert ran.exit_code == 0
    assert "nothing of this person is kept here" in ran.stdout


@pytest.mark.usefixtures("clean_environment")
def test_only_the_whole_address_counts() -> None:
    inbox = Inbox(load_settings().inbox)
    others = [f"x{ANA}", f"{ANA}.uk", "diaz@vmock.example", "ana-ana.diaz@vmock.example"]
    for number, other in enumerate(others):
        inbox.put(reply(prospect_email=other, prospect_name="Bo Berg", reply_text=f"number {number}"))
    answer = erase(ANA)

    assert answer["removed"] == []
    assert inbox.counts()["pending"] == len(others)


@pytest.mark.usefixtures("clean_environment")
def test_replies_of_the_person_go_and_those_of_others_are_cut() -> None:
    inbox = Inbox(load_settings().inbox)
    inbox.put(reply())
    inbox.put(reply(reply_text="again"), pending=False)
    kept = inbox.put(
        reply(prospect_name="Bo Berg", prospect_email="bo@vmock.example", reply_text=f"Ask {ANA} about it")
    )
    erase(ANA)

    assert inbox.counts() == {"pending": 1, "taken": 0, "damaged": 0, "refused": 0}
    left = inbox.get(kept.reply_id)
    assert (left.prospect_email, left.reply_text) == ("bo@vmock.example", "Ask [erased] about it")
    assert inbox.latest("vmock.example") == left
    assert files_with(ANA) == set()


@pytest.mark.usefixtures("environment")
def test_a_waiting_notice_stays_and_goes_out_without_the_person(sandbox: Sandbox) -> None:
    sandbox.faults.add(Fault(service="clay", operation="*", kind="drop"))
    outbox = Outbox.of(load_settings())
    assert outbox.send(reply_accepted(reply()), patience=0.2) is False
    erase(ANA)
    sandbox.faults.clear()

    assert outbox.drain().delivered == 1
    [notice] = sandbox.service("clay").notices
    assert notice["event"] == "reply.accepted"
    assert notice["reply"]["prospect_name"] is None
    assert notice["reply"]["company"] == "VMock"
    assert not any(part in json.dumps(notice) for part in (ANA, "Ana Diaz", "555 0142"))


@pytest.mark.usefixtures("clean_environment")
def test_what_lies_about_is_found_as_well() -> None:
    inbox = Inbox(load_settings().inbox)
    inbox.put(reply(prospect_email="bo@vmock.example", prospect_name="Bo Berg"))
    (inbox.folder / "damaged" / "x.json").write_text(f"{{broken {ANA}", "utf-8")
    (inbox.folder / "damaged" / "x.json.reason.txt").write_text("broken", "utf-8")
    (inbox.folder / "refused").mkdir()
    (inbox.folder / "refused" / "2026-11-25.jsonl").write_text(f'{{"reason": "{ANA} is odd"}}\n', "utf-8")
    (inbox.folder / "pending" / ".0123.tmp").write_text(f'{{"reply": "{ANA}', "utf-8")
    erase(ANA)

    assert files_with(ANA) == set()
    assert inbox.counts() == {"pending": 1, "taken": 0, "damaged": 0, "refused": 1}


@pytest.mark.usefixtures("clean_environment")
def test_rows_of_the_predecessor_lose_the_person(tmp_path: Path) -> None:
    contacts: list[dict[str, Any]] = [
        {"contact_email": ANA.upper(), "contact_name": "Ana Diaz"},
        {"id": 2, "contact_email": "bo@elm.example", "contact_name": "Bo Berg"},
    ]
    run = {"product_description": f"Wants a demo, writes {ANA}"}
    intent("import", str(write_file(tmp_path / "old.db", runs=[run], contacts=contacts)))
    assert files_with(ANA)
    answer = erase(ANA)

    assert places(answer) == {"history"}
    assert files_with(ANA, "Ana Diaz") == set()
    [left] = Warehouse().contacts_shown("vmock.example").to_dict(orient="records")
    assert left["name"] == "Bo Berg"
    [kept] = Warehouse().runs().to_dict(orient="records")
    assert kept["product_description"] == "Wants a demo, writes [erased]"
