"""What several tests of resources need."""

from collections.abc import Iterator

import pytest

from intent_assets.sandbox.server import Sandbox
from tests.resources.supabase_client import rows_of


@pytest.fixture
def supabase_sandbox(clean_environment: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    """Supabase's stand-in alone, with seven signals of one domain."""
    with Sandbox(only=["supabase"]) as running:
        for name, value in running.variables().items():
            monkeypatch.setenv(name, value)
        running.service("supabase").tables["signals"] = rows_of(7)
        yield running
