"""Group `writing`: the sections as Claude writes them, the assembled report, and the report after the gate."""

import asyncio
from collections.abc import AsyncGenerator, Iterator, Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any, TypeAlias, cast, get_args

import dagster as dg

from intent_assets.assets.common import (
    OWNERS,
    Frame,
    as_of_date,
    claims_table,
    findings_table,
    markdown_table,
    usage_metadata,
)
from intent_assets.assets.kept import kept
from intent_assets.assets.retrying import made_again
from intent_assets.claims import CHECKS, Section
from intent_assets.errors import ServiceError
from intent_assets.partitions import domains
from intent_assets.prompts.sections import WRITERS
from intent_assets.records import ProspectContext, Reply, SearchStrategy, SectionName, SelectedBuyers
from intent_assets.reports import FactCheckedReport, Report, Verdict, last_report
from intent_assets.resources.claude import Claude, ClaudeClient
from intent_assets.settings import Settings, load_settings
from intent_assets.values import ValueStore

if TYPE_CHECKING:
    from intent_assets.assets.checking import Checks
    from intent_assets.section_tasks import SectionTask

_Outcome: TypeAlias = Section | BaseException

_SECTIONS: dict[SectionName, str] = {
    "executive_summary": "what was found, who comes first and why",
    "featured_section": "why the featured buyer, and why now",
    "secondary_cards": "a few sentences on each secondary buyer",
    "profile_summary": "who the featured buyer is: size, money, systems",
    "gameplan": "relevancy, pitch angle, and the steps to the featured buyer, in order (tier 3 only)",
    "call_to_action": "the one thing to do first",
}


@dg.multi_asset(
    name="sections",
    partitions_def=domains,
    can_subset=True,
    outs={
        name: dg.AssetOut(
            is_required=False,
            group_name="writing",
            kinds={"claude", "json"},
            owners=OWNERS,
            code_version=WRITERS[name].prompt.version,
            description=f"One document per domain: {what}. Sentences with the ids of the facts that they rest on.",
        )
        for name, what in _SECTIONS.items()
    },
)
def sections(
    context: dg.AssetExecutionContext,
    reply: Reply,
    evidence: Frame,
    buyer_intel: SelectedBuyers,
    claude: Claude,
) -> Iterator[dg.MaterializeResult[Section]]:
    """Write the selected sections side by side; each is stored when it is written, even where another one fails."""
    from intent_assets.section_tasks import tasks

    settings = load_settings()
    wanted = [
        cast("SectionName", name)
        for name in get_args(SectionName)
        if name in context.op_execution_context.selected_output_names
    ]
    todo = tasks(wanted, reply, evidence, buyer_intel)
    before = [section for task in todo if (section := _kept(context, task, settings)) is not None]
    if before:
        context.log.info(f"kept from an earlier try: {', '.join(section.name for section in before)}")
    missing = [task for task in todo if task.name not in {section.name for section in before}]
    failures: list[BaseException] = []
    for outcome in chain(before, _written(missing, claude, settings)):
        if isinstance(outcome, BaseException):
            failures.append(outcome)
            continue
        for claim in outcome.claims:
            if claim.findings:
                why = "; ".join(f"{finding.seen!r}: {finding.reason}" for finding in claim.findings)
                context.log.warning(f"{outcome.name}: {claim.outcome}: {why}")
        yield dg.MaterializeResult(asset_key=outcome.name, value=outcome, metadata=_metadata(outcome))
    with made_again(context):
        _raise_first(failures)


def _kept(context: dg.AssetExecutionContext, task: "SectionTask", settings: Settings) -> Section | None:
    """Return the section as an earlier try wrote it, if it would be written from the same today."""
    section = kept(context, task.name)
    same = isinstance(section, Section) and section.made_from == task.made_from(settings.max_data_tokens)
    return section if same and isinstance(section, Section) else None


def _raise_first(failures: Sequence[BaseException]) -> None:
    """Raise one of the failures, before others one that no further try can mend."""
    lasting = [failure for failure in failures if not (isinstance(failure, ServiceError) and failure.retryable)]
    for failure in (*lasting, *failures):
        raise failure


def _metadata(section: Section) -> dict[str, Any]:
    return {
        "sentences": len(section.sentences),
        "preview": markdown_table(("heading", "text"), [(s.heading or "", s.text) for s in section.sentences]),
        "claims": len(section.claims),
        "repaired": sum(claim.outcome == "repaired" for claim in section.claims),
        "removed": sum(claim.outcome == "removed" for claim in section.claims),
        "check": claims_table(section.claims),
        "fell_back": section.fell_back,
        "check_seconds": section.check_seconds,
        "check_cost_usd": usage_metadata(section.check_usage)["cost_usd"],
        "prompt_version": section.prompt_version,
        "left_out_of_the_data": "; ".join(section.shortened) or "nothing",
        **usage_metadata([section.usage, *section.check_usage]),
    }


def _written(tasks: "Sequence[SectionTask]", claude: Claude, settings: Settings) -> Iterator[_Outcome]:
    """Yield the sections as they get ready, or why one could not be written."""
    if not tasks:
        return
    with asyncio.Runner() as runner:
        outcomes = _write(tasks, claude, settings)
        try:
            while (outcome := runner.run(_next(outcomes))) is not None:
                yield outcome
        finally:
            runner.run(outcomes.aclose())


async def _next(outcomes: AsyncGenerator[_Outcome, None]) -> _Outcome | None:
    return await anext(outcomes, None)


async def _write(tasks: "Sequence[SectionTask]", claude: Claude, settings: Settings) -> AsyncGenerator[_Outcome, None]:
    from intent_assets.assets.checking import Checks

    async with claude.session() as client:
        checks = Checks(client, settings)
        writing = [asyncio.create_task(_outcome(task, client, settings, checks)) for task in tasks]
        try:
            for ready in asyncio.as_completed(writing):
                yield await ready
        finally:
            for task in writing:
                task.cancel()
            await asyncio.gather(*writing, return_exceptions=True)


async def _outcome(task: "SectionTask", client: ClaudeClient, settings: Settings, checks: "Checks") -> _Outcome:
    try:
        return await _section(task, client, settings, checks)
    except Exception as failure:  # noqa: BLE001 -- raised when what the others wrote is stored
        return failure


async def _section(task: "SectionTask", client: ClaudeClient, settings: Settings, checks: "Checks") -> Section:
    if not task.needed:
        return task.empty()
    answer: Any = await client.ask(
        task.prompt, task.data, model=getattr(settings.models, task.name), accept=task.objections
    )
    section = task.section(answer.value, usage=answer.usage, shortened=answer.shortened)
    checked = await checks.of(section, task)
    return checked.model_copy(update={"made_from": task.made_from(settings.max_data_tokens)})


@dg.multi_asset(
    name="assembly",  # the job has the name `report`, and the names of jobs and ops must differ
    partitions_def=domains,
    outs={
        "report": dg.AssetOut(
            group_name="writing",
            kinds={"python", "json"},
            owners=OWNERS,
            code_version="1",
            description=(
                "One document per domain: the assembled report, blocks of text with slots over the facts that they "
                "use, every claim with its footnote. Code assembles; no model copies anything."
            ),
        )
    },
)
def report(
    context: dg.AssetExecutionContext,
    reply: Reply,
    search_strategy: SearchStrategy,
    discoveries: Frame,
    search_outcomes: Frame,
    scored_buyers: Frame,
    buyer_intel: SelectedBuyers,
    prospect_context: ProspectContext,
    evidence: Frame,
    executive_summary: Section,
    featured_section: Section,
    secondary_cards: Section,
    profile_summary: Section,
    gameplan: Section,
    call_to_action: Section,
) -> dg.MaterializeResult[Report]:
    from intent_assets.assembly import assemble
    from intent_assets.evidence import from_frame
    from intent_assets.rendering.markdown import report_markdown

    settings = load_settings()
    assembled = assemble(
        reply=reply,
        strategy=search_strategy,
        discoveries=discoveries,
        scored=scored_buyers,
        selected=buyer_intel,
        search_outcomes=search_outcomes,
        ledger=from_frame(evidence),
        sections=(executive_summary, featured_section, secondary_cards, profile_summary, gameplan, call_to_action),
        signals_shown=settings.signals_shown,
        contacts_shown=settings.contacts_shown,
        as_of=as_of_date(search_outcomes),
        context=prospect_context,
        last_report=last_report(ValueStore(settings.values).find("notion_page", reply.domain), reply),
    )
    if assembled.outcome == "empty":
        context.log.warning(f"{assembled.domain}: no buyer with a signal was found, so there is nothing to report")
    return dg.MaterializeResult(
        value=assembled,
        metadata={
            "outcome": assembled.outcome,
            "featured_buyer": assembled.featured_buyer_name or "none",
            "preview": dg.MetadataValue.md(report_markdown(assembled)),
            "facts_used": len(assembled.facts),
            "facts_in_ledger": assembled.ledger_size,
            "sources": len(assembled.sources),
            **usage_metadata(assembled.usage),
        },
    )


@dg.asset(
    partitions_def=domains,
    owners=OWNERS,
    group_name="writing",
    kinds={"python", "json"},
    dagster_type=dg.Any,  # with checks, Dagster takes the result for one without a value
    code_version="1",
    check_specs=[
        dg.AssetCheckSpec(name=name, asset="fact_checked_report", description=description)
        for name, (description, _) in CHECKS.items()
    ],
    description=(
        "One document per domain: the report after the check, with its verdict, what became of every claim, and the "
        "hash of the text that was checked; the only thing that can be published. A report with findings is held."
    ),
)
def fact_checked_report(context: dg.AssetExecutionContext, report: Report, evidence: Frame) -> dg.MaterializeResult:  # type: ignore[type-arg]  # with checks, Dagster knows the bare type only
    from intent_assets.evidence import from_frame
    from intent_assets.rendering.markdown import report_markdown, text_hash
    from intent_assets.verdicts import verdict_of

    verdict = verdict_of(report, from_frame(evidence), text_hash(report))
    for finding in verdict.findings:
        context.log.warning(f"{report.domain}: {finding.fault}: {finding.quote!r}: {finding.reason}")
    return dg.MaterializeResult(
        value=FactCheckedReport(report=report, verdict=verdict),
        metadata={
            "verdict": verdict.outcome,
            "claims": verdict.claims,
            "supported": verdict.supported,
            "repaired": verdict.repaired,
            "removed": verdict.removed,
            "findings": len(verdict.findings),
            "findings_table": findings_table(verdict.findings),
            "claims_table": claims_table(report.claims),
            "check_seconds": report.check_seconds,
            **{f"check_{name}": value for name, value in usage_metadata(report.check_usage).items()},
            "text_hash": verdict.text_hash,
            "preview": dg.MetadataValue.md(report_markdown(report)),
        },
        check_results=[_check_result(name, verdict) for name in CHECKS],
    )


def _check_result(name: str, verdict: Verdict) -> dg.AssetCheckResult:
    """One asset check: the findings that break it. What holds a report back is `notion_page`: Dagster's own blocking
    would fail the run, and a report that is held is an ending of its own."""
    found = [finding for finding in verdict.findings if finding.fault in CHECKS[name][1]]
    return dg.AssetCheckResult(
        check_name=name,
        passed=not found,
        severity=dg.AssetCheckSeverity.ERROR,
        metadata={"findings": findings_table(found), "claims": verdict.claims, "removed": verdict.removed},
    )
