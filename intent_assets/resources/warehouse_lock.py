"""One owner at a time for the history's file, over threads and processes of this machine."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from os import getpid
from pathlib import Path

from filelock import FileLock, Timeout

from intent_assets.errors import WarehouseError

POLL_SECONDS = 0.01


def lock_file(database: Path) -> Path:
    """Return the lock file that belongs to `database`; it stays when the lock is free."""
    return database.with_name(database.name + ".lock")


@contextmanager
def owner_of(database: Path, purpose: str, timeout: float) -> Iterator[None]:
    """Hold the lock of `database`, waiting at most `timeout` seconds.

    The kernel frees the lock when its owner dies. Raises WarehouseError that names who holds it.
    """
    file = lock_file(database)
    lock = FileLock(file)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=timeout, poll_interval=POLL_SECONDS)
    except Timeout:
        raise WarehouseError(
            f"the history {database} is in use: {_holder(file)} has held {file.name} for longer than the {timeout:g} s "
            "that are waited. Try again when it has finished, or stop that process."
        ) from None
    except OSError as problem:
        raise WarehouseError(
            f"can't lock the history {database}: {problem.strerror or problem}. "
            f"Check that the folder {database.parent} exists and may be written to, or set INTENT_HOME to another one."
        ) from problem
    try:
        _sign(file, purpose)
        yield
    finally:
        lock.release()


def _sign(file: Path, purpose: str) -> None:
    program = Path(sys.argv[0]).name if sys.argv and sys.argv[0] else "python"
    now = datetime.now(UTC).isoformat(timespec="seconds")
    try:
        file.write_text(f"process {getpid()} ({program}: {purpose}, since {now})", encoding="utf-8")
    except OSError:
        return  # the lock holds without the signature, for instance on a full disk


def _holder(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8").strip() or "another process"
    except (OSError, UnicodeDecodeError):
        return "another process"
