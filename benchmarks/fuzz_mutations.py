"""Inputs that nobody should send and somebody will: valid samples with faults of form and content, and garbage. Pure.

All is drawn from the `random.Random` that is given, so an input can be made again from its seed.
"""

import copy
import json
import re
from collections.abc import Callable, Sequence
from random import Random
from typing import Any

from benchmarks.fuzz_odd import ODD_BYTES, ODD_KEYS, ODD_NUMBERS, ODD_TEXTS, ODD_VALUES

Path = tuple[str | int, ...]

DEPTHS = (50, 400, 1100, 5000, 60_000)
_WORD = re.compile(rb'"[^"\\]*"(?=\s*:)')
_VALUE = re.compile(rb'(?<=[:\[,])\s*("[^"\\]*"|-?[0-9.]+|true|false|null)')


def changed(value: Any, dice: Random) -> Any:
    """Return a copy of a JSON value with one to six faults of content: what JSON can hold, where it should not be."""
    for _ in range(dice.choice((1, 1, 1, 2, 3, 6))):
        value = _edited(copy.deepcopy(value), dice)
    return value


def body(sample: Any, dice: Random) -> bytes:
    """Return bytes as they could come over a wire: a changed sample as JSON, often with faults of form, or garbage."""
    chance = dice.random()
    if chance < 0.08:
        return garbage(dice)
    content = encoded(changed(sample, dice) if chance < 0.85 else sample, dice)
    return damaged(content, dice) if chance > 0.7 else content


def damaged(content: bytes, dice: Random) -> bytes:
    """Return bytes with one to four faults of form."""
    for _ in range(dice.choice((1, 1, 2, 4))):
        content = dice.choice(_FORM_FAULTS)(content, dice)
    return content


def value(sample: Any, dice: Random) -> Any:
    """Return what a JSON reader could make of `body`, or the changed sample where it can't make anything of it."""
    try:
        return json.loads(body(sample, dice))
    except (ValueError, RecursionError):
        return changed(sample, dice)


def text(sample: str, dice: Random) -> str:
    """Return a changed text, one of the odd ones, or any characters at all."""
    if dice.random() < 0.1:
        return "".join(chr(dice.choice((dice.randrange(128), dice.randrange(0x3000), dice.randrange(0x110000))))
                       for _ in range(dice.randrange(200)))  # fmt: skip
    for _ in range(dice.choice((1, 2, 4))):
        sample = _changed_text(sample, dice)
    return sample


def encoded(sample: Any, dice: Random) -> bytes:
    """Return JSON; half of it with the characters themselves, lone halves of surrogate pairs as the bytes they are."""
    if dice.random() < 0.5:
        return json.dumps(sample).encode()
    return json.dumps(sample, ensure_ascii=False).encode("utf-8", "surrogatepass")


def garbage(dice: Random) -> bytes:
    """Return bytes without any form, or made of JSON's own signs."""
    size = dice.choice((0, 1, 2, 7, 40, 300, 3000))
    if dice.random() < 0.5:
        return dice.randbytes(size)
    signs = (b"{", b"}", b"[", b"]", b'"', b":", b",", b"null", b"1", b'"a"', b" ", b"\\", b"-", b"e")
    return b"".join(dice.choice(signs) for _ in range(size))


def places(value: Any, path: Path = ()) -> list[Path]:
    """Return the paths of all values inside a JSON value, its own (empty) one first."""
    found = [path]
    if isinstance(value, dict):
        for key, inner in value.items():
            found += places(inner, (*path, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            found += places(inner, (*path, number))
    return found


def at(value: Any, path: Path) -> Any:
    """Return the value at a path."""
    for step in path:
        value = value[step]
    return value


def put(value: Any, path: Path, new: Any) -> Any:
    """Put `new` at a path, in place; return the whole."""
    if not path:
        return new
    at(value, path[:-1])[path[-1]] = new
    return value


def _edited(value: Any, dice: Random) -> Any:
    path = dice.choice(places(value))
    old = at(value, path)
    if isinstance(old, str) and dice.random() < 0.5:
        return put(value, path, _changed_text(old, dice))
    if isinstance(old, dict | list) and old and dice.random() < 0.7:
        _rearranged(old, dice)
        return value
    return put(value, path, _instead_of(old, value, dice))


def _instead_of(old: Any, whole: Any, dice: Random) -> Any:
    ways: Sequence[Callable[[], Any]] = (
        lambda: dice.choice(ODD_VALUES),
        lambda: dice.choice(ODD_NUMBERS),
        lambda: dice.choice(ODD_TEXTS),
        lambda: [old],
        lambda: {"value": old},
        lambda: _written(old),
        lambda: copy.deepcopy(at(whole, dice.choice(places(whole)))),
        lambda: _nested(old, dice.choice((3, 30, 90))),
    )
    return dice.choice(ways)()


def _rearranged(holder: dict[str, Any] | list[Any], dice: Random) -> None:
    if isinstance(holder, list):
        number = dice.randrange(len(holder))
        ways: Sequence[Callable[[], Any]] = (
            lambda: holder.pop(number),
            lambda: holder.append(copy.deepcopy(holder[number])),
            lambda: holder.extend(copy.deepcopy(holder[:3]) * 30),
            lambda: holder.insert(0, dice.choice(ODD_VALUES)),
            lambda: dice.shuffle(holder),
            holder.clear,
        )
        dice.choice(ways)()
        return
    key = dice.choice(list(holder))
    held = holder.pop(key)
    new = dice.choice((None, dice.choice(ODD_KEYS), key.upper(), key + " ", key.replace("_", "")))
    if new is not None:
        holder[new] = held


def _changed_text(old: str, dice: Random) -> str:
    if old[:1] in ("{", "[") and dice.random() < 0.6:
        try:
            return json.dumps(changed(json.loads(old), dice))
        except (ValueError, RecursionError):
            pass
    start = dice.randrange(len(old) + 1)
    end = min(len(old), start + dice.choice((0, 0, 1, 3, 20)))
    ways: Sequence[Callable[[], str]] = (
        lambda: old[:start] + dice.choice(ODD_TEXTS) + old[end:],
        lambda: old[:start] + chr(dice.choice((dice.randrange(0x300), dice.randrange(0x110000)))) + old[end:],
        lambda: old[:start],
        lambda: old[start:],
        lambda: (old[start:end] or old or "x") * dice.choice((2, 50, 2000)),
        lambda: old[:start] + old[end:],
        lambda: dice.choice((old.upper(), old.swapcase(), old[::-1], f" {old}\n")),
        lambda: re.sub(r"\d", lambda _: dice.choice("0123456789٣½"), old),
        lambda: dice.choice(ODD_TEXTS),
    )
    return dice.choice(ways)()[:200_000]


def _written(old: Any) -> str:
    try:
        return json.dumps(old)
    except ValueError:  # an int of more digits than Python writes
        return "9" * 5000


def _nested(old: Any, depth: int) -> Any:
    for level in range(depth):
        old = [old] if level % 2 else {"a": old}
    return old


def _cut(content: bytes, dice: Random) -> bytes:
    return content[: dice.randrange(len(content) + 1)]


def _with_odd_bytes(content: bytes, dice: Random) -> bytes:
    start = dice.randrange(len(content) + 1)
    return content[:start] + dice.choice(ODD_BYTES) + content[start + dice.choice((0, 0, 1, 5)) :]


def _with_a_flipped_bit(content: bytes, dice: Random) -> bytes:
    if not content:
        return content
    place = dice.randrange(len(content))
    return content[:place] + bytes((content[place] ^ (1 << dice.randrange(8)),)) + content[place + 1 :]


def _with_a_doubled_key(content: bytes, dice: Random) -> bytes:
    keys = list(_WORD.finditer(content))
    if not keys:
        return content
    key = dice.choice(keys)
    other = dice.choice((b"null", b"[]", b"{}", b"1e999", b'"x"', b"-0"))
    return content[: key.start()] + key.group() + b": " + other + b", " + content[key.start() :]


def _with_a_value_that_only_text_holds(content: bytes, dice: Random) -> bytes:
    values = list(_VALUE.finditer(content))
    if not values:
        return content
    found = dice.choice(values)
    depth = dice.choice(DEPTHS)
    new = dice.choice(
        (b"9" * 5000, b"-" + b"9" * 400, b"1e999", b"NaN", b"-Infinity", b"[" * depth + b"]" * depth, b"[" * depth,
         b'{"a":' * depth + b"1" + b"}" * depth, b"1" + b"0" * 30 + b".5")
    )  # fmt: skip
    return content[: found.start()] + new + content[found.end() :]


def _joined_with_another(content: bytes, dice: Random) -> bytes:
    return content + dice.choice((b"", b"\n", b",", b"\0", b"garbage")) + content[: dice.choice((1, 100, len(content)))]


def _in_another_encoding(content: bytes, dice: Random) -> bytes:
    return content.decode("utf-8", "replace").encode(
        dice.choice(("utf-16", "utf-16-le", "utf-32", "utf-8-sig", "utf-7"))
    )


_FORM_FAULTS: Sequence[Callable[[bytes, Random], bytes]] = (
    _cut,
    _with_odd_bytes,
    _with_odd_bytes,
    _with_a_flipped_bit,
    _with_a_doubled_key,
    _with_a_value_that_only_text_holds,
    _with_a_value_that_only_text_holds,
    _joined_with_another,
    _in_another_encoding,
)
