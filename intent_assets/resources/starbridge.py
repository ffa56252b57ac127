"""Starbridge's five tools (contracts: starbridge): typed queries in, typed and identity-checked records out."""

import asyncio
import logging
import math
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import dagster as dg

from intent_assets import wire
from intent_assets.errors import StarbridgeError, StarbridgeIdentityError
from intent_assets.records import Contact, Profile
from intent_assets.resources.starbridge_queries import BuyerQuery, ContactQuery, OpportunityQuery
from intent_assets.resources.starbridge_records import contact_records, profile_record
from intent_assets.resources.starbridge_transport import Tool, Transport, open_transport
from intent_assets.resources.start_up import check_start
from intent_assets.settings import load_services, load_settings
from intent_assets.wire import Json

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class SearchPageResult:
    """What the pages of one search brought.

    `total` is what the service says there is, None if it does not say; `pages` how many were read; `unreadable` names
    the records that were set aside because they break the contract, `without_buyer` how many of these lacked a buyer;
    `incomplete` says why what is here is not all of the pages that were asked for.
    """

    opportunities: tuple[wire.Opportunity, ...]
    total: int | None
    pages: int
    unreadable: tuple[str, ...] = ()
    without_buyer: int = 0
    incomplete: str | None = None


@dataclass(frozen=True)
class BuyerPageResult:
    """The same for a search for buyers."""

    buyers: tuple[wire.Buyer, ...]
    total: int | None
    pages: int
    unreadable: tuple[str, ...] = ()
    incomplete: str | None = None


@dataclass(frozen=True)
class ContactResult:
    """The same for one buyer's contacts; `total` is at least the number of contacts that came back."""

    contacts: tuple[Contact, ...]
    total: int
    pages: int
    unreadable: tuple[str, ...] = ()
    incomplete: str | None = None


@dataclass(frozen=True)
class ChatAnswer:
    """What the buyer chat said (markdown): a model's text, never a source of figures."""

    buyer_id: str
    buyer_name: str | None
    question: str
    answer: str


@dataclass
class _Pages:
    items: list[object]
    total: int | None
    read: int
    incomplete: str | None = None


class StarbridgeClient:
    """The five tools over one connection pool; made by `Starbridge.session()`.

    Every method raises `StarbridgeError` when the tool fails for good, and `InvalidQuery` before anything is sent.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def opportunity_search(self, query: OpportunityQuery, *, pages: int = 1) -> SearchPageResult:
        """Search procurement records, `pages` pages at the most, from the query's page on."""
        found = await self._read_pages("opportunity_search", "opportunities", query, pages)
        records, unreadable = wire.read_records(wire.Opportunity, found.items)
        without_buyer = sum(1 for item in found.items if isinstance(item, dict) and not item.get("buyerId"))
        return SearchPageResult(records, found.total, found.read, unreadable, without_buyer, found.incomplete)

    async def buyer_search(self, query: BuyerQuery, *, pages: int = 1) -> BuyerPageResult:
        """Search buyers by name and place, `pages` pages at the most, from the query's page on."""
        found = await self._read_pages("buyer_search", "buyers", query, pages)
        records, unreadable = wire.read_records(wire.Buyer, found.items)
        return BuyerPageResult(records, found.total, found.read, unreadable, found.incomplete)

    async def buyer_profile(self, buyer_id: str) -> Profile:
        """Fetch a buyer's profile; raise `StarbridgeIdentityError` if it is not, or may not be, this buyer's."""
        sent = await self._transport.call("buyer_profile", {"buyer_id": _known(buyer_id)})
        answer = wire.ProfileAnswer.model_validate(sent)
        profile = answer.profile
        if profile is None:
            raise StarbridgeError("starbridge", "buyer_profile", f"no profile of buyer {buyer_id} came", status=200)
        _check_identity("buyer_profile", buyer_id, answer.resolved_buyer_id, profile.id)
        if answer.unreadable:
            _log.warning("starbridge buyer_profile: unreadable of buyer %s: %s", buyer_id, ", ".join(answer.unreadable))
        return profile_record(buyer_id, profile)

    async def buyer_contacts(self, buyer_id: str, *, pages: int = 10) -> ContactResult:
        """Fetch a buyer's contacts, `pages` pages of 100 at the most; those without a name are set aside."""
        query = ContactQuery(buyer_id=_known(buyer_id))

        def check(page: wire.PageCounts) -> None:
            if page.resolved_buyer_id is not None:
                _check_identity("buyer_contacts", buyer_id, page.resolved_buyer_id)

        found = await self._read_pages("buyer_contacts", "contacts", query, pages, check)
        sent, unreadable = wire.read_records(wire.Contact, found.items)
        contacts, left_out = contact_records(buyer_id, sent)
        total = max(found.total or 0, len(contacts))
        return ContactResult(contacts, total, found.read, unreadable + left_out, found.incomplete)

    async def buyer_chat(self, buyer_id: str, question: str) -> ChatAnswer:
        """Ask the buyer chat (slow, costs credits, never asked twice); raise `StarbridgeIdentityError` as above."""
        sent = await self._transport.run("buyer_chat", {"buyer_id": _known(buyer_id), "question": question})
        answer = wire.ChatAnswer.model_validate(sent)
        _check_identity("buyer_chat", buyer_id, answer.resolved_buyer_id)
        if not (answer.ai_response or "").strip():
            raise StarbridgeError("starbridge", "buyer_chat", "the answer holds no text", status=200)
        return ChatAnswer(buyer_id, answer.resolved_buyer_name, question, answer.ai_response or "")

    async def _read_pages(
        self,
        tool: Tool,
        holder: str,
        query: OpportunityQuery | BuyerQuery | ContactQuery,
        pages: int,
        check: Callable[[wire.PageCounts], None] = lambda _: None,
    ) -> _Pages:
        """Read pages until there are no more; the first has to come, a later one that fails is noted."""

        async def read(number: int) -> tuple[list[object], wire.PageCounts]:
            answer = await self._transport.call(tool, query.input_vars(page_number=number))
            counts = wire.PageCounts.model_validate(answer)
            check(counts)
            return _items(tool, holder, answer), counts

        first = query.page_number
        items, counts = await read(first)
        total = counts.total_contacts if counts.total_contacts is not None else counts.total_items
        found = _Pages(list(items), total, 1)
        size = max(1, min(query.page_size, counts.page_size or query.page_size))
        if total is None:
            await _read_in_turn(found, read, first + 1, pages - 1)
        elif items:
            # A server may hold its pages shorter than asked for; what came tells its real size.
            size = min(size, len(items))
            last = min(first + pages - 1, math.ceil(total / size))
            await _read_at_once(found, read, range(first + 1, last + 1))
        return found


Reader = Callable[[int], Awaitable[tuple[list[object], wire.PageCounts]]]


async def _read_in_turn(found: _Pages, read: Reader, number: int, pages: int) -> None:
    """Read on while full and new pages come: the service does not say how much there is.

    The first page tells the service's real page size, which may be shorter than asked for.
    """
    last, size = found.items, max(1, len(found.items))
    for at in range(number, number + pages):
        if len(last) < size:
            return
        try:
            items, _ = await read(at)
        except StarbridgeIdentityError:
            raise
        except StarbridgeError as problem:
            found.incomplete = f"page {at}: {problem}"
            return
        found.read += 1
        if items == last:
            found.incomplete = f"page {at}: the same records as on the page before"
            return
        found.items += items
        last = items


async def _read_at_once(found: _Pages, read: Reader, numbers: range) -> None:
    answers = await asyncio.gather(*map(read, numbers), return_exceptions=True)
    missing = []
    for number, answer in zip(numbers, answers, strict=True):
        match answer:
            case StarbridgeIdentityError():
                raise answer
            case StarbridgeError():
                missing.append(f"page {number}: {answer}")
            case BaseException():
                raise answer
            case (items, _):
                found.read += 1
                found.items += items
    found.incomplete = "; ".join(missing) or None


def _items(tool: Tool, holder: str, answer: Json) -> list[object]:
    items = answer.get(holder)
    if items is None and any(name in answer for name in ("totalItems", "totalContacts", "resultCount")):
        return []
    if not isinstance(items, list):
        raise StarbridgeError("starbridge", tool, f"the answer holds no list of {holder}", status=200)
    return items


def _known(buyer_id: str) -> str:
    return ContactQuery(buyer_id=buyer_id).buyer_id


def _check_identity(tool: Tool, asked: str, *answered: str | None) -> None:
    ids = [given for given in answered if given is not None]
    if not ids:
        raise StarbridgeIdentityError("starbridge", tool, f"the answer does not say that it is of {asked}", status=200)
    for given in ids:
        if given != asked:
            raise StarbridgeIdentityError(
                "starbridge", tool, f"asked for buyer {asked}, answered for {given[:80]}", status=200
            )  # fmt: skip


class Starbridge(dg.ConfigurableResource["Starbridge"]):
    """Starbridge through Datagen; address and key are `STARBRIDGE_URL` and `DATAGEN_API_KEY`."""

    def setup_for_execution(self, context: dg.InitResourceContext) -> None:
        """Stop a run without a key before its first step."""
        check_start("starbridge", context)

    @asynccontextmanager
    async def session(self) -> AsyncIterator[StarbridgeClient]:
        """Open a client; raise `MissingSettings` without a key."""
        async with open_transport(load_settings(), load_services()) as transport:
            yield StarbridgeClient(transport)
