"""`intent doctor`: which keys are there, which services answer, whether state and machine are well, and what to do."""

import json
import os
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from intent_assets.cli_doctor_checks import Check, Look, failed, looked
from intent_assets.cli_doctor_dagster import dagster_looks
from intent_assets.cli_doctor_disk import disk_looks
from intent_assets.cli_doctor_services import services_checks
from intent_assets.cli_doctor_stored import stored_looks
from intent_assets.settings import (
    REQUIRED,
    InvalidSettings,
    Services,
    Settings,
    load_services,
    load_settings,
)

_MARKS = {"ok": "ok     ", "missing": "MISSING", "failed": "FAILED ", "off": "off    "}
_OPTIONAL = {
    "CLAY_WEBHOOK_AUTH": "notices go out without x-clay-webhook-auth",
    "CLAY_FAILURE_WEBHOOK_URL": "run.failed goes to CLAY_WEBHOOK_URL",
    "SMARTLEAD_API_KEY": "Smartlead is not polled for replies",
    "SMARTLEAD_SECRET": "the door takes Smartlead's webhooks from this machine only",
    "INTAKE_TOKEN": "the door takes requests for reports from this machine only",
}

_Loaded = TypeVar("_Loaded", Settings, Services)


def doctor(
    sandbox: Annotated[
        bool, typer.Option("--sandbox", help="Look at the stand-ins for the services without a key.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON list of checks.")] = False,
) -> None:
    """Look at keys, services, disk, state, history and Dagster, change nothing, and say what to mend.

    Each finding is one line, and what to do about it below. Exit code 1 if anything is not well.
    """
    checks: list[Check] = []
    settings = _loaded(load_settings, _default_settings, checks)
    with ExitStack() as stack:
        if sandbox:
            from intent_assets.cli_services import stand_ins

            stack.enter_context(stand_ins(settings, lambda line: typer.echo(line, err=True)))
        services = _loaded(load_services, Services.model_construct, checks)
        mend = "check the variables of the services (see .env.example)"
        checks += _keys(services)
        checks += looked(
            [
                Look("services", lambda: services_checks(settings, services), mend),
                *disk_looks(settings),
                *stored_looks(settings),
                *dagster_looks(settings),
            ]
        )
    if as_json:
        typer.echo(json.dumps([check.model_dump() for check in checks], indent=2))
    else:
        for check in checks:
            typer.echo(f"{_MARKS[check.standing]}  {check.what:<26} {check.said}")
            if check.mend:
                typer.echo(f"         -> {check.mend}")
    if any(check.standing in ("missing", "failed") for check in checks):
        raise typer.Exit(1)


def _loaded(load: Callable[[], _Loaded], default: Callable[[], _Loaded], checks: list[Check]) -> _Loaded:
    """Load settings; where they can't be used, that is a finding, and the rest is looked at with the defaults."""
    try:
        return load()
    except InvalidSettings as problem:
        checks.append(failed("settings", str(problem), "mend that variable in the environment or in .env"))
        return default()


def _default_settings() -> Settings:
    return Settings.model_construct(home=Path(os.environ.get("INTENT_HOME") or ".intent"))


def _keys(services: Services) -> list[Check]:
    checks = []
    for name in REQUIRED:
        there = bool(getattr(services, name.lower()))
        mend = None if there else f"set {name} in the environment or .env, or work with --sandbox"
        checks.append(Check(what=name, standing="ok" if there else "missing", said="set" if there else "", mend=mend))
    for name, without in _OPTIONAL.items():
        there = bool(getattr(services, name.lower()))
        checks.append(Check(what=name, standing="ok" if there else "off", said="set" if there else without))
    return checks
