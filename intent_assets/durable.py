"""Files that survive a crash: written under a temporary name, synced, renamed; for their owner only."""

import os
import secrets
from contextlib import suppress
from pathlib import Path

from intent_assets.errors import StorageError

_FOLDER_MODE = 0o700
_FILE_MODE = 0o600


def private_folder(folder: Path) -> Path:
    """Make `folder` and what is missing above it, for the owner only; raises `StorageError`."""
    try:
        _make(folder)
    except OSError as problem:
        raise StorageError(f"can't make the folder {folder}: {problem.strerror}; mend this and try again") from problem
    return folder


def _make(folder: Path) -> None:
    # not `parents=True`: that gives the folders above the modes of everybody's files
    try:
        folder.mkdir(mode=_FOLDER_MODE, exist_ok=True)
    except FileNotFoundError:
        if folder.parent == folder:
            raise
        _make(folder.parent)
        folder.mkdir(mode=_FOLDER_MODE, exist_ok=True)


def write_file(target: Path, content: bytes) -> None:
    """Put `content` under the name `target`, all of it or nothing, on disk when this returns; raises `StorageError`."""
    temporary = write_temporary(target.parent, content)
    place(temporary, target)


def write_temporary(folder: Path, content: bytes) -> Path:
    """Write `content` to a hidden file of `folder`, synced, and return its path; raises `StorageError`."""
    temporary = folder / f".{secrets.token_hex(8)}.tmp"
    try:
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _FILE_MODE)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError as problem:
        with suppress(OSError):
            temporary.unlink()
        raise StorageError(f"can't write into {folder}: {problem.strerror}; mend this and try again") from problem
    return temporary


def place(source: Path, target: Path) -> None:
    """Rename `source` to `target` at once, on disk when this returns; raises `StorageError`."""
    try:
        source.replace(target)
        sync_folder(target.parent)
        if source.parent != target.parent:
            sync_folder(source.parent)
    except OSError as problem:
        with suppress(OSError):
            if source.name.endswith(".tmp"):
                source.unlink()
        raise StorageError(f"can't write {target}: {problem.strerror}; mend this and try again") from problem


def append_line(target: Path, line: bytes) -> None:
    """Append one line to a log of JSON lines, synced; raises `StorageError`."""
    try:
        descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_APPEND, _FILE_MODE)
        with os.fdopen(descriptor, "ab") as file:
            file.write(line.rstrip(b"\n") + b"\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as problem:
        raise StorageError(f"can't write {target}: {problem.strerror}; mend this and try again") from problem


def sync_folder(folder: Path) -> None:
    """Bring the names in `folder` to the disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
