"""What inbox and outbox have in common: file names in order of arrival, one writer at a time, damaged files aside."""

import logging
import os
import re
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from filelock import FileLock, Timeout

from intent_assets.durable import place, private_folder, write_file
from intent_assets.errors import StorageError

NAME = re.compile(r"(?P<arrival>\d{20})-(?P<id>[A-Za-z0-9_]{1,80})\.json")
ID = re.compile(r"[A-Za-z0-9_]{1,80}")
REASON = ".reason.txt"
_LAST_ARRIVAL = 9 * 10**19  # later ones are no times, and would leave no room in the name

_log = logging.getLogger(__name__)


class NotStored(StorageError):
    """The content of a file is not what its spool holds."""


def spool_name(arrival: int, entry_id: str) -> str:
    """Return the file name of an entry; names sort by arrival (nanoseconds since 1970)."""
    return f"{arrival:020d}-{entry_id}.json"


def names(folder: Path) -> list[str]:
    """Return the names in `folder`, sorted, without hidden ones (temporary files); none if it is not there."""
    try:
        with os.scandir(folder) as entries:
            return sorted(entry.name for entry in entries if not entry.name.startswith("."))
    except FileNotFoundError:
        return []
    except OSError as problem:
        raise unusable(folder, problem) from problem


def latest_first(folder: Path) -> list[Path]:
    """Return the files in `folder`, the one that was written last first, without hidden ones."""
    found = []
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if not entry.name.startswith("."):
                    with suppress(FileNotFoundError):
                        found.append((entry.stat().st_mtime_ns, entry.name))
    except FileNotFoundError:
        return []
    except OSError as problem:
        raise unusable(folder, problem) from problem
    return [folder / name for _, name in sorted(found, reverse=True)]


def next_arrival(*folders: Path) -> int:
    """Return now, but later than the newest entry of each folder, whatever the clock says."""
    return arrival_after(*(names(folder) for folder in folders))


def arrival_after(*listings: Sequence[str]) -> int:
    """Return now, but later than the last of each of the sorted `listings`, whatever the clock says."""
    newest = [listed[-1] for listed in listings if listed]
    known = [int(match["arrival"]) for name in newest if (match := NAME.fullmatch(name))]
    return max(time.time_ns(), *(arrival + 1 for arrival in known if arrival < _LAST_ARRIVAL), 0)


def set_aside(path: Path, folder: Path, reason: str) -> None:
    """Move a damaged file to `folder`, the reason beside it; one that can't be moved stays, and is told of."""
    try:
        place(path, private_folder(folder) / path.name)
        write_file(folder / f"{path.name}{REASON}", f"{reason}\n".encode())
    except StorageError as problem:
        _log.warning("%s is damaged (%s) and can't be moved away: %s", path, reason, problem)
    else:
        _log.warning("%s was moved to %s: %s", path, folder, reason)


def checked_id(entry_id: str) -> str:
    """Return an id that may stand in a file name; raises `StorageError` for any other text."""
    if not ID.fullmatch(entry_id):
        raise StorageError("an id is made of letters, digits and _ alone, at most 80 of them")
    return entry_id


def unusable(path: Path, problem: OSError) -> StorageError:
    """Return the error for a file or folder that the system refuses to read or write."""
    return StorageError(f"{path} can't be used: {problem.strerror}; mend this and try again")


class Locked:
    """One at a time, over all threads and processes; raises `StorageError` when it takes longer than `seconds`."""

    def __init__(self, file: Path, seconds: float = 30.0) -> None:
        self._file = file
        self._seconds = seconds
        self._lock = FileLock(file, timeout=seconds, mode=0o600, poll_interval=0.005, thread_local=False)

    def __enter__(self) -> None:
        try:
            self._lock.acquire()
        except Timeout:
            raise LockTaken(f"{self._file} is held by another process for {self._seconds:g} s already") from None
        except OSError as problem:
            raise unusable(self._file, problem) from problem

    def __exit__(self, *_: object) -> None:
        self._lock.release()


class LockTaken(StorageError):
    """Another process is at work for longer than was waited."""
