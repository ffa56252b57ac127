"""Copies of SQLite files that are in use: what several files say belongs to one moment."""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from time import monotonic, sleep

from intent_assets.errors import BackupError

MAGIC = b"SQLite format 3\x00"
COMPANIONS = ("-wal", "-shm", "-journal")
_SECONDS = 60.0
_BUSY_SECONDS = 2.0


def is_sqlite(file: Path) -> bool:
    """Say whether the file begins as SQLite's do; False where it has gone."""
    try:
        with file.open("rb") as content:
            return content.read(len(MAGIC)) == MAGIC
    except FileNotFoundError:
        return False


@contextmanager
def at_one_moment(files: Sequence[Path]) -> Iterator[Mapping[Path, sqlite3.Connection | None]]:
    """Give a connection to each file that sees it as it was at one moment common to all; None for a damaged one.

    Writers are held up for that moment alone, which is milliseconds: the files keep a write-ahead log. Raises
    `BackupError` where the moment is not to be had within a minute.
    """
    until = monotonic() + _SECONDS
    with ExitStack() as stack:
        while True:
            try:
                readers = stack.enter_context(_held(files))
                break
            except sqlite3.OperationalError as problem:
                if not _is_busy(problem):
                    raise
                if monotonic() > until:
                    raise BackupError(
                        f"Dagster's files are locked for longer than {_SECONDS:g} s ({problem}): see what holds them "
                        "with `intent doctor`, then try again"
                    ) from problem
                sleep(0.2)
        yield readers


def copy(source: sqlite3.Connection, target: Path) -> None:
    """Copy what `source` sees into the new file `target`; raises `sqlite3.DatabaseError` where it is damaged."""
    target.unlink(missing_ok=True)
    connection = sqlite3.connect(target)
    try:
        source.backup(connection)
    finally:
        connection.close()
        for companion in COMPANIONS:
            target.with_name(target.name + companion).unlink(missing_ok=True)


@contextmanager
def _held(files: Sequence[Path]) -> Iterator[Mapping[Path, sqlite3.Connection | None]]:
    readers: dict[Path, sqlite3.Connection | None] = {}
    with ExitStack() as stack:
        with ExitStack() as moment:
            for file in files:
                try:
                    _no_writers(moment, file)
                except sqlite3.OperationalError:
                    raise
                except sqlite3.DatabaseError:
                    readers[file] = None
            for file in files:
                if file not in readers:
                    readers[file] = _reader(stack, file)
        yield readers


def _no_writers(moment: ExitStack, file: Path) -> None:
    connection = _connect(file)
    moment.callback(connection.close)
    connection.execute("BEGIN IMMEDIATE")


def _reader(stack: ExitStack, file: Path) -> sqlite3.Connection | None:
    connection = _connect(file)
    stack.callback(connection.close)
    try:
        connection.execute("BEGIN")
        connection.execute("SELECT count(*) FROM sqlite_master").fetchall()
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError:
        return None
    return connection


def _connect(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{file.absolute().as_uri()}?mode=rw", uri=True, timeout=_BUSY_SECONDS, isolation_level=None)


def _is_busy(problem: sqlite3.OperationalError) -> bool:
    return "locked" in str(problem) or "busy" in str(problem)
