"""The sandbox's Notion, looked at and published to through the real client."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from intent_assets.rendering.notion import blocks, plain_lines
from intent_assets.reports import FactCheckedReport
from intent_assets.resources.notion import Notion, NotionClient, PublishedPage
from intent_assets.sandbox.faults import Fault
from intent_assets.sandbox.notion import NotionService
from intent_assets.sandbox.notion_store import Node, NotionStore
from intent_assets.sandbox.server import Sandbox
from tests.rendering.reports import full_report, passed

Step = Callable[[NotionClient], Awaitable[Any]]


def as_new(running: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Sandbox:
    """The running sandbox without pages, faults and calls, and the variables that point at it."""
    notion = service(running)
    notion.store, notion.search_lag, notion.per_second = NotionStore(seed=7, folder=None), 0.0, None
    running.faults.clear()
    running.calls.clear()
    for name, value in running.variables().items():
        monkeypatch.setenv(name, value)
    return running


def run(step: Step) -> Any:
    async def session() -> Any:
        async with Notion().session() as client:
            return await step(client)

    return asyncio.run(session())


def publish(checked: FactCheckedReport | None = None, known: str | None = None) -> PublishedPage:
    published: PublishedPage = run(lambda client: client.publish(checked or passed(full_report()), known_page_id=known))
    return published


def service(server: Sandbox) -> NotionService:
    found: NotionService = server.service("notion")
    return found


def pages(server: Sandbox) -> list[Node]:
    return [node for node in service(server).store.pages() if not node.in_trash]


def shown(page_id: str) -> list[str]:
    text_of_page: str = run(lambda client: client.read_text(page_id))
    return text_of_page.split("\n")[1:]


def meant(checked: FactCheckedReport | None = None) -> list[str]:
    return plain_lines(blocks((checked or passed(full_report())).report))


def operations(server: Sandbox, name: str) -> int:
    return sum(call.operation == name for call in server.calls)


def fault(operation: str, kind: Any, **more: Any) -> Fault:
    return Fault(service="notion", operation=operation, kind=kind, **more)


def other_page(server: Sandbox, title: str = "Intent report: VMock (vmock.example)", parent: str | None = None) -> str:
    store = service(server).store
    with store.change():
        return store.add_page(parent or store.root, [{"text": {"content": title}}], None).id
