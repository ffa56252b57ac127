"""ISO dates of wire records to days, in UTC.

Readable are `2026-03-14` and `2026-03-14T09:30` with optional seconds, fraction and offset (`Z`, `+02:00`, `-0500`,
`+02`); a blank may stand for the `T`, and a time without an offset is UTC. All else is not readable: other forms,
numbers, days that the calendar lacks, and what falls out of the years 1 to 9999 once it is in UTC.
"""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from intent_assets.signals_bytes import bytes_of

Days = NDArray[np.int64]

NO_DATE = np.iinfo(np.int64).min
"""Stands for "no date" among days."""

_EPOCH = date(1970, 1, 1).toordinal()
_FIRST = date.min.toordinal() - _EPOCH
_LAST = date.max.toordinal() - _EPOCH
# The first days of all months from January of the year 0, and of the one behind the last.
_MONTHS = (np.arange(12 * 10_000 + 1) - 12 * 1970).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
_TIME = (
    r"^[Tt ](?P<hour>[01][0-9]|2[0-3]):(?P<minute>[0-5][0-9])(?::[0-5][0-9](?:[.,][0-9]+)?)?"
    r"(?P<zone>[Zz]|(?P<sign>[+-])(?P<ahead>[01][0-9]|2[0-3])(?::?(?P<minutes>[0-5][0-9]))?)?$"
)


class Dates(NamedTuple):
    """`days` since 1970-01-01 or `NO_DATE`; `unreadable` marks what is there but is no date."""

    days: Days
    unreadable: NDArray[np.bool_]


def day_number(day: date) -> int:
    """Return the days since 1970-01-01."""
    return day.toordinal() - _EPOCH


def day_of(number: int) -> date:
    """Return the date that is `number` days after 1970-01-01."""
    return date.fromordinal(number + _EPOCH)


def read_dates(column: pa.Array) -> Dates:
    """Return the dates of trimmed texts; null is no date."""
    known = pc.is_valid(column).to_numpy(zero_copy_only=False)
    days = np.full(len(column), NO_DATE)
    present = column.drop_null()
    if len(present):
        content, ends = bytes_of(present)
        begins = np.concatenate([[0], ends[:-1]])
        # Without an end, Arrow fails where a text is shorter than the start.
        days[known] = days_at(content, begins, ends, pc.binary_slice(present.cast(pa.large_binary()), 10, 2**31 - 1))
    return Dates(days, known & (days == NO_DATE))


def days_at(content: bytes, begins: Days, ends: Days, times: pa.Array) -> Days:
    """Return the dates that stand between `begins` and `ends`, `NO_DATE` for what is none.

    `times` is what follows the first ten bytes of each (`large_binary`).
    """
    found = _civil_days(content, begins, ends)
    # Times of day repeat: each is read once.
    encoded = times.dictionary_encode()
    shift = _day_shifts(encoded.dictionary)[encoded.indices.to_numpy()]
    readable = (found != NO_DATE) & (shift != NO_DATE)
    moved = np.where(readable, found, 0) + np.where(readable, shift, 0)
    readable &= (moved >= _FIRST) & (moved <= _LAST)
    return np.where(readable, moved, NO_DATE)


def to_dates(days: Days) -> pa.Array:
    """Return days as Arrow dates, `NO_DATE` as null."""
    missing = days == NO_DATE
    return pa.array(np.where(missing, 0, days).astype(np.int32), mask=missing).cast(pa.date32())


def from_dates(dates: pa.ChunkedArray) -> Days:
    """Return Arrow dates as days, null as `NO_DATE`."""
    days = pc.fill_null(dates.cast(pa.int32()), 0).to_numpy().astype(np.int64)
    return np.where(pc.is_valid(dates), days, NO_DATE)


def _civil_days(content: bytes, begins: Days, ends: Days) -> Days:
    """Return the days that the first ten bytes of the texts are, such as `2026-03-14`."""
    padded = np.frombuffer(content + bytes(10), dtype=np.uint8)
    letters = [padded.take(begins + place) for place in range(10)]
    dashes = [letters.pop(7), letters.pop(4)]
    # What is no digit is more than 9 then: less than 0 is far above in a byte.
    digits = [letter - np.uint8(ord("0")) for letter in letters]
    year, month, day = (_decimal(digits[start:stop]) for start, stop in ((0, 4), (4, 6), (6, 8)))
    exists = ends - begins >= 10
    exists &= np.logical_and.reduce([digit < 10 for digit in digits] + [dash == ord("-") for dash in dashes])
    exists &= (year >= 1) & (month >= 1) & (month <= 12) & (day >= 1)
    months = np.where(exists, year * 12 + month - 1, 0)
    first = _MONTHS[months]
    return np.where(exists & (first + day <= _MONTHS[months + 1]), first + day - 1, NO_DATE)


def _decimal(digits: Sequence[NDArray[np.uint8]]) -> Days:
    number = np.zeros(len(digits[0]), dtype=np.int64)
    for digit in digits:
        number = number * 10 + digit
    return number


def _day_shifts(texts: pa.Array) -> Days:
    """Return by how many days UTC is off the local date of each time of day with its offset."""
    shifts = np.full(len(texts), NO_DATE)
    shifts[pc.equal(texts, b"").to_numpy(zero_copy_only=False)] = 0
    hour, minute, _, sign, ahead, minutes = pc.extract_regex(texts, _TIME).flatten()
    formed = pc.is_valid(hour)
    offset = _number(ahead, formed) * 60 + _number(minutes, formed)
    behind = pc.equal(sign.filter(formed), b"-").to_numpy(zero_copy_only=False)
    utc = _number(hour, formed) * 60 + _number(minute, formed) - np.where(behind, -offset, offset)
    shifts[formed.to_numpy(zero_copy_only=False)] = utc // (24 * 60)
    return shifts


def _number(digits: pa.Array, formed: pa.BooleanArray) -> Days:
    texts = digits.filter(formed).cast(pa.large_string())
    whole = pc.cast(pc.if_else(pc.equal(texts, ""), "0", texts), pa.int64())
    return np.asarray(whole.to_numpy(), dtype=np.int64)
