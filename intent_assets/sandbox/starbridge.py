"""Stand-in of Starbridge behind Datagen (contracts: starbridge): its five tools over the invented world."""

import json
import re
import time
import uuid
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import TypeVar

import anyio
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from intent_assets.sandbox.latency import Latency
from intent_assets.sandbox.starbridge_chat import chat_text
from intent_assets.sandbox.starbridge_requests import TOOLS, Refused, checked_vars
from intent_assets.sandbox.starbridge_search import as_sent, search_buyers, search_records
from intent_assets.sandbox.world import World, make_world
from intent_assets.sandbox.world_buyers import Buyer, Json

T = TypeVar("T")

KEY = "sandbox-datagen-key"
AT_ONCE = 10
POLL_SECONDS = 2.0


class ToolFailed(Exception):
    """The tool's answer is a failure envelope."""


@dataclass
class _Run:
    answer: Response
    ready_at: float
    polls_before: int
    polled_at: float = 0.0


class StarbridgeService:
    """The stand-in.

    `world` may be replaced. `strict_polling` answers polls that come faster than every 2 s with 429; `polls_before` is
    the number of 202 answers before a run's own; `answer_seconds` holds each answer in here, counted as in flight.
    """

    name = "starbridge"

    def __init__(self, *, seed: int = 7, state_dir: Path | None = None) -> None:
        self.world: World = make_world(seed)
        self.latency = Latency(seed=seed)
        self.state_dir = state_dir
        self.strict_polling = False
        self.polls_before = 1
        self.answer_seconds = 0.0
        self.most_at_once = 0
        self._in_flight = 0
        self._refused = 0
        self._answered = 0
        self._runs: dict[str, _Run] = {}

    def app(self) -> Starlette:
        """Return the ASGI app."""
        return Starlette(
            routes=[
                Route("/apps/run/{run_id}/output", self._poll, methods=["GET"]),
                Route("/apps/{tool_id}", self._call, methods=["POST"]),
                Route("/apps/{tool_id}/async", self._start, methods=["POST"]),
            ]
        )

    def operation(self, method: str, path: str) -> str:
        """Return the tool's name; a poll is `buyer_chat_poll`."""
        if method == "GET" and re.fullmatch(r"/apps/run/[^/]+/output", path):
            return "buyer_chat_poll"
        match = re.fullmatch(r"/apps/([^/]+)(/async)?", path)
        return TOOLS.get(match[1], "unknown") if match and method == "POST" else "unknown"

    def variables(self, base_url: str) -> dict[str, str]:
        """Return the variables that point a client here."""
        return {"STARBRIDGE_URL": base_url, "DATAGEN_API_KEY": KEY}

    async def _call(self, request: Request) -> Response:
        async with self._admitted(request) as refusal:
            if refusal is not None:
                return refusal
            tool = TOOLS.get(request.path_params["tool_id"])
            if tool == "buyer_chat":
                # The proxy gives up on a call that takes so long.
                return HTMLResponse("<html><body><h1>504 Gateway Time-out</h1></body></html>", 504)
            return await self._answer(request, tool)

    async def _start(self, request: Request) -> Response:
        async with self._admitted(request) as refusal:
            if refusal is not None:
                return refusal
            tool = TOOLS.get(request.path_params["tool_id"])
            answer = await self._answer(request, tool)
            if answer.status_code != 200:
                return answer
            run_id = str(uuid.uuid4())
            ready_at = time.monotonic() + self.latency.run(self.name, tool or "")
            self._runs[run_id] = _Run(answer, ready_at, self.polls_before)
            forms: tuple[Json, ...] = (
                {"run_uuid": run_id},
                {"success": True, "data": {"run_uuid": run_id}},
                {"run_id": run_id, "status": "queued"},
                {"success": True, "data": {"run_id": run_id}},
            )
            return JSONResponse(forms[len(self._runs) % len(forms)])

    async def _poll(self, request: Request) -> Response:
        async with self._admitted(request) as refusal:
            run = self._runs.get(request.path_params["run_id"])
            if refusal is not None:
                return refusal
            if run is None:
                return _failure(404, "run not found")
            now = time.monotonic()
            too_fast, run.polled_at = now - run.polled_at < POLL_SECONDS, now
            if self.strict_polling and too_fast:
                return _failure(429, "polled too fast", {"retry-after": "2"})
            if now < run.ready_at or run.polls_before > 0:
                run.polls_before -= 1
                return JSONResponse({"success": True, "data": {"status": "running"}}, 202)
            return run.answer

    @asynccontextmanager
    async def _admitted(self, request: Request) -> AsyncIterator[Response | None]:
        """Count the request as in flight; gives the refusal where the key or the rate limit asks for one."""
        if request.headers.get("x-api-key") != KEY:
            yield JSONResponse({"detail": "x-api-key is missing or not known"}, 401)
            return
        self._in_flight += 1
        try:
            if self._in_flight > AT_ONCE:
                yield self._too_many()
                return
            self.most_at_once = max(self.most_at_once, self._in_flight)
            await anyio.sleep(self.answer_seconds)
            yield None
        finally:
            self._in_flight -= 1

    def _too_many(self) -> Response:
        self._refused += 1
        soon = format_datetime(datetime.now(UTC) + timedelta(seconds=1), usegmt=True)
        headers: tuple[dict[str, str], ...] = ({}, {"retry-after": "1"}, {"retry-after": soon})
        return _failure(429, f"more than {AT_ONCE} requests at a time", headers[self._refused % len(headers)])

    async def _answer(self, request: Request, tool: str | None) -> Response:
        if tool is None:
            return _failure(404, "no such app")
        try:
            asked = checked_vars(tool, json.loads(await request.body()))
        except Refused as problem:
            return JSONResponse({"detail": str(problem)}, problem.status)
        except ValueError:
            return JSONResponse({"detail": "the body is no JSON"}, 422)
        try:
            output = _TOOLS[tool](self.world, asked)
        except ToolFailed as problem:
            return JSONResponse({"success": False, "error": {"message": str(problem)}})
        self._answered += 1
        sent = json.dumps(output) if self._answered % 2 else output
        return JSONResponse({"success": True, "data": {"output_vars": {"output": sent}}})


def _failure(status: int, reason: str, headers: Mapping[str, str] | None = None) -> Response:
    return JSONResponse({"success": False, "error": {"message": reason}}, status, headers)


def _page(items: list[T], asked: Json, default: int) -> tuple[list[T], int, int]:
    size, number = asked.get("page_size") or default, asked.get("page_number") or 1
    return items[(number - 1) * size : number * size], number, size


def _opportunity_search(world: World, asked: Json) -> Json:
    found = search_records(world, asked)
    page, number, size = _page(found, asked, 40)
    sent = [as_sent(document, asked) for document in page]
    return {
        "totalItems": len(found),
        "pageNumber": number,
        "pageSize": size,
        "resultCount": len(page),
        "uniqueBuyerIds": sorted({wire["buyerId"] for wire in sent if wire["buyerId"]}),
        "opportunities": sent,
    }


def _buyer_search(world: World, asked: Json) -> Json:
    found = search_buyers(world, asked)
    page, _, _ = _page(found, asked, 25)
    return {"totalItems": len(found), "resultCount": len(page), "buyers": page}


def _resolved(world: World, asked: Json) -> Buyer:
    if buyer_id := asked.get("buyer_id"):
        buyer = world.buyer(buyer_id)
    else:
        name = asked["search_query"].strip().lower()
        buyer = next((one for one in world.buyers if one.name.lower() == name), None)
    if buyer is None:
        raise ToolFailed(f"Could not resolve buyer {asked.get('buyer_id') or asked.get('search_query')!r}")
    return buyer


def _buyer_profile(world: World, asked: Json) -> Json:
    buyer = _resolved(world, asked)
    return {"resolved_buyer_id": buyer.id, "profile": buyer.profile}


def _buyer_contacts(world: World, asked: Json) -> Json:
    contacts = world.contacts[_resolved(world, asked).id]
    page, number, size = _page(contacts, asked, 50)
    return {"totalContacts": len(contacts), "pageNumber": number, "pageSize": size, "contacts": page}


def _buyer_chat(world: World, asked: Json) -> Json:
    buyer = _resolved(world, asked)
    return {
        "resolved_buyer_id": buyer.id,
        "resolved_buyer_name": buyer.name,
        "question": asked["question"],
        "ai_response": chat_text(world, buyer, asked["question"]),
        "chatId": str(uuid.uuid5(uuid.NAMESPACE_URL, f"chat {buyer.id}")),
        "messageId": str(uuid.uuid5(uuid.NAMESPACE_URL, f"message {buyer.id} {asked['question']}")),
    }


_TOOLS: Mapping[str, Callable[[World, Json], Json]] = {
    "opportunity_search": _opportunity_search,
    "buyer_search": _buyer_search,
    "buyer_profile": _buyer_profile,
    "buyer_contacts": _buyer_contacts,
    "buyer_chat": _buyer_chat,
}
