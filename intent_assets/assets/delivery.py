"""Group `delivery`: the Notion page of the domain, and the one ending that Clay is told."""

import asyncio
import time
from datetime import UTC, datetime

import dagster as dg

from intent_assets.assets.common import OWNERS, domain_of
from intent_assets.assets.retrying import made_again
from intent_assets.partitions import domains
from intent_assets.records import SelectedBuyers
from intent_assets.reports import FactCheckedReport, NotionPage, Release, Report, ReportNotice, last_report
from intent_assets.resources.notion import Notion
from intent_assets.resources.outbox import OutboxResource
from intent_assets.resources.warehouse import Warehouse
from intent_assets.resources.warehouse_rows import RunFacts
from intent_assets.run_values import later_page
from intent_assets.settings import load_settings
from intent_assets.values import ValueStore


@dg.asset(
    partitions_def=domains,
    owners=OWNERS,
    group_name="delivery",
    kinds={"notion", "json"},
    code_version="1",
    description=(
        "One document per domain: its Notion page (id, URL, hash of what stands there). Only a report whose verdict is "
        "`passed`, or that a person has released, and whose text has the checked hash is published; the page is found "
        "before one is created. The report of a later reply is never overwritten."
    ),
)
async def notion_page(
    context: dg.AssetExecutionContext,
    fact_checked_report: FactCheckedReport,
    buyer_intel: SelectedBuyers,
    notion: Notion,
    warehouse: Warehouse,
) -> dg.MaterializeResult[NotionPage]:
    domain = domain_of(context)
    store = ValueStore(load_settings().values)
    before, release = store.find("notion_page", domain), _release(fact_checked_report, store)
    later = later_page(load_settings(), domain, fact_checked_report.report.reply.reply_id)
    if later is not None:
        page = _kept(later)
        context.log.warning(f"{domain}: not published: {page.reason}")
    elif fact_checked_report.verdict.outcome == "passed" or release is not None:
        with made_again(context):
            page = await _publish(fact_checked_report, before, notion, release)
        await asyncio.to_thread(
            _record_contacts, context.run.run_id, fact_checked_report.report, buyer_intel, warehouse
        )
    else:
        page = _not_published(fact_checked_report, before)
        context.log.warning(f"{domain}: not published: {page.reason}")
    return dg.MaterializeResult(
        value=page,
        metadata={
            "status": page.status,
            "page_id": page.page_id or "none",
            "page_url": dg.MetadataValue.url(page.url) if page.url else "none",
            "new_signals": page.new_signals,
            "text_hash": page.text_hash or "none",
            "reason": page.reason or "",
            "verdict": "released" if release else fact_checked_report.verdict.outcome,
            "released_by": release.by if release else "nobody",
            "released_because": release.because if release else "",
        },
    )


def _release(checked: FactCheckedReport, store: ValueStore) -> Release | None:
    """Return a person's word for this very report, if there is one."""
    release: Release | None = store.find("release", checked.report.domain)
    return release if release is not None and release.covers(checked) else None


async def _publish(
    checked: FactCheckedReport, before: NotionPage | None, notion: Notion, release: Release | None
) -> NotionPage:
    async with notion.session() as client:
        published = await client.publish(checked, known_page_id=before.page_id if before else None, release=release)
    report = checked.report
    had_report = before is not None and before.text_hash is not None
    same_reply = before is not None and before.reply_id == report.reply.reply_id
    new_here = published.created or published.unchanged  # unchanged: a try of this run wrote it, and was killed then
    first = before.first_report if before is not None and same_reply else not had_report and new_here
    return NotionPage(
        status="created" if published.created else "updated",
        page_id=published.page_id,
        url=published.url,
        text_hash=checked.verdict.text_hash,
        reply_id=report.reply.reply_id,
        first_report=first,
        signal_ids=report.signal_ids,
        new_signals=len(report.new_signal_ids),
        published_at=datetime.now(UTC),
        before=last_report(before, report.reply),
        release=release,
    )


def _not_published(checked: FactCheckedReport, before: NotionPage | None) -> NotionPage:
    """Say why nothing went out; a page of an earlier report stays as it is."""
    if checked.verdict.outcome == "empty":
        reason = "no buyer with a signal was found"
    else:
        found = f"the fact check found {len(checked.verdict.findings)} unsupported statements"
        reason = f'{found}; release it with: intent release {checked.report.domain} --because "..."'
    if before is None:
        return NotionPage(status="not_published", reason=reason)
    return before.model_copy(update={"status": "not_published", "reason": reason})


def _kept(later: NotionPage) -> NotionPage:
    """Say that the page is left to the report of the later reply that stands there."""
    reason = f"the report of a later reply ({later.reply_id}) stands on the page"
    return later.model_copy(update={"status": "kept", "reason": reason, "first_report": False, "new_signals": 0})


def _record_contacts(run_id: str, report: Report, selected: SelectedBuyers, warehouse: Warehouse) -> None:
    """Put the people whom the page shows, and nobody else, into the history."""
    shown = {fact.record_id for fact in report.facts if fact.record == "contact"}
    contacts = [person for buyer in selected.buyers for person in buyer.contacts if person.contact_id in shown]
    decision_maker = {report.decision_maker.contact_id: "decision_maker"} if report.decision_maker else {}
    warehouse.record_contacts(
        RunFacts.of(run_id, report.reply, as_of=report.as_of),
        contacts,
        {buyer.buyer_id: buyer.buyer_name for buyer in selected.buyers},
        decision_maker,
    )


@dg.asset(
    partitions_def=domains,
    owners=OWNERS,
    group_name="delivery",
    kinds={"clay", "json"},
    code_version="1",
    description=(
        "One document per domain: the ending that Clay is told for the reply (ready, updated, held or empty), exactly "
        "one for each reply however often it is materialized. It waits in the outbox while Clay can't take it."
    ),
)
async def report_notice(
    context: dg.AssetExecutionContext,
    fact_checked_report: FactCheckedReport,
    notion_page: NotionPage,
    outbox: OutboxResource,
) -> dg.MaterializeResult[ReportNotice]:
    from intent_assets.notices import ending, reply_accepted

    notice = ending(
        fact_checked_report,
        notion_page,
        standing=_standing(notion_page, fact_checked_report),
        run_id=context.run.run_id,
        duration_seconds=_seconds_since_start(context),
        occurred_at=datetime.now(UTC),
    )
    post = outbox.open()
    # who should have told of it may have been killed, or (a report by hand in the Dagster UI) there was nobody
    post.put(reply_accepted(fact_checked_report.report.reply, run_id=context.run.run_id))
    delivered = await asyncio.to_thread(post.send, notice)
    if not delivered:
        context.log.warning(f"{notice.domain}: Clay could not be told yet; the notice waits in the outbox")
    value = ReportNotice(
        notice_id=notice.notice_id,
        event=notice.event,
        reply_id=fact_checked_report.report.reply.reply_id,
        delivered=delivered,
        text=notice.text,
    )
    return dg.MaterializeResult(
        value=value,
        metadata={
            "event": value.event,
            "delivered": value.delivered,
            "text": dg.MetadataValue.md(value.text),
            "notice_id": value.notice_id,
        },
    )


def _standing(page: NotionPage, checked: FactCheckedReport) -> FactCheckedReport:
    """Return the report that stands on the page: this one, or the later one that a `kept` page was left to."""
    if page.status != "kept":
        return checked
    newest: FactCheckedReport | None = ValueStore(load_settings().values).find(
        "fact_checked_report", checked.report.domain
    )
    return newest if newest is not None and newest.verdict.text_hash == page.text_hash else checked


def _seconds_since_start(context: dg.AssetExecutionContext) -> float:
    record = context.instance.get_run_record_by_id(context.run.run_id)
    started = record.start_time if record and record.start_time else time.time()
    return round(time.time() - started, 3)
