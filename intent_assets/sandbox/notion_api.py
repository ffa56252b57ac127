"""The operations of the sandbox's Notion on its store, in Notion's own forms."""

import time
from collections.abc import Mapping, Sequence

from intent_assets.sandbox import notion_validation as check
from intent_assets.sandbox.notion_markdown import to_blocks, to_markdown
from intent_assets.sandbox.notion_problems import Problem
from intent_assets.sandbox.notion_store import PAGE, Node, NotionStore, dashed, plain
from intent_assets.sandbox.notion_validation import Json

IN_TRASH_ONLY = "2026-03-11"
"""From this version on `archived` and `after` are gone."""
_BOT = {"object": "user", "id": "7f3c9c1e-0000-4000-8000-00000000b07a"}
_ARCHIVED = "Can't edit block that is archived. You must unarchive the block before editing."


class NotionApi:
    """One request's view of the store: `dated` is its Notion-Version, `base_url` the one of page URLs."""

    def __init__(self, store: NotionStore, *, base_url: str, dated: str, search_lag: float) -> None:
        self._store = store
        self._base_url = base_url
        self._old = dated < IN_TRASH_ONLY
        self._search_lag = search_lag

    def me(self) -> Json:
        """The token's bot."""
        return {**_BOT, "type": "bot", "name": "Intent reports (sandbox)", "avatar_url": None, "bot": {}}

    def create_page(self, body: Json) -> Json:
        """POST /v1/pages below a page, with blocks or with markdown."""
        check.keys(body, {"parent", "properties", "children", "icon", "cover", "markdown", "markdown_version"}, "body")
        parent = check.keys(body.get("parent"), {"type", "page_id"}, "body.parent")
        above = self._page(check.uuid_of(parent.get("page_id"), "body.parent.page_id"), write=True)
        check.icon(body.get("icon"), "body.icon")
        markdown = body.get("markdown")
        if markdown is not None and "children" in body:
            raise check.Invalid("body failed validation: body.children should be not present beside body.markdown.")
        if body.get("markdown_version", "v2") != "v2":
            raise check.Invalid('body failed validation: body.markdown_version should be "v2".')
        blocks = check.children(body.get("children", []), "body.children", least=0)
        properties = body.get("properties", {})
        if markdown is not None:
            blocks = _from_markdown(markdown, "body.markdown")
            if not properties and blocks and blocks[0]["type"] == "heading_1":
                properties = {"title": blocks.pop(0)["heading_1"]["rich_text"]}
        node = self._store.add_page(above.id, check.title_of(properties), body.get("icon"))
        self._store.add_blocks(node.id, blocks)
        return self._page_json(node)

    def retrieve_page(self, page_id: str) -> Json:
        """GET /v1/pages/{id}, from the trash as well."""
        return self._page_json(self._page(page_id))

    def update_page(self, page_id: str, body: Json) -> Json:
        """PATCH /v1/pages/{id}: title, icon, trash."""
        trash = {"in_trash", "archived"} if self._old else {"in_trash"}
        check.keys(body, {"properties", "icon", "cover", "is_locked"} | trash, "body")
        node = self._page(page_id)
        wanted = self._wanted_trash(body)
        if node.in_trash and wanted is not False:
            raise check.Invalid(_ARCHIVED)
        if wanted is not None:
            if node.id == self._store.root:
                raise check.Invalid("Can't archive workspace level pages via API.")
            self._store.trash(node, in_trash=wanted)
        if body.get("properties"):
            self._store.update(node, title=check.title_of(body["properties"]))
        if "icon" in body:
            check.icon(body["icon"], "body.icon")
            self._store.update(node, icon=body["icon"])
        return self._page_json(node)

    def markdown(self, page_id: str) -> Json:
        """GET /v1/pages/{id}/markdown."""
        node = self._page(page_id)
        text = to_markdown(self._store.children(node.id), self._store.children)
        return {
            "object": "page_markdown",
            "id": dashed(node.id),
            "markdown": text,
            "truncated": False,
            "unknown_block_ids": [],
        }

    def update_markdown(self, page_id: str, body: Json) -> Json:
        """PATCH /v1/pages/{id}/markdown."""
        kind = body.get("type")
        if kind not in ("replace_content", "insert_content"):
            raise check.Invalid("body failed validation: body.type should be `replace_content` or `insert_content`.")
        check.keys(body, {"type", kind, "allow_deleting_content"}, "body")
        node = self._page(page_id, write=True)
        if kind == "insert_content":
            value = check.keys(body.get(kind), {"content", "position"}, f"body.{kind}")
            place = check.keys(value.get("position", {"type": "end"}), {"type"}, f"body.{kind}.position").get("type")
            blocks = _from_markdown(value.get("content"), f"body.{kind}.content")
            self._store.add_blocks(node.id, blocks, 0 if place == "start" else None)
            return self.markdown(page_id)
        value = check.keys(body.get(kind), {"new_str", "allow_deleting_content"}, f"body.{kind}")
        blocks = _from_markdown(value.get("new_str"), f"body.{kind}.new_str")
        standing = self._store.children(node.id)
        if any(child.kind == PAGE for child in standing) and value.get("allow_deleting_content") is not True:
            raise check.Invalid(
                "This operation would delete child pages or databases. Set allow_deleting_content to true to do so."
            )
        for child in standing:
            self._store.trash(child)
        self._store.add_blocks(node.id, blocks)
        return self.markdown(page_id)

    def retrieve_block(self, block_id: str) -> Json:
        """GET /v1/blocks/{id}."""
        return self._block_json(self._node(block_id))

    def list_children(self, block_id: str, query: Mapping[str, str]) -> Json:
        """GET /v1/blocks/{id}/children."""
        check.keys(dict(query), {"page_size", "start_cursor"}, "query")
        children = self._store.children(self._node(block_id).id)
        return self._listed(children, query.get("start_cursor"), check.page_size(query.get("page_size")), "block")

    def append_children(self, block_id: str, body: Json) -> Json:
        """PATCH /v1/blocks/{id}/children."""
        check.keys(body, {"children", "position"} | ({"after"} if self._old else set()), "body")
        node = self._node(block_id, write=True)
        inside = "page" if node.kind == PAGE else node.kind
        check.children(body.get("children"), "body.children", inside=inside)
        if node.kind == "table":
            for row in body["children"]:
                check.check_row(row, node.value["table_width"], "body.children")
        if inside in ("divider", "table_row", "code", "breadcrumb", "table_of_contents", "bookmark", "embed"):
            raise check.Invalid(f"Block of type {inside} does not support children.")
        added = self._store.add_blocks(node.id, body["children"], self._place(node, body))
        return self._listed(added, None, len(added), "block")

    def update_block(self, block_id: str, body: Json) -> Json:
        """PATCH /v1/blocks/{id}."""
        node = self._node(block_id, write=True)
        values = check.changed_block(body, node.kind, archived=self._old)
        wanted = self._wanted_trash(body)
        self._store.update(node, **values)
        if wanted is not None:
            self._store.trash(node, in_trash=wanted)
        return self._block_json(node)

    def delete_block(self, block_id: str) -> Json:
        """DELETE /v1/blocks/{id}: into the trash."""
        node = self._store.any(block_id)
        if node is not None and node.in_trash:
            raise check.Invalid(_ARCHIVED)
        node = self._node(block_id, write=True)
        self._store.trash(node)
        return self._block_json(node)

    def search(self, body: Json) -> Json:
        """POST /v1/search: pages whose title holds the words of the query, the last edited first."""
        check.keys(body, {"query", "filter", "sort", "start_cursor", "page_size"}, "body")
        wanted = check.keys(body.get("filter", {}), {"property", "value"}, "body.filter")
        if wanted and (wanted.get("property"), wanted.get("value")) not in (
            ("object", "page"),
            ("object", "data_source"),
        ):
            raise check.Invalid("body failed validation: body.filter should be `object` with `page` or `data_source`.")
        sort = check.keys(body.get("sort", {}), {"direction", "timestamp"}, "body.sort")
        if sort and sort.get("timestamp") != "last_edited_time":
            raise check.Invalid("body failed validation: body.sort.timestamp should be `last_edited_time`.")
        query = body.get("query", "")
        if not isinstance(query, str):
            raise check.Invalid("body failed validation: body.query should be a string.")
        pages = [self._store.any(self._store.root), *self._store.pages()]
        found = [
            page
            for page in pages
            if page is not None
            and wanted.get("value", "page") == "page"
            and not page.in_trash
            and page.indexed_from + self._search_lag <= time.time()
            and all(word in plain(page.value["title"]).casefold() for word in query.casefold().split())
        ]
        found.sort(key=lambda page: (page.edited, page.number), reverse=sort.get("direction") != "ascending")
        size = check.page_size(body.get("page_size"), "body.page_size")
        return self._listed(found, body.get("start_cursor"), size, "page_or_data_source")

    def _wanted_trash(self, body: Json) -> bool | None:
        wanted = body.get("in_trash", body.get("archived"))
        if wanted is not None and not isinstance(wanted, bool):
            raise check.Invalid("body failed validation: body.in_trash should be a boolean.")
        return wanted

    def _place(self, node: Node, body: Json) -> int | None:
        position = check.keys(body.get("position", {"type": "end"}), {"type", "after_block"}, "body.position")
        after = body.get("after")
        if position.get("type") == "after_block":
            after = check.keys(position.get("after_block"), {"id"}, "body.position.after_block").get("id")
        elif position.get("type") == "start":
            return 0
        elif position.get("type") != "end":
            raise check.Invalid("body failed validation: body.position.type should be after_block, start or end.")
        if after is None:
            return None
        bare = check.uuid_of(after, "body.position.after_block.id")
        if bare not in node.children:
            raise check.Invalid("The block to append after is not a child of the given parent.")
        return node.children.index(bare) + 1

    def _page(self, page_id: str, *, write: bool = False) -> Node:
        node = self._store.get(page_id)
        if node is None or node.kind != PAGE:
            raise _missing("page", page_id)
        if write and node.in_trash:
            raise check.Invalid(_ARCHIVED)
        return node

    def _node(self, node_id: str, *, write: bool = False) -> Node:
        node = self._store.get(node_id)
        if node is None:
            raise _missing("block", node_id)
        page = self._store.any(node.page_id)
        if write and (node.in_trash or (page is not None and page.in_trash)):
            raise check.Invalid(_ARCHIVED)
        return node

    def _listed(self, nodes: Sequence[Node], cursor: object, size: int, kind: str) -> Json:
        start = 0
        if cursor is not None:
            bare = check.uuid_of(cursor, "start_cursor")
            start = next((number for number, node in enumerate(nodes) if node.id == bare), -1)
            if start < 0:
                raise check.Invalid("The start_cursor provided is invalid.")
        shown = nodes[start : start + size]
        more = len(nodes) > start + size
        return {
            "object": "list",
            "results": [self._block_json(node) if kind == "block" else self._page_json(node) for node in shown],
            "next_cursor": dashed(nodes[start + size].id) if more else None,
            "has_more": more,
            "type": kind,
            kind: {},
        }

    def _page_json(self, node: Node) -> Json:
        title = {"id": "title", "type": "title", "title": node.value["title"]}
        return {
            "object": "page",
            **self._common(node),
            "cover": None,
            "icon": node.value.get("icon"),
            "is_locked": False,
            "properties": {"title": title},
            "url": f"{self._base_url}/page/{node.id}",
            "public_url": None,
        }

    def _block_json(self, node: Node) -> Json:
        value = {"title": plain(node.value["title"])} if node.kind == PAGE else node.value
        return {
            "object": "block",
            **self._common(node),
            "has_children": bool(self._store.children(node.id)),
            "type": node.kind,
            node.kind: value,
        }

    def _common(self, node: Node) -> Json:
        above = self._store.any(node.parent) if node.parent else None
        parent: Json = {"type": "workspace", "workspace": True}
        if above is not None:
            kind = "page_id" if above.kind == PAGE else "block_id"
            parent = {"type": kind, kind: dashed(above.id)}
        return {
            "id": dashed(node.id),
            "parent": parent,
            "created_time": node.created,
            "last_edited_time": node.edited,
            "created_by": _BOT,
            "last_edited_by": _BOT,
            "in_trash": node.in_trash,
            **({"archived": node.in_trash} if self._old else {}),
        }


def _from_markdown(markdown: object, place: str) -> list[Json]:
    if not isinstance(markdown, str):
        raise check.Invalid(f"body failed validation: {place} should be a string.")
    return to_blocks(markdown)


def _missing(kind: str, node_id: str) -> Problem:
    return Problem(
        404,
        "object_not_found",
        f"Could not find {kind} with ID: {dashed(node_id)}. Make sure the relevant pages and databases are shared with "
        "your integration.",
    )
