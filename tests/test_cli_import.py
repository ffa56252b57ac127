"""`intent import` over files as the predecessor wrote them, with all that can be wrong with them."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from intent_assets.predecessor_reading import COLUMNS
from intent_assets.records import SearchStrategy
from intent_assets.resources.warehouse import Warehouse
from intent_assets.resources.warehouse_rows import ReportFacts, RunFacts
from tests.predecessor import CONTACT, RFP, RUN, write_file
from tests.running import ended, intent

pytestmark = pytest.mark.usefixtures("clean_environment")


def take(file: Path) -> dict[str, Any]:
    """Import a file and return what the command says."""
    ran = intent("import", str(file), "--json")
    assert ran.exit_code == 0, ran.error
    answer: dict[str, Any] = ran.json
    return answer


def counts(answer: Mapping[str, Any], name: str) -> dict[str, int]:
    return {table: found[name] for table, found in answer["tables"].items()}


def history(query: str) -> list[tuple[Any, ...]]:
    with Warehouse().transaction("look") as connection:
        return connection.execute(query).fetchall()


def sizes() -> dict[str, int]:
    names = ("runs", "discoveries", "contacts", "audit_log")
    return {name: history(f"SELECT count(*) FROM {name}")[0][0] for name in names}  # noqa: S608 -- constants


def reasons(answer: Mapping[str, Any]) -> set[tuple[str, str | None, str | None, bool]]:
    return {(each["table"], each["row"], each["column"], each["set_aside"]) for each in answer["problems"]}


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_a_run_comes_over_with_all_that_is_known_of_it(tmp_path: Path) -> None:
    plan = {
        "primary_keywords": ["career platform", "resume review"],
        "segments": [{"name": "Universities"}],
        "buyerTypes": ["university", "School Districts"],
        "geography": "Texas, New York",
    }
    run = {
        "tier": "Tier 3",
        "campaign_id": 17,
        "search_strategy": plan,
        "discovery_signals_a": [RFP, {"id": "opp-2"}],
        "discovery_signals_b": {"opportunities": [RFP, {"id": "opp-3"}]},
        "discovery_buyers": [{"buyerId": "b-1"}, {"buyerId": "b-2"}],
        "featured_buyer_id": "b-1",
        "featured_buyer_name": "Elm City Schools",
        "secondary_buyers": [{"buyer_id": "b-2", "buyer_name": "Oak College"}],
        "validation_result": {"is_valid": True, "claims_checked": 31, "issues": []},
        "notion_url": "https://www.notion.so/VMock-9e3c8280f9cc5f8aa80875cd7d8902d0",
    }
    answer = take(write_file(tmp_path / "old.db", runs=[run]))

    assert answer["problems"] == []
    assert counts(answer, "added") == {"runs": 1, "discoveries": 0, "contacts": 0, "audit_log": 0}
    [found] = Warehouse().runs(limit=5).to_dict(orient="records")
    expected = {
        "domain": "vmock.example", "company": "VMock", "status": "success", "source": "predecessor", "tier": 3,
        "campaign_id": "17", "prospect_email": "ana.diaz@vmock.example", "featured_buyer_id": "b-1",
        "featured_buyer_name": "Elm City Schools", "verdict": "passed", "claims": 31, "findings": 0,
        "page_id": "9e3c8280-f9cc-5f8a-a808-75cd7d8902d0",
        "page_url": "https://www.notion.so/VMock-9e3c8280f9cc5f8aa80875cd7d8902d0",
        "signals_scanned": 3, "buyers_scored": 2,
        "duration_seconds": 330.0, "started_at": at("2025-03-04 09:00"), "ended_at": at("2025-03-04 09:05:30"),
    }  # fmt: skip
    assert {name: found[name] for name in expected} == expected
    assert json.loads(found["secondary_buyers_json"]) == [{"buyer_id": "b-2", "buyer_name": "Oak College"}]
    strategy = SearchStrategy.model_validate_json(found["strategy_json"])
    assert strategy.primary_keywords == ("career platform", "resume review")
    assert (strategy.segments, strategy.states) == (("Universities",), ("TX", "NY"))
    assert strategy.buyer_types == ("HigherEducation", "SchoolDistrict")


def test_a_discovery_takes_the_opportunity_that_it_is_about(tmp_path: Path) -> None:
    rows = [
        {"id": 1, "signal_summary": " career  platform RFP"},
        {"id": 2, "signal_summary": "The district wants a career platform."},
        {"id": 3, "buyer_id": "b-2"},
        {"id": 4, "signal_summary": "Something else", "signal_type": "leadership change"},
    ]
    run = {"discovery_signals_a": [RFP], "featured_buyer_id": "b-1"}
    answer = take(write_file(tmp_path / "old.db", runs=[run], discoveries=rows))

    assert answer["problems"] == []
    columns = "predecessor_id, signal_id = 'opp-1', kind, state, due_date, amount, role, predecessor_score, score"
    assert history(f"SELECT {columns} FROM discoveries ORDER BY predecessor_id") == [  # noqa: S608 -- constants
        ("1", True, "rfp", "open", date(2025, 3, 20), 250_000.0, "featured", 87.5, None),
        ("2", False, "rfp", "open", date(2025, 3, 20), 250_000.0, "featured", 87.5, None),
        ("3", False, "rfp", "unknown", None, None, None, 87.5, None),
        ("4", False, "leadership change", "unknown", None, None, "featured", 87.5, None),
    ]
    assert history("SELECT count(DISTINCT signal_id) FROM discoveries") == [(4,)]


def test_contacts_and_steps_come_over(tmp_path: Path) -> None:
    steps = [
        {"id": 1, "status": "timeout", "message": "no answer for ana@vmock.example"},
        {"id": 2, "status": "warning"},
        {"id": 3, "step": "publish", "status": "skipped"},
        {"id": 4, "metadata": {"signals": 12, "note": "fine", "raw": "x" * 5000, "list": [1]}},
    ]
    answer = take(write_file(tmp_path / "old.db", runs=[{}], contacts=[{}], audit_log=steps))

    assert answer["problems"] == []
    assert history("SELECT domain, buyer_id, name, title, email, verified, shown_at FROM contacts") == [
        (
            "vmock.example",
            "b-1",
            "Rosa Underhill",
            "Director",
            "rosa.underhill@elm.example",
            True,
            at("2025-03-04 09:02"),
        )
    ]
    assert history("SELECT step, attempt, status FROM audit_log ORDER BY predecessor_id") == [
        ("discovery", 1, "timeout"), ("discovery", 2, "warning"), ("publish", 1, "skipped"),
        ("discovery", 3, "success"),
    ]  # fmt: skip
    assert history("SELECT message FROM audit_log WHERE attempt = 1 AND step = 'discovery'") == [
        ("no answer for ***@vmock.example",)
    ]
    assert json.loads(history("SELECT metadata_json FROM audit_log WHERE attempt = 3")[0][0]) == {
        "signals": 12, "note": "fine",
    }  # fmt: skip


def test_the_end_of_a_run_is_told_as_the_predecessor_knew_it(tmp_path: Path) -> None:
    runs = [
        {"id": number, "status": status, "created_at": f"2025-03-0{number} 09:00:00"}
        for number, status in enumerate(("completed", "failed", "cancelled", "pending", "processing"), start=1)
    ]
    take(
        write_file(tmp_path / "old.db", runs=runs, audit_log=[{"run_id": 2, "status": "failure", "message": "no page"}])
    )

    assert history("SELECT status, failed_step, error FROM runs ORDER BY started_at") == [
        ("success", None, None),
        ("failure", "discovery", "no page"),
        ("canceled", None, None),
        ("canceled", None, "the predecessor never ended this run: it is pending there"),
        ("canceled", None, "the predecessor never ended this run: it is processing there"),
    ]
    listed = intent("runs", "vmock.example", "--json").json
    assert [run["status"] for run in listed] == ["canceled", "canceled", "canceled", "failure", "success"]


def test_a_second_import_adds_nothing_wherever_the_file_is(tmp_path: Path) -> None:
    everything: dict[str, Any] = {
        "runs": [{"discovery_signals_a": [RFP]}], "discoveries": [{}, {"id": 2}], "contacts": [{}], "audit_log": [{}],
    }  # fmt: skip
    file = write_file(tmp_path / "old.db", **everything)
    first = take(file)
    before = sizes()
    elsewhere = file.rename(tmp_path / "moved elsewhere.sqlite")
    second = take(elsewhere)

    assert counts(first, "added") == before == {"runs": 1, "discoveries": 2, "contacts": 1, "audit_log": 1}
    assert counts(second, "added") == dict.fromkeys(before, 0)
    assert counts(second, "known") == before
    assert sizes() == before


def test_a_file_that_has_grown_brings_what_is_new(tmp_path: Path) -> None:
    file = write_file(tmp_path / "old.db", runs=[{"status": "processing", "completed_at": None}], audit_log=[{}])
    take(file)
    write_file(file, runs=[{"id": 2}], discoveries=[{}, {"id": 2, "run_id": "2"}], audit_log=[{"id": 2}])
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE runs SET status = 'completed', completed_at = ? WHERE id = 1", [RUN["completed_at"]])
    answer = take(file)

    assert counts(answer, "added") == {"runs": 1, "discoveries": 2, "contacts": 0, "audit_log": 1}
    assert counts(answer, "updated")["runs"] == 1
    assert history("SELECT status, error, duration_seconds FROM runs") == [("success", None, 330.0)] * 2
    assert history("SELECT attempt FROM audit_log ORDER BY attempt") == [(1,), (2,)]


def test_two_files_with_the_same_ids_stay_apart(tmp_path: Path) -> None:
    one = write_file(tmp_path / "one.db", runs=[{}], discoveries=[{}])
    two = write_file(
        tmp_path / "two.db", runs=[{"target_domain": "oak.example"}], discoveries=[{"target_domain": None}]
    )
    take(one)
    take(two)

    assert history("SELECT domain, count(DISTINCT run_id), count(*) FROM discoveries GROUP BY ALL ORDER BY ALL") == [
        ("oak.example", 1, 1),
        ("vmock.example", 1, 1),
    ]


def test_sightings_before_and_after_our_own_are_put_in_order(tmp_path: Path) -> None:
    """Our own run saw the signal in June; the predecessor in March and, twice on file, in September."""
    ours = at("2025-06-01 12:00")
    warehouse = Warehouse()
    with warehouse.transaction("an own run") as connection:
        connection.execute(
            "INSERT INTO discoveries BY NAME SELECT 'own' AS run_id, 'vmock.example' AS domain, 'opp-1' AS signal_id, "
            "$seen AS first_seen, $seen AS seen_at",
            {"seen": ours},
        )
    warehouse.record_report(RunFacts(run_id="own", domain="vmock.example"), ReportFacts())
    runs = [
        {"id": 1, "discovery_signals_a": [RFP]},
        {"id": 2, "discovery_signals_a": [RFP], "created_at": "2025-09-01 09:00:00"},
    ]
    rows: list[dict[str, Any]] = [{"id": 2, "run_id": 2, "discovered_at": "2025-09-01 09:01:00"}, {"id": 1}]
    take(write_file(tmp_path / "old.db", runs=runs, discoveries=rows))

    march, september = at("2025-03-04 09:01"), at("2025-09-01 09:01")
    assert history("SELECT seen_at, first_seen, last_seen FROM discoveries ORDER BY seen_at") == [
        (march, march, None),
        (ours, march, march),
        (september, march, ours),
    ]


def test_what_cannot_be_read_is_named_and_stops_nothing(tmp_path: Path) -> None:
    runs: list[dict[str, Any]] = [
        {"id": 1, "search_strategy": "{broken", "validation_result": '{"score": "\\ud800"}', "tier": "gold"},
        {"id": 2, "target_domain": "not a domain"},
        {"id": None},
        {"id": 4, "status": "exploded", "created_at": "04/03/2025", "completed_at": None},
        {"id": 1, "target_domain": "twin.example"},
        {"id": 6, "target_domain": b"\xff\xfe"},
        {"id": 7, "created_at": "2025-02-30 10:00:00", "discovery_signals_a": '"a text"', "notion_url": "page 7"},
        {"id": "run-8", "target_domain": "https://www.Oak.example/about"},
    ]
    discoveries: list[dict[str, Any]] = [
        {"id": 1},
        {"id": 2, "run_id": 2},
        {"id": 3, "run_id": 99},
        {"id": None},
        {"id": 5, "discovered_at": 1741078800, "signal_score": "high"},
        {"id": 6, "run_id": 4, "discovered_at": "yesterday"},
        {"id": 7, "run_id": None},
        {"id": 8, "run_id": "run-8", "target_domain": "127.0.0.1"},
        {"id": 1},
    ]
    contacts = [{"id": 1, "email_verified": "maybe"}, {"id": 2, "run_id": "1"}]
    steps: list[dict[str, Any]] = [
        {"id": 1, "status": "odd"},
        {"id": 2, "metadata": "[1, 2", "duration_seconds": -4},
        {"id": 3, "step": None},
    ]
    file = write_file(tmp_path / "old.db", runs=runs, discoveries=discoveries, contacts=contacts, audit_log=steps)
    answer = take(file)

    assert counts(answer, "read") == {"runs": 8, "discoveries": 9, "contacts": 2, "audit_log": 3}
    assert counts(answer, "added") == {"runs": 4, "discoveries": 3, "contacts": 2, "audit_log": 1}
    assert counts(answer, "set_aside") == {"runs": 4, "discoveries": 6, "contacts": 0, "audit_log": 2}
    assert reasons(answer) == {
        ("runs", "1", "search_strategy", False), ("runs", "1", "validation_result", False),
        ("runs", "1", "tier", False),
        ("runs", "2", "target_domain", True), ("runs", None, "id", True), ("runs", "4", "status", False),
        ("runs", "4", "created_at", False), ("runs", "1", "id", True), ("runs", "6", "target_domain", True),
        ("runs", "7", "created_at", False), ("runs", "7", "discovery_signals_a", False),
        ("runs", "7", "notion_url", False), ("discoveries", "2", "run_id", True), ("discoveries", "3", "run_id", True),
        ("discoveries", None, "id", True), ("discoveries", "5", "discovered_at", False),
        ("discoveries", "5", "signal_score", False), ("discoveries", "6", "discovered_at", False),
        ("discoveries", "6", "discovered_at", True), ("discoveries", "7", "run_id", True),
        ("discoveries", "8", "target_domain", False), ("discoveries", "1", "id", True),
        ("contacts", "1", "email_verified", False), ("audit_log", "1", "status", True),
        ("audit_log", "2", "metadata", False), ("audit_log", "2", "duration_seconds", False),
        ("audit_log", "3", "step", True),
    }  # fmt: skip
    assert history("SELECT domain FROM discoveries WHERE predecessor_id = '8'") == [("oak.example",)]
    assert intent("runs").exit_code == 0


def test_persons_say_what_was_read_and_what_was_not(tmp_path: Path) -> None:
    file = write_file(tmp_path / "old.db", runs=[{}, {"id": 2, "target_domain": "nonsense"}])
    ran = intent("import", str(file))

    assert ran.exit_code == 0
    assert "runs row 2 target_domain: 'nonsense' is not the domain of a company" in ran.stderr
    assert "(row set aside)" in ran.stderr
    assert "set aside" in ran.stdout


def test_an_older_file_lacks_columns_and_tables(tmp_path: Path) -> None:
    old = {"runs": ("id", "target_domain", "status"), "contacts": ("id", "contact_name")}
    answer = take(write_file(tmp_path / "old.db", columns=old, runs=[{}], contacts=[{}]))  # type: ignore[arg-type]  # narrower

    assert counts(answer, "added") == {"runs": 1, "discoveries": 0, "contacts": 0, "audit_log": 0}
    assert reasons(answer) == {("contacts", None, "run_id", True)}
    assert history("SELECT domain, status, started_at FROM runs") == [("vmock.example", "success", None)]
    assert intent("runs").exit_code == 0


def test_the_file_itself_is_never_written_to(tmp_path: Path) -> None:
    folder = tmp_path / "source"
    folder.mkdir()
    file = write_file(folder / "old.db", runs=[{}])
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
    before = sha256(file.read_bytes()).hexdigest()
    take(file)

    assert sha256(file.read_bytes()).hexdigest() == before
    assert [path.name for path in folder.iterdir()] == ["old.db"]


def test_what_a_writer_has_not_checkpointed_is_read_as_well(tmp_path: Path) -> None:
    file = write_file(tmp_path / "old.db")
    with closing(sqlite3.connect(file)) as writer:
        writer.execute("PRAGMA journal_mode = WAL")
        writer.execute("INSERT INTO runs (id, target_domain, status) VALUES (1, 'vmock.example', 'completed')")
        writer.commit()
        assert counts(take(file), "added")["runs"] == 1


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param(None, "there is no file", id="missing"),
        pytest.param(b"", "is empty", id="empty"),
        pytest.param(b"id,target_domain\n1,vmock.example\n", "is no SQLite file, or an encrypted one", id="a CSV file"),
        pytest.param(bytes(range(256)) * 16, "is no SQLite file, or an encrypted one", id="encrypted"),
    ],
)
def test_what_is_no_sqlite_file_is_an_error_that_says_so(tmp_path: Path, content: bytes | None, said: str) -> None:
    file = tmp_path / "old.db"
    if content is not None:
        file.write_bytes(content)
    ran = intent("import", str(file))

    assert ran.exit_code == 1
    assert said in (ran.error or "")


def test_a_damaged_file_is_an_error_that_says_so(tmp_path: Path) -> None:
    file = write_file(tmp_path / "old.db", runs=[{"id": number, "tier": "2"} for number in range(500)])
    content = bytearray(file.read_bytes())
    content[3 * 4096 : 9 * 4096] = os.urandom(6 * 4096)
    file.write_bytes(content)
    ran = intent("import", str(file))

    assert ran.exit_code == 1
    assert "damaged" in (ran.error or "")


def test_a_locked_file_is_an_error_that_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("intent_assets.resources.predecessor_file.BUSY_SECONDS", 0.1)
    file = write_file(tmp_path / "old.db", runs=[{}])
    with closing(sqlite3.connect(file, isolation_level=None)) as writer:
        writer.execute("BEGIN EXCLUSIVE")
        ran = intent("import", str(file))

    assert ran.exit_code == 1
    assert "Another program is writing to it" in (ran.error or "")


def test_an_import_that_was_killed_is_taken_up_again(tmp_path: Path) -> None:
    runs = [{"id": number, "created_at": f"2025-03-04 09:00:{number:02d}"} for number in range(60)]
    start = at("2025-03-04 09:00:00")
    rows = [
        {"id": number, "run_id": number % 60, "discovered_at": f"{start + timedelta(seconds=number):%Y-%m-%d %H:%M:%S}"}
        for number in range(60_000)
    ]
    steps = [{"id": number, "run_id": number % 60} for number in range(600)]
    file = write_file(tmp_path / "old.db", runs=runs, discoveries=rows, audit_log=steps)
    command = [sys.executable, "-m", "intent_assets.cli", "import", str(file)]
    killed = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    lock = Path("home/history.duckdb.lock")
    while not (ended(killed, within=0.002) or (lock.exists() and "import discoveries" in lock.read_text("utf-8"))):
        continue
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    take(file)

    assert sizes() == {"runs": 60, "discoveries": 60_000, "contacts": 0, "audit_log": 600}
    assert history("SELECT count(DISTINCT (run_id, predecessor_id)) FROM discoveries") == [(60_000,)]
    assert history("SELECT min(attempt), max(attempt) FROM audit_log") == [(1, 10)]


def test_only_columns_that_the_history_has_are_kept(tmp_path: Path) -> None:
    columns = {**COLUMNS, "contacts": (*COLUMNS["contacts"], "home_address")}
    take(write_file(tmp_path / "old.db", columns=columns, runs=[{}], contacts=[{"home_address": "12 Elm Street"}]))

    assert b"12 Elm Street" not in Path("home/history.duckdb").read_bytes()
    assert history("SELECT name FROM contacts") == [(CONTACT["contact_name"],)]
