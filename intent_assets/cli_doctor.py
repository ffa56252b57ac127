"""`intent doctor`: which keys are there, which services answer, where state lives."""

import asyncio
import json
from collections.abc import Callable, Coroutine
from contextlib import ExitStack, suppress
from typing import Annotated, Any, Literal

import httpx
import typer

from intent_assets.errors import IntentError
from intent_assets.records import Record
from intent_assets.settings import REQUIRED, Services, Settings, load_services, load_settings

Standing = Literal["ok", "missing", "failed", "off"]
_MARKS = {"ok": "ok     ", "missing": "MISSING", "failed": "FAILED ", "off": "off    "}
_OPTIONAL = {
    "CLAY_WEBHOOK_AUTH": "notices go out without x-clay-webhook-auth",
    "CLAY_FAILURE_WEBHOOK_URL": "run.failed goes to CLAY_WEBHOOK_URL",
    "SMARTLEAD_API_KEY": "Smartlead is not polled for replies",
    "SMARTLEAD_SECRET": "the door takes Smartlead's webhooks from this machine only",
    "INTAKE_TOKEN": "the door takes requests for reports from this machine only",
}


class Check(Record):
    """One thing that was looked at; `mend` says what to do where it is not well."""

    what: str
    standing: Standing
    said: str
    mend: str | None = None


def doctor(
    sandbox: Annotated[
        bool, typer.Option("--sandbox", help="Look at the stand-ins for the services without a key.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON list of checks.")] = False,
) -> None:
    """Look at keys, services and state, change nothing, and say what to mend. Exit code 1 if anything is not well."""
    settings = load_settings()
    with ExitStack() as stack:
        if sandbox:
            from intent_assets.cli_services import stand_ins

            stack.enter_context(stand_ins(settings, lambda line: typer.echo(line, err=True)))
        services = load_services()
        checks = [*_keys(services), *asyncio.run(_services(settings, services)), *_state(settings)]
    if as_json:
        typer.echo(json.dumps([check.model_dump() for check in checks], indent=2))
    else:
        for check in checks:
            typer.echo(f"{_MARKS[check.standing]}  {check.what:<26} {check.said}")
            if check.mend:
                typer.echo(f"         -> {check.mend}")
    if any(check.standing in ("missing", "failed") for check in checks):
        raise typer.Exit(1)


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


async def _services(settings: Settings, services: Services) -> list[Check]:
    addresses = {
        "Starbridge": (services.starbridge_url, services.datagen_api_key),
        "Claude": (services.anthropic_base_url, services.anthropic_api_key),
        "Notion": (services.notion_base_url, services.notion_token),
    }
    waiting: list[Coroutine[Any, Any, Check]] = []
    for name, (url, key) in addresses.items():
        if key is None:
            continue
        if name == "Notion" and services.notion_parent_id:
            waiting.append(_notion())
        else:
            waiting.append(_reachable(name, str(url), settings.connect_timeout))
    waiting.append(_supabase())
    return list(await asyncio.gather(*waiting))


async def _notion() -> Check:
    from intent_assets.resources.notion import Notion

    try:
        async with Notion().session() as client:
            return Check(what="Notion", standing="ok", said=await client.check())
    except IntentError as problem:
        return Check(
            what="Notion",
            standing="failed",
            said=str(problem),
            mend="check NOTION_TOKEN and NOTION_PARENT_ID, and that the page is shared with the integration",
        )


async def _supabase() -> Check:
    from intent_assets.resources.supabase import Supabase

    try:
        async with Supabase().session() as client:
            if client is None:
                said = "SUPABASE_URL and SUPABASE_KEY are not set: signals come from Starbridge alone"
                return Check(what="Supabase", standing="off", said=said)
            return Check(what="Supabase", standing="ok", said=await client.check())
    except IntentError as problem:
        mend = "as it says; names of tables and columns are the settings INTENT_SUPABASE__..."
        return Check(what="Supabase", standing="failed", said=str(problem), mend=mend)


async def _reachable(name: str, url: str, seconds: float) -> Check:
    """Look whether anything answers there at all: no call that costs money is made."""
    try:
        async with httpx.AsyncClient(timeout=seconds) as client:
            answer = await client.get(url)
    except httpx.HTTPError as problem:
        return Check(
            what=name,
            standing="failed",
            said=f"{url} does not answer ({type(problem).__name__})",
            mend=f"check the address of {name} and this machine's way to it",
        )
    return Check(what=name, standing="ok", said=f"{url} answers (HTTP {answer.status_code})")


def _state(settings: Settings) -> list[Check]:
    from intent_assets.intake.inbox import Inbox
    from intent_assets.outbox import Outbox
    from intent_assets.resources.warehouse import Warehouse
    from intent_assets.values import ValueStore

    home = settings.home.absolute()
    inbox, outbox, values = Inbox(settings.inbox), Outbox.of(settings), ValueStore(settings.values)
    checks = [Check(what="INTENT_HOME", standing="ok", said=str(home) + ("" if home.exists() else " (not made yet)"))]
    looks: dict[str, Callable[[], str]] = {
        "inbox": lambda: _counted(inbox.counts()),
        "outbox": lambda: _counted(outbox.counts()),
        "history": Warehouse().check,
    }
    for what, look in looks.items():
        try:
            checks.append(Check(what=what, standing="ok", said=look()))
        except (IntentError, OSError) as problem:
            checks.append(
                Check(what=what, standing="failed", said=str(problem), mend=f"check {home} and its permissions")
            )
    aside = f"move the file out of {home}; it is not read again"
    for what, problems, mend in (
        ("inbox", inbox.damaged, f"{aside}, and put the reply in once more with `intent reply`"),
        ("outbox", outbox.damaged, aside),
        ("values", values.damaged, "as it says; `intent report DOMAIN` makes all values of a domain anew"),
    ):
        with suppress(IntentError, OSError):  # a folder that can't be read was told of above
            checks += [Check(what=what, standing="failed", said=said, mend=mend) for said in problems()]
    return checks


def _counted(counts: dict[str, int]) -> str:
    return ", ".join(f"{number} {name}" for name, number in counts.items())
