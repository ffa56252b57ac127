"""A backfill of many domains: how much of the permitted calls to Starbridge it uses, and how long it takes.

`python -m benchmarks.backfill [--domains N]`: `intent up` runs as for people, Dagster's own command starts the
backfill, and the stand-ins take a part of the measured times.
"""

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from itertools import accumulate
from pathlib import Path

from benchmarks.latency import PATIENT, end, wait_for_daemon
from benchmarks.processes import wait_until
from benchmarks.replies import a_reply
from benchmarks.results import write
from benchmarks.system import System, running
from intent_assets.intake.inbox import Inbox
from intent_assets.partitions import domains
from intent_assets.sandbox.core import Call
from intent_assets.sandbox.latency import parse_latency
from intent_assets.sandbox.server import Sandbox
from intent_assets.settings import load_settings

DOMAINS = 30
LATENCY = "measured:0.2"
LIMIT = 10
_SETTLED = 1800


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--domains", type=int, default=DOMAINS)
    asked.add_argument("--latency", default=LATENCY)
    given = asked.parse_args()
    names = [f"backfill{number}.example" for number in range(given.domains)]
    with (
        tempfile.TemporaryDirectory() as folder,
        running(Path(folder), Sandbox(latency=parse_latency(given.latency)), PATIENT) as system,
    ):
        wait_for_daemon(system)
        before = len(system.sandbox.calls)
        _launch(system, names)
        wait_until(lambda: _reports(system) > len(names), _SETTLED, "the last report")
        calls = system.sandbox.calls[before:]
    rows = _rows(calls, len(names))
    note = (
        f"At `{given.latency}`. Timed from the first call of the first run: the daemon looks for backfills every 30 s."
    )
    write("Backfill", f"python -m benchmarks.backfill --domains {given.domains}", ("what", "value", "aim"), rows, note)


def _launch(system: System, names: Sequence[str]) -> None:
    for name in names:
        Inbox(load_settings().inbox).put(a_reply(name), pending=False)
    system.instance.add_dynamic_partitions(str(domains.name), list(names))
    command = [sys.executable, "-m", "dagster", "job", "backfill", "-w", "workspace.yaml", "-j", "report"]
    command += ["--partitions", ",".join(names), "--noprompt"]
    environment = {**system.variables, "DAGSTER_HOME": system.instance.root_directory}
    subprocess.run(command, env=environment, cwd=system.folder, check=True, capture_output=True)  # noqa: S603 -- our own words


def _reports(system: System) -> int:
    return sum(notice["event"] == "report.ready" for notice in system.sandbox.service("clay").notices)


def _rows(calls: Sequence[Call], reports: int) -> list[list[str]]:
    began = min(call.started for call in calls)
    told = max(end(call) for call in calls if call.service == "clay" and call.ended is not None)
    limited = [
        call
        for call in calls
        if call.service == "starbridge"
        and call.ended is not None
        and call.started < told
        and "chat" not in call.operation
    ]
    busy = sum(end(call) - call.started for call in limited)
    first, last = min(call.started for call in limited), max(end(call) for call in limited)
    bound = busy / LIMIT
    return [
        ["calls to Starbridge", f"{len(limited)}", ""],
        [
            f"share of the {LIMIT} permitted calls in use, first to last call",
            f"{bound / (last - first):.1%}",
            "over 90 %",
        ],
        ["most calls in flight", f"{_peak(limited)}", f"at most {LIMIT}"],
        [f"bound: {LIMIT} calls always in flight, s", f"{bound:.1f}", ""],
        [f"{reports} reports, first call to last notice, s", f"{told - began:.1f}", ""],
        ["times the bound", f"{(told - began) / bound:.2f}", "under 1.2"],
    ]


def _peak(calls: Sequence[Call]) -> int:
    changes = sorted([(call.started, 1) for call in calls] + [(end(call), -1) for call in calls])
    return max(accumulate(change for _, change in changes))


if __name__ == "__main__":
    main()
