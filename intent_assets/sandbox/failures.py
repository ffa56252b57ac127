"""The form in which each service tells of a failure, for faults that are given no body of their own."""

from collections.abc import Mapping
from typing import Any

MESSAGE = "sandbox: this failure was asked for"

_NOTION_CODES: Mapping[int, str] = {
    400: "validation_error",
    401: "unauthorized",
    403: "restricted_resource",
    404: "object_not_found",
    409: "conflict_error",
    429: "rate_limited",
    500: "internal_server_error",
    502: "bad_gateway",
    503: "service_unavailable",
    504: "gateway_timeout",
}
_CLAUDE_TYPES: Mapping[int, str] = {
    400: "invalid_request_error",
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    429: "rate_limit_error",
    504: "timeout_error",
    529: "overloaded_error",
}


def failure(service: str, status: int) -> Any:
    """Return the JSON body with which `service` tells of a failure of this HTTP status."""
    if service == "starbridge":
        return {"success": False, "error": {"message": MESSAGE}}
    if service == "claude":
        error = {"type": _CLAUDE_TYPES.get(status, "api_error"), "message": MESSAGE}
        return {"type": "error", "error": error, "request_id": "req_sandbox"}
    if service == "notion":
        code = _NOTION_CODES.get(status, "internal_server_error")
        return {"object": "error", "status": status, "code": code, "message": MESSAGE, "request_id": "sandbox"}
    if service == "supabase":
        return {"code": str(status), "message": MESSAGE, "details": None, "hint": None}
    return {"error": MESSAGE}


def html_page(status: int) -> str:
    """Return the page that a proxy in front of a service would show."""
    return (
        f"<!doctype html><html><head><title>{status}</title></head>"
        f"<body><h1>{status}</h1><p>{MESSAGE}</p></body></html>"
    )
