"""Reading a request's body: no more than the limit, in time, and JSON that can be read."""

import asyncio
import json
from collections.abc import Callable
from typing import Any, NoReturn

from fastapi import Request
from starlette.requests import ClientDisconnect

from intent_assets.intake.door_problems import Problem

MOST_BYTES = 1_000_000
DEEPEST = 64
_TYPE = "application/json"


async def read_body(request: Request, seconds: float) -> bytes:
    """Return the body; raises `Problem` 413 beyond 1,000,000 bytes, 415 for another type, 408 after `seconds`."""
    _check_type(request)
    declared = request.headers.get("content-length")
    if declared is not None and int(declared) > MOST_BYTES:  # h11 lets nothing but digits through
        raise _too_large()
    body = bytearray()
    try:
        async with asyncio.timeout(seconds):
            async for chunk in request.stream():
                if len(body) + len(chunk) > MOST_BYTES:
                    raise _too_large()
                body += chunk
    except TimeoutError:
        message = f"the body was not there within {seconds:g} s"
        raise Problem(408, "request_timeout", message, {"Connection": "close"}) from None
    except ClientDisconnect:
        raise Problem(400, "incomplete_body", "the connection ended before the body did") from None
    return bytes(body)


def parse(body: bytes) -> Any:
    """Return the JSON document; raises `Problem` 400 for what is none, or is no text, too deep or too long a number."""
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _unreadable("it is not UTF-8 text") from None
    try:
        document = json.loads(text, parse_constant=_no_constant)
    except json.JSONDecodeError as problem:
        raise _unreadable(f"{problem.msg} in line {problem.lineno}, column {problem.colno}") from None
    except RecursionError:
        raise _too_deep() from None
    except ValueError:
        raise _unreadable("there is a number in it that no reply has: too many digits, NaN or Infinity") from None
    if body.count(b"[") + body.count(b"{") > DEEPEST and _is_deeper(document, DEEPEST):
        raise _too_deep()
    return document


def _check_type(request: Request) -> None:
    kind, _, parameters = request.headers.get("content-type", "").partition(";")
    charset = parameters.lower().replace(" ", "").replace('"', "").partition("charset=")[2].partition(";")[0]
    if kind.strip().lower() != _TYPE or charset not in ("", "utf-8", "utf8"):
        raise Problem(415, "unsupported_media_type", f"send JSON in UTF-8 with the header Content-Type: {_TYPE}")
    if request.headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise Problem(415, "unsupported_media_type", "send the body as it is, without a Content-Encoding")


def _no_constant(_text: str) -> NoReturn:
    raise ValueError


def _is_deeper(document: Any, most: int) -> bool:
    level: list[Any] = [document]
    children: Callable[[Any], Any] = lambda node: node.values() if isinstance(node, dict) else node  # noqa: E731
    for _ in range(most):
        level = [child for node in level for child in children(node) if isinstance(child, dict | list)]
        if not level:
            return False
    return True


def _unreadable(reason: str) -> Problem:
    return Problem(400, "invalid_json", f"the body is not JSON that can be read: {reason}")


def _too_deep() -> Problem:
    return _unreadable(f"it is nested more than {DEEPEST} deep")


def _too_large() -> Problem:
    return Problem(413, "content_too_large", f"a body may have {MOST_BYTES:,} bytes; send a batch in parts")
