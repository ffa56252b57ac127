"""Work on many rows is shared out between processes, and what one of them can't do is not lost."""

import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

from tests import plain_scoring, scoring_worlds

pytestmark = pytest.mark.usefixtures("clean_environment")

SCRIPT = """
import os, signal
from intent_assets.signals_processes import in_processes

parent = os.getpid()

def task(number, fails=False):
    def work():
        if os.getpid() != parent and number == 2:
            os.kill(os.getpid(), signal.SIGKILL)
        if fails:
            raise ValueError("no such row")
        return number, os.getpid() == parent
    return work

print(in_processes([]), in_processes([task(number) for number in range(4)]))
try:
    in_processes([task(0), task(1, fails=True)])
except ValueError as problem:
    print(problem)
"""


def test_results_come_in_order_and_a_process_that_ends_early_costs_nothing() -> None:
    # In a process of its own: this one has threads of the test runner.
    answer = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, timeout=60, check=True)
    assert answer.stdout.splitlines() == ["[] [(0, True), (1, False), (2, True), (3, False)]", "no such row"]


def test_a_large_file_is_ranked_as_the_plain_implementation_ranks_it(tmp_path: Path) -> None:
    draw = random.Random(11)
    names = [f"b{number}" for number in range(20_000)]
    pool = [scoring_worlds.opportunity(draw, f"o{number}", names) for number in range(4000)]
    world = scoring_worlds.world(7) | {
        "searches": [
            [
                draw.choice(pool) | {"id": f"o{draw.randrange(80_000)}", "buyerId": draw.choice(names)}
                for _ in range(size)
            ]
            for size in (70_000, 40_000)
        ],
        "strategy": {"buyer_types": ["School", "City"], "primary_keywords": list(scoring_worlds.PHRASES)},
    }
    file = tmp_path / "world.json"
    file.write_text(json.dumps(world), "utf-8")
    answer = subprocess.run(
        [sys.executable, "-m", "intent_assets.cli", "score", str(file), "--json"],
        capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    keys = ("buyer_id", "rank", "score", "signals", "role", "urgency", "keyword_hits", "dollar_value", "recency")
    ranked, expected = json.loads(answer.stdout), plain_scoring.rank(world)
    assert [[row[key] for key in keys] for row in ranked] == [[row[key] for key in keys] for row in expected]
