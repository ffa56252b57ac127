"""Fixtures for all tests: a running sandbox, and an environment that knows nothing but it."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from intent_assets.sandbox.server import Sandbox

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


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[Sandbox]:
    """All stand-ins, on free ports, with their state under the test's own folder."""
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
