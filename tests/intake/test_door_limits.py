"""What the door does against slow clients, floods, strangers' names and a disk that fails: it stays open for others."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.intake.running_door import SECRETS, TOKEN, RunningDoor, running_door

POST = b"POST /reports HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nAuthorization: Bearer "
HEAD = POST + TOKEN.encode() + b"\r\n"
LIMITS = {
    "INTENT_DOOR__HEADER_SECONDS": "0.5",
    "INTENT_DOOR__BODY_SECONDS": "0.5",
    "INTENT_DOOR__KEEP_ALIVE_SECONDS": "1",
    "INTENT_DOOR__CONNECTIONS": "8",
}


@pytest.fixture
def door(tmp_path: Path) -> Iterator[RunningDoor]:
    with running_door(tmp_path, **SECRETS, **LIMITS) as running:
        yield running


def post(door: RunningDoor, number: int = 1) -> httpx.Response:
    return door.post("/reports", {"target_domain": f"d{number}.example"})


def read(connection: socket.socket) -> bytes:
    """Read until the door closes the connection."""
    received = b""
    try:
        while chunk := connection.recv(65_536):
            received += chunk
    except ConnectionError:
        pass
    return received


def test_slow_clients_are_sent_away(door: RunningDoor) -> None:
    silent, half_a_header, half_a_body = (door.connect() for _ in range(3))
    half_a_header.sendall(HEAD[:60])
    half_a_body.sendall(HEAD + b"Content-Length: 100\r\n\r\n{")

    assert read(silent) == b""
    assert read(half_a_header) == b""
    answer = read(half_a_body)
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b'"code":"request_timeout"' in answer
    assert door.inbox.counts()["pending"] == 0


def test_too_much_is_refused_before_it_is_there(door: RunningDoor) -> None:
    declared, streamed = door.connect(), door.connect()
    declared.sendall(HEAD + b"Content-Length: 50000000\r\n\r\n{")
    streamed.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
    for _ in range(20):
        streamed.sendall(b"10000\r\n" + b" " * 65_536 + b"\r\n")

    for connection in (declared, streamed):
        assert connection.recv(65_536).startswith(b"HTTP/1.1 413 ")


def test_what_is_no_http_has_an_answer_of_the_same_form(door: RunningDoor) -> None:
    connection = door.connect()
    connection.sendall(b"nonsense\r\n\r\n")
    answer = read(connection)

    assert answer.startswith(b"HTTP/1.1 400 ")
    assert set(json.loads(answer.partition(b"\r\n\r\n")[2])) == {"error"}


def test_clients_that_hold_their_connections_keep_nobody_out(tmp_path: Path) -> None:
    patient = LIMITS | {"INTENT_DOOR__HEADER_SECONDS": "60", "INTENT_DOOR__BODY_SECONDS": "60"}
    with running_door(tmp_path, **SECRETS, **patient) as door:
        held = [door.connect() for _ in range(40)]
        for connection in held[::2]:
            connection.sendall(HEAD + b"Content-Length: 100\r\n\r\n{")

        answers = [httpx.post(f"http://127.0.0.1:{door.port}/reports", json={}) for _ in range(5)]

        assert [answer.status_code for answer in answers] == [401] * 5
        assert post(door).status_code == 202


def test_a_client_has_its_share_and_a_guesser_a_small_one(tmp_path: Path) -> None:
    shares = {"INTENT_DOOR__REQUESTS_A_MINUTE": "10", "INTENT_DOOR__REFUSALS_A_MINUTE": "3"}
    with running_door(tmp_path, **SECRETS, **shares) as door:
        guesses = [door.post("/reports", {}, Authorization=f"Bearer {number}") for number in range(5)]
        posts = [post(door, number) for number in range(12)]
        looks = door.client.get("/reports/r_unknown")

    assert [answer.status_code for answer in guesses] == [401, 401, 401, 429, 429]
    assert [answer.status_code for answer in posts] == [202] * 10 + [429] * 2
    assert looks.status_code == 404
    assert 1 <= int(posts[-1].headers["retry-after"]) <= 120


def test_a_disk_that_fails_loses_nothing_that_was_accepted(door: RunningDoor) -> None:
    first = post(door, 1).json()["reply_id"]
    pending = door.home / "inbox" / "pending"
    pending.rename(pending.with_name("elsewhere"))
    pending.write_text("no folder")

    failed = [post(door, 2), door.post("/reports/batch", [{"target_domain": "d3.example"}]), door.client.get("/readyz")]
    left_out = door.client.get("/healthz")
    pending.unlink()
    pending.with_name("elsewhere").rename(pending)
    again = post(door, 2)

    assert [answer.status_code for answer in failed] == [503, 503, 503]
    assert all(int(answer.headers["retry-after"]) >= 1 for answer in failed)
    assert left_out.status_code == 200
    assert again.status_code == 202
    assert {entry.reply.reply_id for entry in door.inbox.pending(10)} == {first, again.json()["reply_id"]}


def test_it_is_ready_where_it_can_store(door: RunningDoor) -> None:
    assert door.client.get("/readyz").json() == {"status": "ready", "daemon": "not running"}


def test_a_flood_of_refusals_does_not_fill_the_disk(door: RunningDoor) -> None:
    for _ in range(30):
        door.post("/reports/batch", [{"tier": 9}] * 1000)

    [log] = (door.home / "inbox" / "refused").glob("*.jsonl")
    assert log.stat().st_size < 2_500_000
    assert post(door).status_code == 202


def test_without_secrets_it_answers_to_this_machines_names_only(tmp_path: Path) -> None:
    posts = (("/reports", {"target_domain": "d.example"}), ("/webhooks/smartlead", {"sl_lead_email": "a@b.example"}))
    with running_door(tmp_path) as door:
        for host, status in (("localhost", 202), ("127.0.0.1:8080", 202), ("[::1]", 202), ("evil.example", 421)):
            assert [door.post(path, body, Host=host).status_code for path, body in posts] == [status, status], host
