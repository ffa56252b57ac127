"""Requests to the sandbox's Notion as any client sends them."""

from typing import Any

import httpx

from intent_assets.sandbox.notion import NotionService
from intent_assets.sandbox.server import Sandbox

Json = dict[str, Any]
VERSION = "2026-03-11"


def client_of(sandbox: Sandbox) -> httpx.Client:
    variables = sandbox.variables()
    return httpx.Client(
        base_url=variables["NOTION_BASE_URL"],
        headers={"Authorization": f"Bearer {variables['NOTION_TOKEN']}", "Notion-Version": VERSION},
        trust_env=False,
    )


def rich(content: str, **text: Any) -> list[Json]:
    return [{"type": "text", "text": {"content": content, **text}}]


def block(kind: str = "paragraph", content: str = "x", **value: Any) -> Json:
    return {"object": "block", "type": kind, kind: {"rich_text": rich(content), **value}}


def table(width: int = 1, rows: int = 1) -> Json:
    row = {"type": "table_row", "table_row": {"cells": [rich("x") for _ in range(width)]}}
    return {"type": "table", "table": {"table_width": width, "has_column_header": True, "children": [row] * rows}}


def nested(depth: int) -> Json:
    return block("toggle", "x") if depth == 0 else block("toggle", "x", children=[nested(depth - 1)])


def new_page(service: NotionService, title: str = "A page", **more: Any) -> Json:
    return {"parent": {"page_id": service.store.root}, "properties": {"title": {"title": rich(title)}}, **more}


def created(api: httpx.Client, service: NotionService, title: str = "A page", **more: Any) -> Json:
    answer = api.post("/v1/pages", json=new_page(service, title, **more))
    assert answer.status_code == 200, answer.text
    page: Json = answer.json()
    return page


def refused(answer: httpx.Response, status: int, code: str, words: str = "") -> None:
    body = answer.json()
    assert (answer.status_code, body["object"], body["status"], body["code"]) == (status, "error", status, code), body
    assert words in body["message"]
