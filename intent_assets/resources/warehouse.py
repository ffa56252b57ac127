"""The history: what was found, scored, shown and done in every run, in one DuckDB file.

DuckDB lets one process at a time open a file, so every access holds a lock around open, work, commit and close, in
one short transaction. Nobody else ever sees "database is locked"; who waits too long is told who holds it.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any

import dagster as dg
from pydantic import Field

from intent_assets.errors import WarehouseError
from intent_assets.records import Contact
from intent_assets.resources import warehouse_batches as batches
from intent_assets.resources import warehouse_sql as sql
from intent_assets.resources.warehouse_lock import owner_of
from intent_assets.resources.warehouse_migrations import migrate, migrations
from intent_assets.resources.warehouse_rows import ReportFacts, RunFacts, RunRow, StepRow
from intent_assets.settings import load_settings

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from pandas import DataFrame

FOREIGN_LOCK = "Could not set lock"
CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
}
"""No extension is downloaded or loaded by itself."""


class Warehouse(dg.ConfigurableResource):  # type: ignore[type-arg]  # the resource gives itself
    """The history's file; every method is one transaction, raises WarehouseError, and may be repeated.

    The methods block (about 30 ms, longer while another process owns the file): from a coroutine call them with
    `asyncio.to_thread`.
    """

    path: str | None = Field(default=None, description="the DuckDB file; history.duckdb under INTENT_HOME if not given")
    lock_timeout: float = Field(default=30, gt=0, description="seconds to wait for another process that has it open")

    def setup_for_execution(self, context: dg.InitResourceContext) -> None:
        """Stop a run whose history can't be used before its first step: its page could not be recorded."""
        if context.run is not None:
            self.check()

    @property
    def file(self) -> Path:
        """Where the history is; it need not exist yet."""
        return Path(self.path) if self.path is not None else load_settings().history

    def record_discoveries(self, run: RunFacts, discoveries: "DataFrame", scored: "DataFrame") -> int:
        """Record each signal (columns `tables.DISCOVERIES`) with its buyer's scores (`tables.SCORED_BUYERS`).

        Returns the number of rows added: 0 when they were recorded before, which they then stay as.
        """
        signals = batches.from_frame(discoveries, batches.SIGNAL_COLUMNS, "signal_id")
        scores = batches.from_frame(scored, batches.SCORE_COLUMNS, "buyer_id")
        values = run.model_dump(include={"run_id", "domain", "reply_id"}) | {"seen_at": _seen_at(run)}
        with self._writing("record discoveries") as connection:
            connection.register("batch", signals)
            connection.register("scores", scores)
            return _changed(connection.execute(sql.INSERT_DISCOVERIES, values))

    def record_contacts(
        self,
        run: RunFacts,
        contacts: Sequence[Contact],
        buyer_names: Mapping[str, str],
        shown_as: Mapping[str, str] | None = None,
    ) -> int:
        """Record the contacts that the report shows; `buyer_names` is buyer id -> name.

        `shown_as` is contact id -> what it is shown as (`decision_maker`); the others are `contact`. Returns the number
        of rows added.
        """
        if not contacts:
            return 0
        batch = batches.contact_batch(run, contacts, buyer_names, shown_as or {}, _seen_at(run))
        with self._writing("record contacts") as connection:
            connection.register("batch", batch)
            return _changed(connection.execute(sql.INSERT_CONTACTS))

    def record_report(self, run: RunFacts, report: ReportFacts) -> None:
        """Record what is known of the run and its report; what is None stays as it was recorded."""
        batch = batches.run_batch([batches.facts_columns(run) | batches.report_columns(report)])
        with self._writing("record report") as connection:
            connection.register("batch", batch)
            connection.execute(sql.UPSERT_RUN)

    def record_run(self, rows: Sequence[RunRow], steps: Sequence[StepRow]) -> None:
        """Record runs that have ended and their steps, all or nothing."""
        work = []
        if rows:
            work.append((sql.UPSERT_RUN, batches.run_batch(batches.run_columns(row) for row in rows)))
        if steps:
            work.append((sql.UPSERT_STEPS, batches.step_batch(steps)))
        with self._writing("record run") as connection:
            for statement, batch in work:
                connection.register("batch", batch)
                connection.execute(statement)

    def runs(self, limit: int = 20, domain: str | None = None) -> "DataFrame":
        """Return the latest rows of `runs`, newest first, of one domain or of all."""
        return self._read("list runs", sql.LATEST_RUNS, {"limit": limit, "domain": domain})

    def run(self, run_id: str) -> "DataFrame":
        """Return the rows of one run, one for each of its domains."""
        return self._read("read run", sql.RUN, {"run_id": run_id})

    def steps(self, run_id: str) -> "DataFrame":
        """Return the tries of the steps of one run in the order in which they started."""
        return self._read("read steps", sql.STEPS, {"run_id": run_id})

    def signals_seen(self, domain: str, before_run_id: str | None = None) -> "DataFrame":
        """Return `signal_id`, `first_seen` and `last_seen` of the signals that runs of this domain have found.

        With `before_run_id` only what was seen before that run, whether it is recorded already or not.
        """
        return self._read("read signals", sql.SIGNALS_SEEN, {"domain": domain, "before": before_run_id})

    def check(self) -> str:
        """Say in one line what the history holds; creates nothing."""
        file = self.file
        if not file.exists():
            return f"{file}: no history yet, the first run starts it"
        row = self._read("check", sql.COUNTS, {}).iloc[0]
        tables = ", ".join(f"{row[name]:,} {name}" for name in ("runs", "discoveries", "contacts", "audit_log"))
        return f"{file}: schema {row['schema_version']}, {tables}, {file.stat().st_size / 1e6:.1f} MB"

    def _read(self, purpose: str, query: str, values: Mapping[str, Any]) -> "DataFrame":
        with self._open(purpose, create=False) as connection:
            return batches.to_frame(connection.execute(query, dict(values)).to_arrow_table())

    @contextmanager
    def _writing(self, purpose: str) -> Iterator["DuckDBPyConnection"]:
        with self._open(purpose, create=True) as connection:
            connection.execute("BEGIN TRANSACTION")
            yield connection
            connection.execute("COMMIT")

    @contextmanager
    def _open(self, purpose: str, *, create: bool) -> Iterator["DuckDBPyConnection"]:
        file = self.file
        if not create and not file.exists():
            with _connection(":memory:", file, 0) as connection:
                yield connection
            return
        until = monotonic() + self.lock_timeout
        with owner_of(file, purpose, self.lock_timeout), _connection(str(file), file, until) as connection:
            yield connection


@contextmanager
def _connection(database: str, file: Path, until: float) -> Iterator["DuckDBPyConnection"]:
    import duckdb

    try:
        connection = _connect(database, until)
        try:
            connection.execute("SET TimeZone = 'UTC'")
            migrate(connection, migrations(), database)
            yield connection
        finally:
            connection.close()  # an open transaction is rolled back
    except duckdb.Error as problem:
        raise _explain(problem, file) from problem


def _connect(database: str, until: float) -> "DuckDBPyConnection":
    import duckdb

    while True:
        try:
            return duckdb.connect(database, config=CONFIG)
        except duckdb.IOException as problem:
            # held by a program that does not know of our lock, for instance DuckDB's own command line
            if FOREIGN_LOCK not in str(problem) or monotonic() > until:
                raise
            sleep(0.05)


def _changed(result: "DuckDBPyConnection") -> int:
    row = result.fetchone()
    return int(row[0]) if row else 0


def _seen_at(run: RunFacts) -> datetime:
    return run.seen_at or datetime.now(UTC)


def _explain(problem: Exception, file: Path) -> WarehouseError:
    text = " ".join(str(problem).split())[:400]
    lowered = text.lower()
    if "could not set lock" in lowered:
        advice = "Another program has it open: close it there and try again."
    elif "no space left" in lowered or "file too large" in lowered or "could not write all bytes" in lowered:
        advice = f"The disk of {file.parent} is full: free some space and try again; what was recorded before is safe."
    elif "permission denied" in lowered or "read-only" in lowered:
        advice = "It can't be written to: check the permissions of the file and of its folder."
    elif "cannot open file" in lowered or "is a directory" in lowered:
        advice = "It can't be opened: check that it is a file and that INTENT_HOME points to the right folder."
    elif (
        "not a valid duckdb" in lowered
        or "extension" in lowered
        or "serializ" in lowered
        or "checksum" in lowered
        or "corrupt" in lowered
    ):
        advice = (
            f"It is damaged or not a DuckDB file: move it away (mv {file} {file}.damaged); the next run starts a new "
            "history. Pages and values do not depend on it."
        )
    elif "version number" in lowered:
        advice = "It was written by another version of DuckDB: use the version of pyproject.toml."
    else:
        advice = "Nothing of this step was recorded."
    return WarehouseError(f"history {file}: {text} {advice}")
