"""`intent release`: a person lets a held report out, with the reason, which is recorded."""

import getpass
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from intent_assets.cli_report import JsonOption, SandboxOption, conclude, finish, prepare, say, settle, teller
from intent_assets.cli_show import told
from intent_assets.domains import normalise_domain
from intent_assets.errors import IntentError
from intent_assets.reports import FactCheckedReport, NotionPage, Release
from intent_assets.settings import load_settings
from intent_assets.values import ValueStore

if TYPE_CHECKING:
    from intent_assets.launch import Outcome


def release(
    domain: Annotated[str, typer.Argument(help="The prospect's domain whose newest report is held.")],
    because: Annotated[str, typer.Option(help="Why it may go out; recorded, and shown at the head of the page.")],
    by: Annotated[str | None, typer.Option(help="Who releases it; default: the user of this machine.")] = None,
    sandbox: SandboxOption = False,
    as_json: JsonOption = False,
) -> None:
    """Publish a report that the fact check held, on your word.

    What goes out is the report as `intent show DOMAIN` prints it: sentences that failed are not in it. The page says
    who released it and why; history and Dagster UI record it. Clay was told `report.held` and is told nothing more.

    Exit code: 0 published, 1 failed (with the command that resumes).
    """
    reason = " ".join(because.split())
    if not reason:
        raise typer.BadParameter("say why the report may go out", param_hint="--because")
    settings = load_settings()
    store = ValueStore(settings.values)
    key = normalise_domain(domain)
    checked = _held(store, key)
    word = Release(
        text_hash=checked.verdict.text_hash, because=reason, by=(by or "").strip() or _user(), at=datetime.now(UTC)
    )
    with ExitStack() as stack:
        prepare(stack, settings, sandbox=sandbox)
        from intent_assets.instance import open_instance
        from intent_assets.launch import publish_released

        store.write("release", key, word)
        for finding in checked.verdict.findings:
            say(f"  released in spite of: {told(finding)}")
        with open_instance(settings) as instance:
            settle(instance)
            outcome = publish_released(instance, checked.report.reply, teller(as_json=as_json), lambda _run_id: None)
            result = conclude(settings, instance, key, outcome)
        _record(outcome, word)
    finish(result | {"released_by": word.by, "released_because": word.because}, as_json=as_json)


def _held(store: ValueStore, domain: str) -> FactCheckedReport:
    """Return the newest report of the domain; raises `IntentError` where there is nothing to release."""
    checked: FactCheckedReport | None = store.find("fact_checked_report", domain)
    page: NotionPage | None = store.find("notion_page", domain)
    if checked is None:
        raise IntentError(f"there is no report of {domain}; make it with: intent report {domain}")
    if checked.verdict.outcome == "passed":
        raise IntentError(f"the report of {domain} passed the fact check: there is nothing to release")
    if checked.verdict.outcome == "empty":
        raise IntentError(f"the report of {domain} is empty (no buyer with a signal was found): nothing to release")
    if page is not None and page.release is not None and page.release.covers(checked):
        who, url = page.release.by, page.url
        raise IntentError(f"the report of {domain} was released already, by {who}; it stands on {url}")
    return checked


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a container may know no user at all
        return "unknown"


def _record(outcome: "Outcome", word: Release) -> None:
    """Put the release into the history's audit log."""
    from intent_assets.resources.warehouse import Warehouse
    from intent_assets.resources.warehouse_rows import StepRow

    row = StepRow(
        run_id=outcome.run_id,
        step="release",
        status="success" if outcome.success else "failure",
        message=f"released by {word.by}: {word.because}",
        started_at=word.at,
        ended_at=datetime.now(UTC),
        metadata={"because": word.because, "by": word.by, "text_hash": word.text_hash},
    )
    Warehouse().record_run([], [row])
