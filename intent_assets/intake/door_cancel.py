"""Cancelling a report that is not published: its reply gets no run, or the run is stopped."""

import asyncio

from starlette.concurrency import run_in_threadpool

from intent_assets.intake.door_forms import Cancelled, ReportStatus
from intent_assets.intake.door_problems import Problem, not_found
from intent_assets.intake.door_reports import Reports
from intent_assets.intake.door_runs import Runs
from intent_assets.intake.inbox import Inbox
from intent_assets.intake.stored import Standing
from intent_assets.notices import cancelled_before_run
from intent_assets.outbox import Outbox
from intent_assets.settings import Settings

_LOOKS = 30
_LOOK_EVERY = 0.3
_SAID = {"held": "held by the fact check: nothing was published", "empty": "empty: there was nothing to report"}


class Cancelling:
    """Cancels reports. Methods raise `Problem` 404 and 409, `StorageError` and `RunsUnreadable`."""

    def __init__(self, settings: Settings, inbox: Inbox, runs: Runs, reports: Reports) -> None:
        self._settings = settings
        self._inbox = inbox
        self._runs = runs
        self._reports = reports
        self._outbox = Outbox.of(settings)

    async def cancel(self, reply_id: str, by: str) -> Cancelled:
        """Cancel the report, wait some seconds for its run to end, and say how it stands then.

        A report that is published meanwhile is told as published (409), whatever was asked.
        """
        before = await run_in_threadpool(self._status, reply_id)
        _refuse_ended(before)
        if before.status == "failed" and not before.cancelled:
            raise Problem(409, "already_failed", f"the report has failed already; {before.retry} resumes it")
        if before.status != "failed":
            await run_in_threadpool(self._inbox.cancel, reply_id, by)
        for _ in range(_LOOKS):
            if not await run_in_threadpool(self._stop, reply_id):
                break
            await asyncio.sleep(_LOOK_EVERY)
        now = await run_in_threadpool(self._status, reply_id)
        _refuse_ended(now)
        return Cancelled.model_validate({"reply_id": reply_id, "status": now.status})

    def finish(self) -> None:
        """Tell of the replies whose cancelling was interrupted: marked, and nobody was told."""
        for standing in self._inbox.cancelled():
            self._settle(standing, has_run=bool(self._runs.of(standing.reply.reply_id)))

    def _status(self, reply_id: str) -> ReportStatus:
        status = self._reports.of(reply_id)
        if status is None:
            raise not_found()
        return status

    def _stop(self, reply_id: str) -> bool:
        """Ask every run of the reply that may still go on to end; True while there is one."""
        runs = self._runs.of(reply_id)
        going_on = [record for record in runs if self._runs.may_go_on(record)]
        for record in going_on:
            self._runs.stop(record)
        standing = self._inbox.standing(reply_id)
        if standing is not None and standing.waiting and not going_on:
            self._settle(standing, has_run=bool(runs))
        return bool(going_on)

    def _settle(self, standing: Standing, *, has_run: bool) -> None:
        """Let a cancelled reply wait no more; Clay is told here if no run is there whose end it is told of."""
        word = standing.cancelled
        if word is not None and not has_run:
            url = self._settings.runs_url
            self._outbox.put(cancelled_before_run(standing.reply, by=word.by, at=word.at, run_url=url))
        self._inbox.taken(standing.reply.reply_id)


def _refuse_ended(status: ReportStatus) -> None:
    if status.status == "published":
        raise Problem(409, "already_published", f"the report is published already: {status.report_url}")
    if status.status in _SAID:
        raise Problem(409, f"already_{status.status}", f"the report has ended already, {_SAID[status.status]}")
