"""From an HTTP answer to a tool's answer, or to one typed error (contracts: starbridge, Envelope)."""

import re
from collections.abc import Mapping

from intent_assets.errors import StarbridgeError, StarbridgeToolFailure
from intent_assets.json_body import read_json
from intent_assets.resources.pauses import retry_after
from intent_assets.wire import Json

RETRYABLE = frozenset({408, 425, 429, 500, 502, 503, 504})
_LEVELS = ("data", "output_vars", "output")
_SHOWN = 300


def is_retryable(status: int) -> bool:
    """Say whether another try can help after an answer with this HTTP status."""
    return status in RETRYABLE


def read_answer(tool: str, status: int, headers: Mapping[str, str], body: bytes) -> Json:
    """Return the answer of the tool inside the envelope; raise `StarbridgeError` for every form of failure."""
    return _unwrapped(tool, status, read_body(tool, status, headers, body))


def read_run_id(tool: str, status: int, headers: Mapping[str, str], body: bytes) -> str:
    """Return the id of an async run from the answer to its start; raise `StarbridgeError` without a usable one."""
    payload = read_body(tool, status, headers, body)
    data = payload.get("data")
    for level in (payload, data if isinstance(data, dict) else {}):
        _raise_for_failure(tool, status, level)
        for name in ("run_uuid", "run_id"):
            value = level.get(name)
            if isinstance(value, str | int) and re.fullmatch(r"[A-Za-z0-9_-][A-Za-z0-9_.:-]{0,199}", str(value)):
                return str(value)
    raise StarbridgeError("starbridge", tool, "the run was started, but the answer holds no run id", status=status)


def read_body(tool: str, status: int, headers: Mapping[str, str], body: bytes) -> Json:
    """Return the JSON object of a 2xx answer; raise `StarbridgeError` for another status or an unreadable body."""
    payload, fault = _decoded(body)
    if not 200 <= status < 300:
        told = _message(payload) if isinstance(payload, dict) else None
        raise StarbridgeError(
            "starbridge",
            tool,
            f"refused: {told}" if told else f"failed with {_appearance(headers, body)}",
            status=status,
            retryable=is_retryable(status),
            retry_after=retry_after(headers.get("retry-after")),
        )
    if fault is not None:
        # An answer that broke off on its way looks like this; asking again brings it whole.
        raise StarbridgeError(
            "starbridge", tool, f"answered with {_appearance(headers, body)}: {fault}", status=status, retryable=True
        )
    if not isinstance(payload, dict):
        raise StarbridgeError("starbridge", tool, f"answered with a JSON {_kind(payload)}, no object", status=status)
    return payload


def _unwrapped(tool: str, status: int, payload: Json) -> Json:
    level: object = payload
    for name in (*_LEVELS, None):
        if isinstance(level, str):
            level, fault = _decoded(level.encode("utf-8", "replace"))
            if fault is not None:
                raise StarbridgeError(
                    "starbridge", tool, f"the answer is a text that is no JSON: {fault}", status=status, retryable=True
                )
        if not isinstance(level, dict):
            raise StarbridgeError(
                "starbridge", tool, f"the envelope holds a {_kind(level)} where the answer belongs", status=status
            )
        _raise_for_failure(tool, status, level)
        if name is not None and name in level:
            level = level[name]
    return level if isinstance(level, dict) else {}


def _raise_for_failure(tool: str, status: int, level: Json) -> None:
    failed = level.get("success") in (False, "false") or level.get("error")
    if not failed and not re.fullmatch(r"[45]\d\d", str(level.get("status_code", ""))):
        return
    told = _code(level) or status
    raise StarbridgeToolFailure(
        "starbridge",
        tool,
        f"the tool failed: {_message(level) or 'no reason given'}",
        status=told,
        retryable=is_retryable(told),
    )


def _code(level: Json) -> int | None:
    error = level.get("error")
    for holder in (level, error if isinstance(error, dict) else {}):
        for name in ("status_code", "statusCode", "status", "code"):
            value = str(holder.get(name, ""))
            if re.fullmatch(r"[1-5]\d\d", value):
                return int(value)
    return None


def _message(level: Json) -> str | None:
    for name in ("error", "detail", "message"):
        value = level.get(name)
        if isinstance(value, dict):
            value = value.get("message") or value.get("detail")
        if isinstance(value, str) and value.strip():
            return " ".join(value.split())[:_SHOWN]
    return None


def _decoded(text: bytes) -> tuple[object, str | None]:
    if not text.strip():
        return None, "nothing in it"
    try:
        return read_json(text), None
    except ValueError as problem:
        return None, str(problem)[:100]


def _appearance(headers: Mapping[str, str], body: bytes) -> str:
    start = body[:200].lstrip().lower()
    if not start:
        return "an empty body"
    if start.startswith((b"<!doctype", b"<html")) or "html" in headers.get("content-type", ""):
        return "an HTML page"
    return "a body that is no JSON" if _decoded(body)[1] else "a body that gives no reason"


def _kind(value: object) -> str:
    return "null" if value is None else type(value).__name__
