"""Copies all state into a backup while it is in use.

What goes first and what last is chosen so that the copy, taken bit by bit, is one that a machine which died could have
left, and from which every accepted reply reaches its ending:

1. replies that wait, then those that were taken, while no reply can move: none is missing, none is there twice;
2. Dagster's files as of one moment, so that no cursor is ahead of the events;
3. replies that came in meanwhile, all as waiting: one that has a run is known by it;
4. values: no step counts as done whose value is missing;
5. notices, those that wait first: one that is delivered meanwhile is there twice, and goes out under its id alone;
6. the history, which takes a run that is written once more as the same.
"""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import SpooledTemporaryFile

from pydantic import BaseModel, ValidationError

from intent_assets.errors import WarehouseError
from intent_assets.resources import backup_sqlite
from intent_assets.resources.backup_archive import DAGSTER, HOME, Writer
from intent_assets.resources.warehouse_connection import CONFIG, FOREIGN_LOCK, explain, log_of
from intent_assets.resources.warehouse_lock import owner_of
from intent_assets.settings import Settings
from intent_assets.spool import NAME, Locked, names, spool_name

RESTORING = ".restoring"
REPLACED = ".replaced-"
_PASSING = ("*.lock", ".*.tmp", ".env*", RESTORING, f"{REPLACED}*")
"""What belongs to running processes, is on its way to be something, or is a secret: not state."""

_IN_MEMORY = 16_000_000
_HISTORY_SECONDS = 60.0


class Copying:
    """One backup under way: state is read from `settings.home` and `dagster_home`, `staging` is an empty folder.

    Methods raise `StorageError`, `WarehouseError`, `BackupError` and `OSError`. What is damaged is taken as it is and
    told in `problems`.
    """

    def __init__(self, settings: Settings, dagster_home: Path, writer: Writer, staging: Path) -> None:
        self._settings = settings
        self._home = settings.home.absolute()
        self._dagster = dagster_home
        self._writer = writer
        self._staging = staging
        self._replies: set[str] = set()
        self.problems: list[str] = []
        self.counts = dict.fromkeys(
            ("replies waiting", "replies taken", "notices waiting", "notices delivered", "values", "runs"), 0
        )

    def everything(self) -> None:
        """Copy all, in the order that this module's head explains."""
        self._inbox_as_it_is()
        self._dagster_files()
        self._inbox_meanwhile()
        self._rest_of_home()
        self._outbox()
        self._history()

    def _inbox_as_it_is(self) -> None:
        pending, taken = self._inbox("pending"), self._inbox("taken")
        with self._inbox_held():
            for name in names(pending):
                if self._add_file(f"{HOME}/inbox/pending/{name}", pending / name):
                    self._count_reply(name, "replies waiting")
            listed = names(taken)
        for name in listed:
            if self._add_file(f"{HOME}/inbox/taken/{name}", taken / name):
                self._count_reply(name, "replies taken")

    def _inbox_meanwhile(self) -> None:
        with self._inbox_held():
            for folder in (self._inbox("pending"), self._inbox("taken")):
                for name in names(folder):
                    if _id_of(name) not in self._replies:
                        waiting = _waiting_name(folder / name)
                        if self._add_file(f"{HOME}/inbox/pending/{waiting}", folder / name):
                            self._count_reply(name, "replies waiting")
        for path in _files(self._inbox(), skipped=("pending", "taken")):
            self._add_file(f"{HOME}/{path.relative_to(self._home).as_posix()}", path)

    def _inbox_held(self) -> Locked:
        """Keep replies from moving; they may come in a moment later, and are not refused."""
        if not self._inbox().exists():
            return Locked(self._staging / ".lock")
        return Locked(self._inbox() / ".lock")

    def _inbox(self, *parts: str) -> Path:
        return self._settings.inbox.absolute().joinpath(*parts)

    def _count_reply(self, name: str, kind: str) -> None:
        self._replies.add(_id_of(name))
        self.counts[kind] += 1

    def _dagster_files(self) -> None:
        files = list(_files(self._dagster, skipped=()))
        databases = [path for path in files if path.suffix == ".db" and backup_sqlite.is_sqlite(path)]
        of_runs = [path for path in databases if path.parent.name == "runs" and path.stem != "index"]
        central = [path for path in databases if path not in set(of_runs)]
        with backup_sqlite.at_one_moment(central) as seen:
            for path, connection in seen.items():
                self._add_database(path, connection)
        # the events of a run may go on after that moment, as they do where a machine dies
        for path in of_runs:
            with suppress(FileNotFoundError), backup_sqlite.at_one_moment([path]) as seen:
                self._add_database(path, seen[path])
                self.counts["runs"] += 1
        companions = {f"{path}{ending}" for path in databases for ending in backup_sqlite.COMPANIONS}
        for path in files:
            if str(path) not in companions and path not in databases:
                self._add_file(self._dagster_name(path), path)

    def _add_database(self, path: Path, connection: sqlite3.Connection | None) -> None:
        copied = self._staging / "copied.db"
        try:
            if connection is None:
                raise sqlite3.DatabaseError("it can't be opened")  # noqa: TRY301 -- damage that was seen before
            backup_sqlite.copy(connection, copied)
        except sqlite3.DatabaseError as problem:
            self.problems.append(f"{path} is damaged ({problem}); it is in the backup as it is")
            self._add_file(self._dagster_name(path), path)
            return
        self._add_file(self._dagster_name(path), copied, modified=path.stat().st_mtime)
        copied.unlink()

    def _dagster_name(self, path: Path) -> str:
        return f"{DAGSTER}/{path.relative_to(self._dagster).as_posix()}"

    def _rest_of_home(self) -> None:
        history = self._settings.history
        others = ("inbox", "outbox", "locks", history.name, log_of(history).name)
        for path in _files(self._home, skipped=others, without=self._dagster):
            name = path.relative_to(self._home)
            if self._add_file(f"{HOME}/{name.as_posix()}", path) and name.parts[0] == "values":
                self.counts["values"] += 1

    def _outbox(self) -> None:
        folder = self._settings.outbox.absolute()
        delivered = folder / "delivered"
        for name in names(folder / "waiting"):
            if self._add_file(f"{HOME}/outbox/waiting/{name}", folder / "waiting" / name):
                self.counts["notices waiting"] += 1
        for name in names(delivered):
            if self._add_file(f"{HOME}/outbox/delivered/{name}", delivered / name):
                self.counts["notices delivered"] += 1
        for path in _files(folder, skipped=("waiting", "delivered")):
            self._add_file(f"{HOME}/{path.relative_to(self._home).as_posix()}", path)

    def _history(self) -> None:
        file = self._settings.history.absolute()
        if not file.exists():
            return
        copied, log = self._staging / "history.duckdb", self._staging / "history.duckdb.wal"
        with owner_of(file, "back up", _HISTORY_SECONDS):
            self._look_into(file)
            # nobody has the file open while the lock is held, so it can be copied like any other
            shutil.copyfile(file, copied)
            if log_of(file).exists():
                shutil.copyfile(log_of(file), log)
        for name, path in ((file.name, copied), (log_of(file).name, log)):
            if self._add_file(f"{HOME}/{name}", path):
                path.unlink()

    def _look_into(self, file: Path) -> None:
        """Refuse a history that a foreign program is writing, and tell of a damaged one."""
        import duckdb

        try:
            duckdb.connect(str(file), read_only=True, config=CONFIG).close()
        except duckdb.Error as problem:
            told: WarehouseError = explain(problem, file)
            if FOREIGN_LOCK in str(problem):
                raise told from problem
            self.problems.append(f"{told} It is in the backup as it is.")

    def _add_file(self, name: str, path: Path, *, modified: float | None = None) -> bool:
        """Add a file as it is now; False where it has gone, as values and delivered notices may."""
        try:
            with path.open("rb") as file, SpooledTemporaryFile(_IN_MEMORY, dir=str(self._staging)) as copied:
                shutil.copyfileobj(file, copied)  # it may grow while it is read
                size = copied.tell()
                copied.seek(0)
                self._writer.add(name, copied, size, modified or path.stat().st_mtime)
        except FileNotFoundError:
            return False
        return True


class _Arrived(BaseModel):
    arrival: int


def _waiting_name(path: Path) -> str:
    """Return the name under which a reply waits; that of a damaged one stays."""
    try:
        arrived = _Arrived.model_validate_json(path.read_bytes())
    except (ValidationError, FileNotFoundError):
        return path.name
    return spool_name(arrived.arrival, _id_of(path.name))


def _id_of(name: str) -> str:
    match = NAME.fullmatch(name)
    return match["id"] if match else name.removesuffix(".json")


def _files(root: Path, skipped: tuple[str, ...], without: Path | None = None) -> Iterator[Path]:
    """Yield the files below `root`, links followed, but for the `skipped` at its top and the folder `without`."""
    seen: set[Path] = set()
    waiting = [root]
    while waiting:
        folder = waiting.pop()
        real = folder.resolve()
        if real in seen:
            continue
        seen.add(real)
        try:
            listed = sorted(folder.iterdir())
        except (FileNotFoundError, NotADirectoryError):
            continue
        for path in listed:
            if any(path.match(pattern) for pattern in _PASSING) or (folder == root and path.name in skipped):
                continue
            if path == without:
                continue
            if path.is_dir():
                waiting.append(path)
            elif path.is_file():
                yield path
