"""The Dagster instance that commands share with `dagster dev`: its home, and one run of the graph in this process."""

import os
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock

from intent_assets.settings import Settings

if TYPE_CHECKING:
    import dagster as dg


def ensure_dagster_home(settings: Settings) -> Path:
    """Return DAGSTER_HOME, else `INTENT_HOME/dagster`, made and set up where it is missing; sets DAGSTER_HOME.

    A home that is named by the environment and has a `dagster.yaml` is left as it is.
    """
    home = Path(os.environ.get("DAGSTER_HOME") or settings.home / "dagster").absolute()
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.environ["DAGSTER_HOME"] = str(home)
    config = home / "dagster.yaml"
    if not config.exists():
        config.write_text(resources.files("intent_assets").joinpath("dagster.yaml").read_text("utf-8"), "utf-8")
    return home


def open_instance(settings: Settings) -> "dg.DagsterInstance":
    """Return the instance of DAGSTER_HOME; the first to come makes its storage, the others wait (migrations race)."""
    import dagster as dg

    home = ensure_dagster_home(settings)
    with FileLock(home / ".setup.lock"):
        instance = dg.DagsterInstance.get()
        instance.get_runs_count()
    return instance
