"""The clients of the outside services, over real sockets, against a server that answers with anything at all."""

import asyncio
import os
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, contextmanager
from datetime import UTC, datetime
from functools import partial
from typing import Any
from unittest.mock import patch

from benchmarks.fuzz_claude import STRATEGY
from benchmarks.fuzz_http import Answering, answering
from benchmarks.fuzz_reader import Read, Reader, kept, sent
from benchmarks.fuzz_samples import (
    BUYER_ID,
    ENVELOPES,
    NOTION_ANSWER,
    PAGE_ID,
    PARENT_ID,
    SUPABASE_ALLOCATIONS,
    SUPABASE_SIGNALS,
    message,
    polled_items,
)
from benchmarks.fuzz_texts import audited, report
from intent_assets.errors import ClayError
from intent_assets.intake.replies import parse_polled
from intent_assets.notices import reply_accepted
from intent_assets.prompts import strategy
from intent_assets.rendering.markdown import text_hash
from intent_assets.reports import FactCheckedReport, Verdict
from intent_assets.resources.claude import Claude
from intent_assets.resources.clay import Clay
from intent_assets.resources.notion import Notion
from intent_assets.resources.smartlead import Smartlead
from intent_assets.resources.starbridge import Starbridge, StarbridgeClient
from intent_assets.resources.starbridge_queries import BuyerQuery, OpportunityQuery
from intent_assets.resources.supabase import Supabase
from intent_assets.settings import load_services, load_settings
from intent_assets.supabase_rows import opportunities
from tests.builders import a_reply

_KEYS = {
    "DATAGEN_API_KEY": "key", "ANTHROPIC_API_KEY": "key", "NOTION_TOKEN": "key", "NOTION_PARENT_ID": PARENT_ID,
    "SMARTLEAD_API_KEY": "key", "SUPABASE_KEY": "key",
}  # fmt: skip
_ADDRESSES = (
    "STARBRIDGE_URL", "ANTHROPIC_BASE_URL", "NOTION_BASE_URL", "CLAY_WEBHOOK_URL", "SMARTLEAD_URL", "SUPABASE_URL"
)  # fmt: skip
_QUICK = {
    "INTENT_TRIES": "2", "INTENT_RETRY_PAUSE": "0", "INTENT_RETRY_PAUSE_MAX": "0", "INTENT_CHAT_POLL_EVERY": "0.001",
    "INTENT_CHAT_TIMEOUT": "0.2", "INTENT_CONTACT_PAGES": "3",
    "INTENT_NOTION_CALLS_PER_SECOND": "100000",
}  # fmt: skip

Step = Callable[[Any], Awaitable[object]]


@contextmanager
def _served() -> Iterator[Answering]:
    with answering() as server:
        addresses = dict.fromkeys(_ADDRESSES, server.url)
        with patch.dict(os.environ, {**_KEYS, **_QUICK, **addresses}):
            yield server


@contextmanager
def _asked(session: Callable[[], AbstractAsyncContextManager[Any]], step: Step) -> Iterator[Read]:
    """Give what lets a client carry out `step` while the server answers everything with the input."""
    with _served() as server, asyncio.Runner() as runner:
        stack = AsyncExitStack()

        async def client() -> Any:
            return await stack.enter_async_context(session())

        opened = runner.run(client())

        def read(given: bytes) -> None:
            server.answer = given
            runner.run(_awaited(step, opened))

        yield read
        runner.run(stack.aclose())


async def _awaited(step: Step, client: Any) -> object:
    return await step(client)


async def _opportunities(client: StarbridgeClient) -> None:
    found = await client.opportunity_search(OpportunityQuery(search_query="career"), pages=2)
    sent([row.model_dump(mode="json", by_alias=True) for row in found.opportunities])
    sent([*found.unreadable, found.incomplete])


async def _buyers(client: StarbridgeClient) -> None:
    found = await client.buyer_search(BuyerQuery(query="Riverhead"), pages=2)
    sent([row.model_dump(mode="json", by_alias=True) for row in found.buyers])


async def _profile(client: StarbridgeClient) -> None:
    kept(await client.buyer_profile(BUYER_ID))


async def _contacts(client: StarbridgeClient) -> None:
    found = await client.buyer_contacts(BUYER_ID, pages=2)
    for contact in found.contacts:
        kept(contact)
    sent(found.unreadable)


async def _chat(client: StarbridgeClient) -> None:
    sent((await client.buyer_chat(BUYER_ID, "What matters?")).answer)


async def _strategy(client: Any) -> None:
    answer = await client.ask(strategy.PROMPT, strategy.data(a_reply()), model="claude-sonnet-5-5")
    kept(strategy.strategy(answer.value, a_reply(), usage=answer.usage))


async def _read_page(client: Any) -> None:
    page = await client.read_page(PAGE_ID)
    audited(page.title, page.blocks)


async def _publish(client: Any) -> None:
    checked = report()[0]
    verdict = Verdict(outcome="passed", text_hash=text_hash(checked))
    await client.publish(FactCheckedReport(report=checked, verdict=verdict))


async def _addendum(client: Any) -> None:
    await client.append_addendum(PAGE_ID, ("The board talks about career readiness.",))


async def _check(client: Any) -> None:
    sent(await client.check())


async def _own_signals(client: Any) -> None:
    found = await client.signals("vmock.example")
    sent([*opportunities(found.rows), *found.unreadable])


async def _allocations(client: Any) -> None:
    for each in await client.allocations("ana.diaz@vmock.example"):
        kept(each)


@contextmanager
def _smartlead() -> Iterator[Read]:
    now = datetime.now(UTC)
    with _served() as server, Smartlead(load_services(), load_settings()) as client:

        def read(given: bytes) -> None:
            server.answer = given
            for item in client.replies(now, now, seconds=0.3).items:
                parse_polled(item, received_at=now, settings=load_settings())

        yield read


@contextmanager
def _clay() -> Iterator[Read]:
    notice = reply_accepted(a_reply()).wire()
    with _served() as server, Clay.of(load_settings(), load_services()) as client:

        def read(given: bytes) -> None:
            server.answer = given
            client.post(notice, patience=1)

        yield read


def _reader(name: str, samples: Sequence[Any], session: Callable[[], Any], step: Step, share: float) -> Reader:
    return Reader(f"client: {name}", "answer", lambda: samples, partial(_asked, session, step), share)


def _polled_answers() -> Sequence[Any]:
    return [{"ok": True, "data": [*polled_items()]}, {"messages": [*polled_items()], "total_count": 4}]


READERS = (
    _reader("opportunity_search", ENVELOPES, Starbridge().session, _opportunities, 0.5),
    _reader("buyer_search", ENVELOPES, Starbridge().session, _buyers, 0.5),
    _reader("buyer_profile", ENVELOPES, Starbridge().session, _profile, 0.5),
    _reader("buyer_contacts", ENVELOPES, Starbridge().session, _contacts, 0.5),
    _reader("buyer_chat", ENVELOPES, Starbridge().session, _chat, 0.2),
    _reader("Claude", [message(STRATEGY)], Claude().session, _strategy, 0.3),
    _reader("Notion read_page", [NOTION_ANSWER], Notion().session, _read_page, 0.5),
    _reader("Notion publish", [NOTION_ANSWER], Notion().session, _publish, 0.2),
    _reader("Notion append_addendum", [NOTION_ANSWER], Notion().session, _addendum, 0.2),
    _reader("Notion check", [NOTION_ANSWER], Notion().session, _check, 0.1),
    _reader("Supabase signals", [SUPABASE_SIGNALS], Supabase().session, _own_signals, 0.5),
    _reader("Supabase allocations", [SUPABASE_ALLOCATIONS], Supabase().session, _allocations, 0.3),
    _reader("Supabase check", [SUPABASE_SIGNALS], Supabase().session, _check, 0.1),
    Reader("client: Smartlead", "answer", _polled_answers, _smartlead, 0.5),
    Reader("client: Clay", "answer", lambda: [{"message": "Success"}], _clay, 0.1, (ClayError,)),
)
