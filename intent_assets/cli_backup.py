"""`intent backup` and `intent restore`: all state into one file while it is in use, and back."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from platform import python_version
from typing import TYPE_CHECKING, Annotated

import typer

from intent_assets.durable import private_folder
from intent_assets.errors import BackupError
from intent_assets.settings import Settings, load_settings

if TYPE_CHECKING:
    from intent_assets.resources.backup_archive import Manifest

EXIT_DAMAGED = 4
_PACKAGES = ("intent-assets", "dagster", "duckdb")

JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


def backup(
    file: Annotated[Path, typer.Argument(help="The file to write, for instance intent.tar.gz.")],
    replace: Annotated[bool, typer.Option("--replace", help="Take the place of a file that is there.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Write all state (INTENT_HOME, and DAGSTER_HOME where it is elsewhere) into one file, while everything runs.

    Every reply that was accepted before is in it, once. Keys are not: keep .env by other means. The file holds people's
    data and is made for its owner only. A file that is cut off or damaged later is known as such by `intent restore`.

    Exit code: 0 made; 4 made, but something was damaged already and is in it as it is.
    """
    settings = load_settings()
    target = file.absolute()
    _refuse_target(target, settings, replace=replace)
    try:
        manifest = _write(target, settings)
    except OSError as problem:
        where = problem.filename or target
        raise BackupError(
            f"{where}: {problem.strerror or problem}; there is no backup. Mend this, or choose a file on another disk"
        ) from problem
    for damage in manifest.problems:
        typer.echo(f"DAMAGED: {damage}", err=True)
    if as_json:
        typer.echo(json.dumps(_told(target, manifest), indent=2))
    else:
        typer.echo(f"{target}: {target.stat().st_size / 1e6:.1f} MB, {_counted(manifest)}")
    if manifest.problems:
        raise typer.Exit(EXIT_DAMAGED)


def restore(
    file: Annotated[Path, typer.Argument(help="A file that `intent backup` made.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="Move the state that is there aside, to .replaced-TIME in its folder.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Put a backup in the place of INTENT_HOME (and DAGSTER_HOME where it is elsewhere), after all of it was verified.

    Refuses a home that is not empty, unless --replace is given, and one that processes work on. If it is cut off, run
    it again: it goes on.

    What ran when the backup was made counts as killed, and is resumed once `intent dev` or the daemon runs. What
    happened since the backup is not known any more: replies that came later have to come again, pages are found and
    brought up to date, and notices that were delivered since may be delivered again, under the same id.
    """
    settings = load_settings()
    from intent_assets.instance import dagster_home
    from intent_assets.resources import restore as restoring
    from intent_assets.resources.backup_archive import verified

    home, dagster = settings.home.absolute(), dagster_home(settings)
    _refuse_users(home, dagster)
    archive = file.absolute()
    cut_off = restoring.interrupted(home)
    if cut_off is not None and cut_off != archive:
        raise BackupError(f"the restoration of {cut_off} was cut off: finish it first, with `intent restore {cut_off}`")
    manifest = verified(archive)
    if cut_off is not None:
        replaced = restoring.go_on(home)
    else:
        _refuse_holdings(home, dagster, replace=replace)
        replaced = _replaced(archive, home, dagster, manifest.size)
    if as_json:
        typer.echo(json.dumps({**_told(archive, manifest), "replaced": [str(path) for path in replaced]}, indent=2))
        return
    typer.echo(f"{home}: {_counted(manifest)}, as of {manifest.made_at:%Y-%m-%d %H:%M:%S} UTC")
    for path in replaced:
        typer.echo(f"what was there before is in {path}; delete it when it is not needed any more")
    for problem in manifest.problems:
        typer.echo(f"DAMAGED in the backup already: {problem}", err=True)
    typer.echo("`intent doctor` looks it over; `intent dev` or the daemon resumes what ran")


def _write(target: Path, settings: Settings) -> "Manifest":
    from intent_assets.instance import dagster_home
    from intent_assets.resources.backup import Copying
    from intent_assets.resources.backup_archive import Writer, written_whole

    with _staging(target) as staging, written_whole(target, staging / "archive") as file, Writer.to(file) as writer:
        copying = Copying(settings, dagster_home(settings), writer, staging)
        copying.everything()
        versions = {name: version(name) for name in _PACKAGES} | {"python": python_version()}
        return writer.finish(versions, copying.counts, copying.problems)


def _replaced(archive: Path, home: Path, dagster: Path, needed: int) -> list[Path]:
    from intent_assets.resources.restore import restore as put_back

    try:
        return put_back(archive, home, dagster, needed)
    except OSError as problem:
        where = problem.filename or home
        raise BackupError(
            f"{where}: {problem.strerror or problem}; mend this, then run the same command again"
        ) from problem


@contextmanager
def _staging(target: Path) -> Iterator[Path]:
    """Give a folder beside the target that is empty and ours alone; one that a killed backup left is used again."""
    from intent_assets.spool import Locked, LockTaken

    folder = private_folder(target.with_name(f".{target.name}.partial"))
    try:
        with Locked(folder / ".lock", 0.1):
            for left in folder.iterdir():
                if left.name != ".lock":
                    left.unlink()
            try:
                yield folder
            finally:
                shutil.rmtree(folder)
    except LockTaken:
        raise BackupError(f"another backup to {target} is under way: wait for it, or choose another file") from None


def _refuse_target(target: Path, settings: Settings, *, replace: bool) -> None:
    from intent_assets.instance import dagster_home

    for state in (settings.home.absolute(), dagster_home(settings)):
        if target.resolve().is_relative_to(state.resolve()):
            raise BackupError(
                f"{target} lies inside {state}, the state itself: choose a file elsewhere, best another disk"
            )
    if not settings.home.exists():
        raise BackupError(f"there is no state in {settings.home.absolute()} to back up: see INTENT_HOME")
    if target.is_dir():
        raise BackupError(f"{target} is a folder: name a file in it")
    if not target.parent.is_dir():
        raise BackupError(f"there is no folder {target.parent}: make it first")
    if target.exists() and not replace:
        raise BackupError(f"{target} is there already: choose another name, or say --replace")


def _refuse_users(home: Path, dagster: Path) -> None:
    from intent_assets.resources.home_users import processes_that_use

    users = processes_that_use(home, dagster)
    if users:
        raise BackupError(f"{home} is in use by {', '.join(users)}: stop that first")


def _refuse_holdings(home: Path, dagster: Path, *, replace: bool) -> None:
    from intent_assets.resources.restore import holdings

    for folder in dict.fromkeys((home, dagster)):
        there = holdings(folder)
        if there and not replace:
            raise BackupError(
                f"{folder} is not empty ({', '.join(there[:5])}): set INTENT_HOME to another folder, or say --replace "
                "to have what is there moved aside"
            )


def _told(file: Path, manifest: "Manifest") -> dict[str, object]:
    return {
        "file": str(file),
        "bytes": file.stat().st_size,
        "made_at": manifest.made_at.isoformat(timespec="seconds"),
        "versions": manifest.versions,
        "counts": manifest.counts,
        "problems": list(manifest.problems),
    }


def _counted(manifest: "Manifest") -> str:
    return ", ".join(f"{number} {kind}" for kind, number in manifest.counts.items())
