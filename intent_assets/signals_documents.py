"""The nested parts of opportunities: source document, excerpts and linked records, as text for a table."""

import html
import json
import math
import re
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import pyarrow as pa

from intent_assets.signals_wire import TEXT, plain_text
from intent_assets.wire import Json

T = TypeVar("T")

_TAG = re.compile(r"<(?:/?[a-zA-Z][^<>]*|!--.*?--)>", re.DOTALL)
_WEB_ADDRESS = re.compile(r"https?://[^\s/?#\x00-\x20]+[^\s\x00-\x20]*", re.IGNORECASE)
_RFP = ("id", "title", "dueDate", "status")
_PURCHASE_ORDER = ("id", "title", "purchaseAmount", "vendorName", "fromDate", "untilDate")


def documents(rows: Sequence[Json]) -> dict[str, pa.Array]:
    """Return the columns `document_title`, `document_url`, `highlights_json`, `rfps_json`, `purchase_orders_json`.

    The document is the first file; its address is `sourceUrl` or else `url`, if that is one of the web.
    The JSON columns are never null: nothing is `[]`.
    """
    no_file: tuple[str | None, str | None] = (None, None)
    first = _each(rows, "files", _first_file, no_file)
    columns = {
        "document_title": [title for title, _ in first],
        "document_url": [url for _, url in first],
        "highlights_json": _each(rows, "highlights", _highlights, "[]"),
        "rfps_json": _each(rows, "rfps", lambda value: _linked(value, _RFP), "[]"),
        "purchase_orders_json": _each(rows, "purchaseOrders", lambda value: _linked(value, _PURCHASE_ORDER), "[]"),
    }
    return {name: pa.array(values, type=TEXT) for name, values in columns.items()}


def without_markup(text: str) -> str:
    """Return the text without tags, with entities as the characters they stand for, white space as single blanks."""
    return " ".join(html.unescape(_TAG.sub("", text)).split())


def _each(rows: Sequence[Json], name: str, read: Callable[[Any], T], nothing: T) -> list[T]:
    return [read(value) if value else nothing for value in (row.get(name) for row in rows)]


def _text(value: object) -> str | None:
    return (plain_text(value) or "").strip() or None


def _first_file(files: object) -> tuple[str | None, str | None]:
    if not isinstance(files, list) or not isinstance(files[0], dict):
        return None, None
    addresses = (_text(files[0].get(name)) for name in ("sourceUrl", "url"))
    return _text(files[0].get("name")), next((url for url in addresses if url and _WEB_ADDRESS.fullmatch(url)), None)


def _highlights(value: object) -> str:
    content = value.get("content") if isinstance(value, dict) else None
    found = (
        [entry.get("highlight") for entry in content if isinstance(entry, dict)] if isinstance(content, list) else []
    )
    texts = (without_markup(text) for text in map(plain_text, found) if text)
    return _json(list(dict.fromkeys(filter(None, texts))))


def _linked(value: object, names: Sequence[str]) -> str:
    """Return the entries that are objects with an `id`, with those of their fields that are plain values."""
    entries = [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []
    known = [{name: entry[name] for name in names if _is_plain(entry.get(name))} for entry in entries]
    return _json([entry | {"id": _text(entry["id"])} for entry in known if _text(entry.get("id"))])


def _is_plain(value: object) -> bool:
    return isinstance(value, str | int) or (isinstance(value, float) and math.isfinite(value))


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False).encode("utf-8", "replace").decode("utf-8")
