"""Which processes of this machine work on a folder of state, as far as the operating system tells."""

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from dotenv import dotenv_values

_OURS = re.compile(r"(^|[/\s])(dagster(-daemon|-webserver)?|intent)(\s|$)|intent_assets|dagster\b.*\bapi\b")
_LINUX = Path("/proc")


def processes_that_use(home: Path, dagster_home: Path) -> list[str]:
    """Describe the other processes that serve this state; none where the system does not tell (other than Linux).

    Of a process only its number and the names of program and command are told.
    """
    own = {os.getpid(), os.getppid()}
    found = []
    for folder in _LINUX.glob("[0-9]*"):
        if int(folder.name) in own:
            continue
        with suppress(OSError):  # it has ended, or is somebody else's
            words = (folder / "cmdline").read_bytes().decode("utf-8", "replace").split("\0")
            if _OURS.search(" ".join(words)) and _serves(folder, home, dagster_home):
                found.append(f"process {folder.name} ({_named(words)})")
    return sorted(found)


def _serves(folder: Path, home: Path, dagster_home: Path) -> bool:
    environment = dict(_variables(folder))
    where = (folder / "cwd").resolve()
    given = environment.get("INTENT_HOME") or _of_file(where).get("INTENT_HOME") or ".intent"
    homes = {(where / given).resolve()}
    dagster = environment.get("DAGSTER_HOME")
    if dagster:
        homes.add((where / dagster).resolve())
    return not homes.isdisjoint({home.resolve(), dagster_home.resolve()})


def _variables(folder: Path) -> Iterator[tuple[str, str]]:
    for line in (folder / "environ").read_bytes().decode("utf-8", "replace").split("\0"):
        name, equals, value = line.partition("=")
        if equals:
            yield name, value


def _of_file(where: Path) -> Mapping[str, str | None]:
    file = where / ".env"
    return dotenv_values(file) if file.is_file() else {}


def _named(words: list[str]) -> str:
    programs = [Path(word).name for word in words if word and not word.startswith(("-", "{"))]
    return " ".join(programs[:3])
