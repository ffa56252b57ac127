"""The doctor's look at the outside services, and at the clock by what they say."""

import asyncio
from collections.abc import Coroutine
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from intent_assets.cli_doctor_checks import Check, failed, ok, one_line
from intent_assets.errors import IntentError
from intent_assets.masking import mask_url
from intent_assets.settings import Services, Settings

CLOCK_SECONDS = 300.0
"""A clock that differs by more than this is wrong."""


def services_checks(settings: Settings, services: Services) -> list[Check]:
    """Look whether each configured service answers; no call that costs money is made."""
    return asyncio.run(_all(settings, services))


async def _all(settings: Settings, services: Services) -> list[Check]:
    addresses = {
        "Starbridge": (services.starbridge_url, services.datagen_api_key),
        "Claude": (services.anthropic_base_url, services.anthropic_api_key),
        "Notion": (services.notion_base_url, services.notion_token),
    }
    waiting: list[Coroutine[Any, Any, list[Check]]] = []
    for name, (url, key) in addresses.items():
        if key is None:
            continue
        if name == "Notion" and services.notion_parent_id:
            waiting.append(_notion())
        else:
            waiting.append(_reachable(name, str(url), settings.connect_timeout))
    waiting.append(_supabase())
    answers = await asyncio.gather(*waiting, return_exceptions=True)
    return [check for answer in answers for check in _of(answer)]


def _of(answer: list[Check] | BaseException) -> list[Check]:
    if isinstance(answer, list):
        return answer
    if not isinstance(answer, Exception):
        raise answer
    return [failed("services", f"{type(answer).__name__}: {one_line(answer)}", "check the variables of the service")]


async def _notion() -> list[Check]:
    from intent_assets.resources.notion import Notion

    try:
        async with Notion().session() as client:
            return [ok("Notion", await client.check())]
    except IntentError as problem:
        mend = "check NOTION_TOKEN and NOTION_PARENT_ID, and that the page is shared with the integration"
        return [failed("Notion", str(problem), mend)]


async def _supabase() -> list[Check]:
    from intent_assets.resources.supabase import Supabase

    try:
        async with Supabase().session() as client:
            if client is None:
                said = "SUPABASE_URL and SUPABASE_KEY are not set: signals come from Starbridge alone"
                return [Check(what="Supabase", standing="off", said=said)]
            return [ok("Supabase", await client.check())]
    except IntentError as problem:
        mend = "as it says; names of tables and columns are the settings INTENT_SUPABASE__..."
        return [failed("Supabase", str(problem), mend)]


async def _reachable(name: str, url: str, seconds: float) -> list[Check]:
    import httpx

    shown = mask_url(url)
    try:
        async with httpx.AsyncClient(timeout=seconds) as client:
            answer = await client.get(url)
    except (httpx.HTTPError, httpx.InvalidURL) as problem:
        mend = f"check the address of {name} and this machine's way to it"
        return [failed(name, f"{shown} does not answer ({type(problem).__name__})", mend)]
    return [ok(name, f"{shown} answers (HTTP {answer.status_code})"), *_clock(name, answer.headers.get("date"))]


def _clock(name: str, said: str | None) -> list[Check]:
    try:
        there = parsedate_to_datetime(said or "")
    except ValueError:
        return []
    now = datetime.now(UTC)
    difference = (now - there.replace(tzinfo=there.tzinfo or UTC)).total_seconds()
    if abs(difference) <= CLOCK_SECONDS:
        return []
    where = "ahead of" if difference > 0 else "behind"
    said = f"this machine's clock is {abs(difference):.0f} s {where} that of {name}: {now:%Y-%m-%d %H:%M} UTC here"
    return [failed("clock", said, "set the clock, best by NTP: dates and ages in reports come from it")]
