"""ISO dates of wire records to days, in UTC.

Readable are `2026-03-14` and `2026-03-14T09:30` with optional seconds, fraction and offset (`Z`, `+02:00`, `-0500`,
`+02`); a blank may stand for the `T`, and a time without an offset is UTC. All else is not readable: other forms,
numbers, days that the calendar lacks, and what falls out of the years 1 to 9999 once it is in UTC.
"""

from datetime import date
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Days = NDArray[np.int64]

NO_DATE = np.iinfo(np.int64).min
"""Stands for "no date" among days."""

_EPOCH = date(1970, 1, 1).toordinal()
_FIRST = date.min.toordinal() - _EPOCH
_LAST = date.max.toordinal() - _EPOCH
_DAY = r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"
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
        # Days and times of day repeat, whole timestamps don't: each part is read once per distinct value.
        head = pc.utf8_slice_codeunits(present, 0, 10).dictionary_encode()
        tail = pc.utf8_slice_codeunits(present, 10).dictionary_encode()
        found = _civil_days(head.dictionary)[head.indices.to_numpy()]
        shift = _day_shifts(tail.dictionary)[tail.indices.to_numpy()]
        readable = (found != NO_DATE) & (shift != NO_DATE)
        moved = np.where(readable, found, 0) + np.where(readable, shift, 0)
        readable &= (moved >= _FIRST) & (moved <= _LAST)
        days[known] = np.where(readable, moved, NO_DATE)
    return Dates(days, known & (days == NO_DATE))


def to_dates(days: Days) -> pa.Array:
    """Return days as Arrow dates, `NO_DATE` as null."""
    missing = days == NO_DATE
    return pa.array(np.where(missing, 0, days).astype(np.int32), mask=missing).cast(pa.date32())


def from_dates(dates: pa.ChunkedArray) -> Days:
    """Return Arrow dates as days, null as `NO_DATE`."""
    days = pc.fill_null(dates.cast(pa.int32()), 0).to_numpy().astype(np.int64)
    return np.where(pc.is_valid(dates), days, NO_DATE)


def _civil_days(texts: pa.Array) -> Days:
    days = np.full(len(texts), NO_DATE)
    formed = pc.match_substring_regex(texts, _DAY)
    plain = texts.filter(formed)
    year, month, day = (
        pc.cast(pc.utf8_slice_codeunits(plain, start, stop), pa.int64()).to_numpy()
        for start, stop in ((0, 4), (5, 7), (8, 10))
    )
    months = (year - 1970) * 12 + month - 1
    first = months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    following = (months + 1).astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    exists = (year >= 1) & (first + day <= following)
    days[formed.to_numpy(zero_copy_only=False)] = np.where(exists, first + day - 1, NO_DATE)
    return days


def _day_shifts(texts: pa.Array) -> Days:
    """Return by how many days UTC is off the local date of each time of day with its offset."""
    shifts = np.full(len(texts), NO_DATE)
    shifts[pc.equal(texts, "").to_numpy(zero_copy_only=False)] = 0
    hour, minute, _, sign, ahead, minutes = pc.extract_regex(texts, _TIME).flatten()
    formed = pc.is_valid(hour)
    offset = _number(ahead, formed) * 60 + _number(minutes, formed)
    behind = pc.equal(sign.filter(formed), "-").to_numpy(zero_copy_only=False)
    utc = _number(hour, formed) * 60 + _number(minute, formed) - np.where(behind, -offset, offset)
    shifts[formed.to_numpy(zero_copy_only=False)] = utc // (24 * 60)
    return shifts


def _number(digits: pa.Array, formed: pa.BooleanArray) -> Days:
    texts = digits.filter(formed)
    whole = pc.cast(pc.if_else(pc.equal(texts, ""), "0", texts), pa.int64())
    return np.asarray(whole.to_numpy(), dtype=np.int64)
