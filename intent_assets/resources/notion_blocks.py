"""Blocks as Notion tells of them, brought into the one form that is worked with. Pure.

Blocks of kinds and forms that nobody knows yet stand on pages that people edit; what has another form says nothing.
"""

from collections.abc import Mapping
from typing import Any

Json = dict[str, Any]


def known_form(block: Mapping[str, Any]) -> Json:
    """Return a block whose `type` is a text and names an object in it, with lists of objects where texts stand.

    These are `rich_text`, each of the `cells`, and the `children`, which have the same form as the block itself.
    """
    kind = block.get("type")
    kind = kind if isinstance(kind, str) else "unsupported"
    content = _content(block.get(kind))
    known = {**block, "type": kind, kind: content}
    if "children" in known and kind != "children":
        known["children"] = _blocks(known["children"])
    return known


def _content(value: object) -> Json:
    content = dict(value) if isinstance(value, Mapping) else {}
    if "rich_text" in content:
        content["rich_text"] = _objects(content["rich_text"])
    if "cells" in content:
        cells = content["cells"]
        content["cells"] = [_objects(cell) for cell in cells] if isinstance(cells, list) else []
    if "children" in content:
        content["children"] = _blocks(content["children"])
    return content


def _blocks(value: object) -> list[Json]:
    return [known_form(block) for block in _objects(value)]


def _objects(value: object) -> list[Json]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
