"""A stand-in for Anthropic's Messages API that answers from the request alone: its schema and its data block.

POST   /v1/messages   as the real one, structured answers included; no streaming, no tools
GET    /behaviour     the misbehaviour that is switched on, a JSON list
PUT    /behaviour     the same list replaces it; each entry {"kind", "prompt": null|name, "times": null|n}
"""

import hashlib
import json
import threading
from collections import deque
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from intent_assets.sandbox.claude_behaviour import Behaviour, Behaviours, misbehaved
from intent_assets.sandbox.claude_checks import Refused, check_headers, check_request
from intent_assets.sandbox.claude_request import Request, text_of
from intent_assets.sandbox.claude_writer import answer

CHARACTERS_PER_TOKEN = 4
LEAST_CACHED_TOKENS = 1024
KEPT_REQUESTS = 500


class ClaudeService:
    """The stand-in of Claude. `behave` switches misbehaviour on; the answers keep no other state.

    `requests` are the bodies of the last requests that were taken, to look at what a client sent.
    """

    name = "claude"

    def __init__(self, *, seed: int = 7, state_dir: Path | None = None) -> None:
        self._seed = seed
        self._behaviours = Behaviours()
        self._cached: set[str] = set()
        self.requests: deque[dict[str, Any]] = deque(maxlen=KEPT_REQUESTS)
        self._lock = threading.Lock()
        self.state_dir = state_dir

    def app(self) -> Starlette:
        """Return the ASGI app."""
        return Starlette(
            routes=[
                Route("/v1/messages", self._messages, methods=["POST"]),
                Route("/behaviour", self._behaviour, methods=["GET", "PUT"]),
            ],
            exception_handlers={404: _not_found, 405: _not_found},
        )

    def operation(self, method: str, path: str) -> str:  # noqa: ARG002 -- the protocol of a stand-in gives both
        """Return `messages`, `behaviour`, or `unknown`."""
        return {"/v1/messages": "messages", "/behaviour": "behaviour"}.get(path, "unknown")

    def refine(self, operation: str, body: bytes) -> str:
        """Return the title of the asked schema in snake case, such as `featured_section`; else `operation`."""
        if operation != "messages":
            return operation
        try:
            document = json.loads(body)
            check_request(document)
        except (ValueError, RecursionError, Refused):
            return operation
        return Request.of(document).prompt or operation

    def variables(self, base_url: str) -> dict[str, str]:
        """Return the variables that point a client here."""
        return {"ANTHROPIC_BASE_URL": base_url, "ANTHROPIC_API_KEY": "sk-ant-sandbox"}

    def behave(self, kind: str, prompt: str | None = None, times: int | None = None) -> None:
        """Misbehave from now on, for answers to `prompt` (None: all), `times` times (None: always).

        `kind`: `refuse`, `cut_off`, `invalid`; `judge:` and one of `silent`, `no`, `yes`, `garbage`, for the answers
        that judge a sentence; `lie:` and a way to be wrong (`claude_lies.LIES`), for those that write sentences, also
        again. Of lies, all that fit are told in one answer, once about each buyer; else the first that fits is played.
        Raises ValueError for another kind.
        """
        self._behaviours.add(Behaviour(kind, prompt, times))

    def behave_well(self) -> None:
        """Switch all misbehaviour off."""
        self._behaviours.replace([])

    async def _messages(self, request: HttpRequest) -> Response:
        try:
            check_headers(request.headers)
            body = _decoded(await request.body())
            check_request(body)
        except Refused as refused:
            return _error(refused.status, refused.kind, refused.message)
        asked = Request.of(body)
        self.requests.append(body)
        stop_reason, text = misbehaved(self._behaviours.take(asked.prompt), answer(asked), asked)
        longest = body["max_tokens"] * CHARACTERS_PER_TOKEN
        if text is not None and len(text) > longest:
            stop_reason, text = "max_tokens", text[:longest]
        return JSONResponse(
            self._message(body, stop_reason, text), headers={"request-id": _id("req", body, self._seed)}
        )

    def _message(self, body: dict[str, Any], stop_reason: str, text: str | None) -> dict[str, Any]:
        thinking = {"type": "thinking", "thinking": "", "signature": "sandbox"}
        return {
            "id": _id("msg_sandbox", body, self._seed),
            "type": "message",
            "role": "assistant",
            "model": body["model"],
            "content": [] if text is None else [thinking, {"type": "text", "text": text}],
            "stop_reason": stop_reason,
            "stop_sequence": None,
            "stop_details": {"type": "refusal", "category": None, "explanation": "The stand-in was told to refuse."}
            if stop_reason == "refusal"
            else None,
            "usage": self._usage(body, text or ""),
        }

    def _usage(self, body: dict[str, Any], text: str) -> dict[str, int]:
        prefix = json.dumps([body["model"], body.get("output_config"), body.get("system")])
        marked = [block for block in body.get("system") or [] if isinstance(block, dict) and "cache_control" in block]
        cacheable = _tokens(prefix) if marked and _tokens(prefix) >= LEAST_CACHED_TOKENS else 0
        with self._lock:
            known = prefix in self._cached
            self._cached.add(prefix)
        texts = [words for message in body["messages"] for words in text_of(message["content"])]
        return {
            "input_tokens": sum(map(_tokens, texts)) + (0 if cacheable else _tokens(prefix)),
            "output_tokens": _tokens(text) + 1,
            "cache_creation_input_tokens": 0 if known else cacheable,
            "cache_read_input_tokens": cacheable if known else 0,
        }

    async def _behaviour(self, request: HttpRequest) -> Response:
        if request.method == "PUT":
            try:
                self._behaviours.replace([Behaviour(**entry) for entry in json.loads(await request.body())])
            except (ValueError, TypeError) as problem:
                return _error(422, "invalid_request_error", f"behaviour: {problem}")
        return JSONResponse(self._behaviours.shown())


def _decoded(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise Refused("The request body is not valid JSON") from None


def _tokens(text: str) -> int:
    return -(-len(text) // CHARACTERS_PER_TOKEN)


def _id(prefix: str, body: Any, seed: int) -> str:
    digest = hashlib.sha256(f"{seed}{json.dumps(body, sort_keys=True)}".encode()).hexdigest()
    return f"{prefix}_{digest[:24]}"


def _error(status: int, kind: str, message: str) -> Response:
    content = {"type": "error", "error": {"type": kind, "message": message}, "request_id": "req_sandbox"}
    return JSONResponse(content, status_code=status)


async def _not_found(request: HttpRequest, problem: Exception) -> Response:  # noqa: ARG001 -- Starlette's form
    return _error(404, "not_found_error", f"{request.method} {request.url.path} does not exist")
