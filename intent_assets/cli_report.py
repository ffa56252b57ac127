"""`intent report`: one run of the graph in this process, and what commands that make one have in common."""

import json
import sys
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from intent_assets import tags
from intent_assets.domains import normalise_domain
from intent_assets.errors import IntentError, InvalidReply, WarehouseError
from intent_assets.intake.inbox import Inbox
from intent_assets.intake.replies import NotTaken, parse_reply
from intent_assets.records import Reply
from intent_assets.reports import NotionPage
from intent_assets.run_values import RunValues
from intent_assets.settings import REQUIRED, Settings, load_services, load_settings

if TYPE_CHECKING:
    import dagster as dg

    from intent_assets.launch import Outcome, Progress

_CLAY_PATIENCE = 5.0
"""Seconds that a report may wait for Clay; what Clay does not take then goes out later."""

EXIT_PUBLISHED, EXIT_FAILED, EXIT_NOT_PUBLISHED = 0, 1, 3

SandboxOption = Annotated[
    bool, typer.Option("--sandbox", help="Serve every service whose key is missing by a local stand-in.")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object on standard output, progress apart.")]


def report(
    domain: Annotated[str, typer.Argument(help="The prospect's domain, in any spelling: vmock.example")],
    product: Annotated[str | None, typer.Option(help="What the prospect sells, in a sentence.")] = None,
    company: Annotated[str | None, typer.Option(help="The prospect's company, by name.")] = None,
    tier: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=3,
            help="1 the report alone; 2 with the decision maker (default); 3 with relevancy, pitch angle and gameplan.",
        ),
    ] = None,
    reply: Annotated[
        Path | None,
        typer.Option(help="File with the reply (JSON, in any form that the intake takes); - is standard input."),
    ] = None,
    sandbox: SandboxOption = False,
    as_json: JsonOption = False,
) -> None:
    """Make the report of one domain now: run the whole graph in this process and print the page's URL.

    Without --reply, --product, --company or --tier the newest reply of the domain is used, if there is one. The same
    request made again brings the same page up to date and tells Clay nothing twice.

    Exit code: 0 published, 3 held or empty (nothing was published), 1 failed (with the command that resumes).
    """
    settings = load_settings()
    key = normalise_domain(domain)
    with ExitStack() as stack:
        prepare(stack, settings, sandbox=sandbox)
        given = {"product_description": product, "target_company": company, "tier": tier}
        found = _reply(key, {name: value for name, value in given.items() if value is not None}, reply, settings)
        finish(run_report(settings, found, as_json=as_json), as_json=as_json)


def prepare(stack: ExitStack, settings: Settings, *, sandbox: bool) -> None:
    """Make sure that every service can be called: by key, or by the sandbox where the command says so."""
    if sandbox:
        from intent_assets.cli_services import stand_ins

        stack.enter_context(stand_ins(settings, say))
    load_services().require(*REQUIRED)


def run_report(settings: Settings, reply: Reply, *, as_json: bool) -> dict[str, Any]:
    """Run the graph for a reply; the reply is kept in the inbox as one that is being served."""
    from intent_assets.instance import open_instance
    from intent_assets.launch import launch
    from intent_assets.notices import reply_accepted
    from intent_assets.outbox import Outbox

    inbox = Inbox(settings.inbox)
    inbox.put(reply, pending=False)
    taken_in = datetime.now(UTC)

    def accepted(run_id: str) -> None:
        notice = reply_accepted(reply, occurred_at=taken_in, run_id=run_id)
        Outbox.of(settings).send(notice, patience=_CLAY_PATIENCE)

    with open_instance(settings) as instance:
        settle(instance)
        outcome = launch(instance, reply, teller(as_json=as_json), accepted)
        return conclude(settings, instance, reply.domain, outcome)


def say(line: str) -> None:
    """Tell progress on standard error, so that standard output holds the answer alone."""
    typer.echo(line, err=True)


def teller(*, as_json: bool) -> "Callable[[Progress], None]":
    """Return what tells each step as it ends; with JSON wanted, nothing is told."""

    def tell(progress: "Progress") -> None:
        told = ", ".join(f"{key.replace('_', ' ')} {value}" for key, value in list(progress.said.items())[:3] if value)
        say(f"  {progress.asset:<20} {progress.seconds:6.1f} s  {told[:150]}")

    return (lambda _progress: None) if as_json else tell


def finish(result: dict[str, Any], *, as_json: bool) -> None:
    """Print how it ended and leave with the exit code that says so."""
    if as_json:
        typer.echo(json.dumps(result, indent=2))
    elif result["status"] == "failed":
        say(f"failed at {result['failed_step'] or 'the start'}: {result['error']}")
        say(f"resume with: {result['retry']}")
    elif result["status"] == "published":
        if "reason" in result:
            say(f"the page was left as it is: {result['reason']}")
        typer.echo(result["page_url"])
    else:
        say(f"{result['status']}: nothing was published: {result['reason']}")
    raise typer.Exit(result["exit_code"])


def settle(instance: "dg.DagsterInstance") -> None:
    """End the runs of commands that were killed: history and Clay learn of them, and they can be resumed."""
    from intent_assets.liveness import end_killed_runs
    from intent_assets.sensors.failures import notify_failure

    for killed in end_killed_runs(instance):
        say(f"run {killed.run_id} of {killed.tags.get(tags.PARTITION)} had been killed; it counts as failed now")
        _record(instance, killed.run_id)
        notify_failure(instance, killed)


def _record(instance: "dg.DagsterInstance", run_id: str) -> None:
    """Put an ended run into the history; one that can't be used must not hide how the run ended."""
    from intent_assets.resources.warehouse import Warehouse
    from intent_assets.run_history import record_run_from_events

    try:
        record_run_from_events(instance, run_id, Warehouse())
    except WarehouseError as problem:
        say(f"not in the history: {problem}")


def conclude(settings: Settings, instance: "dg.DagsterInstance", domain: str, outcome: "Outcome") -> dict[str, Any]:
    """Put the run into the history, tell of a failure, and say how the report stands."""
    from intent_assets.sensors.failures import notify_failure
    from intent_assets.tries import root_of

    _record(instance, outcome.run_id)
    run = instance.get_run_by_id(outcome.run_id)
    result: dict[str, Any] = {"domain": domain, "run_id": outcome.run_id}
    if not outcome.success:
        if run is not None:
            notify_failure(instance, run)
        return result | {
            "status": "failed",
            "exit_code": EXIT_FAILED,
            "failed_step": outcome.failed_step,
            "error": outcome.error,
            "retry": f"intent retry {outcome.run_id}",
        }
    made = RunValues(settings, domain, root_of(run) if run is not None else None)
    page: NotionPage = made.read("notion_page")
    if page.status != "not_published":
        return result | {
            "status": "published",
            "exit_code": EXIT_PUBLISHED,
            "page_url": page.url,
            "page_id": page.page_id,
            "page": page.status,
            "new_signals": page.new_signals,
            **({"reason": page.reason} if page.status == "kept" else {}),
        }
    verdict = made.read("fact_checked_report").verdict
    return result | {
        "status": verdict.outcome,
        "exit_code": EXIT_NOT_PUBLISHED,
        "reason": page.reason,
        "findings": [finding.model_dump(mode="json") for finding in verdict.findings],
    }


def _reply(domain: str, given: dict[str, Any], file: Path | None, settings: Settings) -> Reply:
    """Find the reply that the command means, or make one; what is `given` stands before what the file says."""
    payload: dict[str, Any] = {"target_domain": domain}
    if file is not None:
        text = sys.stdin.read() if str(file) == "-" else _read(file)
        try:
            read = json.loads(text)
        except json.JSONDecodeError as problem:
            raise InvalidReply(f"{file}: not JSON: {problem}") from None
        if not isinstance(read, dict):
            raise InvalidReply(f"{file}: a reply is one JSON object, this is {type(read).__name__}")
        payload = read if _has_domain(read) else {**read, "target_domain": domain}
    elif not given:
        latest = Inbox(settings.inbox).latest(domain)
        if latest is not None:
            return latest
    payload |= given
    made = parse_reply(payload, received_at=datetime.now(UTC), source=None if file else "manual")
    if isinstance(made, NotTaken):
        raise InvalidReply(f"the reply is not taken: {made.reason}")
    if made.domain != domain:
        raise InvalidReply(f"{file}: the reply is of {made.domain}, the command says {domain}: use one of them")
    return made


def _has_domain(payload: dict[str, Any]) -> bool:
    """Whether the reply says by itself which company it is of; where it can't, the command's domain is taken."""
    try:
        return not isinstance(parse_reply(payload, received_at=datetime.now(UTC)), NotTaken)
    except IntentError:
        return False


def _read(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        raise InvalidReply(f"{file} can't be read: {problem}") from None
