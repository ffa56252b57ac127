"""Work on many rows in several processes: what makes Python objects can't be done side by side in one."""

import os
import pickle
import sys
import tempfile
import threading
from collections.abc import Callable, Sequence
from typing import TypeVar

import pyarrow as pa

T = TypeVar("T")

# Below this a process costs more than it saves: copying the page tables of a gigabyte takes some 30 ms.
_FEW_ROWS = 100_000


def shares(rows: int) -> int:
    """Return in how many parts so many rows are to be worked on, 1 where they are few or no process can be forked."""
    # A fork has one thread only: what another thread holds at that moment, it would hold for ever. So do libraries of
    # macOS with threads of their own.
    alone = sys.platform == "linux" and threading.active_count() == 1
    return pa.cpu_count() if alone and rows >= _FEW_ROWS else 1


def in_processes(tasks: Sequence[Callable[[], T]]) -> list[T]:
    """Return what the tasks return, in order: the first is done here, each other one in a fork of this process.

    Raises what a task raises. A task whose process ends without a result is done here.
    """
    others = [_started(task) for task in tasks[1:]]
    return [task() for task in [*tasks[:1], *others]]


def _started(task: Callable[[], T]) -> Callable[[], T]:
    """Start a task in a fork; return what waits for its result."""
    # Closed, and so deleted, once the result is read.
    file = tempfile.TemporaryFile()  # noqa: SIM115
    child = os.fork()
    if not child:
        code = 1
        try:
            pickle.dump(task(), file, protocol=pickle.HIGHEST_PROTOCOL)
            file.flush()
            code = 0
        finally:
            # Whatever it was, it is raised again where the parent does the task.
            os._exit(code)

    def result() -> T:
        _, status = os.waitpid(child, 0)
        with file:
            if status:
                return task()
            file.seek(0)
            made: T = pickle.load(file)  # noqa: S301 -- written by ourselves, to a file that nobody else can open
        return made

    return result
