"""Smartlead's master inbox: the replies of a period (contracts: replies, section 3). Its key stands in the URL."""

import asyncio
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from types import TracebackType
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from intent_assets.errors import MissingSettings, SmartleadError
from intent_assets.json_body import read_json
from intent_assets.masking import quiet_http_logs
from intent_assets.resources.pauses import repeating, retry_after
from intent_assets.resources.tls import trust
from intent_assets.settings import Services, Settings

if TYPE_CHECKING:
    import httpx

PATH = "api/v1/master-inbox/inbox-replies"
PAGE = 20
_MOST_PAGES = 500
_LONGEST_ANSWER = 20_000_000


class Polled(NamedTuple):
    """The items of a period, newest first; `complete` is False where time or pages ran out."""

    items: list[Mapping[str, Any]]
    complete: bool


class Smartlead:
    """Polls the inbox. Close it, or use it as a context manager. The key never shows."""

    def __init__(self, services: Services, settings: Settings) -> None:
        import httpx

        if services.smartlead_api_key is None:
            raise MissingSettings(("SMARTLEAD_API_KEY",))
        quiet_http_logs()
        self._settings = settings
        # Only a loop can end a call at a given time: a server that trickles is never late for a socket.
        self._runner = asyncio.Runner()
        self._client = httpx.AsyncClient(
            base_url=str(services.smartlead_url),
            params={"api_key": services.smartlead_api_key.get_secret_value()},
            timeout=httpx.Timeout(None, connect=settings.connect_timeout),
            verify=trust(),
        )

    def replies(self, since: datetime, until: datetime, *, seconds: float) -> Polled:
        """Return what was answered between the two times, all pages, in at most `seconds`; raises `SmartleadError`.

        Not to be called where an event loop runs.
        """
        return self._runner.run(self._replies(since, until, time.monotonic() + seconds))

    async def _replies(self, since: datetime, until: datetime, deadline: float) -> Polled:
        items: list[Mapping[str, Any]] = []
        for page in range(_MOST_PAGES):
            left = deadline - time.monotonic()
            if left <= 0:
                return Polled(items, complete=False)
            found: list[Mapping[str, Any]] = await repeating(self._settings, seconds=left)(
                self._page, since, until, page * PAGE, deadline
            )
            items += found
            if len(found) < PAGE:
                return Polled(items, complete=True)
        return Polled(items, complete=False)

    def close(self) -> None:
        """Close the connections."""
        self._runner.run(self._client.aclose())
        self._runner.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    async def _page(self, since: datetime, until: datetime, offset: int, deadline: float) -> list[Mapping[str, Any]]:
        import httpx

        seconds = max(deadline - time.monotonic(), 0.1)
        body = {
            "offset": offset,
            "limit": PAGE,
            "filters": {"emailStatus": "Replied", "replyTimeBetween": [_wire_time(since), _wire_time(until)]},
            "sortBy": "REPLY_TIME_DESC",
        }
        try:
            async with asyncio.timeout(seconds), self._client.stream("POST", PATH, json=body) as answer:
                if not answer.is_success:
                    raise _refusal(answer)
                document = await _document(answer)
        except httpx.ConnectTimeout:
            raise _error(f"no connection within {self._settings.connect_timeout:.3g} s", retryable=True) from None
        except (httpx.TimeoutException, TimeoutError):
            raise _error(f"no answer within {seconds:.3g} s", retryable=True) from None
        except httpx.HTTPError as problem:
            raise _error(f"the connection failed ({type(problem).__name__})", retryable=True) from None
        for name in ("data", "messages"):
            found = document.get(name)
            if isinstance(found, list):
                return [item for item in found if isinstance(item, Mapping)]
        raise _error("the answer has no list under data or messages", status=200)


def _refusal(answer: "httpx.Response") -> SmartleadError:
    passing = answer.status_code in {408, 425, 429} or answer.status_code >= 500
    asked = retry_after(answer.headers.get("retry-after"))
    return _error("did not answer with replies", status=answer.status_code, retryable=passing, asked=asked)


async def _document(answer: "httpx.Response") -> Mapping[str, Any]:
    body = bytearray()
    async for chunk in answer.aiter_bytes():
        body += chunk
        if len(body) > _LONGEST_ANSWER:
            raise _error(f"the answer is longer than {_LONGEST_ANSWER} bytes", status=answer.status_code)
    try:
        document = read_json(bytes(body))
    except ValueError:
        raise _error("the answer is not JSON", status=answer.status_code) from None
    if not isinstance(document, Mapping):
        raise _error("the answer is not a JSON object", status=answer.status_code)
    return document


def _wire_time(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _error(
    said: str, *, status: int | None = None, retryable: bool = False, asked: float | None = None
) -> SmartleadError:
    return SmartleadError(
        "Smartlead", "inbox_replies", said, status=status, retryable=retryable, retry_after=asked
    )  # fmt: skip
