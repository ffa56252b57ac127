"""The durable outbox of notices: stored first, then delivered in order, at least once, each under its one id.

`waiting/` holds what Clay is yet to get, in order; `delivered/` what it got, by notice id; `damaged/` what
can't be read.
"""

import json
import logging
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, NamedTuple, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from intent_assets.durable import private_folder, sync_folder, write_file
from intent_assets.errors import ClayError, MissingSettings, StorageError
from intent_assets.notices import AnyNotice
from intent_assets.resources.clay import Clay
from intent_assets.settings import Settings, load_services
from intent_assets.spool import (
    NAME,
    REASON,
    Locked,
    LockTaken,
    NotStored,
    arrival_after,
    checked_id,
    latest_first,
    names,
    set_aside,
    spool_name,
    unusable,
)

PATIENCE = 30.0
"""Seconds that a run waits for Clay before it leaves the notice to the sensor."""

_ONE_FOR_EACH_ADDRESS = ("report.ready", "run.failed")

_log = logging.getLogger(__name__)


class Drained(NamedTuple):
    """What a drain did; `problem` says why something waits still."""

    delivered: int
    waiting: int
    problem: str | None = None


class UnknownNotice(StorageError):
    """There is no notice with this id."""


class StoredNotice(BaseModel):
    """A notice with its state; `arrival` gives its place in the order, `tries` counts rounds of delivery.

    `problem` says why the last round did not deliver it, `refusal` is the HTTP status if Clay answered then.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    arrival: int
    state: Literal["waiting", "delivered"] = "waiting"
    put_at: AwareDatetime
    delivered_at: AwareDatetime | None = None
    tries: int = 0
    problem: str | None = None
    refusal: int | None = None
    notice: dict[str, Any]

    @property
    def notice_id(self) -> str:
        """The notice's id."""
        return str(self.notice["notice_id"])

    @property
    def event(self) -> str:
        """The notice's event."""
        return str(self.notice["event"])

    @property
    def domain(self) -> str:
        """The domain that the notice tells of."""
        return str(self.notice.get("domain") or "")


class Outbox:
    """The outbox in `folder`. Methods raise `StorageError` for the disk, and nothing for a Clay that is down."""

    def __init__(self, folder: Path, connect: Callable[[], Clay]) -> None:
        self.folder = folder
        self._connect = connect
        self._waiting = folder / "waiting"
        self._delivered = folder / "delivered"
        self._damaged = folder / "damaged"

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Return the outbox under `INTENT_HOME`; the keys are read when something is to be delivered."""
        return cls(settings.outbox, lambda: Clay.of(settings, load_services()))

    def put(self, notice: AnyNotice) -> bool:
        """Store a notice unless one with its id was ever put; True if it was new. On disk when this returns."""
        notice_id = checked_id(notice.notice_id)
        for folder in (self.folder, self._waiting, self._delivered):
            private_folder(folder)
        if self._is_delivered(notice_id):
            return False
        with Locked(self.folder / ".put.lock"):
            waiting = names(self._waiting)
            if _waits(notice_id, waiting) or self._is_delivered(
                notice_id
            ):  # in this order: it moves from there to here
                return False
            arrival = arrival_after(waiting)
            stored = StoredNotice(arrival=arrival, put_at=datetime.now(UTC), notice=notice.wire())
            _write(self._waiting / spool_name(arrival, notice_id), stored)
        return True

    def send(self, notice: AnyNotice, *, patience: float = PATIENCE) -> bool:
        """Store a notice and deliver what waits, in order, for at most `patience` seconds; True if Clay has it.

        Once it is stored, nothing that keeps it from Clay is an error for the caller: the sensor delivers it.
        """
        self.put(notice)
        if not self._is_delivered(notice.notice_id):
            try:
                self.drain(patience=patience)
            except StorageError as problem:
                _log.warning("a notice waits: %s", problem)
        return self._is_delivered(notice.notice_id)

    def drain(self, *, patience: float = PATIENCE) -> Drained:
        """Deliver what waits, in order. Behind one that can't be delivered, those for the same address wait."""
        if not names(self._waiting):
            return Drained(0, 0)
        deadline = time.monotonic() + patience
        try:
            with Locked(self.folder / ".drain.lock", patience), self._connect() as clay:
                delivered, problem = self._deliver(clay, deadline)
        except LockTaken:
            delivered, problem = 0, "another process is delivering"
        except MissingSettings as missing:
            delivered, problem = 0, str(missing)
        return Drained(delivered, len(names(self._waiting)), problem)

    def notices(self) -> list[StoredNotice]:
        """Return all notices that can be read, in the order in which they were put."""
        stored = {found.notice_id: found for found in (*self.waiting(), *self.delivered())}
        return sorted(stored.values(), key=lambda found: found.arrival)

    def waiting(self) -> list[StoredNotice]:
        """Return what Clay is yet to get, in order, without what can't be read (see `damaged`)."""
        read = (_readable(self._waiting / name) for name in names(self._waiting))
        return [found for found in read if found is not None and not self._is_delivered(found.notice_id)]

    def delivered(self) -> Iterator[StoredNotice]:
        """Yield what Clay got, the latest first, reading no more files than are asked for."""
        for path in latest_first(self._delivered):
            found = _readable(path)
            if found is not None:
                yield found

    def find(self, notice_id: str) -> StoredNotice:
        """Return one notice; raises `UnknownNotice` if none has this id, `StorageError` if it is damaged."""
        checked_id(notice_id)
        for _ in range(2):  # it may be delivered between the two looks
            waiting = (self._waiting / name for name in names(self._waiting) if name.endswith(f"-{notice_id}.json"))
            for path in (self._delivered / f"{notice_id}.json", *waiting):
                try:
                    return _parsed(path)
                except FileNotFoundError:
                    continue
                except OSError as problem:
                    raise unusable(path, problem) from problem
        raise UnknownNotice(f"no notice {notice_id} in {self.folder}: see `intent notices` for those that are")

    def knows(self, notice_id: str) -> bool:
        """Whether a notice with this id was ever put, delivered or not."""
        return self._is_delivered(notice_id) or _waits(notice_id, names(self._waiting)) or self._is_delivered(notice_id)

    def counts(self) -> dict[str, int]:
        """Count the notices by state."""
        damaged = [name for name in names(self._damaged) if not name.endswith(REASON)]
        return {
            "waiting": len(names(self._waiting)),
            "delivered": len(names(self._delivered)),
            "damaged": len(damaged),
        }

    def damaged(self) -> list[str]:
        """Say of each stored notice that can't be read what is wrong with it; nothing is moved."""
        found = []
        for folder in (self._waiting, self._delivered):
            for name in names(folder):
                try:
                    _parsed(folder / name)
                except FileNotFoundError:
                    continue
                except NotStored as problem:
                    found.append(str(problem))
                except OSError as problem:
                    found.append(str(unusable(folder / name, problem)))
        return found

    def _deliver(self, clay: Clay, deadline: float) -> tuple[int, str | None]:
        delivered, problem = 0, None
        closed: set[str] = set()
        addresses = {clay.destination(event) for event in _ONE_FOR_EACH_ADDRESS}
        for name in names(self._waiting):
            if closed >= addresses:
                break
            path = self._waiting / name
            stored = self._read(path)
            if stored is None or clay.destination(stored.event) in closed:
                continue
            if self._is_delivered(stored.notice_id):  # the process died between the two renames
                _remove(path)
                continue
            left = deadline - time.monotonic()
            if left <= 0:
                return delivered, problem or "no time left in this round"
            try:
                clay.post(stored.notice, patience=left)
            except ClayError as refused:
                problem = str(refused)
                closed.add(clay.destination(stored.event))
                failed = {"tries": stored.tries + 1, "problem": problem, "refusal": refused.status}
                _write(path, stored.model_copy(update=failed))
                _log.warning("a notice waits: %s", problem)
                continue
            done = {"state": "delivered", "delivered_at": datetime.now(UTC), "tries": stored.tries + 1}
            done |= {"problem": None, "refusal": None}
            _write(self._delivered / f"{stored.notice_id}.json", stored.model_copy(update=done))
            _remove(path)
            delivered += 1
        return delivered, problem

    def _read(self, path: Path) -> StoredNotice | None:
        """Read a stored notice; None if it has just been delivered, or is damaged, which moves it aside."""
        try:
            stored = _parsed(path)
        except FileNotFoundError:
            return None
        except NotStored as problem:
            set_aside(path, self._damaged, str(problem))
            return None
        except OSError as problem:
            raise unusable(path, problem) from problem
        return stored

    def _is_delivered(self, notice_id: str) -> bool:
        return (self._delivered / f"{notice_id}.json").exists()


def _waits(notice_id: str, waiting: list[str]) -> bool:
    ending = f"-{notice_id}.json"
    return any(name.endswith(ending) for name in waiting)


def _readable(path: Path) -> StoredNotice | None:
    """Read a stored notice and leave its file alone; None where it has gone or is damaged."""
    try:
        return _parsed(path)
    except (FileNotFoundError, NotStored):
        return None
    except OSError as problem:
        raise unusable(path, problem) from problem


def _parsed(path: Path) -> StoredNotice:
    try:
        stored = StoredNotice.model_validate_json(path.read_bytes())
    except ValidationError:
        raise NotStored(f"{path} is not a stored notice") from None
    match = NAME.fullmatch(path.name)
    name_id = match["id"] if match else path.name.removesuffix(".json")
    if stored.notice.get("notice_id") != name_id or not isinstance(stored.notice.get("event"), str):
        raise NotStored(f"{path} holds another notice than its name says")
    return stored


def _write(path: Path, stored: StoredNotice) -> None:
    write_file(path, json.dumps(stored.model_dump(mode="json"), indent=1, ensure_ascii=False).encode())


def _remove(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
        sync_folder(path.parent)
    except OSError as problem:
        raise unusable(path, problem) from problem
