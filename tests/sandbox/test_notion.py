"""The sandbox's Notion keeps and shows what it takes."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest

from intent_assets.errors import StorageError
from intent_assets.sandbox.notion import NotionService
from intent_assets.sandbox.notion_store import NotionStore
from intent_assets.sandbox.server import Sandbox
from tests.sandbox.notion_requests import Json, block, client_of, created, refused, rich, table


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
    ("headers", "status", "code", "reason"),
    [
        ({"Authorization": "Bearer other"}, 401, "unauthorized", "another token"),
        ({"Authorization": ""}, 401, "unauthorized", "no token"),
        ({"Notion-Version": "2020-01-01"}, 400, "validation_error", "no such version"),
    ],
)
def test_who_is_not_let_in(api: httpx.Client, headers: dict[str, str], status: int, code: str, reason: str) -> None:
    refused(api.get("/v1/users/me", headers=headers), status, code)


def test_a_version_is_required(api: httpx.Client) -> None:
    del api.headers["Notion-Version"]
    refused(api.get("/v1/users/me"), 400, "missing_version")


def test_a_page_comes_back_as_it_was_made(api: httpx.Client, service: NotionService) -> None:
    sent = [
        block("heading_2", "Head"),
        block("callout", "Note", icon={"type": "emoji", "emoji": "ℹ️"}, color="blue_background"),
        table(2, 3),
        block("toggle", "More", children=[block("bulleted_list_item", "one")]),
        {"type": "divider", "divider": {}},
    ]
    page = created(api, service, children=sent, icon={"type": "emoji", "emoji": "🎯"})
    assert page["parent"] == {"type": "page_id", "page_id": str(UUID(service.store.root))}
    assert "archived" not in page
    found = api.get(f"/v1/blocks/{page['id']}/children").json()["results"]
    assert [child["type"] for child in found] == ["heading_2", "callout", "table", "toggle", "divider"]
    assert [child["has_children"] for child in found] == [False, False, True, True, False]
    assert found[1]["callout"]["color"] == "blue_background"
    assert found[0]["heading_2"]["rich_text"][0]["plain_text"] == "Head"
    rows = api.get(f"/v1/blocks/{found[2]['id'].replace('-', '')}/children").json()["results"]
    assert [len(row["table_row"]["cells"]) for row in rows] == [2, 2, 2]
    assert rows[0]["parent"] == {"type": "block_id", "block_id": found[2]["id"]}
    listed = api.get(f"/v1/blocks/{service.store.root}/children").json()["results"]
    assert [(child["type"], child["child_page"]["title"]) for child in listed] == [("child_page", "A page")]


@pytest.mark.parametrize(
    ("method", "path", "status", "code", "reason"),
    [
        ("GET", "/v1/pages/xyz", 400, "validation_error", "no id"),
        ("GET", f"/v1/pages/{'0' * 32}", 404, "object_not_found", "no such page"),
        ("GET", f"/v1/blocks/{'0' * 32}/children", 404, "object_not_found", "no such block"),
        ("DELETE", f"/v1/blocks/{'0' * 32}", 404, "object_not_found", "no such block"),
        ("GET", "/v1/nothing", 400, "invalid_request_url", "no such path"),
        ("PUT", "/v1/search", 400, "invalid_request_url", "no such method"),
    ],
)
def test_paths_that_lead_nowhere(
    api: httpx.Client, method: str, path: str, status: int, code: str, reason: str
) -> None:
    refused(api.request(method, path), status, code)


def test_a_body_that_is_no_json(api: httpx.Client) -> None:
    refused(api.post("/v1/search", content=b"{"), 400, "invalid_json")
    refused(api.post("/v1/search", json=[1]), 400, "validation_error")


def test_paging(api: httpx.Client, service: NotionService) -> None:
    page = created(api, service, children=[block(content=str(number)) for number in range(7)])
    path, seen, cursor = f"/v1/blocks/{page['id']}/children", [], None
    while True:
        query = {"page_size": 3} | ({"start_cursor": cursor} if cursor else {})
        answer = api.get(path, params=query).json()
        seen += [child["paragraph"]["rich_text"][0]["plain_text"] for child in answer["results"]]
        cursor = answer["next_cursor"]
        assert answer["has_more"] == (cursor is not None)
        if cursor is None:
            break
    assert seen == list("0123456")
    refused(api.get(path, params={"page_size": 101}), 400, "validation_error", "page_size")
    refused(api.get(path, params={"start_cursor": "0" * 32}), 400, "validation_error", "start_cursor")


def texts(api: httpx.Client, page: Json) -> list[str]:
    found = api.get(f"/v1/blocks/{page['id']}/children").json()["results"]
    return [child[child["type"]]["rich_text"][0]["plain_text"] for child in found]


def test_where_blocks_are_put(api: httpx.Client, service: NotionService) -> None:
    page = created(api, service, children=[block(content="a"), block(content="b")])
    path = f"/v1/blocks/{page['id']}/children"
    first = api.get(path).json()["results"][0]["id"]
    after = {"type": "after_block", "after_block": {"id": first}}
    assert api.patch(path, json={"children": [block(content="a2")], "position": after}).status_code == 200
    assert api.patch(path, json={"children": [block(content="0")], "position": {"type": "start"}}).status_code == 200
    assert texts(api, page) == ["0", "a", "a2", "b"]
    refused(api.patch(path, json={"children": [block()], "after": first}), 400, "validation_error", "after")
    older = {"Notion-Version": "2025-09-03"}
    assert api.patch(path, json={"children": [block(content="a1")], "after": first}, headers=older).status_code == 200
    assert texts(api, page) == ["0", "a", "a1", "a2", "b"]


def test_blocks_are_changed_and_deleted_once(api: httpx.Client, service: NotionService) -> None:
    page = created(api, service, children=[block(content="a"), block(content="b")])
    first, second = (child["id"] for child in api.get(f"/v1/blocks/{page['id']}/children").json()["results"])
    assert api.patch(f"/v1/blocks/{first}", json={"paragraph": {"rich_text": rich("c")}}).status_code == 200
    assert api.delete(f"/v1/blocks/{second}").json()["in_trash"] is True
    refused(api.delete(f"/v1/blocks/{second}"), 400, "validation_error", "archived")
    refused(api.get(f"/v1/blocks/{second}"), 404, "object_not_found")
    assert texts(api, page) == ["c"]


def test_the_trash(api: httpx.Client, service: NotionService) -> None:
    page = created(api, service)
    path = f"/v1/pages/{page['id']}"
    refused(api.patch(path, json={"archived": True}), 400, "validation_error", "archived should be not present")
    assert api.patch(path, json={"in_trash": True}).json()["in_trash"] is True
    assert api.get(path).json()["in_trash"] is True
    refused(api.patch(path, json={"properties": {"title": rich("x")}}), 400, "validation_error", "archived")
    refused(api.patch(f"/v1/blocks/{page['id']}/children", json={"children": [block()]}), 400, "validation_error")
    assert api.post("/v1/search", json={"query": "page"}).json()["results"] == []
    assert api.patch(path, json={"in_trash": False, "properties": {"title": rich("New")}}).status_code == 200
    older = api.get(path, headers={"Notion-Version": "2025-09-03"}).json()
    assert older["archived"] is False
    assert older["properties"]["title"]["title"][0]["plain_text"] == "New"


def test_search_finds_titles_after_a_while(api: httpx.Client, service: NotionService) -> None:
    for name in ("Report (vmock.example)", "Report (other.example)"):
        created(api, service, name)

    def found(**body: Any) -> list[str]:
        answer = api.post("/v1/search", json=body)
        assert answer.status_code == 200, answer.text
        return [page["properties"]["title"]["title"][0]["plain_text"] for page in answer.json()["results"]]

    pages_only = {"property": "object", "value": "page"}
    assert found(query="vmock.example", filter=pages_only) == ["Report (vmock.example)"]
    assert len(found()) == 3, "the parent page as well"
    assert found(query="example", sort={"direction": "ascending", "timestamp": "last_edited_time"})[0].endswith(
        "(vmock.example)"
    )
    assert found(query="example", filter={"property": "object", "value": "data_source"}) == []
    service.search_lag = 3600.0
    assert found(query="vmock.example") == []
    refused(api.post("/v1/search", json={"filter": {"value": "page"}}), 400, "validation_error")
    refused(api.post("/v1/search", json={"page_size": 0}), 400, "validation_error")
    refused(api.post("/v1/search", json={"limit": 3}), 400, "validation_error")


def test_the_rate_limit(api: httpx.Client, service: NotionService) -> None:
    service.per_second = 2
    answers = [api.get("/v1/users/me") for _ in range(8)]
    limited = [answer for answer in answers if answer.status_code == 429]
    assert limited
    refused(limited[0], 429, "rate_limited")
    assert limited[0].headers["retry-after"] == "1"


def test_markdown(api: httpx.Client, service: NotionService) -> None:
    body = {
        "parent": {"page_id": service.store.root},
        "markdown": "# Title\n\nText **bold**\n\n- one\n\n| A | B |\n|---|---|\n| 1 | 2 |\n",
    }
    page = api.post("/v1/pages", json=body | {"markdown_version": "v2"}).json()
    assert page["properties"]["title"]["title"][0]["plain_text"] == "Title"
    path = f"/v1/pages/{page['id']}/markdown"
    shown = api.get(path).json()
    assert shown["object"] == "page_markdown"
    assert shown["markdown"] == "Text **bold**\n- one\n| A | B |\n| --- | --- |\n| 1 | 2 |\n"
    replace = {"type": "replace_content", "replace_content": {"new_str": "## New\n\n1. first"}}
    assert api.patch(path, json=replace).json()["markdown"] == "## New\n1. first\n"
    assert texts(api, page) == ["New", "first"]
    below = {"parent": {"page_id": page["id"]}, "properties": {"title": rich("Below")}}
    assert api.post("/v1/pages", json=below).status_code == 200
    refused(api.patch(path, json=replace), 400, "validation_error", "child pages")
    refused(api.patch(path, json={"type": "erase"}), 400, "validation_error")


def test_pages_are_there_again_after_a_restart(tmp_path: Path) -> None:
    with Sandbox(only=["notion"], state_dir=tmp_path) as first, client_of(first) as api:
        service = first.service("notion")
        page = created(api, service, children=[block(content="kept"), table(2, 2)])
        gone = created(api, service, "Gone")
        api.patch(f"/v1/pages/{gone['id']}", json={"in_trash": True})
    with Sandbox(only=["notion"], state_dir=tmp_path) as second, client_of(second) as api:
        found = api.get(f"/v1/blocks/{page['id']}/children").json()["results"]
        assert [child["type"] for child in found] == ["paragraph", "table"]
        assert api.get(f"/v1/pages/{gone['id']}").json()["in_trash"] is True
        another = created(api, second.service("notion"), "Another")
        assert another["id"] not in (page["id"], gone["id"])
        assert second.variables()["NOTION_PARENT_ID"] == service.store.root
    assert list((tmp_path / "notion").glob("*.tmp")) == []


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "broken.json").write_text("[{]")
    with pytest.raises(StorageError, match=r"broken\.json"):
        NotionStore(seed=7, folder=tmp_path)


def test_a_page_as_html_shows_everything_as_text(api: httpx.Client, service: NotionService) -> None:
    evil = '<script>alert("x")</script>'
    page = created(
        api,
        service,
        f"Title {evil}",
        children=[
            block("heading_2", evil),
            block("callout", evil, icon={"type": "emoji", "emoji": "⚠️"}, color="yellow_background"),
            block("toggle", "Sources", children=[block("bulleted_list_item", evil)]),
            {"type": "paragraph", "paragraph": {"rich_text": rich("the RFP", link={"url": 'https://a.example/"><b>'})}},
            block("quote", "line one\nline two"),
            table(2, 2),
        ],
    )
    shown = httpx.get(page["url"], trust_env=False)
    assert shown.status_code == 200
    assert shown.headers["content-type"].startswith("text/html")
    assert "<script" not in shown.text
    assert shown.text.count("&lt;script&gt;") == 6, "document title, trail, title, heading, callout and item"
    for words in (
        "Sandbox data: invented buyers and people",
        "<details><summary>Sources</summary>",
        'class="callout c-yellow_background"',
        'href="https://a.example/&quot;&gt;&lt;b&gt;"',
        "line one<br>line two",
        "<th>x</th>",
    ):
        assert words in shown.text, words
    assert "src=" not in shown.text
    assert "@import" not in shown.text


def test_the_list_of_pages(api: httpx.Client, service: NotionService) -> None:
    base = str(api.base_url)
    assert "No report has been published yet" in httpx.get(base, trust_env=False).text
    page = created(api, service, "Report <one>")
    shown = httpx.get(base, trust_env=False).text
    assert "Report &lt;one&gt;" in shown
    assert page["url"].removeprefix(base.rstrip("/")) in shown
    for nothing in ("/page/xyz", f"/page/{'0' * 32}"):
        assert httpx.get(base.rstrip("/") + nothing, trust_env=False).status_code == 404


@pytest.mark.parametrize(
    ("method", "path", "name"),
    [
        ("POST", "/v1/pages", "create_page"),
        ("GET", "/v1/pages/1", "retrieve_page"),
        ("PATCH", "/v1/pages/1", "update_page"),
        ("PATCH", "/v1/pages/1/markdown", "markdown"),
        ("GET", "/v1/pages/1/markdown", "retrieve_markdown"),
        ("GET", "/v1/blocks/1/children", "list_children"),
        ("PATCH", "/v1/blocks/1/children", "append_children"),
        ("DELETE", "/v1/blocks/1", "delete_block"),
        ("POST", "/v1/search", "search"),
        ("GET", "/v1/users/me", "me"),
        ("GET", "/page/1", "show_page"),
        ("GET", "/else", "unknown"),
    ],
)
def test_operations_have_names(service: NotionService, method: str, path: str, name: str) -> None:
    assert service.operation(method, path) == name


def test_the_files_are_json_that_people_can_read(tmp_path: Path) -> None:
    store = NotionStore(seed=7, folder=tmp_path)
    with store.change():
        store.add_page(store.root, [{"text": {"content": "Ünïcode"}}], None)
    files = sorted(tmp_path.glob("*.json"))
    assert len(files) == 2
    assert any("Ünïcode" in file.read_text(encoding="utf-8") for file in files)
    assert all(json.loads(file.read_text(encoding="utf-8")) for file in files)
