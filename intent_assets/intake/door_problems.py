"""What the door answers where it does not do what it was asked: one JSON form, nothing of the person's in it."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

RETRY_SECONDS = 5
"""Pause in seconds that is asked for where a later try can help."""


class ErrorDetail(BaseModel):
    """What was wrong."""

    model_config = ConfigDict(frozen=True, json_schema_extra={"additionalProperties": False})

    code: str = Field(description="a word for programs", examples=["invalid_reply"])
    message: str = Field(description="a sentence for people", examples=["tier: has to be 1, 2 or 3, not 7"])


class ErrorAnswer(BaseModel):
    """The one form of every refusal and failure."""

    model_config = ConfigDict(frozen=True)

    error: ErrorDetail


class Problem(Exception):
    """Ends a request: answered with `status` and, in the one form, `code` and `message`."""

    def __init__(self, status: int, code: str, message: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.headers = dict(headers or {})

    def body(self) -> dict[str, Any]:
        """Return the answer's JSON."""
        return ErrorAnswer(error=ErrorDetail(code=self.code, message=self.message)).model_dump()

    def answer(self) -> JSONResponse:
        """Return the answer."""
        return JSONResponse(self.body(), status_code=self.status, headers=self.headers)


def unavailable(message: str, code: str = "unavailable") -> Problem:
    """Return the problem of something that another try can help with."""
    return Problem(503, code, message, {"Retry-After": str(RETRY_SECONDS)})


def not_found() -> Problem:
    """Return the problem of a reply that is not known."""
    return Problem(404, "not_found", "no reply has this id")


def of_status(status: int, headers: Mapping[str, str] | None = None) -> Problem:
    """Return the problem for a status that the framework gives by itself, such as 404 and 405."""
    messages = {
        404: "there is nothing at this path; see /docs",
        405: "this path does not take this method; see /docs",
    }
    phrase = HTTPStatus(status).phrase
    code = phrase.lower().replace(" ", "_").replace("-", "_")
    return Problem(status, code, messages.get(status, phrase), headers)
