"""The durable inbox: a spool of files, one per accepted reply, safe for several processes at once.

`pending/` holds what waits, named by arrival and reply id; `taken/` what a run exists for, named by reply id;
`domains/` an index (empty files) of each domain's replies; `damaged/` what could not be read, with the reason beside
it; `refused/` a log of what was not accepted, without the person's data. A reply's one file only ever moves by rename.
"""

import json
import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import BaseModel, ConfigDict, ValidationError

from intent_assets.domains import partition_key
from intent_assets.durable import append_line, private_folder, sync_folder, write_file
from intent_assets.errors import InvalidDomain, StorageError
from intent_assets.records import Reply
from intent_assets.spool import (
    NAME,
    REASON,
    Locked,
    NotStored,
    checked_id,
    names,
    next_arrival,
    set_aside,
    spool_name,
    unusable,
)

_log = logging.getLogger(__name__)


class Put(NamedTuple):
    """What became of a reply that was put in: `new` is False if it was there already, and then nothing changed."""

    reply_id: str
    new: bool


class Entry(NamedTuple):
    """A pending reply. `name` sorts by arrival; `revision` counts how often it was put in, from 1."""

    name: str
    reply: Reply
    revision: int


class _Stored(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    arrival: int
    revision: int = 1
    reply: Reply


class Inbox:
    """The inbox in `folder`, which is made when the first reply comes. Methods raise `StorageError`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._pending = folder / "pending"
        self._taken = folder / "taken"
        self._domains = folder / "domains"
        self._damaged = folder / "damaged"
        self._refused = folder / "refused"

    def put(self, reply: Reply, *, pending: bool = True) -> Put:
        """Store `reply` for good, unless it is there already; on disk when this returns.

        With `pending` False it counts as taken: the caller runs its report, and the sensor must not.
        Raises `InvalidDomain` for a reply whose domain is not a normalised one.
        """
        partition_key(reply.domain)
        checked_id(reply.reply_id)
        self._make_folders()
        if self._place_of(reply.reply_id):
            return self._known(reply.reply_id, pending=pending)
        with self._lock():
            if self._place_of(reply.reply_id):
                return self._known(reply.reply_id, pending=pending)
            arrival = next_arrival(self._pending, self._domains / reply.domain)
            name = spool_name(arrival, reply.reply_id)
            self._index(reply.domain, name)
            stored = _Stored(arrival=arrival, reply=reply)
            target = self._pending / name if pending else self._taken / f"{reply.reply_id}.json"
            write_file(target, stored.model_dump_json(indent=1).encode())
        return Put(reply.reply_id, new=True)

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
        name = self._pending_name(reply_id)
        if name is None:
            return False
        try:
            (self._pending / name).replace(self._taken / f"{reply_id}.json")
        except FileNotFoundError:
            return False
        except OSError as problem:
            raise unusable(self._pending / name, problem) from problem
        self._sync()
        return True

    def again(self, reply_id: str) -> int:
        """Put a taken reply back among those that wait, so that it gets another run; returns its new revision."""
        checked_id(reply_id)
        with self._lock():
            source = self._taken / f"{reply_id}.json"
            if not source.exists():
                raise StorageError(f"no taken reply {reply_id} in {self.folder}: see `intent runs` for those that are")
            stored = self._read(source)
            changed = stored.model_copy(update={"revision": stored.revision + 1})
            write_file(self._pending / spool_name(stored.arrival, reply_id), changed.model_dump_json(indent=1).encode())
            source.unlink(missing_ok=True)
        return changed.revision

    def get(self, reply_id: str) -> Reply:
        """Return the reply, waiting or taken; raises `StorageError` if there is none with this id."""
        checked_id(reply_id)
        for _ in range(3):  # it may be moved between the look and the reading
            path = self._place_of(reply_id)
            if path is None:
                continue
            try:
                return self._read(path).reply
            except FileNotFoundError:
                continue
        raise StorageError(f"no reply {reply_id} in the inbox {self.folder}: put it in with `intent reply FILE`")

    def latest(self, domain: str) -> Reply | None:
        """Return the reply of `domain` that came last, or None."""
        for name in reversed(names(self._domains / partition_key(domain))):
            match = NAME.fullmatch(name)
            path = self._place_of(match["id"]) if match else None
            if path is None:
                continue
            try:
                return self._read(path).reply
            except (FileNotFoundError, StorageError) as problem:
                _log.warning("a reply of %s is left aside: %s", domain, problem)
        return None

    def refused(self, summary: Mapping[str, Any], reason: str) -> None:
        """Log that something was not accepted. `summary` must not hold the person's data (see `summary_of`)."""
        self._make_folders()
        now = datetime.now(UTC)
        line = json.dumps({"at": now.isoformat(timespec="seconds"), "reason": reason, **summary}, ensure_ascii=False)
        append_line(self._refused / f"{now.date().isoformat()}.jsonl", line.encode("utf-8", "replace"))

    def counts(self) -> dict[str, int]:
        """Count the replies that wait, were taken, could not be read, and were not accepted."""
        refused = 0
        for log in sorted(self._refused.glob("*.jsonl")):
            with log.open("rb") as lines:
                refused += sum(1 for _ in lines)
        damaged = [name for name in names(self._damaged) if not name.endswith(REASON)]
        return {
            "pending": len(names(self._pending)),
            "taken": len(names(self._taken)),
            "damaged": len(damaged),
            "refused": refused,
        }

    def damaged(self) -> list[str]:
        """Say of each stored reply that can't be read what is wrong with it; nothing is moved."""
        found = []
        for folder in (self._pending, self._taken):
            for name in names(folder):
                try:
                    self._read(folder / name)
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
                stored = self._read(path)
            except FileNotFoundError:
                return None
            except NotStored as problem:
                reason = str(problem)
            except StorageError as problem:  # the disk's fault, which may pass: it stays
                _log.warning("a reply is left aside: %s", problem)
                return None
            else:
                if stored.reply.reply_id == match["id"]:
                    return Entry(name, stored.reply, stored.revision)
                reason = "the reply inside has another id than its name says"
        set_aside(path, self._damaged, reason)
        return None

    def _read(self, path: Path) -> _Stored:
        try:
            stored = _Stored.model_validate_json(path.read_bytes())
            partition_key(stored.reply.domain)
        except FileNotFoundError:
            raise
        except OSError as problem:
            raise unusable(path, problem) from problem
        except ValidationError as problem:
            errors = problem.errors(include_input=False, include_url=False, include_context=False)
            wrong = "; ".join(f"{'.'.join(map(str, error['loc'])) or 'file'}: {error['msg']}" for error in errors[:3])
            raise NotStored(f"{path} is not a stored reply ({wrong})") from None
        except InvalidDomain as problem:
            raise NotStored(f"{path} is not a stored reply ({problem})") from None
        return stored

    def _place_of(self, reply_id: str) -> Path | None:
        taken = self._taken / f"{reply_id}.json"
        if taken.exists():
            return taken
        name = self._pending_name(reply_id)
        if name is not None:
            return self._pending / name
        return taken if taken.exists() else None

    def _pending_name(self, reply_id: str) -> str | None:
        ending = f"-{reply_id}.json"
        return next((name for name in names(self._pending) if name.endswith(ending)), None)

    def _index(self, domain: str, name: str) -> None:
        folder = private_folder(self._domains / domain)
        try:
            (folder / name).touch(mode=0o600)
            sync_folder(folder)
        except OSError as problem:
            raise unusable(folder, problem) from problem

    def _known(self, reply_id: str, *, pending: bool) -> Put:
        if pending or not self.taken(reply_id):
            self._sync()
        return Put(reply_id, new=False)

    def _make_folders(self) -> None:
        for folder in (self.folder, self._pending, self._taken, self._domains, self._damaged, self._refused):
            private_folder(folder)

    def _sync(self) -> None:
        for folder in (self._pending, self._taken):
            sync_folder(folder)

    def _lock(self) -> Locked:
        return Locked(self.folder / ".lock")


def summary_of(payload: Mapping[str, Any]) -> dict[str, Any]:
    """Return what may be logged of a payload that was not accepted: the names of its known fields, no values."""
    known = ("event", "event_type", "target_domain", "prospect_email", "tier", "campaign_id", "reply_text", "lead")
    return {"fields": [name for name in known if name in payload], "fields_in_all": len(payload)}
