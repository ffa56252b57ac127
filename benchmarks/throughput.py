"""Many domains through the graph with stand-ins that answer at once, beside one plain Python loop without Dagster.

`python -m benchmarks.throughput [--domains N]`: what is left is processor time. Memory is what a run's process has for
itself (its private pages and its share of those that it shares), and what it has mapped.
"""

import argparse
import json
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.environment import at_home, cleaned
from benchmarks.latency import PATIENT, post, wait_for_daemon
from benchmarks.processes import descendants, wait_until
from benchmarks.replies import a_reply
from benchmarks.results import write
from benchmarks.system import System, running
from intent_assets.sandbox.server import Sandbox

DOMAINS = 40
_NO_WAITING = {
    **PATIENT, "INTENT_CHAT_POLL_EVERY": "0.02", "INTENT_NOTION_CALLS_PER_SECOND": "10000",
    "INTENT_STARBRIDGE_CALLS_AT_ONCE": "200", "PYTHONWARNINGS": "ignore",
}  # fmt: skip
_SETTLED = 3600
_MEGABYTE = 1024.0
"""In the unit of /proc, kB."""


@dataclass
class Memory:
    """Megabytes: the most that one run's process had for itself and mapped, and what the daemon had, over time."""

    own: float = 0.0
    mapped: float = 0.0
    daemon: list[float] = field(default_factory=list)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--domains", type=int, default=DOMAINS)
    asked.add_argument("--loop", action="store_true", help=argparse.SUPPRESS)
    given = asked.parse_args()
    if given.loop:
        from benchmarks.plain_loop import loop

        loop([a_reply("first.example")])  # imports, and the first connection to each stand-in
        print(json.dumps(loop([a_reply(f"loop{number}.example") for number in range(given.domains)])))
        return
    plain = _loop(given.domains)
    graph, memory = _graph(given.domains)
    rows = [
        [f"one plain loop over {given.domains} domains, s", f"{plain:.1f}", ""],
        ["the same through the graph, s", f"{graph:.1f}", ""],
        ["times the loop", f"{graph / plain:.2f}", "under 3"],
        ["most memory of one run, its own and its share, MB", f"{memory.own:.0f}", "under 350"],
        ["most memory of one run, all that it maps, MB", f"{memory.mapped:.0f}", ""],
        ["daemon after the first tenth of the time, MB", f"{memory.daemon[len(memory.daemon) // 10]:.0f}", "flat"],
        ["daemon in the end, MB", f"{memory.daemon[-1]:.0f}", ""],
    ]
    write("Throughput", f"python -m benchmarks.throughput --domains {given.domains}", ("what", "value", "aim"), rows)


def _loop(count: int) -> float:
    """Return the seconds of the plain loop, in a process of its own as the graph's runs are."""
    with tempfile.TemporaryDirectory() as folder, Sandbox() as sandbox, at_home(Path(folder), {}):
        variables = cleaned(Path(folder) / "home", {**_without_supabase(sandbox), **_NO_WAITING})
        root = str(Path(__file__).parents[1])
        command = [sys.executable, "-m", "benchmarks.throughput", "--loop", "--domains", str(count)]
        ran = subprocess.run(  # noqa: S603 -- words of our own
            command, env={**variables, "PYTHONPATH": root}, cwd=folder, check=True, stdout=subprocess.PIPE, text=True
        )
    return float(json.loads(ran.stdout.splitlines()[-1]))


def _without_supabase(sandbox: Sandbox) -> Mapping[str, str]:
    return {
        name: value for name, value in sandbox.variables().items() if not name.startswith(("SUPABASE", "SMARTLEAD"))
    }


def _graph(count: int) -> tuple[float, Memory]:
    with tempfile.TemporaryDirectory() as folder, running(Path(folder), Sandbox(), _NO_WAITING) as system:
        wait_for_daemon(system)
        began = time.monotonic()
        with _watched(system) as memory:
            for number in range(count):
                post(system, f"graph{number}.example")
            wait_until(system.is_settled, _SETTLED, "the last report")
        taken = time.monotonic() - began
        failed = [run for run in system.instance.get_runs() if not run.is_success]
        if failed:
            raise RuntimeError(f"{len(failed)} runs failed")
        return taken, memory


@contextmanager
def _watched(system: System) -> Iterator[Memory]:
    """Look at the memory of all processes twice a second until the block ends."""
    memory, ended = Memory(), threading.Event()

    def look() -> None:
        while not ended.wait(0.5):
            _look(memory, descendants(system.process.pid or 0))

    watching = threading.Thread(target=look)
    watching.start()
    try:
        yield memory
    finally:
        ended.set()
        watching.join()


def _look(memory: Memory, pids: Sequence[int]) -> None:
    words = {pid: _words(pid) for pid in pids}
    workers = [pid for pid, said in words.items() if "intent_assets.run_worker" in said]
    for pid in workers[1:] if workers else []:
        own, mapped = _megabytes(pid)
        memory.own, memory.mapped = max(memory.own, own), max(memory.mapped, mapped)
    memory.daemon += [_megabytes(pid)[0] for pid, said in words.items() if "dagster._daemon" in said][:1]


def _words(pid: int) -> str:
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
    return ""


def _megabytes(pid: int) -> tuple[float, float]:
    """Return the proportional and the mapped size of a process, 0 for one that has ended."""
    try:
        told = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii")
    except OSError:
        return 0.0, 0.0
    sizes = {name: float(size) / _MEGABYTE for name, size in re.findall(r"^(Pss|Rss):\s+(\d+) kB", told, re.MULTILINE)}
    return sizes.get("Pss", 0.0), sizes.get("Rss", 0.0)


if __name__ == "__main__":
    main()
