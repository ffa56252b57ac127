"""SIGKILL between any two steps of one run, systematically, then resume: one page, one ending, nothing paid for twice.

For each point (see `kills_victim`) a report is made against a sandbox of its own, killed there, and resumed with
`intent retry`.
"""

import argparse
import json
import re
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.environment import cleaned
from benchmarks.replies import PRODUCT
from benchmarks.results import write
from intent_assets.sandbox.server import Sandbox

ROOT = Path(__file__).parents[1]
DOMAIN = "vmock.example"
WRITERS = {
    "strategy": "search_strategy", "executive_summary": "executive_summary", "featured_section": "featured_section",
    "secondary_cards": "secondary_cards", "profile_summary": "profile_summary", "gameplan": "gameplan",
    "call_to_action": "call_to_action", "buyer_chat": "strategic_context",
}  # fmt: skip
"""What costs money, by the name of the call: the value that holds what it brought."""

QUICK = {
    "INTENT_RETRY_PAUSE": "0.01",
    "INTENT_RETRY_PAUSE_MAX": "0.05",
    "INTENT_CHAT_POLL_EVERY": "0.02",
    "INTENT_NOTION_CALLS_PER_SECOND": "1000",
    "PYTHONWARNINGS": "ignore",
}
SECONDS = 300


@dataclass
class Outcome:
    """What one kill led to; `problems` says what is not as it has to be."""

    point: str
    calls: int = 0
    again: int = 0
    problems: list[str] = field(default_factory=list)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--every", type=int, default=1, help="kill at every N-th point only (default: at all)")
    parser.add_argument("--only", help="kill only at points whose name this regular expression finds")
    parser.add_argument("--jobs", type=int, default=2, help="how many reports are made at once (default: 2)")
    parser.add_argument("--dry", action="store_true", help="do not write the table into RESULTS.md")
    options = parser.parse_args()
    points, calls = _points()
    chosen = [point for point in points if not options.only or re.search(options.only, point)][:: options.every]
    print(f"{len(points)} points in one run, {calls} calls of Claude; killed at {len(chosen)} of them", flush=True)
    with ThreadPoolExecutor(options.jobs) as pool:
        outcomes = list(pool.map(_told, chosen))
    rows = list(_rows(outcomes))
    note = f"A run that nobody kills makes {calls} calls of Claude. Kinds of points: see `benchmarks/kills_victim.py`."
    header = ("killed at", "points", "one page, one ending", "calls in all", "of them again for what was stored")
    if not options.dry:
        write("Kills", f"python -m benchmarks.kills{_said(options)}", header, rows, note)
    for outcome in outcomes:
        for problem in outcome.problems:
            print(f"{outcome.point}: {problem}")
    sys.exit(any(outcome.problems for outcome in outcomes))


def _said(options: argparse.Namespace) -> str:
    return "".join(
        f" --{name} {value}"
        for name, value in (("every", options.every), ("only", options.only))
        if value not in (1, None)
    )


def _told(point: str) -> Outcome:
    outcome = kill_at(point)
    print(f"{point}: {'; '.join(outcome.problems) or 'ok'}", flush=True)
    return outcome


def _points() -> tuple[list[str], int]:
    """Return the points of one report in their order, and how many calls of Claude it makes."""
    with tempfile.TemporaryDirectory() as folder, Sandbox(state_dir=Path(folder) / "sandbox") as sandbox:
        log = Path(folder) / "points"
        _victim(Path(folder), sandbox, f"list:{log}")
        found = list(dict.fromkeys(log.read_text().splitlines()))
        return found, sum(call.service == "claude" for call in sandbox.calls)


def kill_at(point: str) -> Outcome:
    """Make a report, kill it at `point`, resume it, and say what is wrong then."""
    outcome = Outcome(point)
    with tempfile.TemporaryDirectory() as name, Sandbox(state_dir=Path(name) / "sandbox") as sandbox:
        folder = Path(name)
        killed = _victim(folder, sandbox, point)
        if killed != -signal.SIGKILL:
            outcome.problems.append(f"it was not killed: exit code {killed}")
        before = len(sandbox.calls)
        stored = {path.parent.name for path in folder.glob(f"home/run_values/*/*/*/{DOMAIN}.*")}
        resumed = _run(folder, sandbox, "-m", "intent_assets.cli", "retry", DOMAIN, "--json")
        done = "nothing to resume" in resumed.stderr
        if not done and (resumed.returncode or json.loads(resumed.stdout)["status"] != "published"):
            outcome.problems.append(f"it was not resumed: {(resumed.stderr or resumed.stdout)[-300:]}")
        asked = Counter(call.operation for call in sandbox.calls[before:] if call.service in ("claude", "starbridge"))
        outcome.calls = sum(call.service == "claude" for call in sandbox.calls)
        outcome.again = sum(asked[operation] for operation, value in WRITERS.items() if value in stored)
        outcome.problems += _faults(sandbox)
        outcome.problems += [f"{outcome.again} calls for what was stored"] if outcome.again else []
    return outcome


def _faults(sandbox: Sandbox) -> Iterator[str]:
    pages = len(sandbox.service("notion").store.pages())
    if pages != 1:
        yield f"{pages} pages"
    events = Counter({notice["notice_id"]: notice["event"] for notice in sandbox.service("clay").notices}.values())
    reports = sum(count for event, count in events.items() if event.startswith("report."))
    if (events["reply.accepted"], events["report.ready"], reports) != (1, 1, 1) or events["run.failed"] > 1:
        yield f"notices {dict(events)}"


def _victim(folder: Path, sandbox: Sandbox, point: str) -> int:
    command = ("report", DOMAIN, "--product", PRODUCT, "--company", "VMock", "--json")
    return _run(folder, sandbox, "-m", "benchmarks.kills_victim", point, *command).returncode


def _run(folder: Path, sandbox: Sandbox, *arguments: str) -> "subprocess.CompletedProcess[str]":
    (folder / "home").mkdir(exist_ok=True)
    variables = {**sandbox.variables(), **QUICK, "INTENT_LIMITS_FOLDER": str(folder), "PYTHONPATH": str(ROOT)}
    return subprocess.run(  # noqa: S603 -- our own words
        [sys.executable, *arguments], cwd=folder, env=cleaned(folder / "home", variables), capture_output=True,
        text=True, timeout=SECONDS, check=False,
    )  # fmt: skip


def _rows(outcomes: Sequence[Outcome]) -> Iterator[tuple[str, ...]]:
    for kind in dict.fromkeys(_kind(outcome.point) for outcome in outcomes):
        of_kind = [outcome for outcome in outcomes if _kind(outcome.point) == kind]
        good = sum(not outcome.problems for outcome in of_kind)
        spread = f"{min(outcome.calls for outcome in of_kind)} to {max(outcome.calls for outcome in of_kind)}"
        again = sum(outcome.again for outcome in of_kind)
        yield kind, str(len(of_kind)), f"{good} of {len(of_kind)}", spread, str(again)


def _kind(point: str) -> str:
    """Return the name of a point without the step, value or number that it is about."""
    words = point.split()
    return point if words[0] == "run" else f"{words[0]} {words[-1]}"


if __name__ == "__main__":
    main()
