"""Column work side by side: Arrow and NumPy let go of Python's lock while they compute."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import pyarrow as pa

T = TypeVar("T")

# Below this, handing work to a thread costs more than it saves.
_FEW_ROWS = 20_000


def side_by_side(tasks: Sequence[Callable[[], T]], rows: int) -> list[T]:
    """Return what the tasks return, in order; `rows` says how long the columns are that they work on.

    Raises what a task raises.
    """
    if rows < _FEW_ROWS or len(tasks) < 2:
        return [task() for task in tasks]
    with ThreadPoolExecutor(max_workers=pa.cpu_count()) as pool:
        return [started.result() for started in [pool.submit(task) for task in tasks]]
