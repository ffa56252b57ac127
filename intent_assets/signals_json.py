"""Rows of the wire as JSON text: the text of each field that is asked for, column by column.

Most rows come as JSON text and most fields are looked at in bulk only, so no Python object is made of a value here.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import Any, NamedTuple

import numpy as np
from msgspec import DecodeError, Raw, Struct, defstruct
from msgspec.json import Decoder, encode
from msgspec.structs import astuple
from numpy.typing import NDArray

from intent_assets.wire import Json

Row = Json | Raw
"""A row of the wire: an object, or its JSON text."""

END = b"\0"
"""Ends each text of a column: JSON has no such byte."""

_NULL = Raw(b"null")
# So many rows stay in the processor's cache.
_BLOCK = 500
_PART = 100_000


class JsonColumns(NamedTuple):
    """The columns of the rows that are objects, and for each row given whether it is one."""

    texts: dict[str, bytes]
    """Per field, of each row the JSON text of its value (`null` if it is absent) and `END`."""
    objects: NDArray[np.bool_]


def read_parts(rows: Sequence[Row], fields: Sequence[str]) -> Iterator[JsonColumns]:
    """Give `fields` of the rows in parts of a hundred thousand, in order; one part even of no rows.

    A row that is no object, or a text that is none, is left out. Bytes that are no UTF-8 can be in the columns.
    """
    read = _reader(fields)
    for start in range(0, max(len(rows), 1), _PART):
        part = rows[start : start + _PART]
        objects = np.ones(len(part), dtype=np.bool_)
        columns: list[list[bytes]] = [[] for _ in fields]
        for block in range(0, len(part), _BLOCK):
            structs, are = read(part[block : block + _BLOCK])
            if are is not None:
                objects[block : block + _BLOCK] = are
            for column, values in zip(columns, zip(*map(astuple, structs), strict=True), strict=False):
                column.append(END.join(values))
        texts = [END.join([*column, b""]) for column in columns]
        yield JsonColumns(dict(zip(fields, texts, strict=True)), objects)


def loaded(row: Row) -> Any:
    """Return what a row's JSON text stands for, None if it is none; an object is returned as it is.

    Bytes that are no UTF-8 become U+FFFD.
    """
    return value_of(bytes(row)) if isinstance(row, Raw) else row


def value_of(text: bytes) -> Any:
    """Return what a JSON text stands for, None if it is none; bytes that are no UTF-8 become U+FFFD."""
    try:
        return json.loads(text.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return None


def _reader(fields: Sequence[str]) -> Callable[[Sequence[Any]], tuple[list[Struct], list[bool] | None]]:
    """Return the function that takes the fields out of each of many rows, and says which are objects if not all."""
    shape = defstruct("_Fields", [(name, Raw, _NULL) for name in fields], gc=False)
    decode = Decoder(shape).decode

    def one(row: Any) -> Struct | None:
        if isinstance(row, Raw):
            try:
                return decode(row)
            except (DecodeError, RecursionError):
                # The standard library reads more than msgspec does.
                row = loaded(row)
        if not isinstance(row, dict):
            return None
        return shape(**{name: Raw(_text_of(row[name])) for name in fields if row.get(name) is not None})

    def many(rows: Sequence[Any]) -> tuple[list[Struct], list[bool] | None]:
        try:
            return list(map(decode, rows)), None
        except (DecodeError, RecursionError, TypeError):
            structs = list(map(one, rows))
            return [struct for struct in structs if struct is not None], [struct is not None for struct in structs]

    return many


def _text_of(value: Any) -> bytes:
    """Return a value's JSON text; msgspec is quick with strings, but takes no lone surrogate and writes NaN as null."""
    if isinstance(value, str):
        with suppress(UnicodeEncodeError):
            return encode(value)
    return json.dumps(value).encode()
