"""Amounts of money as they stand in procurement records, to US dollars.

Readable are finite numbers above 0 and texts of one such number: thousands set off by commas, a point before the
decimals, `$`, `US$` or `USD` before it or `USD` or `dollars` after it, and a size such as `K`, `million` or `B`.
All else is null: another currency, a range, a guess ("about", "up to", "+"), a comma that sets off no thousands.
"""

from collections.abc import Sequence
from itertools import compress, repeat
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

_SIZES = {
    "": "e0", "k": "e3", "thousand": "e3", "m": "e6", "mm": "e6", "mn": "e6", "million": "e6", "millions": "e6",
    "b": "e9", "bn": "e9", "billion": "e9", "billions": "e9",
}  # fmt: skip
_AMOUNT = (
    r"(?i)^(?:us ?\$|\$|usd|us dollars?)?\s*"
    r"(?P<whole>[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?P<decimals>\.[0-9]+)?\s*"
    r"(?P<size>k|thousand|millions?|mm|mn|m|billions?|bn|b)?\s*"
    r"(?:usd|\$|(?:u\.?s\.? )?dollars?)?$"
)
# Longer numbers are no amounts, and some readers overflow on them.
_LONGEST = 60


def read_amounts(values: Sequence[Any]) -> NDArray[np.float64]:
    """Return each value in US dollars, NaN where it can't be read or is not above 0."""
    amounts = np.full(len(values), np.nan)
    numbers = _are(values, (int, float)) & ~_are(values, bool)
    texts = _are(values, str)
    amounts[numbers] = _numbers(list(compress(values, numbers)))
    if texts.any():
        amounts[texts] = _texts(list(compress(values, texts)))
    return np.where(np.isfinite(amounts) & (amounts > 0), amounts, np.nan)


def _are(values: Sequence[Any], kinds: type | tuple[type, ...]) -> NDArray[np.bool_]:
    return np.fromiter(map(isinstance, values, repeat(kinds)), dtype=np.bool_, count=len(values))


def _numbers(values: Sequence[int | float]) -> NDArray[np.float64]:
    try:
        return np.array(values, dtype=np.float64)
    except OverflowError:
        return np.array([_number(value) for value in values], dtype=np.float64)


def _number(value: float) -> float:
    try:
        return float(value)
    except OverflowError:
        return np.nan


def _texts(values: Sequence[str]) -> NDArray[np.float64]:
    plain = pa.array([value.encode("utf-8", "replace").decode("utf-8") for value in values], type=pa.string())
    encoded = pc.utf8_trim_whitespace(plain).dictionary_encode()
    short = pc.less_equal(pc.utf8_length(encoded.dictionary), _LONGEST)
    found = pc.extract_regex(pc.if_else(short, encoded.dictionary, ""), _AMOUNT)
    whole, decimals, size = found.flatten()
    sizes = pa.array(list(_SIZES), type=pa.string())
    powers = pa.array(list(_SIZES.values()), type=pa.string()).take(pc.index_in(pc.utf8_lower(size), sizes))
    number = pc.binary_join_element_wise(pc.replace_substring(whole, ",", ""), decimals, powers, "")
    amounts = pc.cast(number, pa.float64()).take(encoded.indices)
    return np.asarray(amounts.to_numpy(zero_copy_only=False), dtype=np.float64)
