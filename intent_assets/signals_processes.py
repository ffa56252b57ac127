"""Work on many rows in several processes: what makes Python objects can't be done side by side in one."""

import mmap
import os
import pickle
import struct
import sys
import tempfile
import threading
from collections.abc import Callable, Sequence
from typing import IO, Any, TypeVar

import pyarrow as pa

T = TypeVar("T")

# Below this a process costs more than it saves: copying the page tables of a gigabyte takes some 30 ms.
_FEW_ROWS = 100_000
# Arrow is quicker with buffers that begin there.
_ALIGNED = 64


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
            _write(task(), file)
            code = 0
        finally:
            # Whatever it was, it is raised again where the parent does the task.
            os._exit(code)

    def result() -> T:
        _, status = os.waitpid(child, 0)
        with file:
            if status:
                return task()
            made: T = _read(file)
        return made

    return result


def _write(made: object, file: IO[bytes]) -> None:
    """Write a result, its columns beside what else it consists of: they are used as they stand in the file."""
    columns: list[memoryview] = []
    rest = pickle.dumps(made, protocol=5, buffer_callback=lambda column: columns.append(column.raw()))
    parts: list[bytes | memoryview] = [rest, *columns]
    lengths = list(map(len, parts))
    file.write(struct.pack("<q", len(lengths)) + struct.pack(f"<{len(lengths)}q", *lengths))
    for part in parts:
        file.seek(-file.tell() % _ALIGNED, os.SEEK_CUR)
        file.write(part)
    # What is last may be of no length, and lie behind the end.
    file.truncate()
    file.flush()


def _read(file: IO[bytes]) -> Any:
    """Return the result that was written; its columns are views of the file, which stays until they are gone."""
    content = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    (count,) = struct.unpack_from("<q", content)
    lengths = struct.unpack_from(f"<{count}q", content, 8)
    place, parts = 8 + 8 * count, []
    for length in lengths:
        place += -place % _ALIGNED
        parts.append(content[place : place + length])
        place += length
    return pickle.loads(parts[0], buffers=parts[1:])  # noqa: S301 -- written by ourselves, to a file of our own
