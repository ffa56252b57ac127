"""Turns: how many calls may be in flight at once in this process, over all its sessions, threads and event loops."""

import asyncio
import hashlib
import threading
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Turns:
    """A semaphore that serves waiters of any event loop in the order in which they came."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._lock = threading.Lock()
        self._in_flight = 0
        self._waiting: deque[tuple[asyncio.AbstractEventLoop, asyncio.Future[None]]] = deque()

    @asynccontextmanager
    async def take(self) -> AsyncIterator[None]:
        """Wait for a turn and hold it."""
        await self._enter()
        try:
            yield
        finally:
            self._leave()

    async def _enter(self) -> None:
        with self._lock:
            if self._in_flight < self.limit and not self._waiting:
                self._in_flight += 1
                return
            loop = asyncio.get_running_loop()
            mine = (loop, loop.create_future())
            self._waiting.append(mine)
        try:
            await mine[1]
        except asyncio.CancelledError:
            with self._lock:
                still_waiting = mine in self._waiting
                if still_waiting:
                    self._waiting.remove(mine)
            if not still_waiting:
                # The turn was handed over in the moment of the cancellation: it goes to the next.
                self._leave()
            raise

    def _leave(self) -> None:
        with self._lock:
            self._in_flight -= 1
            while self._waiting and self._in_flight < self.limit:
                loop, turn = self._waiting.popleft()
                try:
                    loop.call_soon_threadsafe(_hand_over, turn)
                except RuntimeError:
                    continue  # its loop is closed, nobody waits there any more
                self._in_flight += 1


def _hand_over(turn: asyncio.Future[None]) -> None:
    if not turn.done():
        turn.set_result(None)


_turns: dict[str, Turns] = {}
_registry = threading.Lock()


def turns_for(address: str, key: str, limit: int) -> Turns:
    """Return the turns that all sessions with this address and key share; the latest `limit` holds."""
    name = hashlib.sha256(f"{address}\n{key}".encode()).hexdigest()
    with _registry:
        turns = _turns.setdefault(name, Turns(limit))
        turns.limit = limit
        return turns
