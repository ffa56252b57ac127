"""The stand-in for Supabase: filters, order, pages and errors of PostgREST."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from intent_assets.sandbox.server import Sandbox
from tests.sandbox import plain_http

ROWS = [
    {"id": 1, "domain": "a.example", "date": "2026-03-01", "relevance_score": 0.5, "sent": True},
    {"id": 2, "domain": "a.example", "date": None, "relevance_score": 0.9, "sent": False},
    {"id": 3, "domain": "a.example", "date": "2026-05-01", "relevance_score": None, "sent": None},
    {"id": 4, "domain": "b.example", "date": "2026-04-01", "relevance_score": 0.5, "sent": True},
]


@pytest.fixture(scope="module")
def running() -> Iterator[Sandbox]:
    with Sandbox(only=["supabase"]) as sandbox:
        sandbox.service("supabase").tables["rows"] = ROWS
        sandbox.service("supabase").tables["many"] = [{"id": number} for number in range(2345)]
        sandbox.service("supabase").tables["signals_empty"] = []
        yield sandbox


def read(sandbox: Sandbox, path: str, **headers: str) -> httpx.Response:
    variables = sandbox.variables()
    key = variables["SUPABASE_KEY"]
    known = {"apikey": key, "authorization": f"Bearer {key}"}
    return plain_http.get(f"{variables['SUPABASE_URL']}/rest/v1/{path}", headers={**known, **headers})


@pytest.mark.parametrize(
    ("query", "ids", "reason"),
    [
        ("", [1, 2, 3, 4], "everything"),
        ("domain=eq.a.example", [1, 2, 3], "a value with a dot in it"),
        ("domain=eq.a.example&relevance_score=eq.0.5", [1], "two filters"),
        ("sent=eq.true", [1, 4], "a truth value"),
        ("domain=ilike.A.EXAMPLE", [1, 2, 3], "in any case"),
        ("domain=ilike._.ex*", [1, 2, 3, 4], "wild cards"),
        (r"domain=ilike.\_.example", [], "and the same characters without their meaning"),
        ("id=in.(1,4)", [1, 4], "one of several"),
        ("date=is.null", [2], "no value"),
        ("domain=eq.c.example", [], "nothing fits"),
        ("order=date.desc", [2, 3, 4, 1], "nulls come first descending"),
        ("order=date.desc.nullslast", [3, 4, 1, 2], "unless told otherwise"),
        ("order=date", [1, 4, 3, 2], "ascending, nulls last"),
        ("order=relevance_score.asc,id.desc", [4, 1, 2, 3], "a second column"),
    ],
)
def test_rows(running: Sandbox, query: str, ids: list[int], reason: str) -> None:
    answer = read(running, f"rows?{query}")
    assert answer.status_code == 200, reason
    assert [row["id"] for row in answer.json()] == ids, reason


@pytest.mark.parametrize(
    ("query", "header", "status", "content_range", "length", "reason"),
    [
        ("many", "0-999", 206, "0-999/2345", 1000, "the first page"),
        ("many", "2000-2999", 206, "2000-2344/2345", 345, "the last one is short"),
        ("many", "items=10-19", 206, "10-19/2345", 10, "with the unit before it"),
        ("many", None, 206, "0-999/2345", 1000, "no more than 1,000 at once"),
        ("many?limit=5&offset=10", None, 206, "10-14/2345", 5, "by parameters"),
        ("many", "2345-3000", 416, None, None, "behind the last row"),
        ("rows", "0-999", 200, "0-3/4", 4, "all there is"),
        ("rows?limit=0", None, 206, "*/4", 0, "only to see that it is there"),
        ("rows?domain=eq.c.example", "0-9", 200, "*/0", 0, "nothing fits"),
    ],
)
def test_pages(
    running: Sandbox, query: str, header: str | None, status: int, content_range: str | None, length: int | None,
    reason: str,
) -> None:  # fmt: skip
    answer = read(running, query, **({"range": header} if header else {}))
    assert answer.status_code == status, reason
    assert answer.headers.get("content-range") == content_range, reason
    if length is None:
        assert answer.json()["code"] == "PGRST103"
    else:
        assert len(answer.json()) == length, reason


@pytest.mark.parametrize(
    ("path", "status", "code", "named", "reason"),
    [
        ("nothing", 404, "PGRST205", "public.nothing", "no such table"),
        ("signals?colour=eq.red", 400, "42703", "signals.colour", "no such column in a filter"),
        ("signals?order=colour.desc", 400, "42703", "signals.colour", "no such column in the order"),
        ("signals?select=id,colour", 400, "42703", "signals.colour", "no such column in what is selected"),
        ("rows?id=between.1", 400, "PGRST100", "between", "an operator that is not known"),
        ("rows?order=id.up", 400, "PGRST100", "id.up", "an order that is not known"),
        ("rows?limit=all", 400, "PGRST100", "all", "no number"),
    ],
)
def test_errors_have_the_form_of_postgrest(
    running: Sandbox, path: str, status: int, code: str, named: str, reason: str
) -> None:
    answer = read(running, path)
    body = answer.json()
    assert answer.status_code == status, reason
    assert set(body) == {"code", "message", "details", "hint"}
    assert body["code"] == code
    assert named in body["message"]


@pytest.mark.parametrize("headers", [{"apikey": "wrong"}, {"authorization": "Bearer wrong"}, {"authorization": ""}])
def test_both_headers_are_checked(running: Sandbox, headers: dict[str, Any]) -> None:
    answer = read(running, "signals", **headers)
    assert answer.status_code == 401
    assert set(answer.json()) == {"code", "message", "details", "hint"}


def test_a_key_is_needed(running: Sandbox) -> None:
    assert plain_http.get(f"{running.url('supabase')}/rest/v1/signals").status_code == 401


def test_selected_columns_only(running: Sandbox) -> None:
    assert read(running, "rows?select=id,date&limit=1").json() == [{"id": 1, "date": "2026-03-01"}]


def test_seeded_tables_fit_the_contract_and_repeat(running: Sandbox) -> None:
    signals = read(running, "signals?domain=eq.vmock.example&order=date.desc").json()
    assert signals
    columns = ["id", "domain", "signal_type", "summary", "source", "date", "relevance_score"]
    assert all(list(row) == columns for row in signals)
    ids = {row["id"] for row in read(running, "signals").json()}
    allocations = read(running, "signal_allocations").json()
    assert allocations
    assert {row["signal_id"] for row in allocations} <= ids
    with Sandbox(only=["supabase"]) as again:
        assert read(again, "signals?domain=eq.vmock.example&order=date.desc").json() == signals


def test_an_empty_table_still_knows_its_columns(running: Sandbox) -> None:
    service = running.service("supabase")
    service.columns["signals_empty"] = ("id", "domain")
    assert read(running, "signals_empty?select=id&domain=eq.a.example").json() == []
    assert read(running, "signals_empty?select=colour").json()["code"] == "42703"
