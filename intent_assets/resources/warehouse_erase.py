"""A person out of the history: contacts as whole records, the address out of every text, and its bytes out of the file.

DuckDB gives freed parts of its file to later rows and leaves their bytes until then. So the file is written anew beside
the old one, without what was deleted, and takes its place.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

from intent_assets.erasure import Person
from intent_assets.resources.erase_places import Found
from intent_assets.resources.warehouse_connection import connection_to
from intent_assets.resources.warehouse_lock import owner_of

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

    from intent_assets.resources.warehouse import Warehouse

_PERSONS_CONTACTS = "lower(trim(email)) = $address OR contact_id IN (SELECT unnest($ids))"
_CONTACTS = f"SELECT domain, run_id, contact_id, name, title, phone FROM contacts WHERE {_PERSONS_CONTACTS}"  # noqa: S608 -- constants
_IDS = "SELECT DISTINCT contact_id FROM contacts WHERE lower(trim(email)) = $address"
_DELETE_CONTACTS = f"DELETE FROM contacts WHERE {_PERSONS_CONTACTS}"  # noqa: S608 -- constants
_PROSPECTS = """
SELECT domain, run_id, prospect_name FROM runs WHERE lower(trim(prospect_email)) = $address
"""
_CLEAR_PROSPECTS = """
UPDATE runs SET prospect_name = NULL, prospect_email = NULL WHERE lower(trim(prospect_email)) = $address
"""
_TEXTS = """
SELECT table_name, column_name FROM duckdb_columns()
JOIN duckdb_tables() USING (database_name, schema_name, table_name)
WHERE data_type = 'VARCHAR' AND NOT duckdb_columns.internal AND table_name <> 'schema_migrations'
    AND column_name NOT IN ('run_id', 'domain', 'root_run_id', 'parent_run_id')
ORDER BY ALL
"""
_PAGES = """
SELECT domain, arg_max(page_url, coalesce(started_at, recorded_at)) FROM runs
WHERE page_url IS NOT NULL AND domain IN (SELECT unnest($domains)) GROUP BY domain
"""


def learn(warehouse: "Warehouse", person: Person) -> None:
    """Let `person` learn from the history's contacts and prospects."""
    if not warehouse.file.exists():
        return
    with warehouse.transaction("look for a person") as connection:
        for domain, _, contact_id, name, title, phone in _rows(connection, _CONTACTS, person):
            # a contact under an older address is the same person, so it is told as one with the address
            known = {"contact_id": contact_id, "name": name, "title": title, "phone": phone, "email": person.address}
            person.learn(domain, known)
        for domain, _, name in _rows(connection, _PROSPECTS, person):
            person.learn(domain, {"prospect_name": name, "prospect_email": person.address})


def history(warehouse: "Warehouse", person: Person) -> list[Found]:
    """Return the rows of the history that hold the person; the first `remove` that is called removes them all."""
    if not warehouse.file.exists():
        return []

    def remove() -> None:
        with warehouse.transaction("erase a person") as connection:
            _erase(connection, person)

    with warehouse.transaction("look for a person") as connection:
        found = [
            Found("history", domain, f"contact of run {run_id}", remove)
            for domain, run_id, *_ in _rows(connection, _CONTACTS, person)
        ]
        found += [
            Found("history", domain, f"name and address of the prospect in run {run_id} (the run stays)", remove)
            for domain, run_id, *_ in _rows(connection, _PROSPECTS, person)
        ]
        found += [
            Found("history", None, f"text in {table}.{column} (kept, cut)", remove)
            for table, column, told in _texts(connection, person)
            for _ in told
        ]
    return found


def pages(warehouse: "Warehouse", domains: list[str]) -> dict[str, str]:
    """Return the Notion page of each of the domains that has one, as the history knows it."""
    if not warehouse.file.exists() or not domains:
        return {}
    with warehouse.transaction("look for pages") as connection:
        return dict(connection.execute(_PAGES, {"domains": domains}).fetchall())


def write_anew(warehouse: "Warehouse") -> None:
    """Write the history's file anew, without the bytes of what was deleted; raises `WarehouseError`.

    The old file stays in use until the new one is whole; a copy that an interrupted call left is written again.
    """
    file = warehouse.file
    if not file.exists():
        return
    anew, until = file.with_name(file.name + ".anew"), monotonic() + warehouse.lock_timeout
    with owner_of(file, "write the history anew", warehouse.lock_timeout):
        _drop(anew)
        with connection_to(str(file), file, until) as connection:
            connection.execute("FORCE CHECKPOINT")
            name = connection.execute("SELECT current_database()").fetchall()[0][0]
            connection.execute(f"ATTACH '{str(anew).replace(chr(39), chr(39) * 2)}' AS anew")
            connection.execute(f'COPY FROM DATABASE "{name}" TO anew')
            connection.execute("FORCE CHECKPOINT anew")
            connection.execute("DETACH anew")
        file.with_name(file.name + ".wal").unlink(missing_ok=True)  # all of it is in the file since the checkpoint
        anew.replace(file)


def _erase(connection: "DuckDBPyConnection", person: Person) -> None:
    values = _values(connection, person)
    connection.execute(_DELETE_CONTACTS, values)
    connection.execute(_CLEAR_PROSPECTS, {"address": person.address})
    for table, column, told in _texts(connection, person):
        for text in told:
            change = {"text": text, "cut": person.without_address(text)}
            connection.execute(f'UPDATE "{table}" SET "{column}" = $cut WHERE "{column}" = $text', change)  # noqa: S608 -- names from the catalogue


def _texts(connection: "DuckDBPyConnection", person: Person) -> Iterator[tuple[str, str, list[str]]]:
    """Yield table, column and texts that hold the address, of all columns of text."""
    columns: dict[str, list[str]] = {}
    for table, column in connection.execute(_TEXTS).fetchall():
        columns.setdefault(table, []).append(column)
    for table, listed in columns.items():
        anywhere = " OR ".join(f'contains(lower("{column}"), $address)' for column in listed)
        query = (
            f'SELECT {", ".join(f"{chr(34)}{column}{chr(34)}" for column in listed)} FROM "{table}" WHERE {anywhere}'  # noqa: S608 -- names from the catalogue
        )
        rows = connection.execute(query, {"address": person.address}).fetchall()
        for place, column in enumerate(listed):
            whole = {("contacts", "email"), ("runs", "prospect_email")}  # these are told as records
            texts = {row[place] for row in rows if row[place] and person.stands_in([row[place]], None)}
            if (table, column) in whole:
                texts = {text for text in texts if text.strip().lower() != person.address}
            if texts:
                yield table, column, sorted(texts)


def _rows(connection: "DuckDBPyConnection", query: str, person: Person) -> list[tuple[Any, ...]]:
    values = _values(connection, person)
    return connection.execute(query, values if "$ids" in query else {"address": person.address}).fetchall()


def _values(connection: "DuckDBPyConnection", person: Person) -> Mapping[str, Any]:
    ids = [row[0] for row in connection.execute(_IDS, {"address": person.address}).fetchall()]
    return {"address": person.address, "ids": ids}


def _drop(file: Path) -> None:
    for path in (file, file.with_name(file.name + ".wal")):
        path.unlink(missing_ok=True)
