"""Everything that reads from outside, with inputs that nobody should send: only errors of ours may come out.

`python -m benchmarks.fuzz [--seed N] [--count N] [--only NAME ...]`: each input follows from the seed, the reader's
name and its number. What fails is printed, made as small as it can be; the exit code is then 1. The table goes to
RESULTS.md when all readers had their share.
"""

import argparse
import logging
import signal
import sys
import tempfile
import time
import traceback
import warnings
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from random import Random
from types import FrameType
from typing import Any, NamedTuple

from benchmarks.environment import at_home
from benchmarks.fuzz_reader import Read, Reader
from benchmarks.fuzz_readers import READERS
from benchmarks.fuzz_shrinking import smallest
from benchmarks.results import table, write

SEED = 7
COUNT = 120_000
SLOWEST = 60.0
"""Seconds after which an input counts as one that hangs."""

_HEADER = ("reader", "inputs", "accepted", "refused", "slowest, ms", "failed")
_SHOWN = 2000


class Hangs(BaseException):
    """Reading takes too long; no `Exception`, so that nobody takes it for a failure that they handle."""


class Failure(NamedTuple):
    """A way in which a reader fails: what came out and where, from which input (its number)."""

    error: str
    where: str
    number: int
    given: Any


@dataclass
class Tally:
    """What became of a reader's inputs; of each way to fail the first input is kept."""

    reader: str
    inputs: int = 0
    accepted: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0
    failed: int = 0
    failures: list[Failure] = field(default_factory=list)

    def row(self) -> list[str]:
        """The reader's row of the table."""
        refused = ", ".join(f"{count:,} {name}" for name, count in self.refused.most_common()) or "none"
        counts = (f"{self.inputs:,}", f"{self.accepted:,}", refused, f"{self.slowest * 1000:.0f}", f"{self.failed:,}")
        return [self.reader, *counts]


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seed", type=int, default=SEED)
    asked.add_argument("--count", type=int, default=COUNT, help="inputs of all readers together, about")
    asked.add_argument("--only", nargs="+", default=[], help="readers whose names begin so")
    given = asked.parse_args()
    wanted = [reader for reader in READERS if not given.only or reader.name.startswith(tuple(given.only))]
    began = time.monotonic()
    tallies = []
    for tally in _side_by_side(wanted, given.seed, given.count):
        tallies.append(tally)
        print(" | ".join(tally.row()), flush=True)
        for failure in tally.failures:
            print(told(tally.reader, failure), flush=True)
    total, failed = sum(tally.inputs for tally in tallies), sum(tally.failed for tally in tallies)
    note = f"{total:,} inputs in {time.monotonic() - began:.0f} s, {failed:,} of them with another error than ours."
    command = f"python -m benchmarks.fuzz --seed {given.seed} --count {given.count}"
    result = ("Fuzz", command, _HEADER, [tally.row() for tally in tallies], note)
    if given.only:
        print(table(*result))
    else:
        write(*result)
    sys.exit(1 if failed else 0)


def _side_by_side(readers: Sequence[Reader], seed: int, count: int) -> Iterator[Tally]:
    """Yield the same as `fuzzed`, each reader in a process of its own: none is slowed down by what others left."""
    shares = sum(reader.share for reader in readers)
    with ProcessPoolExecutor(mp_context=get_context("spawn"), max_tasks_per_child=1) as pool:
        yield from pool.map(
            _fuzzed_by_name,
            [reader.name for reader in readers],
            [seed] * len(readers),
            [round(count * reader.share / shares) for reader in readers],
        )


def _fuzzed_by_name(name: str, seed: int, count: int) -> Tally:
    [tally] = fuzzed([reader for reader in READERS if reader.name == name], seed, count)
    return tally


def fuzzed(readers: Sequence[Reader], seed: int, count: int) -> Iterator[Tally]:
    """Yield the tally of each reader over its share of `count` inputs; the main thread's alarm is used."""
    shares = sum(reader.share for reader in readers)
    for reader in readers:
        with tempfile.TemporaryDirectory() as folder, at_home(Path(folder), {}), warnings.catch_warnings():
            warnings.simplefilter("error")
            logging.disable(logging.CRITICAL)
            yield _fuzzed_one(reader, seed, max(1, round(count * reader.share / shares)))


def told(reader: str, failure: Failure) -> str:
    """Return a failure for a person: what came out, and the input that brings it about."""
    return (
        f"FAILED {reader}, input {failure.number}: {failure.error}\n  at {failure.where}\n"
        f"  by {repr(failure.given)[:_SHOWN]}"
    )


def inputs(reader: Reader, seed: int) -> Iterator[Any]:
    """Yield the valid samples, then damaged ones for ever; input n is the same whatever was read before it."""
    valid = reader.valid()
    yield from valid
    number = len(valid)
    while True:
        yield reader.damaged(Random(f"{seed} {reader.name} {number}"))
        number += 1


def _fuzzed_one(reader: Reader, seed: int, count: int) -> Tally:
    tally = Tally(reader.name)
    ways: dict[tuple[str, str], Failure] = {}
    with reader.opened() as read:
        for number, given in enumerate(islice(inputs(reader, seed), count)):
            began = time.perf_counter()
            failure = _tried(reader, read, number, given, tally)
            tally.slowest = max(tally.slowest, time.perf_counter() - began)
            if failure is not None:
                tally.failed += 1
                ways.setdefault(_way(failure), failure)
        for way, failure in ways.items():
            least = smallest(failure.given, partial(_fails_so, reader, read, way))
            tally.failures.append(failure._replace(given=least))
    return tally


def _tried(reader: Reader, read: Read, number: int, given: Any, tally: Tally) -> Failure | None:
    tally.inputs += 1
    try:
        with _limited():
            read(given)
    except reader.refusals as problem:
        tally.refused[type(problem).__name__] += 1
    except (Exception, Hangs) as problem:  # noqa: BLE001 -- whatever comes out is what is looked for
        return Failure(_shown(problem), _where(problem), number, given)
    else:
        tally.accepted += 1
    return None


def _fails_so(reader: Reader, read: Read, way: tuple[str, str], given: Any) -> bool:
    failure = _tried(reader, read, 0, given, Tally(reader.name))
    return failure is not None and _way(failure) == way


def _way(failure: Failure) -> tuple[str, str]:
    return failure.error.partition(":")[0], failure.where


def _shown(problem: BaseException) -> str:
    return f"{type(problem).__name__}: {' '.join(str(problem).split())[:300]}"


def _where(problem: BaseException) -> str:
    frames = traceback.extract_tb(problem.__traceback__)
    ours = [frame for frame in frames if "/intent_assets/" in frame.filename] or list(frames)
    last = ours[-1]
    return f"{last.filename.rpartition('/intent_assets/')[2]}:{last.lineno} {last.name}"


@contextmanager
def _limited() -> Iterator[None]:
    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise Hangs(f"longer than {SLOWEST:g} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, SLOWEST)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


if __name__ == "__main__":
    main()
