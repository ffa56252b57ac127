"""How long to wait before the next try of a call: as long as the service asks, else longer each time."""

import random
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

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
