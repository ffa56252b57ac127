"""Columns of JSON text to typed columns.

A value of the wrong form becomes null and costs nothing but itself. Strings without a backslash are converted all at
once; only other values are looked at one by one.
"""

import math
from collections.abc import Callable, Sequence
from itertools import chain
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from msgspec import DecodeError
from msgspec.json import decode
from numpy.typing import NDArray

from intent_assets.scoring_keywords import Occurrences, occurrences, occurrences_in_bytes
from intent_assets.signals_amounts import read_amounts
from intent_assets.signals_bytes import bytes_of
from intent_assets.signals_dates import NO_DATE, Dates, days_at, read_dates
from intent_assets.signals_json import END, JsonColumns, Row, read_parts, value_of

TEXT = pa.large_string()

# Words joined by commas, where a sender may write a list.
_WORDS = ("type", "buyerType", "buyerTags")
_QUOTE, _BACKSLASH, _NULL = b'"\\n'
# No date, and so one that can't be read.
_NO_DATE = "?"
_DIGITS = np.frombuffer(b"-0123456789", dtype=np.uint8)

Ints = NDArray[np.int64]


class WireColumns:
    """The rows that are objects, column by column."""

    def __init__(self, columns: JsonColumns) -> None:
        self._columns = {name: _JsonTexts(text) for name, text in columns.texts.items()}
        self.objects = columns.objects
        """For each row given, whether it is an object."""

    def text(self, field: str) -> pa.Array:
        """Return a field as text: a number is its text, a list of types or tags one text with commas, else null."""
        return _text(self._columns[field], field)

    def distinct(self, field: str) -> pa.DictionaryArray:
        """Return a field as `text` does, trimmed and with each text held once: quick where many rows say the same."""
        values, places = self._columns[field].distinct()
        texts = trimmed(_text(values, field)).dictionary_encode()
        return pa.DictionaryArray.from_arrays(texts.indices.take(places), texts.dictionary)

    def dates(self, field: str) -> Dates:
        """Return a field's dates; all else but null and empty text is unreadable."""
        values = self._columns[field]
        days = values.days()
        others = np.flatnonzero((days == NO_DATE) & ~values.nulls)
        unreadable = np.zeros(len(days), dtype=np.bool_)
        found = read_dates(trimmed(values.each(others, lambda value: plain_text(value) or _NO_DATE)))
        days[others], unreadable[others] = found
        return Dates(days, unreadable)

    def amount(self, field: str) -> pa.Array:
        """Return a field in US dollars: finite numbers above 0, also as text; anything else is null."""
        values = self._columns[field]
        numbers, rows = values.numbers()
        usable = np.isfinite(numbers) & (numbers > 0)
        strings, others = values.strings()
        escaped = np.setdiff1d(others, rows, assume_unique=True)
        texts = _with(strings, escaped, values.each(escaped, plain_text)) if len(escaped) else strings
        return pc.coalesce(pa.array(numbers, mask=~usable), read_amounts(texts))

    def occurrences(self, field: str, words: Sequence[str]) -> Occurrences:
        """Return where each of `words` occurs as a whole word in the text of a field."""
        values = self._columns[field]
        plain = values.plain_strings()
        others = np.flatnonzero(~plain & ~values.nulls)
        found = occurrences_in_bytes(values.texts, values.ends, words)
        in_plain = plain[found.rows]
        in_others = occurrences(values.each(others, plain_text), words)
        return Occurrences.of(
            [
                Occurrences(found.rows[in_plain], found.words[in_plain]),
                Occurrences(others[in_others.rows], in_others.words),
            ]
        )


def read_table(found: Sequence[Sequence[Row]], fields: Sequence[str], *, amount: str | None = None) -> pa.Table:
    """Return `fields` of the rows of all lists that are objects, in order, as trimmed text, and the `amount`."""
    tables = []
    rows = list(chain.from_iterable(found))
    for part in map(WireColumns, read_parts(rows, [*fields, *([amount] if amount else [])])):
        columns = {field: trimmed(part.text(field)) for field in fields}
        tables.append(pa.table(columns | ({amount: part.amount(amount)} if amount else {})))
    return pa.concat_tables(tables)


def trimmed(column: pa.Array | pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
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


def as_dictionary(column: pa.Array | pa.ChunkedArray) -> pa.DictionaryArray:
    """Return texts with each held once, if they are not already; some that are held may stand nowhere."""
    if not pa.types.is_dictionary(column.type):
        column = column.dictionary_encode()
    return column.unify_dictionaries().combine_chunks() if isinstance(column, pa.ChunkedArray) else column


class _JsonTexts:
    """One column: JSON texts, each with `END` behind it."""

    def __init__(self, texts: bytes) -> None:
        self.texts = texts
        self._content = np.frombuffer(texts, dtype=np.uint8)
        self.ends = np.flatnonzero(self._content == ord(END))
        self._starts = np.concatenate([[0], self.ends + 1])
        self._first = self._content[self._starts[:-1]]
        self.nulls = self._first == _NULL

    def distinct(self) -> "tuple[_JsonTexts, pa.Array]":
        """Return the texts, each once, and which of them stands in each row."""
        found = self._array().dictionary_encode()
        return _JsonTexts(bytes_of(found.dictionary)[0]), found.indices

    def plain_strings(self) -> NDArray[np.bool_]:
        """Return which are strings that stand there as they are, without a backslash."""
        plain: NDArray[np.bool_] = self._first == _QUOTE
        if b"\\" in self.texts:
            plain[np.searchsorted(self.ends, np.flatnonzero(self._content == _BACKSLASH))] = False
        return plain

    def strings(self) -> tuple[pa.Array, Ints]:
        """Return the texts of plain strings, and the rows of what is neither such a string nor null."""
        plain = self.plain_strings()
        try:
            read = pc.binary_slice(self._array(), 1, -2).cast(TEXT)
        except pa.ArrowInvalid:
            plain[:] = False
            read = pa.nulls(len(plain), TEXT)
        return pc.if_else(pa.array(plain), read, pa.scalar(None, TEXT)), np.flatnonzero(~plain & ~self.nulls)

    def days(self) -> Ints:
        """Return the dates that stand there without white space round them, `NO_DATE` for anything else."""
        rows = np.flatnonzero(self._first == _QUOTE)
        texts = self._array() if len(rows) == len(self.ends) else self._array().take(pa.array(rows))
        times = pc.binary_slice(texts, 11, -2)
        days = np.full(len(self._first), NO_DATE)
        days[rows] = days_at(self.texts, self._starts[rows] + 1, self.ends[rows] - 1, times)
        return days

    def numbers(self) -> tuple[NDArray[np.float64], Ints]:
        """Return the numbers, and in which rows there are any; the others have 0, what is too large infinity."""
        rows = np.flatnonzero(np.isin(self._first, _DIGITS))
        texts = pc.binary_slice(self._array().take(pa.array(rows)), 0, -1).cast(TEXT)
        numbers = np.zeros(len(self._first))
        try:
            numbers[rows] = pc.cast(texts, pa.float64()).to_numpy()
        except pa.ArrowInvalid:
            numbers[rows] = list(map(float, texts.to_pylist()))
        return numbers, rows

    def each(self, rows: Ints, read: Callable[[Any], str | None]) -> pa.Array:
        """Return the values of some rows as text: strings as they are, of others what `read` makes of them."""
        # Often the same stands in many rows, such as a list of tags.
        encoded = self._array().take(pa.array(rows)).dictionary_encode()
        values = _loaded([text[:-1] for text in encoded.dictionary.to_pylist()])
        texts = [value if type(value) is str else read(value) for value in values]
        try:
            distinct = pa.array(texts, type=TEXT)
        except UnicodeEncodeError:
            distinct = pa.array([text and plain_text(text) for text in texts], type=TEXT)
        return distinct.take(encoded.indices)

    def _array(self) -> pa.Array:
        buffers = [None, pa.py_buffer(self._starts), pa.py_buffer(self.texts)]
        return pa.Array.from_buffers(pa.large_binary(), len(self.ends), buffers)


def _text(values: _JsonTexts, field: str) -> pa.Array:
    strings, others = values.strings()
    if not len(others):
        return strings
    read = _joined if field in _WORDS else plain_text
    return _with(strings, others, values.each(others, read))


def _with(texts: pa.Array, rows: Ints, instead: pa.Array) -> pa.Array:
    """Return `texts` with others in some rows."""
    mask = np.zeros(len(texts), dtype=np.bool_)
    mask[rows] = True
    return pc.replace_with_mask(texts, pa.array(mask), instead)


def _loaded(texts: Sequence[bytes]) -> list[Any]:
    try:
        values: list[Any] = decode(b"[" + b",".join(texts) + b"]")
    except (DecodeError, UnicodeDecodeError, RecursionError):
        return list(map(value_of, texts))
    return values


def _joined(value: object) -> str | None:
    if not isinstance(value, list):
        return plain_text(value)
    return ", ".join(filter(None, map(plain_text, value)))
