"""What the tests of the sensors share."""

from collections.abc import Iterator

import dagster as dg
import pytest

from tests.sensors.graph import an_instance


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with an_instance() as made:
        yield made
