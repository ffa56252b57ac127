"""Supabase: pages, allocations, start-up and every kind of failure, over real sockets."""

import asyncio
import json
import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from typing import Any

import dagster as dg
import pytest

from intent_assets.errors import IntentError, SupabaseError
from intent_assets.resources.supabase import Allocation, Supabase, SupabaseSignals
from intent_assets.sandbox import supabase as stand_in
from intent_assets.sandbox.faults import Fault
from intent_assets.sandbox.server import Sandbox
from intent_assets.settings import InvalidSettings, load_settings
from tests.resources.scripted import listening
from tests.running import intent

DOMAIN = "many.example"
EMAIL = "Ana_Diaz+x@many.example"


@pytest.fixture
def outside(clean_environment: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    with Sandbox(only=["supabase"]) as running:
        for name, value in running.variables().items():
            monkeypatch.setenv(name, value)
        running.service("supabase").tables["signals"] = rows_of(7)
        yield running


def rows_of(count: int, domain: str = DOMAIN) -> list[dict[str, Any]]:
    """Rows of the contract's table, the oldest first."""
    return [
        {"id": f"s-{n}", "domain": domain, "signal_type": "rfp", "summary": f"Bid {n}", "source": "minutes",
         "date": f"2026-01-{n + 1:02d}", "relevance_score": None}
        for n in range(count)
    ]  # fmt: skip


def signals(domain: str = DOMAIN) -> SupabaseSignals:
    async def ask() -> SupabaseSignals:
        async with Supabase().session() as client:
            assert client is not None
            return await client.signals(domain)

    return asyncio.run(ask())


def allocations(email: str = EMAIL, campaign_id: str | None = None) -> tuple[Allocation, ...]:
    async def ask() -> tuple[Allocation, ...]:
        async with Supabase().session() as client:
            assert client is not None
            return await client.allocations(email, campaign_id)

    return asyncio.run(ask())


def start() -> None:
    """Set the resource up as a run does."""

    @dg.op
    def work(supabase: Supabase) -> None:
        """Need the resource."""

    @dg.job
    def job() -> None:
        work()

    result = job.execute_in_process(resources={"supabase": Supabase()}, raise_on_error=True)
    assert result.success


def fails(act: Callable[[], object] = signals) -> SupabaseError:
    with pytest.raises(SupabaseError) as caught:
        act()
    return caught.value


def at_start() -> str:
    """Return what a run that fails at its start says, causes included."""
    with pytest.raises(dg.DagsterResourceFunctionError) as caught:
        start()
    return str(caught.value.__cause__)


# Which rows come


def test_the_latest_come_first_with_their_number(outside: Sandbox) -> None:
    found = signals()
    assert [row.id for row in found.rows] == [f"s-{n}" for n in reversed(range(7))]
    assert (found.total, found.pages, found.unreadable, found.incomplete) == (7, 1, (), None)


def test_another_domains_signals_stay_out(outside: Sandbox) -> None:
    assert signals("none.example") == SupabaseSignals((), 0, 1)


@pytest.mark.parametrize(("size", "cap", "pages"), [(3, 1000, 3), (7, 1000, 1), (1000, 2, 4), (1, 1, 7)])
def test_all_pages_are_read_however_short_the_server_holds_them(
    outside: Sandbox, monkeypatch: pytest.MonkeyPatch, size: int, cap: int, pages: int
) -> None:
    monkeypatch.setenv("INTENT_SUPABASE__PAGE_SIZE", str(size))
    monkeypatch.setattr(stand_in, "MAX_ROWS", cap)
    found = signals()
    assert [row.id for row in found.rows] == [f"s-{n}" for n in reversed(range(7))]
    assert (found.pages, found.total) == (pages, 7)


def test_no_more_rows_are_read_than_the_setting_says(outside: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTENT_SUPABASE__MOST_ROWS", "5")
    monkeypatch.setenv("INTENT_SUPABASE__PAGE_SIZE", "3")
    found = signals()
    assert [row.id for row in found.rows] == ["s-6", "s-5", "s-4", "s-3", "s-2"]
    assert found.total == 7


def test_undated_rows_come_last_and_equal_ones_in_order(outside: Sandbox) -> None:
    rows = rows_of(3)
    rows[0]["date"], rows[1]["date"] = None, rows[2]["date"]
    outside.service("supabase").tables["signals"] = rows
    assert [row.id for row in signals().rows] == ["s-1", "s-2", "s-0"]


def test_a_page_that_fails_for_good_keeps_what_came_before(outside: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTENT_SUPABASE__PAGE_SIZE", "3")
    outside.faults.add(Fault(service="supabase", kind="status", status=400, after=1))
    found = signals()
    assert len(found.rows) == 3
    assert "after 3 rows" in (found.incomplete or "")


def test_tables_and_columns_have_the_names_of_the_settings(outside: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    names = {"id": "key", "domain": "site", "date": "seen_on", "signal_type": "kind"}
    service = outside.service("supabase")
    service.tables["intent-hits"] = [{names.get(key, key): value for key, value in row.items()} for row in rows_of(2)]
    monkeypatch.setenv("INTENT_SUPABASE__SIGNALS_TABLE", "intent-hits")
    for field, column in names.items():
        monkeypatch.setenv(f"INTENT_SUPABASE__COLUMNS__{field.upper()}", column)
    start()
    assert [(row.id, row.signal_type) for row in signals().rows] == [("s-1", "rfp"), ("s-0", "rfp")]


# Totals that are not told: a server of our own


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


# What a prospect was sent


def an_allocation(signal_id: str, **changes: Any) -> dict[str, Any]:
    values = {
        "signal_id": signal_id, "prospect_email": EMAIL, "campaign_id": "camp_1", "sequence_position": 1, "sent": True
    }  # fmt: skip
    return values | changes


ALLOCATIONS = [
    an_allocation("s-3", sequence_position=3),
    an_allocation("s-1", prospect_email=EMAIL.upper()),
    an_allocation("s-1", prospect_email=EMAIL.lower()),
    an_allocation("s-2", sent=False),
    an_allocation("s-4", campaign_id="camp, \"2\" (b.c)", sequence_position=None),
    an_allocation("s-5", prospect_email=EMAIL.replace("_", "x")),
    an_allocation("s-6", prospect_email="ana@other.example"),
    an_allocation("s-7", sent="perhaps"),
]  # fmt: skip


def test_what_was_sent_is_found_in_any_case_in_the_order_of_places(outside: Sandbox) -> None:
    outside.service("supabase").tables["signal_allocations"] = ALLOCATIONS
    found = allocations(f" {EMAIL.title()} ")
    assert [(each.signal_id, each.sequence_position) for each in found] == [("s-1", 1), ("s-3", 3), ("s-4", None)]


def test_a_known_campaign_narrows_it(outside: Sandbox) -> None:
    outside.service("supabase").tables["signal_allocations"] = ALLOCATIONS
    assert [each.signal_id for each in allocations(campaign_id="camp_1")] == ["s-1", "s-3"]
    assert [each.signal_id for each in allocations(campaign_id='camp, "2" (b.c)')] == ["s-4"]


def test_a_server_that_only_compares_literally_is_asked_for_the_address_as_written(outside: Sandbox) -> None:
    outside.service("supabase").tables["signal_allocations"] = ALLOCATIONS
    refusal = {"code": "PGRST100", "message": "failed to parse filter (ilike)", "details": None, "hint": None}
    outside.faults.add(Fault(service="supabase", kind="status", status=400, body=refusal, times=1))
    assert [each.signal_id for each in allocations()] == ["s-3", "s-4"]


@pytest.mark.parametrize("email", ["a'b,c.d\"(e) f&g=h#%*@many.example", "ü@many.example", "back\\slash@many.example"])
def test_an_address_with_any_character_is_asked_for_as_it_is(outside: Sandbox, email: str) -> None:
    outside.service("supabase").tables["signal_allocations"] = [
        an_allocation("s-1", prospect_email=email), an_allocation("s-2")
    ]  # fmt: skip
    assert [each.signal_id for each in allocations(email)] == ["s-1"]


def test_no_wild_card_in_an_address_finds_anybody_else(outside: Sandbox) -> None:
    outside.service("supabase").tables["signal_allocations"] = ALLOCATIONS
    assert allocations("%") == allocations("*") == allocations("____@many.example") == ()


@pytest.mark.parametrize("email", ["", "  "])
def test_without_an_address_nothing_is_asked(outside: Sandbox, email: str) -> None:
    assert allocations(email) == ()
    assert outside.calls == []


def test_without_a_table_of_allocations_nothing_is_asked(outside: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTENT_SUPABASE__ALLOCATIONS_TABLE", "off")
    del outside.service("supabase").tables["signal_allocations"]
    start()
    outside.calls.clear()
    assert allocations() == ()
    assert outside.calls == []


# Start-up


@pytest.mark.usefixtures("clean_environment")
def test_without_the_variables_nothing_is_asked() -> None:
    async def ask() -> object:
        async with Supabase().session() as client:
            return client

    start()
    assert asyncio.run(ask()) is None


@pytest.mark.parametrize(("missing", "there"), [("SUPABASE_URL", "SUPABASE_KEY"), ("SUPABASE_KEY", "SUPABASE_URL")])
def test_one_variable_alone_names_the_other(
    outside: Sandbox, monkeypatch: pytest.MonkeyPatch, missing: str, there: str
) -> None:
    monkeypatch.delenv(missing)
    said = at_start()
    assert f"{there} is set and {missing} is not" in said
    assert stand_in.KEY not in said
    assert outside.calls == []


def test_a_start_looks_at_both_tables_once(outside: Sandbox) -> None:
    start()
    assert sorted(call.operation for call in outside.calls) == ["signal_allocations", "signals"]


@pytest.mark.parametrize(
    ("table", "setting"),
    [
        ("signals", "INTENT_SUPABASE__SIGNALS_TABLE"),
        ("signal_allocations", "INTENT_SUPABASE__ALLOCATIONS_TABLE"),
    ],
)
def test_a_table_that_is_not_there_stops_the_run_at_its_start(outside: Sandbox, table: str, setting: str) -> None:
    del outside.service("supabase").tables[table]
    said = at_start()
    assert f"there is no table {table}; set {setting} to" in said
    assert ("`off`" in said) is (table == "signal_allocations")


def test_every_column_that_is_not_there_is_named_with_its_setting(
    outside: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INTENT_SUPABASE__COLUMNS__SUMMARY", "abstract")
    monkeypatch.setenv("INTENT_SUPABASE__COLUMNS__DATE", "seen_on")
    said = at_start()
    assert "the table signals has no column" in said
    assert "abstract (INTENT_SUPABASE__COLUMNS__SUMMARY)" in said
    assert "seen_on (INTENT_SUPABASE__COLUMNS__DATE)" in said


def test_further_columns_need_not_be_there(outside: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTENT_SUPABASE__COLUMNS__BUYER_ID", "agency")
    start()
    assert len(signals().rows) == 7


@pytest.mark.parametrize(
    "body",
    [
        {"code": "PGRST204", "message": "Could not find the 'summary' column of 'signals' in the schema cache"},
        {"code": "42703", "message": 'column "summary" does not exist', "details": None, "hint": None},
        {"code": "42703", "message": 'column public."signals"."summary" does not exist'},
    ],
)
def test_every_form_of_a_missing_column_is_understood(outside: Sandbox, body: dict[str, Any]) -> None:
    outside.faults.add(Fault(service="supabase", operation="signals", kind="status", status=400, body=body, times=1))
    assert "no column summary (INTENT_SUPABASE__COLUMNS__SUMMARY)" in at_start()


def test_a_refused_key_stops_the_run_at_its_start(outside: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUPABASE_KEY", "wrong-key")
    said = at_start()
    assert "the key is refused; check SUPABASE_KEY" in said
    assert "wrong-key" not in said


@pytest.mark.parametrize("fault", [Fault(service="supabase", kind="drop"), Fault(service="supabase", kind="status")])
def test_a_fault_that_passes_stops_no_run(outside: Sandbox, fault: Fault) -> None:
    outside.faults.add(fault)
    start()


def test_a_service_that_hangs_holds_a_start_up_no_longer_than_one_call(
    outside: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INTENT_SUPABASE__TIMEOUT", "0.3")
    outside.faults.add(Fault(service="supabase", kind="hang", seconds=5))
    start()
    assert len(outside.calls) <= 4


def test_what_stays_is_told_although_the_other_table_has_a_fault_that_passes(outside: Sandbox) -> None:
    outside.faults.add(Fault(service="supabase", operation="signals", kind="status"))
    del outside.service("supabase").tables["signal_allocations"]
    assert "there is no table signal_allocations" in at_start()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SIGNALS_TABLE", "signals?select=*"),
        ("SIGNALS_TABLE", "../auth"),
        ("ALLOCATIONS_TABLE", "a b"),
        ("COLUMNS__DATE", "date,id"),
        ("COLUMNS__DATE", "date)"),
        ("COLUMNS__DOMAIN", "select"),
        ("COLUMNS__COLOUR", "red"),
        ("ALLOCATION_COLUMNS__PROSPECT_EMAIL", "or"),
        ("PAGE_SIZE", "0"),
    ],
)
@pytest.mark.usefixtures("clean_environment")
def test_a_name_that_could_change_the_question_is_refused(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"INTENT_SUPABASE__{name}", value)
    with pytest.raises(InvalidSettings, match=f"INTENT_SUPABASE__{name}"):
        load_settings()


# Failures


@pytest.mark.parametrize(
    "fault",
    [
        *[Fault(service="supabase", kind="status", status=status, times=2) for status in (408, 425, 429, 500, 503)],
        Fault(service="supabase", kind="status", status=429, retry_after="0", times=1),
        Fault(service="supabase", kind="drop", times=2),
        Fault(service="supabase", kind="cut", times=1),
        Fault(service="supabase", kind="html", times=1),
        Fault(service="supabase", kind="html", status=200, times=1),
        Fault(service="supabase", kind="empty", times=1),
    ],
)
def test_what_passes_is_tried_again(outside: Sandbox, fault: Fault) -> None:
    outside.faults.add(fault)
    assert len(signals().rows) == 7


@pytest.mark.parametrize(
    ("fault", "status", "retryable", "said"),
    [
        ({"kind": "status", "status": 503, "body": {"code": "PGRST002", "message": "no cache"}}, 503, True, "no cache"),
        ({"kind": "status", "status": 400, "body": {"code": "22P02", "message": "bad"}}, 400, False, "22P02 bad"),
        ({"kind": "status", "status": 400, "body": ["odd"]}, 400, False, "no reason given"),
        ({"kind": "status", "status": 401, "body": {"code": "PGRST301", "message": "JWT"}}, 401, False, "SUPABASE_KEY"),
        ({"kind": "status", "status": 403, "body": {"code": "42501"}}, 403, False, "may not read the table signals"),
        ({"kind": "html", "status": 404}, 404, False, "check SUPABASE_URL"),
        ({"kind": "html", "status": 301}, 301, False, "check SUPABASE_URL"),
        ({"kind": "status", "status": 404, "body": {"code": "42P01"}}, 404, False, "there is no table signals"),
        (
            {"kind": "status", "status": 400, "body": {"code": "42703", "message": "column signals.id does not exist"}},
            400,
            False,
            "the table signals has no column id",
        ),
        ({"kind": "status", "status": 400, "body": {"code": "42703"}}, 400, False, "no such column as was asked for"),
        ({"kind": "replace", "body": {"error": "x"}}, 200, False, "no list of rows"),
        ({"kind": "drop"}, None, True, "broke off"),
        ({"kind": "cut"}, 200, True, "broke off"),
        ({"kind": "hang", "seconds": 5}, None, True, "no answer within 0.3 s"),
    ],
)
def test_every_failure_is_one_typed_error(
    outside: Sandbox, monkeypatch: pytest.MonkeyPatch, fault: dict[str, Any], status: int | None, retryable: bool,
    said: str,
) -> None:  # fmt: skip
    if fault["kind"] == "hang":
        monkeypatch.setenv("INTENT_SUPABASE__TIMEOUT", "0.3")
        monkeypatch.setenv("INTENT_TRIES", "2")
    outside.faults.add(Fault(service="supabase", **fault))
    problem = fails()
    assert (problem.status, problem.retryable) == (status, retryable)
    assert said in str(problem)
    assert len(outside.calls) == (load_settings().tries if retryable else 1)


def test_no_connection_says_where_to_look(outside: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUPABASE_URL", "http://127.0.0.1:9")
    assert "check SUPABASE_URL" in str(fails())


def test_an_endless_answer_is_not_read_to_its_end(outside: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTENT_SUPABASE__LONGEST_ANSWER", "100")
    problem = fails()
    assert "longer than 100 bytes" in str(problem)
    assert not problem.retryable


@pytest.mark.parametrize("path", ["/", "/rest/v1", "/rest/v1/", "?a=b"])
def test_the_address_is_taken_as_people_copy_it(outside: Sandbox, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    monkeypatch.setenv("SUPABASE_URL", outside.url("supabase") + path)
    assert len(signals().rows) == 7


@pytest.mark.usefixtures("clean_environment")
def test_a_key_that_cannot_stand_in_a_header_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUPABASE_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("SUPABASE_KEY", "kéy")
    with pytest.raises(IntentError, match="SUPABASE_KEY") as caught:
        signals()
    assert "kéy" not in str(caught.value)


def test_neither_key_nor_address_of_a_person_shows(outside: Sandbox, caplog: pytest.LogCaptureFixture) -> None:
    body = {
        "code": "22P02",
        "message": f"invalid input for {stand_in.KEY}: {EMAIL} and {EMAIL.replace('_', chr(92) + '_')}",
    }
    outside.faults.add(Fault(service="supabase", kind="status", status=500, body=body))
    with caplog.at_level(logging.DEBUG, logger="httpx"), caplog.at_level(logging.WARNING):
        said = str(fails(allocations)) + caplog.text
    assert "22P02" in said
    assert stand_in.KEY not in said
    assert not re.search("ana|many.example", said, re.IGNORECASE)


# The doctor


@pytest.mark.usefixtures("environment")
def test_the_doctor_looks_at_the_tables(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    def found() -> dict[str, Any]:
        (check,) = [check for check in json.loads(intent("doctor", "--json").stdout) if check["what"] == "Supabase"]
        return dict(check)

    assert (found()["standing"], found()["said"]) == ("ok", "signals can be read, signal_allocations can be read")
    sandbox.service("supabase").tables["signals"].clear()
    assert "signals has no row that this key may read" in found()["said"]
    monkeypatch.setenv("INTENT_SUPABASE__COLUMNS__SOURCE", "origin")
    assert "origin (INTENT_SUPABASE__COLUMNS__SOURCE)" in found()["said"]
    monkeypatch.delenv("SUPABASE_KEY")
    assert "SUPABASE_URL is set and SUPABASE_KEY is not" in found()["said"]
    assert found()["standing"] == "failed"
    monkeypatch.delenv("SUPABASE_URL")
    assert found()["standing"] == "off"
