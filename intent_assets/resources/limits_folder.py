"""Where the processes of one user meet to share a limit: a folder of that user's alone, the same for all of them.

It does not lie under `INTENT_HOME`, because a service counts the calls of a key, whatever home they are made from.
"""

import hashlib
import os
import stat
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from intent_assets.errors import SharedLimitError

T = TypeVar("T")

_ADVICE = "mend this, or set INTENT_LIMITS_FOLDER to a folder that can be written to"


class LimitsFolder:
    """The folder of one limit: `root`/intent-UID/`name`-HASH. It is made anew whenever it has gone.

    The hash is of `whose` (address and key of the service), so that the key is in no name. Methods raise
    `SharedLimitError` where the folder can't be used, or is not this user's alone.
    """

    def __init__(self, root: Path, name: str, *whose: str) -> None:
        self._own = root / f"intent-{os.geteuid()}"
        self.path = self._own / f"{name}-{hashlib.sha256(chr(10).join(whose).encode()).hexdigest()[:24]}"
        self._made = False

    def names(self) -> list[str]:
        """Return the names of the files."""
        return self._in_folder(lambda: os.listdir(self.path))  # noqa: PTH208 -- only names, hundreds of times a second

    def open(self, name: str, flags: int = 0) -> int:
        """Open a file for reading and writing, made where it is missing, and return its descriptor."""
        flags |= os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
        return self._in_folder(lambda: os.open(self.path / name, flags, 0o600))

    def write(self, descriptor: int, content: bytes) -> None:
        """Let an open file hold this and nothing else."""
        try:
            os.pwrite(descriptor, content, 0)
            os.ftruncate(descriptor, len(content))
        except OSError as problem:
            raise self._unusable(problem) from problem

    def is_current(self, name: str, descriptor: int) -> bool:
        """Say whether the name still means this open file: somebody may have cleaned up the folder meanwhile."""
        try:
            named, opened = os.stat(self.path / name), os.fstat(descriptor)  # noqa: PTH116 -- twin of fstat
        except OSError:
            return False
        return (named.st_dev, named.st_ino) == (opened.st_dev, opened.st_ino)

    def remove(self, name: str) -> None:
        """Remove a file that may have gone already."""
        try:
            (self.path / name).unlink(missing_ok=True)
        except OSError as problem:
            raise self._unusable(problem) from problem

    def _in_folder(self, act: Callable[[], T]) -> T:
        """Act in the folder, which is made and looked at before the first time and where it has gone."""
        try:
            if not self._made:
                self._make()
            try:
                return act()
            except FileNotFoundError:
                self._make()
                return act()
        except OSError as problem:
            raise self._unusable(problem) from problem

    def _make(self) -> None:
        self._own.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        for folder in (self._own, self.path):
            with suppress(FileExistsError):
                folder.mkdir(mode=0o700)
            self._refuse_anothers(folder)
        self._made = True

    def _refuse_anothers(self, folder: Path) -> None:
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode):
            said = "is a link or file that somebody put there"
        elif found.st_uid != os.geteuid():
            said = f"belongs to the user {found.st_uid}"
        elif found.st_mode & 0o077:
            said = f"is open to other users; close it with `chmod 700 {folder}`"
        else:
            return
        raise SharedLimitError(f"the folder for limits that processes share can't be used: {folder} {said}; {_ADVICE}")

    def _unusable(self, problem: OSError) -> SharedLimitError:
        return SharedLimitError(
            f"limits can't be shared between processes: {problem.filename or self.path}: {problem.strerror}; {_ADVICE}"
        )
