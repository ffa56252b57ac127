"""Why a buyer stands at its rank, in words that are computed from its factors."""

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from intent_assets.scoring_factors import Factors
from intent_assets.signals_dates import NO_DATE, Days, day_of
from intent_assets.signals_threads import side_by_side

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_TEXT = pa.large_string()
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


def reasons(factors: Factors, shares: Floats, as_of: int) -> pa.Array:
    """Return a text per buyer: what its score is made of, the largest share first.

    `shares` has the shape (buyers, 6), each factor times its weight; what adds nothing is not named. Then follows what
    holds the buyer back from being featured: no signals, or only finished ones.
    """
    count = len(factors.signals)
    order = np.argsort(-shares, axis=1, kind="stable")
    counts = np.take_along_axis(shares > 0, order, axis=1)
    tasks: list[Callable[[], pa.Array]] = [
        lambda: _told(factors.sought_type, lambda word: f"type {word} is sought"),
        lambda: _signals(factors.signals),
        lambda: _newest(factors.newest, as_of),
        lambda: _urgent(factors, as_of),
        lambda: _largest(factors.largest_amount),
        lambda: _told(factors.keywords_found, lambda n: f"{n} of {_counted(factors.keywords, 'keyword')}"),
        lambda: _held_back(factors.signals),
    ]
    parts = pa.concat_arrays(side_by_side(tasks, count))
    # One list per buyer: positions in `parts`, of which each kind holds one per buyer.
    held_back = (factors.signals == 0) | (factors.actionable == 0)
    kinds = np.column_stack([order, np.full(count, shares.shape[1])])
    chosen = np.column_stack([counts, held_back])
    positions = (kinds * count + np.arange(count)[:, None])[chosen]
    offsets = np.concatenate([[0], np.cumsum(chosen.sum(axis=1))])
    lists = pa.LargeListArray.from_arrays(pa.array(offsets), parts.take(pa.array(positions)))
    return pc.binary_join(lists, pa.scalar("; ", _TEXT))


def why_featured(factors: Factors, place: int) -> str:
    """Return why the buyer at `place` (from 0, in rank order) is featured, where its rank alone does not say so."""
    above = factors.signals[:place]
    silent = int((above == 0).sum())
    finished = int(place - silent)
    if not factors.actionable[place]:
        said = "featured although its signals are all closed or expired, as are those of all others"
        return said + (f"; {_ranks(place)} no signals" if silent else "")
    if not place:
        return ""
    if not finished:
        return f"featured because {_ranks(place)} no signals"
    if not silent:
        return f"featured because {_ranks(place)} only closed or expired signals"
    return f"featured because {_ranks(place)} no signals ({silent}) or only closed or expired ones ({finished})"


def long_date(day: date) -> str:
    """Return a date as `12 March 2026`."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _ranks(place: int) -> str:
    return "rank 1 has" if place == 1 else f"ranks 1 to {place} have"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _signals(number: Ints) -> pa.Array:
    most = int(number.max(initial=0))

    def told(n: int) -> str:
        return f"{_counted(n, 'signal')} ({'no buyer has more' if n == most else f'the most of any buyer: {most}'})"

    return _told(number, told)


def _newest(days: Days, as_of: int) -> pa.Array:
    return _told(days, lambda day: f"{'next' if day > as_of else 'latest'} event {_date(day)}")


def _urgent(factors: Factors, as_of: int) -> pa.Array:
    rfps, due = factors.open_rfps, factors.first_due
    contract, purchase = factors.contract_end, factors.purchase_end
    by_contract = (contract != NO_DATE) & ((purchase == NO_DATE) | (contract <= purchase))

    def bids(word: str) -> pa.Array:
        return _told(due, lambda day: " (no due date)" if day == NO_DATE else f" ({word} due {_date(day)})")

    def ends(word: str, days: Days) -> pa.Array:
        return _told(days, lambda day: f"{word} ends {_date(day)} (in {_counted(day - as_of, 'day')})")

    dated = pc.if_else(pa.array(rfps == 1), bids("bids"), bids("first bids"))
    said = pc.binary_join_element_wise(_told(rfps, lambda n: _counted(n, "open RFP")), dated, pa.scalar("", _TEXT))
    ending = pc.if_else(pa.array(by_contract), ends("contract", contract), ends("purchase", purchase))
    return pc.if_else(pa.array(rfps > 0), said, ending)


def _largest(amounts: Floats) -> pa.Array:
    # Hardly any two are the same.
    told = map("largest amount ${:,.2f}".format, amounts.tolist())
    return pa.array([text.removesuffix(".00") for text in told], type=_TEXT)


def _held_back(signals: Ints) -> pa.Array:
    return _told(signals == 0, lambda none: "no signals" if none else "all signals closed or expired")


def _told(values: NDArray[Any] | pa.Array, tell: Callable[[Any], str]) -> pa.Array:
    """Return what is told of each value; of the same, it is made only once."""
    encoded = pa.array(values).dictionary_encode()
    return pa.array(map(tell, encoded.dictionary.to_pylist()), type=_TEXT).take(encoded.indices)


def _date(day: int) -> str:
    return "no date" if day == NO_DATE else long_date(day_of(day))
