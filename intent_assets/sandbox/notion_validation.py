"""What the real Notion refuses: checks of request bodies, with its messages.

Characters are counted in UTF-16 units. Limits: developers.notion.com, request limits and block reference.
"""

import json
import re
from collections.abc import Collection, Mapping
from typing import Any
from urllib.parse import urlsplit

Json = dict[str, Any]

MAX_CONTENT = 2000
MAX_ARRAY = 100
MAX_BLOCKS = 1000
MAX_BYTES = 500_000
MAX_NESTING = 2
TITLE_ONLY = "title"

_PLAIN = ("default", "gray", "brown", "orange", "yellow", "green", "blue", "purple", "pink", "red")
COLOURS = frozenset([*_PLAIN, *(f"{name}_background" for name in _PLAIN)])
_STYLES = frozenset({"bold", "italic", "strikethrough", "underline", "code"})
_TEXT = frozenset({"rich_text", "color", "children"})
_KEYS: Mapping[str, frozenset[str]] = {
    "paragraph": _TEXT | {"icon"},
    "heading_1": _TEXT | {"is_toggleable"},
    "heading_2": _TEXT | {"is_toggleable"},
    "heading_3": _TEXT | {"is_toggleable"},
    "bulleted_list_item": _TEXT,
    "numbered_list_item": _TEXT,
    "to_do": _TEXT | {"checked"},
    "toggle": _TEXT,
    "quote": _TEXT,
    "callout": _TEXT | {"icon"},
    "code": frozenset({"rich_text", "caption", "language"}),
    "divider": frozenset(),
    "breadcrumb": frozenset(),
    "table_of_contents": frozenset({"color"}),
    "bookmark": frozenset({"url", "caption"}),
    "embed": frozenset({"url", "caption"}),
    "table": frozenset({"table_width", "has_column_header", "has_row_header", "children"}),
    "table_row": frozenset({"cells"}),
    "column_list": frozenset({"children"}),
    "column": frozenset({"children", "width_ratio"}),
}
_FLAGS = frozenset({"is_toggleable", "checked", "has_column_header", "has_row_header"})
_UUID = re.compile(r"[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}", re.IGNORECASE)


class Invalid(Exception):
    """A request that Notion would refuse with 400; `code` is its error code."""

    def __init__(self, message: str, code: str = "validation_error") -> None:
        self.code = code
        super().__init__(message)


def body_of(raw: bytes) -> Json:
    """Return the JSON object of a request; raise `Invalid` for another body or one of more than 500 KB."""
    if len(raw) > MAX_BYTES:
        raise Invalid(f"body failed validation: body size should be ≤ `{MAX_BYTES}` bytes, instead was `{len(raw)}`.")
    try:
        value = json.loads(raw or b"{}")
    except ValueError:
        raise Invalid("Error parsing JSON body.", "invalid_json") from None
    if not isinstance(value, dict):
        raise Invalid("body failed validation: body should be an object.")
    return value


def uuid_of(value: object, place: str) -> str:
    """Return an id without dashes."""
    if not isinstance(value, str) or not _UUID.fullmatch(value):
        raise _should(place, "be a valid uuid", value)
    return value.replace("-", "").lower()


def keys(value: object, allowed: Collection[str], place: str) -> Json:
    """Return `value` if it is an object of the allowed keys only."""
    if not isinstance(value, dict):
        raise _should(place, "be an object", value)
    for key in value:
        if key not in allowed:
            raise Invalid(
                f"body failed validation: {place}.{key} should be not present, instead was `{_shown(value)}`."
            )
    return value


def page_size(value: object, place: str = "page_size") -> int:
    """Return a page size from 1 to 100; None is 100."""
    if value is None:
        return MAX_ARRAY
    if isinstance(value, str) and value.isdecimal():
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= MAX_ARRAY:
        raise _should(place, "be a number from 1 to `100`", value)
    return value


def children(value: object, place: str, *, inside: str = "page", level: int = 0, least: int = 1) -> list[Json]:
    """Check an array of new blocks with everything in it."""
    if not isinstance(value, list):
        raise _should(place, "be an array", value)
    if len(value) > MAX_ARRAY:
        raise Invalid(f"body failed validation: {place}.length should be ≤ `{MAX_ARRAY}`, instead was `{len(value)}`.")
    if len(value) < least:
        raise Invalid(f"body failed validation: {place}.length should be ≥ `{least}`, instead was `{len(value)}`.")
    if level > MAX_NESTING:
        raise Invalid(
            f"body failed validation: {place} should be not present: blocks nest at most {MAX_NESTING} levels."
        )
    for number, block in enumerate(value):
        _block(block, f"{place}[{number}]", inside, level)
    if level == 0 and (total := sum(map(count, value))) > MAX_BLOCKS:
        raise Invalid(
            f"body failed validation: the number of blocks should be ≤ `{MAX_BLOCKS}`, instead was `{total}`."
        )
    return value


def count(block: Json) -> int:
    """Return the number of blocks in a block, itself included."""
    value = block.get(kind_of(block))
    return 1 + sum(map(count, (value or {}).get("children") or []))


def kind_of(block: Json) -> str:
    """Return a block's type, which may be left out beside its key."""
    kind = block.get("type") or next((key for key in block if key in _KEYS), "")
    return kind if isinstance(kind, str) else ""


def changed_block(body: Json, kind: str, *, archived: bool) -> Json:
    """Check an update of a block of type `kind`; return the new values of its own keys."""
    trash = {"in_trash", "archived"} if archived else {"in_trash"}
    keys(body, {kind, "type"} | trash, "body")
    value = keys(body.get(kind, {}), _KEYS.get(kind, frozenset()) - {"children"}, f"body.{kind}")
    _own_values(value, kind, f"body.{kind}", required=False)
    return value


def rich_text(value: object, place: str) -> list[Json]:
    """Check a rich text array."""
    if not isinstance(value, list):
        raise _should(place, "be an array", value)
    if len(value) > MAX_ARRAY:
        raise Invalid(f"body failed validation: {place}.length should be ≤ `{MAX_ARRAY}`, instead was `{len(value)}`.")
    for number, item in enumerate(value):
        _rich_item(item, f"{place}[{number}]")
    return value


def title_of(properties: object, place: str = "body.properties") -> list[Json]:
    """Return the title of a page below a page; other properties it can't have."""
    values = keys(properties, {TITLE_ONLY}, place)
    title = values.get(TITLE_ONLY)
    if title is None:
        raise _should(f"{place}.title", "be defined", None)
    if isinstance(title, dict):
        title = keys(title, {"title", "type", "id"}, f"{place}.title").get("title")
    return rich_text(title, f"{place}.title")


def icon(value: object, place: str) -> None:
    """Check an icon: an emoji or a file of somebody else's."""
    if value is None:
        return
    given = keys(value, {"type", "emoji", "external"}, place)
    if "emoji" in given:
        emoji = given["emoji"]
        if not isinstance(emoji, str) or not emoji or len(emoji) > 12 or re.search(r"[^\W\u2139]|[\s\x00-\x7f]", emoji):
            raise _should(f"{place}.emoji", "be an emoji", emoji)
    elif "external" in given:
        url(keys(given["external"], {"url"}, f"{place}.external").get("url"), f"{place}.external.url")
    else:
        raise _should(place, "hold emoji or external", value)


def url(value: object, place: str) -> None:
    """Check an address."""
    if not isinstance(value, str):
        raise _should(place, "be a string", value)
    if units(value) > MAX_CONTENT:
        raise Invalid(
            f"body failed validation: {place}.length should be ≤ `{MAX_CONTENT}`, instead was `{units(value)}`."
        )
    try:
        parts = urlsplit(value)
    except ValueError:
        raise Invalid(f"Invalid URL for {place}.") from None
    fits = (parts.scheme in ("http", "https") and bool(parts.hostname)) or (
        parts.scheme in ("mailto", "tel") and bool(parts.path)
    )
    if not fits or re.search(r"\s", value):
        raise Invalid(f"Invalid URL for {place}.")


def units(text: str) -> int:
    """Return the length in UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _block(block: object, place: str, inside: str, level: int) -> None:
    if not isinstance(block, dict):
        raise _should(place, "be an object", block)
    kind = kind_of(block)
    if kind not in _KEYS:
        raise Invalid(
            f"body failed validation: {place}.type should be one of {', '.join(f'`{name}`' for name in _KEYS)}, "
            f"instead was `{_shown(block.get('type'))}`."
        )
    keys(block, {"object", "type", kind}, place)
    if block.get("object", "block") != "block":
        raise _should(f"{place}.object", 'be "block"', block["object"])
    if kind not in block:
        raise _should(f"{place}.{kind}", "be defined", None)
    only_in = {"table_row": "table", "column": "column_list"}
    if only_in.get(kind, inside) != inside or (inside in only_in.values() and only_in.get(kind) != inside):
        raise Invalid(f"body failed validation: {place} of type `{kind}` can't stand in a {inside}.")
    value = keys(block[kind], _KEYS[kind], f"{place}.{kind}")
    _own_values(value, kind, f"{place}.{kind}", required=True)
    if kind.startswith("heading_") and "children" in value and not value.get("is_toggleable"):
        raise Invalid(f"body failed validation: {place}.{kind}.children should be not present.")
    if "children" in value:
        children(value["children"], f"{place}.{kind}.children", inside=kind, level=level + 1)
    if kind == "table":
        _table(value, f"{place}.table")


def _own_values(value: Json, kind: str, place: str, *, required: bool) -> None:
    if "rich_text" in _KEYS.get(kind, ()) and (required or "rich_text" in value):
        if "rich_text" not in value:
            raise _should(f"{place}.rich_text", "be defined", None)
        rich_text(value["rich_text"], f"{place}.rich_text")
    if "caption" in value:
        rich_text(value["caption"], f"{place}.caption")
    if "color" in value and value["color"] not in COLOURS:
        raise _should(f"{place}.color", "be a colour of Notion", value["color"])
    if "icon" in value:
        icon(value["icon"], f"{place}.icon")
    if "url" in _KEYS.get(kind, ()) and (required or "url" in value):
        url(value.get("url"), f"{place}.url")
    for flag in _FLAGS & value.keys():
        if not isinstance(value[flag], bool):
            raise _should(f"{place}.{flag}", "be a boolean", value[flag])
    if kind == "table_row":
        cells = value.get("cells")
        if not isinstance(cells, list):
            raise _should(f"{place}.cells", "be an array", cells)
        for number, cell in enumerate(cells):
            rich_text(cell, f"{place}.cells[{number}]")


def _table(value: Json, place: str) -> None:
    width = value.get("table_width")
    if not isinstance(width, int) or isinstance(width, bool) or width < 1:
        raise _should(f"{place}.table_width", "be a number ≥ `1`", width)
    rows = value.get("children")
    if not rows:
        raise _should(f"{place}.children", "be defined and hold a row", rows)
    for row in rows:
        check_row(row, width, place)


def check_row(row: Json, width: int, place: str) -> None:
    """A table's rows all have as many cells as the table is wide."""
    if len(row["table_row"]["cells"]) != width:
        raise Invalid(f"Number of cells in table row must match the table width of the parent table ({place}).")


def _rich_item(item: object, place: str) -> None:
    given = keys(item, {"type", "text", "equation", "annotations", "plain_text", "href"}, place)
    kind = given.get("type", "text" if "text" in given else "equation")
    if kind not in ("text", "equation") or kind not in given:
        raise _should(f"{place}.{kind}", "be defined", given.get(str(kind)))
    if kind == "text":
        text = keys(given["text"], {"content", "link"}, f"{place}.text")
        _content(text.get("content"), f"{place}.text.content", MAX_CONTENT)
        if text.get("link") is not None:
            url(keys(text["link"], {"url", "type"}, f"{place}.text.link").get("url"), f"{place}.text.link.url")
    else:
        equation = keys(given["equation"], {"expression"}, f"{place}.equation")
        _content(equation.get("expression"), f"{place}.equation.expression", MAX_CONTENT // 2)
    styles = keys(given.get("annotations", {}), _STYLES | {"color"}, f"{place}.annotations")
    for style in _STYLES & styles.keys():
        if not isinstance(styles[style], bool):
            raise _should(f"{place}.annotations.{style}", "be a boolean", styles[style])
    if styles.get("color", "default") not in COLOURS:
        raise _should(f"{place}.annotations.color", "be a colour of Notion", styles["color"])


def _content(value: object, place: str, most: int) -> None:
    if not isinstance(value, str):
        raise _should(place, "be a string", value)
    if units(value) > most:
        raise Invalid(f"body failed validation: {place}.length should be ≤ `{most}`, instead was `{units(value)}`.")


def _should(place: str, what: str, value: object) -> Invalid:
    shown = "undefined" if value is None else _shown(value)
    where = "path" if place.startswith("path") else "body"
    return Invalid(f"{where} failed validation: {place} should {what}, instead was `{shown}`.")


def _shown(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)[:120]
