"""Supabase: variables, start-up and every kind of failure, over real sockets."""

import asyncio
import json
import logging
import re
from typing import Any

import pytest

from intent_assets.errors import IntentError
from intent_assets.resources.supabase import Supabase
from intent_assets.sandbox import supabase as stand_in
from intent_assets.sandbox.faults import Fault
from intent_assets.sandbox.server import Sandbox
from intent_assets.settings import InvalidSettings, load_settings
from tests.resources.supabase_client import EMAIL, allocations, at_start, fails, signals, start
from tests.running import intent


@pytest.mark.usefixtures("clean_environment")
def test_without_the_variables_nothing_is_asked() -> None:
    async def ask() -> object:
        async with Supabase().session() as client:
            return client

    start()
    assert asyncio.run(ask()) is None


@pytest.mark.parametrize(("missing", "there"), [("SUPABASE_URL", "SUPABASE_KEY"), ("SUPABASE_KEY", "SUPABASE_URL")])
def test_one_variable_alone_names_the_other(
    supabase_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, missing: str, there: str
) -> None:
    monkeypatch.delenv(missing)
    said = at_start()
    assert f"{there} is set and {missing} is not" in said
    assert stand_in.KEY not in said
    assert supabase_sandbox.calls == []


def test_a_start_looks_at_both_tables_once(supabase_sandbox: Sandbox) -> None:
    start()
    assert sorted(call.operation for call in supabase_sandbox.calls) == ["signal_allocations", "signals"]


@pytest.mark.parametrize(
    ("table", "setting"),
    [
        ("signals", "INTENT_SUPABASE__SIGNALS_TABLE"),
        ("signal_allocations", "INTENT_SUPABASE__ALLOCATIONS_TABLE"),
    ],
)
def test_a_table_that_is_not_there_stops_the_run_at_its_start(
    supabase_sandbox: Sandbox, table: str, setting: str
) -> None:
    del supabase_sandbox.service("supabase").tables[table]
    said = at_start()
    assert f"there is no table {table}; set {setting} to" in said
    assert ("`off`" in said) is (table == "signal_allocations")


def test_every_column_that_is_not_there_is_named_with_its_setting(
    supabase_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INTENT_SUPABASE__COLUMNS__SUMMARY", "abstract")
    monkeypatch.setenv("INTENT_SUPABASE__COLUMNS__DATE", "seen_on")
    said = at_start()
    assert "the table signals has no column" in said
    assert "abstract (INTENT_SUPABASE__COLUMNS__SUMMARY)" in said
    assert "seen_on (INTENT_SUPABASE__COLUMNS__DATE)" in said


def test_further_columns_need_not_be_there(supabase_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
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
def test_every_form_of_a_missing_column_is_understood(supabase_sandbox: Sandbox, body: dict[str, Any]) -> None:
    supabase_sandbox.faults.add(
        Fault(service="supabase", operation="signals", kind="status", status=400, body=body, times=1)
    )
    assert "no column summary (INTENT_SUPABASE__COLUMNS__SUMMARY)" in at_start()


def test_a_refused_key_stops_the_run_at_its_start(supabase_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUPABASE_KEY", "wrong-key")
    said = at_start()
    assert "the key is refused; check SUPABASE_KEY" in said
    assert "wrong-key" not in said


@pytest.mark.parametrize("fault", [Fault(service="supabase", kind="drop"), Fault(service="supabase", kind="status")])
def test_a_fault_that_passes_stops_no_run(supabase_sandbox: Sandbox, fault: Fault) -> None:
    supabase_sandbox.faults.add(fault)
    start()


def test_a_service_that_hangs_holds_a_start_up_no_longer_than_one_call(
    supabase_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INTENT_SUPABASE__TIMEOUT", "0.3")
    supabase_sandbox.faults.add(Fault(service="supabase", kind="hang", seconds=5))
    start()
    assert len(supabase_sandbox.calls) <= 4


def test_what_stays_is_told_although_the_other_table_has_a_fault_that_passes(supabase_sandbox: Sandbox) -> None:
    supabase_sandbox.faults.add(Fault(service="supabase", operation="signals", kind="status"))
    del supabase_sandbox.service("supabase").tables["signal_allocations"]
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
def test_what_passes_is_tried_again(supabase_sandbox: Sandbox, fault: Fault) -> None:
    supabase_sandbox.faults.add(fault)
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
    supabase_sandbox: Sandbox,
    monkeypatch: pytest.MonkeyPatch,
    fault: dict[str, Any],
    status: int | None,
    retryable: bool,
    said: str,
) -> None:
    if fault["kind"] == "hang":
        monkeypatch.setenv("INTENT_SUPABASE__TIMEOUT", "0.3")
        monkeypatch.setenv("INTENT_TRIES", "2")
    supabase_sandbox.faults.add(Fault(service="supabase", **fault))
    problem = fails()
    assert (problem.status, problem.retryable) == (status, retryable)
    assert said in str(problem)
    assert len(supabase_sandbox.calls) == (load_settings().tries if retryable else 1)


def test_no_connection_says_where_to_look(supabase_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUPABASE_URL", "http://127.0.0.1:9")
    assert "check SUPABASE_URL" in str(fails())


def test_an_endless_answer_is_not_read_to_its_end(supabase_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTENT_SUPABASE__LONGEST_ANSWER", "100")
    problem = fails()
    assert "longer than 100 bytes" in str(problem)
    assert not problem.retryable


@pytest.mark.parametrize("path", ["/", "/rest/v1", "/rest/v1/", "?a=b"])
def test_the_address_is_taken_as_people_copy_it(
    supabase_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.setenv("SUPABASE_URL", supabase_sandbox.url("supabase") + path)
    assert len(signals().rows) == 7


@pytest.mark.usefixtures("clean_environment")
def test_a_key_that_cannot_stand_in_a_header_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUPABASE_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("SUPABASE_KEY", "kéy")
    with pytest.raises(IntentError, match="SUPABASE_KEY") as caught:
        signals()
    assert "kéy" not in str(caught.value)


def test_neither_key_nor_address_of_a_person_shows(supabase_sandbox: Sandbox, caplog: pytest.LogCaptureFixture) -> None:
    body = {
        "code": "22P02",
        "message": f"invalid input for {stand_in.KEY}: {EMAIL} and {EMAIL.replace('_', chr(92) + '_')}",
    }
    supabase_sandbox.faults.add(Fault(service="supabase", kind="status", status=500, body=body))
    with caplog.at_level(logging.DEBUG, logger="httpx"), caplog.at_level(logging.WARNING):
        said = str(fails(allocations)) + caplog.text
    assert "22P02" in said
    assert stand_in.KEY not in said
    assert not re.search("ana|many.example", said, re.IGNORECASE)


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
