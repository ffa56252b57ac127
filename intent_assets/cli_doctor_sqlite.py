"""The doctor's look into Dagster's SQLite files, without Dagster."""

import sqlite3
from pathlib import Path

from intent_assets.cli_doctor_checks import Check, each_failed, failed, ok

_BUSY_SECONDS = 3.0
_NEWEST = 50
_MAGIC = b"SQLite format 3\x00"


def file_checks(home: Path) -> list[Check]:
    """Check the central files and those of the newest runs whole, of the others whether they are SQLite's at all."""
    history = home / "history"
    named = (history / "runs.db", history / "runs" / "index.db", home / "schedules" / "schedules.db")
    central = [path for path in named if path.exists()]
    runs = sorted((path for path in (history / "runs").glob("*.db") if path.stem != "index"), key=_modified)
    checks = [check for path in central for check in _whole(path)]
    damaged = [f"{path} is damaged: {said}" for path in runs[-_NEWEST:] if (said := _problem(path))]
    damaged += [f"{path} is no SQLite file" for path in runs[:-_NEWEST] if not _begins_well(path)]
    mend = "move it away: the run's log is lost, its report and the history are not"
    checks += each_failed("Dagster files", damaged, mend)
    return checks or [ok("Dagster files", f"{len(central) + len(runs)} in {home}, all well")]


def _whole(path: Path) -> list[Check]:
    said = _problem(path)
    if said is None:
        return []
    if "locked" in said:
        mend = f"see who holds it (fuser -v {path}) and end that; a backup or a vacuum may take a while"
        return [failed("Dagster files", f"{path} is locked for longer than {_BUSY_SECONDS:g} s", mend)]
    mend = (
        f"stop everything, then `intent restore` the last backup; without one, salvage it: sqlite3 {path} .recover; "
        "or move it away: Dagster begins anew, replies that wait get their runs, pages are found again"
    )
    return [failed("Dagster files", f"{path} is damaged: {said}", mend)]


def _problem(path: Path) -> str | None:
    """Return what is wrong with a file; None where all is well, or it has gone."""
    if not path.exists():
        return None
    try:
        connection = _open(path)
    except sqlite3.Error as problem:
        return str(problem)
    try:
        said = connection.execute("PRAGMA quick_check(1)").fetchall()[0][0]
        if said != "ok":
            return str(said)
        connection.execute("BEGIN IMMEDIATE")  # whether somebody holds it for writing; nothing is written
        connection.execute("ROLLBACK")
    except sqlite3.Error as problem:
        return None if "readonly" in str(problem) else str(problem)
    finally:
        connection.close()
    return None


def _open(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=_BUSY_SECONDS, isolation_level=None)


def _begins_well(path: Path) -> bool:
    try:
        with path.open("rb") as content:
            return content.read(len(_MAGIC)) == _MAGIC
    except FileNotFoundError:
        return True


def _modified(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return 0.0
