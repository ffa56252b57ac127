"""Turns for calls: each waits until the limit that all processes of the machine share lets it go.

One session is one flow in the line (a run's step, a command): within it the calls go in the order in which they came.
"""

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Literal

from intent_assets.resources.limits import AtOnce, Limit, PerSecond, Turn
from intent_assets.resources.limits_folder import LimitsFolder
from intent_assets.resources.line import Line
from intent_assets.settings import Settings

WORTH_TELLING = 30.0
"""Seconds of waiting for a turn after which it is told."""

_log = logging.getLogger(__name__)


class Turns:
    """The turns of one session for calls of `service`, all in one event loop."""

    def __init__(self, service: str, line: Line, limit: Limit) -> None:
        self._service = service
        self._line = line
        self._limit = limit
        self._waiting: deque[asyncio.Future[Turn]] = deque()
        self._serving: asyncio.Task[None] | None = None
        self._given_back = asyncio.Event()

    @asynccontextmanager
    async def take(self) -> AsyncIterator[Turn]:
        """Wait for a turn and hold it; its `send` is to be called when the call goes out.

        Raises `SharedLimitError` where the limit can't be kept.
        """
        turn = await self._next()
        try:
            yield turn
        except asyncio.CancelledError:
            self._end(turn, abandoned=True)
            raise
        except BaseException:
            self._end(turn)
            raise
        self._end(turn)

    async def close(self) -> None:
        """Leave the line; nobody may be waiting any more."""
        if self._serving is not None:
            self._serving.cancel()
            with suppress(asyncio.CancelledError):
                await self._serving
        self._limit.close()

    async def _next(self) -> Turn:
        if self._serving is None:
            turn = self._line.take()
            if turn is not None:
                return turn
            self._serving = asyncio.create_task(self._serve())
        mine: asyncio.Future[Turn] = asyncio.get_running_loop().create_future()
        self._waiting.append(mine)
        telling = asyncio.get_running_loop().call_later(WORTH_TELLING, self._tell)
        try:
            return await mine
        except asyncio.CancelledError:
            if mine.done() and not mine.cancelled() and mine.exception() is None:
                # The turn was given in the moment of the cancellation: it goes to the next.
                self._end(mine.result())
            raise
        finally:
            telling.cancel()

    def _tell(self) -> None:
        _log.warning(
            "%s: a call has waited for %g s, because other calls of this machine with the same key use up the limit",
            self._service, WORTH_TELLING,
        )  # fmt: skip

    async def _serve(self) -> None:
        """Look for turns as long as somebody waits: one looks for all."""
        try:
            while self._someone_waits():
                turn = self._line.take()
                if turn is not None:
                    self._waiting.popleft().set_result(turn)
                else:
                    await self._pause(self._line.pause())
        except Exception as problem:  # noqa: BLE001 -- it is raised by everyone who waits
            for waiting in self._waiting:
                if not waiting.done():
                    waiting.set_exception(problem)
            self._waiting.clear()
        finally:
            self._serving = None
            self._line.leave()

    def _someone_waits(self) -> bool:
        while self._waiting and self._waiting[0].done():
            self._waiting.popleft()
        return bool(self._waiting)

    async def _pause(self, seconds: float) -> None:
        """Pause, but no longer than until a turn of this session's own comes back."""
        self._given_back.clear()
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._given_back.wait()

    def _end(self, turn: Turn, *, abandoned: bool = False) -> None:
        turn.give_back(abandoned=abandoned)
        self._given_back.set()


@asynccontextmanager
async def turns_of(
    service: Literal["starbridge", "notion"], settings: Settings, *, address: str, key: str
) -> AsyncIterator[Turns]:
    """Open the turns for calls of a service: all sessions of this machine with this address and key share its limit."""
    folder = LimitsFolder(settings.limits_folder, service, address, key)
    limit: Limit
    if service == "starbridge":
        limit, most = AtOnce(folder), settings.starbridge_calls_at_once
    else:
        limit, most = PerSecond(folder), settings.notion_calls_per_second
    turns = Turns(service, Line(folder, limit, most), limit)
    try:
        yield turns
    finally:
        await turns.close()
