"""Numbered migrations of the history: applied in order, one transaction each, recorded in `schema_migrations`."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import TYPE_CHECKING

from intent_assets.errors import WarehouseError

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

FILE_NAME = re.compile(r"(\d{4})_([a-z0-9_]+)\.sql")


@dataclass(frozen=True)
class Migration:
    number: int
    name: str
    sql: str

    @property
    def sha256(self) -> str:
        return sha256(self.sql.encode()).hexdigest()


@cache
def migrations() -> tuple[Migration, ...]:
    """Return the migrations of this version, in order; raises WarehouseError if a number is missing or used twice."""
    named = [(FILE_NAME.fullmatch(entry.name), entry) for entry in files("intent_assets.migrations").iterdir()]
    found = [Migration(int(name[1]), name[2], entry.read_text(encoding="utf-8")) for name, entry in named if name]
    found.sort(key=lambda migration: migration.number)
    numbers = [migration.number for migration in found]
    if numbers != list(range(1, len(found) + 1)):
        raise WarehouseError(f"the migrations have to be numbered 1, 2, 3, ... without gaps; they are {numbers}")
    return tuple(found)


def migrate(connection: "DuckDBPyConnection", known: Sequence[Migration], file: str) -> bool:
    """Bring the database up to the last of `known`; returns whether there was anything to do.

    Raises WarehouseError if a migration that was applied is not the one of this version, or is unknown to it.
    A migration that fails leaves the database as it was before it.
    """
    connection.execute(
        "CREATE TABLE IF NOT EXISTS schema_migrations (number INTEGER PRIMARY KEY, name VARCHAR NOT NULL, "
        "sha256 VARCHAR NOT NULL, applied_at TIMESTAMPTZ NOT NULL)"
    )
    applied = connection.execute("SELECT number, name, sha256 FROM schema_migrations ORDER BY number").fetchall()
    for position, (number, name, digest) in enumerate(applied):
        if position >= len(known):
            raise WarehouseError(
                f"the history {file} is newer than this program: it has the migration {number:04d}_{name}, and this "
                f"version ends at {len(known):04d}. Install the newer version, or set INTENT_HOME to another folder."
            )
        if (number, digest) != (known[position].number, known[position].sha256):
            raise WarehouseError(
                f"the migration {known[position].number:04d}_{known[position].name} is not the one that the history "
                f"{file} was made with ({number:04d}_{name}). A migration is never changed once it was applied: "
                "restore its file and put the change into a new one."
            )
    missing = known[len(applied) :]
    for migration in missing:
        with_record = (migration.number, migration.name, migration.sha256)
        connection.execute("BEGIN TRANSACTION")
        connection.execute(migration.sql)
        connection.execute("INSERT INTO schema_migrations VALUES (?, ?, ?, now())", with_record)
        connection.execute("COMMIT")
    return bool(missing)
