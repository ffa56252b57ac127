"""How long `make demo` takes, installation apart: the first time, and again over the state of the first."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from benchmarks.results import write

ROUNDS = 3


def main() -> None:
    times: dict[str, list[float]] = {"first": [], "second": []}
    for _ in range(ROUNDS):
        with tempfile.TemporaryDirectory() as folder:
            for taken in times.values():
                taken.append(_demo(Path(folder)))
    rows = [[which, f"{median(taken):.1f}", f"{min(taken):.1f}-{max(taken):.1f}"] for which, taken in times.items()]
    write("The demo", "python -m benchmarks.first_run", ("demo", "median, s", "from-to, s"), rows)


def _demo(folder: Path) -> float:
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("INTENT_", "DAGSTER_"))}
    began = time.monotonic()
    subprocess.run(
        [sys.executable, "-m", "intent_assets.cli", "demo"],
        cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    return time.monotonic() - began


if __name__ == "__main__":
    main()
