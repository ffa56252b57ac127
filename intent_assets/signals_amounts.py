"""Amounts of money as they stand in procurement records, to US dollars.

Readable are finite numbers above 0 and texts of one such number: thousands set off by commas, a point before the
decimals, `$`, `US$` or `USD` before it or `USD` or `dollars` after it, and a size such as `K`, `million` or `B`.
All else is null: another currency, a range, a guess ("about", "up to", "+"), a comma that sets off no thousands.
"""

import pyarrow as pa
import pyarrow.compute as pc

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


def read_amounts(texts: pa.Array) -> pa.Array:
    """Return each text in US dollars, null where it can't be read or is not above 0."""
    encoded = pc.utf8_trim_whitespace(texts).dictionary_encode()
    short = pc.less_equal(pc.utf8_length(encoded.dictionary), _LONGEST)
    found = pc.extract_regex(pc.if_else(short, encoded.dictionary, ""), _AMOUNT)
    whole, decimals, size = found.flatten()
    kind = texts.type
    sizes, powers = (pa.array(list(words), type=kind) for words in (_SIZES, _SIZES.values()))
    power = powers.take(pc.index_in(pc.utf8_lower(size), sizes))
    number = pc.binary_join_element_wise(pc.replace_substring(whole, ",", ""), decimals, power, pa.scalar("", kind))
    amounts = pc.cast(number, pa.float64())
    usable = pc.and_(pc.greater(amounts, 0), pc.is_finite(amounts))
    return pc.if_else(usable, amounts, pa.scalar(None, pa.float64())).take(encoded.indices)
