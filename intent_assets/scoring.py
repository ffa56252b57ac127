"""Signals and candidates to ranked buyers (contracts: scoring): pure, vectorised, without a clock.

What the contract leaves open: "at least 3 letters" counts letters and digits alike (`k12` is a keyword), and a strategy
without buyer types or keywords makes that factor 0 for all.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from intent_assets import frames
from intent_assets.records import SearchStrategy
from intent_assets.scoring_factors import FACTORS, Factors, factors
from intent_assets.scoring_keywords import Occurrences, keywords, occurrences
from intent_assets.scoring_reasons import reasons, why_featured
from intent_assets.settings import Weights
from intent_assets.signals import EXPIRING_DAYS, OPEN_WITHOUT_DUE_DAYS, read_signals
from intent_assets.signals_buyers import gather_with_codes
from intent_assets.signals_dates import day_number, to_dates
from intent_assets.signals_json import Row
from intent_assets.tables import CANDIDATE_BUYERS, DISCOVERIES, SCORED_BUYERS

RECENCY_DAYS = 365
SECONDARY_BUYERS = 4

_TEXT = pa.large_string()
_SAID = ("buyer_name", "buyer_state", "buyer_website")


class Ranking(NamedTuple):
    """The ranked table (columns `SCORED_BUYERS`) and how many opportunities and dates of the wire were set aside."""

    table: pa.Table
    without_buyer: int
    unreadable_rows: int
    unreadable_dates: int


def scored_buyers(
    discoveries: pd.DataFrame,
    candidates: pd.DataFrame,
    strategy: SearchStrategy,
    *,
    weights: Weights,
    recency_days: int = RECENCY_DAYS,
    secondary_buyers: int = SECONDARY_BUYERS,
    as_of: date,
    expiring_days: int = EXPIRING_DAYS,
) -> pd.DataFrame:
    """Return all candidates with factors, score, rank, role and reason (`tables.SCORED_BUYERS`), in rank order.

    `discoveries` has the columns `tables.DISCOVERIES` with states as of `as_of`, `candidates` those of
    `tables.CANDIDATE_BUYERS`; signals of other buyers are left out. After `recency_days` a signal is worth nothing for
    recency; `expiring_days` before its end a contract or purchase begins to be urgent.
    """
    signals, buyers = frames.table(discoveries, DISCOVERIES), frames.table(candidates, CANDIDATE_BUYERS)
    owner = pc.index_in(signals["buyer_id"], value_set=buyers["buyer_id"].combine_chunks()).combine_chunks()
    known = pc.is_valid(owner)
    signals, words = signals.filter(known), keywords(strategy.primary_keywords)
    ranked = _ranked(
        signals,
        buyers,
        owner.filter(known).to_numpy().astype(np.int64),
        strategy,
        Occurrences.of(occurrences(signals[name].combine_chunks(), words) for name in ("title", "summary")),
        weights=weights,
        recency_days=recency_days,
        secondary_buyers=secondary_buyers,
        as_of=as_of,
        expiring_days=expiring_days,
    )
    return frames.from_table(ranked, SCORED_BUYERS)


def ranking(
    searches: Sequence[Sequence[Row]],
    buyers: Sequence[Row],
    strategy: SearchStrategy,
    *,
    weights: Weights,
    as_of: date,
    recency_days: int = RECENCY_DAYS,
    secondary_buyers: int = SECONDARY_BUYERS,
    open_without_due_days: int = OPEN_WITHOUT_DUE_DAYS,
    expiring_days: int = EXPIRING_DAYS,
    names: bool = True,
) -> Ranking:
    """Return the ranked buyers of wire records: opportunities of each search, and buyers.

    The same as `signals.discoveries`, `signals.candidate_buyers` and `scored_buyers` after each other, without what
    only a report needs. Without `names` the buyers' name, state and website are not read, and are null. The rows
    of a list are objects, or the JSON text of each.
    """
    said = _SAID if names else ()
    signals = read_signals(
        searches,
        as_of,
        texts=["buyer_type", "buyer_tags", *said],
        words=keywords(strategy.primary_keywords),
        open_without_due_days=open_without_due_days,
        expiring_days=expiring_days,
    )
    candidates, owner = gather_with_codes(signals.table, [buyers], said)
    table = _ranked(
        signals.table,
        candidates,
        owner,
        strategy,
        signals.found,
        weights=weights,
        recency_days=recency_days,
        secondary_buyers=secondary_buyers,
        as_of=as_of,
        expiring_days=expiring_days,
    )
    return Ranking(
        table=table,
        without_buyer=int(signals.without_buyer.sum()),
        unreadable_rows=int(signals.unreadable_rows.sum()),
        unreadable_dates=int(signals.unreadable_dates.sum()),
    )


def _ranked(
    signals: pa.Table,
    candidates: pa.Table,
    owner: NDArray[np.int64],
    strategy: SearchStrategy,
    hits: Occurrences,
    *,
    weights: Weights,
    recency_days: int,
    secondary_buyers: int,
    as_of: date,
    expiring_days: int,
) -> pa.Table:
    today = day_number(as_of)
    found = factors(
        signals,
        candidates,
        owner,
        strategy.buyer_types,
        hits,
        len(keywords(strategy.primary_keywords)),
        as_of=today,
        recency_days=recency_days,
        expiring_days=expiring_days,
    )
    shares = found.values * np.array([getattr(weights, name) for name in FACTORS])
    total = np.zeros(len(shares))
    for share in shares.T:
        total = total + share
    score = _rounded(total)
    order = _order(score, found, candidates["buyer_id"])
    found, score = found.take(order), score[order]
    featured, secondary = _selection(found, secondary_buyers)
    roles = np.full(len(order), None, dtype=object)
    roles[secondary] = "secondary"
    why = reasons(found, shares[order], today)
    if featured is not None:
        roles[featured] = "featured"
        why = _added(why, featured, why_featured(found, featured))
    rows = candidates.take(pa.array(order))
    columns: dict[str, Any] = {
        "rank": pa.array(np.arange(1, len(order) + 1)),
        **{name: rows[name] for name in ("buyer_id", "buyer_type")},
        **{name: rows[name] if name in rows.column_names else pa.nulls(len(order), _TEXT) for name in _SAID},
        "role": pa.array(roles, type=_TEXT),
        "score": pa.array(score),
        **{name: pa.array(values) for name, values in zip(FACTORS, np.ascontiguousarray(found.values.T), strict=True)},
        "signals": pa.array(found.signals),
        "actionable_signals": pa.array(found.actionable),
        "largest_amount": pa.array(found.largest_amount, mask=found.largest_amount == 0),
        "latest_event_date": to_dates(found.newest),
        "reason": why,
        "as_of": pa.repeat(pa.scalar(as_of, pa.date32()), len(order)),
    }
    return pa.table({name: columns[name] for name in SCORED_BUYERS}, schema=frames.schema(SCORED_BUYERS))


def _rounded(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return values in [0, 1], rounded to 6 decimals as the built-in `round` does it."""
    millionths = values * 1e6
    rounded = np.rint(millionths) / 1e6
    # Scaling is inexact by less than this; where that could matter, the built-in is asked.
    near = np.flatnonzero(np.abs(millionths - np.floor(millionths) - 0.5) < 1e-6)
    rounded[near] = [round(value, 6) for value in values[near].tolist()]
    return rounded


def _order(score: NDArray[np.float64], found: Factors, buyer_id: pa.ChunkedArray) -> NDArray[np.int64]:
    keys = pa.table({"score": score, "signals": found.signals, "newest": found.newest, "id": buyer_id})
    # A missing date is the smallest number, so it comes last.
    by = [("score", "descending"), ("signals", "descending"), ("newest", "descending"), ("id", "ascending")]
    return np.asarray(pc.sort_indices(keys, sort_keys=by).to_numpy(), dtype=np.int64)


def _selection(found: Factors, secondary_buyers: int) -> tuple[int | None, NDArray[np.int64]]:
    """Return the places (from 0, in rank order) of the featured buyer and of the secondary ones."""
    with_signals = np.flatnonzero(found.signals > 0)
    eligible = np.flatnonzero(found.actionable > 0)
    if not len(with_signals):
        return None, with_signals
    featured = int(eligible[0] if len(eligible) else with_signals[0])
    return featured, with_signals[with_signals != featured][:secondary_buyers]


def _added(texts: pa.Array, place: int, addition: str) -> pa.Array:
    if not addition:
        return texts
    both = pa.array([f"{texts[place].as_py()}; {addition}"], type=_TEXT)
    return pa.concat_arrays([texts[:place], both, texts[place + 1 :]])
