"""Stand-in for Notion: the part of its API that reports need, as strict as the real one, and its pages as HTML.

Other than the real Notion: one token, one parent page, no comments, databases or files; of the markdown commands
`replace_content` and `insert_content`.
"""

import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from intent_assets.sandbox import notion_html as html
from intent_assets.sandbox import notion_validation as check
from intent_assets.sandbox.notion_api import NotionApi
from intent_assets.sandbox.notion_problems import Problem
from intent_assets.sandbox.notion_store import NotionStore

TOKEN = "sandbox-notion-token"  # noqa: S105 -- no secret: the sandbox's own, on loopback
VERSIONS = ("2021-05-13", "2021-08-16", "2022-02-22", "2022-06-28", "2025-09-03", "2026-03-11")

_ID = r"[^/]+"
_OPERATIONS = tuple(
    (method, re.compile(path), name)
    for method, path, name in (
        ("POST", r"/v1/pages", "create_page"),
        ("GET", rf"/v1/pages/{_ID}", "retrieve_page"),
        ("PATCH", rf"/v1/pages/{_ID}", "update_page"),
        ("GET", rf"/v1/pages/{_ID}/markdown", "retrieve_markdown"),
        ("PATCH", rf"/v1/pages/{_ID}/markdown", "markdown"),
        ("GET", rf"/v1/blocks/{_ID}/children", "list_children"),
        ("PATCH", rf"/v1/blocks/{_ID}/children", "append_children"),
        ("GET", rf"/v1/blocks/{_ID}", "retrieve_block"),
        ("PATCH", rf"/v1/blocks/{_ID}", "update_block"),
        ("DELETE", rf"/v1/blocks/{_ID}", "delete_block"),
        ("POST", r"/v1/search", "search"),
        ("GET", r"/v1/users/me", "me"),
        ("GET", rf"/page/{_ID}", "show_page"),
        ("GET", r"/", "show_pages"),
    )
)


class NotionService:
    """The stand-in. `store` holds the pages; with `state_dir` they are there again after a restart.

    `search_lag` is for how many seconds a new page is missing from the search, `per_second` how many requests a
    second are answered before the rest get 429 (None: all).
    """

    name = "notion"

    def __init__(self, *, seed: int = 7, state_dir: Path | None = None) -> None:
        self.store = NotionStore(seed=seed, folder=state_dir)
        self.search_lag = 0.0
        self.per_second: int | None = None
        self._second = (0, 0)

    def app(self) -> Starlette:
        """Return the ASGI app."""
        everything = Route("/v1/{rest:path}", self._answer, methods=["GET", "POST", "PATCH", "DELETE", "PUT"])
        return Starlette(
            routes=[
                Route("/", self._show_pages),
                Route("/page/{page_id}", self._show_page),
                everything,
            ]
        )

    def operation(self, method: str, path: str) -> str:
        """Return the operation's name, `unknown` for a path that there is not."""
        return next((name for verb, rule, name in _OPERATIONS if verb == method and rule.fullmatch(path)), "unknown")

    def variables(self, base_url: str) -> dict[str, str]:
        """Return what points a client at this stand-in."""
        return {"NOTION_BASE_URL": base_url, "NOTION_TOKEN": TOKEN, "NOTION_PARENT_ID": self.store.root}

    async def _answer(self, request: Request) -> Response:
        try:
            self._let_in(request)
            answer = await self._carry_out(request)
        except check.Invalid as problem:
            return _error(Problem(400, problem.code, str(problem)))
        except Problem as problem:
            return _error(problem)
        return JSONResponse(answer)

    async def _carry_out(self, request: Request) -> check.Json:
        operation = self.operation(request.method, request.url.path)
        parts = request.url.path.split("/")
        raw = await request.body()
        api = NotionApi(
            self.store,
            base_url=str(request.base_url).rstrip("/"),
            dated=request.headers["notion-version"],
            search_lag=self.search_lag,
        )
        body = check.body_of(raw) if request.method in ("POST", "PATCH") else {}
        node_id = ""
        if len(parts) > 3 and parts[2] in ("pages", "blocks"):
            node_id = check.uuid_of(parts[3], f"path.{parts[2].removesuffix('s')}_id")
        query = dict(request.query_params)
        carry_out: dict[str, Callable[[], check.Json]] = {
            "create_page": lambda: api.create_page(body),
            "retrieve_page": lambda: api.retrieve_page(node_id),
            "update_page": lambda: api.update_page(node_id, body),
            "retrieve_markdown": lambda: api.markdown(node_id),
            "markdown": lambda: api.update_markdown(node_id, body),
            "list_children": lambda: api.list_children(node_id, query),
            "append_children": lambda: api.append_children(node_id, body),
            "retrieve_block": lambda: api.retrieve_block(node_id),
            "update_block": lambda: api.update_block(node_id, body),
            "delete_block": lambda: api.delete_block(node_id),
            "search": lambda: api.search(body),
            "me": api.me,
        }
        if operation not in carry_out:
            raise Problem(400, "invalid_request_url", "Invalid request URL.")
        with self.store.change():
            return carry_out[operation]()

    def _let_in(self, request: Request) -> None:
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            raise Problem(401, "unauthorized", "API token is invalid.")
        version = request.headers.get("notion-version")
        if version is None:
            raise Problem(
                400,
                "missing_version",
                "Notion-Version header failed validation: Notion-Version header should be defined.",
            )
        if version not in VERSIONS:
            raise check.Invalid(f"Notion-Version header failed validation: should be one of {', '.join(VERSIONS)}.")
        if self.per_second is not None:
            second, seen = self._second
            now = int(time.monotonic())
            self._second = (now, seen + 1 if second == now else 1)
            if self._second[1] > self.per_second:
                raise Problem(429, "rate_limited", "You have been rate limited. Please try again.", retry_after="1")

    async def _show_pages(self, request: Request) -> Response:
        del request
        with self.store.lock:
            return HTMLResponse(html.index(self.store))

    async def _show_page(self, request: Request) -> Response:
        with self.store.lock:
            try:
                node = self.store.get(check.uuid_of(request.path_params["page_id"], "path.page_id"))
            except check.Invalid:
                node = None
            if node is None or node.kind != "child_page":
                return HTMLResponse(html.missing(), status_code=404)
            return HTMLResponse(html.page(self.store, node))


def _error(problem: Problem) -> JSONResponse:
    body: dict[str, Any] = {
        "object": "error",
        "status": problem.status,
        "code": problem.code,
        "message": str(problem),
        "request_id": "00000000-0000-4000-8000-000000000000",
    }
    headers = {"Retry-After": problem.retry_after} if problem.retry_after else None
    return JSONResponse(body, problem.status, headers=headers)
