"""The pages of the sandbox's Notion: a tree of nodes, one file per page where a folder is given."""

import contextlib
import json
import threading
import time
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from intent_assets.errors import StorageError
from intent_assets.sandbox.notion_validation import Json, kind_of

PAGE = "child_page"
_NAMESPACE = uuid.UUID("6f1f4c1e-5a07-4f7e-9a55-3f0d5d1c2a10")
_PLAIN_STYLE = {
    "bold": False, "italic": False, "strikethrough": False, "underline": False, "code": False, "color": "default",
}  # fmt: skip


@dataclass
class Node:
    """A page or a block. `value` is the content of its type's key, without children; ids have no dashes.

    `indexed_from` is when it was made, in seconds since 1970: the search may find it some time after that.
    A page has `title` (rich text) and `icon` as its value; `page_id` is the page that a block belongs to.
    """

    id: str
    kind: str
    value: Json
    parent: str | None
    page_id: str
    number: int
    created: str
    edited: str
    in_trash: bool = False
    indexed_from: float = 0.0
    children: list[str] = field(default_factory=list)


class NotionStore:
    """All pages below one parent page, which is there from the start. Safe to use from several threads."""

    def __init__(self, *, seed: int, folder: Path | None) -> None:
        self.lock = threading.RLock()
        self._seed = seed
        self._folder = folder
        self._nodes: dict[str, Node] = {}
        self._changed: set[str] = set()
        self._next = 0
        self._batch = False
        self.root = uuid.uuid5(_NAMESPACE, f"root:{seed}").hex
        if folder is not None:
            self._load(folder)
        if self.root not in self._nodes:
            title = [rich_item({"text": {"content": "Intent reports (sandbox)"}})]
            self._add(
                self.root, PAGE, {"title": title, "icon": {"type": "emoji", "emoji": "🗂️"}}, None, page_id=self.root
            )
            self._save()

    def get(self, node_id: str) -> Node | None:
        """Return a node that is not in the trash, a page also if it is."""
        node = self._nodes.get(node_id)
        return node if node is not None and (node.kind == PAGE or not node.in_trash) else None

    def any(self, node_id: str) -> Node | None:
        """Return a node wherever it is."""
        return self._nodes.get(node_id)

    def pages(self) -> list[Node]:
        """Return all pages but the parent page, in the order of their creation, trashed ones included."""
        return sorted((n for n in self._nodes.values() if n.kind == PAGE and n.parent), key=lambda n: n.number)

    def children(self, node_id: str) -> list[Node]:
        """Return what stands below a node, without the trash."""
        return [child for key in self._nodes[node_id].children if not (child := self._nodes[key]).in_trash]

    @contextlib.contextmanager
    def change(self) -> Iterator[None]:
        """One change: other threads wait, and the files are written once, at its end."""
        with self.lock:
            yield
            self._save()

    def add_page(self, parent: str, title: Sequence[Json], icon: Json | None) -> Node:
        """Add a page at the end of another page."""
        value = {"title": [rich_item(item) for item in title], "icon": icon}
        node_id = self._new_id()
        return self._add(node_id, PAGE, value, parent, page_id=node_id)

    def add_blocks(self, parent: str, blocks: Sequence[Json], at: int | None = None) -> list[Node]:
        """Add blocks, as sent, with all below them; `at` is the place among the children, the end without it."""
        owner = self._nodes[parent]
        page_id = owner.id if owner.kind == PAGE else owner.page_id
        added = []
        for offset, block in enumerate(blocks):
            kind = kind_of(block)
            value = {key: _stored(key, item) for key, item in block[kind].items() if key != "children"}
            place = None if at is None else at + offset
            node = self._add(self._new_id(), kind, _defaults(kind) | value, parent, page_id=page_id, at=place)
            self.add_blocks(node.id, block[kind].get("children") or [])
            added.append(node)
        return added

    def update(self, node: Node, **values: Any) -> None:
        """Set parts of a node's value."""
        node.value |= {key: _stored(key, item) for key, item in values.items()}
        self.touch(node)

    def trash(self, node: Node, *, in_trash: bool = True) -> None:
        """Put a node into the trash, or take it out."""
        node.in_trash = in_trash
        self.touch(node)
        if node.parent is not None:
            self.touch(self._nodes[node.parent])

    def touch(self, node: Node) -> None:
        """Note that a node changed, and its page with it."""
        node.edited = _now()
        page = self._nodes.get(node.page_id)
        if page is not None:
            page.edited = node.edited
        self._changed.add(node.page_id)

    def _new_id(self) -> str:
        return uuid.uuid5(_NAMESPACE, f"{self._seed}:{self._next + 1}").hex

    def _add(
        self, node_id: str, kind: str, value: Json, parent: str | None, *, page_id: str, at: int | None = None
    ) -> Node:
        self._next += 1
        now = _now()
        node = Node(node_id, kind, value, parent, page_id, self._next, now, now, indexed_from=time.time())
        self._nodes[node_id] = node
        if parent is not None:
            siblings = self._nodes[parent].children
            siblings.insert(len(siblings) if at is None else at, node_id)
            self.touch(self._nodes[parent])
        self._changed.add(page_id)
        return node

    def _save(self) -> None:
        changed, self._changed = self._changed, set()
        if self._folder is None:
            return
        for page_id in changed:
            nodes = [asdict(node) for node in self._nodes.values() if node.page_id == page_id]
            file = self._folder / f"{page_id}.json"
            temporary = file.with_suffix(".tmp")
            temporary.write_text(json.dumps(nodes, ensure_ascii=False), encoding="utf-8")
            temporary.replace(file)

    def _load(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        for file in sorted(folder.glob("*.json")):
            try:
                nodes = [Node(**node) for node in json.loads(file.read_text(encoding="utf-8"))]
            except (ValueError, TypeError) as problem:
                raise StorageError(f"sandbox notion: {file} can't be read ({problem}); delete it") from None
            self._nodes |= {node.id: node for node in nodes}
        # A page's file and its parent's are two: one may be older than the other after a crash.
        for node in self._nodes.values():
            node.children = [key for key in node.children if key in self._nodes]
        for node in sorted(self._nodes.values(), key=lambda n: n.number):
            parent = self._nodes.get(node.parent or "")
            if parent is not None and node.id not in parent.children:
                parent.children.append(node.id)
        self._next = max((node.number for node in self._nodes.values()), default=0)


def rich_item(item: Json) -> Json:
    """Return a rich text item as Notion gives it back."""
    if "equation" in item:
        plain, link, inner = item["equation"]["expression"], None, {"equation": item["equation"]}
    else:
        plain, link = item["text"]["content"], (item["text"].get("link") or {}).get("url")
        inner = {"text": {"content": plain, "link": {"url": link} if link else None}}
    return {
        "type": next(iter(inner)),
        **inner,
        "annotations": _PLAIN_STYLE | item.get("annotations", {}),
        "plain_text": plain,
        "href": link,
    }


def plain(items: Sequence[Json]) -> str:
    """Return the text of stored rich text."""
    return "".join(item["plain_text"] for item in items)


def dashed(bare: str) -> str:
    """Return an id in Notion's form."""
    return str(uuid.UUID(bare))


def _stored(key: str, value: Any) -> Any:
    if key in ("rich_text", "caption", "title"):
        return [rich_item(item) for item in value]
    if key == "cells":
        return [[rich_item(item) for item in cell] for cell in value]
    return value


def _defaults(kind: str) -> Json:
    values: Json = {}
    if kind not in (
        "divider",
        "breadcrumb",
        "table",
        "table_row",
        "column",
        "column_list",
        "bookmark",
        "embed",
        "code",
    ):
        values["color"] = "default"
    if kind.startswith("heading_"):
        values["is_toggleable"] = False
    if kind == "table":
        values |= {"has_column_header": False, "has_row_header": False}
    if kind == "callout":
        values["icon"] = {"type": "emoji", "emoji": "💡"}
    return values


def _now() -> str:
    # Notion tells times to the minute.
    return f"{datetime.now(UTC):%Y-%m-%dT%H:%M}:00.000Z"
