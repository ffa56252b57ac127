"""The durable inbox: a spool of files, one per accepted reply, safe for several processes at once.

`pending/` holds what waits, named by arrival and reply id; `taken/` what a run exists for, named by reply id;
`domains/` an index (empty files) of each domain's replies; `damaged/` what could not be read, with the reason beside
it; `refused/` a log of what was not accepted, without the person's data. A reply's one file only ever moves by rename.
A reply that a person has cancelled keeps its file, marked; the sensor never sees it.
"""

import logging
import os
import shutil
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from intent_assets.domains import partition_key
from intent_assets.durable import private_folder, sync_folder, write_file, write_temporary
from intent_assets.errors import StorageError
from intent_assets.intake.refusals import RefusalLog
from intent_assets.intake.stored import Cancellation, Standing, Stored, read_stored
from intent_assets.records import Reply
from intent_assets.spool import (
    ID,
    NAME,
    REASON,
    Locked,
    NotStored,
    arrival_after,
    checked_id,
    names,
    set_aside,
    spool_name,
    unusable,
)

_log = logging.getLogger(__name__)

_ROOM = 2_000_000
"""Bytes that have to fit on the disk for a reply to fit with all that is written of it."""


class Put(NamedTuple):
    """What became of a reply that was put in: `new` is False if it was there already, and then nothing changed."""

    reply_id: str
    new: bool


class Entry(NamedTuple):
    """A pending reply. `name` sorts by arrival; `revision` counts how often it was put in, from 1."""

    name: str
    reply: Reply
    revision: int


class Inbox:
    """The inbox in `folder`, which is made when the first reply comes. Methods raise `StorageError`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._pending = folder / "pending"
        self._taken = folder / "taken"
        self._states = (self._pending, self._taken)
        self._domains = folder / "domains"
        self._damaged = folder / "damaged"
        self._refused = RefusalLog(folder / "refused")

    def put(self, reply: Reply, *, pending: bool = True) -> Put:
        """Store `reply` for good, unless it is there already; on disk when this returns.

        With `pending` False it counts as taken: the caller runs its report, and the sensor must not. Then it is no
        longer cancelled, if it was.
        Raises `InvalidDomain` for a reply whose domain is not a normalised one.
        """
        [outcome] = self.put_all([reply], pending=pending)
        if isinstance(outcome, StorageError):
            raise outcome
        return outcome

    def put_all(self, replies: Sequence[Reply], *, pending: bool = True) -> list[Put | StorageError]:
        """Store each of `replies` as `put` does, for little more than the price of one.

        Gives what became of each, in their order: one that could not be stored has its error there, the others stay.
        Raises `StorageError` if it is not sure of any; what is put in again then is there once.
        """
        for reply in replies:
            partition_key(reply.domain)
            checked_id(reply.reply_id)
        self._make_folders()
        with self._lock():
            listed = names(self._pending)
            waiting, arrival = _by_id(listed), arrival_after(listed)
            outcomes: list[Put | StorageError] = []
            new: list[Reply] = []
            for reply in replies:
                if reply.reply_id in waiting or self._is_taken(reply.reply_id):
                    self._know(reply.reply_id, pending=pending)
                    outcomes.append(Put(reply.reply_id, new=False))
                    continue
                try:
                    arrival = self._place(reply, arrival + 1, pending=pending)
                except StorageError as problem:
                    outcomes.append(problem)
                    continue
                if pending:
                    waiting[reply.reply_id] = spool_name(arrival, reply.reply_id)
                new.append(reply)
                outcomes.append(Put(reply.reply_id, new=True))
            self._sync(*self._changed(new, pending=pending), *(() if len(new) == len(replies) else self._states))
        return outcomes

    def pending(self, limit: int, after: str | None = None) -> list[Entry]:
        """Return at most `limit` replies that wait, in order of arrival, those behind the name `after`.

        What is not a reply is moved to `damaged/`, and the next one takes its place.
        """
        entries: list[Entry] = []
        for name in names(self._pending):
            if len(entries) >= limit:
                break
            if after is not None and name <= after:
                continue
            entry = self._read_pending(name)
            if entry is not None:
                entries.append(entry)
        return entries

    def taken(self, reply_id: str) -> bool:
        """Say that a run exists for the reply; False if it was not waiting any more."""
        checked_id(reply_id)
        if not self._pending.exists():
            return False
        with self._lock():
            return self._take(reply_id)

    def taken_between(self, oldest: float, newest: float) -> list[str]:
        """Return the ids of the replies that were taken between two times, in seconds since 1970."""
        try:
            with os.scandir(self._taken) as entries:
                return sorted(
                    Path(entry.name).stem
                    for entry in entries
                    if not entry.name.startswith(".") and oldest <= entry.stat().st_ctime <= newest
                )
        except FileNotFoundError:
            return []
        except OSError as problem:
            raise unusable(self._taken, problem) from problem

    def again(self, reply_id: str) -> int:
        """Put a taken reply back among those that wait, so that it gets another run; returns its new revision.

        A cancelled one counts as any other then.
        """
        checked_id(reply_id)
        with self._lock():
            source = self._taken_file(reply_id)
            if not source.exists():
                raise StorageError(f"no taken reply {reply_id} in {self.folder}: see `intent runs` for those that are")
            stored = read_stored(source)
            changed = stored.model_copy(update={"revision": stored.revision + 1, "cancelled": None})
            write_file(self._pending / spool_name(stored.arrival, reply_id), changed.content())
            source.unlink(missing_ok=True)
        return changed.revision

    def cancel(self, reply_id: str, by: str) -> Standing | None:
        """Mark the reply as cancelled, on disk when this returns, and say how it stands; None if it is not known.

        One that waits never gets a run then, and stays in `pending/` until `taken` says that all are told of it.
        The first who cancels it is kept.
        """
        checked_id(reply_id)
        if self._place_of(reply_id) is None:
            return None
        with self._lock():
            path = self._place_of(reply_id)
            if path is None:
                return None
            stored = read_stored(path)
            if stored.cancelled is None:
                stored = stored.model_copy(update={"cancelled": Cancellation(by=by, at=datetime.now(UTC))})
                write_file(path, stored.content())
            return stored.standing(waiting=path.parent == self._pending)

    def cancelled(self) -> list[Standing]:
        """Return the cancelled replies that still stand in `pending/`: those that not all were told of."""
        return [
            stored.standing(waiting=True)
            for name in names(self._pending)
            if (stored := self._read_whole(name)) and stored.cancelled
        ]

    def standing(self, reply_id: str) -> Standing | None:
        """Return the reply and how it stands, None if there is none with this id, or it can't be an id."""
        if not ID.fullmatch(reply_id):
            return None
        for _ in range(3):  # it may be moved between the look and the reading
            path = self._place_of(reply_id)
            if path is None:
                continue
            try:
                return read_stored(path).standing(waiting=path.parent == self._pending)
            except FileNotFoundError:
                continue
        return None

    def get(self, reply_id: str) -> Reply:
        """Return the reply, waiting or taken; raises `StorageError` if there is none with this id."""
        found = self.standing(reply_id)
        if found is None:
            raise StorageError(f"no reply {reply_id} in the inbox {self.folder}: put it in with `intent reply FILE`")
        return found.reply

    def latest(self, domain: str) -> Reply | None:
        """Return the reply of `domain` that came last, or None."""
        for name in reversed(names(self._domains / partition_key(domain))):
            match = NAME.fullmatch(name)
            path = self._place_of(match["id"]) if match else None
            if path is None:
                continue
            try:
                return read_stored(path).reply
            except (FileNotFoundError, StorageError) as problem:
                _log.warning("a reply of %s is left aside: %s", domain, problem)
        return None

    def try_storing(self) -> None:
        """Write and sync a file that nobody sees, and take it away; raises what a reply would meet."""
        self._make_folders()
        try:
            if shutil.disk_usage(self._pending).free < _ROOM:
                raise StorageError(f"there is no room left on the disk of {self._pending}: free some")
            write_temporary(self._pending, b"\n").unlink(missing_ok=True)
        except OSError as problem:
            raise unusable(self._pending, problem) from problem

    def refused(self, summary: Mapping[str, Any], reason: str) -> None:
        """Log that something was not accepted. `summary` must not hold the person's data (see `summary_of`)."""
        self.refused_all([(summary, reason)])

    def refused_all(self, refusals: Sequence[tuple[Mapping[str, Any], str]]) -> None:
        """Log each summary with its reason, as `refused` does, at the price of one."""
        private_folder(self.folder)
        self._refused.add(refusals)

    def counts(self) -> dict[str, int]:
        """Count the replies that wait, were taken, could not be read, and were not accepted."""
        damaged = [name for name in names(self._damaged) if not name.endswith(REASON)]
        return {
            "pending": len(names(self._pending)),
            "taken": len(names(self._taken)),
            "damaged": len(damaged),
            "refused": self._refused.count(),
        }

    def damaged(self) -> list[str]:
        """Say of each stored reply that can't be read what is wrong with it; nothing is moved."""
        found = []
        for folder in (self._pending, self._taken):
            for name in names(folder):
                try:
                    read_stored(folder / name)
                except FileNotFoundError:
                    continue
                except StorageError as problem:
                    found.append(str(problem))
        return found

    def _read_pending(self, name: str) -> Entry | None:
        path = self._pending / name
        match = NAME.fullmatch(name)
        reason = "its name is not that of a reply; use `intent reply FILE` to put one in"
        if match is not None:
            try:
                stored = read_stored(path)
            except FileNotFoundError:
                return None
            except NotStored as problem:
                reason = str(problem)
            except StorageError as problem:  # the disk's fault, which may pass: it stays
                _log.warning("a reply is left aside: %s", problem)
                return None
            else:
                if stored.reply.reply_id == match["id"]:
                    return None if stored.cancelled else Entry(name, stored.reply, stored.revision)
                reason = "the reply inside has another id than its name says"
        set_aside(path, self._damaged, reason)
        return None

    def _read_whole(self, name: str) -> Stored | None:
        try:
            return read_stored(self._pending / name)
        except (FileNotFoundError, NotStored):  # the sensor moves what is damaged, and tells of it
            return None

    def _place_of(self, reply_id: str) -> Path | None:
        taken = self._taken_file(reply_id)
        if taken.exists():
            return taken
        name = self._pending_name(reply_id)
        if name is not None:
            return self._pending / name
        return taken if taken.exists() else None

    def _pending_name(self, reply_id: str) -> str | None:
        ending = f"-{reply_id}.json"
        return next((name for name in names(self._pending) if name.endswith(ending)), None)

    def _taken_file(self, reply_id: str) -> Path:
        return self._taken / f"{reply_id}.json"

    def _is_taken(self, reply_id: str) -> bool:
        return self._taken_file(reply_id).exists()

    def _take(self, reply_id: str) -> bool:
        """Move a reply that waits; the caller holds the lock."""
        name = self._pending_name(reply_id)
        if name is None:
            return False
        try:
            (self._pending / name).replace(self._taken_file(reply_id))
        except FileNotFoundError:
            return False
        except OSError as problem:
            raise unusable(self._pending / name, problem) from problem
        self._sync(*self._states)
        return True

    def _changed(self, new: Sequence[Reply], *, pending: bool) -> list[Path]:
        """Return the folders that hold the names of new replies; each more costs a sync."""
        own = [self._domains / reply.domain for reply in new]
        return [*own, self._domains, self._pending if pending else self._taken] if new else []

    def _know(self, reply_id: str, *, pending: bool) -> None:
        """Let a reply that is there already be as it is, or be served by the caller; the caller holds the lock."""
        if pending:
            return
        self._take(reply_id)
        path = self._taken_file(reply_id)
        stored = read_stored(path)
        if stored.cancelled is not None:
            write_file(path, stored.model_copy(update={"cancelled": None}).content())

    def _place(self, reply: Reply, earliest: int, *, pending: bool) -> int:
        """Write a reply's file, index it, and return its arrival; the names are on disk after `_sync` only."""
        folder = private_folder(self._domains / reply.domain)
        arrival = max(arrival_after(names(folder)), earliest)
        name = spool_name(arrival, reply.reply_id)
        target = self._pending / name if pending else self._taken_file(reply.reply_id)
        temporary = write_temporary(target.parent, Stored(arrival=arrival, reply=reply).content())
        try:
            (folder / name).touch(mode=0o600)
            temporary.replace(target)
        except OSError as problem:
            temporary.unlink(missing_ok=True)
            raise unusable(target, problem) from problem
        return arrival

    def _make_folders(self) -> None:
        for folder in (self.folder, self._pending, self._taken, self._domains, self._damaged):
            private_folder(folder)

    @staticmethod
    def _sync(*folders: Path) -> None:
        for folder in dict.fromkeys(folders):
            try:
                sync_folder(folder)
            except OSError as problem:
                raise unusable(folder, problem) from problem

    def _lock(self) -> Locked:
        return Locked(self.folder / ".lock")


def _by_id(listed: Sequence[str]) -> dict[str, str]:
    return {match["id"]: name for name in listed if (match := NAME.fullmatch(name))}
