"""The Dagster instance that commands share with `dagster dev`: its home, and one run of the graph in this process."""

import os
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock

from intent_assets.durable import private_folder, write_file
from intent_assets.errors import StorageError
from intent_assets.settings import Settings

if TYPE_CHECKING:
    import dagster as dg


def dagster_home(settings: Settings) -> Path:
    """Return DAGSTER_HOME, else `INTENT_HOME/dagster`, whether it is there or not."""
    return Path(os.environ.get("DAGSTER_HOME") or settings.home / "dagster").absolute()


def ensure_dagster_home(settings: Settings) -> Path:
    """Return DAGSTER_HOME, else `INTENT_HOME/dagster`, made and set up where it is missing; sets DAGSTER_HOME.

    A home that is named by the environment and has a `dagster.yaml` is left as it is.
    """
    home = dagster_home(settings)
    try:
        private_folder(home)
        config = home / "dagster.yaml"
        if not config.exists():
            write_file(config, resources.files("intent_assets").joinpath("dagster.yaml").read_bytes())
    except StorageError as problem:
        raise StorageError(f"{problem}. DAGSTER_HOME has to be a folder that can be written to") from None
    os.environ["DAGSTER_HOME"] = str(home)
    return home


def open_instance(settings: Settings) -> "dg.DagsterInstance":
    """Return the instance of DAGSTER_HOME; the first to come makes its storage, the others wait (migrations race)."""
    import dagster as dg

    home = ensure_dagster_home(settings)
    with FileLock(home / ".setup.lock"):
        instance = dg.DagsterInstance.get()
        instance.get_runs_count()
    return instance
