"""A person out of Dagster's record of runs: the runs whose events show the person are deleted, through the instance.

Previews of reports and the texts of notices hold names and addresses. An event can't be changed, so its run goes as a
whole; what the history (DuckDB) knows of the run stays. SQLite keeps the bytes of deleted rows, so its files are
written anew (VACUUM) on the storage's own connections.
"""

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING

from intent_assets.erasure import Person

if TYPE_CHECKING:
    import dagster as dg
    from dagster._core.storage.event_log.sql_event_log import SqlEventLogStorage

_PARTITION_TAG = "dagster/partition"


def runs_that_show(instance: "dg.DagsterInstance", person: Person) -> list["dg.DagsterRun"]:
    """Return the runs whose events hold the address or, in runs of the person's domains, what names the person."""
    storage = _events(instance)
    if storage is None:
        return []
    found = []
    for run in instance.get_runs():
        needles = person.needles(run.tags.get(_PARTITION_TAG))
        if _PARTITION_TAG not in run.tags:  # a run over many domains
            needles = [person.address, *(each for domain in person.domains for each in person.needles(domain)[1:])]
        if _shows(storage, run.run_id, needles):
            found.append(run)
    return found


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
    """Write SQLite's files of the events anew, without what was deleted; another storage does this by itself."""
    storage = _events(instance)
    if storage is None:
        return
    connections = [storage.index_connection(), *(storage.run_connection(run_id) for run_id in run_ids)]
    for each in connections:
        with each as connection:
            if connection.dialect.name == "sqlite":
                # the transaction of SQLAlchemy has not begun for SQLite yet: that comes with the first change
                connection.exec_driver_sql("VACUUM")
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")


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
        if connection.execute(query).first() is not None:
            return True
    with storage.index_connection() as connection:
        return connection.execute(query).first() is not None


def _written(needles: Iterable[str]) -> set[str]:
    """Return the needles as they stand in an event, which is JSON, maybe with JSON inside."""
    once = {json.dumps(needle)[1:-1] for needle in needles}
    return {*needles, *once, *(json.dumps(form)[1:-1] for form in once)}
