"""Frames of fixed columns and types (see `tables`), and their form as Parquet.

The same frame gives the same bytes: the file holds the columns and nothing of pandas' own.
"""

import io
from collections.abc import Mapping, Sequence
from datetime import date
from typing import IO, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from intent_assets.errors import StorageError

ARROW: Mapping[str, pa.DataType] = {
    "str": pa.large_string(),
    "float64": pa.float64(),
    "Int64": pa.int64(),
    "date": pa.date32(),
    "bool": pa.bool_(),
}
"""The Arrow type of each type that `tables` names."""

_TEXT = pd.StringDtype(na_value=np.nan)


def schema(columns: Mapping[str, str]) -> pa.Schema:
    """Return the Arrow schema of `columns` (name -> type as `tables` names it)."""
    return pa.schema([(name, ARROW[kind]) for name, kind in columns.items()])


def frame(rows: pd.DataFrame | pa.Table | Sequence[Mapping[str, Any]], columns: Mapping[str, str]) -> pd.DataFrame:
    """Return `rows` with exactly `columns`, in their order and types, and a plain index from 0.

    Rows that are mappings may lack a column, which is null there; a frame or table has to have all of them.
    Raises `StorageError` that names the column whose name is unknown or whose values don't fit its type.
    """
    return from_table(table(rows, columns), columns)


def table(rows: pd.DataFrame | pa.Table | Sequence[Mapping[str, Any]], columns: Mapping[str, str]) -> pa.Table:
    """Return `rows` as an Arrow table of `schema(columns)`; the rules are those of `frame`."""
    if isinstance(rows, pd.DataFrame | pa.Table):
        given = list(rows.columns) if isinstance(rows, pd.DataFrame) else rows.column_names
        _same_names(given, columns)
        arrays = [_array(rows[name], name, kind) for name, kind in columns.items()]
    else:
        _known_names(rows, columns)
        arrays = [_array([row.get(name) for row in rows], name, kind) for name, kind in columns.items()]
    return pa.Table.from_arrays(arrays, schema=schema(columns))


def from_table(rows: pa.Table, columns: Mapping[str, str]) -> pd.DataFrame:
    """Return the frame of an Arrow table that has `schema(columns)`."""
    series = {name: _series(rows[name], kind) for name, kind in columns.items()}
    return pd.DataFrame(series, index=pd.RangeIndex(rows.num_rows))


def write(df: pd.DataFrame, file: IO[bytes], columns: Mapping[str, str] | None = None) -> None:
    """Write `df` as Parquet; with `columns` it is brought to their order and types first.

    Without them the types are read off the frame: an object column holds dates.
    """
    known = columns if columns is not None else {str(name): _kind(df[name]) for name in df.columns}
    pq.write_table(table(df, known), file, compression="zstd")


def read(file: IO[bytes], columns: Mapping[str, str]) -> pd.DataFrame:
    """Read what `write` wrote; raise `StorageError` if it is not Parquet or has other columns than `columns`."""
    try:
        rows = pq.read_table(file)
    except (pa.ArrowException, OSError) as problem:
        raise StorageError(f"the file is not readable as Parquet ({problem}): materialize the asset again") from problem
    return frame(rows, columns)


def to_parquet_bytes(df: pd.DataFrame, columns: Mapping[str, str] | None = None) -> bytes:
    """Return what `write` writes."""
    buffer = io.BytesIO()
    write(df, buffer, columns)
    return buffer.getvalue()


def from_parquet_bytes(data: bytes, columns: Mapping[str, str]) -> pd.DataFrame:
    """Return what `read` reads."""
    return read(io.BytesIO(data), columns)


def _same_names(given: Sequence[object], columns: Mapping[str, str]) -> None:
    missing = [name for name in columns if name not in given]
    unknown = [str(name) for name in given if name not in columns]
    if missing or unknown:
        said = "; ".join(
            f"{what} {', '.join(names)}" for what, names in (("lacks", missing), ("has the unknown", unknown)) if names
        )
        raise StorageError(f"the table {said}: it was written by another version, materialize its asset again")


def _known_names(rows: Sequence[Mapping[str, Any]], columns: Mapping[str, str]) -> None:
    unknown = sorted({str(name) for row in rows for name in row if name not in columns})
    if unknown:
        raise StorageError(f"rows have the unknown {', '.join(unknown)}: the columns are {', '.join(columns)}")


def _array(values: Any, name: str, kind: str) -> pa.ChunkedArray:
    target = ARROW[kind]
    try:
        if isinstance(values, pa.ChunkedArray):
            array = values.cast(target)
        else:
            array = pa.array(_plain(values, kind), type=target, from_pandas=True)
    except (pa.ArrowException, TypeError, ValueError) as problem:
        raise StorageError(f"column {name} does not hold {kind} values: {problem}") from problem
    if kind == "bool" and array.null_count:
        raise StorageError(f"column {name} does not hold bool values: {array.null_count} are null")
    return array if isinstance(array, pa.ChunkedArray) else pa.chunked_array([array], type=target)


def _plain(values: Any, kind: str) -> Any:
    if kind == "Int64":
        return pd.array(list(values), dtype="Int64")
    if kind == "date":
        present = pd.Series(values, dtype=object).dropna()
        wrong = set(map(type, present)) - {date}
        if wrong:
            raise TypeError(f"there is a {min(sort.__name__ for sort in wrong)}")
    return values


def _series(array: pa.ChunkedArray, kind: str) -> "pd.Series[Any]":
    if kind == "date":
        days = np.empty(len(array), dtype=object)
        days[:] = array.to_pylist()
        return pd.Series(days, dtype=object)
    if kind == "Int64":
        return pd.Series(array.to_pandas(types_mapper={pa.int64(): pd.Int64Dtype()}.get))
    if kind == "str":
        return pd.Series(pd.array(array, dtype=_TEXT))
    return pd.Series(array.to_pandas())


def _kind(column: "pd.Series[Any]") -> str:
    if column.dtype == object:
        return "date"
    name = str(column.dtype)
    if name not in ARROW:
        raise StorageError(f"column {column.name} has the type {name}; known are {', '.join(ARROW)}")
    return name
