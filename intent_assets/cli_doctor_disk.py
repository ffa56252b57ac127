"""The doctor's look at the folders of state: room, owner, permissions, what was left over, and the clock."""

import os
import shutil
import stat
import time
from collections.abc import Iterator
from pathlib import Path

from intent_assets.cli_doctor_checks import Check, Look, ago, each_failed, failed, ok
from intent_assets.cli_doctor_services import CLOCK_SECONDS
from intent_assets.instance import dagster_home
from intent_assets.settings import Settings
from intent_assets.spool import NAME, names

SMALL = 500_000_000
FEW_FILES = 2000
"""Bytes and number of files that have to be free: some dozens of reports, and the history written anew."""


def disk_looks(settings: Settings) -> list[Look]:
    """Return the looks at the folders of state; none of them writes."""
    home, dagster = settings.home.absolute(), dagster_home(settings)
    mend = f"check {home} and its permissions, or set INTENT_HOME to another folder"
    looks = [Look("INTENT_HOME", lambda: _folder("INTENT_HOME", home), mend)]
    if not dagster.is_relative_to(home):
        looks.append(Look("DAGSTER_HOME", lambda: _folder("DAGSTER_HOME", dagster), mend))
    return [
        *looks,
        Look("left-overs", lambda: _left_over(settings, home), mend),
        Look("clock", lambda: _clock(settings), mend),
    ]


def _folder(what: str, folder: Path) -> list[Check]:
    there = next(path for path in (folder, *folder.parents) if path.exists())
    checks = [*_room(what, there), *_usable(what, there)]
    if there == folder:
        checks += [*_owner(what, folder), *_private(what, folder)]
    return checks or [ok(what, str(folder) + ("" if there == folder else " (not made yet)"))]


def _room(what: str, folder: Path) -> list[Check]:
    free, system = shutil.disk_usage(folder).free, os.statvfs(folder)
    mend = "free some space: `intent prune --dry-run` says what of the state is old, --days 90 makes it more"
    if free < SMALL:
        full = "full" if free < SMALL / 100 else "nearly full"
        return [failed(what, f"the disk of {folder} is {full}: {free / 1e6:,.0f} MB are free", mend)]
    if system.f_files and system.f_favail < FEW_FILES:
        return [failed(what, f"the disk of {folder} has room for {system.f_favail} more files only", mend)]
    return []


def _usable(what: str, folder: Path) -> list[Check]:
    if not folder.is_dir():
        return [failed(what, f"{folder} is no folder", f"move it away, or set {what} to another folder")]
    if os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        return []
    if os.statvfs(folder).f_flag & os.ST_RDONLY:
        mend = "mount it for writing (after an error of the disk the system makes it read-only: see dmesg)"
        return [failed(what, f"the disk of {folder} is read-only", mend)]
    return [failed(what, f"{folder} can't be written to by user {os.geteuid()}", f"chmod u+rwx {folder}, or chown it")]


def _owner(what: str, folder: Path) -> list[Check]:
    whose = folder.stat().st_uid
    if os.geteuid() not in (0, whose):
        said = f"{folder} belongs to user {whose}, and this is user {os.geteuid()}"
        return [failed(what, said, f"work as user {whose}, or chown -R {os.geteuid()} {folder}")]
    foreign = [path for path, status in _walk(folder) if status.st_uid != whose]
    if not foreign:
        return []
    said = f"{len(foreign)} files and folders belong to somebody else than {folder} does, for instance {foreign[0]}"
    return [failed(what, said, f"chown -R {whose} {folder}")]


def _private(what: str, folder: Path) -> list[Check]:
    checks = []
    if stat.S_IMODE(folder.stat().st_mode) & 0o077:  # in a closed folder it does not matter what stands on the files
        open_ = [path for path, status in _walk(folder) if stat.S_IMODE(status.st_mode) & 0o077]
        if open_:
            said = f"others can reach {len(open_)} files and folders with people's data, for instance {open_[0]}"
            checks.append(failed(what, said, f"chmod -R go= {folder}"))
    closed = [path for path, status in _walk(folder) if not status.st_mode & stat.S_IWUSR]
    if closed:
        said = f"{len(closed)} files and folders can't be written by their owner, for instance {closed[0]}"
        checks.append(failed(what, said, f"chmod -R u+rwX {folder}"))
    return checks


def _walk(folder: Path) -> Iterator[tuple[Path, os.stat_result]]:
    for parent, folders, files in os.walk(folder):
        for name in (*folders, *files):
            path = Path(parent) / name
            try:
                yield path, path.lstat()
            except FileNotFoundError:
                continue


def _left_over(settings: Settings, home: Path) -> list[Check]:
    from intent_assets.resources import old_files
    from intent_assets.resources.backup import REPLACED
    from intent_assets.resources.restore import interrupted

    checks = []
    archive = interrupted(home)
    if archive is not None:
        said = f"a restoration was cut off: {home} holds a part of the old state and a part of the new"
        checks.append(failed("left-overs", said, f"finish it before anything else: intent restore {archive}"))
    left = [name for name, _, _ in old_files.left_over(home)]
    checks += each_failed("left-overs", [f"{home / name} is a file that was never finished" for name in left],
                          "`intent prune` removes it")  # fmt: skip
    aside = [path for folder in (home, dagster_home(settings)) for path in folder.glob(f"{REPLACED}*")]
    checks += [ok("left-overs", f"{path} is the state that was there before a restoration") for path in set(aside)]
    return checks


def _clock(settings: Settings) -> list[Check]:
    """Compare the clock with the newest that is stored: a clock can't be before what it has stamped."""
    inbox, outbox = settings.inbox, settings.outbox
    newest = 0.0
    of_domains = [inbox / "domains" / domain for domain in names(inbox / "domains")]
    for folder in (inbox / "pending", outbox / "waiting", *of_domains):
        for name in names(folder)[-1:]:
            if match := NAME.fullmatch(name):
                newest = max(newest, int(match["arrival"]) / 1e9)
    ahead = newest - time.time()
    if ahead <= CLOCK_SECONDS:
        return [ok("clock", f"{time.strftime('%Y-%m-%d %H:%M', time.gmtime())} UTC; newest entry {ago(-ahead)}")
                if newest else ok("clock", f"{time.strftime('%Y-%m-%d %H:%M', time.gmtime())} UTC")]  # fmt: skip
    said = (
        f"the newest reply or notice is stamped {time.strftime('%Y-%m-%d %H:%M', time.gmtime(min(newest, 4e9)))} UTC, "
        f"{ago(ahead).removesuffix(' ago')} from now"
    )
    return [
        failed("clock", said, "set the clock if it is behind; if it was ahead once, nothing is lost: the order stays")
    ]
