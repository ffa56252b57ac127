"""A person out of Dagster's record of runs: the runs whose events show the person are deleted, through the instance.

Previews of reports and the texts of notices hold names and addresses. An event can't be changed, so its run goes as a
whole; what the history (DuckDB) knows of the run stays. SQLite keeps the bytes of deleted rows, so its files are
written anew (VACUUM) on the storage's own connections.
"""

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from intent_assets import tags
from intent_assets.erasure import Person
from intent_assets.errors import StorageError

if TYPE_CHECKING:
    import dagster as dg
    from dagster._core.storage.event_log.sql_event_log import SqlEventLogStorage
    from sqlalchemy import Connection

_BUSY = (
    "deleted bytes in the files of Dagster's events, which another program has open: stop it (`intent dev`, "
    "`dagster dev`) and run this once more"
)


class FilesOpen(StorageError):
    """All is removed, but other programs have Dagster's files open, so that deleted bytes may lie in them still."""


class Shown(NamedTuple):
    """A run whose events show the person; `domain` is None for one over many domains or without its record."""

    run_id: str
    domain: str | None
    ended: bool


def runs_that_show(instance: "dg.DagsterInstance", person: Person) -> list[Shown]:
    """Return the runs whose events hold the address or, in runs of the person's domains, what names the person."""
    storage = _events(instance)
    if storage is None:
        return []
    runs = {run.run_id: run for run in instance.get_runs()}
    found = []
    for run in runs.values():
        domain = run.tags.get(tags.PARTITION)
        everybody = (each for of in person.domains for each in person.needles(of))
        needles = person.needles(domain) if domain else [person.address, *everybody]
        if _shows(storage, run.run_id, needles):
            found.append(Shown(run.run_id, domain, run.is_finished))
    orphans = _without_record(storage, person) - runs.keys()
    return found + [Shown(run_id, None, ended=True) for run_id in sorted(orphans)]


def assets_that_show(instance: "dg.DagsterInstance", person: Person) -> list["dg.AssetKey"]:
    """Return the assets whose latest materialization, which is kept beside the events, shows the person."""
    import dagster as dg
    from dagster._core.storage.event_log.schema import AssetKeyTable
    from sqlalchemy import or_, select

    storage = _events(instance)
    if storage is None:
        return []
    needles = {person.address, *(each for domain in person.domains for each in person.needles(domain))}
    matches = [AssetKeyTable.c.last_materialization.icontains(form, autoescape=True) for form in _written(needles)]
    with storage.index_connection() as connection:
        rows = connection.execute(select(AssetKeyTable.c.asset_key).where(or_(*matches))).fetchall()
    keys = (dg.AssetKey.from_db_string(row[0]) for row in rows)
    return [key for key in keys if key is not None]


def forget_run(instance: "dg.DagsterInstance", run_id: str) -> None:
    """Delete an ended run: its record, its events, its check results and what its steps printed."""
    from dagster._core.storage.event_log.schema import AssetCheckExecutionsTable

    instance.delete_run(run_id)
    instance.compute_log_manager.delete_logs(prefix=[run_id, "compute_logs"])
    storage = _events(instance)
    if storage is not None:
        with storage.index_connection() as connection:  # `delete_run` leaves them
            connection.execute(AssetCheckExecutionsTable.delete().where(AssetCheckExecutionsTable.c.run_id == run_id))


def tell_anew(instance: "dg.DagsterInstance", key: "dg.AssetKey") -> None:
    """Set the latest materialization of an asset to the latest that is left; without one the asset has none."""
    storage = _events(instance)
    if storage is None:
        return
    left = instance.fetch_materializations(key, limit=1).records
    if left:
        storage.store_asset_event(left[0].event_log_entry, left[0].storage_id)
    else:
        instance.wipe_assets([key])


def write_anew(instance: "dg.DagsterInstance", run_ids: Iterable[str]) -> None:
    """Write SQLite's files of the events anew, without what was deleted; another storage does this by itself.

    Raises `FilesOpen` while other programs read them.
    """
    from sqlalchemy.exc import OperationalError

    storage = _events(instance)
    if storage is None:
        return
    for each in (storage.index_connection(), *(storage.run_connection(run_id) for run_id in run_ids)):
        try:
            with each as connection:
                busy = connection.dialect.name == "sqlite" and _vacuum(connection)
        except OperationalError as problem:
            raise FilesOpen(f"{_BUSY} ({problem.orig})") from problem
        if busy:
            raise FilesOpen(_BUSY)


def _vacuum(connection: "Connection") -> bool:
    """Write the file anew and empty its log; says whether a reader was in the way."""
    # SQLAlchemy's transaction has not begun in SQLite yet: that comes with the first change
    connection.exec_driver_sql("VACUUM")
    return bool(connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()[0][0])


def _without_record(storage: "SqlEventLogStorage", person: Person) -> set[str]:
    """Return the runs with the address in an event that is kept by asset, also where their record is gone."""
    from dagster._core.storage.event_log.schema import SqlEventLogStorageTable as Events
    from sqlalchemy import or_, select

    matches = [Events.c.event.icontains(form, autoescape=True) for form in _written([person.address])]
    with storage.index_connection() as connection:
        rows = connection.execute(select(Events.c.run_id).where(or_(*matches)).distinct()).fetchall()
    return {row[0] for row in rows if row[0]}


def _events(instance: "dg.DagsterInstance") -> "SqlEventLogStorage | None":
    from dagster._core.storage.event_log.sql_event_log import SqlEventLogStorage

    storage = instance.event_log_storage
    return storage if isinstance(storage, SqlEventLogStorage) else None


def _shows(storage: "SqlEventLogStorage", run_id: str, needles: Iterable[str]) -> bool:
    from dagster._core.storage.event_log.schema import SqlEventLogStorageTable as Events
    from sqlalchemy import or_, select

    matches = [Events.c.event.icontains(form, autoescape=True) for form in _written(needles)]
    query = select(Events.c.id).where(Events.c.run_id == run_id, or_(*matches)).limit(1)
    with storage.run_connection(run_id) as connection:
        return connection.execute(query).first() is not None


def _written(needles: Iterable[str]) -> set[str]:
    """Return the needles as they stand in an event, which is JSON, maybe with JSON inside."""
    once = {json.dumps(needle)[1:-1] for needle in needles}
    return {*needles, *once, *(json.dumps(form)[1:-1] for form in once)}
