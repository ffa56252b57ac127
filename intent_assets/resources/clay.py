"""Clay: takes one notice by HTTP (contracts: notices)."""

import asyncio
import time
from collections.abc import Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import SecretStr

from intent_assets.errors import ClayError, MissingSettings
from intent_assets.masking import quiet_http_logs
from intent_assets.resources.call_log import logged
from intent_assets.resources.pauses import repeating, retry_after
from intent_assets.resources.tls import trust
from intent_assets.settings import Services, Settings

if TYPE_CHECKING:
    import httpx

Destination = Literal["reports", "failures"]

_LONGEST_ANSWER = 65_536


class Clay:
    """Posts notices. Close it, or use it as a context manager. Its addresses are secrets and never show."""

    def __init__(
        self,
        webhook_url: SecretStr,
        *,
        failure_webhook_url: SecretStr | None = None,
        auth: SecretStr | None = None,
        settings: Settings,
    ) -> None:
        import httpx

        quiet_http_logs()
        self._urls: Mapping[Destination, str] = {
            "reports": webhook_url.get_secret_value(),
            "failures": (failure_webhook_url or webhook_url).get_secret_value(),
        }
        self._settings = settings
        # Only a loop can end a call at a given time: a server that trickles is never late for a socket.
        self._runner = asyncio.Runner()
        self._client = httpx.AsyncClient(
            headers={"x-clay-webhook-auth": auth.get_secret_value()} if auth is not None else {},
            timeout=httpx.Timeout(settings.clay_timeout, connect=settings.connect_timeout),
            verify=trust(),
        )

    @classmethod
    def of(cls, settings: Settings, services: Services) -> Self:
        """Make the client from the settings; raises `MissingSettings` without `CLAY_WEBHOOK_URL`."""
        if services.clay_webhook_url is None:
            raise MissingSettings(("CLAY_WEBHOOK_URL",))
        return cls(
            services.clay_webhook_url,
            failure_webhook_url=services.clay_failure_webhook_url,
            auth=services.clay_webhook_auth,
            settings=settings,
        )

    def destination(self, event: str) -> Destination:
        """Return where notices of `event` go; both names mean one place where there is only one address."""
        if event == "run.failed" and self._urls["failures"] != self._urls["reports"]:
            return "failures"
        return "reports"

    def post(self, notice: Mapping[str, Any], *, patience: float) -> None:
        """Deliver one notice (its wire form), with tries over at most `patience` seconds; raises `ClayError`.

        Any answer but 2xx, and none at all, is tried again: the notice's id makes that harmless. Not to be called
        where an event loop runs.
        """
        deadline = time.monotonic() + patience
        self._runner.run(repeating(self._settings, seconds=patience)(self._post_once, notice, deadline))

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

    async def _post_once(self, notice: Mapping[str, Any], deadline: float) -> None:
        import httpx

        limit = min(self._settings.clay_timeout, max(deadline - time.monotonic(), 0.1))
        taken = False
        try:
            async with (
                logged("clay", str(notice["event"])),
                asyncio.timeout(limit),
                self._client.stream(
                    "POST",
                    self._urls[self.destination(str(notice["event"]))],
                    json=dict(notice),
                    headers={"Idempotency-Key": str(notice["notice_id"])},
                ) as answer,
            ):
                if not answer.is_success:
                    raise self._error(notice, "did not take the notice", answer)
                taken = True
                await _read_out(answer)
        except httpx.ConnectTimeout:
            raise self._error(notice, f"no connection within {self._settings.connect_timeout:.3g} s") from None
        except (httpx.TimeoutException, TimeoutError):
            if not taken:
                raise self._error(notice, f"no answer within {limit:.3g} s") from None
        except (httpx.HTTPError, httpx.InvalidURL) as problem:
            raise self._error(notice, f"the connection failed ({type(problem).__name__})") from None

    def _error(self, notice: Mapping[str, Any], said: str, answer: "httpx.Response | None" = None) -> ClayError:
        host = _host(self._urls[self.destination(str(notice["event"]))])
        return ClayError(
            "Clay",
            "post_notice",
            f"{host} {said}; the notice {notice['notice_id']} ({notice['event']}) is kept and sent later",
            status=answer.status_code if answer is not None else None,
            retryable=True,
            retry_after=retry_after(answer.headers.get("retry-after")) if answer is not None else None,
        )


async def _read_out(answer: "httpx.Response") -> None:
    """Read a short answer out, so that the connection can be used again; a success stays one if it breaks off."""
    import httpx

    size = 0
    try:
        async for chunk in answer.aiter_raw():
            size += len(chunk)
            if size > _LONGEST_ANSWER:
                return
    except httpx.HTTPError:
        return


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or "the address"
    except ValueError:
        return "the address"
