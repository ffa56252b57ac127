"""Publishing while Notion fails: nothing twice, nothing half, errors that say what happened."""

from collections.abc import Iterator
from typing import Any

import pytest

from intent_assets.errors import NotionError
from intent_assets.rendering.notion import ADDENDUM_HEADING
from intent_assets.reports import Items
from intent_assets.resources.notion_calls import bare_id
from intent_assets.sandbox.faults import Fault
from intent_assets.sandbox.server import Sandbox
from tests.rendering.reports import full_report, passed, report, text
from tests.resources.notion_server import (
    as_new,
    fault,
    meant,
    operations,
    other_page,
    pages,
    publish,
    run,
    service,
    shown,
)

pytestmark = pytest.mark.filterwarnings("ignore:The `__fields__` attribute is deprecated")
"""Dagster reads a field of pydantic that newer versions call by another name."""


@pytest.fixture(scope="module")
def running() -> Iterator[Sandbox]:
    with Sandbox(only=["notion"]) as sandbox:
        yield sandbox


@pytest.fixture
def server(running: Sandbox, clean_environment: None, monkeypatch: pytest.MonkeyPatch) -> Sandbox:
    return as_new(running, monkeypatch)


@pytest.mark.parametrize("lag", [0.0, 3600.0], ids=["search sees it", "search does not see it yet"])
@pytest.mark.parametrize("kind", ["drop_after", "cut"])
def test_a_creation_without_an_answer_leaves_one_page(server: Sandbox, kind: str, lag: float) -> None:
    service(server).search_lag = lag
    server.faults.add(fault("create_page", kind, times=1))
    page = publish()
    assert len(pages(server)) == 1
    assert page.created
    assert shown(page.page_id) == meant()


def test_a_creation_whose_answer_says_nothing_is_looked_for(server: Sandbox) -> None:
    server.faults.add(fault("create_page", "empty", times=1))
    server.faults.add(fault("create_page", "replace", body={"object": "page"}, times=1))
    publish()
    assert len(pages(server)) == 1


@pytest.mark.parametrize("kind", ["drop", "status"])
def test_a_creation_that_did_not_happen_is_done_again(server: Sandbox, kind: str) -> None:
    server.faults.add(fault("create_page", kind, times=2))
    publish()
    assert len(pages(server)) == 1
    assert operations(server, "create_page") == 3
    assert operations(server, "search") == 3


def test_a_run_that_died_after_the_creation_goes_on_with_that_page(server: Sandbox) -> None:
    service(server).search_lag = 3600.0
    page_id = other_page(server)
    page = publish()
    assert bare_id(page.page_id) == page_id
    assert page.created, "no finished report stood on it"
    assert shown(page.page_id) == meant()


@pytest.mark.parametrize("kind", ["drop_after", "cut", "drop"])
def test_an_append_without_an_answer_doubles_nothing(server: Sandbox, kind: str) -> None:
    made = passed(report([Items(items=tuple(text(f"Item {number}") for number in range(230)))]))
    server.faults.add(fault("append_children", kind, times=1))
    page = publish(made)
    assert shown(page.page_id) == meant(made)
    first = publish(passed(full_report()), page.page_id)
    server.faults.add(fault("append_children", kind, times=1))
    assert shown(publish(made, first.page_id).page_id) == meant(made)


@pytest.mark.parametrize(
    ("made", "reason"),
    [
        ({"status": 429, "retry_after": "1"}, "asked for a pause in seconds, capped by the settings"),
        ({"status": 429}, "without a pause"),
        ({"status": 429, "retry_after": "date+1"}, "asked for a pause with a date"),
        ({"status": 500}, "a fault inside"),
        ({"status": 502, "kind": "html"}, "a gateway's page"),
        ({"status": 503, "retry_after": "1"}, "unavailable"),
        ({"status": 504}, "a gateway's time-out"),
        ({"status": 529, "retry_after": "1"}, "overloaded"),
        ({"status": 409}, "a conflict"),
        ({"kind": "drop"}, "a dropped connection"),
        ({"kind": "empty"}, "no body"),
    ],
)
def test_passing_faults_everywhere(server: Sandbox, made: dict[str, Any], reason: str) -> None:
    first = publish()
    given = {"kind": "status"} | made
    names = ("retrieve_page", "list_children", "update_page", "markdown", "append_children", "search", "create_page")
    server.faults.add(*(fault(name, times=1, **given) for name in names))
    newer = passed(full_report(extra=" More.", title="New title"))
    assert shown(publish(newer, first.page_id).page_id) == meant(newer), reason
    other = passed(full_report(domain="other.example"))
    assert shown(publish(other).page_id) == meant(other), reason
    assert len(pages(server)) == 2
    server.faults.clear()


def test_a_rate_limit_is_survived(server: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTENT_RETRY_PAUSE_MAX", "1.1")
    monkeypatch.setenv("INTENT_TRIES", "20")
    service(server).per_second = 2
    page = publish()
    service(server).per_second = None
    assert shown(page.page_id) == meant()
    assert any(call.status == 429 for call in server.calls)


def test_a_hanging_answer_ends_in_time(server: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTENT_NOTION_TIMEOUT", "0.3")
    server.faults.add(fault("create_page", "hang", seconds=5, times=1))
    publish()
    assert len(pages(server)) == 1


@pytest.mark.parametrize(
    ("given", "status", "retryable", "reason"),
    [
        (fault("*", "status", status=401), 401, False, "a wrong token"),
        (fault("*", "status", status=403), 403, False, "not shared"),
        (fault("*", "status", status=503), 503, True, "it stays away"),
        (fault("*", "drop"), None, True, "nobody there"),
        (fault("create_page", "status", status=400), 400, False, "refused"),
    ],
)
def test_what_does_not_pass_is_a_typed_error(
    server: Sandbox, given: Fault, status: int | None, retryable: bool, reason: str
) -> None:
    server.faults.add(given)
    with pytest.raises(NotionError) as raised:
        publish()
    assert (raised.value.status, raised.value.retryable) == (status, retryable), reason
    assert server.variables()["NOTION_TOKEN"] not in str(raised.value)
    assert pages(server) == []


def test_the_token_is_kept_out_of_errors(server: Sandbox) -> None:
    token = server.variables()["NOTION_TOKEN"]
    body = {"object": "error", "status": 400, "code": "validation_error", "message": f"bad header Bearer {token}"}
    server.faults.add(fault("search", "status", status=400, body=body))
    with pytest.raises(NotionError, match=r"Bearer \*\*\*") as raised:
        publish()
    assert token not in str(raised.value)


def test_a_write_that_breaks_off_is_healed_by_the_next(server: Sandbox) -> None:
    made = passed(report([Items(items=tuple(text(f"Item {number}") for number in range(330)))]))
    first = publish()
    server.faults.add(fault("append_children", "status", status=400, after=2))
    with pytest.raises(NotionError):
        publish(made, first.page_id)
    server.faults.clear()
    page = publish(made, first.page_id)
    assert page.page_id == first.page_id
    assert shown(page.page_id) == meant(made)


def test_a_page_that_never_says_it_is_an_error(server: Sandbox) -> None:
    first = publish()
    append = {"object": "list", "results": []}
    server.faults.add(fault("append_children", "replace", body=append))
    with pytest.raises(NotionError, match="the page ends before line 1"):
        publish(passed(full_report(extra=" More.")), first.page_id)


@pytest.mark.parametrize("kind", ["drop_after", "drop", "cut"])
def test_an_addendum_without_an_answer_stands_once(server: Sandbox, kind: str) -> None:
    page = publish()
    server.faults.add(fault("append_children", kind, times=1))
    run(lambda client: client.append_addendum(page.page_id, ["They plan a pilot."]))
    assert shown(page.page_id)[len(meant()) :].count(f"heading_2: {ADDENDUM_HEADING}") == 1
