"""The OpenAPI document: what every path takes and every status that it can answer."""

from importlib.metadata import version
from typing import Any

from fastapi import FastAPI

from intent_assets.intake import door_schemas
from intent_assets.intake.door_forms import EVENT_EXAMPLE, EXAMPLE, LeftOut
from intent_assets.intake.door_problems import ErrorAnswer

TITLE = "Intent reports"
DESCRIPTION = (
    "Takes positive replies in and tells what became of them. A reply that was answered with 202 is on disk; the same "
    "reply again (same message id, or the same content) gets the same id and starts nothing. Every refusal has the one "
    'form `{"error": {"code", "message"}}`.'
)
VERSION = version("intent-assets")
BODY_LIMIT = "1,000,000 bytes"
Responses = dict[int | str, dict[str, Any]]

_RETRY_AFTER = {"Retry-After": {"description": "seconds to wait", "schema": {"type": "integer", "minimum": 1}}}
_REFUSALS: dict[int, dict[str, Any]] = {
    400: {"description": "The body is not JSON that can be read, or it is nested too deeply."},
    401: {
        "description": "The secret is missing or wrong.",
        "headers": {"WWW-Authenticate": {"description": "how to come in", "schema": {"type": "string"}}},
    },
    404: {"description": "No reply has this id."},
    408: {"description": "The body did not come in time."},
    409: {"description": "The report has ended already; the message says how, and where it is."},
    413: {"description": f"The body has more than {BODY_LIMIT}."},
    415: {"description": "The body is not declared as JSON in UTF-8."},
    421: {"description": "The door has no secrets yet, so it answers for this machine's own names only."},
    422: {"description": "The JSON can't be a reply; the message names the field."},
    429: {"description": "More requests than one client's share.", "headers": _RETRY_AFTER},
    503: {"description": "It can't be done right now; nothing was kept. Try again.", "headers": _RETRY_AFTER},
}
POST = (400, 401, 408, 413, 415, 421, 422, 429, 503)
LOOK = (401, 404, 421, 429, 503)
CANCEL = (401, 404, 409, 421, 429, 503)
OPEN = (421,)


def refusals(*statuses: int) -> Responses:
    """Return what a path's documentation says of the statuses that are refusals."""
    return {status: {"model": ErrorAnswer, **_REFUSALS[status]} for status in statuses}


def _body(schema: dict[str, Any], example: Any, description: str) -> dict[str, Any]:
    """Return what a path's documentation says of its body, which the door reads itself."""
    content = {"application/json": {"schema": schema, "example": example}}
    return {"requestBody": {"required": True, "description": description, "content": content}}


LEFT_OUT: Responses = {
    200: {"model": LeftOut, "description": "Understood, and no positive reply: left out on purpose."}
}
REPLY_BODY = _body(door_schemas.REPLY, EXAMPLE, "One reply.")
EVENT_BODY = _body(door_schemas.EVENT, EVENT_EXAMPLE, "One event.")
BATCH_BODY = _body(door_schemas.BATCH, [EXAMPLE], "A list of replies.")


def describe(app: FastAPI, *, with_token: bool, batch_items: int) -> None:
    """Let the app's OpenAPI document say what this door really does."""
    document = app.openapi()
    body = document["paths"]["/reports/batch"]["post"]["requestBody"]
    body["description"] = f"A list of at most {batch_items} replies, and {BODY_LIMIT}."
    for operation in (operation for path in document["paths"].values() for operation in path.values()):
        if not with_token:
            operation.pop("security", None)
        if "HTTPValidationError" in str(operation["responses"].get("422")):  # the framework's own: ids give 404 here
            del operation["responses"]["422"]
    for unused in ("HTTPValidationError", "ValidationError"):
        document["components"]["schemas"].pop(unused, None)
