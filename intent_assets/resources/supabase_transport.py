"""Reading of Supabase's tables over HTTP (PostgREST): time-outs, retries, ranges, and what its errors mean."""

import asyncio
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from intent_assets.errors import SupabaseError, SupabaseNoColumn, SupabaseNoTable
from intent_assets.json_body import read_json
from intent_assets.masking import mask, quiet_http_logs
from intent_assets.resources.call_log import logged
from intent_assets.resources.pauses import repeating, retry_after
from intent_assets.resources.tls import trust
from intent_assets.settings import InvalidSettings, Services, Settings

if TYPE_CHECKING:
    import httpx

_LOOPBACK = {"127.0.0.1", "localhost", "::1"}
_RANGE = re.compile(r"\s*(?:(\d{1,15})-\d{1,15}|\*)/(\d{1,15}|\*)\s*")
_NO_COLUMN = (
    re.compile(r"column \"?(?:[\w-]+\"?\.\"?)*(?P<name>\w+)\"? does not exist", re.IGNORECASE),
    re.compile(r"find the '(?P<name>\w+)' column", re.IGNORECASE),
)
_PAST_THE_END = 416


@dataclass(frozen=True)
class Page:
    """Rows as sent, the number of the first of them, and how many there are in all; None: the answer does not say."""

    rows: list[object]
    first: int | None
    total: int | None


class Transport:
    """Reads pages of tables; every failure is a `SupabaseError` that shows neither the key nor anybody's address."""

    def __init__(self, http: "httpx.AsyncClient", key: str, settings: Settings) -> None:
        self._http = http
        self._key = key
        self._settings = settings

    async def page(
        self, table: str, query: Mapping[str, str], *, rows: range | None = None, private: Sequence[str] = ()
    ) -> Page:
        """Read the `rows` by number (from 0; None: what the query says), none past the end; tried again if that helps.

        `private` are values of the query that no error may show.
        """
        return await repeating(self._settings)(self._page_once, table, query, rows, (self._key, *private))

    async def _page_once(
        self, table: str, query: Mapping[str, str], rows: range | None, secrets: Sequence[str]
    ) -> Page:
        import httpx

        seconds = self._settings.supabase.timeout
        headers = {"apikey": self._key, "authorization": f"Bearer {self._key}", "accept": "application/json"}
        if rows is not None:
            headers |= {"range-unit": "items", "range": f"{rows[0]}-{rows[-1]}", "prefer": "count=exact"}
        status = None
        try:
            async with (
                logged("supabase", table),
                asyncio.timeout(seconds),
                self._http.stream("GET", f"rest/v1/{table}", params=query, headers=headers) as answer,
            ):
                status = answer.status_code
                body = await self._body(answer, table)
        except (httpx.HTTPError, TimeoutError) as problem:
            if status is None or status < 300:
                raise _no_answer(table, problem, status, self._settings) from None
            body = b""
        if rows and status == _PAST_THE_END:
            return Page([], None, None)
        if not 200 <= status < 300:
            raise _refusal(table, status, answer.headers.get("retry-after"), body, secrets)
        return _page(table, status, answer.headers.get("content-range"), body)

    async def _body(self, answer: "httpx.Response", table: str) -> bytes:
        longest = self._settings.supabase.longest_answer
        body = bytearray()
        async for chunk in answer.aiter_bytes():
            body += chunk
            if len(body) > longest:
                said = f"the answer is longer than {longest} bytes; set INTENT_SUPABASE__PAGE_SIZE lower"
                raise SupabaseError("Supabase", table, said, status=answer.status_code)
        return bytes(body)


@asynccontextmanager
async def open_transport(settings: Settings, services: Services) -> AsyncIterator[Transport | None]:
    """Open the connections; None where neither address nor key is set. Raises `InvalidSettings` for one alone."""
    import httpx

    if not is_configured(services):
        yield None
        return
    quiet_http_logs()
    key = services.supabase_key.get_secret_value().strip() if services.supabase_key else ""
    if not (key and key.isascii() and key.isprintable()):
        raise InvalidSettings("SUPABASE_KEY holds characters that can't stand in a header; copy the key again")
    base = httpx.URL(str(services.supabase_url))
    path = base.path.rstrip("/").removesuffix("/rest/v1") + "/"
    base = base.copy_with(username=None, password=None, path=path, query=None, fragment=None)
    timeout = httpx.Timeout(settings.supabase.timeout, connect=settings.connect_timeout, pool=None)
    # A proxy of the environment is for the outside, not for a stand-in on this machine.
    async with httpx.AsyncClient(
        base_url=base, timeout=timeout, verify=trust(), trust_env=base.host not in _LOOPBACK
    ) as http:
        yield Transport(http, key, settings)


def is_configured(services: Services) -> bool:
    """Return whether Supabase is used: both variables are set. Raises `InvalidSettings` where only one is."""
    given = {"SUPABASE_URL": services.supabase_url is not None, "SUPABASE_KEY": services.supabase_key is not None}
    if any(given.values()) and not all(given.values()):
        there, missing = sorted(given, key=lambda name: not given[name])
        raise InvalidSettings(
            f"{there} is set and {missing} is not: set {missing} as well, or unset {there} to work without Supabase"
        )
    return all(given.values())


def _page(table: str, status: int, content_range: str | None, body: bytes) -> Page:
    try:
        rows = read_json(body)
    except ValueError:
        raise SupabaseError("Supabase", table, "the answer is no JSON", status=status, retryable=True) from None
    if not isinstance(rows, list):
        raise SupabaseError("Supabase", table, "the answer is no list of rows; check SUPABASE_URL", status=status)
    match = _RANGE.fullmatch(content_range or "")
    first, total = (match[1], match[2]) if match else (None, None)
    return Page(rows, int(first) if first else None, int(total) if total and total.isdecimal() else None)


def _no_answer(
    table: str, problem: "httpx.HTTPError | TimeoutError", status: int | None, settings: Settings
) -> SupabaseError:
    import httpx

    match problem:
        case httpx.ConnectTimeout():
            said = f"no connection within {settings.connect_timeout:g} s"
        case httpx.TimeoutException() | TimeoutError():
            said = f"no answer within {settings.supabase.timeout:g} s"
        case httpx.ConnectError():
            said = "no connection; check SUPABASE_URL and the network"
        case httpx.LocalProtocolError() | httpx.UnsupportedProtocol():
            # The text of these can hold what was sent, the key included.
            return SupabaseError("Supabase", table, f"the request could not be sent ({type(problem).__name__})")
        case _:
            said = f"the connection broke off ({type(problem).__name__})"
    return SupabaseError("Supabase", table, said, status=status, retryable=True)


def _refusal(table: str, status: int, pause: str | None, body: bytes, secrets: Sequence[str]) -> SupabaseError:
    """Say what an answer other than 2xx means (PostgREST: `code` and `message`)."""
    code, message = _code_and_message(body)
    if code in ("PGRST205", "42P01"):
        return SupabaseNoTable("Supabase", table, f"there is no table {table}", status=status)
    if code in ("PGRST204", "42703"):
        found = next((match for pattern in _NO_COLUMN if (match := pattern.search(message))), None)
        which = f"column {found['name']}" if found else "such column as was asked for"
        missing = SupabaseNoColumn("Supabase", table, f"the table {table} has no {which}", status=status)
        missing.column = found["name"] if found else None
        return missing
    if status in (401, 403):
        may_not = f"SUPABASE_KEY may not read the table {table}"
        said = may_not if code == "42501" else "the key is refused; check SUPABASE_KEY"
        return SupabaseError("Supabase", table, said, status=status)
    if status == 404 or 300 <= status < 400:
        return SupabaseError("Supabase", table, "no tables are served there; check SUPABASE_URL", status=status)
    passing = status in {408, 425, 429} or status >= 500
    said = mask(f"{code} {message}".strip(), secrets)[:300] or "no reason given"
    return SupabaseError(
        "Supabase", table, said, status=status, retryable=passing, retry_after=retry_after(pause)
    )  # fmt: skip


def _code_and_message(body: bytes) -> tuple[str, str]:
    try:
        said = read_json(body)
    except ValueError:
        return "", "no JSON" if body else ""
    if not isinstance(said, dict):
        return "", ""
    code, message = said.get("code"), said.get("message")
    return code if isinstance(code, str) else "", message if isinstance(message, str) else ""
