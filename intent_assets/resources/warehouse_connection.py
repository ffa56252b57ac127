"""Opening and closing the history's file, values for its statements, and what DuckDB's errors mean to a person."""

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic, sleep
from typing import TYPE_CHECKING

from intent_assets.errors import WarehouseError
from intent_assets.resources.warehouse_migrations import migrate, migrations

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_LOG = logging.getLogger(__name__)

Value = str | int | datetime | None

FOREIGN_LOCK = "Could not set lock"
SMALL_FILE = 10_000_000
SHORT_LOG = 32_000
LONG_LOG = 1_000_000
"""Bytes: some 30 small transactions, and some four runs with their signals; each takes 1 to 3 ms at every opening."""

CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}
"""No extension is downloaded or loaded by itself."""


@contextmanager
def connection_to(database: str, file: Path, until: float) -> Iterator["DuckDBPyConnection"]:
    """Open `database` in its newest form and close it again; a transaction that is open then is rolled back.

    What was committed stays in the log beside the file (`.wal`) until a checkpoint writes it into the file: that takes
    far longer than a commit and need not be waited for. Waits until the monotonic time `until` for a program that does
    not know of our lock. Raises WarehouseError for any error of DuckDB, also one of the work done on the connection.
    """
    import duckdb

    try:
        connection = _connect(database, until)
        try:
            connection.execute("SET TimeZone = 'UTC'; PRAGMA disable_checkpoint_on_shutdown")
            if migrate(connection, migrations(), database):
                settle_log(connection)
            yield connection
        finally:
            connection.close()
    except duckdb.Error as problem:
        raise explain(problem, file) from problem


def set_variables(connection: "DuckDBPyConnection", values: Mapping[str, Value]) -> None:
    """Set what the statements read with `getvariable`.

    Filters on parameters (`?`) are not used to pass over parts of a table: on `runs` that took 50 ms instead of 2.
    """
    if values:
        connection.execute("; ".join(f'SET VARIABLE "{name}" = {_literal(value)}' for name, value in values.items()))


def settle_log(connection: "DuckDBPyConnection") -> None:
    """Write the log into the file. Nothing is lost where that fails: the log stays, and the next one tries again."""
    import duckdb

    try:
        connection.execute("CHECKPOINT")
    except duckdb.Error as problem:
        _LOG.warning("the history's log could not be written into its file: %s", " ".join(str(problem).split())[:400])


def explain(problem: Exception, file: Path) -> WarehouseError:
    """Return an error of DuckDB with what to do about it."""
    text = " ".join(str(problem).split())[:400]
    lowered = text.lower()
    if "could not set lock" in lowered:
        advice = "Another program has it open: close it there and try again."
    elif "no space left" in lowered or "file too large" in lowered or "could not write all bytes" in lowered:
        advice = f"The disk of {file.parent} is full: free some space and try again; what was recorded before is safe."
    elif "permission denied" in lowered or "read-only" in lowered:
        advice = "It can't be written to: check the permissions of the file and of its folder."
    elif "cannot open file" in lowered or "is a directory" in lowered:
        advice = "It can't be opened: check that it is a file and that INTENT_HOME points to the right folder."
    elif (
        "not a valid duckdb" in lowered
        or "extension" in lowered
        or "serializ" in lowered
        or "checksum" in lowered
        or "corrupt" in lowered
        or "wal file" in lowered
    ):
        advice = (
            f"It is damaged or not a DuckDB file: move it away{_moving(file)}; the next run starts a new history. "
            "Pages and values do not depend on it."
        )
    elif "version number" in lowered:
        advice = (
            "It was written by a DuckDB of another generation (2 loses rows, so it is not used here). Bring it back "
            "with that one: EXPORT DATABASE 'folder', then here, into a new file: IMPORT DATABASE 'folder'. Or move it "
            f"away{_moving(file)}: the next run starts a new history."
        )
    else:
        advice = "Nothing of this step was recorded."
    return WarehouseError(f"history {file}: {text} {advice}")


def is_log_long(file: Path) -> bool:
    """Say whether the log has to be written into the file although no run has ended: it is read at every opening.

    Into a small file it is written in no time, so that it can stay short there.
    """
    log = log_of(file)
    if not log.exists():
        return False
    return log.stat().st_size > (LONG_LOG if file.stat().st_size > SMALL_FILE else SHORT_LOG)


def log_of(file: Path) -> Path:
    """Return where DuckDB keeps what was committed and is not in `file` yet."""
    return file.with_name(file.name + ".wal")


def _moving(file: Path) -> str:
    # DuckDB deletes a log whose file is gone
    log = f"; mv {log_of(file)} {file}.damaged.wal" if log_of(file).exists() else ""
    return f" (mv {file} {file}.damaged{log})"


def _literal(value: Value) -> str:
    if value is None:
        return "NULL::VARCHAR"
    if isinstance(value, datetime):
        return f"TIMESTAMPTZ '{value.astimezone(UTC).isoformat()}'"
    return str(value) if isinstance(value, int) else "'" + value.replace("'", "''") + "'"


def _connect(database: str, until: float) -> "DuckDBPyConnection":
    import duckdb

    while True:
        try:
            return duckdb.connect(database, config=CONFIG)
        except duckdb.IOException as problem:
            # held by a program that does not know of our lock, for instance DuckDB's own command line
            if FOREIGN_LOCK not in str(problem) or monotonic() > until:
                raise
            sleep(0.05)
