"""A report that was published once for all tests of a session, and copies of all that it left."""

import json
import shutil
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from intent_assets.sandbox.server import Sandbox
from tests.conftest import clean
from tests.dagster_homes import whole_databases
from tests.running import PRODUCT, intent

REPLY: dict[str, Any] = {
    "target_domain": "vmock.example",
    "target_company": "VMock",
    "product_description": PRODUCT,
    "prospect_name": "Ana Diaz",
    "prospect_email": "Ana.Diaz@VMock.example",
    "tier": 3,
    "reply_text": "Yes please, send it over. Ana Diaz, +1 555 0142, ana.diaz@vmock.example",
}
_ANSWER = "answer.json"


@dataclass(frozen=True)
class Reported:
    """A folder with what a first report left, which nobody changes: the state of the home and of the sandbox."""

    folder: Path

    @cached_property
    def answer(self) -> dict[str, Any]:
        """What `intent report --json` printed."""
        answer: dict[str, Any] = json.loads((self.folder / _ANSWER).read_text("utf-8"))
        return answer

    @property
    def reply(self) -> str:
        """The file that was given with `--reply`."""
        return str(self.folder / "reply.json")

    def copy_to(self, folder: Path) -> None:
        """Put it into the folder of a test, before its sandbox is started."""
        for name in ("home", "sandbox"):
            shutil.copytree(self.folder / name, folder / name, dirs_exist_ok=True)


def reported_once(shared: Path) -> Reported:
    """Return the report of the session, made by the first to ask for it; other test processes wait."""
    folder = shared / "reported"
    with FileLock(shared / "reported.lock"):
        if not (folder / _ANSWER).exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            _make(folder)
    return Reported(folder)


def _make(folder: Path) -> None:
    file = folder / "reply.json"
    file.write_text(json.dumps(REPLY), "utf-8")
    with pytest.MonkeyPatch.context() as patch, Sandbox(state_dir=folder / "sandbox") as sandbox:
        clean(patch, folder)
        for name, value in sandbox.variables().items():
            patch.setenv(name, value)
        patch.setenv("DAGSTER_HOME", str(folder / "home" / "dagster"))
        ran = intent("report", REPLY["target_domain"], "--reply", str(file), "--json")
    assert ran.exit_code == 0, ran.stdout
    whole_databases(folder)
    (folder / _ANSWER).write_text(ran.stdout, "utf-8")
