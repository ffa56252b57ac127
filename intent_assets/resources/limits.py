"""Limits that all processes of a machine share: how many calls at a time, and how many in a second.

Whatever a process holds is a lock of the kernel's, so nothing stays behind when it is killed. The times in files are by
the clock of the machine that no one can set; one that is still to come is of before the machine was started.
"""

import fcntl
import os
import struct
import time
from collections.abc import Callable, Iterable
from functools import partial
from typing import Protocol

from intent_assets.errors import SharedLimitError
from intent_assets.resources.limits_folder import LimitsFolder

WINDOW_SECONDS = 1.1
"""A second as services see it, and a margin for calls that take longer on their way than others."""

WORKING_SECONDS = 10
"""How long a service may still work at a call that nobody waits for any more; calls take 2 to 8 s."""

_SLOT = "slot-"
_BEGUN = "begun"
_STAMP = struct.Struct("<q")
_ENDED = _STAMP.pack(0)  # as long as a time: to write it needs no room on a full disk
_LONGEST_WINDOW = 65_536


class Turn:
    """The right to make one call; give it back when the call has ended.

    `end` is told whether the call was abandoned, `send` when it goes out.
    """

    def __init__(self, end: Callable[[bool], None], send: Callable[[], None]) -> None:
        self._end = end
        self.send = send

    def give_back(self, *, abandoned: bool = False) -> None:
        """End the turn; a call that was `abandoned` may still be worked at, and counts until that must have ended."""
        self._end(abandoned)


class Limit(Protocol):
    """What turns are taken from. `names` are the files of its folder as just listed, `most` the limit that holds."""

    def take(self, names: Iterable[str], most: int) -> Turn | None:
        """Take a turn if there is one."""

    def is_free(self, names: Iterable[str], most: int) -> bool:
        """Say whether there is a turn, and take none."""

    def close(self) -> None:
        """Close what is open; turns that are out stay so until they are given back."""


class AtOnce:
    """So many turns at a time: each is the lock of a slot, a file, which tells when its call began.

    A slot that still tells it without being locked is of a process that died, or of a call that was abandoned.
    """

    def __init__(self, folder: LimitsFolder) -> None:
        self._folder = folder
        self._idle: dict[int, int] = {}
        self._held: set[int] = set()
        self._closed = False

    def take(self, names: Iterable[str], most: int) -> Turn | None:
        """Take a free slot unless `most` are held, those of processes with a higher limit counted."""
        number = next((each for each in range(most) if each not in self._held and self._lock(each)), None)
        if number is None:
            return None
        self._held.add(number)
        descriptor = self._idle.pop(number)
        try:
            if self._count_held(names, most) > most:
                self._free(number, descriptor)
                return None
            self._folder.write(descriptor, _STAMP.pack(time.monotonic_ns()))
        except SharedLimitError:
            self._free(number, descriptor)
            raise
        return Turn(partial(self._end, number, descriptor), _nothing)

    def is_free(self, names: Iterable[str], most: int) -> bool:
        """Say whether fewer than `most` slots are held."""
        free = any(number not in self._held and self._looks_free(number) for number in range(most))
        return free and self._count_held(names, most) < most

    def close(self) -> None:
        """Close the slots that are not held."""
        self._closed = True
        for descriptor in self._idle.values():
            os.close(descriptor)
        self._idle.clear()

    def _count_held(self, names: Iterable[str], most: int) -> int:
        """Count the slots that are held; 0 where none beyond the first `most` is, since no more than these can be."""
        beyond = [number for number in map(_slot_number, names) if number is not None and number >= most]
        if not any(self._is_held(number) for number in beyond):
            return 0
        return sum(map(self._is_held, [*range(most), *beyond]))

    def _is_held(self, number: int) -> bool:
        return number in self._held or not self._looks_free(number)

    def _lock(self, number: int) -> bool:
        descriptor = self._descriptor(number)
        if not _locked(descriptor, fcntl.LOCK_EX):
            return False
        if not self._folder.is_current(_slot_name(number), descriptor):
            os.close(self._idle.pop(number))
            return self._lock(number)
        if _is_worked_at(descriptor):
            fcntl.flock(descriptor, fcntl.LOCK_UN)
            return False
        return True

    def _looks_free(self, number: int) -> bool:
        descriptor = self._descriptor(number)
        if not _locked(descriptor, fcntl.LOCK_SH):
            return False
        free = not _is_worked_at(descriptor)
        fcntl.flock(descriptor, fcntl.LOCK_UN)
        return free

    def _descriptor(self, number: int) -> int:
        if number not in self._idle:
            self._idle[number] = self._folder.open(_slot_name(number))
        return self._idle[number]

    def _end(self, number: int, descriptor: int, abandoned: bool) -> None:
        try:
            if not abandoned:
                self._folder.write(descriptor, _ENDED)
        finally:
            self._free(number, descriptor)

    def _free(self, number: int, descriptor: int) -> None:
        self._held.discard(number)
        if self._closed or number in self._idle:
            os.close(descriptor)
            return
        fcntl.flock(descriptor, fcntl.LOCK_UN)
        self._idle[number] = descriptor


class PerSecond:
    """So many turns that begin within a second: a file tells when the last ones began, by the machine's own clock.

    A call begins when it is sent, which can be a while after its turn came: the connection has to be made first.
    """

    def __init__(self, folder: LimitsFolder) -> None:
        self._folder = folder

    def take(self, names: Iterable[str], most: int) -> Turn | None:  # noqa: ARG002 -- as all limits
        """Begin one unless `most` have begun within the last `WINDOW_SECONDS`."""
        descriptor = self._folder.open(_BEGUN)
        try:
            if not (_locked(descriptor, fcntl.LOCK_EX) and self._folder.is_current(_BEGUN, descriptor)):
                return None
            begun = _begun(descriptor, WINDOW_SECONDS)
            if len(begun) >= most:
                return None
            now = time.monotonic_ns()
            self._folder.write(descriptor, b"".join(map(_STAMP.pack, [*begun, now])))
        finally:
            os.close(descriptor)
        return Turn(_ended, partial(self._send, now))

    def _send(self, taken: int) -> None:
        descriptor = self._folder.open(_BEGUN)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)  # held by others for microseconds
            others = [begun for begun in _begun(descriptor, WINDOW_SECONDS) if begun != taken]
            self._folder.write(descriptor, b"".join(map(_STAMP.pack, [*others, time.monotonic_ns()])))
        finally:
            os.close(descriptor)

    def is_free(self, names: Iterable[str], most: int) -> bool:  # noqa: ARG002 -- as all limits
        """Say whether fewer than `most` have begun within the last `WINDOW_SECONDS`."""
        descriptor = self._folder.open(_BEGUN)
        try:
            return len(_begun(descriptor, WINDOW_SECONDS)) < most
        finally:
            os.close(descriptor)

    def close(self) -> None:
        """Nothing is kept open."""


def _begun(descriptor: int, seconds: float) -> list[int]:
    """Return those of the times (ns) in an open file that lie within the last `seconds`."""
    stored = os.pread(descriptor, _LONGEST_WINDOW, 0)
    whole = stored[: len(stored) // _STAMP.size * _STAMP.size]
    now = time.monotonic_ns()
    return [begun for (begun,) in _STAMP.iter_unpack(whole) if now - seconds * 1e9 < begun <= now]


def _is_worked_at(descriptor: int) -> bool:
    return bool(_begun(descriptor, WORKING_SECONDS))


def _locked(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _slot_name(number: int) -> str:
    return f"{_SLOT}{number:04d}"


def _slot_number(name: str) -> int | None:
    number = name.removeprefix(_SLOT)
    return int(number) if name.startswith(_SLOT) and number.isdecimal() else None


def _nothing() -> None:
    """A call that counts until it has ended counts from when its turn came."""


def _ended(_abandoned: bool) -> None:
    """A turn that only had to begin leaves nothing to give back."""
