"""From a reply at the door to the notice of its report, beside the calls that have to happen, and the predecessor.

`python -m benchmarks.latency [--rounds N] [--burst N]`: `intent up` runs as for people, idle but for the replies; the
stand-ins take a part of the measured times.
"""

import argparse
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from itertools import accumulate
from pathlib import Path
from statistics import median

import dagster as dg
import httpx

from benchmarks.door_posts import TOKEN
from benchmarks.processes import wait_until
from benchmarks.replies import PRODUCT
from benchmarks.results import write
from benchmarks.system import System, running
from intent_assets import tags
from intent_assets.cli_timeline import steps_of
from intent_assets.resources.warehouse import Warehouse
from intent_assets.sandbox.core import Call
from intent_assets.sandbox.latency import Latency, parse_latency
from intent_assets.sandbox.server import Sandbox
from intent_assets.timeline import CallMade, timeline, way_to
from intent_assets.timeline_svg import as_svg

ROUNDS = 3
LATENCY = "measured:0.35"
BURST = 100
BURST_LATENCY = "measured:0.02"
PATIENT = {"INTENT_DOOR__REQUESTS_A_MINUTE": "100000"}
_PREDECESSOR = (
    ("claude", "strategy"), ("starbridge", "opportunity_search"), ("starbridge", "buyer_contacts"), ("chat", ""),
    ("claude", "featured_section"), ("model", "copies the sections together"), *[("notion", "publish")] * 6,
    ("model", "checks what is published"),
)  # fmt: skip
_MODEL_PASSES = {"copies the sections together": 65.0, "checks what is published": 32.0}
"""Seconds, as its recorded runs took; the stand-ins know no such calls."""
_SETTLED = 900
PICTURE = Path(__file__).with_name("latency.svg")


@dataclass(frozen=True)
class Told:
    """One reply: seconds from its 202 to the run's first step, to the end of the notice, and in calls on the way."""

    first_step: float
    total: float
    calls: float

    @property
    def own(self) -> float:
        """Seconds that are not the services'."""
        return self.total - self.calls

    @property
    def own_of_run(self) -> float:
        """The same from the run's first step on."""
        return self.own - self.first_step


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--rounds", type=int, default=ROUNDS)
    asked.add_argument("--burst", type=int, default=BURST)
    given = asked.parse_args()
    with ThreadPoolExecutor(1) as pool:  # it only waits, so it takes nothing from the others
        before_it = pool.submit(predecessor, parse_latency(LATENCY, seed=11))
        told = alone(given.rounds, LATENCY)
        before = before_it.result()
    total = median(each.total for each in told)
    rows = [
        ["reply accepted -> `report.ready` delivered", f"{total:.1f}", ""],
        ["of it the calls that have to happen", f"{median(each.calls for each in told):.1f}", ""],
        ["own time on top", f"{median(each.own for each in told):.2f}", "under 5"],
        ["own time from the run's first step on", f"{median(each.own_of_run for each in told):.2f}", "under 1.5"],
        ["reply accepted -> the run's first step", f"{median(each.first_step for each in told):.2f}", ""],
        ["the predecessor's sequence as a plain script", f"{before:.1f}", ""],
        ["times faster than that", f"{before / total:.1f}", "at least 3"],
    ]
    write(
        "Latency",
        "python -m benchmarks.latency",
        ("what", "s", "aim"),
        rows,
        f"Medians of {given.rounds} replies, one after the other, each of a new domain, at `{LATENCY}`; our own time "
        "is not scaled. The calls that have to happen are found in the log of the stand-ins, backwards from the "
        "notice: each time the call that ended last before. Telling Clay that a reply is accepted counts as our "
        "own.\n\n"
        f"![Where the time of one report went]({PICTURE.name})",
    )
    write("A burst of replies", "python -m benchmarks.latency", *burst(given.burst))


def alone(rounds: int, latency: str) -> Sequence[Told]:
    """Return how long each of some replies took that came one after the other."""
    with (
        tempfile.TemporaryDirectory() as folder,
        running(Path(folder), Sandbox(latency=parse_latency(latency)), PATIENT) as system,
    ):
        wait_for_daemon(system)
        told = [_told(system, f"alone{number}.example") for number in range(rounds)]
        _draw(system, f"alone{rounds - 1}.example", latency)
        return told


def _draw(system: System, domain: str, latency: str) -> None:
    """Write the picture of the domain's run, as soon as the history has it."""
    [run] = system.instance.get_runs(dg.RunsFilter(tags={tags.PARTITION: domain}))
    wait_until(lambda: not Warehouse().steps(run.run_id).empty, 120, f"the steps of {domain} in the audit log")
    PICTURE.write_text(as_svg(timeline(steps_of(Warehouse(), run.run_id)), f"One report at {latency}"), "utf-8")


def _told(system: System, domain: str) -> Told:
    reply_id, accepted = post(system, domain)
    wait_until(system.is_settled, _SETTLED, f"the end of {domain}")
    notice = [call for call in system.sandbox.calls if call.service == "clay" and call.started > accepted][-1]
    began = first_step(system, reply_id)
    calls = [
        CallMade(call.service, call.operation, call.started, end(call) - call.started)
        for call in system.sandbox.calls
        if call.started >= began and call.ended is not None
    ]
    way = way_to(end(notice), calls)
    return Told(began - accepted, end(notice) - accepted, sum(call.seconds for call in way))


def end(call: Call) -> float:
    """Return when a call was answered."""
    if call.ended is None:
        raise ValueError(f"{call.operation} was never answered")
    return call.ended


def first_step(system: System, reply_id: str) -> float:
    """Return when the first step of a reply's run began (`time.monotonic()`)."""
    [run] = system.instance.get_runs(dg.RunsFilter(tags={tags.REPLY: reply_id}))
    starts = system.instance.get_run_step_stats(run.run_id)
    return min(step.start_time or 0.0 for step in starts) - time.time() + time.monotonic()


def predecessor(latency: Latency) -> float:
    """Run the predecessor's sequence of calls as a plain script that waits for each; the seconds it took."""
    began = time.monotonic()
    for service, operation in _PREDECESSOR:
        if service == "chat":
            time.sleep(latency.run("starbridge", "buyer_chat"))
        elif service == "model":
            time.sleep(_MODEL_PASSES[operation] * latency.factor)
        else:
            time.sleep(latency.answer(service, operation))
    return time.monotonic() - began


def post(system: System, domain: str) -> tuple[str, float]:
    """Put a reply in at the door; its id, and when it was accepted (`time.monotonic()`)."""
    body = {"target_domain": domain, "product_description": PRODUCT, "company": domain.partition(".")[0]}
    answer = httpx.post(f"{system.url}/reports", json=body, headers={"Authorization": f"Bearer {TOKEN}"}, timeout=60)
    answer.raise_for_status()
    return str(answer.json()["reply_id"]), time.monotonic()


def burst(count: int) -> tuple[Sequence[str], Sequence[Sequence[str]], str]:
    """Return the table of a burst: how the first of many replies fares beside one alone, and in which order all do."""
    with (
        tempfile.TemporaryDirectory() as folder,
        running(Path(folder), Sandbox(latency=parse_latency(BURST_LATENCY)), PATIENT) as system,
    ):
        wait_for_daemon(system)
        single = _told(system, "single.example")
        domains = [f"burst{number}.example" for number in range(count)]
        accepted = [post(system, domain) for domain in domains]
        wait_until(system.is_settled, _SETTLED, "the end of the burst")
        ready = _ready(system)
        started = [first_step(system, reply_id) for reply_id, _ in accepted]
    first_at = accepted[0][1]
    overtaking = sum(began < latest for began, latest in zip(started[1:], accumulate(started, max), strict=False))
    rows = [
        ["one reply alone, to `report.ready`", f"{single.total:.1f} s"],
        [f"the first of {count} at once", f"{ready[domains[0]] - first_at:.1f} s"],
        ["the last", f"{max(ready[domain] for domain in domains) - first_at:.1f} s"],
        ["runs that began before the run of an earlier reply", f"{overtaking}"],
        ["reports", f"{len(ready.keys() & set(domains))}"],
    ]
    return ("what", "value"), rows, f"At `{BURST_LATENCY}`, all posted one after the other without a pause."


def _ready(system: System) -> dict[str, float]:
    """Return when Clay got the first `report.ready` of each domain (`time.monotonic()`)."""
    found: dict[str, float] = {}
    for received in system.sandbox.service("clay").received:
        if received.notice["event"] == "report.ready":
            at = datetime.fromisoformat(received.received_at).timestamp() - time.time() + time.monotonic()
            found.setdefault(received.notice["domain"], at)
    return found


def wait_for_daemon(system: System) -> None:
    """Let one report pass, so that sensors, queue and run worker are there and nothing of a start is measured."""
    post(system, "warm.example")
    wait_until(lambda: bool(system.instance.get_runs()), 120, "the first run")
    wait_until(system.is_settled, _SETTLED, "the first report")


if __name__ == "__main__":
    main()
