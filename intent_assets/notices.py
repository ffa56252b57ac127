"""The notices that Clay gets (contracts: notices): six events, each with the Slack message ready to post.

A notice's id comes from the effect that it tells of, not from its text: one `reply.accepted` and one ending for each
reply, one `run.failed` for each run and its retries, however often they are made.
"""

import hashlib
from datetime import UTC, datetime
from typing import Any, Literal

from pydantic import AwareDatetime

from intent_assets.intake.mail import snippet
from intent_assets.notice_texts import (
    accepted_text,
    empty_text,
    failed_text,
    held_text,
    published_text,
)
from intent_assets.records import Contact, Record, Reply, Tier
from intent_assets.rendering.text import bind
from intent_assets.reports import FactCheckedReport, NotionPage, Report

_MOST_FINDINGS = 50


class ReplyNote(Record):
    """The reply as notices tell it; `snippet` is its first sentence or two."""

    reply_id: str
    prospect_name: str | None
    prospect_email: str | None
    company: str | None
    campaign_id: str | None
    sequence_number: int | None
    snippet: str

    @classmethod
    def of(cls, reply: Reply) -> "ReplyNote":
        """Take over what notices tell of `reply`."""
        taken = {name: getattr(reply, name) for name in cls.model_fields if name != "snippet"}
        return cls(**taken, snippet=snippet(reply.reply_text))


class Notice(Record):
    """What every notice has. `run_id` is empty only where no run has an id yet (`reply.accepted` from the sensor)."""

    notice_id: str
    event: str
    occurred_at: AwareDatetime
    domain: str
    run_id: str
    text: str

    def wire(self) -> dict[str, Any]:
        """Return the notice as Clay gets it; times in UTC."""
        moment = self.occurred_at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        return self.model_dump(mode="json") | {"occurred_at": moment}


class ReplyAccepted(Notice):
    """A positive reply was taken in."""

    event: Literal["reply.accepted"] = "reply.accepted"
    reply: ReplyNote


class DecisionMaker(Record):
    """Whom to call, of tier 2 and 3."""

    name: str
    title: str | None
    email: str | None
    phone: str | None


class IrNotes(Record):
    """What tier 3 adds; a part that the report does not have is None."""

    relevancy: str | None
    pitch_angle: str | None
    gameplan: str | None


class FactCheck(Record):
    """The gate's counts (see `reports.Verdict`)."""

    claims: int
    supported: int
    repaired: int
    removed: int


class ReportPublished(Notice):
    """A report stands on its page: the first of the domain (`report.ready`), or a later one (`report.updated`)."""

    event: Literal["report.ready", "report.updated"]
    reply: ReplyNote
    report_url: str
    featured_buyer: str
    tier: Tier
    signals_scanned: int
    buyers_scored: int
    new_signals: int
    decision_maker: DecisionMaker | None
    ir_notes: IrNotes | None
    fact_check: FactCheck
    duration_seconds: float
    cost_usd: float

    def wire(self) -> dict[str, Any]:
        """Return the notice as Clay gets it: without what its tier does not have."""
        wire = super().wire()
        for field, tier in (("decision_maker", 2), ("ir_notes", 3)):
            if self.tier < tier:
                del wire[field]
        return wire


class HeldFinding(Record):
    """What the fact check found: the words and why they can't stand."""

    quote: str
    reason: str


class ReportHeld(Notice):
    """The report did not pass the fact check: nothing was published."""

    event: Literal["report.held"] = "report.held"
    reply: ReplyNote
    findings: tuple[HeldFinding, ...]


class ReportEmpty(Notice):
    """No buyer and no signal was found."""

    event: Literal["report.empty"] = "report.empty"
    reply: ReplyNote


class RunFailed(Notice):
    """A run failed for good. `failed_step` is None if no step failed (the process died), `reply` if it had none."""

    event: Literal["run.failed"] = "run.failed"
    reply: ReplyNote | None
    failed_step: str | None
    error: str
    run_url: str
    retry: str


Ending = ReportPublished | ReportHeld | ReportEmpty
AnyNotice = ReplyAccepted | Ending | RunFailed


def reply_accepted(reply: Reply, *, occurred_at: datetime | None = None, run_id: str = "") -> ReplyAccepted:
    """Tell that `reply` was taken in."""
    return ReplyAccepted(
        notice_id=notice_id("accepted", reply.reply_id),
        occurred_at=occurred_at or datetime.now(UTC),
        domain=reply.domain,
        run_id=run_id,
        text=accepted_text(reply, snippet(reply.reply_text)),
        reply=ReplyNote.of(reply),
    )


def ending(
    checked: FactCheckedReport,
    page: NotionPage,
    *,
    run_id: str,
    duration_seconds: float,
    standing: FactCheckedReport | None = None,
    occurred_at: datetime | None = None,
) -> Ending:
    """Tell how the report of a reply ended, by the verdict; all endings of a reply share one id.

    Where the page was left to the report of a later reply (`kept`), it is told as updated, with what `standing`, the
    report that is there, says.

    Raises `ValueError` for a passed report that has no page or no featured buyer.
    """
    common: dict[str, Any] = {
        "notice_id": notice_id("ending", checked.report.reply.reply_id),
        "occurred_at": occurred_at or datetime.now(UTC),
        "domain": checked.report.domain,
        "run_id": run_id,
        "reply": ReplyNote.of(checked.report.reply),
    }
    shown = standing or checked
    if page.status == "kept" and shown.report.featured_buyer_name:
        return _published(shown, checked, page, common, duration_seconds)
    if checked.verdict.outcome == "held":
        findings = tuple(
            HeldFinding(quote=found.seen, reason=found.reason) for found in checked.verdict.findings[:_MOST_FINDINGS]
        )
        text = held_text(checked.report, [(found.quote, found.reason) for found in findings])
        return ReportHeld(**common, findings=findings, text=text)
    if checked.verdict.outcome == "empty":
        return ReportEmpty(**common, text=empty_text(checked.report.reply))
    return _published(checked, checked, page, common, duration_seconds)


def run_failed(
    *,
    root_run_id: str,
    run_id: str,
    domain: str,
    reply: Reply | None,
    failed_step: str | None,
    error: str,
    run_url: str,
    occurred_at: datetime | None = None,
) -> RunFailed:
    """Tell that a run failed for good; `root_run_id` is the first of the run and its retries."""
    retry = f"intent retry {run_id}"
    return RunFailed(
        notice_id=notice_id("failed", root_run_id),
        occurred_at=occurred_at or datetime.now(UTC),
        domain=domain,
        run_id=run_id,
        text=failed_text(domain, reply, failed_step=failed_step, error=error, run_url=run_url, retry=retry),
        reply=ReplyNote.of(reply) if reply is not None else None,
        failed_step=failed_step,
        error=error,
        run_url=run_url,
        retry=retry,
    )


def cancelled_before_run(reply: Reply, *, by: str, at: datetime, run_url: str) -> RunFailed:
    """Tell that `reply` was cancelled at `at`, before it had a run: no report is made.

    There is no run, so the reply's id stands as `run_id`: a notice of this event has one.
    """
    return failed_without_run(reply, error=f"cancelled by {by} before its run began", at=at, run_url=run_url)


def failed_without_run(reply: Reply, *, error: str, at: datetime, run_url: str) -> RunFailed:
    """Tell that `reply` has no run, and will get none; `run_url` is where runs are seen."""
    retry = f"intent report {reply.domain}"
    return RunFailed(
        notice_id=notice_id("failed", reply.reply_id),
        occurred_at=at,
        domain=reply.domain,
        run_id=reply.reply_id,
        text=failed_text(reply.domain, reply, failed_step=None, error=error, run_url=run_url, retry=retry),
        reply=ReplyNote.of(reply),
        failed_step=None,
        error=error,
        run_url=run_url,
        retry=retry,
    )


def notice_id(effect: Literal["accepted", "ending", "failed"], about: str) -> str:
    """Return the id of the one notice that tells of `effect` on the reply or run `about`."""
    return "n_" + hashlib.sha256(f"{effect} {about}".encode()).hexdigest()[:20]


def _published(
    shown: FactCheckedReport,
    checked: FactCheckedReport,
    page: NotionPage,
    common: dict[str, Any],
    duration_seconds: float,
) -> ReportPublished:
    """Tell what the report `shown` on the page says, to the reply that `checked` was made for."""
    report, verdict = shown.report, shown.verdict
    if page.url is None or not report.featured_buyer_name:
        raise ValueError(f"{report.domain}: a passed report has a page and a featured buyer, this one has not both")
    tier = report.reply.tier
    person = report.decision_maker if tier >= 2 else None
    facts = {fact.id: fact for fact in report.facts}
    fact_check = FactCheck(
        claims=verdict.claims, supported=verdict.supported, repaired=verdict.repaired, removed=verdict.removed
    )
    return ReportPublished(
        **common,
        event="report.ready" if page.first_report else "report.updated",
        text=published_text(
            report,
            page,
            verdict,
            reply=checked.report.reply,
            summary=bind(report.summary, facts) if report.summary else "",
            decision_maker=person,
        ),
        report_url=page.url,
        featured_buyer=report.featured_buyer_name,
        tier=tier,
        signals_scanned=report.signals_scanned,
        buyers_scored=report.buyers_scored,
        new_signals=page.new_signals,
        decision_maker=_decision_maker(person),
        ir_notes=_ir_notes(report) if tier == 3 else None,
        fact_check=fact_check,
        duration_seconds=duration_seconds,
        cost_usd=round(sum(usage.cost_usd for usage in checked.report.usage), 6),
    )


def _decision_maker(person: Contact | None) -> DecisionMaker | None:
    if person is None:
        return None
    return DecisionMaker(name=person.name, title=person.title, email=person.email, phone=person.phone)


def _ir_notes(report: Report) -> IrNotes:
    return IrNotes(
        relevancy=_text_under(report, "Relevancy"),
        pitch_angle=_text_under(report, "Pitch angle"),
        gameplan=_text_under(report, "Gameplan"),
    )


def _text_under(report: Report, title: str) -> str | None:
    """Return what Claude wrote of the gameplan under a heading, as it stands on the page, with the facts put in."""
    facts = {fact.id: fact for fact in report.facts}
    texts: list[str] = []
    heading = ""
    for block in report.blocks:
        if block.block == "heading":
            heading = block.text.template
        elif heading == title and block.block in ("paragraph", "items"):
            written = block.sentences if block.block == "paragraph" else block.items
            texts += [bind(text.template, facts) for text in written if text.section == "gameplan"]
    return " ".join(texts) or None
