"""One report in one process against a process for every step, and six sections side by side against one by one."""

import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import dagster as dg

from benchmarks.replies import a_reply
from benchmarks.results import write
from intent_assets.definitions import defs
from intent_assets.instance import open_instance
from intent_assets.intake.inbox import Inbox
from intent_assets.sandbox.latency import parse_latency
from intent_assets.sandbox.server import Sandbox
from intent_assets.settings import load_settings

ROUNDS = 3
LATENCY = "measured:0.05"
SECTIONS = ("executive_summary", "featured_section", "secondary_cards", "profile_summary", "gameplan", "call_to_action")
_QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


def in_process() -> dg.JobDefinition:
    """The report in one process: what the project does."""
    return _job("measured_in_process", dg.in_process_executor)


def multiprocess() -> dg.JobDefinition:
    """The report with a process for every step: Dagster's default."""
    return _job("measured_multiprocess", dg.multiprocess_executor)


def _job(name: str, executor: dg.ExecutorDefinition) -> dg.JobDefinition:
    job = dg.define_asset_job(name, selection=dg.AssetSelection.all(), executor_def=executor)
    return dg.Definitions.merge(defs, dg.Definitions(jobs=[job])).resolve_job_def(name)


def main() -> None:
    rows = []
    for latency in ("none", LATENCY):
        for job in (in_process, multiprocess):
            taken, written, calls = zip(*(_measure(job, latency) for _ in range(ROUNDS)), strict=True)
            rows.append(
                [latency, job.__name__, f"{median(taken):.1f}", f"{median(written):.2f}", f"{median(calls):.2f}"]
            )
    write(
        "Executors",
        "python -m benchmarks.executors",
        ("latency of the stand-ins", "executor", "one report, s", "step `sections`, s", "its six calls one by one, s"),
        rows,
        "Medians of three; the report is the whole graph for one domain, the buyer chat included.",
    )


def _measure(job: Callable[[], dg.JobDefinition], latency: str) -> tuple[float, float, float]:
    """Return the seconds of the run, of its step `sections`, and of the calls to Claude in it, added up."""
    with tempfile.TemporaryDirectory() as folder, Sandbox(latency=parse_latency(latency)) as sandbox:
        home = Path(folder)
        os.environ |= sandbox.variables() | {"INTENT_HOME": str(home), "DAGSTER_HOME": str(home / "dagster")}
        settings = load_settings()
        reply = a_reply("vmock.example")
        Inbox(settings.inbox).put(reply, pending=False)
        with open_instance(settings) as instance:
            instance.add_dynamic_partitions("domains", [reply.domain])
            began = time.monotonic()
            tags = {"dagster/partition": reply.domain}
            with dg.execute_job(dg.reconstructable(job), instance=instance, tags=tags, run_config=_QUIET) as result:
                taken = time.monotonic() - began
                if not result.success:
                    raise RuntimeError(f"the run of {job.__name__} failed")
                stats = {step.step_key: step for step in instance.get_run_step_stats(result.run_id)}
        step = stats["sections"]
        asked = sum(
            (c.ended or 0) - c.started for c in sandbox.calls if c.service == "claude" and c.operation in SECTIONS
        )
        return taken, (step.end_time or 0) - (step.start_time or 0), asked


if __name__ == "__main__":
    main()
