"""The sandbox's Notion refuses blocks and pages that the real one refuses."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from intent_assets.sandbox.notion import NotionService
from intent_assets.sandbox.notion_store import NotionStore
from intent_assets.sandbox.server import Sandbox
from tests.sandbox.notion_requests import Json, block, client_of, created, nested, new_page, refused, rich, table


@pytest.fixture(scope="module")
def running() -> Iterator[Sandbox]:
    with Sandbox(only=["notion"]) as sandbox:
        yield sandbox


@pytest.fixture
def service(running: Sandbox) -> NotionService:
    """The stand-in as new."""
    found: NotionService = running.service("notion")
    found.store, found.search_lag, found.per_second = NotionStore(seed=7, folder=None), 0.0, None
    running.calls.clear()
    return found


@pytest.fixture
def api(running: Sandbox, service: NotionService) -> Iterator[httpx.Client]:
    with client_of(running) as client:
        yield client


@pytest.mark.parametrize(
    ("children", "words", "reason"),
    [
        ([block()] * 101, "≤ `100`, instead was `101`", "101 children"),
        ([], "≥ `1`", "no children"),
        ("x", "an array", "not an array"),
        (None, "an array", "left out"),
        ([block(content="x" * 2001)], "≤ `2000`, instead was `2001`", "2,001 characters"),
        ([block(content="😀" * 1001)], "≤ `2000`, instead was `2002`", "characters that count twice"),
        ([{"type": "paragraph", "paragraph": {"rich_text": rich("x") * 101}}], "≤ `100`", "101 pieces of text"),
        ([nested(3)], "at most 2 levels", "three levels below a block"),
        ([{"type": "marquee", "marquee": {}}], "type should be one of", "an unknown type"),
        ([{"type": "paragraph"}], "paragraph should be defined", "the type without its value"),
        ([{"type": "paragraph", "paragraph": {}}], "rich_text should be defined", "no text"),
        ([block(content="x") | {"colour": "red"}], "colour should be not present", "an unknown key of a block"),
        ([block(size=3)], "size should be not present", "an unknown key of its value"),
        ([block(color="mauve")], "colour of Notion", "an unknown colour"),
        ([block("callout", icon={"type": "emoji", "emoji": "word"})], "be an emoji", "an icon that is none"),
        ([block("heading_2", children=[block()])], "children should be not present", "a heading that does not fold"),
        ([block("toggle", children=[])], "≥ `1`", "an empty array below a block"),
        ([block(content="x", children=[block()] * 101)], "≤ `100`", "101 children below a block"),
        (
            [{"type": "paragraph", "paragraph": {"rich_text": rich("x", link={"url": "x"})}}],
            "Invalid URL",
            "no address",
        ),
        (
            [{"type": "paragraph", "paragraph": {"rich_text": rich("x", link={"url": "javascript:alert(1)"})}}],
            "Invalid URL",
            "an address that runs code",
        ),
        (
            [
                {
                    "type": "paragraph",
                    "paragraph": {"rich_text": rich("x", link={"url": f"https://a.example/{'x' * 2000}"})},
                }
            ],
            "≤ `2000`",
            "a long address",
        ),
        ([{"type": "paragraph", "paragraph": {"rich_text": [{"type": "text", "text": {}}]}}], "a string", "no content"),
        ([table(1, 0)], "≥ `1`", "a table without rows"),
        ([table(0)], "table_width", "a table without columns"),
        ([{"type": "table_row", "table_row": {"cells": []}}], "can't stand in", "a row outside a table"),
        (
            [{"type": "table", "table": {"table_width": 2, "children": [table()["table"]["children"][0]]}}],
            "Number of cells",
            "a row of another width",
        ),
        ([block(children=[block(children=[block()] * 100)] * 10)], "number of blocks", "more than 1,000 blocks"),
    ],
)
def test_blocks_that_are_refused(
    api: httpx.Client, service: NotionService, children: Any, words: str, reason: str
) -> None:
    page = created(api, service)
    body = {} if children is None else {"children": children}
    refused(api.patch(f"/v1/blocks/{page['id']}/children", json=body), 400, "validation_error", words)
    assert api.get(f"/v1/blocks/{page['id']}/children").json()["results"] == [], reason
    if children:
        refused(api.post("/v1/pages", json=new_page(service, children=children)), 400, "validation_error", words)


def test_what_is_just_within_the_limits(api: httpx.Client, service: NotionService) -> None:
    link = {"url": f"https://a.example/{'x' * 1982}"}
    full = {"type": "paragraph", "paragraph": {"rich_text": rich("x" * 2000, link=link) * 100}}
    page = created(api, service, children=[block(children=[nested(1)] * 4)] * 100)
    assert api.patch(f"/v1/blocks/{page['id']}/children", json={"children": [full]}).status_code == 200
    assert api.patch(f"/v1/blocks/{page['id']}/children", json={"children": [table(3, 100)]}).status_code == 200


def test_a_body_of_more_than_500_kb(api: httpx.Client, service: NotionService) -> None:
    children = [{"type": "paragraph", "paragraph": {"rich_text": rich("x" * 2000) * 3}}] * 100
    refused(api.post("/v1/pages", json=new_page(service, children=children)), 400, "validation_error", "500000")


@pytest.mark.parametrize(
    ("change", "status", "code", "reason"),
    [
        ({"properties": {}}, 400, "validation_error", "no title"),
        ({"properties": {"Name": {"title": rich("x")}}}, 400, "validation_error", "a property that it can't have"),
        ({"properties": {"title": {"title": rich("x" * 2001)}}}, 400, "validation_error", "a long title"),
        ({"parent": {}}, 400, "validation_error", "no parent"),
        ({"parent": {"page_id": "root"}}, 400, "validation_error", "a parent that is no id"),
        ({"parent": {"page_id": "0" * 32}}, 404, "object_not_found", "a parent that there is not"),
        ({"parent": {"database_id": "0" * 32}}, 400, "validation_error", "a database"),
        ({"title": "x"}, 400, "validation_error", "an unknown key"),
        ({"markdown": "# x", "children": [block()]}, 400, "validation_error", "blocks and markdown"),
        ({"markdown": 3}, 400, "validation_error", "markdown that is no text"),
    ],
)
def test_pages_that_are_refused(
    api: httpx.Client, service: NotionService, change: Json, status: int, code: str, reason: str
) -> None:
    refused(api.post("/v1/pages", json=new_page(service) | change), status, code)
    assert service.store.pages() == [], reason
