"""The predecessor's SQLite file, opened for reading only: its rows, table by table."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from intent_assets.errors import PredecessorError
from intent_assets.predecessor_reading import COLUMNS, NEEDED, TableName

BUSY_SECONDS = 5.0
PLACE = "place in the file"
_MAGIC = b"SQLite format 3\0"
_AT_ONCE = 1000


class PredecessorFile:
    """An open file. Methods raise `PredecessorError` where the file can't be read further."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self._path = path
        found = self._all("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")
        self._tables = {str(name).lower() for (name,) in found}

    def has(self, table: TableName) -> bool:
        """Say whether the file has the table."""
        return table in self._tables

    def missing(self, table: TableName) -> list[str]:
        """Return the columns that are needed and that the table does not have."""
        return [column for column in NEEDED[table] if column not in self._columns(table)]

    def count(self, table: TableName) -> int:
        """Return the number of rows."""
        return int(self._all(f'SELECT count(*) FROM "{table}"')[0][0])  # noqa: S608 -- one of our four names

    def rows(self, table: TableName) -> Iterator[Mapping[str, Any]]:
        """Yield the rows with the columns of `COLUMNS` (None where the file lacks one), those of one run together.

        `PLACE` is where `row_at` finds the row again.
        """
        place = self._place(table)
        order = place if table == "runs" else f"run_id, {place}"
        return self._rows(table, f"ORDER BY {order}")

    def row_at(self, table: TableName, place: object) -> Mapping[str, Any]:
        """Return the row at a place that `rows` gave."""
        return next(self._rows(table, f"WHERE {self._place(table)} IS ?", (place,)), {})

    def _rows(self, table: TableName, clause: str, values: tuple[Any, ...] = ()) -> Iterator[Mapping[str, Any]]:
        known, columns = self._columns(table), COLUMNS[table]
        listed = ", ".join(f'"{column}"' if column in known else "NULL" for column in columns)
        query = f'SELECT {listed}, {self._place(table)} FROM "{table}" {clause}'  # noqa: S608 -- names of ours alone
        with self._explained():
            cursor = self._connection.execute(query, values)
            while block := cursor.fetchmany(_AT_ONCE):
                for row in block:
                    yield dict(zip((*columns, PLACE), row, strict=True))

    def _place(self, table: TableName) -> str:
        try:
            self._connection.execute(f'SELECT rowid FROM "{table}" LIMIT 0')  # noqa: S608 -- as above
        except sqlite3.OperationalError:  # a table WITHOUT ROWID, or a view
            return "id"
        return "rowid"

    def _columns(self, table: TableName) -> set[str]:
        return {str(row[1]).lower() for row in self._all(f'PRAGMA table_info("{table}")')}

    def _all(self, query: str) -> list[tuple[Any, ...]]:
        with self._explained():
            return self._connection.execute(query).fetchall()

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as problem:
            raise _explain(problem, self._path) from problem


@contextmanager
def open_predecessor(path: Path) -> Iterator[PredecessorFile]:
    """Open the file for reading, in one view of it as it is now; raises `PredecessorError` if it can't be read."""
    _check(path)
    connection = None
    try:
        connection = sqlite3.connect(_address(path), uri=True, timeout=BUSY_SECONDS, isolation_level=None)
        connection.text_factory = _text
        connection.execute("PRAGMA query_only = ON")
        connection.execute("BEGIN")
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.Error as problem:
        if connection is not None:
            connection.close()
        raise _explain(problem, path) from problem
    try:
        yield PredecessorFile(connection, path)
    finally:
        connection.close()


def _check(path: Path) -> None:
    try:
        with path.open("rb") as file:
            head = file.read(len(_MAGIC))
    except FileNotFoundError:
        raise PredecessorError(f"there is no file {path}; give the path of the predecessor's SQLite file") from None
    except OSError as problem:
        raise PredecessorError(f"{path} can't be read: {problem.strerror}") from None
    if head != _MAGIC:
        what = "is empty" if not head else "is no SQLite file, or an encrypted one"
        raise PredecessorError(f"{path} {what}: give the predecessor's SQLite file itself, decrypted")


def _address(path: Path) -> str:
    """Return the URI; a file in WAL mode that nobody has open is read without the files that SQLite puts beside it."""
    with path.open("rb") as file:
        wal_mode = file.read(20)[18:20] == b"\2\2"
    alone = wal_mode and not path.with_name(path.name + "-wal").exists()
    return f"file:{quote(str(path.absolute()))}?mode=ro" + ("&immutable=1" if alone else "")


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")


def _explain(problem: sqlite3.Error, path: Path) -> PredecessorError:
    text = str(problem)
    if "locked" in text or "busy" in text:
        advice = "Another program is writing to it: end that one, or import a copy, and try again."
    elif "malformed" in text or "not a database" in text or "disk I/O" in text:
        advice = "It is damaged: what was read before is imported; mend it (sqlite3 FILE .recover) and import it again."
    elif "unable to open" in text:
        advice = "Import a copy in a folder that can be written to: an unfinished change lies beside the file."
    else:
        advice = "What was read before is imported; import it again once it can be read."
    return PredecessorError(f"{path} can't be read: {text}. {advice}")
