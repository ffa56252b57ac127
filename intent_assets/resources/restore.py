"""Puts a backup in the place of the state, safe against being killed at any moment.

All of it is written and verified below `.restoring/` first. Then what is there moves to `.replaced-TIME/`, and the new
state moves up. A journal says how far that is decided; whoever comes next goes on from there.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from intent_assets.durable import private_folder, sync_folder, write_file
from intent_assets.errors import BackupError
from intent_assets.resources.backup import REPLACED, RESTORING
from intent_assets.resources.backup_archive import DAGSTER, HOME, extract

_JOURNAL = "journal.json"
_TREE = "tree"


class _Place(BaseModel):
    """A folder of state, and what is to stand in it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    folder: Path
    new: tuple[str, ...]


class _Journal(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    archive: Path
    replaced: str
    places: tuple[_Place, ...]


def interrupted(home: Path) -> Path | None:
    """Return the archive whose restoration was cut off after it had begun to take the state's place, else None."""
    journal = _journal(home)
    return journal.archive if journal is not None else None


def holdings(folder: Path) -> list[str]:
    """Return the names of what stands in a folder of state, without what restorations left."""
    try:
        return sorted(path.name for path in _standing(folder))
    except FileNotFoundError:
        return []


def restore(archive: Path, home: Path, dagster_home: Path, needed: int) -> list[Path]:
    """Put a verified archive in the place of what is in `home` and `dagster_home`; returns where that was moved to.

    `needed` is the bytes that the files take. Raises `BackupError`, `StorageError` and `OSError`; until all is written,
    nothing of what is there has been touched.
    """
    targets, places = _targets(home, dagster_home)
    for place in places:
        private_folder(place)
        with suppress(FileNotFoundError):
            shutil.rmtree(place / RESTORING)
        free = shutil.disk_usage(place).free
        if free < needed:
            raise BackupError(
                f"{place} has room for {free / 1e6:,.0f} MB, the backup takes {needed / 1e6:,.0f} MB: free some space"
            )
    try:
        for place in places:
            private_folder(place / RESTORING / _TREE)
        extract(archive, targets)
    except BaseException:
        for place in places:
            shutil.rmtree(place / RESTORING, ignore_errors=True)
        raise
    os.sync()  # one for all: a sync for each of thousands of files takes minutes
    journal = _Journal(
        archive=archive.absolute(),
        replaced=f"{REPLACED}{datetime.now(UTC):%Y%m%dT%H%M%S}",
        places=tuple(_Place(folder=place, new=tuple(_top(place / RESTORING / _TREE))) for place in places),
    )
    write_file(home / RESTORING / _JOURNAL, journal.model_dump_json(indent=1).encode())
    return go_on(home)


def go_on(home: Path) -> list[Path]:
    """Move the old state aside and the new one up, from wherever that was cut off; returns where the old one is."""
    journal = _journal(home)
    if journal is None:
        return []
    for place in journal.places:
        tree, aside = place.folder / RESTORING / _TREE, place.folder / journal.replaced
        for path in list(_standing(place.folder)):
            if path.name in place.new and not os.path.lexists(tree / path.name):
                continue  # it is the new one already
            private_folder(aside)
            path.rename(aside / path.name)
        for name in place.new:
            if os.path.lexists(tree / name):
                (tree / name).rename(place.folder / name)
        sync_folder(place.folder)
    for place in reversed(journal.places):  # the home, with the journal, is the first
        shutil.rmtree(place.folder / RESTORING)
    return [aside for place in journal.places if (aside := place.folder / journal.replaced).exists()]


def _targets(home: Path, dagster_home: Path) -> tuple[dict[str, Path], list[Path]]:
    """Return where the archive's two trees are written first, and the folders of state, the home first."""
    tree = home / RESTORING / _TREE
    if dagster_home.is_relative_to(home):
        return {HOME: tree, DAGSTER: tree / dagster_home.relative_to(home)}, [home]
    return {HOME: tree, DAGSTER: dagster_home / RESTORING / _TREE}, [home, dagster_home]


def _top(tree: Path) -> list[str]:
    return sorted(path.name for path in tree.iterdir())


def _standing(folder: Path) -> Iterator[Path]:
    return (path for path in folder.iterdir() if path.name != RESTORING and not path.name.startswith(REPLACED))


def _journal(home: Path) -> _Journal | None:
    file = home / RESTORING / _JOURNAL
    try:
        return _Journal.model_validate_json(file.read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        return None
    except ValidationError:
        raise BackupError(f"{file} is damaged: move what you need out of {file.parent} and delete it") from None
