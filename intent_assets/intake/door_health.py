"""Whether replies can be stored right now, and get their runs."""

import threading
import time

from intent_assets.errors import StorageError
from intent_assets.intake.inbox import Inbox

_FRESH_SECONDS = 1.0


class StorageLook:
    """Tries to store, at most once a second however many ask."""

    def __init__(self, inbox: Inbox) -> None:
        self._inbox = inbox
        self._lock = threading.Lock()
        self._looked_at = float("-inf")
        self._problem: StorageError | None = None

    def check(self) -> None:
        """Raise the `StorageError` that a reply would meet now."""
        with self._lock:
            if time.monotonic() - self._looked_at > _FRESH_SECONDS:
                self._problem = self._look()
                self._looked_at = time.monotonic()
            if self._problem is not None:
                raise self._problem

    def _look(self) -> StorageError | None:
        try:
            self._inbox.try_storing()
        except StorageError as problem:
            return problem
        return None
