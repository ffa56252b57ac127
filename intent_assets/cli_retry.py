"""`intent retry`: a failed run goes on in this process from the step that failed."""

import re
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Annotated

import typer
from filelock import FileLock, Timeout

from intent_assets import tags
from intent_assets.cli_report import JsonOption, SandboxOption, conclude, finish, prepare, settle, teller
from intent_assets.domains import normalise_domain
from intent_assets.durable import private_folder
from intent_assets.errors import IntentError
from intent_assets.notices import notice_id
from intent_assets.outbox import Outbox
from intent_assets.settings import Settings, load_settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    import dagster as dg

_RUN_ID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_WILL_RETRY_TAG = "dagster/will_retry"
_RETRYING_DAEMON = "EVENT_LOG_CONSUMER"
_HEARTBEAT_SECONDS = 90.0  # the daemon's are 30 s apart
_MOST_RUNS = 500


def retry(
    target: Annotated[str, typer.Argument(help="A run's id, or a domain (then its last failed run).")],
    sandbox: SandboxOption = False,
    as_json: JsonOption = False,
) -> None:
    """Resume a failed or cancelled run from the step that failed, with what was already fetched, written and paid for.

    Given a run that was resumed before, it is the last of these tries that goes on. A run that is under way, or that
    Dagster's daemon is about to resume by itself, is left alone.

    Exit code as of `intent report`.
    """
    from intent_assets.instance import open_instance
    from intent_assets.launch import resume

    settings = load_settings()
    with ExitStack() as stack:
        prepare(stack, settings, sandbox=sandbox)
        instance = stack.enter_context(open_instance(settings))
        settle(instance)
        domain = _failed_run(settings, instance, target).tags[tags.PARTITION]
        stack.enter_context(_only_retry(settings, domain))
        run = _failed_run(settings, instance, target)  # again: the one before us may have resumed it
        _claim(instance, run)
        outcome = resume(instance, run, teller(as_json=as_json))
        finish(conclude(settings, instance, domain, outcome), as_json=as_json)


def _failed_run(settings: Settings, instance: "dg.DagsterInstance", target: str) -> "dg.DagsterRun":
    """Return the run to go on from; raises `IntentError` that says why there is none, and what to do."""
    from intent_assets.tries import root_of, tries_of

    run = instance.get_run_by_id(target)
    if run is None and _RUN_ID.fullmatch(target):
        raise IntentError(f"no run {target} is known (any more); see `intent runs`, or use the domain's name")
    if run is None:
        return _failed_run_of(settings, instance, normalise_domain(target))
    if run.job_name != "report" or tags.PARTITION not in run.tags:
        raise IntentError(
            f"run {target} made no report of one domain ({run.job_name}): re-execute it in the Dagster UI"
        )
    return _last_failed(tries_of(instance, root_of(run)))


def _failed_run_of(settings: Settings, instance: "dg.DagsterInstance", domain: str) -> "dg.DagsterRun":
    """Return the last run of the domain if it failed, else the last failed one whose reply has no report yet."""
    import dagster as dg

    from intent_assets.tries import done_by, root_of, tries_of

    runs = instance.get_runs(dg.RunsFilter(job_name="report", tags={tags.PARTITION: domain}), limit=_MOST_RUNS)
    if not runs:
        raise IntentError(f"no run of {domain} is known; make its report with: intent report {domain}")
    if not runs[0].is_success:
        return _last_failed(tries_of(instance, root_of(runs[0])))
    outbox = Outbox.of(settings)
    for root in dict.fromkeys(root_of(run) for run in runs[1:]):
        tries = tries_of(instance, root)
        reply_id = tries[-1].tags.get(tags.REPLY) if tries else None
        if reply_id and done_by(tries) is None and not outbox.knows(notice_id("ending", reply_id)):
            return _last_failed(tries)
    raise IntentError(
        f"the last run of {domain} ({runs[0].run_id}) is SUCCESS, not failed, and no reply of it waits for its report. "
        f"Make the report anew with: intent report {domain}"
    )


def _last_failed(tries: "Sequence[dg.DagsterRun]") -> "dg.DagsterRun":
    """Return the last failed or cancelled try; raises `IntentError` where one is under way or came to the end."""
    from intent_assets.tries import done_by

    domain = tries[-1].tags[tags.PARTITION]
    for run in tries:
        if not run.is_finished:
            raise IntentError(
                f"run {run.run_id} of {domain} is {run.status.value}, not failed: wait for its end, or stop it first "
                "in the Dagster UI"
            )
    done = done_by(tries)
    if done is not None:
        raise IntentError(
            f"run {done.run_id} of {domain} is {done.status.value}, not failed: there is nothing to resume. "
            f"Make the report anew with: intent report {domain}"
        )
    return next(run for run in reversed(tries) if run.is_failure_or_canceled)


def _claim(instance: "dg.DagsterInstance", run: "dg.DagsterRun") -> None:
    """Make sure that the daemon does not resume the run as well; raises `IntentError` where it is about to."""
    from intent_assets.sensors.failures import waits_for_retry

    if not waits_for_retry(instance, run):
        return
    beat = instance.get_daemon_heartbeats().get(_RETRYING_DAEMON)
    if beat is not None and time.time() - beat.timestamp < _HEARTBEAT_SECONDS:
        domain = run.tags[tags.PARTITION]
        raise IntentError(
            f"run {run.run_id} of {domain} failed, and Dagster's daemon resumes it by itself in a moment: see "
            f"`intent runs {domain}`. If that does not happen, stop the daemon and try again"
        )
    instance.add_run_tags(run.run_id, {_WILL_RETRY_TAG: "false"})


@contextmanager
def _only_retry(settings: Settings, domain: str) -> Iterator[None]:
    """Keep other `intent retry` of the domain away until this one has ended."""
    lock = FileLock(private_folder(settings.home / "locks") / f"{domain}.retry.lock", mode=0o600)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise IntentError(f"another `intent retry` of {domain} is under way: wait for its end") from None
    try:
        yield
    finally:
        lock.release()
