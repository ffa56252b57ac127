"""JSON as services send it, read so that what came can be stored and shown. Pure."""

import json
import re
from typing import Any, TypeVar

T = TypeVar("T")

_HALF = re.compile(
    r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(u[dD][89a-fA-F][0-9a-fA-F]{2})|[^u]|u)", re.DOTALL
)
"""An escape; its group is half of a surrogate pair, which JSON can hold, but no file and no page."""
_HALVES = re.compile("[\ud800-\udfff]")


def read_json(body: bytes) -> Any:
    """Return what a JSON body says; raises `ValueError` where it says nothing, also where it is nested too deeply.

    What is no Unicode text, such as half of a surrogate pair, becomes U+FFFD; NaN and Infinity become null.
    """
    text = body.decode(json.detect_encoding(body), "replace").removeprefix("\ufeff")
    whole = _HALF.sub(lambda escape: r"\ufffd" if escape[1] else escape[0], text)
    try:
        return json.loads(whole, parse_constant=lambda _: None)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def whole_text(value: T) -> T:
    """Return a JSON value that was read already, with U+FFFD in place of what is no Unicode text."""
    written = json.dumps(value, ensure_ascii=False)
    if not _HALVES.search(written):
        return value
    whole: T = json.loads(_HALVES.sub("\ufffd", written))
    return whole
