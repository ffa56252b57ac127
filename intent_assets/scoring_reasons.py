"""Why a buyer stands at its rank, in words that are computed from its factors."""

from collections.abc import Callable, Iterable
from datetime import date

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
        lambda: _joined("type ", factors.sought_type, " is sought"),
        lambda: _signals(factors.signals),
        lambda: _newest(factors.newest, as_of),
        lambda: _urgent(factors, as_of),
        lambda: _joined("largest amount ", _dollars(factors.largest_amount)),
        lambda: _joined(_texts(factors.keywords_found), f" of {_counted(factors.keywords, 'keyword')}"),
        lambda: _held_back(factors),
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
    noun = pa.array(np.where(number == 1, " signal", " signals").astype(object), type=_TEXT)
    relation = np.where(number == most, " (no buyer has more)", f" (the most of any buyer: {most})").astype(object)
    return _joined(_texts(number), noun, pa.array(relation, type=_TEXT))


def _newest(days: Days, as_of: int) -> pa.Array:
    word = np.where(days > as_of, "next event ", "latest event ").astype(object)
    return _joined(pa.array(word, type=_TEXT), _dates(days))


def _urgent(factors: Factors, as_of: int) -> pa.Array:
    rfps = factors.open_rfps
    noun = np.where(rfps == 1, " open RFP", " open RFPs").astype(object)
    due = np.where(rfps == 1, " (bids due ", " (first bids due ").astype(object)
    dated = _joined(pa.array(due, type=_TEXT), _dates(factors.first_due), ")")
    said = _joined(_texts(rfps), pa.array(noun, type=_TEXT), pc.fill_null(dated, " (no due date)"))
    contract, purchase = factors.contract_end, factors.purchase_end
    by_contract = (contract != NO_DATE) & ((purchase == NO_DATE) | (contract <= purchase))
    end = np.where(by_contract, contract, purchase)
    word = pa.array(np.where(by_contract, "contract ends ", "purchase ends ").astype(object), type=_TEXT)
    left = np.where(end == NO_DATE, 0, end - np.where(end == NO_DATE, 0, as_of))
    days = pa.array(np.where(left == 1, " day)", " days)").astype(object), type=_TEXT)
    ending = _joined(word, _dates(end), " (in ", _texts(left), days)
    return pc.if_else(pa.array(rfps > 0), said, ending)


def _held_back(factors: Factors) -> pa.Array:
    words = np.where(factors.signals == 0, "no signals", "all signals closed or expired").astype(object)
    return pa.array(words, type=_TEXT)


def _joined(*parts: pa.Array | str) -> pa.Array:
    """Return the parts of each row as one text, null where one is."""
    given = [pa.scalar(part, _TEXT) if isinstance(part, str) else part for part in parts]
    return pc.binary_join_element_wise(*given, pa.scalar("", _TEXT))


def _texts(numbers: Ints) -> pa.Array:
    return pc.cast(pa.array(numbers), _TEXT)


def _dollars(amounts: Floats) -> pa.Array:
    texts: Iterable[str] = map("${:,.2f}".format, amounts.tolist())
    return pc.replace_substring_regex(pa.array(list(texts), type=_TEXT), r"\.00$", "")


def _dates(days: Days) -> pa.Array:
    distinct, position = np.unique(days, return_inverse=True)
    texts = [None if day == NO_DATE else long_date(day_of(day)) for day in distinct.tolist()]
    return pa.array(texts, type=_TEXT).take(pa.array(position))
