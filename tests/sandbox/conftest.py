"""A running stand-in of Claude that behaves well at the start of each test."""

from collections.abc import Iterator

import pytest

from intent_assets.sandbox.server import Sandbox


@pytest.fixture(scope="module")
def running_claude() -> Iterator[Sandbox]:
    with Sandbox(only=["claude"]) as sandbox:
        yield sandbox


@pytest.fixture
def claude(running_claude: Sandbox) -> Sandbox:
    running_claude.service("claude").behave_well()
    running_claude.service("claude").requests.clear()
    running_claude.calls.clear()
    return running_claude
