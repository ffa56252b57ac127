"""Which outside calls this process has made, and when: each step's go into its metadata, and so into the audit log."""

import time
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from intent_assets.timeline import CallMade

_MOST = 5000
"""Calls that wait to be taken; a process without steps takes none."""

_calls: deque[CallMade] = deque(maxlen=_MOST)


@asynccontextmanager
async def logged(service: str, operation: str) -> AsyncIterator[None]:
    """Note the call that the block makes, however it ends; the wait for its turn is no part of it."""
    at, began = time.time(), time.perf_counter()
    try:
        yield
    finally:
        _calls.append(CallMade(service, operation, at, time.perf_counter() - began))


def taken() -> list[CallMade]:
    """Return the calls since this was last asked, in the order in which they ended."""
    return [_calls.popleft() for _ in range(len(_calls))]
