"""The content of a page: read whole, cleared, appended to without doubling, compared with what was meant."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from intent_assets.errors import NotionError
from intent_assets.rendering.notion import (
    ADDENDUM_HEADING,
    NotionBlock,
    addendum_blocks,
    batches,
    plain_lines,
    plain_text,
)
from intent_assets.resources.notion_blocks import known_form
from intent_assets.resources.notion_calls import Json, NotionCalls, bare_id
from intent_assets.resources.notion_pages import is_in_trash

FOREIGN = frozenset({"child_page", "child_database"})
"""Pages and databases that people made below a report's page: never ours, never touched."""
_NO_MARKDOWN = frozenset({400, 403, 404, 405, 501})
_DEPTH = 4


@dataclass(frozen=True)
class Standing:
    """What stands on a page: our blocks, and the number of child pages and databases that people added."""

    blocks: list[Json]
    foreign: int


class NotionContent:
    """The blocks of pages."""

    def __init__(self, calls: NotionCalls) -> None:
        self._calls = calls

    async def read(self, page_id: str) -> Standing:
        """Return what stands on a page, the blocks below other blocks in their `children`."""
        found = await self._children(page_id)
        own = [block for block in found if block.get("type") not in FOREIGN]
        await self._fill(own, _DEPTH)
        return Standing(own, len(found) - len(own))

    async def write(self, page_id: str, wanted: Sequence[NotionBlock], standing: Standing) -> None:
        """Replace what stands on the page; child pages and databases of people stay."""
        await self.append_all(page_id, batches(wanted), before=await self._clear(page_id, standing))

    async def append_all(
        self, page_id: str, groups: Sequence[Sequence[NotionBlock]], *, before: int | None = None
    ) -> None:
        """Append groups of blocks at the end of the page, which holds `before` children (None: count them)."""
        for group in groups:
            if before is None:
                before = len(await self._children(page_id))
            await self._append(page_id, group, before)
            before += len(group)

    async def _append(self, page_id: str, group: Sequence[NotionBlock], before: int) -> None:
        """After an unclear end, look whether the blocks arrived before trying again."""

        async def append() -> bool:
            path = f"blocks/{page_id}/children"
            await self._calls.once("append_children", "PATCH", path, body={"children": list(group)})
            return True

        async def arrived() -> bool | None:
            return len(await self._children(page_id)) > before or None

        await self._calls.once_or_found(append, arrived)

    async def set_addendum(self, page_id: str, sentences: Sequence[str]) -> None:
        """Bring the section of the buyer chat up to date; without sentences it is taken away."""
        wanted = addendum_blocks(sentences)
        for number in range(1, 3):
            standing = addendum_of(await self._children(page_id))
            if plain_lines(standing) == plain_lines(wanted):
                return
            if number == 1:
                await self._delete(standing)
                await self.append_all(page_id, batches(wanted))
        raise NotionError("notion", "append_addendum", "the page does not show the section as it was written")

    async def _children(self, block_id: str) -> list[Json]:
        path = f"blocks/{block_id}/children"
        listed = self._calls.listed("list_children", "GET", path)
        return [known_form(block) async for block in listed if not is_in_trash(block)]

    async def _fill(self, blocks: Sequence[Json], depth: int) -> None:
        """Read what stands below each of the blocks, side by side."""
        inner = [block for block in blocks if block.get("has_children") and depth > 0]
        ids = [_id_of(block) for block in inner]
        for block, children in zip(inner, await asyncio.gather(*map(self._children, ids)), strict=True):
            block["children"] = children
        await asyncio.gather(*(self._fill(block["children"], depth - 1) for block in inner))

    async def _clear(self, page_id: str, standing: Standing) -> int:
        """Take away what is ours; return how many children of people stay."""
        if not standing.blocks:
            return standing.foreign
        children = standing.blocks
        if not standing.foreign:
            body = {"type": "replace_content", "replace_content": {"new_str": ""}}
            try:
                await self._calls.again("markdown", "PATCH", f"pages/{page_id}/markdown", body=body)
            except NotionError as problem:
                # Not every server has the endpoint, and Notion keeps it from some integrations.
                if problem.status not in _NO_MARKDOWN:
                    raise
            else:
                children = await self._children(page_id)
        own = [block for block in children if block.get("type") not in FOREIGN]
        await self._delete(own)
        return standing.foreign + len(children) - len(own)

    async def _delete(self, blocks: Sequence[Json]) -> None:
        ids = [_id_of(block) for block in blocks]
        await asyncio.gather(*map(self._delete_one, ids))

    async def _delete_one(self, block_id: str) -> None:
        try:
            await self._calls.again("delete_block", "DELETE", f"blocks/{block_id}")
        except NotionError as problem:
            # A delete that was carried out before its answer got lost finds nothing at the next try.
            if problem.status not in (400, 404):
                raise


def _id_of(block: Json) -> str:
    found = bare_id(block.get("id"))
    if found is None:
        raise NotionError(
            "notion", "list_children", f"the answer holds a {block['type'][:40]} without an id", status=200
        )
    return found


def without_addendum(blocks: Sequence[Json]) -> list[Json]:
    """Return the blocks of a page without the section of the buyer chat."""
    section = [id(block) for block in addendum_of(blocks)]
    return [block for block in blocks if id(block) not in section]


def addendum_of(blocks: Sequence[Json]) -> list[Json]:
    """Return the blocks of the buyer chat's section: divider, heading and the quotes after it."""
    section: list[Json] = []
    inside = False
    for before, block in zip([None, *blocks], blocks, strict=False):
        kind = block.get("type")
        if kind == "heading_2" and plain_text(block["heading_2"].get("rich_text")).strip() == ADDENDUM_HEADING:
            inside = True
            if before is not None and before.get("type") == "divider" and before not in section:
                section.append(before)
            section.append(block)
        elif inside and kind == "quote":
            section.append(block)
        else:
            inside = False
    return section
