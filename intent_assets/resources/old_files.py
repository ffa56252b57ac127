"""The files of the old state: replies that were taken, delivered notices, values, logs and left-overs."""

import os
import shutil
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from intent_assets.domain_lock import domain_lock
from intent_assets.domains import is_partition_key
from intent_assets.durable import sync_folder
from intent_assets.errors import StorageError
from intent_assets.outbox import Outbox
from intent_assets.reports import FactCheckedReport, Release
from intent_assets.resources.erase_places import KEPT, value_files
from intent_assets.settings import Settings
from intent_assets.spool import NAME, Locked, latest_first, names, unusable
from intent_assets.values import ValueStore

LEFT_OVER_SECONDS = 86_400.0
"""A temporary file is in use for moments; after a day nobody writes it any more."""

_LOCK_SECONDS = 0.1

Removable = tuple[str, int, Callable[[], None]]


def replies(inbox: Path, before: datetime, busy: Collection[str], with_run: Collection[str]) -> Iterator[Removable]:
    """Yield the taken replies that came before, of domains that are not busy, and whose runs are gone."""
    for domain in names(inbox / "domains"):
        if domain in busy:
            continue
        for name in names(inbox / "domains" / domain):
            match = NAME.fullmatch(name)
            if match is None or int(match["arrival"]) / 1e9 >= before.timestamp() or match["id"] in with_run:
                continue
            taken, index = inbox / "taken" / f"{match['id']}.json", inbox / "domains" / domain / name
            yield match["id"], _size(taken), _forget_reply(inbox, taken, index)


def notices(outbox: Outbox, before: datetime, busy: Collection[str]) -> Iterator[Removable]:
    """Yield the notices that were delivered before."""
    folder = outbox.folder / "delivered"
    old = [path for path in latest_first(folder) if _modified(path) < before.timestamp()]
    for path in reversed(old):
        with suppress(StorageError):  # a damaged one is told of by `intent doctor`, and stays
            stored = outbox.find(path.stem)
            if stored.delivered_at is not None and stored.delivered_at < before and stored.domain not in busy:
                yield stored.notice_id, _size(path), _unlink(path)


def values(
    settings: Settings, before: datetime, busy: Collection[str], last_seen: Mapping[str, float]
) -> Iterator[Removable]:
    """Yield the values of each domain that was not seen since, as one thing for each domain.

    `notion_page` stays: it is how the next report of the domain finds its page.
    """
    files: dict[str, list[Path]] = {}
    for asset, domain, path in value_files(settings.values):
        if asset != KEPT:
            files.setdefault(domain, []).append(path)
    for domain, paths in files.items():
        seen = max(last_seen.get(domain, 0.0), *(_modified(path) for path in paths))
        if domain not in busy and seen < before.timestamp() and is_partition_key(domain):
            yield domain, sum(map(_size, paths)), _forget_values(settings, domain, paths)


def run_values(settings: Settings, before: datetime, roots: Collection[str]) -> Iterator[Removable]:
    """Yield what runs had made that Dagster does not know any more."""
    for domain in names(settings.home / "run_values"):
        folder = settings.home / "run_values" / domain
        for path in (folder / name for name in names(folder)):
            if path.name not in roots and _modified(path) < before.timestamp():
                yield f"{domain} {path.name}", 0, _rmtree(path)  # links to the values: they take no room


def aged(folder: Path, before: datetime) -> Iterator[Removable]:
    """Yield the files of a folder that were last written before."""
    for path in (folder / name for name in names(folder)):
        if _modified(path) < before.timestamp():
            yield path.name, _size(path), _unlink(path)


def left_over(home: Path) -> Iterator[Removable]:
    """Yield the temporary files that a process which was killed has left."""
    for path in temporary(home):
        if _modified(path) < time.time() - LEFT_OVER_SECONDS:
            yield str(path.relative_to(home)), _size(path), _unlink(path)


def temporary(home: Path) -> Iterator[Path]:
    """Yield the temporary files below `home`, but for the stand-ins' own."""
    for folder, folders, files in os.walk(home):
        if Path(folder) == home:
            folders[:] = [name for name in folders if name != "sandbox" and not name.startswith(".")]
        yield from (Path(folder) / name for name in files if name.startswith(".") and name.endswith(".tmp"))


def held(store: ValueStore, before: datetime) -> Iterator[str]:
    """Yield the domains whose report is from before, held, and was let out by nobody.

    A report that can't be read counts as held.
    """
    for domain in store.domains("fact_checked_report"):
        modified = store.path("fact_checked_report", domain).stat().st_mtime
        if modified < before.timestamp() and _is_held(store, domain):
            yield domain


def _is_held(store: ValueStore, domain: str) -> bool:
    try:
        checked: FactCheckedReport | None = store.find("fact_checked_report", domain)
        release: Release | None = store.find("release", domain)
    except StorageError:
        return True
    if checked is None or checked.verdict.outcome != "held":
        return False
    return release is None or release.text_hash != checked.verdict.text_hash


def _forget_reply(inbox: Path, taken: Path, index: Path) -> Callable[[], None]:
    def remove() -> None:
        with Locked(inbox / ".lock"):
            if (inbox / "pending" / index.name).exists():
                return  # it was put back for another run
            _unlink(taken)()
            _unlink(index)()
            with suppress(OSError):  # there are newer ones
                index.parent.rmdir()

    return remove


def _forget_values(settings: Settings, domain: str, paths: list[Path]) -> Callable[[], None]:
    def remove() -> None:
        with domain_lock(settings.model_copy(update={"domain_wait": _LOCK_SECONDS}), domain):
            for path in paths:
                _unlink(path)()

    return remove


def _rmtree(path: Path) -> Callable[[], None]:
    return lambda: shutil.rmtree(path)


def _unlink(path: Path) -> Callable[[], None]:
    def remove() -> None:
        try:
            path.unlink(missing_ok=True)
            sync_folder(path.parent)
        except FileNotFoundError:
            return
        except OSError as problem:
            raise unusable(path, problem) from problem

    return remove


def _modified(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return time.time()


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0
