"""What the fact check adds to a report: seconds on its way to the page, tokens, and US dollars."""

import os
import tempfile
from pathlib import Path
from statistics import median
from typing import NamedTuple, get_args

import dagster as dg

from benchmarks.replies import a_reply
from benchmarks.results import write
from intent_assets.definitions import resolved_report_job
from intent_assets.instance import open_instance
from intent_assets.intake.inbox import Inbox
from intent_assets.records import SectionName
from intent_assets.reports import FactCheckedReport
from intent_assets.sandbox.latency import parse_latency
from intent_assets.sandbox.server import Sandbox
from intent_assets.settings import load_settings
from intent_assets.values import ValueStore

ROUNDS = 3
LATENCY = "measured:0.2"
LIE = "lie:figure"
"""Told once in the featured section, which takes longest: its rewriting stands in the way of the whole report."""
_QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


class Measured(NamedTuple):
    report: float
    """Seconds from the start of the run to the end of `report_notice`."""
    check: float
    """Of these, what `sections` took beyond the longest writing."""
    claims: int
    tokens: int
    cost: float


def main() -> None:
    rows = []
    for name, lie in (("nothing to object to", None), ("a sentence of the featured section is written again", LIE)):
        rounds = [_measure(lie) for _ in range(ROUNDS)]
        report, check = (median(each[place] for each in rounds) for place in (0, 1))
        rows.append(
            [
                name,
                f"{report:.1f}",
                f"{check:.2f}",
                f"{check / (report - check):.1%}",
                str(rounds[0].claims),
                f"{rounds[0].tokens:,}",
                f"{rounds[0].cost:.4f}",
            ]
        )
    write(
        "Checking",
        "python -m benchmarks.checking",
        ("report", "to its notice, s", "of it the check, s", "adds", "sentences", "input tokens", "US $"),
        rows,
        f"Medians of {ROUNDS} reports of tier 3 at the latency `{LATENCY}` of the stand-ins (a fifth of the measured "
        "times; our own time is not scaled, so that what the check adds is rather shown too large).",
    )


def _measure(lie: str | None) -> Measured:
    with tempfile.TemporaryDirectory() as folder, Sandbox(latency=parse_latency(LATENCY)) as sandbox:
        os.environ |= sandbox.variables() | {"INTENT_HOME": folder, "DAGSTER_HOME": str(Path(folder) / "dagster")}
        if lie is not None:
            sandbox.service("claude").behave(lie, prompt="featured_section", times=1)
        settings = load_settings()
        reply = a_reply("vmock.example", tier=3)
        Inbox(settings.inbox).put(reply, pending=False)
        with open_instance(settings) as instance:
            instance.add_dynamic_partitions("domains", [reply.domain])
            with dg.execute_job(
                dg.reconstructable(resolved_report_job),
                instance=instance,
                tags={"dagster/partition": reply.domain},
                run_config=_QUIET,
            ) as result:
                if not result.success:
                    raise RuntimeError("the run failed")
            return _read(instance, result.run_id, ValueStore(settings.values), reply.domain)


def _read(instance: dg.DagsterInstance, run_id: str, store: ValueStore, domain: str) -> Measured:
    steps = {step.step_key: step for step in instance.get_run_step_stats(run_id)}
    record = instance.get_run_record_by_id(run_id)
    if record is None or record.start_time is None:
        raise RuntimeError("the run has no start")
    sections, notice = steps["sections"], steps["report_notice"]
    if notice.end_time is None or sections.start_time is None or sections.end_time is None:
        raise RuntimeError("a step has not ended")
    written = [store.read(name, domain).usage for name in get_args(SectionName)]
    longest = max(usage.seconds for usage in written if usage)
    checked: FactCheckedReport = store.read("fact_checked_report", domain)
    if checked.verdict.outcome != "passed":
        raise RuntimeError(f"the report is {checked.verdict.outcome}: {checked.verdict.findings[:1]}")
    return Measured(
        report=notice.end_time - record.start_time,
        check=sections.end_time - sections.start_time - longest,
        claims=checked.verdict.claims,
        tokens=sum(usage.input_tokens + usage.cache_read_input_tokens for usage in checked.report.check_usage),
        cost=sum(usage.cost_usd for usage in checked.report.check_usage),
    )


if __name__ == "__main__":
    main()
