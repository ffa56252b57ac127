"""Homes of Dagster in which nothing has run yet: their tables are made once for all tests of a session."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import dagster as dg
from filelock import FileLock


def home_made_once(shared: Path) -> Path:
    """Return the home of the session, made by the first to ask for it; it is copied, never changed."""
    folder, made = shared / "dagster", shared / "dagster.made"
    with FileLock(shared / "dagster.lock"):
        if not made.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(mode=0o700)
            with dg.DagsterInstance.local_temp(str(folder), overrides={"telemetry": {"enabled": False}}) as instance:
                instance.get_runs_count()
                instance.get_dynamic_partitions("")
                instance.all_instigator_state()
            whole_databases(folder)
            made.touch()
    return folder


def whole_databases(folder: Path) -> None:
    """Write into the files of SQLite what stands beside them: a process may have them open still."""
    for database in folder.rglob("*.db"):
        with closing(sqlite3.connect(database)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
