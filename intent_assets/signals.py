"""Wire opportunities to signals: one row per opportunity, typed, with its state on a day (contracts: scoring).

Pure and without a clock. What the contract leaves open:

- An opportunity without an id, and a row that is no object, are set aside and counted like those without a buyer; the
  copies that are set aside take no part in the choice between copies.
- An opportunity whose type is none of the contract's is a signal without `kind`; its state is `unknown`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import chain
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from intent_assets import frames
from intent_assets.signals_buyers import candidate_buyers
from intent_assets.signals_dates import Dates, day_number, read_dates, to_dates
from intent_assets.signals_documents import documents
from intent_assets.signals_states import KINDS, OPEN_STATUS, STATES, states
from intent_assets.signals_threads import side_by_side
from intent_assets.signals_wire import TEXT, filled_fields, read_rows, trimmed
from intent_assets.tables import DISCOVERIES
from intent_assets.wire import Json

__all__ = ["Discovered", "Signals", "candidate_buyers", "discoveries", "read_signals"]

Ints = NDArray[np.int64]

OPEN_WITHOUT_DUE_DAYS = 180
EXPIRING_DAYS = 365

_COLUMNS: Mapping[str, str] = {
    "buyer_name": "buyerName", "buyer_type": "buyerType", "buyer_tags": "buyerTags", "buyer_state": "buyerState",
    "buyer_website": "buyerWebsite", "parent_buyer_id": "parentBuyerId", "parent_buyer_name": "parentBuyerName",
    "title": "title", "summary": "summary", "status": "status",
}  # fmt: skip
_FIELDS = (
    "id", "buyerId", "type", "status", "postedDate", "dueDate", "untilDate", "purchaseAmount", "title", "summary",
    "buyerType", "buyerTags",
)  # fmt: skip
_NAMES = ("buyerName", "buyerState", "buyerWebsite", "parentBuyerId", "parentBuyerName")
_DATES = {"event_date": "postedDate", "due_date": "dueDate", "until_date": "untilDate"}


@dataclass(frozen=True)
class Discovered:
    """The signals (columns `tables.DISCOVERIES`), latest event first, and what was set aside, per search.

    `without_buyer` counts opportunities that name no buyer, `unreadable_rows` those without an id or of another form
    than an object, `unreadable_dates` dates that can't be read, of all copies.
    """

    frame: pd.DataFrame
    without_buyer: Mapping[str, int]
    unreadable_dates: Mapping[str, int]
    unreadable_rows: Mapping[str, int]


class Signals(NamedTuple):
    """Signals as an Arrow table with the columns of `DISCOVERIES` that scoring needs, and where they came from.

    `texts` are as on the wire, untrimmed but for the ids. `positions` are the rows' among those of all searches.
    """

    table: pa.Table
    positions: Ints
    ids: pa.Array
    """Of all copies that were not set aside: their signal ids ..."""
    searches: Ints
    """... and the number of the search that found each."""
    without_buyer: Ints
    unreadable_dates: Ints
    unreadable_rows: Ints


def discoveries(
    searches: Sequence[tuple[str, Sequence[Json]]],
    as_of: date,
    *,
    open_without_due_days: int = OPEN_WITHOUT_DUE_DAYS,
    expiring_days: int = EXPIRING_DAYS,
) -> Discovered:
    """Return the signals of the wire opportunities that each named search found, in search order.

    `open_without_due_days` is for how long an RFP without a due date counts as open, `expiring_days` for how long
    before its end a contract, purchase or plan is expiring.
    """
    found = [rows for _, rows in searches]
    signals = read_signals(found, as_of, open_without_due_days=open_without_due_days, expiring_days=expiring_days)
    names = [name for name, _ in searches]
    rows = list(chain.from_iterable(found))
    columns = {name: signals.table[name] for name in signals.table.column_names}
    columns |= {name: trimmed(columns[name]) for name in _COLUMNS}
    columns |= documents([rows[position] for position in signals.positions])
    count = len(signals.positions)
    columns["source"] = pa.repeat(pa.scalar("starbridge", TEXT), count)
    columns["searches"] = _searches(signals, names)
    columns["as_of"] = pa.repeat(pa.scalar(as_of, pa.date32()), count)
    table = pa.table({name: columns[name] for name in DISCOVERIES}, schema=frames.schema(DISCOVERIES))
    order = pc.sort_indices(table, sort_keys=[("event_date", "descending"), ("signal_id", "ascending")])
    return Discovered(
        frame=frames.from_table(table.take(order), DISCOVERIES),
        without_buyer=_per_search(names, signals.without_buyer),
        unreadable_dates=_per_search(names, signals.unreadable_dates),
        unreadable_rows=_per_search(names, signals.unreadable_rows),
    )


def read_signals(
    searches: Sequence[Sequence[Any]],
    as_of: date,
    *,
    open_without_due_days: int = OPEN_WITHOUT_DUE_DAYS,
    expiring_days: int = EXPIRING_DAYS,
    names: bool = True,
) -> Signals:
    """Return the signals of the wire opportunities of each search, in order of first appearance.

    Without `names` the columns are left out that only describe a buyer and its parent. The lists may make their rows
    as they are sliced.
    """
    fields = (*_FIELDS, *_NAMES) if names else _FIELDS
    values = None if names else _values
    read = read_rows(searches, fields, dates=list(_DATES.values()), amount="purchaseAmount", values=values)
    wire, search = read.table, np.repeat(np.arange(len(searches)), [len(found) for found in searches])
    positions = np.flatnonzero(read.objects)
    tasks: list[Callable[[], Any]] = [
        lambda: trimmed(wire["id"]).combine_chunks(),
        lambda: trimmed(wire["buyerId"]).combine_chunks(),
        lambda: _places(wire["type"], list(KINDS)),
        lambda: _places(wire["status"], OPEN_STATUS) >= 0,
        *(partial(_dates, wire[field]) for field in _DATES.values()),
    ]
    ids, buyers, kind, has_open_status, *days_of = side_by_side(tasks, wire.num_rows)
    has_id, has_buyer = _valid(ids), _valid(buyers)

    kept = np.flatnonzero(has_id & has_buyer)
    kept_ids = ids if len(kept) == len(ids) else ids.take(pa.array(kept))
    winners = kept[_winners(kept_ids, positions[kept], searches)]
    days = {name: found.days[winners] for name, found in zip(_DATES, days_of, strict=True)}
    state = states(
        kind[winners], has_open_status[winners], days, day_number(as_of), open_without_due_days, expiring_days
    )
    columns = {name: field for name, field in _COLUMNS.items() if field in fields}
    taken = _taken(
        {"signal_id": ids, "buyer_id": buyers, "amount": wire["purchaseAmount"]}
        | {name: wire[field] for name, field in columns.items()},
        winners,
    )
    made = {
        **taken,
        "kind": pa.array(list(KINDS.values()), type=TEXT).take(pa.array(kind[winners], mask=kind[winners] < 0)),
        "state": pa.array(STATES, type=TEXT).take(pa.array(state)),
        **{name: to_dates(found) for name, found in days.items()},
    }
    unreadable_dates = np.sum([found.unreadable for found in days_of], axis=0)
    of_objects = search[positions]
    count = len(searches)
    return Signals(
        table=pa.table(made),
        positions=positions[winners],
        ids=kept_ids,
        searches=of_objects[kept],
        without_buyer=np.bincount(of_objects[has_id & ~has_buyer], minlength=count),
        unreadable_dates=np.bincount(of_objects, weights=unreadable_dates, minlength=count).astype(np.int64),
        unreadable_rows=np.bincount(search[~read.objects], minlength=count)
        + np.bincount(of_objects[~has_id], minlength=count),
    )


def _values(rows: Sequence[Json]) -> list[tuple[Any, ...]]:
    """Return the values of `_FIELDS`; written out, it takes half the time."""
    return [
        (
            row.get("id"), row.get("buyerId"), row.get("type"), row.get("status"), row.get("postedDate"),
            row.get("dueDate"), row.get("untilDate"), row.get("purchaseAmount"), row.get("title"), row.get("summary"),
            row.get("buyerType"), row.get("buyerTags"),
        )
        for row in rows
    ]  # fmt: skip


def _places(texts: pa.ChunkedArray, words: Sequence[str]) -> Ints:
    """Return which of `words` each trimmed text is, -1 for none."""
    found = pc.index_in(pc.utf8_trim_whitespace(texts), value_set=pa.array(words, type=TEXT))
    return np.asarray(pc.fill_null(found, -1).to_numpy(), dtype=np.int64)


def _dates(texts: pa.ChunkedArray) -> Dates:
    return read_dates(trimmed(texts))


def _taken(columns: Mapping[str, pa.Array | pa.ChunkedArray], rows: Ints) -> dict[str, pa.Array]:
    if not columns or all(len(column) == len(rows) for column in columns.values()):
        return dict(columns)
    wanted = pa.array(rows)
    taken = side_by_side([partial(pc.take, column, wanted) for column in columns.values()], len(rows))
    return dict(zip(columns, taken, strict=True))


def _winners(ids: pa.Array, positions: Ints, searches: Sequence[Sequence[Json]]) -> Ints:
    """Return which of the copies at `positions` of the searches stand for their `ids`: fullest first, then first."""
    codes = _codes(ids)
    counts = np.bincount(codes)
    if len(counts) == len(codes):
        return np.arange(len(codes))
    several = np.flatnonzero(counts[codes] > 1)
    filled = filled_fields(_rows_at(searches, positions[several]))
    order = several[np.lexsort((several, -filled, codes[several]))]
    best = order[np.flatnonzero(np.diff(codes[order], prepend=-1))]
    return np.sort(np.concatenate([np.flatnonzero(counts[codes] == 1), best]))


def _rows_at(searches: Sequence[Sequence[Json]], positions: Ints) -> list[Json]:
    ends = np.cumsum([len(found) for found in searches])
    search = np.searchsorted(ends, positions, side="right")
    places = positions - np.concatenate([[0], ends])[search]
    return [searches[number][place] for number, place in zip(search.tolist(), places.tolist(), strict=True)]


def _searches(signals: Signals, names: Sequence[str]) -> pa.Array:
    """Return for each signal the names of the searches that found it, in order of the alphabet."""
    known = sorted(set(names))
    rank = np.array([known.index(name) for name in names], dtype=np.int64)
    signal = pc.index_in(signals.ids, value_set=signals.table["signal_id"].combine_chunks()).to_numpy()
    found = np.unique(signal * np.int64(max(len(known), 1)) + rank[signals.searches])
    signal, name = np.divmod(found, max(len(known), 1))
    offsets = np.searchsorted(signal, np.arange(len(signals.positions) + 1))
    lists = pa.LargeListArray.from_arrays(pa.array(offsets), pa.array(known, type=TEXT).take(pa.array(name)))
    return pc.binary_join(lists, pa.scalar(",", TEXT))


def _per_search(names: Sequence[str], counts: Ints) -> dict[str, int]:
    totals = dict.fromkeys(names, 0)
    for name, count in zip(names, counts, strict=True):
        totals[name] += int(count)
    return totals


def _codes(values: pa.Array) -> Ints:
    return np.asarray(values.dictionary_encode().indices.to_numpy(), dtype=np.int64)


def _valid(values: pa.Array) -> NDArray[np.bool_]:
    return np.asarray(pc.is_valid(values).to_numpy(zero_copy_only=False), dtype=np.bool_)
