"""Frames have exactly their columns and types, and come back from Parquet as they were."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import numpy as np
import pandas as pd
import pytest

from intent_assets import frames
from intent_assets.errors import StorageError

COLUMNS = {"a": "str", "d": "date", "n": "Int64", "x": "float64", "b": "bool"}
ROWS = [
    {"a": "text", "d": date(1, 1, 1), "n": 2**53 + 1, "x": 1.5, "b": True},
    {"a": None, "d": date(9999, 12, 31), "b": False},
]


def test_rows_become_the_columns_in_order() -> None:
    frame = frames.frame(ROWS, COLUMNS)
    assert list(frame.columns) == list(COLUMNS)
    assert [str(dtype) for dtype in frame.dtypes] == ["str", "object", "Int64", "float64", "bool"]
    assert frame["d"].tolist() == [date(1, 1, 1), date(9999, 12, 31)]
    assert frame["n"][0] == 2**53 + 1
    assert frame[["a", "n", "x"]].isna().to_numpy().tolist() == [[False] * 3, [True] * 3]


@pytest.mark.parametrize("rows", [ROWS, ROWS[:1], []])
def test_parquet_gives_back_what_was_written(rows: list[dict[str, Any]]) -> None:
    frame = frames.frame(rows, COLUMNS)
    data = frames.to_parquet_bytes(frame)
    pd.testing.assert_frame_equal(frames.from_parquet_bytes(data, COLUMNS), frame)
    assert frames.to_parquet_bytes(frames.frame(frame, COLUMNS)) == data


def test_frame_of_another_order_is_put_right() -> None:
    frame = frames.frame(ROWS, COLUMNS)
    shuffled = frame[list(reversed(COLUMNS))].iloc[::-1].iloc[::-1]
    pd.testing.assert_frame_equal(frames.frame(shuffled, COLUMNS), frame)


@pytest.mark.parametrize(
    ("rows", "named"),
    [
        ([{"q": 1}], "unknown q"),
        ([{"d": "2026-01-01", "b": True}], "column d"),
        ([{"d": datetime(2026, 1, 1, 9), "b": True}], "column d"),  # noqa: DTZ001  a value that is refused
        ([{"d": 1.5, "b": True}], "column d"),
        ([{"n": 1.5, "b": True}], "column n"),
        ([{"a": 3, "b": True}], "column a"),
        ([{"x": "much", "b": True}], "column x"),
        ([{"b": None}], "column b"),
    ],
)
def test_wrong_values_are_refused_by_name(rows: list[Mapping[str, Any]], named: str) -> None:
    with pytest.raises(StorageError, match=named):
        frames.frame(rows, COLUMNS)


def test_missing_column_is_refused() -> None:
    frame = frames.frame(ROWS, COLUMNS)
    with pytest.raises(StorageError, match="lacks x"):
        frames.frame(frame.drop(columns="x"), COLUMNS)
    with pytest.raises(StorageError, match="lacks x"):
        frames.from_parquet_bytes(frames.to_parquet_bytes(frame.drop(columns="x")), COLUMNS)


def test_damaged_file_is_a_storage_error() -> None:
    data = frames.to_parquet_bytes(frames.frame(ROWS, COLUMNS))
    for damaged in (b"", b"text", data[: len(data) // 2]):
        with pytest.raises(StorageError, match="not readable as Parquet"):
            frames.from_parquet_bytes(damaged, COLUMNS)


def test_missing_values_of_every_kind_are_one() -> None:
    given = pd.DataFrame({"d": pd.Series([date(2026, 1, 1), None, pd.NaT, np.nan], dtype=object)})
    assert frames.frame(given, {"d": "date"})["d"].tolist() == [date(2026, 1, 1), None, None, None]
