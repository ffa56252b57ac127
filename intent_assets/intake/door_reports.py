"""What has become of a reply, from all that is known of it: inbox, runs, page and what Clay was told."""

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from intent_assets.intake.door_forms import Finding, ReportStatus
from intent_assets.intake.door_runs import Runs, is_at_work, is_cancelled, is_waiting
from intent_assets.intake.inbox import Inbox
from intent_assets.intake.stored import Standing
from intent_assets.notices import notice_id
from intent_assets.outbox import Outbox, UnknownNotice
from intent_assets.rendering.markdown import report_markdown
from intent_assets.reports import FactCheckedReport, NotionPage
from intent_assets.settings import Settings
from intent_assets.spool import ID
from intent_assets.tries import root_of
from intent_assets.values import ValueStore

if TYPE_CHECKING:
    import dagster as dg

_START_SECONDS = 120.0
"""After this long a reply that was taken and has no run has lost it."""


class Reports:
    """Reads how replies stand. Methods raise `StorageError` and `RunsUnreadable`."""

    def __init__(self, settings: Settings, inbox: Inbox, runs: Runs) -> None:
        self._inbox = inbox
        self._runs = runs
        self._outbox = Outbox.of(settings)
        self._values = ValueStore(settings.values)
        self._runs_url = settings.runs_url

    def of(self, reply_id: str) -> ReportStatus | None:
        """Return how the reply stands, None if there is none with this id."""
        standing = self._inbox.standing(reply_id) if ID.fullmatch(reply_id) else None
        if standing is None:
            return None
        # in this order: what is read later is what comes later, so no ending is missed between two looks
        runs = self._runs.of(reply_id)
        ending = self._notice("ending", reply_id)
        page: NotionPage | None = self._values.find("notion_page", standing.reply.domain)
        if page is not None and page.reply_id == reply_id and page.text_hash is not None:
            return self._published(standing, runs, ending, page)
        if ending is not None:
            return self._ended(standing, runs, ending, page)
        return self._by_runs(standing, runs)

    def _published(
        self, standing: Standing, runs: Sequence["dg.RunRecord"], ending: dict[str, Any] | None, page: NotionPage
    ) -> ReportStatus:
        """Tell of the report that stands on the page now."""
        checked: FactCheckedReport | None = self._values.find("fact_checked_report", standing.reply.domain)
        shown = (
            checked is not None
            and checked.report.reply.reply_id == standing.reply.reply_id
            and checked.verdict.text_hash == page.text_hash
        )
        markdown = report_markdown(checked.report) if checked is not None and shown else None
        run_id = ending["run_id"] if ending is not None else _newest(runs)
        return self._status(standing, "published", run_id, report_url=page.url, markdown=markdown)

    def _ended(
        self,
        standing: Standing,
        runs: Sequence["dg.RunRecord"],
        ending: dict[str, Any],
        page: NotionPage | None,
    ) -> ReportStatus:
        """Tell what Clay was told of the reply: a later one may have replaced all else."""
        run_id = ending["run_id"] or _newest(runs)
        if ending["event"] == "report.held":
            findings = tuple(Finding(quote=each["quote"], reason=each["reason"]) for each in ending["findings"])
            return self._status(standing, "held", run_id, findings=findings)
        if ending["event"] == "report.empty":
            return self._status(standing, "empty", run_id)
        url = page.url if page is not None and page.url is not None else ending["report_url"]
        return self._status(standing, "published", run_id, report_url=url)

    def _by_runs(self, standing: Standing, runs: Sequence["dg.RunRecord"]) -> ReportStatus:
        """Tell by its newest run how a reply stands that has no report."""
        if not runs:
            return self._without_run(standing)
        record = runs[0]
        run = record.dagster_run
        if is_waiting(run):
            return self._status(standing, "queued", run.run_id)
        if is_at_work(run) or self._runs.awaits_retry(record):
            return self._status(standing, "running", run.run_id)
        cancelled = standing.cancelled is not None and standing.cancelled.at >= record.create_timestamp
        if is_cancelled(run) or cancelled:
            return self._failed(standing, run.run_id, error=_cancelled(standing), cancelled=True)
        told = self._notice("failed", root_of(run))
        if told is not None and told["run_id"] == run.run_id:
            return self._failed(standing, run.run_id, error=told["error"], failed_step=told["failed_step"])
        failed_step, error = self._runs.what_failed(run)
        return self._failed(standing, run.run_id, error=error, failed_step=failed_step)

    def _without_run(self, standing: Standing) -> ReportStatus:
        if standing.cancelled is not None:
            return self._failed(standing, None, error=_cancelled(standing), cancelled=True)
        age = time.time() - standing.arrival / 1e9
        if standing.waiting or age < _START_SECONDS:
            return self._status(standing, "queued", None)
        return self._failed(standing, None, error="Dagster knows no run of it any more: it was deleted there")

    def _failed(
        self,
        standing: Standing,
        run_id: str | None,
        *,
        error: str,
        failed_step: str | None = None,
        cancelled: bool = False,
    ) -> ReportStatus:
        retry = f"intent retry {run_id}" if run_id else f"intent report {standing.reply.domain}"
        return self._status(
            standing, "failed", run_id, error=error, failed_step=failed_step, retry=retry, cancelled=cancelled
        )

    def _status(self, standing: Standing, status: str, run_id: str | None, **more: Any) -> ReportStatus:
        return ReportStatus.model_validate(
            {
                "reply_id": standing.reply.reply_id,
                "domain": standing.reply.domain,
                "status": status,
                "received_at": standing.reply.received_at,
                "run_id": run_id or None,
                "run_url": f"{self._runs_url}/{run_id}" if run_id else None,
                **more,
            }
        )

    def _notice(self, effect: Any, about: str) -> dict[str, Any] | None:
        try:
            return self._outbox.find(notice_id(effect, about)).notice
        except UnknownNotice:
            return None


def _cancelled(standing: Standing) -> str:
    if standing.cancelled is None:
        return "cancelled: the run was stopped in Dagster"
    return f"cancelled by {standing.cancelled.by}"


def _newest(runs: Sequence["dg.RunRecord"]) -> str | None:
    return runs[0].dagster_run.run_id if runs else None
