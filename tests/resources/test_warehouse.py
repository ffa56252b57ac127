"""The history's file: what is recorded, repeated, read back, and what a person is told when it can't be used."""

import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest

from intent_assets.errors import WarehouseError
from intent_assets.records import Contact, Reply, SearchStrategy
from intent_assets.resources.warehouse import Warehouse
from intent_assets.resources.warehouse_lock import owner_of
from intent_assets.resources.warehouse_migrations import migrations
from intent_assets.resources.warehouse_rows import ReportFacts, RunFacts, RunRow, StepRow
from intent_assets.tables import DISCOVERIES, SCORED_BUYERS

FIRST = datetime(2026, 11, 3, 9, 0, tzinfo=UTC)


def frame(columns: Mapping[str, str], rows: Sequence[Mapping[str, object]]) -> pd.DataFrame:
    made = pd.DataFrame([dict(row) for row in rows], columns=list(columns))
    return made.astype({name: dtype for name, dtype in columns.items() if dtype != "date"})


def signals(*ids: str) -> pd.DataFrame:
    return frame(DISCOVERIES, [{"signal_id": name, "buyer_id": "b1", "buyer_name": "Elm City"} for name in ids])


SCORED = frame(SCORED_BUYERS, [{"buyer_id": "b1", "rank": 1, "role": "featured", "score": 0.5, "recency": 0.25}])


def run_of(run_id: str, domain: str = "vmock.example", *, days: int = 0) -> RunFacts:
    return RunFacts(run_id=run_id, domain=domain, reply_id="r-1", seen_at=FIRST + timedelta(days=days))


def query(file: Path, statement: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(file)) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        return connection.execute(statement).fetchall()


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    return Warehouse(path=str(tmp_path / "state" / "history.duckdb"), lock_timeout=5)


def test_reading_before_the_first_run_is_empty_and_creates_nothing(warehouse: Warehouse) -> None:
    assert warehouse.runs().empty
    assert warehouse.steps("r").empty
    assert warehouse.signals_seen("vmock.example").empty
    assert "no history yet" in warehouse.check()
    assert not warehouse.file.parent.exists()


def test_the_file_is_the_one_of_the_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTENT_HOME", str(tmp_path / "elsewhere"))
    Warehouse().record_report(run_of("r1"), ReportFacts())
    assert (tmp_path / "elsewhere" / "history.duckdb").is_file()


def test_a_signal_is_kept_as_seen_and_scored(warehouse: Warehouse) -> None:
    found = frame(
        DISCOVERIES,
        [
            {
                "signal_id": "s1",
                "buyer_id": "b1",
                "title": "Road salt",
                "event_date": date(2026, 10, 1),
                "amount": 12.5,
            },
            {"signal_id": "s2", "buyer_id": "unscored", "kind": "rfp"},
        ],
    )
    assert warehouse.record_discoveries(run_of("r1"), found, SCORED) == 2
    columns = (
        "signal_id, title, event_date, amount, rank, role, score, recency, urgency, first_seen, last_seen, seen_at"
    )
    assert query(warehouse.file, f"SELECT {columns} FROM discoveries ORDER BY signal_id") == [  # noqa: S608 - a constant
        ("s1", "Road salt", date(2026, 10, 1), 12.5, 1, "featured", 0.5, 0.25, None, FIRST, None, FIRST),
        ("s2", None, None, None, None, None, None, None, None, FIRST, None, FIRST),
    ]


def test_recording_the_same_again_changes_nothing(warehouse: Warehouse) -> None:
    contact = Contact(contact_id="c1", buyer_id="b1", name="Ana Ruiz", email_verified=True)
    row = RunRow(run_id="r1", domain="vmock.example", status="failure", failed_step="report", error="no luck")
    steps = [
        StepRow(run_id="r1", step="report", attempt=1, status="failure", message="no luck"),
        StepRow(run_id="r1", step="report", attempt=2, status="failure", message="no luck", metadata={"n": 1}),
    ]

    def record(run: RunFacts) -> tuple[int, int]:
        added = warehouse.record_discoveries(run, signals("s1", "s2", "s1"), SCORED)
        shown = warehouse.record_contacts(run, [contact, contact], {"b1": "Elm City"}, {"c1": "decision_maker"})
        warehouse.record_report(run, ReportFacts(claims=3))
        warehouse.record_run([row], steps)
        return added, shown

    def everything() -> list[list[tuple[Any, ...]]]:
        tables = ("runs", "discoveries", "contacts", "audit_log", "schema_migrations")
        return [query(warehouse.file, f"SELECT * FROM {name} ORDER BY ALL") for name in tables]  # noqa: S608 - constants

    assert record(run_of("r1")) == (2, 1)
    before = everything()
    assert record(run_of("r1", days=2)) == (0, 0)
    assert everything() == before
    assert [len(rows) for rows in before] == [1, 2, 1, 2, len(migrations())]


def test_one_run_over_two_domains_keeps_the_signals_of_both(warehouse: Warehouse) -> None:
    assert warehouse.record_discoveries(run_of("r1", "a.example"), signals("s1"), SCORED) == 1
    assert warehouse.record_discoveries(run_of("r1", "b.example"), signals("s1"), SCORED) == 1
    warehouse.record_report(run_of("r1", "a.example"), ReportFacts(page_id="p1"))
    warehouse.record_report(run_of("r1", "b.example"), ReportFacts(page_id="p2"))
    assert warehouse.run("r1")[["domain", "page_id"]].to_numpy().tolist() == [["a.example", "p1"], ["b.example", "p2"]]


def test_first_and_last_seen_go_by_the_runs_of_the_domain(warehouse: Warehouse) -> None:
    warehouse.record_discoveries(run_of("r1"), signals("old"), SCORED)
    warehouse.record_discoveries(run_of("r2", days=5), signals("old", "newer"), SCORED)
    warehouse.record_discoveries(run_of("other", "else.example", days=6), signals("newest"), SCORED)
    warehouse.record_discoveries(run_of("r3", days=9), signals("old", "newer", "newest"), SCORED)
    rows = query(
        warehouse.file,
        "SELECT signal_id, first_seen, last_seen FROM discoveries WHERE run_id = 'r3' ORDER BY signal_id",
    )
    fifth, ninth = FIRST + timedelta(days=5), FIRST + timedelta(days=9)
    assert rows == [("newer", fifth, fifth), ("newest", ninth, None), ("old", FIRST, fifth)]


@pytest.mark.parametrize(
    ("before_run_id", "seen"),
    [
        pytest.param(None, ["a", "b", "c"], id="all that any run has seen"),
        pytest.param("r3", ["a", "b"], id="a recorded run: what was seen before it"),
        pytest.param("r1", [], id="the first run: nothing"),
        pytest.param("to come", ["a", "b", "c"], id="a run that is not recorded yet: everything"),
    ],
)
def test_signals_seen(warehouse: Warehouse, before_run_id: str | None, seen: list[str]) -> None:
    warehouse.record_discoveries(run_of("r1"), signals("a"), SCORED)
    warehouse.record_discoveries(run_of("r2", days=1), signals("b"), SCORED)
    warehouse.record_discoveries(run_of("r3", days=2), signals("c", "a"), SCORED)
    warehouse.record_discoveries(run_of("r4", "else.example"), signals("d"), SCORED)
    found = warehouse.signals_seen("vmock.example", before_run_id)
    assert found["signal_id"].tolist() == seen
    assert all(moment == FIRST for moment in found.loc[found["signal_id"] == "a", "first_seen"])


def test_what_is_known_of_a_run_comes_together_in_any_order(warehouse: Warehouse) -> None:
    reply = Reply(reply_id="r-9", domain="vmock.example", company="VMock", received_at=FIRST, source="manual")
    told: list[Callable[[], None]] = [
        lambda: warehouse.record_report(
            RunFacts.of("r1", reply), ReportFacts(strategy=SearchStrategy(segments=("x",)))
        ),
        lambda: warehouse.record_report(run_of("r1"), ReportFacts(cost_usd=0.125, secondary_buyers={"b2": "Oak"})),
        lambda: warehouse.record_run(
            [RunRow(run_id="r1", domain="vmock.example", status="success", started_at=FIRST, duration_seconds=3.5)], []
        ),
    ]
    for first in range(3):
        warehouse.file.unlink(missing_ok=True)
        for step in told[first:] + told[:first]:
            step()
        (row,) = warehouse.runs().to_dict(orient="records")
        assert (row["company"], row["cost_usd"], row["status"]) == ("VMock", 0.125, "success")
        assert (row["started_at"], row["duration_seconds"], row["tier"]) == (FIRST, 3.5, 2)
        assert row["secondary_buyers_json"] == '[{"buyer_id": "b2", "buyer_name": "Oak"}]'
        assert '"segments":["x"]' in row["strategy_json"]


def test_a_later_ending_replaces_the_error_of_an_earlier_one(warehouse: Warehouse) -> None:
    warehouse.record_run([RunRow(run_id="r1", domain="", status="failure", failed_step="x", error="lost")], [])
    warehouse.record_run([RunRow(run_id="r1", domain="", status="success")], [])
    row = warehouse.run("r1").iloc[0]
    assert row["status"] == "success"
    assert pd.isna(row["failed_step"])
    assert pd.isna(row["error"])


def test_runs_are_listed_newest_first_and_by_domain(warehouse: Warehouse) -> None:
    rows = [
        RunRow(run_id=f"r{day}", domain=f"{'ab'[day % 2]}.example", status="success", started_at=FIRST + timedelta(day))
        for day in range(5)
    ]
    warehouse.record_run(rows, [])
    assert warehouse.runs(limit=3)["run_id"].tolist() == ["r4", "r3", "r2"]
    assert warehouse.runs(domain="b.example")["run_id"].tolist() == ["r3", "r1"]
    assert "5 runs" in warehouse.check()


def test_nothing_of_a_batch_is_kept_when_part_of_it_fails(warehouse: Warehouse) -> None:
    warehouse.record_run([RunRow(run_id="r1", domain="", status="success")], [])
    costly = ReportFacts(cost_usd=1e9)
    with pytest.raises(WarehouseError, match="Nothing of this step was recorded"):
        warehouse.record_run(
            [
                RunRow(run_id="r2", domain="", status="success"),
                RunRow(run_id="r3", domain="", status="success", report=costly),
            ],
            [],
        )
    assert warehouse.runs()["run_id"].tolist() == ["r1"]


@pytest.mark.parametrize(
    ("discoveries", "message"),
    [
        pytest.param(signals("s1").drop(columns="kind"), "no column kind", id="a column is missing"),
        pytest.param(signals("s1").assign(amount="12 dollars"), "wrong type", id="a text where a number belongs"),
        pytest.param(signals("s1").assign(event_date="soon"), "wrong type", id="a text where a date belongs"),
    ],
)
def test_a_frame_of_another_form_is_refused(warehouse: Warehouse, discoveries: pd.DataFrame, message: str) -> None:
    with pytest.raises(WarehouseError, match=message):
        warehouse.record_discoveries(run_of("r1"), discoveries, SCORED)


def test_threads_take_turns(warehouse: Warehouse) -> None:
    def record(name: int) -> None:
        for number in range(5):
            warehouse.record_report(run_of(f"r{name}-{number}"), ReportFacts())

    threads = [threading.Thread(target=record, args=(name,)) for name in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(warehouse.runs(limit=100)) == 20


def test_who_waits_too_long_is_told_who_holds_the_file(warehouse: Warehouse) -> None:
    impatient = Warehouse(path=warehouse.path, lock_timeout=0.2)
    with (
        owner_of(warehouse.file, "long import", 1),
        pytest.raises(WarehouseError, match=r"process \d+ \(.*long import, since .*longer than the 0.2 s"),
    ):
        impatient.record_report(run_of("r1"), ReportFacts())
    impatient.record_report(run_of("r1"), ReportFacts())


def test_the_lock_is_free_after_an_error(warehouse: Warehouse) -> None:
    with pytest.raises(WarehouseError):
        warehouse.record_report(run_of("r1"), ReportFacts(cost_usd=1e12))
    Warehouse(path=warehouse.path, lock_timeout=0.2).record_report(run_of("r1"), ReportFacts())
