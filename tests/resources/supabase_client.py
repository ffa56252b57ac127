"""The real client against Supabase, as a run uses it."""

import asyncio
from collections.abc import Callable
from typing import Any

import dagster as dg
import pytest

from intent_assets.errors import SupabaseError
from intent_assets.resources.supabase import Allocation, Supabase, SupabaseSignals

DOMAIN = "many.example"
EMAIL = "Ana_Diaz+x@many.example"


def rows_of(count: int, domain: str = DOMAIN) -> list[dict[str, Any]]:
    """Rows of the contract's table, the oldest first."""
    return [
        {"id": f"s-{n}", "domain": domain, "signal_type": "rfp", "summary": f"Bid {n}", "source": "minutes",
         "date": f"2026-01-{n + 1:02d}", "relevance_score": None}
        for n in range(count)
    ]  # fmt: skip


def signals(domain: str = DOMAIN) -> SupabaseSignals:
    async def ask() -> SupabaseSignals:
        async with Supabase().session() as client:
            assert client is not None
            return await client.signals(domain)

    return asyncio.run(ask())


def allocations(email: str = EMAIL, campaign_id: str | None = None) -> tuple[Allocation, ...]:
    async def ask() -> tuple[Allocation, ...]:
        async with Supabase().session() as client:
            assert client is not None
            return await client.allocations(email, campaign_id)

    return asyncio.run(ask())


def start() -> None:
    """Set the resource up as a run does."""

    @dg.op
    def work(supabase: Supabase) -> None:
        """Need the resource."""

    @dg.job
    def job() -> None:
        work()

    result = job.execute_in_process(resources={"supabase": Supabase()}, raise_on_error=True)
    assert result.success


def fails(act: Callable[[], object] = signals) -> SupabaseError:
    with pytest.raises(SupabaseError) as caught:
        act()
    return caught.value


def at_start() -> str:
    """Return what a run that fails at its start says, causes included."""
    with pytest.raises(dg.DagsterResourceFunctionError) as caught:
        start()
    return str(caught.value.__cause__)
