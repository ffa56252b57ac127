"""Supabase, the second source (contracts: supabase): a domain's signals, and what a prospect was sent.

It is used where `SUPABASE_URL` and `SUPABASE_KEY` are set; without them nothing is asked.
"""

import asyncio
import logging
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import dagster as dg

from intent_assets.errors import SupabaseError, SupabaseNoColumn, SupabaseNoTable
from intent_assets.records import Record
from intent_assets.resources.supabase_transport import Page, Transport, is_configured, open_transport
from intent_assets.settings import Settings, load_services, load_settings
from intent_assets.supabase_rows import SignalRow, read_allocations, read_signals

_log = logging.getLogger(__name__)

_GROUP = "INTENT_SUPABASE__"
_NEEDED = {"id", "domain", "signal_type", "summary", "source", "date", "relevance_score"}


class Allocation(Record):
    """A signal that a prospect was sent, and at which place of which campaign."""

    signal_id: str
    campaign_id: str | None = None
    sequence_position: int | None = None


@dataclass(frozen=True)
class SupabaseSignals:
    """A domain's signals, the latest first.

    `total` is how many Supabase says there are, None if it does not say: more than `rows` and `unreadable` hold where
    `INTENT_SUPABASE__MOST_ROWS` was reached. `unreadable` says what was set aside and why; `incomplete` why what is
    here is not all that was asked for.
    """

    rows: tuple[SignalRow, ...]
    total: int | None
    pages: int
    unreadable: tuple[str, ...] = ()
    incomplete: str | None = None


@dataclass
class _Found:
    rows: list[object] = field(default_factory=list)
    total: int | None = None
    pages: int = 0
    ended: bool = False
    incomplete: str | None = None
    _longest: int = 0

    def add(self, page: Page) -> None:
        """Add the next page, and see whether it is the last."""
        start = len(self.rows)
        again = page.first != start if page.first is not None else page.rows == self.rows[: len(page.rows)]
        if start and page.rows and again:
            self.stop(f"other rows came than from {start} on")
            return
        self.pages += 1
        self.rows += page.rows
        self.total = self.total if page.total is None else page.total
        self._longest = max(self._longest, len(page.rows))
        # A server may hold its pages shorter than asked for: only one that is shorter than those before is the last.
        last = len(page.rows) < self._longest if self.total is None else len(self.rows) >= self.total
        self.ended = last or not page.rows

    def stop(self, why: str) -> None:
        """Leave it at what has come."""
        self.ended, self.incomplete = True, why


class SupabaseClient:
    """The two questions; made by `Supabase.session()`. Every method raises `SupabaseError`."""

    def __init__(self, transport: Transport, settings: Settings) -> None:
        self._transport = transport
        self._settings = settings.supabase

    async def signals(self, domain: str) -> SupabaseSignals:
        """Fetch the signals of `domain`, the latest first; the first page has to come, a later one may be missing."""
        columns = self._settings.columns
        # Undated rows come last, and rows of one day in a fixed order: pages would overlap without it.
        query = {columns.domain: f"eq.{domain}", "order": f"{columns.date}.desc.nullslast,{columns.id}.asc"}
        found = await self._read(self._settings.signals_table, query)
        rows, unreadable = read_signals(found.rows, columns, domain=domain)
        return SupabaseSignals(rows, found.total, found.pages, unreadable, found.incomplete)

    async def allocations(self, prospect_email: str, campaign_id: str | None = None) -> tuple[Allocation, ...]:
        """Fetch what the prospect was sent, each signal and place once, in the order of the places.

        The case of the address does not matter. With a `campaign_id` only what that campaign sent counts. Rows that
        can't be read are logged, by signal. Nothing is asked without an address or a table of allocations.
        """
        email, table = prospect_email.strip(), self._settings.allocations_table
        columns = self._settings.allocation_columns
        if not (email and table):
            return ()
        found = await self._sent_to(email, table)
        rows, unreadable = read_allocations(found.rows, columns)
        problems = [*unreadable, *([found.incomplete] if found.incomplete else [])]
        if problems:
            _log.warning("Supabase %s: %s", table, "; ".join(problems))
        sent = {
            Allocation(
                signal_id=row.signal_id, campaign_id=row.campaign_id, sequence_position=row.sequence_position
            )
            for row in rows
            # A `*` in an address is a wild card to Supabase, so what came is compared once more.
            if row.sent
            and (row.prospect_email or "").strip().casefold() == email.casefold()
            and (not campaign_id or row.campaign_id == campaign_id)
        }  # fmt: skip
        return tuple(sorted(sent, key=_place))

    async def _sent_to(self, email: str, table: str) -> _Found:
        """Read what was sent to the address in any case; where a server only compares literally, as it is written."""
        columns = self._settings.allocation_columns
        order = {"order": f"{columns.signal_id}.asc"}
        pattern = re.sub(r"([\\%_])", r"\\\1", email)
        private = (email, pattern)
        try:
            return await self._read(table, {columns.prospect_email: f"ilike.{pattern}"} | order, private)
        except SupabaseError as problem:
            if problem.retryable or isinstance(problem, SupabaseNoTable | SupabaseNoColumn):
                raise
            _log.warning("%s; asked once more for the address as it is written", problem)
            return await self._read(table, {columns.prospect_email: f"eq.{email}"} | order, private)

    async def check(self) -> str:
        """Look whether tables and columns are there, and say what is; raise `SupabaseError` that names what is not."""
        settings = self._settings
        looks = [
            self._look(
                settings.signals_table,
                f"set {_GROUP}SIGNALS_TABLE to the name of the table of signals",
                _by_setting("COLUMNS", settings.columns.model_dump(include=_NEEDED)),
            )
        ]
        if settings.allocations_table:
            looks.append(
                self._look(
                    settings.allocations_table,
                    f"set {_GROUP}ALLOCATIONS_TABLE to the name of the table of what was sent, or to `off` without one",
                    _by_setting("ALLOCATION_COLUMNS", settings.allocation_columns.model_dump()),
                )
            )
        answers = await asyncio.gather(*looks, return_exceptions=True)
        problems = [answer for answer in answers if isinstance(answer, BaseException)]
        if problems:
            # What passes must not hide what stays.
            raise min(problems, key=lambda problem: isinstance(problem, SupabaseError) and problem.retryable)
        return ", ".join(map(str, answers))

    async def _look(self, table: str, mend: str, columns: Mapping[str, str]) -> str:
        """Read one row of the needed columns (setting -> column); name all that are missing at once."""
        left = list(dict.fromkeys(columns.values()))
        missing: list[str] = []
        problem: SupabaseNoColumn | None = None
        while left:
            try:
                page = await self._transport.page(table, {"select": ",".join(left), "limit": "1"})
                break
            except SupabaseNoTable as gone:
                raise SupabaseError(
                    "Supabase", table, f"there is no table {table}; {mend}", status=gone.status
                ) from None
            except SupabaseNoColumn as gone:
                if gone.column not in left:
                    raise
                problem = gone
                left.remove(gone.column)
                missing += [f"{gone.column} ({name})" for name, column in columns.items() if column == gone.column]
        if problem is not None:
            said = (
                f"the table {table} has no column {', '.join(missing)}; set what stands in brackets to the right name"
            )
            raise SupabaseError("Supabase", table, said, status=problem.status)
        return f"{table} can be read" if page.rows else f"{table} has no row that this key may read"

    async def _read(self, table: str, query: Mapping[str, str], private: Sequence[str] = ()) -> _Found:
        """Read page after page until the total, the end or the setting's number of rows is reached."""
        found, size, most = _Found(), self._settings.page_size, self._settings.most_rows
        while not found.ended and len(found.rows) < most:
            start = len(found.rows)
            rows = range(start, min(start + size, most))
            try:
                # The limit is of all rows, the range of a page: PostgREST answers what is in both.
                asked = {**query, "limit": str(most)}
                found.add(await self._transport.page(table, asked, rows=rows, private=private))
            except SupabaseError as problem:
                if not found.pages:
                    raise
                found.stop(f"after {start} rows: {problem}")
        return found


def _by_setting(group: str, columns: Mapping[str, str]) -> dict[str, str]:
    return {f"{_GROUP}{group}__{field.upper()}": column for field, column in columns.items()}


def _place(allocation: Allocation) -> tuple[bool, int, str, str]:
    position = allocation.sequence_position
    return position is None, position or 0, allocation.signal_id, allocation.campaign_id or ""


class Supabase(dg.ConfigurableResource["Supabase"]):
    """Supabase as a second source; address and key are `SUPABASE_URL` and `SUPABASE_KEY`, both or neither."""

    def setup_for_execution(self, context: dg.InitResourceContext) -> None:
        """Stop a run before its first step if a table or column is not there, or the key is refused.

        A fault that passes stops nothing: the second source is then missing from the report, which says so.
        """
        if context.run is None:
            return
        settings, services = load_settings(), load_services()
        if not is_configured(services):
            return
        # The thread has no event loop, whatever runs this step.
        with ThreadPoolExecutor(1) as thread:
            thread.submit(asyncio.run, self._look(settings.supabase.timeout)).result()

    async def _look(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds), self.session() as client:
                if client is not None:
                    _log.info("Supabase: %s", await client.check())
        except TimeoutError:
            _log.warning("Supabase did not answer within %g s of start-up; the run goes on", seconds)
        except SupabaseError as problem:
            if not problem.retryable:
                raise
            _log.warning("%s; the run goes on", problem)

    @asynccontextmanager
    async def session(self) -> AsyncIterator[SupabaseClient | None]:
        """Open a client; None where Supabase is not configured. Raises `InvalidSettings` for one variable alone."""
        settings = load_settings()
        async with open_transport(settings, load_services()) as transport:
            yield SupabaseClient(transport, settings) if transport is not None else None
