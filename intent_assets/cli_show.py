"""`intent show`: a report in the terminal."""

import json
import sys
from typing import Annotated

import typer

from intent_assets.domains import normalise_domain
from intent_assets.errors import IntentError
from intent_assets.rendering.markdown import report_markdown
from intent_assets.reports import FactCheckedReport, NotionPage
from intent_assets.settings import load_settings
from intent_assets.values import ValueStore


def show(
    domain: Annotated[str, typer.Argument(help="The prospect's domain.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print report, verdict and page as one JSON object.")] = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print the report's markdown as it is.")] = False,
) -> None:
    """Print the newest report of a domain, what the fact check said of it, and where its page is."""
    store = ValueStore(load_settings().values)
    key = normalise_domain(domain)
    checked: FactCheckedReport | None = store.find("fact_checked_report", key)
    page: NotionPage | None = store.find("notion_page", key)
    if checked is None:
        known = store.domains("fact_checked_report")
        hint = f"There are reports of: {', '.join(known)}." if known else "There is none of any domain yet."
        raise IntentError(f"there is no report of {key}. {hint} Make it with: intent report {key}")
    if as_json:
        document = {
            "report": checked.report.model_dump(mode="json"),
            "verdict": checked.verdict.model_dump(mode="json"),
            "page": page.model_dump(mode="json") if page else None,
        }
        typer.echo(json.dumps(document, indent=2, ensure_ascii=False))
        return
    print_report(checked, markdown=markdown)
    typer.echo(_standing(checked, page), err=True)


def print_report(checked: FactCheckedReport, *, markdown: bool = False) -> None:
    """Print a report, drawn for a terminal, or as plain markdown for a file or a pipe."""
    text = report_markdown(checked.report)
    if markdown or not sys.stdout.isatty():
        typer.echo(text)
        return
    from rich.console import Console
    from rich.markdown import Markdown

    Console(width=min(Console().width, 110)).print(Markdown(text))


def _standing(checked: FactCheckedReport, page: NotionPage | None) -> str:
    verdict = checked.verdict
    if verdict.outcome == "empty":
        return "empty: no buyer with a signal was found; nothing was published"
    if verdict.outcome == "held" and page is not None and page.release is not None and page.release.covers(checked):
        word = page.release
        return f"held, released by {word.by} ({word.because}); on the page {page.url}"
    if verdict.outcome == "held":
        lines = [f"HELD: nothing was published; the fact check found {len(verdict.findings)} unsupported statements:"]
        lines += [f"  {finding.quote!r} ({finding.section}): {finding.reason}" for finding in verdict.findings]
        return "\n".join(lines)
    if page is None or page.text_hash != verdict.text_hash:
        return f"passed, not on the page yet; publish it with: intent retry {checked.report.domain}"
    return f"passed the fact check; on the page {page.url}"
