"""Supabase: which signals come, page by page, over real sockets."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from intent_assets.resources.supabase import SupabaseSignals
from intent_assets.sandbox import supabase as stand_in
from intent_assets.sandbox.faults import Fault
from intent_assets.sandbox.server import Sandbox
from tests.resources.scripted import listening
from tests.resources.supabase_client import rows_of, signals, start


def test_the_latest_come_first_with_their_number(supabase_sandbox: Sandbox) -> None:
    found = signals()
    assert [row.id for row in found.rows] == [f"s-{n}" for n in reversed(range(7))]
    assert (found.total, found.pages, found.unreadable, found.incomplete) == (7, 1, (), None)


def test_another_domains_signals_stay_out(supabase_sandbox: Sandbox) -> None:
    assert signals("none.example") == SupabaseSignals((), 0, 1)


@pytest.mark.parametrize(("size", "cap", "pages"), [(3, 1000, 3), (7, 1000, 1), (1000, 2, 4), (1, 1, 7)])
def test_all_pages_are_read_however_short_the_server_holds_them(
    supabase_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, size: int, cap: int, pages: int
) -> None:
    monkeypatch.setenv("INTENT_SUPABASE__PAGE_SIZE", str(size))
    monkeypatch.setattr(stand_in, "MAX_ROWS", cap)
    found = signals()
    assert [row.id for row in found.rows] == [f"s-{n}" for n in reversed(range(7))]
    assert (found.pages, found.total) == (pages, 7)


def test_no_more_rows_are_read_than_the_setting_says(
    supabase_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INTENT_SUPABASE__MOST_ROWS", "5")
    monkeypatch.setenv("INTENT_SUPABASE__PAGE_SIZE", "3")
    found = signals()
    assert [row.id for row in found.rows] == ["s-6", "s-5", "s-4", "s-3", "s-2"]
    assert found.total == 7


def test_undated_rows_come_last_and_equal_ones_in_order(supabase_sandbox: Sandbox) -> None:
    rows = rows_of(3)
    rows[0]["date"], rows[1]["date"] = None, rows[2]["date"]
    supabase_sandbox.service("supabase").tables["signals"] = rows
    assert [row.id for row in signals().rows] == ["s-1", "s-2", "s-0"]


def test_a_page_that_fails_for_good_keeps_what_came_before(
    supabase_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INTENT_SUPABASE__PAGE_SIZE", "3")
    supabase_sandbox.faults.add(Fault(service="supabase", kind="status", status=400, after=1))
    found = signals()
    assert len(found.rows) == 3
    assert "after 3 rows" in (found.incomplete or "")


def test_tables_and_columns_have_the_names_of_the_settings(
    supabase_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = {"id": "key", "domain": "site", "date": "seen_on", "signal_type": "kind"}
    service = supabase_sandbox.service("supabase")
    service.tables["intent-hits"] = [{names.get(key, key): value for key, value in row.items()} for row in rows_of(2)]
    monkeypatch.setenv("INTENT_SUPABASE__SIGNALS_TABLE", "intent-hits")
    for field, column in names.items():
        monkeypatch.setenv(f"INTENT_SUPABASE__COLUMNS__{field.upper()}", column)
    start()
    assert [(row.id, row.signal_type) for row in signals().rows] == [("s-1", "rfp"), ("s-0", "rfp")]


@contextmanager
def postgrest(answer: Callable[[int, int], tuple[int, Any, str | None]]) -> Iterator[tuple[str, list[str]]]:
    """Serve what `answer` gives for first and last row: status, rows, Content-Range. Gives the URL and the ranges."""
    seen: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append(self.headers["range"])
            first, last = map(int, self.headers["range"].split("-"))
            status, rows, content_range = answer(first, last)
            body = json.dumps(rows).encode()
            self.send_response(status)
            if content_range:
                self.send_header("content-range", content_range)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            """Say nothing."""

    with listening(Handler) as address:
        yield address, seen


@pytest.mark.parametrize(
    ("cap", "told", "ranges", "reason"),
    [
        (3, True, 3, "the last page is shorter than the others"),
        (7, True, 2, "a first page that is all there is, or all that a server gives: past it there is nothing"),
        (9, False, 2, "not even the range is told"),
        (3, False, 3, "not even the range is told, of several pages"),
    ],
)
@pytest.mark.usefixtures("clean_environment")
def test_without_a_total_pages_are_read_to_the_end(
    monkeypatch: pytest.MonkeyPatch, cap: int, told: bool, ranges: int, reason: str
) -> None:
    rows = rows_of(7)

    def answer(first: int, last: int) -> tuple[int, Any, str | None]:
        page = rows[first : min(last + 1, first + cap)]
        if first >= len(rows):
            return 416, {"code": "PGRST103", "message": "Requested range not satisfiable"}, "*/*"
        return 200, page, f"{first}-{first + len(page) - 1}/*" if told else None

    with postgrest(answer) as (url, seen):
        monkeypatch.setenv("SUPABASE_URL", url)
        monkeypatch.setenv("SUPABASE_KEY", "a-key")
        found = signals()
    assert (len(found.rows), found.total, found.incomplete) == (7, None, None), reason
    assert len(seen) == ranges, reason


@pytest.mark.parametrize("content_range", ["0-2/7", None, "nonsense"])
@pytest.mark.usefixtures("clean_environment")
def test_a_server_that_gives_the_same_rows_again_is_left(
    monkeypatch: pytest.MonkeyPatch, content_range: str | None
) -> None:
    with postgrest(lambda *_: (206, rows_of(3), content_range)) as (url, seen):
        monkeypatch.setenv("SUPABASE_URL", url)
        monkeypatch.setenv("SUPABASE_KEY", "a-key")
        found = signals()
    assert len(found.rows) == 3
    assert "other rows" in (found.incomplete or "")
    assert len(seen) == 2
