"""Copies of one opportunity, found by several searches or twice by one, and which of them stands for it."""

from collections.abc import Sequence
from itertools import islice
from operator import countOf, ne

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from intent_assets.signals_bytes import bytes_of, eights
from intent_assets.signals_json import Row, loaded

Ints = NDArray[np.int64]

_EIGHT = np.uint64(8)
# Odd, and of no pattern.
_FACTORS = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F], dtype=np.uint64)


def fullest_of_copies(ids: pa.Array, keys_of_ids: NDArray[np.uint64], rows: Sequence[Row], positions: Ints) -> Ints:
    """Return the places of the `ids` whose row stands for them, in order: of copies the fullest, then the first.

    `keys_of_ids` are their `keys`, `positions` says where among `rows` the row of each id is; no id is null or empty.
    """
    in_order = np.sort(keys_of_ids)
    alike = np.flatnonzero(pd.Series(keys_of_ids).isin(in_order[1:][in_order[1:] == in_order[:-1]]))
    codes = ids.take(pa.array(alike)).dictionary_encode().indices.to_numpy()
    order = np.argsort(codes, kind="stable")
    copies, codes = alike[order], codes[order]
    filled = _filled([rows[position] for position in positions[copies].tolist()], codes)
    best = copies[np.lexsort((copies, -filled, codes))][np.flatnonzero(np.diff(codes, prepend=-1))]
    stands = np.ones(len(ids), dtype=np.bool_)
    stands[copies] = False
    stands[best] = True
    return np.flatnonzero(stands)


def keys(texts: pa.Array) -> NDArray[np.uint64]:
    """Return a number of each text, made of its length, its first and its last eight bytes.

    It is the same for the same text, and nearly always another one for another id. All of the bytes of a million ids
    would take ten times as long.
    """
    content, ends = bytes_of(texts)
    # Eight bytes can be read from the place of every text, and before its end.
    eight = eights(np.frombuffer(bytes(8) + content + bytes(8), dtype=np.uint8))
    begins = np.concatenate([[0], ends[:-1]])
    lengths = (ends - begins).astype(np.uint64)
    others = _EIGHT * (_EIGHT - np.minimum(lengths, _EIGHT))
    first, last = eight[begins + 8] << others, eight[ends] >> others
    keys: NDArray[np.uint64] = first * _FACTORS[0] ^ last * _FACTORS[1] ^ lengths
    return keys


def _filled(copies: Sequence[Row], codes: Ints) -> Ints:
    """Return how many fields each copy has that are not null, 0 for all of an opportunity whose copies are the same.

    Copies of one opportunity have the same of `codes` and follow each other.
    """
    differ = np.fromiter(map(ne, copies, islice(copies, 1, None)), dtype=np.bool_)
    differing = np.isin(codes, codes[1:][differ & (codes[1:] == codes[:-1])])
    filled = np.zeros(len(codes), dtype=np.int64)
    for place in np.flatnonzero(differing).tolist():
        copy = loaded(copies[place])
        filled[place] = len(copy) - countOf(copy.values(), None) if isinstance(copy, dict) else 0
    return filled
