"""The file of a backup: a compressed tar whose last member, the manifest, has the size and sha256 of all others."""

import gzip
import hashlib
import io
import os
import shutil
import tarfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import IO, NamedTuple, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from intent_assets.durable import private_folder, sync_folder
from intent_assets.errors import BackupError

MANIFEST = "manifest.json"
HOME = "home"
DAGSTER = "dagster"
FORMAT = 1
_LONGEST_MANIFEST = 200_000_000
_BLOCK = 1 << 20


class Content(NamedTuple):
    """What a member has: its size in bytes, and its sha256."""

    size: int
    sha256: str


class Manifest(BaseModel):
    """What is in a backup. `problems` names what was damaged already and was taken over as it was."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: int
    made_at: AwareDatetime
    versions: dict[str, str]
    counts: dict[str, int]
    problems: tuple[str, ...] = ()
    files: dict[str, Content]

    @property
    def size(self) -> int:
        """Bytes of all files as they will be on the disk."""
        return sum(content.size for content in self.files.values())


class Writer:
    """Writes an archive into an open file, member by member."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar
        self.files: dict[str, Content] = {}

    @classmethod
    @contextmanager
    def to(cls, file: IO[bytes]) -> Iterator[Self]:
        """Write to `file`, for its owner only to read."""
        # the level: twice as fast as the default, and hardly larger for Dagster's SQLite files, which are most of it
        with (
            gzip.GzipFile(filename="", mode="wb", fileobj=file, compresslevel=3) as packed,
            tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as tar,
        ):
            yield cls(tar)

    def add(self, name: str, content: IO[bytes], size: int, modified: float) -> None:
        """Add a file; a name that is there already is left as it is. Raises `OSError`."""
        if name in self.files:
            return
        counting = _Hashing(content)
        self._tar.addfile(_member(name, size, modified), counting)
        self.files[name] = Content(size, counting.sha256.hexdigest())

    def finish(self, versions: dict[str, str], counts: dict[str, int], problems: list[str]) -> Manifest:
        """Add the manifest and return it."""
        manifest = Manifest(
            format=FORMAT, made_at=datetime.now(UTC), versions=versions, counts=counts, problems=tuple(problems),
            files=self.files,
        )  # fmt: skip
        told = manifest.model_dump_json(indent=1).encode()
        self._tar.addfile(_member(MANIFEST, len(told), manifest.made_at.timestamp()), io.BytesIO(told))
        return manifest


def verified(archive: Path) -> Manifest:
    """Read the whole archive and return its manifest.

    Raises `BackupError` where it is no backup, damaged, cut off or of a newer version, where a member is a link or
    would land outside of the state's folders, and where anything differs from the manifest.
    """
    manifest: Manifest | None = None
    found: dict[str, Content] = {}
    with _members(archive) as members:
        for name, content, _ in members:
            if manifest is not None:
                raise BackupError(f"{archive} has files behind its manifest, so it is no backup of ours")
            if name == MANIFEST:
                manifest = _manifest(archive, content.read(_LONGEST_MANIFEST))
                continue
            if name in found:
                raise BackupError(f"{archive} holds {name} twice, so it is no backup of ours")
            found[name] = _content(content)
    if manifest is None:
        raise BackupError(f"{archive} ends without its manifest: it is cut off, or no backup; use another one")
    differing = sorted(
        name for name in found.keys() | manifest.files.keys() if found.get(name) != manifest.files.get(name)
    )
    if differing:
        raise BackupError(
            f"{archive} is damaged: {differing[0]} ({len(differing)} files) is not what was backed up; use another one"
        )
    return manifest


def extract(archive: Path, targets: dict[str, Path]) -> None:
    """Write the files of a verified archive below `targets` (`home` and `dagster`), for the owner only.

    Raises `BackupError`, `StorageError` and `OSError`.
    """
    with _members(archive) as members:
        for name, content, modified in members:
            if name == MANIFEST:
                return
            root, *rest = PurePosixPath(name).parts
            target = targets[root].joinpath(*rest)
            private_folder(target.parent)
            with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                shutil.copyfileobj(content, file)
            os.utime(target, (modified, modified))


@contextmanager
def _members(archive: Path) -> Iterator[Iterator[tuple[str, IO[bytes], float]]]:
    """Give name, content and time of the members; any way in which the file can be broken is a `BackupError`."""
    try:
        with tarfile.open(archive, mode="r|gz") as tar:
            yield _safe_members(archive, tar)
    except (tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile, ValueError, OverflowError) as problem:
        raise BackupError(
            f"{archive} is damaged, cut off or no backup ({' '.join(str(problem).split())[:200]}); use another one"
        ) from problem


def _safe_members(archive: Path, tar: tarfile.TarFile) -> Iterator[tuple[str, IO[bytes], float]]:
    for member in tar:
        content = tar.extractfile(member) if member.isreg() else None
        if content is None or not _is_safe(member.name):
            raise BackupError(
                f"{archive} holds {member.name[:200]!r}, which is a link or leads outside of the state's folders: it "
                "is no backup of ours, and nothing of it was used"
            )
        yield member.name, content, float(member.mtime)


def _is_safe(name: str) -> bool:
    path = PurePosixPath(name)
    plain = str(path) == name and "\\" not in name and "\0" not in name and ".." not in path.parts
    return plain and (name == MANIFEST or (len(path.parts) > 1 and path.parts[0] in (HOME, DAGSTER)))


def _manifest(archive: Path, told: bytes) -> Manifest:
    try:
        manifest = Manifest.model_validate_json(told)
    except ValidationError:
        raise BackupError(f"{archive}: its manifest can't be read; it is of another version, or no backup") from None
    if manifest.format > FORMAT:
        raise BackupError(
            f"{archive} has format {manifest.format} and this version reads up to {FORMAT}: "
            f"restore it with intent-assets {manifest.versions.get('intent-assets', 'of a newer version')}"
        )
    return manifest


def _content(content: IO[bytes]) -> Content:
    digest, size = hashlib.sha256(), 0
    while block := content.read(_BLOCK):
        digest.update(block)
        size += len(block)
    return Content(size, digest.hexdigest())


def _member(name: str, size: int, modified: float) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size, member.mtime, member.mode = size, modified, 0o600
    return member


class _Hashing:
    """Reads through and hashes."""

    def __init__(self, content: IO[bytes]) -> None:
        self._content = content
        self.sha256 = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        block = self._content.read(size)
        self.sha256.update(block)
        return block


@contextmanager
def written_whole(target: Path, partial: Path) -> Iterator[IO[bytes]]:
    """Give a new file `partial`, which takes the place of `target` when all of it is on disk. Raises `OSError`."""
    with os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())
    partial.replace(target)
    sync_folder(target.parent)
