"""Dagster's storage in SQLite, in the same files, with one engine for each of them instead of a new one a statement.

Dagster makes an engine for every connection, and with it an empty cache of compiled statements: a fifth of the
processor time of a report. The connections themselves stay as short as Dagster has them (`NullPool`).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

from dagster._core.storage.base_storage import DagsterStorage
from dagster._core.storage.event_log.sqlite.sqlite_event_log import SqliteEventLogStorage
from dagster._core.storage.runs.sqlite.sqlite_run_storage import SqliteRunStorage
from dagster._core.storage.schedules.sqlite.sqlite_schedule_storage import SqliteScheduleStorage
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS
from dagster._core.storage.sqlite_storage import DagsterSqliteStorage
from dagster._serdes import ConfigurableClassData
from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.pool import NullPool

_ENGINES = 64
"""Engines that are kept: each run's event log is a file of its own, and a daemon sees thousands of them."""


class EventLog(SqliteEventLogStorage):
    """Event logs: one file a run, and an index, whose tables are looked for once: each input of a step asks again."""

    def __init__(self, base_dir: str) -> None:
        self._tables: set[str] = set()
        super().__init__(base_dir)

    def has_table(self, table_name: str) -> bool:
        """Say whether the index has the table; one that was there once stays."""
        if table_name not in self._tables and super().has_table(table_name):
            self._tables.add(table_name)
        return table_name in self._tables

    @contextmanager
    def _connect(self, shard: str) -> Iterator[Connection]:
        with self._db_lock:
            engine = _engine(self.conn_string_for_shard(shard))
            if shard not in self._initialized_dbs:
                self._initdb(engine)
                self._initialized_dbs.add(shard)
            with _connected(engine) as connection:
                yield connection


class Runs(SqliteRunStorage):
    """Runs and their tags."""

    @contextmanager
    def connect(self) -> Iterator[Connection]:
        """Open a connection with a transaction."""
        with _connected(_engine(self._conn_string)) as connection:
            yield connection


class Schedules(SqliteScheduleStorage):
    """Ticks and states of sensors and schedules."""

    @contextmanager
    def connect(self) -> Iterator[Connection]:
        """Open a connection with a transaction."""
        with _connected(_engine(self._conn_string)) as connection:
            yield connection


class Storage(DagsterSqliteStorage):
    """The three of them below `base_dir`, in the places where Dagster has them by default."""

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        DagsterStorage.__init__(self)  # type: ignore[no-untyped-call,arg-type]  # its own would open all three once more, as Dagster has them
        self.base_dir = base_dir
        self._inst_data = inst_data
        history = Path(base_dir) / "history"
        self._run_storage = Runs.from_local(str(history))
        self._event_log_storage = EventLog(str(history / "runs"))
        self._schedule_storage = Schedules.from_local(str(Path(base_dir) / "schedules"))

    @classmethod
    def from_config_value(cls, inst_data: ConfigurableClassData, config_value: Any) -> "Storage":
        """Make it from `dagster.yaml`."""
        return cls.from_local(inst_data=inst_data, **config_value)


@lru_cache(maxsize=_ENGINES)
def _engine(address: str) -> Engine:
    return create_engine(address, poolclass=NullPool, connect_args={"timeout": SQLITE_BUSY_TIMEOUT_SECONDS})


@contextmanager
def _connected(engine: Engine) -> Iterator[Connection]:
    with engine.connect() as connection, connection.begin():
        yield connection
