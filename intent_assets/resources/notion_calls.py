"""Single calls of Notion's API: retries, pauses and typed errors around the SDK's `request`.

The SDK's own retries are off, because it neither repeats what may be repeated (502, 504, 529, a dropped connection)
nor caps the pause that a server asks for.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, TypeVar

from intent_assets.errors import NotionError, ServiceError
from intent_assets.json_body import whole_text
from intent_assets.resources.call_log import logged
from intent_assets.resources.limits import Turn
from intent_assets.resources.pauses import pause_before, repeating, retry_after
from intent_assets.resources.turns import Turns
from intent_assets.settings import Settings

if TYPE_CHECKING:
    import httpx
    from notion_client import AsyncClient

Json = dict[str, Any]
T = TypeVar("T")

VERSION = "2026-03-11"
"""Notion-Version of all requests: the newest documented; it says `in_trash` where older ones said `archived`."""
PAGE_SIZE = 100
_MESSAGE = 600
_turn: ContextVar[Turn] = ContextVar("turn of the call that is being made")
_UUID = re.compile(r"[0-9a-f]{32}")


class UnclearNotionError(NotionError):
    """A write ended without an answer that can be read: it may have been carried out. Look before doing it again."""


class NotionCalls:
    """Calls over one open SDK client. `token` is only there to be kept out of messages."""

    def __init__(self, sdk: "AsyncClient", turns: Turns, settings: Settings, token: str) -> None:
        self._sdk = sdk
        self._settings = settings
        self._token = token
        self._turns = turns

    async def again(
        self, operation: str, method: str, path: str, *, query: Json | None = None, body: Json | None = None
    ) -> Json:
        """Do what may be done twice (reads, deletes, settings of a value) until it works or the tries are used up."""
        return await self._tried(operation, method, path, query, body, unclear=False)

    async def once(self, operation: str, method: str, path: str, *, body: Json) -> Json:
        """Do what must not be done twice; tried again only where it is known that nothing was done.

        Raises `UnclearNotionError` when it may have been done: the caller has to look.
        """
        return await self._tried(operation, method, path, None, body, unclear=True)

    async def listed(self, operation: str, method: str, path: str, *, body: Json | None = None) -> AsyncIterator[Json]:
        """Yield all results of a paged list."""
        cursor: str | None = None
        seen: set[str] = set()
        while True:
            page: Json = {"page_size": PAGE_SIZE} | ({"start_cursor": cursor} if cursor else {})
            answer = (
                await self.again(operation, method, path, query=page)
                if body is None
                else await self.again(operation, method, path, body=body | page)
            )
            results = answer.get("results")
            if not isinstance(results, list):
                raise NotionError("notion", operation, "the answer holds no list of results", status=200)
            for result in results:
                if isinstance(result, dict):
                    yield result
            cursor = answer.get("next_cursor") if answer.get("has_more") else None
            if cursor is None:
                return
            if not isinstance(cursor, str):
                raise NotionError("notion", operation, "the answer does not say where its list goes on", status=200)
            if cursor in seen:
                raise NotionError("notion", operation, "the pages of the list go round in a circle", status=200)
            seen.add(cursor)

    async def once_or_found(self, do: Callable[[], Awaitable[T]], look: Callable[[], Awaitable[T | None]]) -> T:
        """Do what must not be done twice; where its end is unclear, `look` for its result before doing it again.

        Raises the `UnclearNotionError` of the last try when nothing is found after it either.
        """
        unclear: UnclearNotionError | None = None

        async def attempt() -> T:
            nonlocal unclear
            found = await look() if unclear is not None else None
            if found is not None:
                return found
            try:
                return await do()
            except UnclearNotionError as problem:
                unclear = problem
                raise

        try:
            return await repeating(self._settings, helps=_is_unclear)(attempt)
        except UnclearNotionError as problem:
            await asyncio.sleep(pause_before(1, problem, self._settings))
            found = await look()
            if found is None:
                raise
            return found

    async def _tried(
        self, operation: str, method: str, path: str, query: Json | None, body: Json | None, *, unclear: bool
    ) -> Json:
        return await repeating(self._settings, helps=lambda problem: not _is_unclear(problem))(
            self._sent, operation, method, path, query, body, unclear=unclear
        )

    async def _sent(
        self, operation: str, method: str, path: str, query: Json | None, body: Json | None, *, unclear: bool
    ) -> Json:
        import httpx
        from notion_client.errors import HTTPResponseError, InvalidPathParameterError, RequestTimeoutError

        def lost(message: str, status: int | None = None) -> NotionError:
            kind = UnclearNotionError if unclear else NotionError
            return kind("notion", operation, message, status=status, retryable=True)

        try:
            async with (
                self._turns.take() as turn,
                logged("notion", operation),
                asyncio.timeout(self._settings.notion_timeout),
            ):
                _turn.set(turn)
                answer = whole_text(await self._sdk.request(path=path, method=method, query=query, body=body))
        except HTTPResponseError as problem:
            raise self._refusal(operation, problem, unclear=unclear) from None
        except InvalidPathParameterError:
            raise NotionError("notion", operation, "an id that can't stand in a path") from None
        except (RequestTimeoutError, TimeoutError) as problem:
            if isinstance(problem.__context__, httpx.ConnectTimeout):
                said = f"no connection within {self._settings.connect_timeout:g} s"
                raise NotionError("notion", operation, said, retryable=True) from None
            raise lost(f"no answer within {self._settings.notion_timeout:g} s") from None
        except httpx.ConnectError as problem:
            raise NotionError("notion", operation, f"no connection: {problem}", retryable=True) from None
        except httpx.HTTPError as problem:
            raise lost(f"the connection broke: {type(problem).__name__}") from None
        except (ValueError, RecursionError):
            raise lost("the answer can't be read", 200) from None
        if not isinstance(answer, dict):
            raise lost("the answer is no JSON object", 200)
        return answer

    def _refusal(self, operation: str, problem: Any, *, unclear: bool) -> NotionError:
        status = int(problem.status)
        code = getattr(problem.code, "value", problem.code)
        message = str(problem).replace(self._token, "***")[:_MESSAGE]
        kind = UnclearNotionError if unclear and (status >= 500 or status == 408) else NotionError
        return kind(
            "notion",
            operation,
            f"{code}: {message}",
            status=status,
            retryable=status in (408, 409, 429) or status >= 500,
            retry_after=retry_after(problem.headers.get("retry-after")),
        )


def _is_unclear(problem: ServiceError) -> bool:
    return isinstance(problem, UnclearNotionError)


async def tell_when_sent(request: "httpx.Request") -> None:
    """Hook of the HTTP client: let a call's turn begin when the request goes out over a connection that stands."""
    turn = _turn.get()

    async def trace(event: str, _info: object) -> None:
        if event.endswith("send_request_headers.started"):
            turn.send()

    request.extensions = {**request.extensions, "trace": trace}


def bare_id(value: object) -> str | None:
    """Return a Notion id in one form (32 hex digits, lower case, no dashes), None if it is none."""
    bare = value.replace("-", "").strip().lower() if isinstance(value, str) else ""
    return bare if _UUID.fullmatch(bare) else None
