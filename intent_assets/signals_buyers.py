"""The candidates: every buyer that a search found, by a signal or by name (contracts: scoring).

What the records of one buyer say may differ: its types and tags are the union of all, of anything else the buyer
search's word stands before that of the signals, there the most frequent (then alphabetical) one.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from intent_assets import frames
from intent_assets.signals_json import Row
from intent_assets.signals_threads import side_by_side
from intent_assets.signals_wire import TEXT, as_dictionary, read_table, trimmed
from intent_assets.tables import CANDIDATE_BUYERS, DISCOVERIES
from intent_assets.wire import Json

Ints = NDArray[np.int64]

_SAID: Mapping[str, tuple[str, str | None]] = {
    "buyer_name": ("name", "buyer_name"), "buyer_state": ("stateCode", "buyer_state"),
    "buyer_website": ("website", "buyer_website"), "city": ("city", None), "county": ("county", None),
    "parent_name": ("parentName", "parent_buyer_name"),
}  # fmt: skip
"""Column, field of the buyer search, column of the signals."""

_TEXTS = ("buyer_type", "buyer_tags", *filter(None, (column for _, column in _SAID.values())))
"""The columns of the signals that say something of the buyer."""


def candidate_buyers(
    discoveries: pd.DataFrame, searches: Sequence[tuple[str, Sequence[Json]]], as_of: date
) -> pd.DataFrame:
    """Return all buyers of the signals and of the wire buyers that each named search found, by `buyer_id`.

    `discoveries` has the columns `tables.DISCOVERIES`, the answer those of `tables.CANDIDATE_BUYERS`. Wire buyers
    without an id are left out. A `population` is a whole number above 0 or null.
    """
    signals = frames.table(discoveries, DISCOVERIES)
    texts = {name: trimmed(signals[name]) for name in _TEXTS}
    rows = [found for _, found in searches]
    buyers = gather(pa.table({"buyer_id": signals["buyer_id"], **texts}), rows, list(_SAID), population=True)
    found = _found_by(signals, searches, buyers["buyer_id"].combine_chunks())
    columns = {name: buyers[name] for name in buyers.column_names}
    columns |= {"searches": found, "as_of": pa.repeat(pa.scalar(as_of, pa.date32()), buyers.num_rows)}
    return frames.from_table(pa.table({name: columns[name] for name in CANDIDATE_BUYERS}), CANDIDATE_BUYERS)


def gather(
    signals: pa.Table, searches: Sequence[Sequence[Row]], said: Sequence[str], *, population: bool = False
) -> pa.Table:
    """Return one row per buyer, by `buyer_id`: that, `buyer_type`, `buyer_tags` and the columns `said`.

    `signals` needs their columns of the same names, trimmed.
    """
    return gather_with_codes(signals, searches, said, population=population)[0]


def gather_with_codes(
    signals: pa.Table, searches: Sequence[Sequence[Row]], said: Sequence[str], *, population: bool = False
) -> tuple[pa.Table, Ints]:
    """Return what `gather` does, and for each signal the row of its buyer."""
    fields = ["buyerId", "type", "buyerType", "buyerTags", *(_SAID[name][0] for name in said)]
    wire = read_table(searches, fields, amount="population" if population else None)
    wire = wire.filter(pc.is_valid(wire["buyerId"]))
    every = as_dictionary(_both(wire["buyerId"], signals["buyer_id"]))
    stands = np.zeros(len(every.dictionary), dtype=np.bool_)
    stands[every.indices] = True
    ids = every.dictionary.filter(pa.array(stands))
    order = pc.array_sort_indices(ids).to_numpy()
    count = len(order)
    code_of = np.zeros(len(stands), dtype=np.int64)
    code_of[stands] = _inverse(order)
    codes = code_of[every.indices.to_numpy()]
    listed, signalled = codes[: wire.num_rows], codes[wire.num_rows :]

    def types() -> pa.Array:
        here = pc.coalesce(wire["type"], wire["buyerType"])
        return _union(codes, _both(here, signals["buyer_type"]), count)

    def tags() -> pa.Array:
        return _union(codes, _both(wire["buyerTags"], signals["buyer_tags"]), count)

    def usual(name: str) -> pa.Array:
        field, column = _SAID[name]
        first = _Said(listed, wire[field], count).first()
        return first if column is None else pc.coalesce(first, _Said(signalled, signals[column], count).usual())

    names = ("buyer_type", "buyer_tags", *said)
    tasks: list[Callable[[], pa.Array]] = [types, tags, *(partial(usual, name) for name in said)]
    columns = side_by_side(tasks, len(codes))
    table = {"buyer_id": ids.take(pa.array(order)), **dict(zip(names, columns, strict=True))}
    if population:
        table["population"] = _largest(listed, wire["population"], count)
    return pa.table(table), signalled


class _Said:
    """What the rows of each of `count` buyers (`codes`) say: distinct texts by rank in the alphabet."""

    def __init__(self, codes: Ints, values: pa.ChunkedArray, count: int) -> None:
        encoded = as_dictionary(values)
        said = pc.is_valid(encoded).to_numpy(zero_copy_only=False)
        order = pc.array_sort_indices(encoded.dictionary).to_numpy()
        self.texts = encoded.dictionary.take(pa.array(order))
        self.codes = codes[said]
        self.ranks = _inverse(order)[encoded.indices.drop_null().to_numpy()]
        self.lowest = np.full(count, len(order))
        np.minimum.at(self.lowest, self.codes, self.ranks)
        highest = np.full(count, -1)
        np.maximum.at(highest, self.codes, self.ranks)
        self.differs = self.lowest < highest

    def first(self) -> pa.Array:
        """Return the first text in the alphabet, null where nothing is said."""
        return self._take(self.lowest)

    def usual(self) -> pa.Array:
        """Return the most frequent text, the first in the alphabet of several."""
        code, rank, times = self._differing()
        order = np.lexsort((rank, -times, code))
        best = order[np.flatnonzero(np.diff(code[order], prepend=-1))]
        ranks = self.lowest.copy()
        ranks[code[best]] = rank[best]
        return self._take(ranks)

    def all(self) -> pa.Array:
        """Return all texts, joined by commas."""
        one = self._take(self.lowest)
        if not self.differs.any():
            return one
        code, rank, _ = self._differing()
        return pc.coalesce(_joined(code, self.texts.take(pa.array(rank)), len(self.differs)), one)

    def _differing(self) -> tuple[Ints, Ints, Ints]:
        """Return buyer, rank and frequency of each text of the buyers whose rows differ, in that order."""
        rows = self.differs[self.codes]
        pairs, times = np.unique(self.codes[rows] * len(self.texts) + self.ranks[rows], return_counts=True)
        code, rank = np.divmod(pairs, max(len(self.texts), 1))
        return code, rank, times

    def _take(self, ranks: Ints) -> pa.Array:
        nothing = ranks >= len(self.texts)
        return self.texts.take(pa.array(np.where(nothing, 0, ranks), mask=nothing))


def _union(codes: Ints, values: pa.ChunkedArray, count: int) -> pa.Array:
    """Return the words of all that the rows say: as they say it where they agree, else each word once."""
    said = _Said(codes, values, count)
    texts = said.all()
    differing = np.flatnonzero(said.differs)
    if not len(differing):
        return texts
    lists = pc.split_pattern(texts.take(pa.array(differing)), ",")
    owner = pc.list_parent_indices(lists).to_numpy()
    words = trimmed(pa.chunked_array([lists.flatten()], type=TEXT))
    joined = _Said(differing[owner], words, count).all()
    return pc.coalesce(pc.if_else(pa.array(said.differs), joined, pa.scalar(None, TEXT)), texts)


def _joined(code: Ints, texts: pa.Array, count: int) -> pa.Array:
    """Return the texts of each buyer, which stand in the order of `code`, as one text; null where there are none."""
    offsets = np.searchsorted(code, np.arange(count + 1))
    joined = pc.binary_join(pa.LargeListArray.from_arrays(pa.array(offsets), texts), pa.scalar(", ", TEXT))
    return pc.if_else(pa.array(offsets[1:] > offsets[:-1]), joined, pa.scalar(None, TEXT))


def _largest(codes: Ints, values: pa.ChunkedArray, count: int) -> pa.Array:
    numbers = np.floor(pc.fill_null(values, 0).to_numpy())
    largest = np.zeros(count)
    np.maximum.at(largest, codes, np.where(numbers < 2**53, numbers, 0))
    return pa.array(largest.astype(np.int64), mask=largest < 1)


def _found_by(signals: pa.Table, searches: Sequence[tuple[str, Sequence[Json]]], ids: pa.Array) -> pa.Array:
    """Return the names of the searches that found each buyer, itself or a signal of it, in order of the alphabet."""
    lists = pc.split_pattern(signals["searches"].combine_chunks(), ",")
    by_signal = signals["buyer_id"].combine_chunks().take(pc.list_parent_indices(lists))
    listed = [(str(name), read_table([rows], ["buyerId"])["buyerId"]) for name, rows in searches]
    buyers = pa.chunked_array([by_signal, *(chunk for _, found in listed for chunk in found.chunks)], type=TEXT)
    names = [lists.flatten(), *(pa.repeat(pa.scalar(name, TEXT), len(found)) for name, found in listed)]
    codes = pc.index_in(buyers, value_set=ids).combine_chunks()
    known = pc.is_valid(codes)
    said = pa.chunked_array(names, type=TEXT).filter(known)
    texts = _Said(codes.filter(known).to_numpy().astype(np.int64), said, len(ids)).all()
    return pc.replace_substring(texts, ", ", ",")


def _both(first: pa.ChunkedArray, second: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return the texts of one column and then of the other, each text held once."""
    columns = [as_dictionary(first), as_dictionary(second)]
    return pa.chunked_array(columns, type=columns[0].type)


def _inverse(order: Ints) -> Ints:
    """Return the rank of each position of `order`."""
    ranks = np.empty(len(order), dtype=np.int64)
    ranks[order] = np.arange(len(order))
    return ranks
