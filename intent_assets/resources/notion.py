"""Notion: one page per domain that says what the checked report says.

The SDK's `request` is called directly, because its endpoint methods silently drop arguments that they do not know.
"""

import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass

import dagster as dg

from intent_assets.errors import MissingSettings, NotionError
from intent_assets.rendering.markdown import text_hash
from intent_assets.rendering.notion import END_LINE, batches, blocks, page_title, plain_lines, release_blocks
from intent_assets.reports import FactCheckedReport, Release
from intent_assets.resources.notion_calls import VERSION, Json, NotionCalls, bare_id, tell_when_sent
from intent_assets.resources.notion_content import NotionContent, Standing, addendum_of, without_addendum
from intent_assets.resources.notion_pages import NotionPages, is_in_trash, page_title_of
from intent_assets.resources.start_up import check_start
from intent_assets.resources.tls import trust
from intent_assets.resources.turns import turns_of
from intent_assets.settings import load_services, load_settings

_REWRITES = 2


@dataclass(frozen=True)
class PublishedPage:
    """The page after publishing.

    `created` says that no finished report stood there before; `unchanged` that the page said all of it already and
    nothing was written. `duplicates` are ids of other pages of this domain, for a person to look at.
    """

    page_id: str
    url: str
    created: bool
    unchanged: bool = False
    duplicates: tuple[str, ...] = ()


@dataclass(frozen=True)
class ReadPage:
    """What stands on a page: its blocks, those of the buyer chat among them, how many pages people put below it."""

    title: str
    blocks: tuple[Json, ...] = ()
    addendum: tuple[Json, ...] = ()
    foreign: int = 0
    last_edited: str | None = None
    in_trash: bool = False


class NotionClient:
    """Notion over one open connection pool; every method raises `NotionError`."""

    def __init__(self, calls: NotionCalls, parent_id: str) -> None:
        self._calls = calls
        self._parent = parent_id
        self._pages = NotionPages(calls, parent_id)
        self._content = NotionContent(calls)

    async def publish(
        self, checked: FactCheckedReport, *, known_page_id: str | None = None, release: Release | None = None
    ) -> PublishedPage:
        """Bring the domain's page up to date, or create it, and read it back.

        Only a report that passed the check, or that a person has released, goes out, and with the very text that was
        checked. What an attempt that broke
        off left behind is replaced. A section of the buyer chat stays while the report stays the same.
        """
        _refuse_unchecked(checked, release)
        report = checked.report
        wanted, title = [*release_blocks(release), *blocks(report)], page_title(report)
        found = await self._pages.find(report.domain, known_page_id)
        if found is None:
            first, *rest = batches(wanted) or [[]]
            found = await self._pages.create(report.domain, title, first)
            if rest:
                await self._content.append_all(found.page_id, rest, before=len(first))
        elif found.title != title:
            await self._pages.rename(found.page_id, title)
        standing = await self._content.read(found.page_id)
        finished = any(END_LINE in line for line in plain_lines(standing.blocks))
        rewrites = await self._rewrite_until_equal(found.page_id, wanted, standing)
        return PublishedPage(
            page_id=found.page_id,
            url=str(found.page.get("url") or f"https://www.notion.so/{bare_id(found.page_id)}"),
            created=found.created or not finished,
            unchanged=not found.created and rewrites == 0,
            duplicates=found.duplicates,
        )

    async def append_addendum(self, page_id: str, sentences: Sequence[str]) -> None:
        """Put sentences of the buyer chat at the page's end, as quotes under their own heading.

        What stands there from an earlier call is replaced; without sentences it is taken away.
        """
        await self._content.set_addendum(_checked_id(page_id), sentences)

    async def read_text(self, page_id: str) -> str:
        """Return the page's title and what its blocks say, one line a block: depth by indent, type, text."""
        page = await self._calls.again("retrieve_page", "GET", f"pages/{_checked_id(page_id)}")
        lines = plain_lines((await self._content.read(_checked_id(page_id))).blocks)
        return "\n".join([page_title_of(page), *lines])

    async def read_page(self, page_id: str) -> ReadPage:
        """Return a page with all that stands on it; raises `NotionError` of status 404 where it is not there."""
        page = await self._calls.again("retrieve_page", "GET", f"pages/{_checked_id(page_id)}")
        if is_in_trash(page):
            return ReadPage(title=page_title_of(page), in_trash=True)
        standing = await self._content.read(_checked_id(page_id))
        edited = page.get("last_edited_time")
        return ReadPage(
            title=page_title_of(page),
            blocks=tuple(standing.blocks),
            addendum=tuple(addendum_of(standing.blocks)),
            foreign=standing.foreign,
            last_edited=str(edited) if edited else None,
        )

    async def check(self) -> str:
        """Say who the token belongs to and whether the parent page can be read."""
        me = await self._calls.again("me", "GET", "users/me")
        parent = await self._calls.again("retrieve_page", "GET", f"pages/{self._parent}")
        return f'connected as "{me.get("name") or "unnamed"}", parent page "{page_title_of(parent)}" can be read'

    async def _rewrite_until_equal(self, page_id: str, wanted: list[dict[str, object]], standing: Standing) -> int:
        meant = plain_lines(wanted)
        for rewrites in range(_REWRITES + 1):
            said = plain_lines(without_addendum(standing.blocks))
            if said == meant:
                return rewrites
            if rewrites < _REWRITES:
                await self._content.write(page_id, wanted, standing)
                standing = await self._content.read(page_id)
        raise NotionError("notion", "publish", _difference(meant, said), status=200)


class Notion(dg.ConfigurableResource["Notion"]):
    """Notion by NOTION_TOKEN and NOTION_PARENT_ID, at NOTION_BASE_URL."""

    def setup_for_execution(self, context: dg.InitResourceContext) -> None:
        """Stop a run without a key before its first step."""
        check_start("notion", context)

    def session(self) -> AbstractAsyncContextManager[NotionClient]:
        """Open a client; raises `MissingSettings` that names the variable without a token or a parent page."""
        return _session()


@asynccontextmanager
async def _session() -> AsyncIterator[NotionClient]:
    import httpx
    from notion_client import AsyncClient

    settings = load_settings()
    services = load_services().require("NOTION_TOKEN", "NOTION_PARENT_ID")
    if services.notion_token is None or services.notion_parent_id is None:
        raise MissingSettings(("NOTION_TOKEN", "NOTION_PARENT_ID"))
    token = services.notion_token.get_secret_value()
    parent = bare_id(services.notion_parent_id)
    if parent is None:
        raise NotionError(
            "notion", "session", "NOTION_PARENT_ID is no page id: give the 32 hex digits of the page's URL"
        )
    address = str(services.notion_base_url).rstrip("/").removesuffix("/v1")
    async with (
        httpx.AsyncClient(verify=trust(), event_hooks={"request": [tell_when_sent]}) as http,
        turns_of("notion", settings, address=address, key=token) as turns,
    ):
        sdk = AsyncClient(
            client=http,
            auth=token,
            base_url=address,
            notion_version=VERSION,
            retry=False,
            logger=logging.getLogger("intent_assets.notion"),
            log_level=logging.ERROR,
        )
        # The SDK sets one time for everything; a connection that can't be made should show sooner.
        http.timeout = httpx.Timeout(settings.notion_timeout, connect=settings.connect_timeout)
        yield NotionClient(NotionCalls(sdk, turns, settings, token), parent)


def _refuse_unchecked(checked: FactCheckedReport, release: Release | None) -> None:
    verdict = checked.verdict
    if verdict.outcome != "passed" and not (release and release.covers(checked)):
        raise NotionError(
            "notion", "publish", f"the verdict is {verdict.outcome!r}; only a report that passed goes out"
        )
    actual = text_hash(checked.report)
    if verdict.text_hash != actual:
        raise NotionError(
            "notion",
            "publish",
            f"the verdict is for the text {verdict.text_hash[:12]}, this text is {actual[:12]}; check the report again",
        )


def _checked_id(page_id: str) -> str:
    bare = bare_id(page_id)
    if bare is None:
        raise NotionError("notion", "retrieve_page", f"{page_id[:60]!r} is no page id")
    return bare


def _difference(meant: Sequence[str], said: Sequence[str]) -> str:
    for number, line in enumerate(meant):
        if number >= len(said):
            return f"the page ends before line {number + 1}: {line[:120]!r}"
        if said[number] != line:
            return f"the page says {said[number][:120]!r} where the report says {line[:120]!r} (line {number + 1})"
    return f"the page says more than the report: {said[len(meant)][:120]!r}"
