"""The line before a limit that all processes share: fair between those who wait, whatever each of them wants.

Who has to wait puts up a ticket, a file named by when it came, and holds its lock; a ticket without a lock is of a
process that died. A turn goes to the oldest ticket, and its owner comes again at the end if it wants more: so turns go
round, one each, and a run with thirty calls to make holds up nobody with one.
"""

import fcntl
import os
import re
import secrets
import time
from collections.abc import Sequence

from intent_assets.resources.limits import Limit, Turn
from intent_assets.resources.limits_folder import LimitsFolder

PATIENCE = 0.5
"""Seconds that a turn may lie there untaken before those behind pass over who does not take it (a stopped process)."""

_TICKET = re.compile(r"wait-(?P<came>\d{20})-(?P<most>\d{6})-[0-9a-f]{8}")
_SHORTEST_PAUSE, _LONGEST_PAUSE, _LONGEST_BEHIND = 0.002, 0.02, 0.2
_SHARE = 1 / 20


class Line:
    """One place in the line, for one run or command at a time. `most` is the limit as its owner knows it.

    The lowest limit among those who wait holds for all that come behind. Methods raise `SharedLimitError`.
    """

    def __init__(self, folder: LimitsFolder, limit: Limit, most: int) -> None:
        self._folder = folder
        self._limit = limit
        self._most = most
        self._ticket: tuple[str, int] | None = None
        self._behind = 0
        self._head: str | None = None
        self._moved = self._untaken_since = 0.0
        self._passed_over: set[str] = set()

    def take(self) -> Turn | None:
        """Take a turn if it is this one's; else wait in the line for it: look again after `pause()` seconds."""
        names = self._folder.names()
        ahead = self._ahead(names)
        self._watch(names, ahead)
        turn = None if ahead else self._limit.take(names, self._most)
        if turn is not None:
            self.leave()
        elif self._ticket is None or self._ticket[0] not in names:
            self._join()
        return turn

    def pause(self) -> float:
        """Seconds until it is worth looking again: the longer nothing has moved and the more are ahead, the more."""
        unmoved = (time.monotonic() - self._moved) * _SHARE
        return min(min(max(unmoved, _SHORTEST_PAUSE), _LONGEST_PAUSE) * (1 + self._behind), _LONGEST_BEHIND)

    def leave(self) -> None:
        """Give up the place in the line, if there is one."""
        if self._ticket is not None:
            name, descriptor = self._ticket
            self._ticket = None
            try:
                self._folder.remove(name)
            finally:
                os.close(descriptor)

    def _join(self) -> None:
        self.leave()
        self._moved = time.monotonic()
        while self._ticket is None:
            name = f"wait-{time.monotonic_ns():020d}-{min(self._most, 999_999):06d}-{secrets.token_hex(4)}"
            descriptor = self._folder.open(name, os.O_EXCL)
            # Between the two lines of opening and locking, somebody may have taken it for that of a dead process.
            if _take_lock(descriptor) and self._folder.is_current(name, descriptor):
                self._ticket = name, descriptor
            else:
                os.close(descriptor)

    def _ahead(self, names: Sequence[str]) -> list[str]:
        """Return the tickets that come first, the oldest one known to be alive; those of the dead are taken away."""
        mine = self._ticket[0] if self._ticket is not None else None
        tickets = sorted(name for name in names if _TICKET.fullmatch(name) and (mine is None or name < mine))
        self._passed_over.intersection_update(tickets)
        tickets = [name for name in tickets if name not in self._passed_over]
        while tickets and not self._is_alive(tickets[0]):
            self._folder.remove(tickets.pop(0))
        return tickets

    def _is_alive(self, ticket: str) -> bool:
        try:
            descriptor = os.open(self._folder.path / ticket, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        except OSError:
            return False
        try:
            return not _take_lock(descriptor)
        finally:
            os.close(descriptor)

    def _watch(self, names: Sequence[str], ahead: Sequence[str]) -> None:
        """Note who is at the head, and pass over it when a turn has lain there for too long."""
        now = time.monotonic()
        head = ahead[0] if ahead else None
        self._behind = len(ahead)
        if head != self._head:
            self._head, self._moved = head, now
            self._untaken_since = now
        if head is None:
            return
        most = min(self._most, *(int(name.split("-")[2]) for name in ahead))
        if not self._limit.is_free(names, most):
            self._untaken_since = now
        elif now - self._untaken_since > PATIENCE:
            self._passed_over.add(head)


def _take_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
