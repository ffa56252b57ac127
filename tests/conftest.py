"""Fixtures for all tests: a running sandbox, and an environment that knows nothing but it."""

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from intent_assets.sandbox.server import Sandbox

if TYPE_CHECKING:
    from tests.reported import Reported

# Where it is not kept, each process that a test starts compiles the whole package again.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

FAST = {
    "INTENT_RETRY_PAUSE": "0.01",
    "INTENT_RETRY_PAUSE_MAX": "0.05",
    "INTENT_CHAT_POLL_EVERY": "0.02",
    "INTENT_STEP_TRIES": "1",
    "INTENT_STEP_PAUSE": "0.01",
    "INTENT_NOTION_CALLS_PER_SECOND": "1000",
}
SERVICE_PREFIXES = ("STARBRIDGE_", "DATAGEN_", "ANTHROPIC_", "NOTION_", "CLAY_", "SMARTLEAD_", "SUPABASE_", "INTAKE_")
PREFIXES = (*SERVICE_PREFIXES, "INTENT_", "DAGSTER_")
NAMES = ("POSITIVE_CATEGORIES", "ACCEPT_UNCATEGORISED")


def clean(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Make the environment clean, with all state in `folder`."""
    for name in os.environ:
        if name.startswith(PREFIXES) or name in NAMES:
            monkeypatch.delenv(name)
    home = folder / "home"
    home.mkdir(exist_ok=True)
    for name, value in FAST.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("INTENT_HOME", str(home))
    monkeypatch.setenv("INTENT_LIMITS_FOLDER", str(folder))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1,localhost")
    monkeypatch.chdir(folder)


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The temporary folder that all processes of a session of tests have in common."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session")
def dagster_template(shared_folder: Path) -> Path:
    """A Dagster home in which nothing has run yet, made once for all tests: it is copied, never changed."""
    from tests.dagster_homes import home_made_once

    return home_made_once(shared_folder)


@pytest.fixture
def dagster_home(dagster_template: Path, tmp_path: Path) -> Path:
    """Such a home at the place where commands look for it, without a configuration."""
    return Path(shutil.copytree(dagster_template, tmp_path / "home" / "dagster"))


@pytest.fixture(scope="session")
def reported(shared_folder: Path) -> "Reported":
    """A published report, made once for all tests: what it left is copied, never changed."""
    from tests.reported import reported_once

    return reported_once(shared_folder)


@pytest.fixture
def after_report(reported: "Reported", tmp_path: Path) -> "Reported":
    """The state of the test's own home and sandbox is what the report left; calls are counted from there on."""
    reported.copy_to(tmp_path)
    return reported


@pytest.fixture
def sandbox(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Sandbox]:
    """All stand-ins, on free ports, with their state under the test's own folder."""
    if "after_report" in request.fixturenames:
        request.getfixturevalue("after_report")  # they read their state where they start
    with Sandbox(state_dir=tmp_path / "sandbox") as running:
        yield running


@pytest.fixture
def clean_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No variable of any service, all state in the test's own folder, short pauses between tries."""
    clean(monkeypatch, tmp_path)


@pytest.fixture
def environment(sandbox: Sandbox, clean_environment: None, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The clean environment with the variables that point at the sandbox, which are returned."""
    variables = sandbox.variables()
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    return variables
