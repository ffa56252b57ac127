"""Units of measure in texts and JSON, and their conversion to one base unit per dimension."""

import re
from typing import NamedTuple


class Unit(NamedTuple):
    """A unit: a value in it times `factor` plus `offset` is the value in the base unit of its `dimension`."""

    symbol: str
    dimension: str
    factor: float = 1.0
    offset: float = 0.0

    def to_base(self, value: float) -> float:
        return value * self.factor + self.offset

    def from_base(self, value: float) -> float:
        return (value - self.offset) / self.factor


_FAHRENHEIT = 5 / 9
_SPELLINGS = {
    Unit("°C", "temperature"): r"°\s?C|℃|º\s?C|(?:degrees?|deg\.?)\s(?:celsius|centigrade|C)|celsius",
    Unit("°F", "temperature", _FAHRENHEIT, -32 * _FAHRENHEIT): r"°\s?F|℉|º\s?F|(?:degrees?|deg\.?)\s(?:fahrenheit|F)",
    Unit("°", "degree"): r"°|º|degrees?",
    Unit("m/s", "speed"): r"m/s(?:ec)?|mps|met(?:er|re)s?[\s-](?:per|a)[\s-]second",
    Unit("km/h", "speed", 1 / 3.6): r"km/h|kmh|kph|kilomet(?:er|re)s?[\s-](?:per|an)[\s-]hour",
    Unit("mph", "speed", 0.44704): r"mph|mi/h|miles?[\s-](?:per|an)[\s-]hour",
    Unit("knots", "speed", 0.514444): r"knots?|kts?",
    Unit("hPa", "pressure"): r"hpa|hectopascals?|mbar|(?-i:mb)(?=[\s.,;)]|$)|millibars?",
    Unit("kPa", "pressure", 10): r"kpa|kilopascals?",
    Unit("inHg", "pressure", 33.8639): r"inhg|inches?\sof\smercury",
    Unit("mm/h", "rain rate"): r"mm/h|millimet(?:er|re)s?\sper\shour",
    Unit("µm", "length", 0.001): r"[µμ]m|micromet(?:er|re)s?",
    Unit("mm", "length"): r"mm|millimet(?:er|re)s?",
    Unit("cm", "length", 10): r"cm|centimet(?:er|re)s?",
    Unit("km", "length", 1e6): r"km|kilomet(?:er|re)s?",
    Unit("m", "length", 1000): r"(?-i:m)|met(?:er|re)s?",
    Unit("in", "length", 25.4): r"inch(?:es)?|[\"”″]|in(?=[\s.,;)]*$|[.,;)])",
    Unit("ft", "length", 304.8): r"feet|foot|ft",
    Unit("miles", "length", 1609344): r"miles?",
    Unit("g", "mass"): r"grams?|(?-i:g)",
    Unit("kg", "mass", 1000): r"kg|kilograms?|kilos?",
    Unit("oz", "mass", 28.3495): r"oz|ounces?",
    Unit("lb", "mass", 453.592): r"lbs?|pounds?",
    Unit("%", "percent"): r"%|per\s?cent",
    Unit("KB", "data", 1 / 1024): r"kb|kilobytes?",
    Unit("MB", "data"): r"mb|megabytes?",
    Unit("GB", "data", 1024): r"gb|gigabytes?",
    Unit("TB", "data", 1024 * 1024): r"tb|terabytes?",
    Unit("Mbps", "data rate"): r"mbps|mbit/s|megabits?\sper\ssecond",
    Unit("kbps", "data rate", 0.001): r"kbps|kbit/s",
    Unit("Hz", "frequency", 1e-6): r"hz|hertz",
    Unit("kHz", "frequency", 0.001): r"khz",
    Unit("MHz", "frequency"): r"mhz|megahertz",
    Unit("GHz", "frequency", 1000): r"ghz|gigahertz",
    Unit("mAh", "charge"): r"mah|milliamp(?:ere)?[\s-]hours?",
    Unit("W", "power"): r"(?-i:W)|watts?",
    Unit("MP", "sensor size"): r"mp|megapixels?",
    Unit("px", "pixels"): r"px|pixels?(?!\sper)",
    Unit("ppi", "density"): r"ppi|pixels?\sper\sinch",
    Unit("fps", "frame rate"): r"fps|frames?\sper\ssecond",
    Unit("nm", "process size"): r"nm|nanomet(?:er|re)s?",
    Unit("h", "duration"): r"hours?|hrs?|(?-i:h)",
    Unit("min", "duration", 1 / 60): r"minutes?|mins?",
    Unit("s", "duration", 1 / 3600): r"seconds?|secs?",
    Unit("days", "days"): r"days?",
    Unit("weeks", "days", 7): r"weeks?",
    Unit("months", "months"): r"months?",
    Unit("years", "months", 12): r"years?|yrs?",
}
_CURRENCIES = {
    "USD": r"us\s?\$|\$|usd", "EUR": r"€|eur|euros?", "GBP": r"£|gbp", "INR": r"₹|inr|rs\.?|rupees?",
}  # fmt: skip
MONEY = {name: Unit(name, f"money in {name}") for name in _CURRENCIES}

_NAMED = {f"u{number}": unit for number, unit in enumerate(_SPELLINGS)}
AFTER = re.compile(
    r"[\s \-]{0,2}(?:"
    + "|".join(f"(?P<{name}>{_SPELLINGS[unit]})" for name, unit in _NAMED.items())
    + r"|(?P<USD>usd|(?:u\.?s\.?\s)?dollars?)|(?P<EUR>eur|euros?|€)|(?P<GBP>gbp|pounds\ssterling)|(?P<INR>inr|rupees?))"
    r"(?![A-Za-z])",
    re.IGNORECASE,
)
"""The unit right after a number; use `unit_of` on its match."""

BEFORE = re.compile(
    "(?:" + "|".join(f"(?P<{name}>{spelling})" for name, spelling in _CURRENCIES.items()) + r")\s?$", re.IGNORECASE
)
"""The currency right before a number."""


def unit_of(found: re.Match[str]) -> Unit:
    """Return the unit that `AFTER` or `BEFORE` matched."""
    name = found.lastgroup or ""
    return MONEY[name] if name in MONEY else _NAMED[name]


def unit_named(text: str) -> Unit | None:
    """Return the unit that a short text such as `°C`, `m/s` or `USD` names, None if it names none."""
    found = AFTER.fullmatch(text.strip()[:40]) or BEFORE.fullmatch(text.strip()[:40])
    return unit_of(found) if found else None
