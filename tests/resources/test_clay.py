"""Clay: one notice over HTTP, tried again when that can help, and no secret in what is said of a failure."""

import json
import logging
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from pydantic import SecretStr

from intent_assets.errors import ClayError, MissingSettings
from intent_assets.notices import reply_accepted, run_failed
from intent_assets.resources.clay import Clay
from intent_assets.sandbox.faults import Fault
from intent_assets.sandbox.server import Sandbox
from intent_assets.settings import load_services, load_settings
from tests.outgoing import a_reply, outgoing_sandbox

NOTICE = reply_accepted(a_reply()).wire()
FAILURE = run_failed(
    root_run_id="run-0", run_id="run-0", domain="vmock.example", reply=None, failed_step=None, error="gone",
    run_url="http://127.0.0.1:3000/runs/run-0",
).wire()  # fmt: skip


@pytest.fixture
def outside(clean_environment: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    with outgoing_sandbox(monkeypatch) as running:
        yield running


def post(notice: dict[str, Any] = NOTICE, patience: float = 10) -> None:
    with Clay.of(load_settings(), load_services()) as clay:
        clay.post(notice, patience=patience)


def test_a_notice_arrives_with_its_headers(outside: Sandbox) -> None:
    post()
    assert outside.service("clay").notices == [NOTICE]
    assert outside.service("clay").refused == []


PASSING = [
    (Fault(service="clay", kind="status", status=503, times=2), "an error of the server"),
    (Fault(service="clay", kind="status", status=429, retry_after="0", times=2), "too many calls"),
    (Fault(service="clay", kind="status", status=429, retry_after="date+0", times=1), "too many calls, with a date"),
    (Fault(service="clay", kind="status", status=404, times=1), "a table that is being made"),
    (Fault(service="clay", kind="drop", times=2), "a connection that is dropped"),
    (Fault(service="clay", kind="html", status=502, times=1), "a page of a proxy"),
]


@pytest.mark.parametrize(("fault", "reason"), PASSING)
def test_what_passes_is_tried_again(outside: Sandbox, fault: Fault, reason: str) -> None:
    outside.faults.add(fault)
    post()
    assert outside.service("clay").notices == [NOTICE]


def test_a_try_whose_answer_is_lost_repeats_under_the_same_id(outside: Sandbox) -> None:
    outside.faults.add(Fault(service="clay", kind="drop_after", times=1))
    post()
    assert [notice["notice_id"] for notice in outside.service("clay").notices] == [NOTICE["notice_id"]] * 2


def test_a_short_answer_that_breaks_off_is_still_a_success(outside: Sandbox) -> None:
    outside.faults.add(Fault(service="clay", kind="cut", times=1))
    post()
    assert outside.service("clay").notices == [NOTICE]


LASTING = [
    (Fault(service="clay", kind="status", status=500), 500, "an error that stays"),
    (Fault(service="clay", kind="status", status=302), 302, "anything but 2xx"),
    (Fault(service="clay", kind="drop"), None, "no answer at all"),
]


@pytest.mark.parametrize(("fault", "status", "reason"), LASTING)
def test_what_lasts_is_an_error_after_bounded_tries(
    outside: Sandbox, fault: Fault, status: int | None, reason: str
) -> None:
    outside.faults.add(fault)
    with pytest.raises(ClayError) as failed:
        post()
    assert failed.value.status == status
    assert NOTICE["notice_id"] in str(failed.value)
    assert len(outside.calls) == load_settings().tries


def test_a_clay_that_hangs_takes_no_longer_than_the_patience(outside: Sandbox) -> None:
    outside.faults.add(Fault(service="clay", kind="hang", seconds=20))
    with pytest.raises(ClayError, match="no answer within"):
        post(patience=0.3)


def test_long_pauses_that_clay_asks_for_are_not_waited_beyond_the_patience(
    outside: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INTENT_RETRY_PAUSE_MAX", "60")
    outside.faults.add(Fault(service="clay", kind="status", status=429, retry_after="3600"))
    with pytest.raises(ClayError) as failed:
        post(patience=1)
    assert failed.value.retry_after == 3600
    assert len(outside.calls) == 1


def test_failure_notices_have_an_address_of_their_own_where_one_is_set(
    outside: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    post(FAILURE)
    monkeypatch.setenv("CLAY_FAILURE_WEBHOOK_URL", f"{outside.url('clay')}/failures")
    post(FAILURE)
    post(NOTICE)
    assert [call.path for call in outside.calls] == ["/hook", "/failures", "/hook"]
    assert outside.service("clay").refused == []


def test_errors_logs_and_repr_hold_no_part_of_the_secrets(
    clean_environment: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with _echo_server() as port:
        monkeypatch.setenv(
            "CLAY_WEBHOOK_URL", f"http://user:pw-77@127.0.0.1:{port}/hook-secret-0123456789?key=query-77"
        )
        monkeypatch.setenv("CLAY_WEBHOOK_AUTH", "auth-secret-77")
        monkeypatch.setenv("INTENT_TRIES", "1")
        with caplog.at_level(logging.DEBUG, logger="httpx"), pytest.raises(ClayError) as failed:
            post()
        monkeypatch.setenv("CLAY_WEBHOOK_URL", "http://[bad-secret-77")
        with pytest.raises(ClayError) as unusable:
            post()
    said = f"{failed.value!r} {failed.value} {unusable.value} {caplog.text} {load_services()!r}"
    assert "127.0.0.1" in said
    for secret in ("pw-77", "hook-secret", "query-77", "auth-secret", "bad-secret"):
        assert secret not in said


def test_without_an_address_the_variable_is_named(clean_environment: None) -> None:
    with pytest.raises(MissingSettings, match="CLAY_WEBHOOK_URL"):
        Clay.of(load_settings(), load_services())


def test_no_header_without_the_key(clean_environment: None) -> None:
    with _echo_server() as port, Clay(SecretStr(f"http://127.0.0.1:{port}/"), settings=load_settings()) as clay:
        with pytest.raises(ClayError):
            clay.post(NOTICE, patience=1)
        assert "x-clay-webhook-auth" not in _Echo.headers_seen
        assert _Echo.headers_seen["idempotency-key"] == NOTICE["notice_id"]
        assert json.loads(_Echo.body_seen) == NOTICE


class _Echo(BaseHTTPRequestHandler):
    """Remembers a request and refuses it."""

    headers_seen: dict[str, str] = {}  # noqa: RUF012 - the standard library makes the instances
    body_seen = b""

    def do_POST(self) -> None:
        _Echo.headers_seen = {name.lower(): value for name, value in self.headers.items()}
        _Echo.body_seen = self.rfile.read(int(self.headers["content-length"]))
        self.send_error(410)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


class _echo_server:  # noqa: N801 - a context manager that reads as a function
    def __enter__(self) -> int:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _Echo)
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()
        return self._server.server_port

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
