"""Stand-in for Clay: takes notices in, refuses those that break the contract (contracts: notices), shows them.

- `POST /hook`: where notices go; `POST /failures`: where failure notices can go;
- `GET /notices`: all notices as JSON; `GET /`: all notices as Slack messages, for people.
"""

import hmac
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from intent_assets.sandbox.clay_notices import read_notice
from intent_assets.sandbox.clay_page import notices_page

AUTH = "sandbox-clay-auth"
FILE = "notices.jsonl"


@dataclass(frozen=True)
class Received:
    """A notice that was taken in; `duplicate` says that one with this id had come before."""

    notice: dict[str, Any]
    endpoint: str
    received_at: str
    duplicate: bool

    def as_json(self) -> dict[str, Any]:
        return {
            "endpoint": self.endpoint,
            "received_at": self.received_at,
            "duplicate": self.duplicate,
            "sandbox": True,
            "notice": self.notice,
        }


@dataclass(frozen=True)
class Refused:
    """A notice that was answered with an error."""

    endpoint: str
    status: int
    reason: str


class ClayService:
    """Takes notices. `auth` is what `x-clay-webhook-auth` has to say; None takes any."""

    name = "clay"

    def __init__(self, *, seed: int = 7, state_dir: Path | None = None, auth: str | None = AUTH) -> None:
        self.seed = seed
        self.auth = auth
        self.refused: list[Refused] = []
        self._file = state_dir / FILE if state_dir is not None else None
        self._received: list[Received] = []
        if self._file is not None and self._file.exists():
            for line in self._file.read_text(encoding="utf-8").splitlines():
                stored = json.loads(line)
                del stored["sandbox"]
                self._received.append(Received(**stored))

    @property
    def received(self) -> list[Received]:
        """All notices in the order of arrival, duplicates too."""
        return list(self._received)

    @property
    def notices(self) -> list[dict[str, Any]]:
        """The bodies of all notices in the order of arrival, duplicates too."""
        return [received.notice for received in self._received]

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/hook", self._take_in, methods=["POST"]),
                Route("/failures", self._take_in, methods=["POST"]),
                Route("/notices", self._list, methods=["GET"]),
                Route("/", self._show, methods=["GET"]),
            ]
        )

    def operation(self, method: str, path: str) -> str:
        names = {
            ("POST", "/hook"): "hook",
            ("POST", "/failures"): "failures",
            ("GET", "/notices"): "notices",
            ("GET", "/"): "page",
        }
        return names.get((method, path), "unknown")

    def variables(self, base_url: str) -> dict[str, str]:
        return {"CLAY_WEBHOOK_URL": f"{base_url}/hook", "CLAY_WEBHOOK_AUTH": self.auth or ""}

    async def _take_in(self, request: Request) -> Response:
        endpoint = request.url.path
        given = request.headers.get("x-clay-webhook-auth", "")
        if self.auth is not None and not hmac.compare_digest(given.encode(), self.auth.encode()):
            return self._refuse(endpoint, 401, "header x-clay-webhook-auth is missing or wrong")
        if request.headers.get("content-type", "").split(";")[0].strip().lower() != "application/json":
            return self._refuse(endpoint, 415, "content-type has to be application/json")
        try:
            notice = read_notice(await request.body())
        except ValidationError as problem:
            errors = problem.errors(include_url=False, include_context=False, include_input=False)
            details = "; ".join(f"{'.'.join(str(part) for part in error['loc'])}: {error['msg']}" for error in errors)
            return self._refuse(endpoint, 422, details)
        if request.headers.get("idempotency-key") != notice["notice_id"]:
            return self._refuse(endpoint, 422, "header Idempotency-Key has to be the notice_id")
        if endpoint == "/failures" and notice["event"] != "run.failed":
            return self._refuse(endpoint, 422, f"{notice['event']} is no failure notice")
        self._keep(notice, endpoint)
        return JSONResponse({"message": "Success"})

    def _refuse(self, endpoint: str, status: int, reason: str) -> Response:
        self.refused.append(Refused(endpoint, status, reason))
        return JSONResponse({"error": reason}, status)

    def _keep(self, notice: dict[str, Any], endpoint: str) -> None:
        known = {received.notice["notice_id"] for received in self._received}
        now = datetime.now(UTC).isoformat()
        received = Received(notice, endpoint, now, duplicate=notice["notice_id"] in known)
        self._received.append(received)
        if self._file is not None:
            with self._file.open("a", encoding="utf-8") as file:
                file.write(json.dumps(received.as_json(), ensure_ascii=False) + "\n")

    async def _list(self, _: Request) -> Response:
        return JSONResponse([received.as_json() for received in self._received])

    async def _show(self, _: Request) -> Response:
        return HTMLResponse(notices_page([received.as_json() for received in self._received]))
