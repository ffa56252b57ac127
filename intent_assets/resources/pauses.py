"""Another try of a call, and how long to wait before it: as long as the service asks, else longer each time."""

import asyncio
import logging
import random
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, stop_after_attempt

from intent_assets.errors import ServiceError
from intent_assets.settings import Settings


def retry_after(header: str | None, *, now: datetime | None = None) -> float | None:
    """Return the seconds that a `Retry-After` header asks for (seconds or an HTTP date), None if it can't be read."""
    text = (header or "").strip()
    if re.fullmatch(r"\d{1,9}(\.\d{1,9})?", text):
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, IndexError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - (now or datetime.now(UTC))).total_seconds())


def pause_before(number: int, problem: BaseException | None, settings: Settings) -> float:
    """Return the seconds to wait before the try after try `number` (from 1) that ended with `problem`.

    Doubled each time, with jitter, at least what the service asked for, at most `settings.retry_pause_max`.
    """
    asked = problem.retry_after if isinstance(problem, ServiceError) else None
    doubled = settings.retry_pause * 2.0 ** min(number - 1, 30)
    return min(settings.retry_pause_max, max(asked or 0.0, doubled * random.uniform(0.5, 1.0)))


def repeating(settings: Settings, log: logging.Logger) -> AsyncRetrying:
    """Return what calls a coroutine until it works, can't be helped, or was tried `settings.tries` times.

    Each further try is told to `log`; the last `ServiceError` is raised as it is.
    """

    def wait(state: RetryCallState) -> float:
        return pause_before(state.attempt_number, _problem(state), settings)

    def tell(state: RetryCallState) -> None:
        log.warning(
            "%s; try %d of %d in %.2f s",
            _problem(state),
            state.attempt_number + 1,
            settings.tries,
            state.upcoming_sleep,
        )

    return AsyncRetrying(
        stop=stop_after_attempt(settings.tries),
        wait=wait,
        retry=retry_if_exception(lambda problem: isinstance(problem, ServiceError) and problem.retryable),
        before_sleep=tell,
        sleep=asyncio.sleep,
        reraise=True,
    )


def _problem(state: RetryCallState) -> BaseException | None:
    return state.outcome.exception() if state.outcome else None
