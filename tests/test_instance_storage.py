"""Dagster's storage with kept engines: the same files and the same content as with Dagster's own classes."""

import json
import threading
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.storage.sqlite_storage import DagsterSqliteStorage

from intent_assets.instance import open_instance
from intent_assets.instance_storage import Storage
from intent_assets.settings import load_settings


@pytest.mark.usefixtures("environment")
def test_an_instance_of_ours_keeps_its_engines() -> None:
    with open_instance(load_settings()) as instance:
        assert (
            type(instance.run_storage).__module__ == type(instance.event_log_storage).__module__ == Storage.__module__
        )
        assert type(instance.schedule_storage).__module__ == Storage.__module__


@pytest.mark.parametrize(("writer", "reader"), [(DagsterSqliteStorage, Storage), (Storage, DagsterSqliteStorage)])
def test_what_one_wrote_the_other_reads(
    tmp_path: Path, writer: type[DagsterSqliteStorage], reader: type[DagsterSqliteStorage]
) -> None:
    run_id = _write(tmp_path, writer)

    with _instance(tmp_path, reader) as instance:
        assert instance.get_run_by_id(run_id) is not None
        assert instance.get_dynamic_partitions("domains") == ["vmock.example"]
        assert instance.fetch_materializations(dg.AssetKey("page"), limit=5).records[0].run_id == run_id


def test_threads_write_at_once_and_nothing_is_lost(tmp_path: Path) -> None:
    with _instance(tmp_path, Storage) as instance:
        names = [f"company{number}.example" for number in range(40)]
        threads = [threading.Thread(target=instance.add_dynamic_partitions, args=("domains", [name])) for name in names]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(instance.get_dynamic_partitions("domains")) == sorted(names)


def _write(home: Path, storage: type[DagsterSqliteStorage]) -> str:
    @dg.asset
    def page() -> None: ...

    with _instance(home, storage) as instance:
        instance.add_dynamic_partitions("domains", ["vmock.example"])
        return dg.materialize([page], instance=instance).run_id


def _instance(home: Path, storage: type[DagsterSqliteStorage]) -> dg.DagsterInstance:
    """An instance over the same files with one of the two storages."""
    custom = {"module": storage.__module__, "class": storage.__name__, "config": {"base_dir": str(home)}}
    (home / "dagster.yaml").write_text(json.dumps({"telemetry": {"enabled": False}, "storage": {"custom": custom}}))
    return dg.DagsterInstance.from_config(str(home))
