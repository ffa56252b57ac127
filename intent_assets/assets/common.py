"""What all assets share: owner, partition key, and how values are shown in the Dagster UI."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, TypeAlias, cast

import dagster as dg

from intent_assets.claims import Claim, Finding
from intent_assets.domains import partition_key
from intent_assets.records import Reply, Usage
from intent_assets.reports import NotionPage
from intent_assets.run_values import later_page
from intent_assets.settings import load_settings
from intent_assets.tries import root_of

if TYPE_CHECKING:
    from pandas import DataFrame

    Frame: TypeAlias = DataFrame
else:
    Frame = Any  # Dagster resolves annotations when it loads the definitions: pandas would take 0.5 s of that

OWNERS = ["team:gtm-engineering"]
_PREVIEW_ROWS = 12
_PREVIEW_WIDTH = 240


def domain_of(context: dg.AssetExecutionContext) -> str:
    """Return the run's domain; raises `InvalidDomain` for a key that somebody added in another spelling."""
    return partition_key(context.partition_key)


def root_run_id(context: dg.AssetExecutionContext) -> str:
    """Return the first of the runs that this one resumes, one after the other; its own id where it resumes none."""
    return root_of(context.run)


def is_on_page(reply: Reply, page: NotionPage) -> bool:
    """Whether this run has published the report of `reply`, and that of a later reply has not taken its place since."""
    published = page.status in ("created", "updated")
    return published and later_page(load_settings(), reply.domain, reply.reply_id) is None


def as_of_date(search_outcomes: Frame) -> date:
    """Return the day (UTC) on which the searches ran: states, ages and days left are computed for it."""
    return cast("date", search_outcomes["as_of"].iloc[0])


def preview(frame: Frame, columns: Sequence[str]) -> dg.MarkdownMetadataValue:
    """Return the first rows of a frame as a markdown table."""
    return markdown_table(columns, frame.loc[:, list(columns)].head(_PREVIEW_ROWS).itertuples(index=False, name=None))


def markdown_table(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> dg.MarkdownMetadataValue:
    """Return a markdown table whose cells can't break out of it."""
    lines = ["| " + " | ".join(columns) + " |", "|" + " --- |" * len(columns)]
    lines += ["| " + " | ".join(_cell(value) for value in row) + " |" for row in rows]
    return dg.MetadataValue.md("\n".join(lines))


def _cell(value: Any) -> str:
    if value is None or value != value:  # noqa: PLR0124 -- NaN is the only value that differs from itself
        return ""
    text = f"{value:.3f}" if isinstance(value, float) else str(value)
    text = " ".join(text.split())
    text = text if len(text) <= _PREVIEW_WIDTH else text[: _PREVIEW_WIDTH - 1] + "…"
    return text.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;")


def usage_metadata(usages: Sequence[Usage | None]) -> dict[str, int | float | str]:
    """Return tokens, cost in US dollars and seconds of the model answers, added up, for the plots of the UI."""
    known = [usage for usage in usages if usage is not None]
    return {
        "input_tokens": sum(
            usage.input_tokens + usage.cache_creation_input_tokens + usage.cache_read_input_tokens for usage in known
        ),
        "output_tokens": sum(usage.output_tokens for usage in known),
        "cost_usd": round(sum(usage.cost_usd for usage in known), 6),
        "model_seconds": round(sum(usage.seconds for usage in known), 3),
        "models": ", ".join(sorted({usage.model for usage in known})) or "none",
    }


def findings_table(findings: Sequence[Finding]) -> dg.MarkdownMetadataValue:
    """Return the gate's findings as a table that a person can read."""
    rows = ((finding.section or "", finding.fault, finding.seen, finding.reason) for finding in findings)
    return markdown_table(("section", "fault", "quote", "reason"), rows)


def claims_table(claims: Sequence[Claim]) -> dg.MarkdownMetadataValue:
    """Return what became of each sentence: its last wording, the verdict, and what was found."""
    rows = (
        (
            claim.section,
            claim.outcome,
            claim.shown,
            claim.judgement.reason if claim.judgement else "",
            "; ".join(finding.reason for finding in claim.findings),
        )
        for claim in claims
    )
    return markdown_table(("section", "outcome", "sentence", "judge", "found"), rows)
