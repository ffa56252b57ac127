"""One import of a predecessor's file: every row of its tables into the history, or a reason why not."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any

from intent_assets import predecessor
from intent_assets.predecessor import PastRun
from intent_assets.predecessor_reading import Problem, Reading, SetAside, TableName
from intent_assets.predecessor_signals import RunSignals, typed
from intent_assets.resources import warehouse_import as history
from intent_assets.resources.predecessor_file import PLACE, PredecessorFile

if TYPE_CHECKING:
    from intent_assets.resources.warehouse import Warehouse

_RUNS_AT_ONCE = 500
_ROWS_AT_ONCE = 100_000


@dataclass
class Counts:
    """What became of the rows of one table; `left_out` counts single values of rows that were taken."""

    read: int = 0
    added: int = 0
    updated: int = 0
    known: int = 0
    set_aside: int = 0
    left_out: int = 0


@dataclass
class _Place:
    past: PastRun
    at: object


@dataclass
class Import:
    """An import that is under way; `tell` is told each problem as it is found."""

    file: PredecessorFile
    warehouse: "Warehouse"
    tell: Callable[[Problem], None]
    counts: dict[TableName, Counts] = field(default_factory=dict)
    _runs: dict[str, _Place] = field(default_factory=dict)
    _lost: set[str] = field(default_factory=set)

    def run(self) -> Mapping[TableName, Counts]:
        """Import all tables that the file has; may be repeated, also after it was interrupted."""
        ways: dict[TableName, Callable[[], None]] = {
            "runs": self._take_runs,
            "discoveries": self._take_discoveries,
            "contacts": self._take_contacts,
            "audit_log": self._take_steps,
        }
        for table, take in ways.items():
            if self._usable(table):
                take()
        history.tell_failures(self.warehouse)
        return self.counts

    def _usable(self, table: TableName) -> bool:
        self.counts[table] = counts = Counts()
        if not self.file.has(table):
            return False
        missing = self.file.missing(table)
        if missing:
            counts.read = counts.set_aside = self.file.count(table)
            self.tell(Problem(table, None, ", ".join(missing), "there is no such column in the file", set_aside=True))
        return not missing

    def _take_runs(self) -> None:
        counts = self.counts["runs"]
        rows = self._read("runs", self._run)
        while batch := list(islice(rows, _RUNS_AT_ONCE)):
            added, updated = history.add_runs(self.warehouse, batch)
            counts.added += added
            counts.updated += updated
            counts.known += len(batch) - added - updated

    def _take_discoveries(self) -> None:
        current: tuple[PastRun, RunSignals | None] | None = None
        told: dict[tuple[str, str], RunSignals] = {}

        def read(reading: Reading) -> dict[str, Any]:
            nonlocal current
            place = self._run_of(reading)
            if current is None or current[0] is not place.past:
                current = (place.past, predecessor.run_signals(self.file.row_at("runs", place.at), place.past))
            row = predecessor.read_discovery(reading, *current)
            if current[1] is not None and row["signal_id"] is not None:
                told[row["run_id"], row["signal_id"]] = current[1]
            return row

        def add(warehouse: "Warehouse", rows: list[dict[str, Any]]) -> int:
            known = typed(told)
            told.clear()
            for row in rows:
                said = known.get((row["run_id"], row["signal_id"]), {})
                row.update({name: value for name, value in said.items() if value is not None})
            return history.add_discoveries(warehouse, rows)

        self._take("discoveries", read, add)

    def _take_contacts(self) -> None:
        self._take(
            "contacts",
            lambda reading: predecessor.read_contact(reading, self._run_of(reading).past),
            history.add_contacts,
        )

    def _take_steps(self) -> None:
        self._take(
            "audit_log", lambda reading: predecessor.read_step(reading, self._run_of(reading).past), history.add_steps
        )

    def _take(
        self,
        table: TableName,
        read: Callable[[Reading], dict[str, Any]],
        add: Callable[["Warehouse", list[dict[str, Any]]], int],
    ) -> None:
        counts = self.counts[table]
        seen: set[str] = set()

        def read_once(reading: Reading) -> dict[str, Any]:
            self._once(reading, seen)
            return read(reading)

        rows = self._read(table, read_once)
        while batch := list(islice(rows, _ROWS_AT_ONCE)):
            added = add(self.warehouse, batch)
            counts.added += added
            counts.known += len(batch) - added

    def _read(self, table: TableName, read: Callable[[Reading], Any]) -> Iterator[Any]:
        counts = self.counts[table]
        for row in self.file.rows(table):
            reading = Reading(table, row)
            counts.read += 1
            try:
                record = read(reading)
            except SetAside:
                counts.set_aside += 1
            else:
                counts.left_out += len(reading.problems)
                yield record
            finally:
                for problem in reading.problems:
                    self.tell(problem)

    def _run(self, reading: Reading) -> predecessor.RunRecord:
        key = reading.needed("id")
        if key in self._runs:
            raise reading.set_aside("id", "is that of an earlier row as well")
        self._lost.add(key)
        record = predecessor.read_run(reading)
        self._lost.discard(key)
        self._runs[key] = _Place(record.past, reading.row[PLACE])
        return record

    def _run_of(self, reading: Reading) -> _Place:
        key = reading.needed("run_id")
        place = self._runs.get(key)
        if place is None:
            lost = "its run was set aside" if key in self._lost else "the file has no run with this id"
            raise reading.set_aside("run_id", lost)
        return place

    @staticmethod
    def _once(reading: Reading, seen: set[str]) -> None:
        key = reading.needed("id")
        if key in seen:
            raise reading.set_aside("id", "is that of an earlier row as well")
        seen.add(key)
