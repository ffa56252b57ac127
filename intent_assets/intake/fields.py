"""Reading single fields of what others sent: the first name that is there and usable, else nothing, never an error."""

import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

Value = TypeVar("Value")

SHORT = 300
LONG = 5_000
BODY = 200_000
_MAX_INTEGER = 2**31


def candidates(payload: Mapping[str, Any], paths: Sequence[str]) -> Iterator[Any]:
    """Yield what stands at each of the dotted `paths` of `payload`, in order, absent ones left out."""
    for path in paths:
        found: Any = payload
        for name in path.split("."):
            found = found.get(name) if isinstance(found, Mapping) else None
        if found is not None:
            yield found


def first(payload: Mapping[str, Any], read: Callable[[Any], Value | None], *paths: str) -> Value | None:
    """Return the first value at `paths` that `read` can use."""
    for candidate in candidates(payload, paths):
        value = read(candidate)
        if value is not None:
            return value
    return None


def text(value: Any) -> str | None:
    """Read one line of text: no control characters, white space put together, at most 300 characters."""
    if not isinstance(value, str):
        return None
    return " ".join(clean(value[: 4 * SHORT]).split())[:SHORT].strip() or None


def long_text(value: Any) -> str | None:
    """Read a text that keeps its lines, at most 5,000 characters."""
    return clean(value[: 4 * LONG]).strip()[:LONG].strip() or None if isinstance(value, str) else None


def body(value: Any) -> str | None:
    """Read the body of a mail, markup and quoted mails included, at most 200,000 characters."""
    return clean(value[:BODY]).strip() or None if isinstance(value, str) else None


def identifier(value: Any) -> str | None:
    """Read an id, which may come as a number or as text."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value) if abs(value) < 2**63 else None
    return text(value)


def integer(value: Any) -> int | None:
    """Read a whole number from 0 on, which may come as text."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        stripped = value.strip()
        if not (stripped.isascii() and stripped.isdigit() and len(stripped) <= 10):
            return None
        number = int(stripped)
    elif isinstance(value, float):
        if not value.is_integer():
            return None
        number = int(value)
    elif isinstance(value, int):
        number = value
    else:
        return None
    return number if 0 <= number < _MAX_INTEGER else None


def address(value: Any) -> str | None:
    """Read an e-mail address, lower case; nothing that has no name before and no dotted domain behind its @."""
    line = text(value)
    if line is None:
        return None
    if line.endswith(">") and "<" in line:
        line = line[line.rindex("<") + 1 : -1].strip()
    name, at, host = line.rpartition("@")
    usable = name and at and "." in host and not any(character in line for character in ' <>,;"()')
    return line.lower() if usable else None


def clean(value: str) -> str:
    """Return `value` in composed form, without control characters (line ends and tabs stay) and lone surrogates."""
    whole = value.encode("utf-8", "replace").decode("utf-8")
    lines = unicodedata.normalize("NFC", whole).replace("\r\n", "\n").replace("\r", "\n")
    return "".join(character for character in lines if character in "\n\t" or unicodedata.category(character) != "Cc")
