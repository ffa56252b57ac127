"""A look at the history that changes nothing: no migration, no checkpoint, every column read once."""

from typing import TYPE_CHECKING

from intent_assets.errors import WarehouseError
from intent_assets.resources import warehouse_sql as sql
from intent_assets.resources.warehouse_connection import CONFIG, explain, log_of
from intent_assets.resources.warehouse_lock import owner_of
from intent_assets.resources.warehouse_migrations import migrations

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from intent_assets.resources.warehouse import Warehouse

_READ_WHOLE = 200_000_000
"""Bytes of a file of which every column is read: about a second."""

_TABLES = ("runs", "discoveries", "contacts", "audit_log")


def look(warehouse: "Warehouse") -> str:
    """Say in one line what the history holds; raises `WarehouseError` where it is damaged, locked or too new."""
    import duckdb

    file = warehouse.file
    if not file.exists():
        return f"{file}: no history yet, the first run starts it"
    size = sum(part.stat().st_size for part in (file, log_of(file)) if part.exists())
    with owner_of(file, "look", warehouse.lock_timeout):
        try:
            with duckdb.connect(str(file), read_only=True, config=CONFIG) as connection:
                connection.execute("SET TimeZone = 'UTC'")
                schema = _schema(connection, str(file))
                counts = dict(zip(_TABLES, connection.execute(sql.COUNTS).fetchall()[0][1:], strict=True))
                if size < _READ_WHOLE:
                    _read_whole(connection)
        except duckdb.Error as problem:
            raise explain(problem, file) from problem
    return f"{file}: {schema}, {', '.join(f'{n:,} {table}' for table, n in counts.items())}, {size / 1e6:.1f} MB"


def _schema(connection: "DuckDBPyConnection", file: str) -> str:
    applied = connection.execute("SELECT max(number) FROM schema_migrations").fetchall()[0][0]
    newest = migrations()[-1].number
    if applied > newest:
        raise WarehouseError(
            f"the history {file} has schema {applied} and this version knows up to {newest}: install the newer "
            "version, or set INTENT_HOME to another folder"
        )
    return f"schema {applied}" + ("" if applied == newest else f", which the next run brings to {newest}")


def _read_whole(connection: "DuckDBPyConnection") -> None:
    for table in _TABLES:
        connection.execute(f"SELECT bit_xor(hash({table})) FROM {table}").fetchall()  # noqa: S608 -- constants
