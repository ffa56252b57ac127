"""Sensor that polls Smartlead's inbox, for those who can't receive webhooks; it only puts replies into our inbox.

A sensor of its own, so that a Smartlead that hangs or fails never holds up the replies that are there.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import dagster as dg
from pydantic import AwareDatetime, BaseModel, ValidationError

from intent_assets.errors import InvalidReply, SmartleadError
from intent_assets.intake.inbox import Inbox
from intent_assets.intake.refusals import summary_of
from intent_assets.intake.replies import NotTaken, parse_polled
from intent_assets.resources.inbox import InboxResource
from intent_assets.resources.smartlead import Smartlead
from intent_assets.settings import Settings, load_services, load_settings

OVERLAP = timedelta(minutes=15)
"""How far each poll reaches back behind the one before: replies show up late, and known ones are known by their id."""

FIRST = timedelta(days=1)
"""How far the first poll reaches back."""

SECONDS = 30.0
_SHORTEST_SPAN = 60.0
_REMEMBERED = 500


class _Cursor(BaseModel):
    """Up to when all was read; `span` limits the next period, in seconds, after one that was too long to read."""

    polled: AwareDatetime | None = None
    span: float | None = None
    left_out: tuple[str, ...] = ()


@dg.sensor(
    name="smartlead_replies",
    description="Polls Smartlead's inbox where SMARTLEAD_API_KEY is set, and puts new positive replies into the inbox.",
    default_status=dg.DefaultSensorStatus.RUNNING,
    minimum_interval_seconds=15,
)
def smartlead_replies(context: dg.SensorEvaluationContext, inbox: InboxResource) -> dg.SkipReason:
    """Take in what came since the last complete poll; a poll that fails is told of and made again at the next tick."""
    services, settings = load_services(), load_settings()
    if services.smartlead_api_key is None:
        return dg.SkipReason("SMARTLEAD_API_KEY is not set: Smartlead is not polled")
    now = datetime.now(UTC)
    cursor = _read_cursor(context.cursor)
    last = min(cursor.polled, now) if cursor.polled is not None else None
    if last is not None and now - last < timedelta(seconds=settings.smartlead_poll_every):
        return dg.SkipReason(f"polled at {last:%H:%M:%S} UTC; every {settings.smartlead_poll_every:g} s")
    start = last if last is not None else now - FIRST
    until = now if cursor.span is None else min(now, start + timedelta(seconds=cursor.span))
    try:
        with Smartlead(services, settings) as client:
            polled = client.replies(start - OVERLAP, until, seconds=SECONDS)
    except SmartleadError as problem:
        context.log.warning(str(problem))
        return dg.SkipReason(f"the poll failed and is made again: {problem}")
    taking = _Taking(inbox.open(), now, settings, cursor.left_out)
    for item in reversed(polled.items):
        taking.take(item)
    if polled.complete:
        after = _Cursor(polled=until, span=None if until == now else cursor.span, left_out=taking.remembered)
    else:
        half = max((until - start).total_seconds() / 2, _SHORTEST_SPAN)
        after = _Cursor(polled=start, span=half, left_out=taking.remembered)
    context.update_cursor(after.model_dump_json())
    rest = "" if polled.complete else "; not all could be read, the next tick asks for a shorter period"
    return dg.SkipReason(f"{taking.new} new replies, {taking.known} known, {taking.left_out} left out{rest}")


class _Taking:
    """Puts polled items into the inbox and counts; what is left out again (polls overlap) is not logged again."""

    def __init__(self, inbox: Inbox, now: datetime, settings: Settings, remembered: tuple[str, ...]) -> None:
        self.new = self.known = self.left_out = 0
        self._inbox, self._now, self._settings = inbox, now, settings
        self._remembered = dict.fromkeys(remembered)

    @property
    def remembered(self) -> tuple[str, ...]:
        return tuple(self._remembered)[-_REMEMBERED:]

    def take(self, item: Mapping[str, Any]) -> None:
        try:
            reply = parse_polled(item, received_at=self._now, settings=self._settings)
        except InvalidReply as problem:
            self._leave_out(item, summary_of(item), str(problem))
            return
        if isinstance(reply, NotTaken):
            self._leave_out(item, reply.model_dump(exclude={"reason"}), reply.reason)
        elif self._inbox.put(reply).new:
            self.new += 1
        else:
            self.known += 1

    def _leave_out(self, item: Mapping[str, Any], summary: Mapping[str, Any], reason: str) -> None:
        self.left_out += 1
        mark = hashlib.sha256(json.dumps([item, reason], sort_keys=True, default=str).encode()).hexdigest()[:12]
        if mark not in self._remembered:
            self._remembered[mark] = None
            self._inbox.refused({"source": "smartlead_poll", **summary}, reason)


def _read_cursor(text: str | None) -> _Cursor:
    try:
        return _Cursor.model_validate_json(text or "{}")
    except ValidationError:
        return _Cursor()
