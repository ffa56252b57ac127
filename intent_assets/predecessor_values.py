"""Single values of the predecessor's SQLite file, read tolerantly. Pure; what can't be read raises `Unreadable`."""

import json
import math
import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from intent_assets.masking import mask

_LONGEST_LINE = 500
_FIRST_YEAR, _LAST_YEAR = 1980, 2199
_TIME = re.compile(
    r"\d{4}-\d{2}-\d{2}([ Tt]\d{2}:\d{2}(:\d{2}([.,]\d{1,9})?)?\s*([Zz]|[+-]\d{2}(:?\d{2})?)?)?", re.ASCII
)
_ADDRESS = re.compile(r"(?<![\w.+-])[\w.+-]+@([\w-]+(?:\.[\w-]+)+)")
_HALF_CHARACTER = re.compile(r"\\u[dD][89a-fA-F]")
_PAGE = re.compile(r"([0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12})/?(?:[?#].*)?$", re.IGNORECASE)
_TIER = re.compile(r"(?:tier)?[\s_-]*([123])(?:\.0)?", re.IGNORECASE)


class Unreadable(ValueError):
    """A value that is there but can't be read; the message says why, without the value."""


def text(value: object) -> str | None:
    """Return a text without white space round it, a number as its text, None for null and for an empty text."""
    if isinstance(value, str):
        return value.strip() or None
    if value is None:
        return None
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, int | float):
        return str(value)
    raise Unreadable("is no text")


def moment(value: object) -> datetime | None:
    """Return a time; without an offset it is UTC."""
    if value is None or value == "":
        return None
    if not isinstance(value, str) or not _TIME.fullmatch(value.strip()):
        raise Unreadable("is no time of the form YYYY-MM-DD HH:MM:SS")
    try:
        found = datetime.fromisoformat(value.strip().upper().replace(" Z", "Z"))
        found = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, OverflowError):
        raise Unreadable("is a day or an hour that there is not") from None
    if not _FIRST_YEAR <= found.year <= _LAST_YEAR:
        raise Unreadable(f"is no year from {_FIRST_YEAR} to {_LAST_YEAR}")
    return found


def document(value: object) -> Any:
    """Return what the JSON text says, None for null and for an empty text."""
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise Unreadable("is no JSON text")
    try:
        found = json.loads(value)
        if _HALF_CHARACTER.search(value):
            found = json.loads(json.dumps(found, ensure_ascii=False).encode("utf-8", "replace"))
    except (ValueError, RecursionError):
        raise Unreadable("is broken JSON") from None
    return found


def tier(value: object) -> int | None:
    """Return 1, 2 or 3 (`2`, `Tier 2`, `tier_2`)."""
    found = text(value)
    if found is None:
        return None
    match = _TIER.fullmatch(found)
    if match is None:
        raise Unreadable("is none of the tiers 1, 2 and 3")
    return int(match[1])


def number(value: object) -> float | None:
    """Return a finite number, also from a text."""
    if value is None or value == "":
        return None
    try:
        found = float(value) if isinstance(value, int | float | str) else math.nan
    except (ValueError, OverflowError):
        found = math.nan
    if not math.isfinite(found):
        raise Unreadable("is no number")
    return found


def flag(value: object) -> bool | None:
    """Return what 0 or 1 says."""
    if value is None or value == "":
        return None
    known = {"0": False, "1": True, "false": False, "true": True}.get(str(value).strip().lower())
    if known is None:
        raise Unreadable("is neither 0 nor 1")
    return known


def address_of_page(value: object) -> str | None:
    """Return an http or https address."""
    found = text(value)
    if found is None:
        return None
    try:
        parts = urlsplit(found)
    except ValueError:
        raise Unreadable("is no web address") from None
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise Unreadable("is no web address")
    return found


def page_id(address: str) -> str | None:
    """Return the id of the Notion page at an address, which ends in its 32 hexadecimal digits."""
    match = _PAGE.search(address)
    return str(UUID(match[1])) if match else None


def line(value: object) -> str | None:
    """Return a message as one line without keys and without persons' addresses, at most 500 characters."""
    found = text(value)
    if found is None:
        return None
    plain = _ADDRESS.sub(r"***@\1", mask(" ".join(found.split())))
    return plain if len(plain) <= _LONGEST_LINE else plain[: _LONGEST_LINE - 1] + "…"
