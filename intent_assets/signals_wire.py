"""Wire records (JSON objects) to typed columns, many rows at once.

A value of the wrong form becomes null and costs nothing but itself. Rows are read in blocks: a column of a block whose
values all have the usual form is converted in one call; only where they don't are its values looked at one by one.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from itertools import compress, repeat
from operator import countOf
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from intent_assets.signals_amounts import read_amounts
from intent_assets.wire import Json

TEXT = pa.large_string()

# Words joined by commas, where a sender may write a list.
_WORDS = ("type", "buyerType", "buyerTags")
# So many rows stay in the processor's cache while one column after the other is made of them.
_BLOCK = 1000
_AMOUNT_TEXT = "text of the amount"
_UNUSUAL = (pa.ArrowException, TypeError, ValueError)

Values = Callable[[Sequence[Json]], Sequence[tuple[Any, ...]]]


class WireColumns(NamedTuple):
    """The columns of the rows that are objects, and for each row given whether it is one."""

    table: pa.Table
    objects: NDArray[np.bool_]


def values_of(fields: Sequence[str]) -> Values:
    """Return the function that takes these fields out of each of many objects, None for an absent one."""
    return lambda rows: [tuple(map(row.get, fields)) for row in rows]


def filled_fields(rows: Sequence[Json]) -> NDArray[np.int64]:
    """Return for each row how many of its fields are not null."""
    fields = np.fromiter(map(len, rows), dtype=np.int64, count=len(rows))
    nulls = np.fromiter(map(countOf, map(dict.values, rows), repeat(None)), dtype=np.int64, count=len(rows))
    return fields - nulls


def read_rows(
    found: Sequence[Sequence[Any]],
    fields: Sequence[str],
    *,
    dates: Sequence[str] = (),
    amount: str | None = None,
    values: Values | None = None,
) -> WireColumns:
    """Return fields of the rows of all lists as columns of the same names, in order.

    All are text (a number is its text; a list of types or tags is one text with commas), but `amount` is in US
    dollars, null where none can be read. `dates` keep a `?` where something else than text or a number stands, so that
    it can be counted as no date. `values` is a quicker `values_of(fields)`. The lists may make their rows as they are
    sliced: each row is asked for once.
    """
    schema = pa.schema([(name, pa.float64() if name == amount else TEXT) for name in fields] + [(_AMOUNT_TEXT, TEXT)])
    take = values or values_of(fields)
    batches, objects = [], [np.ones(0, dtype=np.bool_)]
    for given in _blocks(found):
        are = np.ones(len(given), dtype=np.bool_)
        block = given
        if countOf(map(type, given), dict) < len(given):
            are = np.fromiter(map(isinstance, given, repeat(dict)), dtype=np.bool_, count=len(given))
            block = list(compress(given, are))
        objects.append(are)
        if block:
            columns = dict(zip(fields, zip(*take(block), strict=True), strict=True))
            amounts = columns.get(amount, ()) if amount else ()
            arrays = [
                _numbers(column) if name == amount else _text(name, column, dates) for name, column in columns.items()
            ]
            batches.append(pa.RecordBatch.from_arrays([*arrays, _number_texts(amounts, len(block))], schema=schema))
    table = pa.Table.from_batches(batches, schema=schema)
    if amount:
        read = pc.coalesce(table[amount], read_amounts(table[_AMOUNT_TEXT].combine_chunks()))
        table = table.set_column(table.schema.get_field_index(amount), amount, read)
    return WireColumns(table.drop_columns(_AMOUNT_TEXT), np.concatenate(objects))


def _blocks(found: Sequence[Sequence[Any]]) -> Iterator[list[Any]]:
    block: list[Any] = []
    for rows in found:
        start = 0
        while start < len(rows):
            stop = start + _BLOCK - len(block)
            block += rows[start:stop]
            start = stop
            if len(block) >= _BLOCK:
                yield block
                block = []
    if block:
        yield block


def _text(name: str, values: Sequence[Any], dates: Sequence[str]) -> pa.Array:
    try:
        return pa.array(values, type=TEXT)
    except _UNUSUAL:
        pass
    instead = "?" if name in dates else None
    read = _joined if name in _WORDS else plain_text
    texts = [value if value is None or type(value) is str else read(value) or instead for value in values]
    try:
        return pa.array(texts, type=TEXT)
    except UnicodeEncodeError:
        return pa.array([text and plain_text(text) for text in texts], type=TEXT)


def _numbers(values: Sequence[Any]) -> pa.Array:
    """Return the finite numbers above 0."""
    numbers = [value if type(value) is int or type(value) is float else None for value in values]
    try:
        plain = pa.array(numbers, type=pa.float64())
    except _UNUSUAL:
        plain = pa.array(list(map(_float, numbers)), type=pa.float64())
    return pc.if_else(pc.and_(pc.greater(plain, 0), pc.is_finite(plain)), plain, pa.scalar(None, pa.float64()))


def _float(value: float | None) -> float | None:
    try:
        return None if value is None else float(value)
    except OverflowError:
        return None


def _number_texts(values: Sequence[Any], count: int) -> pa.Array:
    if str not in set(map(type, values)):
        return pa.nulls(count, TEXT)
    return _text(_AMOUNT_TEXT, [value if type(value) is str else None for value in values], ())


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


def _joined(value: object) -> str | None:
    if not isinstance(value, list | tuple):
        return plain_text(value)
    try:
        return ", ".join(filter(None, value))
    except TypeError:
        return ", ".join(filter(None, map(plain_text, value)))
