"""Group `follow-up`: the slow buyer chat, asked only after the page is out, and what of it goes to the page."""

import dagster as dg

from intent_assets.assets.common import OWNERS, domain_of, findings_table, is_on_page
from intent_assets.assets.kept import kept
from intent_assets.assets.retrying import made_again
from intent_assets.errors import StarbridgeError
from intent_assets.partitions import domains
from intent_assets.reports import FactCheckedReport, NotionPage, StrategicAddendum, StrategicContext
from intent_assets.resources.notion import Notion
from intent_assets.resources.starbridge import Starbridge


@dg.asset(
    pool="starbridge_chat",
    partitions_def=domains,
    owners=OWNERS,
    group_name="follow_up",
    kinds={"starbridge", "json"},
    code_version="1",
    deps=["report_notice"],
    description=(
        "One document per domain: what the buyer chat says about the featured buyer. A model's words, never a source "
        "of figures; a chat that fails leaves the report as it is."
    ),
)
async def strategic_context(
    context: dg.AssetExecutionContext,
    fact_checked_report: FactCheckedReport,
    notion_page: NotionPage,
    starbridge: Starbridge,
) -> dg.MaterializeResult[StrategicContext]:
    from intent_assets.chat import question

    report = fact_checked_report.report
    if report.featured_buyer_id is None or not is_on_page(report.reply, notion_page):
        value = StrategicContext(status="not_needed")
    else:
        asked = question(report)
        value = _kept_answer(context, report.featured_buyer_id, asked) or await _ask(
            starbridge, report.featured_buyer_id, report.featured_buyer_name, asked
        )
    if value.status == "unavailable":
        context.log.warning(f"{domain_of(context)}: the report stands without the buyer chat: {value.error}")
    return dg.MaterializeResult(
        value=value,
        metadata={
            "status": value.status,
            "question": value.question or "none",
            "answer": dg.MetadataValue.text(value.answer or value.error or "none"),
        },
    )


def _kept_answer(context: dg.AssetExecutionContext, buyer_id: str, asked: str) -> StrategicContext | None:
    """Return what an earlier try of this run was answered to the same question."""
    found = kept(context, "strategic_context")
    if not isinstance(found, StrategicContext) or found.status != "answered":
        return None
    return found if (found.buyer_id, found.question) == (buyer_id, asked) else None


async def _ask(starbridge: Starbridge, buyer_id: str, buyer_name: str | None, asked: str) -> StrategicContext:
    about = {"buyer_id": buyer_id, "buyer_name": buyer_name, "question": asked}
    try:
        async with starbridge.session() as client:
            answer = await client.buyer_chat(buyer_id, asked)
    except StarbridgeError as problem:
        return StrategicContext.model_validate({**about, "status": "unavailable", "error": str(problem)})
    return StrategicContext.model_validate({**about, "status": "answered", "answer": answer.answer})


@dg.asset(
    partitions_def=domains,
    owners=OWNERS,
    group_name="follow_up",
    kinds={"notion", "json"},
    code_version="1",
    description=(
        "One document per domain: what of the buyer chat stands on the page, quoted and labelled as a model's words; "
        "sentences with a figure, date, address or name that is no fact of the report are left out, with the reason."
    ),
)
async def strategic_addendum(
    context: dg.AssetExecutionContext,
    strategic_context: StrategicContext,
    fact_checked_report: FactCheckedReport,
    notion_page: NotionPage,
    notion: Notion,
) -> dg.MaterializeResult[StrategicAddendum]:
    from intent_assets.chat import quotable

    if notion_page.page_id is None or not is_on_page(fact_checked_report.report.reply, notion_page):
        value = StrategicAddendum(status="not_published")
    elif strategic_context.answer is None:
        value = StrategicAddendum(status="nothing_to_add", page_id=notion_page.page_id)
    else:
        sentences, left_out = quotable(strategic_context, fact_checked_report.report)
        value = StrategicAddendum(
            status="added" if sentences else "nothing_to_add",
            page_id=notion_page.page_id,
            sentences=sentences,
            left_out=left_out,
        )
    if value.status != "not_published" and value.page_id:  # without sentences, what an earlier chat said is taken away
        with made_again(context):
            async with notion.session() as client:
                await client.append_addendum(value.page_id, value.sentences)
    return dg.MaterializeResult(
        value=value,
        metadata={
            "status": value.status,
            "sentences": len(value.sentences),
            "left_out": len(value.left_out),
            "left_out_because": findings_table(value.left_out),
            "page_url": dg.MetadataValue.url(notion_page.url) if notion_page.url else "none",
        },
    )
