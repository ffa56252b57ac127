"""Limits that all processes of a machine share: how many calls at a time, and how many in a second.

Whatever a process holds is a lock of the kernel's, so nothing stays behind when it is killed.
"""

import fcntl
import os
import struct
import time
from collections.abc import Callable, Iterable
from functools import partial
from typing import Protocol

from intent_assets.resources.limits_folder import LimitsFolder

WINDOW_SECONDS = 1.1
"""A second as services see it, and a margin for calls that take longer on their way than others."""

_SLOT = "slot-"
_BEGUN = "begun"
_STAMP = struct.Struct("<q")
_LONGEST_WINDOW = 65_536


class Turn:
    """The right to make one call; give it back when the call has ended."""

    def __init__(self, end: Callable[[], None]) -> None:
        self._end = end

    def give_back(self) -> None:
        """End the turn."""
        self._end()


class Limit(Protocol):
    """What turns are taken from. `names` are the files of its folder as just listed, `most` the limit that holds."""

    def take(self, names: Iterable[str], most: int) -> Turn | None:
        """Take a turn if there is one."""

    def is_free(self, names: Iterable[str], most: int) -> bool:
        """Say whether there is a turn, and take none."""

    def close(self) -> None:
        """Close what is open; turns that are out stay so until they are given back."""


class AtOnce:
    """So many turns at a time: each is the lock of a slot, a file."""

    def __init__(self, folder: LimitsFolder) -> None:
        self._folder = folder
        self._idle: dict[int, int] = {}
        self._held: set[int] = set()
        self._closed = False

    def take(self, names: Iterable[str], most: int) -> Turn | None:
        """Take a free slot unless `most` are held, those of processes with a higher limit counted."""
        for number in range(most):
            if number in self._held or not self._lock(number):
                continue
            self._held.add(number)
            descriptor = self._idle.pop(number)
            turn = Turn(partial(self._give_back, number, descriptor))
            if self._count_held(names, most) <= most:
                self._folder.write(descriptor, b"")  # whoever cleans up old files sees that it is used
                return turn
            turn.give_back()
            break
        return None

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
        if self._folder.is_current(_slot_name(number), descriptor):
            return True
        os.close(self._idle.pop(number))
        return _locked(self._descriptor(number), fcntl.LOCK_EX)

    def _looks_free(self, number: int) -> bool:
        descriptor = self._descriptor(number)
        free = _locked(descriptor, fcntl.LOCK_SH)
        if free:
            fcntl.flock(descriptor, fcntl.LOCK_UN)
        return free

    def _descriptor(self, number: int) -> int:
        if number not in self._idle:
            self._idle[number] = self._folder.open(_slot_name(number))
        return self._idle[number]

    def _give_back(self, number: int, descriptor: int) -> None:
        self._held.discard(number)
        if self._closed or number in self._idle:
            os.close(descriptor)
            return
        fcntl.flock(descriptor, fcntl.LOCK_UN)
        self._idle[number] = descriptor


class PerSecond:
    """So many turns that begin within a second: a file tells when the last ones began, by the machine's own clock."""

    def __init__(self, folder: LimitsFolder) -> None:
        self._folder = folder

    def take(self, names: Iterable[str], most: int) -> Turn | None:  # noqa: ARG002 -- as all limits
        """Begin one unless `most` have begun within the last `WINDOW_SECONDS`."""
        descriptor = self._folder.open(_BEGUN)
        try:
            if not (_locked(descriptor, fcntl.LOCK_EX) and self._folder.is_current(_BEGUN, descriptor)):
                return None
            now = time.monotonic_ns()
            begun = _begun(descriptor, now)
            if len(begun) >= most:
                return None
            self._folder.write(descriptor, b"".join(map(_STAMP.pack, [*begun, now])))
        finally:
            os.close(descriptor)
        return Turn(_nothing)

    def is_free(self, names: Iterable[str], most: int) -> bool:  # noqa: ARG002 -- as all limits
        """Say whether fewer than `most` have begun within the last `WINDOW_SECONDS`."""
        descriptor = self._folder.open(_BEGUN)
        try:
            return len(_begun(descriptor, time.monotonic_ns())) < most
        finally:
            os.close(descriptor)

    def close(self) -> None:
        """Nothing is kept open."""


def _begun(descriptor: int, now: int) -> list[int]:
    """Return the times (ns) within the window; one that is still to come is of before the machine was started."""
    stored = os.pread(descriptor, _LONGEST_WINDOW, 0)
    whole = stored[: len(stored) // _STAMP.size * _STAMP.size]
    since = now - int(WINDOW_SECONDS * 1e9)
    return [begun for (begun,) in _STAMP.iter_unpack(whole) if since < begun <= now]


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
    """A turn that only had to begin leaves nothing to give back."""
