"""Wire records to the ranked table: how long for how many, beside a plain loop over rows of the same definition."""

import json
import resource
import subprocess
import sys
import time
from datetime import date
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import msgspec

from benchmarks.results import write
from intent_assets.records import SearchStrategy
from intent_assets.scoring import ranking
from intent_assets.scoring_factors import FACTORS
from intent_assets.settings import Weights
from tests import plain_scoring

SIZES = (10_000, 100_000, 1_000_000)
ROUNDS = 3
_KEYS = ("buyer_id", "rank", "score", "signals", "role", *FACTORS)
_HEADER = ("opportunities", "candidates", "JSON, MB", "ranking, s", "us an opportunity", "peak, GB", "plain loop, s",
           "times faster", "`intent score`, s", "its peak, GB")  # fmt: skip
_NOTE = """\
Medians of three (of the loop: one), each in a process of its own. Ranking starts from the JSON text of each
record, as it comes over the wire, and so does the loop, which ranks alike; `peak` holds the JSON, too. `intent
score FILE --json` is the whole command, from the start of Python to its last line."""


class _World(msgspec.Struct):
    as_of: date
    strategy: dict[str, tuple[str, ...]]
    searches: list[list[msgspec.Raw]]
    buyers: list[msgspec.Raw]


def main() -> None:
    if len(sys.argv) > 1:
        measure, file = sys.argv[1:]
        print(json.dumps({"ranking": _ranking, "loop": _loop, "command": _command}[measure](Path(file))))
        return
    write("Scoring", "python -m benchmarks.scoring", _HEADER, [_row(size) for size in SIZES], _NOTE)


def _row(size: int) -> list[str]:
    with TemporaryDirectory() as folder:
        file = Path(folder) / "world.json"
        _run("benchmarks.scoring_world", str(size), str(size // 10), str(file))
        megabytes = file.stat().st_size / 1e6
        rounds = [_measured("ranking", file) for _ in range(ROUNDS)]
        commands = [_measured("command", file) for _ in range(ROUNDS)]
        loop = _measured("loop", file)["seconds"]
    seconds, peak = (median(found[name] for found in rounds) for name in ("seconds", "peak"))
    command, its_peak = (median(found[name] for found in commands) for name in ("seconds", "peak"))
    return [
        f"{size:,}", f"{size // 10:,}", f"{megabytes:.0f}", f"{seconds:.2f}", f"{1e6 * seconds / size:.2f}",
        f"{peak:.2f}", f"{loop:.1f}", f"{loop / seconds:.0f}", f"{command:.2f}", f"{its_peak:.2f}",
    ]  # fmt: skip


def _measured(measure: str, file: Path) -> dict[str, float]:
    found: dict[str, float] = json.loads(_run("benchmarks.scoring", measure, str(file)))
    return found


def _run(*words: str) -> str:
    command = [sys.executable, "-m", *words]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout  # noqa: S603 -- our own words


def _ranking(file: Path) -> dict[str, float]:
    given = msgspec.json.decode(file.read_bytes(), type=_World)
    began = time.perf_counter()
    _ranked(given)
    return {"seconds": time.perf_counter() - began, "peak": _peak(resource.RUSAGE_SELF)}


def _loop(file: Path) -> dict[str, float]:
    given = msgspec.json.decode(file.read_bytes(), type=_World)
    began = time.perf_counter()
    world = {
        "as_of": given.as_of.isoformat(),
        "strategy": given.strategy,
        "searches": [[json.loads(bytes(row)) for row in found] for found in given.searches],
        "buyers": [json.loads(bytes(row)) for row in given.buyers],
    }
    expected = plain_scoring.rank(world)
    seconds = time.perf_counter() - began
    if [_compared(row) for row in _ranked(given).to_pylist()] != [_compared(row) for row in expected]:
        raise AssertionError("the loop ranks otherwise")
    return {"seconds": seconds}


def _command(file: Path) -> dict[str, float]:
    began = time.perf_counter()
    _run("intent_assets.cli", "score", str(file), "--json")
    return {"seconds": time.perf_counter() - began, "peak": _peak(resource.RUSAGE_CHILDREN)}


def _ranked(given: _World) -> Any:
    strategy = SearchStrategy(**given.strategy)
    return ranking(given.searches, given.buyers, strategy, weights=Weights(), as_of=given.as_of, names=False).table


def _compared(row: dict[str, Any]) -> list[Any]:
    return [row[key] for key in _KEYS]


def _peak(who: int) -> float:
    return resource.getrusage(who).ru_maxrss / 1e6


if __name__ == "__main__":
    main()
