"""Dagster's storage in SQLite, in the same files, with connections that stay open between two statements.

Dagster makes an engine and a connection for every statement: a third of the processor time of a report. Event logs are
not synced to the disk at each event: what a machine that loses its power had not written of them is made again when
the run is resumed. Runs, partitions and ticks are.
"""

import atexit
import os
import time
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

from dagster._core.storage.base_storage import DagsterStorage
from dagster._core.storage.event_log.sqlite.sqlite_event_log import SqliteEventLogStorage
from dagster._core.storage.runs.sqlite.sqlite_run_storage import SqliteRunStorage
from dagster._core.storage.schedules.sqlite.sqlite_schedule_storage import SqliteScheduleStorage
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS
from dagster._core.storage.sqlite_storage import DagsterSqliteStorage
from dagster._serdes import ConfigurableClassData
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.pool import NullPool, QueuePool

_ENGINES = 64
"""Engines that are kept: each run's event log is a file of its own, and a daemon sees thousands of them."""

_PARTITION_SECONDS = 5.0


class EventLog(SqliteEventLogStorage):
    """Event logs: one file a run, and an index. What each input of a step asks the index again is remembered."""

    def __init__(self, base_dir: str) -> None:
        self._tables: set[str] = set()
        self._seen: dict[tuple[str, str], float] = {}
        super().__init__(base_dir)

    def has_table(self, table_name: str) -> bool:
        """Say whether the index has the table; one that was there once stays."""
        if table_name not in self._tables and super().has_table(table_name):
            self._tables.add(table_name)
        return table_name in self._tables

    def has_dynamic_partition(self, partitions_def_name: str, partition_key: str) -> bool:
        """Say whether the partition is there; one that somebody deletes may be told for some seconds more."""
        key = (partitions_def_name, partition_key)
        if time.monotonic() - self._seen.get(key, -_PARTITION_SECONDS) < _PARTITION_SECONDS:
            return True
        found = super().has_dynamic_partition(partitions_def_name, partition_key)
        if found:
            self._seen = {key: time.monotonic()}
        return found

    @contextmanager
    def _connect(self, shard: str) -> Iterator[Connection]:
        with self._db_lock:
            engine = _ENGINES_OPEN.engine(self.conn_string_for_shard(shard), synced=False)
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
        with _connected(_ENGINES_OPEN.engine(self._conn_string)) as connection:
            yield connection


class Schedules(SqliteScheduleStorage):
    """Ticks and states of sensors and schedules."""

    @contextmanager
    def connect(self) -> Iterator[Connection]:
        """Open a connection with a transaction."""
        with _connected(_ENGINES_OPEN.engine(self._conn_string)) as connection:
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


class _Engines:
    """The engines in use, the one that was not used for longest closed first."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._engines: OrderedDict[tuple[str, int], Engine] = OrderedDict()

    def engine(self, address: str, *, synced: bool = True) -> Engine:
        """Return the engine of a file; another one when another file has taken its place."""
        file = _file_number(address)
        if file is None:
            return _made(address, synced=synced, poolclass=NullPool)
        key = (address, file)
        with self._lock:
            found = self._engines.get(key)
            if found is None:
                found = self._engines[key] = _made(address, synced=synced, poolclass=QueuePool)
            self._engines.move_to_end(key)
            evicted = self._engines.popitem(last=False)[1] if len(self._engines) > _ENGINES else None
        if evicted is not None:
            evicted.dispose()
        return found

    def close(self) -> None:
        """Close all of them: the last connection of a file writes its log of changes into it."""
        for engine in self._engines.values():
            engine.dispose()
        self._engines.clear()

    def forget(self) -> None:
        """Start anew in a process that was forked: SQLite's connections are not to be carried into it."""
        self._lock = Lock()
        for engine in self._engines.values():
            engine.dispose(close=False)
        self._engines.clear()


@lru_cache(maxsize=4 * _ENGINES)
def _file(address: str) -> Path:
    return Path(make_url(address).database or "")


def _file_number(address: str) -> int | None:
    try:
        return _file(address).stat().st_ino
    except FileNotFoundError:
        return None


def _made(address: str, *, synced: bool, poolclass: type[NullPool] | type[QueuePool]) -> Engine:
    pooled = {"pool_size": 1, "max_overflow": -1} if poolclass is QueuePool else {}
    timeout = {"timeout": SQLITE_BUSY_TIMEOUT_SECONDS}
    engine = create_engine(address, poolclass=poolclass, connect_args=timeout, **pooled)
    if not synced:
        event.listen(engine, "connect", _not_synced)
    return engine


def _not_synced(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA synchronous = NORMAL")


_ENGINES_OPEN = _Engines()
atexit.register(_ENGINES_OPEN.close)
os.register_at_fork(after_in_child=_ENGINES_OPEN.forget)


@contextmanager
def _connected(engine: Engine) -> Iterator[Connection]:
    with engine.connect() as connection, connection.begin():
        yield connection
