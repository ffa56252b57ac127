"""The history under other processes, killed owners, other versions, damaged files and full disks."""

import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import duckdb
import pytest

from intent_assets.errors import WarehouseError
from intent_assets.resources.warehouse import Warehouse
from intent_assets.resources.warehouse_migrations import Migration, migrate, migrations
from intent_assets.resources.warehouse_rows import ReportFacts, RunFacts, RunRow

SET_UP = """
import sys, time
from pathlib import Path
from intent_assets.resources.warehouse import Warehouse
from intent_assets.resources.warehouse_rows import ReportFacts, RunFacts, RunRow, StepRow
file, name = Path(sys.argv[1]), sys.argv[2]
warehouse = Warehouse(path=str(file))
"""

INSERTS = """
while not file.with_name("go").exists():
    time.sleep(0.01)
for number in range(10):
    warehouse.record_report(RunFacts(run_id=f"{name}-{number}", domain="vmock.example"), ReportFacts(claims=number))
    if number % 5 == 0:
        mine = warehouse.run(f"{name}-{number}")
        assert mine["claims"].tolist() == [number], mine
print("done")
"""

HALF_DONE = """
with warehouse._writing("half a transaction") as connection:
    connection.execute("INSERT INTO runs (run_id, domain) SELECT 'half-' || range, '' FROM range(100000)")
    print("in the middle", flush=True)
    time.sleep(60)
"""

FOREIGN_OWNER = """
import sys, time, duckdb
connection = duckdb.connect(sys.argv[1])
print("open", flush=True)
time.sleep(float(sys.argv[2]))
connection.close()
"""

FULL_DISK = """
import resource
warehouse.record_report(RunFacts(run_id="before", domain=""), ReportFacts())
limit = file.stat().st_size + 4096
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
from intent_assets.errors import WarehouseError
try:
    for number in range(20):
        rows = [
            RunRow(run_id=f"{number}-{each}", domain="", status="failure", error=f"{each:0500}") for each in range(2000)
        ]
        warehouse.record_run(rows, [])
except WarehouseError as problem:
    print(problem)
"""

ORDINARY_USER = """
import os
from intent_assets.errors import WarehouseError
import duckdb, filelock, pandas, pyarrow
if os.geteuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
try:
    warehouse.record_report(RunFacts(run_id="r2", domain=""), ReportFacts())
except WarehouseError as problem:
    print(problem)
"""


def start(script: str, *arguments: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", script, *map(str, arguments)], text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def finish(process: subprocess.Popen[str]) -> str:
    output, errors = process.communicate(timeout=100)
    assert process.returncode == 0, errors
    return output.strip()


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    return Warehouse(path=str(tmp_path / "history.duckdb"), lock_timeout=20)


@pytest.fixture
def recorded(warehouse: Warehouse) -> Warehouse:
    warehouse.record_run([RunRow(run_id="r1", domain="vmock.example", status="success")], [])
    return warehouse


def test_eight_processes_on_a_new_file_lose_nothing(warehouse: Warehouse) -> None:
    processes = [start(SET_UP + INSERTS, warehouse.file, f"p{number}") for number in range(8)]
    warehouse.file.with_name("go").touch()
    assert [finish(process) for process in processes] == ["done"] * 8
    assert sorted(warehouse.runs(limit=1000)["run_id"]) == sorted(f"p{p}-{n}" for p in range(8) for n in range(10))


def test_a_killed_owner_leaves_what_was_committed_and_a_free_lock(recorded: Warehouse) -> None:
    process = start(SET_UP + HALF_DONE, recorded.file, "victim")
    assert process.stdout is not None
    assert process.stdout.readline() == "in the middle\n"
    process.kill()
    process.communicate()
    began = time.monotonic()
    assert recorded.runs()["run_id"].tolist() == ["r1"]
    recorded.record_report(RunFacts(run_id="r2", domain=""), ReportFacts())
    assert time.monotonic() - began < 10
    assert set(recorded.runs()["run_id"]) == {"r1", "r2"}


def test_a_program_without_our_lock_is_waited_for(recorded: Warehouse) -> None:
    process = start(FOREIGN_OWNER, recorded.file, 0.5)
    assert process.stdout is not None
    assert process.stdout.readline() == "open\n"
    assert recorded.runs()["run_id"].tolist() == ["r1"]
    finish(process)


def test_a_program_without_our_lock_that_stays_is_named(recorded: Warehouse) -> None:
    process = start(FOREIGN_OWNER, recorded.file, 60)
    assert process.stdout is not None
    assert process.stdout.readline() == "open\n"
    try:
        with pytest.raises(WarehouseError, match=rf"PID {process.pid}.*close it there and try again"):
            Warehouse(path=recorded.path, lock_timeout=0.3).runs()
    finally:
        process.kill()
        process.communicate()


def test_migrations_are_recorded(recorded: Warehouse) -> None:
    with duckdb.connect(str(recorded.file)) as connection:
        rows = connection.execute("SELECT number, name, sha256, applied_at FROM schema_migrations").fetchall()
    assert [row[:3] for row in rows] == [(each.number, each.name, each.sha256) for each in migrations()]
    assert rows[0][1] == "history"
    assert rows[0][2] == sha256(migrations()[0].sql.encode()).hexdigest()
    assert rows[0][3] is not None


@pytest.mark.parametrize(
    ("change", "message"),
    [
        pytest.param(
            "UPDATE schema_migrations SET sha256 = 'of another text' WHERE number = 1",
            "the migration 0001_history is not the one",
            id="a migration was changed after it was applied",
        ),
        pytest.param(
            "INSERT INTO schema_migrations VALUES (99, 'from_the_future', '', now())",
            r"newer than this program: it has the migration 0099_from_the_future",
            id="a newer version has written the file",
        ),
    ],
)
def test_a_database_of_another_version_is_refused(recorded: Warehouse, change: str, message: str) -> None:
    with duckdb.connect(str(recorded.file)) as connection:
        connection.execute(change)
    with pytest.raises(WarehouseError, match=message):
        recorded.runs()


def test_a_migration_that_fails_leaves_the_version_before(tmp_path: Path) -> None:
    file = str(tmp_path / "history.duckdb")
    first = Migration(1, "first", "CREATE TABLE a (x INTEGER); INSERT INTO a VALUES (7);")
    broken = Migration(2, "second", "ALTER TABLE a ADD COLUMN y INTEGER; INSERT INTO nowhere VALUES (1);")
    mended = Migration(2, "second", "ALTER TABLE a ADD COLUMN y INTEGER;")

    def run(*known: Migration) -> list[tuple[Any, ...]]:
        with duckdb.connect(file) as connection:
            migrate(connection, known, file)
            return connection.execute("SELECT * FROM a").fetchall()

    with pytest.raises(duckdb.CatalogException):
        run(first, broken)
    assert run(first) == [(7,)]
    assert run(first, mended) == [(7, None)]
    assert run(first, mended) == [(7, None)]


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"this is a text, and not a short one, about something else\n" * 200, id="a text file"),
        pytest.param(b"SQLite format 3\x00" + bytes(8192), id="the predecessor's kind of file"),
    ],
)
def test_a_file_that_is_no_duckdb_file_is_named_and_left_alone(warehouse: Warehouse, content: bytes) -> None:
    warehouse.file.write_bytes(content)
    with pytest.raises(WarehouseError, match=r"history\.duckdb: .*move it away"):
        warehouse.record_report(RunFacts(run_id="r1", domain=""), ReportFacts())
    assert warehouse.file.read_bytes() == content


def test_a_damaged_file_is_named(recorded: Warehouse) -> None:
    content = bytearray(recorded.file.read_bytes())
    content[4096:12288] = bytes(8192)
    recorded.file.write_bytes(content)
    with pytest.raises(WarehouseError, match=r"history\.duckdb: .*move it away"):
        recorded.runs()


def test_a_folder_in_the_files_place_is_named(warehouse: Warehouse) -> None:
    warehouse.file.mkdir()
    with pytest.raises(WarehouseError, match="check that it is a file"):
        warehouse.record_report(RunFacts(run_id="r1", domain=""), ReportFacts())


def test_a_file_in_the_folders_place_is_named(tmp_path: Path) -> None:
    (tmp_path / "home").touch()
    with pytest.raises(WarehouseError, match="INTENT_HOME"):
        Warehouse(path=str(tmp_path / "home" / "history.duckdb")).record_report(
            RunFacts(run_id="r1", domain=""), ReportFacts()
        )


def test_a_full_disk_is_named_and_costs_nothing_recorded(warehouse: Warehouse) -> None:
    message = finish(start(SET_UP + FULL_DISK, warehouse.file, "x"))
    assert "full: free some space" in message
    assert str(warehouse.file) in message
    assert not warehouse.run("before").empty
    warehouse.record_report(RunFacts(run_id="after", domain=""), ReportFacts())


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user can reach; pytest's own are closed to others."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(stat.S_IRWXU | stat.S_IRGRP | stat.S_IXGRP | stat.S_IROTH | stat.S_IXOTH)
        yield Path(name)


@pytest.mark.parametrize("writable_folder", [True, False], ids=["the file", "the folder"])
def test_no_permission_to_write_is_named(open_folder: Path, writable_folder: bool) -> None:
    warehouse = Warehouse(path=str(open_folder / "history.duckdb"))
    warehouse.record_report(RunFacts(run_id="r1", domain=""), ReportFacts())
    warehouse.file.chmod(0o444)
    lock = warehouse.file.with_name("history.duckdb.lock")
    lock.chmod(0o666 if writable_folder else 0o444)
    open_folder.chmod(0o777 if writable_folder else 0o555)
    try:
        message = finish(start(SET_UP + ORDINARY_USER, warehouse.file, "x"))
    finally:
        open_folder.chmod(0o700)
    assert "check" in message.lower()
    assert "permission" in message.lower()
    assert str(warehouse.file) in message
