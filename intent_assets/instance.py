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
    """Return the instance of DAGSTER_HOME; the first to come makes its storage, the others wait (migrations race).

    Raises `StorageError` where its files are damaged, locked or can't be read, or its configuration can't be used.
    """
    import dagster as dg
    import yaml
    from sqlalchemy.exc import DBAPIError

    home = ensure_dagster_home(settings)
    with FileLock(home / ".setup.lock"):
        try:
            instance = dg.DagsterInstance.get()
            instance.get_runs_count()
            instance.get_dynamic_partitions("")
        except DBAPIError as problem:
            raise StorageError(
                f"Dagster's files in {home} can't be used ({problem.orig}): `intent doctor` says which and what to do"
            ) from problem
        except (yaml.YAMLError, dg.DagsterError) as problem:
            said = " ".join(str(problem).split())[:300]
            raise StorageError(
                f"{home / 'dagster.yaml'} can't be used ({said}): mend it, or move it away and run the command again"
            ) from problem
    return instance
