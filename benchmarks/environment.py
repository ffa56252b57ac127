"""An environment that knows nothing of the machine's own keys and state: for what benchmarks run."""

import contextlib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from unittest.mock import patch

from intent_assets.settings import Services

_OURS = ("INTENT_", "DAGSTER_", "POSITIVE_CATEGORIES", "ACCEPT_UNCATEGORISED")


def cleaned(home: Path, variables: Mapping[str, str]) -> dict[str, str]:
    """Return the environment without variables of ours, with all state in `home` and with `variables`."""
    services = tuple(name.upper() for name in Services.model_fields)
    kept = {name: value for name, value in os.environ.items() if not name.startswith((*_OURS, *services))}
    return kept | {"INTENT_HOME": str(home), "NO_PROXY": "127.0.0.1,localhost"} | dict(variables)


@contextlib.contextmanager
def at_home(folder: Path, variables: Mapping[str, str]) -> Iterator[None]:
    """Work in `folder`, state in `folder/home`, with a cleaned environment, until the block ends."""
    with patch.dict(os.environ, cleaned(folder / "home", variables), clear=True), contextlib.chdir(folder):
        yield
