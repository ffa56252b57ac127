"""Dagster's storage with kept engines: the same files and the same content as with Dagster's own classes."""

import json
import sqlite3
import threading
import time
from contextlib import closing
from multiprocessing import get_context
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.storage.sqlite_storage import DagsterSqliteStorage

from intent_assets import instance_storage
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


def test_a_file_that_took_the_place_of_another_is_read_anew(tmp_path: Path) -> None:
    home, other = tmp_path / "home", tmp_path / "other"
    for folder in (home, other):
        folder.mkdir()
    with _instance(other, Storage) as instance:
        instance.add_dynamic_partitions("domains", ["restored.example"])
    with _instance(home, Storage) as instance:
        instance.add_dynamic_partitions("domains", ["before.example"])
        for file in (home / "history" / "runs").glob("index.db*"):
            file.unlink()
        with (
            closing(sqlite3.connect(other / "history" / "runs" / "index.db")) as source,
            closing(sqlite3.connect(home / "history" / "runs" / "index.db")) as target,
        ):
            source.backup(target)
        assert instance.get_dynamic_partitions("domains") == ["restored.example"]


def test_a_deleted_partition_is_gone_within_seconds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(instance_storage, "_PARTITION_SECONDS", 0.2)
    with _instance(tmp_path, Storage) as instance:
        instance.add_dynamic_partitions("domains", ["vmock.example"])
        assert instance.has_dynamic_partition("domains", "vmock.example")
        instance.delete_dynamic_partition("domains", "vmock.example")
        deadline = time.monotonic() + 5
        while instance.has_dynamic_partition("domains", "vmock.example"):
            assert time.monotonic() < deadline
            time.sleep(0.02)


def test_a_forked_process_opens_its_own_connections(tmp_path: Path) -> None:
    with _instance(tmp_path, Storage) as instance:
        instance.add_dynamic_partitions("domains", ["parent.example"])
        child = get_context("fork").Process(target=instance.add_dynamic_partitions, args=("domains", ["child.example"]))
        child.start()
        child.join(30)
        assert child.exitcode == 0
        instance.add_dynamic_partitions("domains", ["again.example"])
        assert sorted(instance.get_dynamic_partitions("domains")) == [
            "again.example",
            "child.example",
            "parent.example",
        ]


def test_only_so_many_files_stay_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(instance_storage, "_ENGINES", 4)

    @dg.asset
    def page() -> None: ...

    with _instance(tmp_path, Storage) as instance:
        runs = [dg.materialize([page], instance=instance).run_id for _ in range(8)]
        opened = {str(link.resolve()) for link in Path("/proc/self/fd").iterdir()}
        assert sum(file.endswith(".db") and file.startswith(str(tmp_path)) for file in opened) <= 4
        assert all(instance.all_logs(run_id) for run_id in runs)
