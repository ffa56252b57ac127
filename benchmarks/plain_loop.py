"""What a report takes without Dagster: the same calls, the same pure code, one domain after the other in one loop."""

import asyncio
import time
from collections.abc import Sequence
from datetime import UTC, datetime

from pandas import DataFrame

from intent_assets import evidence as ledgers
from intent_assets import scoring
from intent_assets.assembly import assemble
from intent_assets.assets.analysis import wanted_buyers
from intent_assets.assets.checking import Checks
from intent_assets.assets.searching import Found, outcome_rows, search
from intent_assets.chat import question, quotable
from intent_assets.claims import Section
from intent_assets.frames import frame
from intent_assets.notices import ending, reply_accepted
from intent_assets.outbox import Outbox
from intent_assets.prompts import strategy
from intent_assets.records import BuyerIntel, ProspectContext, Reply, SearchStrategy, SectionName, SelectedBuyers
from intent_assets.rendering.markdown import text_hash
from intent_assets.reports import FactCheckedReport, NotionPage, Report, StrategicContext
from intent_assets.resources.claude import Claude, ClaudeClient
from intent_assets.resources.notion import Notion
from intent_assets.resources.starbridge import Starbridge, StarbridgeClient
from intent_assets.resources.supabase import Supabase
from intent_assets.resources.warehouse import Warehouse
from intent_assets.resources.warehouse_rows import ReportFacts, RunFacts
from intent_assets.searches import plan
from intent_assets.second_source import both_sources
from intent_assets.section_tasks import SectionTask, tasks
from intent_assets.settings import Settings, load_settings
from intent_assets.signals import candidate_buyers
from intent_assets.tables import SEARCH_OUTCOMES
from intent_assets.values import ValueStore
from intent_assets.verdicts import verdict_of

SECTIONS: tuple[SectionName, ...] = (
    "executive_summary", "featured_section", "secondary_cards", "profile_summary", "gameplan", "call_to_action",
)  # fmt: skip


def loop(replies: Sequence[Reply]) -> float:
    """Make the report of each reply, and return the seconds that all took."""
    began = time.monotonic()
    for number, reply in enumerate(replies):
        Outbox.of(load_settings()).put(reply_accepted(reply))
        checked, page = asyncio.run(_published(reply, load_settings(), f"plain-{number}"))
        notice = ending(
            checked, page, standing=checked, run_id=f"plain-{number}", duration_seconds=0.0,
            occurred_at=datetime.now(UTC),
        )  # fmt: skip
        if not Outbox.of(load_settings()).send(notice):
            raise RuntimeError(f"Clay did not take the notice of {reply.domain}")
        asyncio.run(_followed_up(checked, page))
    return time.monotonic() - began


async def _published(reply: Reply, settings: Settings, run_id: str) -> tuple[FactCheckedReport, NotionPage]:
    today, store = datetime.now(UTC).date(), ValueStore(settings.values)
    async with Claude().session() as claude, Starbridge().session() as starbridge:
        planned = await _strategy(reply, settings, claude)
        found, _ = await search(plan(planned), reply, None, Starbridge(), Supabase(), settings)
        signals, candidates, outcomes = _read(found, settings)
        scored = scoring.scored_buyers(
            signals[signals["buyer_id"].notna()], candidates, planned, weights=settings.weights,
            recency_days=settings.recency_days, expiring_days=settings.expiring_days,
            secondary_buyers=settings.secondary_buyers, as_of=today,
        )  # fmt: skip
        wanted = wanted_buyers(scored, settings.contact_pages)
        intel = SelectedBuyers(buyers=tuple(await asyncio.gather(*(_intel(starbridge, *each) for each in wanted))))
        context = ProspectContext()
        facts = ledgers.ledger(reply, planned, signals, scored, intel, outcomes, today, context=context)
        evidence = ledgers.to_frame(facts)
        checks = Checks(claude, settings)
        written = await asyncio.gather(
            *(_section(task, claude, settings, checks) for task in tasks(SECTIONS, reply, evidence, intel))
        )
    report = assemble(
        reply=reply, strategy=planned, discoveries=signals, scored=scored, selected=intel, search_outcomes=outcomes,
        ledger=facts, sections=written, signals_shown=settings.signals_shown, contacts_shown=settings.contacts_shown,
        as_of=today, context=context,
    )  # fmt: skip
    checked = FactCheckedReport(report=report, verdict=verdict_of(report, facts, text_hash(report)))
    async with Notion().session() as notion:
        published = await notion.publish(checked, known_page_id=None)
    page = NotionPage(status="created", page_id=published.page_id, url=published.url, reply_id=reply.reply_id)
    for name, value in (
        ("search_strategy", planned), ("discoveries", signals), ("candidate_buyers", candidates),
        ("search_outcomes", outcomes), ("scored_buyers", scored), ("buyer_intel", intel), ("evidence", evidence),
        ("report", report), ("fact_checked_report", checked), ("notion_page", page),
        *zip(SECTIONS, written, strict=True),
    ):  # fmt: skip
        store.write(str(name), reply.domain, value)
    run = RunFacts.of(run_id, reply, as_of=today, root_run_id=run_id)
    Warehouse().record_discoveries(run, signals, scored, _facts(report, planned))
    return checked, page


async def _strategy(reply: Reply, settings: Settings, claude: ClaudeClient) -> SearchStrategy:
    used = strategy.Used.of(())
    answer = await claude.ask(
        strategy.PROMPT, strategy.data(reply, used), model=settings.models.strategy,
        accept=lambda given: strategy.objections(given, used),
    )  # fmt: skip
    return strategy.strategy(answer.value, reply, used=used, usage=answer.usage, written_at=datetime.now(UTC))


def _read(found: Sequence[Found], settings: Settings) -> tuple[DataFrame, DataFrame, DataFrame]:
    """Return the signals, the candidate buyers and the outcomes of the searches."""
    today = datetime.now(UTC).date()
    discovered = both_sources(
        [(each.search.name, each.records) for each in found if each.search.tool == "opportunity_search"],
        [record for each in found if each.search.tool == "supabase" for record in each.records],
        today, open_without_due_days=settings.open_without_due_days, expiring_days=settings.expiring_days,
    )  # fmt: skip
    with_buyer = discovered.frame[discovered.frame["buyer_id"].notna()]
    listed = [(each.search.name, each.records) for each in found if each.search.tool == "buyer_search"]
    rows = list(outcome_rows(found, discovered.without_buyer, discovered.unreadable_dates, today))
    return discovered.frame, candidate_buyers(with_buyer, listed, today), frame(rows, SEARCH_OUTCOMES)


async def _intel(client: StarbridgeClient, buyer_id: str, name: str, role: str, pages: int) -> BuyerIntel:
    profile, people = await asyncio.gather(client.buyer_profile(buyer_id), client.buyer_contacts(buyer_id, pages=pages))
    return BuyerIntel.model_validate(
        {"buyer_id": buyer_id, "buyer_name": name, "role": role, "profile": profile, "contacts": people.contacts,
         "total_contacts": people.total}
    )  # fmt: skip


async def _section(task: SectionTask, claude: ClaudeClient, settings: Settings, checks: Checks) -> Section:
    if not task.needed:
        return task.empty()
    answer = await claude.ask(task.prompt, task.data, model=getattr(settings.models, task.name), accept=task.objections)
    return await checks.of(task.section(answer.value, usage=answer.usage, shortened=answer.shortened), task)


def _facts(report: Report, planned: SearchStrategy) -> ReportFacts:
    return ReportFacts(
        strategy=planned, featured_buyer_id=report.featured_buyer_id, featured_buyer_name=report.featured_buyer_name,
        signals_scanned=report.signals_scanned, buyers_scored=report.buyers_scored,
    )  # fmt: skip


async def _followed_up(checked: FactCheckedReport, page: NotionPage) -> None:
    report = checked.report
    if report.featured_buyer_id is None or page.page_id is None:
        return
    async with Starbridge().session() as starbridge:
        asked = question(report)
        answer = await starbridge.buyer_chat(report.featured_buyer_id, asked)
    told = StrategicContext(
        status="answered", buyer_id=report.featured_buyer_id, buyer_name=report.featured_buyer_name, question=asked,
        answer=answer.answer,
    )  # fmt: skip
    sentences, _ = quotable(told, report)
    async with Notion().session() as notion:
        await notion.append_addendum(page.page_id, sentences)
