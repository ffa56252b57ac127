"""Loading all definitions beside `import dagster` alone, each in a process of its own: processor time."""

import resource
import subprocess
import sys
from statistics import median

from benchmarks.results import write

ROUNDS = 9
_DAGSTER = "import dagster"
_OURS = "from intent_assets.definitions import defs; defs.get_repository_def()"


def main() -> None:
    taken = [(_seconds(_DAGSTER), _seconds(_OURS)) for _ in range(ROUNDS)]
    alone, ours = (median(column) for column in zip(*taken, strict=True))
    rows = [
        ["`import dagster`, s", f"{alone:.2f}", ""],
        ["all definitions, s", f"{ours:.2f}", ""],
        ["times that", f"{median(each / before for before, each in taken):.2f}", "under 1.5"],
    ]
    note = f"Medians of {ROUNDS}, one after the other in turn, the first of each left out."
    write("Loading the definitions", "python -m benchmarks.loading", ("what", "value", "aim"), rows, note)


def _seconds(code: str) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-W", "ignore", "-c", code], check=True)  # noqa: S603 -- our own words
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    for warming in (_DAGSTER, _OURS):
        _seconds(warming)
    main()
