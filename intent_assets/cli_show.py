"""`intent show`: a report in the terminal."""

import json
import sys
from typing import Annotated

import typer

from intent_assets.claims import Finding
from intent_assets.domains import normalise_domain
from intent_assets.errors import IntentError
from intent_assets.records import Fact
from intent_assets.rendering.markdown import report_markdown
from intent_assets.reports import FactCheckedReport, NotionPage
from intent_assets.settings import load_settings
from intent_assets.values import ValueStore


def show(
    domain: Annotated[str, typer.Argument(help="The prospect's domain.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print report, verdict and page as one JSON object.")] = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print the report's markdown as it is.")] = False,
    ledger: Annotated[
        bool, typer.Option("--ledger", help="Print the facts that the report may tell, as a JSON list (for a check).")
    ] = False,
    verdict: Annotated[
        bool, typer.Option("--verdict", help="Print the fact check as JSON: outcome, hash, findings, every claim.")
    ] = False,
) -> None:
    """Print the newest report of a domain, what the fact check said of it, and where its page is.

    To check a version of it that somebody has edited: `intent show DOMAIN --markdown > REPORT.md` and
    `intent show DOMAIN --ledger > LEDGER.json`, then `intent verify REPORT.md --evidence LEDGER.json`. The SHA-256 of
    the markdown is the hash of the text that was checked.
    """
    if sum((as_json, markdown, ledger, verdict)) > 1:
        raise typer.BadParameter("give one of --json, --markdown, --ledger and --verdict")
    store = ValueStore(load_settings().values)
    key = normalise_domain(domain)
    checked = report_of(store, key)
    page: NotionPage | None = store.find("notion_page", key)
    if ledger:
        facts = ledger_of(store, checked)
        _print_json([fact.model_dump(mode="json") for fact in facts])
    elif verdict:
        claims = [claim.model_dump(mode="json") for claim in checked.report.claims]
        _print_json({"verdict": checked.verdict.model_dump(mode="json"), "claims": claims})
    elif as_json:
        _print_json(
            {
                "report": checked.report.model_dump(mode="json"),
                "verdict": checked.verdict.model_dump(mode="json"),
                "page": page.model_dump(mode="json") if page else None,
            }
        )
    else:
        print_report(checked, markdown=markdown)
        typer.echo(_standing(checked, page), err=True)


def report_of(store: ValueStore, domain: str) -> FactCheckedReport:
    """Return the newest report of a domain; raises `IntentError` that says of which domains there are any."""
    checked: FactCheckedReport | None = store.find("fact_checked_report", domain)
    if checked is None:
        known = store.domains("fact_checked_report")
        hint = f"There are reports of: {', '.join(known)}." if known else "There is none of any domain yet."
        raise IntentError(f"there is no report of {domain}. {hint} Make it with: intent report {domain}")
    return checked


def ledger_of(store: ValueStore, checked: FactCheckedReport) -> tuple[Fact, ...]:
    """Return the ledger of a report; raises `IntentError` where it is missing or that of another run."""
    from intent_assets.evidence import from_frame

    domain = checked.report.domain
    frame = store.find("evidence", domain)
    mend = f"Make the report anew with: intent report {domain}"
    if frame is None:
        raise IntentError(f"the facts of the report of {domain} are not there any more. {mend}")
    facts = from_frame(frame)
    if not set(checked.report.facts) <= set(facts):
        raise IntentError(f"a later run of {domain} has looked up other facts than its report has. {mend}")
    return facts


def _print_json(document: object) -> None:
    typer.echo(json.dumps(document, indent=2, ensure_ascii=False))


def print_report(checked: FactCheckedReport, *, markdown: bool = False) -> None:
    """Print a report, drawn for a terminal, or as plain markdown for a file or a pipe."""
    text = report_markdown(checked.report)
    if markdown or not sys.stdout.isatty():
        typer.echo(text, nl=False)
        return
    from rich.console import Console
    from rich.markdown import Markdown

    Console(width=min(Console().width, 110)).print(Markdown(text))


def told(finding: Finding) -> str:
    """Return a finding in one line: the section, what a reader would have seen, and what is wrong with it."""
    where = f"{finding.section.replace('_', ' ')}: " if finding.section else ""
    quote = f"“{finding.seen}”: " if finding.quote else ""
    return f"{where}{quote}{finding.reason}"


def _standing(checked: FactCheckedReport, page: NotionPage | None) -> str:
    verdict = checked.verdict
    if verdict.outcome == "empty":
        return "empty: no buyer with a signal was found; nothing was published"
    if verdict.outcome == "held" and page is not None and page.release is not None and page.release.covers(checked):
        word = page.release
        return f"held, released by {word.by} ({word.because}); on the page {page.url}"
    if verdict.outcome == "held":
        lines = [f"HELD: nothing was published; the fact check found {len(verdict.findings)} unsupported statements:"]
        lines += [f"  {told(finding)}" for finding in verdict.findings]
        lines.append(f'Let it out as it stands with: intent release {checked.report.domain} --because "..."')
        return "\n".join(lines)
    if page is None or page.text_hash != verdict.text_hash:
        return f"passed, not on the page yet; publish it with: intent retry {checked.report.domain}"
    return f"passed the fact check; on the page {page.url}"
