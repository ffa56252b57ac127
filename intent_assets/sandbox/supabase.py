"""Stand-in for Supabase: the part of PostgREST that reading signals takes (contracts: supabase).

`GET /rest/v1/{table}` with `select`, filters `column=eq.value`, `ilike.pattern`, `in.(...)` and `is.null`, `order`,
`limit`, `offset`, and the `Range` header. A page that holds less than all rows is answered with 206. At most 1,000 rows
go out at once.
"""

import hmac
import re
from collections.abc import Mapping
from operator import itemgetter
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from intent_assets.sandbox.supabase_rows import COLUMNS, Row, seeded_tables

KEY = "sandbox-supabase-key"
MAX_ROWS = 1000
_NO_FILTER = frozenset({"select", "order", "limit", "offset", "apikey"})


class _Refusal(Exception):
    def __init__(self, status: int, code: str, message: str, details: str | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.body = {"code": code, "details": details, "hint": None, "message": message}


class SupabaseService:
    """Tables to read. `tables` holds the rows, `columns` the names that each table has; both may be changed."""

    name = "supabase"

    def __init__(self, *, seed: int = 7, state_dir: Path | None = None) -> None:
        self.seed = seed
        self.tables: dict[str, list[Row]] = seeded_tables(seed)
        self.columns: dict[str, tuple[str, ...]] = dict(COLUMNS)
        self._state_dir = state_dir

    def app(self) -> Starlette:
        return Starlette(routes=[Route("/rest/v1/{table}", self._read, methods=["GET"])])

    def operation(self, method: str, path: str) -> str:
        match = re.fullmatch(r"/rest/v1/([\w-]+)", path)
        return match[1] if match and method == "GET" else "unknown"

    def variables(self, base_url: str) -> dict[str, str]:
        return {"SUPABASE_URL": base_url, "SUPABASE_KEY": KEY}

    async def _read(self, request: Request) -> Response:
        try:
            _check_key(request.headers)
            return self._answer(request)
        except _Refusal as refusal:
            return JSONResponse(refusal.body, refusal.status)

    def _answer(self, request: Request) -> Response:
        table = request.path_params["table"]
        if table not in self.tables:
            raise _Refusal(404, "PGRST205", f"Could not find the table 'public.{table}' in the schema cache")
        known = {name for row in self.tables[table] for name in row} | set(self.columns.get(table, ()))
        rows = [row for row in self.tables[table] if _passes(row, request.query_params, table, known)]
        _sort(rows, request.query_params.get("order", ""), table, known)
        first, limit = _window(request)
        if first and first >= len(rows):
            raise _Refusal(416, "PGRST103", "Requested range not satisfiable",
                           f"An offset of {first} was requested, but there are only {len(rows)} rows.")  # fmt: skip
        page = rows[first : first + min(limit, MAX_ROWS)]
        selected = _selected(request.query_params.get("select", "*"), table, known)
        body = [row if selected is None else {name: row.get(name) for name in selected} for row in page]
        shown = f"{first}-{first + len(page) - 1}" if page else "*"
        return JSONResponse(
            body, 206 if len(page) < len(rows) else 200, {"content-range": f"{shown}/{len(rows)}"}
        )  # fmt: skip


def _check_key(headers: Mapping[str, str]) -> None:
    apikey = headers.get("apikey")
    if apikey is None:
        raise _Refusal(401, "401", "No API key found in request", "No `apikey` request header was found.")
    if not hmac.compare_digest(apikey.encode(), KEY.encode()):
        raise _Refusal(401, "401", "Invalid API key")
    if not hmac.compare_digest(headers.get("authorization", "").encode(), f"Bearer {KEY}".encode()):
        raise _Refusal(401, "PGRST301", "Authorization has to be Bearer and the key")


def _column(name: str, table: str, known: set[str]) -> str:
    if name not in known:
        raise _Refusal(400, "42703", f"column {table}.{name} does not exist")
    return name


def _selected(text: str, table: str, known: set[str]) -> list[str] | None:
    if text.strip() in ("", "*"):
        return None
    return [_column(name.strip(), table, known) for name in text.split(",")]


def _passes(row: Row, params: QueryParams, table: str, known: set[str]) -> bool:
    return all(
        _fits(row.get(_column(name, table, known)), condition)
        for name, condition in params.multi_items()
        if name not in _NO_FILTER
    )


def _fits(value: Any, condition: str) -> bool:
    operator, _, operand = condition.partition(".")
    if operator == "eq":
        return value is not None and _text(value) == operand
    if operator == "in" and operand.startswith("(") and operand.endswith(")"):
        return value is not None and _text(value) in [part.strip().strip('"') for part in operand[1:-1].split(",")]
    if operator == "ilike":
        return (
            value is not None and re.fullmatch(_pattern(operand), _text(value), re.IGNORECASE | re.DOTALL) is not None
        )
    if condition == "is.null":
        return value is None
    raise _Refusal(
        400, "PGRST100", f'"failed to parse filter ({condition})"', "The sandbox knows eq, ilike, in and is.null."
    )


def _pattern(like: str) -> str:
    """Return a pattern of SQL as a regular expression: `%` (or `*`) is any text, `_` any character, `\\` escapes."""
    wild = {"%": ".*", "*": ".*", "_": "."}
    parts = re.findall(r"\\.|.", like, re.DOTALL)
    return "".join(wild.get(part, re.escape(part[-1])) for part in parts)


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _sort(rows: list[Row], order: str, table: str, known: set[str]) -> None:
    """Sort in place; as in PostgreSQL nulls come last ascending and first descending, unless told otherwise."""
    for term in reversed([term for term in order.split(",") if term]):
        name, *words = term.split(".")
        _column(name, table, known)
        if not set(words) <= {"asc", "desc", "nullsfirst", "nullslast"}:
            raise _Refusal(400, "PGRST100", f'"failed to parse order ({order})"')
        nulls_first = "nullsfirst" in words or ("desc" in words and "nullslast" not in words)
        empty = [row for row in rows if row.get(name) is None]
        filled = [row for row in rows if row.get(name) is not None]
        filled.sort(key=itemgetter(name), reverse="desc" in words)
        rows[:] = empty + filled if nulls_first else filled + empty


def _window(request: Request) -> tuple[int, int]:
    """Return the first row and the most rows that are asked for, by parameters or by the Range header."""
    first = _number(request.query_params.get("offset", "0"), "offset")
    limit = _number(request.query_params.get("limit", str(MAX_ROWS)), "limit")
    header = request.headers.get("range")
    if header is None:
        return first, limit
    match = re.fullmatch(r"(?:items=)?(\d+)-(\d*)", header.strip())
    if match is None:
        return first, limit
    start, end = int(match[1]), int(match[2]) if match[2] else None
    if end is not None and end < start:
        raise _Refusal(416, "PGRST103", "Requested range not satisfiable", "The lower boundary is above the upper one.")
    span = limit if end is None else min(limit, end - start + 1)
    return first + start, span


def _number(text: str, name: str) -> int:
    if not text.isdecimal():
        raise _Refusal(400, "PGRST100", f'"failed to parse {name} ({text})"')
    return int(text)
