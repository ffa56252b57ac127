"""Wire records to the ranked table: how long for how many, beside a plain loop over rows of the same definition."""

import gc
import json
import resource
import subprocess
import sys
import time
from datetime import date
from statistics import median
from typing import Any

from benchmarks.results import write
from benchmarks.scoring_world import Row, world
from intent_assets.records import SearchStrategy
from intent_assets.scoring import ranking
from intent_assets.scoring_factors import FACTORS
from intent_assets.settings import Weights
from tests import plain_scoring

SIZES = (10_000, 100_000, 1_000_000)
LOOPED = (10_000, 100_000)
ROUNDS = 3
_KEYS = ("buyer_id", "rank", "score", "signals", "role", *FACTORS)
_HEADER = ("opportunities", "candidates", "ranking, s", "us an opportunity", "input alone, GB", "peak, GB",
           "plain loop, s", "times faster")  # fmt: skip


def main() -> None:
    if len(sys.argv) > 1:
        print(json.dumps(_measured(int(sys.argv[1]))))
        return
    rows = []
    for size in SIZES:
        command = [sys.executable, "-m", "benchmarks.scoring", str(size)]
        ran = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 -- our own words
        found = json.loads(ran.stdout)
        seconds, loop = found["seconds"], found["loop"]
        told = ["-", "-"] if loop is None else [f"{loop:.1f}", f"{loop / seconds:.0f}"]
        memory = [f"{found['input']:.2f}", f"{found['peak']:.2f}"]
        rows.append([f"{size:,}", f"{size // 10:,}", f"{seconds:.2f}", f"{1e6 * seconds / size:.2f}", *memory, *told])
    note = "Medians of three, each size in a process of its own, from dicts as JSON gives them; the loop ranks alike."
    write("Scoring", "python -m benchmarks.scoring", _HEADER, rows, note)


def _measured(size: int) -> dict[str, float | None]:
    """Return seconds and memory (GB) of ranking a world of `size` opportunities, and the seconds of the loop."""
    given = world(size, size // 10)
    # As the command does that reads a file: the collector would walk all rows again and again.
    gc.disable()
    before, times = _peak(), []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        table = _ranked(given)
        times.append(time.perf_counter() - began)
    found: dict[str, float | None] = {"seconds": median(times), "input": before, "peak": _peak(), "loop": None}
    if size in LOOPED:
        began = time.perf_counter()
        expected = plain_scoring.rank(given)
        found["loop"] = time.perf_counter() - began
        if [_compared(row) for row in table.to_pylist()] != [_compared(row) for row in expected]:
            raise AssertionError("the loop ranks otherwise")
    return found


def _ranked(given: Row) -> Any:
    strategy = SearchStrategy(**{name: tuple(words) for name, words in given["strategy"].items()})
    as_of = date.fromisoformat(given["as_of"])
    return ranking(given["searches"], given["buyers"], strategy, weights=Weights(), as_of=as_of, names=False).table


def _compared(row: Row) -> list[Any]:
    return [row[key] for key in _KEYS]


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


if __name__ == "__main__":
    main()
