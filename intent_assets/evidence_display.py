"""Values to what a reader sees: one line of plain text that can't be read as a slot, and never says more than is known.

Rounding of money: below 1 million exact to the dollar (cents are shown where there are some), from 1 million on three
significant figures, so that what is shown is off by less than half a percent. Counts are never rounded.
"""

import re
import unicodedata
from calendar import month_name
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal
from urllib.parse import urlsplit

from intent_assets.us_states import NAMES

LONGEST_QUOTE = 400
LONGEST_NAME = 200
LONGEST_TITLE_NAME = 100

_SPACE = re.compile(r"\s+")
_DROPPED = {"Cc", "Cf", "Cs", "Co", "Cn"}
_BRACES = re.compile(r"\{(?=\{)|\}(?=\})")
_SCALES = ((Decimal(10) ** 12, "trillion"), (Decimal(10) ** 9, "billion"), (Decimal(10) ** 6, "million"))
_EXACT = Context(prec=400, rounding=ROUND_HALF_UP)
"""Holds every float with its cents."""
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_MONTH_DAY = re.compile(r"\s*(\d{1,2})\s*[/-]\s*(\d{1,2})(?:\s*[/-]\s*\d{2,4})?\s*")
_LINKABLE = re.compile(r"https?://", re.IGNORECASE)

"""States by their two letters."""

KINDS = {
    "meeting": "board meeting",
    "plan": "strategic plan",
    "rfp": "RFP",
    "purchase": "purchase order",
    "contract": "contract",
}
"""Kinds of signals in words."""

STATUS = {
    "open": "open",
    "closed": "closed",
    "expired": "expired",
    "expiring": "expiring within a year",
    "running": "running",
    "upcoming": "upcoming",
    "past": "past",
}
"""Computed states in words; `unknown` has none, so it is not told."""


def one_line(text: object, longest: int = LONGEST_NAME) -> str:
    """Return `text` on one line of at most `longest` characters, without control characters and slot syntax.

    Markup stays as literal text. What is longer ends after a whole word, with an ellipsis. May be empty.
    """
    spaced = _SPACE.sub(" ", str(text))
    kept = "".join(char for char in spaced if unicodedata.category(char) not in _DROPPED)
    line = _BRACES.sub(lambda found: f"{found[0]} ", _SPACE.sub(" ", kept)).strip()
    if len(line) <= longest:
        return line
    cut = line[: longest - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut[longest // 2 :] else cut).rstrip(" ,;:-") + "…"


def money(amount: float) -> str:
    """Return US dollars, for example `$48,500`, `$1,250.50`, `$2.3 million`; `amount` is positive and finite."""
    exact = Decimal(str(amount))
    cents = exact.quantize(Decimal("0.01"), context=_EXACT)
    if cents < 1_000_000:
        return f"${cents:,.0f}" if cents == cents.to_integral_value() else f"${cents:,.2f}"
    digits = exact.adjusted()
    rounded = exact.quantize(Decimal(1).scaleb(digits - 2), context=_EXACT)
    scale, word = next((scale, word) for scale, word in _SCALES if rounded >= scale)
    shown = f"{rounded / scale:f}"
    return f"${shown.rstrip('0').rstrip('.') if '.' in shown else shown} {word}"


def day(when: date) -> str:
    """Return a date as `3 November 2026`."""
    return f"{when.day} {month_name[when.month]} {when.year}"


def days(number: int) -> str:
    """Return a number of days as `1 day` or `19 days`."""
    return "1 day" if number == 1 else f"{number:,} days"


def deadline(due: date, as_of: date) -> str:
    """Return when bids are due, or were: `due 12 December 2026, in 19 days`, `was due 1 November 2026`."""
    left = (due - as_of).days
    if left < 0:
        return f"was due {day(due)}, {days(-left)} ago"
    return f"due {day(due)}, {'today' if left == 0 else f'in {days(left)}'}"


def count(number: int) -> str:
    """Return a count with separators: `12,400`."""
    return f"{number:,}"


def number(value: float) -> str:
    """Return a number as it is, without needless zeros."""
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.4f}".rstrip("0").rstrip(".")


def month_and_day(text: str) -> str | None:
    """Return the start of a fiscal year, given as `07/01`, as `July 1`; None if it is no day of a year."""
    found = _MONTH_DAY.fullmatch(text)
    if not found:
        return None
    try:
        start = date(2024, int(found[1]), int(found[2]))
    except ValueError:
        return None
    return f"{month_name[start.month]} {start.day}"


def buyer_type(text: str) -> str:
    """Return wire types in words: `SchoolDistrict` as `School district`, several joined by commas."""
    words = [_CAMEL.sub(" ", one_line(part)).lower() for part in text.split(",")]
    joined = ", ".join(word for word in words if word)
    return joined[:1].upper() + joined[1:]


def state_name(code: str) -> str:
    """Return the state's name for its two letters; anything else as it is."""
    return NAMES.get(code.strip().upper(), one_line(code))


def web_link(text: object) -> str | None:
    """Return an http(s) address that can be followed, else None; a bare host such as `riverhead.example` gets https."""
    if not isinstance(text, str) or not text.strip() or any(char.isspace() for char in text.strip()):
        return None
    link = text.strip() if _LINKABLE.match(text.strip()) else f"https://{text.strip()}"
    if one_line(link, 10_000) != link or len(link) > 2000:
        return None
    try:
        parts = urlsplit(link)
        host = parts.hostname
    except ValueError:
        return None
    return link if host and "." in host and "@" not in parts.netloc else None


def host_of(link: str) -> str:
    """Return the host of an address, without `www.`: what a reader sees of a web site."""
    return (urlsplit(link).hostname or link).removeprefix("www.")


def link_text(link: str, title: str | None) -> str:
    """Return what a reader sees of a document's address: its title, if that does not look like another address."""
    name = one_line(title or "", 120)
    if not name or "://" in name or "@" in name or name.lower().startswith("www."):
        return host_of(link)
    return name
