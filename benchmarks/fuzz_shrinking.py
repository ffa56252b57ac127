"""Making a failing input as small as it can be while it still fails in the same way. Pure."""

import time
from collections.abc import Callable, Iterator
from typing import Any

from benchmarks.fuzz_mutations import at, places

_SECONDS = 10.0


def smallest(given: Any, fails: Callable[[Any], bool], seconds: float = _SECONDS) -> Any:
    """Return a smaller input for which `fails` is still true, the best that is found within `seconds`."""
    deadline = time.monotonic() + seconds
    shrunk = True
    while shrunk:
        shrunk = False
        for candidate in _smaller(given):
            if time.monotonic() > deadline:
                return given
            if fails(candidate):
                given, shrunk = candidate, True
                break
    return given


def _smaller(given: Any) -> Iterator[Any]:
    if isinstance(given, bytes | str):
        yield from _shorter(given)
    else:
        for path in places(given):
            for new in _plainer(at(given, path)):
                yield _with(given, path, new)


def _shorter(given: Any) -> Iterator[Any]:
    """Yield a text without each of its halves, then quarters, and so on."""
    size = len(given) // 2
    while size:
        for start in range(0, len(given), size):
            yield given[:start] + given[start + size :]
        size //= 2


def _plainer(value: Any) -> Iterator[Any]:
    if isinstance(value, dict):
        yield from value.values()
        yield from ({name: inner for name, inner in value.items() if name != left_out} for left_out in value)
    elif isinstance(value, list):
        yield from value
        yield from _shorter(value)
    elif isinstance(value, str) and value:
        yield ""
        yield from (value[: len(value) // 2], value[len(value) // 2 :]) if len(value) > 1 else ()


def _with(value: Any, path: tuple[str | int, ...], new: Any) -> Any:
    """Return a copy of the value with `new` at the path; what is not on the way is shared."""
    if not path:
        return new
    step, rest = path[0], path[1:]
    copied: Any = dict(value) if isinstance(value, dict) else list(value)
    copied[step] = _with(value[step], rest, new)
    return copied
