"""Signals of both sources in one table: Starbridge's, and those of Supabase, read by the same definition. Pure.

A signal that both have is one signal: the fuller copy counts (contracts: scoring). A signal of Supabase may name no
buyer. It is kept, without one, so that a reader learns of it; it counts for no buyer's score and is never attributed.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from intent_assets.signals import EXPIRING_DAYS, OPEN_WITHOUT_DUE_DAYS, Discovered, discoveries
from intent_assets.wire import Json

SUPABASE = "supabase"

_NOBODY = "(no buyer)"
"""Stands for "no buyer" while signals are read, which sets signals without one aside."""


def both_sources(
    searches: Sequence[tuple[str, Sequence[Json]]],
    own: Sequence[Json],
    as_of: date,
    *,
    open_without_due_days: int = OPEN_WITHOUT_DUE_DAYS,
    expiring_days: int = EXPIRING_DAYS,
) -> Discovered:
    """Return the signals of the named searches and of the opportunities `own` of the second source.

    The frame has the columns `tables.DISCOVERIES`; `source` says which source a signal is from, `searches` who found
    it, and `buyer_id` is null only for signals of the second source.
    """
    found = {str(row.get("id")).strip() for _, rows in searches for row in rows if row.get("buyerId")}
    placed = [row if row.get("buyerId") else row | {"buyerId": _NOBODY} for row in own]
    kept = [row for row in placed if row["buyerId"] != _NOBODY or str(row.get("id")).strip() not in found]
    listed = [*searches, *([(SUPABASE, kept)] if own else [])]
    discovered = discoveries(listed, as_of, open_without_due_days=open_without_due_days, expiring_days=expiring_days)
    frame = discovered.frame.copy()
    frame.loc[frame["buyer_id"] == _NOBODY, "buyer_id"] = None
    frame.loc[frame["searches"] == SUPABASE, "source"] = SUPABASE
    return replace(discovered, frame=frame)
