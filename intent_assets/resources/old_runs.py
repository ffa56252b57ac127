"""Dagster's part of the old state: runs with their events and logs, and ticks of sensors."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from intent_assets import tags
from intent_assets.resources.erase_events import forget_run

if TYPE_CHECKING:
    import dagster as dg

_PAGE = 1000
_MOST_TICKS = 100_000

Removable = tuple[str, int, Callable[[], None]]


@dataclass(frozen=True)
class RunGroup:
    """A run and those that resumed it. `last` is when the last of them ended, in seconds since 1970; 0 if one has not.

    It `is_open` while one has not ended, or its last one failed and the domain had no success since.
    """

    root_run_id: str
    run_ids: tuple[str, ...]
    domain: str
    reply_id: str | None
    last: float
    is_open: bool

    def ended_before(self, moment: datetime) -> bool:
        """Say whether all of it had ended by then."""
        return 0 < self.last < moment.timestamp()


def groups(instance: "dg.DagsterInstance") -> list[RunGroup]:
    """Return all runs, those that resume one another together."""
    by_root: dict[str, list[dg.RunRecord]] = {}
    for record in _records(instance):
        run = record.dagster_run
        by_root.setdefault(run.root_run_id or run.run_id, []).append(record)
    succeeded: dict[str, float] = {}
    for records in by_root.values():
        for record in records:
            if record.dagster_run.is_success:
                domain = _domain(record)
                succeeded[domain] = max(succeeded.get(domain, 0.0), _ended(record))
    return [_group(root, records, succeeded) for root, records in by_root.items()]


def of_group(instance: "dg.DagsterInstance", group: RunGroup) -> Iterator[Removable]:
    """Yield the runs of a group, those that resumed the first before it."""
    for run_id in group.run_ids:
        yield run_id, sum(map(_size, _files(instance, run_id))), _forget(instance, run_id)


def without_record(instance: "dg.DagsterInstance", known: set[str], before: datetime) -> Iterator[Removable]:
    """Yield what is left of runs that Dagster no longer lists."""
    root = Path(instance.root_directory)
    events = [(path.stem, path) for path in (root / "history" / "runs").glob("*.db") if path.stem != "index"]
    printed = [(path.name, path) for path in (root / "storage").glob("*") if (path / "compute_logs").is_dir()]
    for run_id, path in (*events, *printed):
        with suppress(FileNotFoundError):
            if run_id not in known and path.stat().st_mtime < before.timestamp():
                yield run_id, _size(path), _unlink(path)


def ticks(instance: "dg.DagsterInstance", before: datetime) -> Iterator[Removable]:
    """Yield the old ticks of each sensor and schedule, as one thing for each."""
    for state in instance.all_instigator_state():
        origin, selector = state.instigator_origin_id, state.selector_id
        old = instance.get_ticks(origin, selector, before=before.timestamp(), limit=_MOST_TICKS)
        if old:
            yield (
                f"{state.instigator_name} ({len(old)})", 0, _purge(instance, origin, selector, before.timestamp())
            )  # fmt: skip


def _records(instance: "dg.DagsterInstance") -> Iterator["dg.RunRecord"]:
    cursor: str | None = None
    while page := instance.get_run_records(limit=_PAGE, cursor=cursor):
        yield from page
        cursor = page[-1].dagster_run.run_id


def _group(root: str, records: list["dg.RunRecord"], succeeded: dict[str, float]) -> RunGroup:
    newest_first = sorted(records, key=lambda record: record.storage_id, reverse=True)
    newest = newest_first[0]
    domain = _domain(newest)
    ended = all(record.dagster_run.is_finished for record in records)
    last = max(_ended(record) for record in records) if ended else 0.0
    failed = newest.dagster_run.is_failure and bool(domain) and succeeded.get(domain, 0.0) < last
    return RunGroup(
        root_run_id=root,
        run_ids=tuple(record.dagster_run.run_id for record in newest_first),
        domain=domain,
        reply_id=newest.dagster_run.tags.get(tags.REPLY),
        last=last,
        is_open=not ended or failed,
    )


def _domain(record: "dg.RunRecord") -> str:
    return record.dagster_run.tags.get(tags.PARTITION, "")


def _ended(record: "dg.RunRecord") -> float:
    return record.end_time or record.update_timestamp.timestamp()


def _forget(instance: "dg.DagsterInstance", run_id: str) -> Callable[[], None]:
    def remove() -> None:
        forget_run(instance, run_id)
        for path in _files(instance, run_id):  # what Dagster deletes in SQLite's files leaves the files
            _unlink(path)()

    return remove


def _files(instance: "dg.DagsterInstance", run_id: str) -> list[Path]:
    root = Path(instance.root_directory)
    events = root / "history" / "runs" / f"{run_id}.db"
    companions = [events.with_name(events.name + ending) for ending in ("-wal", "-shm", "-journal")]
    return [path for path in (events, *companions, root / "storage" / run_id) if path.exists()]


def _size(path: Path) -> int:
    try:
        files = path.rglob("*") if path.is_dir() else [path]
        return sum(file.stat().st_size for file in files)
    except FileNotFoundError:
        return 0


def _unlink(path: Path) -> Callable[[], None]:
    def remove() -> None:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)

    return remove


def _purge(instance: "dg.DagsterInstance", origin: str, selector: str, before: float) -> Callable[[], None]:
    return lambda: instance.purge_ticks(origin, selector, before)
