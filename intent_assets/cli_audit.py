"""`intent audit`: whether the published page still is what was checked."""

import asyncio
import json
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from intent_assets.cli_report import SandboxOption, say
from intent_assets.cli_show import ledger_of, report_of
from intent_assets.cli_text import printable
from intent_assets.domains import normalise_domain
from intent_assets.errors import IntentError, NotionError, WarehouseError
from intent_assets.page_audit import PageAudit, audit_page, meant_lines
from intent_assets.records import Fact
from intent_assets.rendering.markdown import text_hash
from intent_assets.rendering.notion import addendum_blocks, plain_lines
from intent_assets.reports import FactCheckedReport, NotionPage, StrategicAddendum
from intent_assets.settings import Settings, load_services, load_settings
from intent_assets.values import ValueStore

if TYPE_CHECKING:
    from intent_assets.resources.notion import ReadPage

EXIT_SAME, EXIT_CHANGED, EXIT_NOT_COMPARED = 0, 1, 2
_HISTORY_SECONDS = 3.0
"""How long the history's lock is waited for: the answer matters more than its record."""


def audit(
    domain: Annotated[str, typer.Argument(help="The prospect's domain, in any spelling: vmock.example")],
    sandbox: SandboxOption = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Fetch the published page from Notion and say whether it still is the report that was checked.

    What was edited since is shown line by line (- as checked, + as it stands), and each new line is checked against
    the report's facts: what they don't bear out is told with the reason. The section of the buyer chat is compared
    with what was quoted; pages that people put below the report are no part of it. Nothing is changed.

    Exit code: 0 unchanged, 1 changed, 2 not compared (never published, page gone, Notion does not answer).
    """
    begun = datetime.now(UTC)
    key = domain
    try:
        key = normalise_domain(domain)
        told, found = _audited(load_settings(), key, sandbox=sandbox)
    except IntentError as problem:
        if as_json:
            _print_json({"domain": key, "status": "not_compared", "reason": str(problem)})
        else:
            say(f"intent: not compared: {problem}")
        raise typer.Exit(EXIT_NOT_COMPARED) from None
    _record(told, found, begun)
    if as_json:
        _print_json(told | found.model_dump(mode="json"))
    else:
        _print(told, found)
    raise typer.Exit(EXIT_CHANGED if found.changes else EXIT_SAME)


def _print_json(document: dict[str, Any]) -> None:
    typer.echo(json.dumps(document, indent=2, ensure_ascii=False))


def _audited(settings: Settings, domain: str, *, sandbox: bool) -> tuple[dict[str, Any], PageAudit]:
    """Return what is told of the page, and its audit; raises `IntentError` where there is nothing to compare."""
    store = ValueStore(settings.values)
    checked, page = _published(store, domain)
    facts: tuple[Fact, ...] = ()
    doubt = None
    try:
        facts = ledger_of(store, checked)
    except IntentError as problem:
        doubt = str(problem)
    with ExitStack() as stack:
        if sandbox and not load_services().notion_token:
            from intent_assets.cli_services import stand_ins

            stack.enter_context(stand_ins(settings, say, names=("notion",)))
        standing = asyncio.run(_read(page, domain))
    addendum = _addendum(store, domain, page, standing)
    release = page.release if page.release is not None and page.release.covers(checked) else None
    meant = meant_lines(checked.report, release, addendum)
    found = audit_page(meant, standing.title, standing.blocks, facts, addendum=len(addendum))
    told = {
        "domain": domain,
        "status": "changed" if found.changes else "unchanged",
        "page_url": page.url,
        "page_id": page.page_id,
        "text_hash": page.text_hash,
        "published_at": page.published_at.isoformat(timespec="seconds") if page.published_at else None,
        "last_edited_at": standing.last_edited,
        "reply_id": page.reply_id,
        "released_by": release.by if release else None,
        "pages_below": standing.foreign,
        "not_checked_because": doubt if found.changes else None,
    }
    return told, found


def _published(store: ValueStore, domain: str) -> tuple[FactCheckedReport, NotionPage]:
    checked = report_of(store, domain)
    page: NotionPage | None = store.find("notion_page", domain)
    if page is None or page.page_id is None or page.text_hash is None:
        if checked.verdict.outcome == "passed":
            raise IntentError(f"the report of {domain} was never published; publish it with: intent retry {domain}")
        why = {"held": "is held by the fact check", "empty": "is empty"}[checked.verdict.outcome]
        raise IntentError(f"the report of {domain} {why}: there is no page. See it with: intent show {domain}")
    if page.text_hash != checked.verdict.text_hash:
        raise IntentError(
            f"the newest report of {domain} ({checked.verdict.outcome}) is not the one on the page {page.url}, whose "
            f"text ({page.text_hash[:12]}) is not kept any more. Bring the page up to date with: intent report {domain}"
        )
    if text_hash(checked.report) != page.text_hash:
        raise IntentError(
            f"this version writes the report of {domain} in another way than the one that published {page.url}. "
            f"Bring the page up to date with: intent report {domain}"
        )
    return checked, page


async def _read(page: NotionPage, domain: str) -> "ReadPage":
    from intent_assets.resources.notion import Notion

    gone = f"the page of {domain} ({page.url}) is {{}}. Publish the report anew with: intent report {domain}"
    async with Notion().session() as client:
        try:
            standing = await client.read_page(str(page.page_id))
        except NotionError as problem:
            if problem.status == 404:
                raise IntentError(gone.format("not there any more, or not shared with this integration")) from None
            raise
    if standing.in_trash:
        raise IntentError(gone.format("in Notion's trash"))
    return standing


def _addendum(store: ValueStore, domain: str, page: NotionPage, standing: "ReadPage") -> Sequence[str]:
    """Return the sentences of the buyer chat that have to stand on the page.

    Those of an earlier run count if they stand there: this report's chat may still be under way.
    """
    stored: StrategicAddendum | None = store.find("strategic_addendum", domain)
    if stored is None or stored.page_id != page.page_id:
        return ()
    written = datetime.fromtimestamp(store.path("strategic_addendum", domain).stat().st_mtime, UTC)
    of_now = page.published_at is None or written >= page.published_at
    stands = plain_lines(standing.addendum) == plain_lines(addendum_blocks(stored.sentences))
    return stored.sentences if of_now or stands else ()


def _print(told: dict[str, Any], found: PageAudit) -> None:
    since = f"published {_when(told['published_at'])} for the reply {told['reply_id']}"
    if not found.changes:
        chat = f", with {found.addendum} sentences of the buyer chat" if found.addendum else ""
        released = f"; released by {printable(told['released_by'])}" if told["released_by"] else ""
        text = told["text_hash"][:12]
        typer.echo(f"unchanged: {told['page_url']} says what was checked (text {text}, {since}{chat}{released})")
        return
    edited = f", last edited {_when(told['last_edited_at'])}" if told["last_edited_at"] else ""
    typer.echo(f"CHANGED: {told['page_url']} is not what was checked (text {told['text_hash'][:12]}, {since}{edited})")
    section = None
    for change in found.changes:
        if change.section != section:
            section = change.section
            typer.echo(f"\n{printable(section or 'Page')}:")
        typer.echo(f"{change.sign} {printable(change.text)}")
    if told["not_checked_because"]:
        typer.echo(f"\nThe new lines were not checked: {told['not_checked_because']}")
    elif not found.findings:
        typer.echo("\nNothing in the new lines is against the facts of the report.")
    else:
        typer.echo("\nThe facts of the report don't bear out:")
        for finding in found.findings:
            typer.echo(f"  {printable(finding.quote)!r} ({finding.fault}): {printable(finding.reason)}")


def _when(moment: str | None) -> str:
    return f"{moment[:16].replace('T', ' ')} UTC" if moment else "at an unknown time"


def _record(told: dict[str, Any], found: PageAudit, begun: datetime) -> None:
    """Put the audit into the history's audit log, beside the last run of the domain; one that can't be used is told."""
    from intent_assets.resources.warehouse import Warehouse
    from intent_assets.resources.warehouse_rows import StepRow

    warehouse = Warehouse(lock_timeout=_HISTORY_SECONDS)
    try:
        reports = warehouse.reports(told["domain"], 1)
        if reports.empty:
            return
        run_id = str(reports["last_run_id"].iloc[0])
        steps = warehouse.steps(run_id)
        ended = datetime.now(UTC)
        row = StepRow(
            run_id=run_id,
            step="audit",
            attempt=1 + int((steps["step"] == "audit").sum()),
            status="failure" if found.changes else "success",
            message=f"the page is {told['status']}",
            started_at=begun,
            ended_at=ended,
            duration_seconds=round((ended - begun).total_seconds(), 3),
            metadata={
                "text_hash": told["text_hash"],
                "changes": len(found.changes),
                "findings": len(found.findings),
            },
        )
        warehouse.record_run([], [row])
    except WarehouseError as problem:
        say(f"not in the history: {problem}")
