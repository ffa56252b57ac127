"""Wire records (JSON objects) to typed columns, many rows at once.

A value of the wrong form becomes null and costs nothing but itself. Rows are read in blocks: a block whose values all
have the usual form is converted in one call; only where they don't are a block's values looked at one by one.
"""

import math
from collections.abc import Sequence
from itertools import repeat
from operator import countOf
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from intent_assets.signals_amounts import read_amounts
from intent_assets.wire import Json

TEXT = pa.large_string()
TAGS = "buyerTags"

# Words joined by commas, where a sender may write a list.
_WORDS = ("type", "buyerType")
# So many rows stay in the processor's cache while one field after the other is read.
_BLOCK = 1000
_UNUSUAL = (pa.ArrowException, TypeError, ValueError)
_NONE = type(None)


def are_objects(rows: Sequence[Any]) -> NDArray[np.bool_]:
    """Return for each row whether it is a JSON object."""
    return np.fromiter(map(isinstance, rows, repeat(dict)), dtype=np.bool_, count=len(rows))


def filled_fields(rows: Sequence[Json]) -> NDArray[np.int64]:
    """Return for each row how many of its fields are not null."""
    fields = np.fromiter(map(len, rows), dtype=np.int64, count=len(rows))
    nulls = np.fromiter(map(countOf, map(dict.values, rows), repeat(None)), dtype=np.int64, count=len(rows))
    return fields - nulls


def read_rows(
    rows: Sequence[Json], texts: Sequence[str], *, dates: Sequence[str] = (), amount: str | None = None
) -> pa.Table:
    """Return fields of the rows as columns of the same names.

    `texts` and `dates` are text (a number is its text); of those, `dates` keep a `?` where something else stands, so
    that it can be counted as no date. There is always a column `buyerTags`; a list of types or tags is one text with
    commas. `amount` is in US dollars, null where none can be read.
    """
    usual = pa.struct([(name, TEXT) for name in (*texts, *dates)])
    wanted = pa.schema([*usual, pa.field(TAGS, TEXT), *([pa.field(amount, pa.float64())] if amount else [])])
    batches = []
    for start in range(0, len(rows), _BLOCK):
        block = rows[start : start + _BLOCK]
        columns = [*_texts(block, usual, dates), _tags([row.get(TAGS) for row in block])]
        if amount:
            columns.append(_amounts([row.get(amount) for row in block]))
        batches.append(pa.RecordBatch.from_arrays(columns, schema=wanted))
    return pa.Table.from_batches(batches, schema=wanted).combine_chunks()


def trimmed(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return the texts without white space round them; what is then empty is null."""
    texts = pc.utf8_trim_whitespace(column)
    return pc.if_else(pc.equal(texts, ""), pa.scalar(None, TEXT), texts)


def plain_text(value: object) -> str | None:
    """Return a text or a finite number as text, all else as None; a lone surrogate becomes `?`."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return str(value) if isinstance(value, int) or math.isfinite(value) else None


def _texts(block: Sequence[Json], usual: pa.StructType, dates: Sequence[str]) -> list[pa.Array]:
    try:
        return list(pa.array(block, type=usual).flatten())
    except _UNUSUAL:
        names = [field.name for field in usual]
        return [
            _words([row.get(name) for row in block])
            if name in _WORDS
            else _text([row.get(name) for row in block], "?" if name in dates else None)
            for name in names
        ]


def _words(values: Sequence[object]) -> pa.Array:
    return _text([_joined(value) for value in values])


def _text(values: Sequence[object], instead: str | None = None) -> pa.Array:
    if set(map(type, values)) <= {str, _NONE}:
        try:
            return pa.array(values, type=TEXT)
        except UnicodeEncodeError:
            pass
    texts = [None if value is None else plain_text(value) or instead for value in values]
    return pa.array(texts, type=TEXT)


def _tags(values: Sequence[Any]) -> pa.Array:
    if set(map(type, values)) <= {list, _NONE}:
        try:
            lists = pa.array(values, type=pa.list_(TEXT))
        except _UNUSUAL:
            lists = None
        if lists is not None and not lists.flatten().null_count:
            return pc.binary_join(lists, pa.scalar(", ", TEXT))
    return _words(values)


def _joined(value: object) -> object:
    return ", ".join(filter(None, map(plain_text, value))) if isinstance(value, list | tuple) else value


def _amounts(values: Sequence[Any]) -> pa.Array:
    if set(map(type, values)) <= {int, float, _NONE}:
        try:
            plain = pa.array(values, type=pa.float64())
        except _UNUSUAL:
            plain = None
        if plain is not None:
            usable = pc.and_(pc.greater(plain, 0), pc.is_finite(plain))
            return pc.if_else(usable, plain, pa.scalar(None, pa.float64()))
    return pa.array(read_amounts(values), from_pandas=True)
