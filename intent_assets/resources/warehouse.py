"""The history: what was found, scored, shown and done in every run, in one DuckDB file.

DuckDB lets one process at a time open a file, so every access holds a lock around open, work, commit and close, in
one short transaction. Nobody else ever sees "database is locked"; who waits too long is told who holds it.

What is committed is safe in the log beside the file. It is written into the file itself when a run has ended
(`record_run`), so that no step of a run waits for it.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

import dagster as dg
from pydantic import Field

from intent_assets.records import Contact, SearchStrategy
from intent_assets.resources import warehouse_batches as batches
from intent_assets.resources import warehouse_sql as sql
from intent_assets.resources.warehouse_connection import (
    Value,
    connection_to,
    is_log_long,
    log_of,
    set_variables,
    settle_log,
)
from intent_assets.resources.warehouse_lock import owner_of
from intent_assets.resources.warehouse_rows import ReportFacts, RunFacts, RunRow, StepRow, read_strategy
from intent_assets.settings import load_settings

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from pandas import DataFrame
    from pyarrow import Table


class Warehouse(dg.ConfigurableResource):  # type: ignore[type-arg]  # the resource gives itself
    """The history's file; every method is one transaction, raises WarehouseError, and may be repeated.

    The methods block (about 40 ms, longer while another process owns the file): from a coroutine call them with
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

    def record_discoveries(
        self, run: RunFacts, discoveries: "DataFrame", scored: "DataFrame", report: ReportFacts | None = None
    ) -> int:
        """Record each signal (columns `tables.DISCOVERIES`) with its buyer's scores (`tables.SCORED_BUYERS`).

        With `report` that is recorded as well, in the same transaction (see `record_report`). Returns the number of
        rows added: 0 when they were recorded before, which they then stay as.
        """
        signals = batches.from_frame(discoveries, batches.SIGNAL_COLUMNS, "signal_id")
        scores = batches.from_frame(scored, batches.SCORE_COLUMNS, "buyer_id")
        values: dict[str, Value] = {
            "run_id": run.run_id,
            "root_run_id": run.root_run_id or run.run_id,
            "domain": run.domain,
            "reply_id": run.reply_id,
            "seen_at": _seen_at(run),
        }
        with self._writing("record discoveries") as connection:
            connection.register("batch", signals)
            connection.register("scores", scores)
            set_variables(connection, values)
            set_variables(connection, {"again": _count(connection, sql.RECORDED) > 0})
            added = _changed(connection.execute(sql.INSERT_DISCOVERIES))
            if added:
                connection.execute(sql.INSERT_DISCOVERY_BATCH)
            if report is not None:
                _record(connection, batches.report_batch(run, report))
        return added

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
        batch = batches.report_batch(run, report)
        with self._writing("record report") as connection:
            _record(connection, batch)

    def record_run(self, rows: Sequence[RunRow], steps: Sequence[StepRow]) -> None:
        """Record runs that have ended and their steps, all or nothing."""
        with self._writing("record run", settle=True) as connection:
            if rows:
                _record(connection, batches.run_batch(batches.run_columns(row) for row in rows))
            if steps:
                connection.register("batch", batches.step_batch(steps))
                connection.execute(sql.UPSERT_STEPS)

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

        With `before_run_id` only what was seen before that run, whether it is recorded already or not. Of a run that
        resumes another give the root: what that saw is then no earlier sighting.
        """
        return self._read("read signals", sql.SIGNALS_SEEN, {"domain": domain, "before": before_run_id})

    def prior_strategies(self, domain: str, limit: int, before_run_id: str | None = None) -> tuple[SearchStrategy, ...]:
        """Return the strategies of the latest reports of this domain, newest first, at most `limit`.

        The strategy of the report that `before_run_id` is a run of is left out; of a run that resumes another give the
        root. One that can't be read (of another version, damaged) is left out with a warning.
        """
        values: dict[str, Value] = {"domain": domain, "limit": limit, "before": before_run_id}
        found = self._read("read strategies", sql.STRATEGIES, values)
        read = (
            read_strategy(text, run_id) for run_id, text in zip(found["run_id"], found["strategy_json"], strict=True)
        )
        return tuple(strategy for strategy in read if strategy is not None)

    def reports(self, domain: str, limit: int = 20) -> "DataFrame":
        """Return the latest rows of the view `reports` of a domain, newest first."""
        return self._read("list reports", sql.LATEST_REPORTS, {"domain": domain, "limit": limit})

    def new_signals(self, domain: str, limit: int = 20) -> "DataFrame":
        """Return what the latest published report of a domain had that the one before had not, best rank first.

        Rows of the view `new_signals`.
        """
        return self._read("read new signals", sql.NEW_SIGNALS, {"domain": domain, "limit": limit})

    def buyer_ranks(self, domain: str) -> "DataFrame":
        """Return the rows of the view `buyer_ranks` of all buyers that a report of this domain selected, in time."""
        return self._read("read ranks", sql.RANKS_OF_SELECTED, {"domain": domain})

    def contacts_shown(self, domain: str, limit: int = 20) -> "DataFrame":
        """Return the people whom reports of this domain showed, the latest first, each once.

        Columns: `contact_id`, `name`, `title`, `email`, `buyer_id`, `buyer_name`, `shown_as` (in the latest report),
        `first_shown`, `last_shown`, `reports` (number of them).
        """
        return self._read("read contacts", sql.CONTACTS_SHOWN, {"domain": domain, "limit": limit})

    def recurring_buyers(self, limit: int = 20, domain: str | None = None) -> "DataFrame":
        """Return rows of the view `recurring_buyers`, widest known first; with `domain` only buyers found for it."""
        query = sql.RECURRING_BUYERS if domain is None else sql.RECURRING_BUYERS_OF_DOMAIN
        return self._read("read buyers", query, {"domain": domain, "limit": limit})

    def weekly_results(self, limit: int = 20) -> "DataFrame":
        """Return the latest rows of the view `weekly_results`, the latest first."""
        return self._read("read weeks", sql.WEEKLY_RESULTS, {"limit": limit})

    def transaction(self, purpose: str) -> AbstractContextManager["DuckDBPyConnection"]:
        """Hold the file for one transaction of the caller's own statements; an exception undoes them.

        What it deletes is not left in the log either.
        """
        return self._writing(purpose, settle=True)

    def check(self) -> str:
        """Say in one line what the history holds; creates nothing."""
        file = self.file
        if not file.exists():
            return f"{file}: no history yet, the first run starts it"
        row = self._read("check", sql.COUNTS, {}).iloc[0]
        tables = ", ".join(f"{row[name]:,} {name}" for name in ("runs", "discoveries", "contacts", "audit_log"))
        size = sum(part.stat().st_size for part in (file, log_of(file)) if part.exists())
        return f"{file}: schema {row['schema_version']}, {tables}, {size / 1e6:.1f} MB"

    def _read(self, purpose: str, query: str, values: Mapping[str, Value]) -> "DataFrame":
        with self._open(purpose, create=False) as connection:
            set_variables(connection, values)
            return batches.to_frame(connection.execute(query).to_arrow_table())

    @contextmanager
    def _writing(self, purpose: str, *, settle: bool = False) -> Iterator["DuckDBPyConnection"]:
        with self._open(purpose, create=True) as connection:
            connection.execute("BEGIN TRANSACTION")
            yield connection
            connection.execute("COMMIT")
            if settle or is_log_long(self.file):
                settle_log(connection)

    @contextmanager
    def _open(self, purpose: str, *, create: bool) -> Iterator["DuckDBPyConnection"]:
        file = self.file
        if not create and not file.exists():
            with connection_to(":memory:", file, 0) as connection:
                yield connection
            return
        until = monotonic() + self.lock_timeout
        with owner_of(file, purpose, self.lock_timeout), connection_to(str(file), file, until) as connection:
            yield connection


def _record(connection: "DuckDBPyConnection", runs: "Table") -> None:
    """Add what is known of runs to their rows, which are made where there are none."""
    connection.register("batch", runs)
    known = _count(connection, sql.KNOWN_RUNS)
    if known:
        connection.execute(sql.UPDATE_RUNS)
    if known < runs.num_rows:
        connection.execute(sql.INSERT_RUNS)


def _count(connection: "DuckDBPyConnection", query: str) -> int:
    return _changed(connection.execute(query))


def _changed(result: "DuckDBPyConnection") -> int:
    row = result.fetchone()
    return int(row[0]) if row else 0


def _seen_at(run: RunFacts) -> datetime:
    return run.seen_at or datetime.now(UTC)
