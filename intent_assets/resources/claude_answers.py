"""From the body of an answer of the Messages API to a validated value.

The SDK takes almost any body for a message, so what matters is checked here: that it is a message at all, why
it stopped, which blocks are text, and whether that text is the output type.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple, TypeVar

import pydantic_core
from pydantic import BaseModel, ValidationError

from intent_assets.errors import ClaudeCutOff, ClaudeError, ClaudeInvalidAnswer, ClaudeRefusal
from intent_assets.resources.claude_pricing import Tokens

T = TypeVar("T", bound=BaseModel)

SERVICE = "Claude"
RETRYABLE_TYPES = {"overloaded_error", "api_error", "rate_limit_error", "timeout_error"}
_MOST_TOKENS = 10**9
_MOST_REASONS = 5


class Message(NamedTuple):
    """One answer: why it stopped, its text blocks joined, its tokens. `refused_because` goes with a refusal."""

    stop_reason: str | None
    text: str | None
    tokens: Tokens
    refused_because: str = ""


def read_message(operation: str, body: bytes) -> Message:
    """Return the message in `body`; raise a retryable `ClaudeError` if it is not a JSON object."""
    try:
        document = pydantic_core.from_json(body)
    except ValueError:
        kind = "an HTML page" if body.lstrip()[:1] == b"<" else "no JSON" if body.strip() else "an empty body"
        raise ClaudeError(SERVICE, operation, f"the answer is {kind}", status=200, retryable=True) from None
    if not isinstance(document, dict):
        raise ClaudeError(SERVICE, operation, "the answer is not a JSON object", status=200, retryable=True)
    if document.get("type") == "error":
        kind, message = error_of(document)
        raise ClaudeError(SERVICE, operation, message, status=200, retryable=kind in RETRYABLE_TYPES)
    stop_reason = document.get("stop_reason")
    details = document.get("stop_details")
    because = details.get("explanation") if isinstance(details, dict) else None
    return Message(
        stop_reason=stop_reason if isinstance(stop_reason, str) else None,
        text=_text(document.get("content")),
        tokens=_tokens(document.get("usage")),
        refused_because=because if isinstance(because, str) else "",
    )


def error_of(document: object) -> tuple[str, str]:
    """Return type and message of an error in Anthropic's form, as far as they are there."""
    error = document.get("error") if isinstance(document, dict) else None
    if not isinstance(error, dict):
        return "", "the answer says no reason"
    kind, message = error.get("type"), error.get("message")
    kind = kind if isinstance(kind, str) else ""
    text = " ".join(message.split())[:300] if isinstance(message, str) else ""
    return kind, ": ".join(part for part in (kind, text) if part) or "the answer says no reason"


def value_of(operation: str, message: Message, output: type[T]) -> T:
    """Return the answer as the output type.

    Raises `ClaudeRefusal`, `ClaudeCutOff` or `ClaudeInvalidAnswer`.
    """
    if message.stop_reason == "refusal":
        because = " ".join(message.refused_because.split())[:300]
        raise ClaudeRefusal(SERVICE, operation, f"refused{': ' + because if because else ''}", status=200)
    if message.stop_reason in {"max_tokens", "model_context_window_exceeded"}:
        raise ClaudeCutOff(SERVICE, operation, f"the answer was cut off ({message.stop_reason})", status=200)
    if message.stop_reason not in {"end_turn", "stop_sequence"}:
        reason = f"the answer stopped for an unexpected reason ({str(message.stop_reason)[:60]})"
        raise _invalid(operation, [reason])
    if message.text is None:
        raise _invalid(operation, ["the answer has no text"])
    try:
        return output.model_validate_json(message.text)
    except ValidationError as problem:
        raise _invalid(operation, _reasons(problem)) from None


def _invalid(operation: str, reasons: Sequence[str]) -> ClaudeInvalidAnswer:
    problem = ClaudeInvalidAnswer(SERVICE, operation, "; ".join(reasons), status=200)
    problem.reasons = tuple(reasons)
    return problem


def _reasons(problem: ValidationError) -> Sequence[str]:
    errors = problem.errors(include_url=False, include_input=False, include_context=False)
    lines = [f"{'.'.join(str(part)[:60] for part in error['loc']) or 'answer'}: {error['msg']}" for error in errors]
    return [line[:300] for line in lines[:_MOST_REASONS]]


def _text(content: Any) -> str | None:
    blocks = [block for block in content if isinstance(block, dict)] if isinstance(content, list) else []
    texts = [block.get("text") for block in blocks if block.get("type") == "text"]
    pieces = [text for text in texts if isinstance(text, str)]
    return "".join(pieces) if pieces else None


def _tokens(usage: Any) -> Tokens:
    fields = ("input_tokens", "output_tokens", "cache_creation_input_tokens", "cache_read_input_tokens")
    return Tokens(*(_count(usage.get(name)) if isinstance(usage, dict) else 0 for name in fields))


def _count(value: Any) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _MOST_TOKENS else 0
