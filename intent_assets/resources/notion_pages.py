"""The one page of a domain: found by its id or by the marker in its title, else created once.

Notion's search lags behind, so a page that was just made may be missing from it; the parent's children do not lag.
Both are asked before a page is created, and again when a creation ended unclearly.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from intent_assets.errors import NotionError
from intent_assets.rendering.notion import ICON, NotionBlock, plain_text, title_marker
from intent_assets.resources.notion_calls import Json, NotionCalls, UnclearNotionError, bare_id


@dataclass(frozen=True)
class Found:
    """A page as Notion tells of it; `duplicates` are the ids of the domain's other pages, `created` is from now."""

    page: Json
    duplicates: tuple[str, ...] = ()
    created: bool = False

    @property
    def page_id(self) -> str:
        """Id in Notion's form."""
        return str(self.page["id"])

    @property
    def title(self) -> str:
        """The title as it stands."""
        return page_title_of(self.page)


class NotionPages:
    """Pages below one parent page."""

    def __init__(self, calls: NotionCalls, parent_id: str) -> None:
        self._calls = calls
        self._parent = parent_id

    async def find(self, domain: str, known_page_id: str | None) -> Found | None:
        """Return the domain's page: the known one if it still stands below the parent, else the oldest one found."""
        known = await self._known(known_page_id)
        if known is not None:
            return Found(known)
        searched, listed = await asyncio.gather(self._searched(domain), self._listed(domain))
        pages = dict(searched)
        for page_id in listed.keys() - searched.keys():
            page = await self._known(page_id)
            if page is not None:
                pages[page_id] = page
        # Notion tells times to the minute; of one minute the page that stands first is the older one.
        place = {page_id: number for number, page_id in enumerate(listed)}
        order = [
            pages[page_id]
            for page_id in sorted(
                pages, key=lambda key: (str(pages[key].get("created_time")), place.get(key, len(place)))
            )
        ]
        if not order:
            return None
        return Found(order[0], tuple(str(page["id"]) for page in order[1:]))

    async def create(self, domain: str, title: str, children: Sequence[NotionBlock]) -> Found:
        """Create the page; when that ends unclearly, look for the page before creating it again."""
        body: Json = {
            "parent": {"type": "page_id", "page_id": self._parent},
            "icon": {"type": "emoji", "emoji": ICON},
            "properties": title_property(title),
            "children": list(children),
        }

        async def create() -> Found:
            return Found(await self._created(body), created=True)

        async def created() -> Found | None:
            found = await self.find(domain, None)
            return Found(found.page, found.duplicates, created=True) if found is not None else None

        return await self._calls.once_or_found(create, created)

    async def rename(self, page_id: str, title: str) -> None:
        """Set the title."""
        await self._calls.again("update_page", "PATCH", f"pages/{page_id}", body={"properties": title_property(title)})

    async def _created(self, body: Json) -> Json:
        page = await self._calls.once("create_page", "POST", "pages", body=body)
        if bare_id(page.get("id")) is None:
            raise UnclearNotionError("notion", "create_page", "the answer holds no page id", status=200, retryable=True)
        return page

    async def _known(self, page_id: str | None) -> Json | None:
        wanted = bare_id(page_id)
        if wanted is None:
            return None
        try:
            page = await self._calls.again("retrieve_page", "GET", f"pages/{wanted}")
        except NotionError as problem:
            # 400: an id that is no page's, 403: no longer shared, 404: gone.
            if problem.status in (400, 403, 404):
                return None
            raise
        return page if self._is_ours(page) else None

    async def _searched(self, domain: str) -> dict[str, Json]:
        body: Json = {"query": domain, "filter": {"property": "object", "value": "page"}}
        pages: dict[str, Json] = {}
        async for page in self._calls.listed("search", "POST", "search", body=body):
            page_id = bare_id(page.get("id"))
            if page_id and self._is_ours(page) and _is_marked(page_title_of(page), domain):
                pages[page_id] = page
        return pages

    async def _listed(self, domain: str) -> dict[str, Json]:
        pages: dict[str, Json] = {}
        try:
            async for block in self._calls.listed("list_children", "GET", f"blocks/{self._parent}/children"):
                page_id = bare_id(block.get("id"))
                content = block.get("child_page")
                title = content.get("title") if isinstance(content, dict) else None
                if page_id and isinstance(title, str) and _is_marked(title, domain):
                    pages[page_id] = block
        except NotionError as problem:
            if problem.status != 404:
                raise
            raise NotionError(
                "notion",
                "list_children",
                "the page of NOTION_PARENT_ID is not there or not shared with this integration; share it with the "
                "integration (page menu, Connections) or set another id",
                status=404,
            ) from None
        return pages

    def _is_ours(self, page: Json) -> bool:
        parent = page.get("parent")
        return (
            page.get("object") == "page"
            and not is_in_trash(page)
            and isinstance(parent, Mapping)
            and bare_id(parent.get("page_id")) == self._parent
        )


def is_in_trash(thing: Mapping[str, object]) -> bool:
    """Say whether a page or block is in the trash (`archived` in older versions of the API)."""
    return bool(thing.get("in_trash") or thing.get("archived"))


def page_title_of(page: Mapping[str, object]) -> str:
    """Return the plain text of a page's title."""
    properties = page.get("properties")
    if isinstance(properties, Mapping):
        for value in properties.values():
            if isinstance(value, Mapping) and (value.get("type") == "title" or "title" in value):
                return plain_text(value.get("title"))
    return ""


def title_property(title: str) -> Json:
    """Return the `properties` of a page with this title."""
    return {"title": {"title": [{"type": "text", "text": {"content": title}}]}}


def _is_marked(title: str, domain: str) -> bool:
    return title.strip().casefold().endswith(title_marker(domain).casefold())
