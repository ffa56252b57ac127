"""Wire opportunities to signals: one row per opportunity, typed, with its state on a day (contracts: scoring).

Pure and without a clock. What the contract leaves open:

- An opportunity without an id, and a row that is no object, are set aside and counted like those without a buyer; the
  copies that are set aside take no part in the choice between copies.
- An opportunity whose type is none of the contract's is a signal without `kind`; its state is `unknown`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import chain
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from intent_assets import frames
from intent_assets.scoring_keywords import Occurrences
from intent_assets.signals_buyers import candidate_buyers
from intent_assets.signals_copies import fullest_of_copies
from intent_assets.signals_dates import day_number
from intent_assets.signals_documents import documents
from intent_assets.signals_json import Row
from intent_assets.signals_states import states
from intent_assets.signals_typed import DATES, TEXTS, typed_rows
from intent_assets.signals_wire import TEXT
from intent_assets.tables import DISCOVERIES
from intent_assets.wire import Json

__all__ = ["Discovered", "Signals", "candidate_buyers", "discoveries", "read_signals"]

Ints = NDArray[np.int64]

OPEN_WITHOUT_DUE_DAYS = 180
EXPIRING_DAYS = 365


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
    """Signals as an Arrow table, and where they came from.

    `table` has the columns `buyer_id`, `kind`, `state`, `event_date`, `due_date`, `until_date`, `amount` and the texts
    that were asked for; texts that are often the same are each held once (Arrow dictionaries). `positions` are the
    rows' among those of all searches.
    """

    table: pa.Table
    positions: Ints
    found: Occurrences
    """Which of the words that were looked for occur in the title or summary of each row of `table`."""
    places: Ints
    """The place of each row of `table` among ..."""
    ids: pa.Array
    """... the signal ids of all copies that were not set aside ..."""
    searches: Ints
    """... and the number of the search that found each of these."""
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
    signals = read_signals(
        found, as_of, texts=list(TEXTS), open_without_due_days=open_without_due_days, expiring_days=expiring_days
    )
    names = [name for name, _ in searches]
    columns = {name: _decoded(signals.table[name]) for name in signals.table.column_names}
    columns["signal_id"] = signals.ids.take(pa.array(signals.places))
    rows = list(chain.from_iterable(found))
    columns |= documents([rows[position] for position in signals.positions])
    count = len(signals.positions)
    columns["source"] = pa.repeat(pa.scalar("starbridge", TEXT), count)
    columns["searches"] = _searches(signals, columns["signal_id"], names)
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
    searches: Sequence[Sequence[Row]],
    as_of: date,
    *,
    texts: Sequence[str],
    words: Sequence[str] = (),
    open_without_due_days: int = OPEN_WITHOUT_DUE_DAYS,
    expiring_days: int = EXPIRING_DAYS,
) -> Signals:
    """Return the signals of the wire opportunities of each search, in order of first appearance.

    `texts` are columns of `DISCOVERIES` to read beside what scoring needs, `words` keywords to look for. All
    opportunities are objects, or all are JSON text.
    """
    of_all = list(chain.from_iterable(searches))
    on_day = partial(
        states, as_of=day_number(as_of), open_without_due_days=open_without_due_days, expiring_days=expiring_days
    )
    typed = typed_rows(of_all, texts, words, on_day)
    rows, search = typed.table, np.repeat(np.arange(len(searches)), [len(found) for found in searches])
    ids = rows["signal_id"].combine_chunks()
    has_id, has_buyer = _valid(ids), _valid(rows["buyer_id"])
    positions = np.flatnonzero(typed.objects)

    kept = np.flatnonzero(has_id & has_buyer)
    kept_ids = ids if len(kept) == len(ids) else ids.take(pa.array(kept))
    keys = rows["key_of_id"].to_numpy()[kept]
    places = fullest_of_copies(kept_ids, keys, of_all, positions[kept])
    winners = kept[places]
    stands = np.zeros(rows.num_rows, dtype=np.bool_)
    stands[winners] = True
    table = rows.select(["buyer_id", "amount", *texts, "kind", "state", *DATES])
    of_objects = search[positions]
    count = len(searches)
    return Signals(
        table=table.filter(pa.array(stands)).combine_chunks(),
        positions=positions[winners],
        found=typed.found.of_rows(stands),
        places=places,
        ids=kept_ids,
        searches=of_objects[kept],
        without_buyer=np.bincount(of_objects[has_id & ~has_buyer], minlength=count),
        unreadable_dates=np.bincount(of_objects, weights=rows["unreadable_dates"].to_numpy(), minlength=count).astype(
            np.int64
        ),
        unreadable_rows=np.bincount(search[~typed.objects], minlength=count)
        + np.bincount(of_objects[~has_id], minlength=count),
    )


def _decoded(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return column.cast(TEXT) if pa.types.is_dictionary(column.type) else column


def _searches(signals: Signals, ids: pa.Array, names: Sequence[str]) -> pa.Array:
    """Return for each signal the names of the searches that found it, in order of the alphabet."""
    known = sorted(set(names))
    rank = np.array([known.index(name) for name in names], dtype=np.int64)
    signal = pc.index_in(signals.ids, value_set=ids).to_numpy()
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


def _valid(values: pa.Array | pa.ChunkedArray) -> NDArray[np.bool_]:
    return np.asarray(pc.is_valid(values), dtype=np.bool_)
