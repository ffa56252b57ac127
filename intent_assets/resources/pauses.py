"""Another try of a call, and how long to wait before it: as long as the service asks, else longer each time."""

import asyncio
import logging
import random
import re
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, stop_after_attempt, stop_before_delay

from intent_assets.errors import ServiceError
from intent_assets.settings import Settings

_log = logging.getLogger(__name__)


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


def repeating(
    settings: Settings, *, seconds: float | None = None, helps: Callable[[ServiceError], bool] = lambda _: True
) -> AsyncRetrying:
    """Return what calls a coroutine until it works, or another try can't help or is not allowed.

    Tried again is what ended with a `ServiceError` that is `retryable` and that `helps` says yes to: `settings.tries`
    times at the most, and never later than `seconds` (`settings.retry_seconds`) after the first try. Each further try
    is logged, which makes it an event of the run; the last error is raised as it is.
    """
    latest = settings.retry_seconds if seconds is None else seconds

    def worth_it(problem: BaseException) -> bool:
        return isinstance(problem, ServiceError) and problem.retryable and helps(problem)

    def wait(state: RetryCallState) -> float:
        return pause_before(state.attempt_number, _problem(state), settings)

    def tell(state: RetryCallState) -> None:
        _log.warning(
            "%s; try %d of %d in %.2f s",
            in_short(_problem(state)),
            state.attempt_number + 1,
            settings.tries,
            state.upcoming_sleep,
        )

    return AsyncRetrying(
        stop=stop_after_attempt(settings.tries) | stop_before_delay(latest),
        wait=wait,
        retry=retry_if_exception(worth_it),
        before_sleep=tell,
        sleep=asyncio.sleep,
        reraise=True,
    )


def in_short(problem: BaseException | None) -> str:
    """Say which call failed and how, without the service's own words: these may hold what it was sent."""
    if not isinstance(problem, ServiceError):
        return type(problem).__name__
    if problem.status is None:
        how = "no answer"
    else:
        how = f"HTTP {problem.status}" + (" without a usable answer" if problem.status < 300 else "")
    asked = f" (asked for {problem.retry_after:g} s)" if problem.retry_after is not None else ""
    return f"{problem.service} {problem.operation}: {how}{asked}"


def _problem(state: RetryCallState) -> BaseException | None:
    return state.outcome.exception() if state.outcome else None
