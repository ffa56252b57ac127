"""The sandbox starts, answers, is recognised and steered, and stops without leaving anything behind."""

import asyncio
import gc
import random
import socket
import threading
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from intent_assets.sandbox.core import PORT_OFFSETS, SERVICES, PortTaken, SandboxError
from intent_assets.sandbox.faults import Fault
from intent_assets.sandbox.latency import Latency
from intent_assets.sandbox.server import Sandbox
from intent_assets.settings import REQUIRED, load_services
from tests.sandbox import plain_http

ONLY = ["clay", "supabase"]


def free_base() -> int:
    """Return a port from which on a whole sandbox finds its ports free, below those that the system hands out."""
    for base in random.Random().sample(range(20_000, 30_000, 10), 50):
        try:
            for port in range(base, base + len(PORT_OFFSETS)):
                with socket.socket() as probe:
                    probe.bind(("127.0.0.1", port))
        except OSError:
            continue
        return base
    raise AssertionError("no free ports between 20000 and 30000")


def test_every_service_says_that_it_is_a_sandbox() -> None:
    with Sandbox(only=ONLY, seed=11) as sandbox:
        for name in ONLY:
            answer = plain_http.get(f"{sandbox.url(name)}/__sandbox__")
            assert answer.json() == {"service": name, "sandbox": True, "seed": 11}
            assert answer.headers["x-sandbox"] == "true"


@pytest.mark.parametrize(
    ("path", "status", "reason"),
    [
        ("/notices", 200, "an answer of the stand-in"),
        ("/nothing-here", 404, "an error of its framework"),
        ("/hook", 405, "a method that is not served"),
        ("/__sandbox__/faults", 200, "an answer of the gate"),
    ],
)
def test_every_answer_is_marked(path: str, status: int, reason: str) -> None:
    with Sandbox(only=["clay"]) as sandbox:
        answer = plain_http.get(sandbox.url("clay") + path)
    assert (answer.status_code, answer.headers["x-sandbox"]) == (status, "true"), reason


def test_it_listens_on_loopback_only_and_closes_its_ports() -> None:
    sandbox = Sandbox(only=ONLY)
    sandbox.start()
    port = httpx.URL(sandbox.url("clay")).port
    assert port is not None
    sandbox.stop()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=2)
    sandbox.stop()


def test_it_leaves_no_threads_and_no_sockets() -> None:
    before = set(threading.enumerate())
    with Sandbox(only=ONLY) as sandbox, httpx.Client() as client:
        for _ in range(3):
            assert client.get(f"{sandbox.url('clay')}/notices").status_code == 200
        sandbox.stop()
    gc.collect()
    assert set(threading.enumerate()) == before


def test_it_can_be_started_again_and_keeps_its_ports_and_notes() -> None:
    sandbox = Sandbox(only=["clay"])
    with sandbox:
        first = sandbox.url("clay")
        plain_http.get(f"{first}/notices")
    with sandbox:
        assert sandbox.url("clay") == first
        assert plain_http.get(f"{first}/notices").status_code == 200
    assert [call.operation for call in sandbox.calls] == ["notices", "notices"]


def test_fixed_ports_stand_above_the_base() -> None:
    base = free_base()
    with Sandbox(only=ONLY, port_base=base) as sandbox:
        assert {name: httpx.URL(sandbox.url(name)).port for name in ONLY} == {
            name: base + PORT_OFFSETS[name] for name in ONLY
        }


def test_a_taken_port_is_named_and_the_others_are_given_back() -> None:
    base = free_base()
    taken = base + PORT_OFFSETS["supabase"]
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", taken))
        holder.listen()
        with pytest.raises(PortTaken, match=rf"supabase.*{taken}.*taken.*--port-base") as problem:
            Sandbox(only=ONLY, port_base=base).start()
        assert (problem.value.service, problem.value.port) == ("supabase", taken)
    with Sandbox(only=ONLY, port_base=base) as sandbox:
        assert plain_http.get(sandbox.url("clay")).status_code == 200


@pytest.mark.parametrize(
    ("only", "message"),
    [(["slack"], "no stand-in is called slack"), ([], "no stand-in was asked for")],
)
def test_unknown_services_are_refused(only: list[str], message: str) -> None:
    with pytest.raises(SandboxError, match=message):
        Sandbox(only=only)


def test_misuse_says_what_to_do() -> None:
    sandbox = Sandbox(only=["clay"])
    with pytest.raises(SandboxError, match="call start"):
        sandbox.url("clay")
    with sandbox:
        with pytest.raises(SandboxError, match="runs no 'notion', only clay"):
            sandbox.url("notion")
        with pytest.raises(SandboxError, match="running already"):
            sandbox.start()


def test_variables_point_at_the_running_services() -> None:
    with Sandbox(only=ONLY) as sandbox:
        variables = sandbox.variables()
        assert variables["CLAY_WEBHOOK_URL"] == sandbox.url("clay") + "/hook"
        assert variables["SUPABASE_URL"] == sandbox.url("supabase")


def test_calls_tell_what_was_asked_when_and_with_which_end() -> None:
    with Sandbox(only=ONLY) as sandbox:
        sandbox.faults.add(Fault(service="clay", operation="notices", kind="drop", after=1))
        plain_http.get(f"{sandbox.url('clay')}/notices")
        with pytest.raises(httpx.RemoteProtocolError):
            plain_http.get(f"{sandbox.url('clay')}/notices")
        plain_http.get(f"{sandbox.url('supabase')}/rest/v1/signals")
        seen = plain_http.get(f"{sandbox.url('clay')}/__sandbox__/calls").json()
        assert [(call["service"], call["operation"], call["status"], call["fault"]) for call in seen] == [
            ("clay", "notices", 200, None),
            ("clay", "notices", None, "drop"),
            ("supabase", "signals", 401, None),
        ]
        assert [call.path for call in sandbox.calls] == ["/notices", "/notices", "/rest/v1/signals"]
        assert all(call.ended is not None and call.ended >= call.started for call in sandbox.calls)
        assert plain_http.delete(f"{sandbox.url('clay')}/__sandbox__/calls").json() == []
        assert sandbox.calls == []


def test_latency_holds_the_answer_back_and_not_the_gate() -> None:
    with Sandbox(only=["clay"], latency=Latency("measured", factor=1.0)) as sandbox:
        started = time.monotonic()
        plain_http.get(f"{sandbox.url('clay')}/__sandbox__")
        assert time.monotonic() - started < 0.2
        plain_http.get(f"{sandbox.url('clay')}/notices")
    (call,) = sandbox.calls
    assert call.ended is not None
    assert 0.24 <= call.ended - call.started < 0.6


@pytest.mark.parametrize("how", ["hang", "latency"])
def test_it_stops_at_once_while_a_request_waits(how: str) -> None:
    latency = Latency("measured", factor=1000) if how == "latency" else None
    faults = [Fault(service="clay", kind="hang", seconds=600)] if how == "hang" else []
    sandbox = Sandbox(only=["clay"], latency=latency, faults=faults)
    sandbox.start()
    ends: list[type[Exception]] = []

    def ask() -> None:
        try:
            plain_http.get(f"{sandbox.url('clay')}/notices", timeout=30)
        except httpx.TransportError as problem:
            ends.append(type(problem))

    asking = threading.Thread(target=ask)
    asking.start()
    while not sandbox.calls:
        time.sleep(0.01)
    started = time.monotonic()
    sandbox.stop()
    asking.join()
    assert time.monotonic() - started < 3
    assert ends == [httpx.RemoteProtocolError]


def test_state_stands_in_a_folder_of_each_service(tmp_path: Path) -> None:
    with Sandbox(only=ONLY, state_dir=tmp_path / "state"):
        assert {folder.name for folder in (tmp_path / "state").iterdir()} == set(ONLY)


def test_all_stand_ins_run_side_by_side_and_serve_a_production_environment(
    sandbox: Sandbox, environment: dict[str, str]
) -> None:
    assert sandbox.names == SERVICES
    services = load_services().require(*REQUIRED, "SMARTLEAD_API_KEY", "SUPABASE_KEY")
    assert str(services.starbridge_url).rstrip("/") == sandbox.url("starbridge")
    for name in SERVICES:
        assert plain_http.get(f"{sandbox.url(name)}/__sandbox__").json()["service"] == name


@pytest.mark.parametrize(
    ("service", "expected", "reason"),
    [
        ("starbridge", {"success": False}, "the envelope of a failed tool"),
        ("claude", {"type": "error"}, "Anthropic's error object"),
        ("notion", {"object": "error", "status": 429, "code": "rate_limited"}, "Notion's error object"),
        ("supabase", {"code": "429"}, "PostgREST's error object"),
    ],
)
def test_failures_asked_for_have_the_form_of_their_service(service: str, expected: dict[str, Any], reason: str) -> None:
    with Sandbox(only=[service], faults=[Fault(service="*", kind="status", status=429)]) as sandbox:
        answer = plain_http.post(sandbox.url(service) + "/v1/anything", json={})
    assert answer.status_code == 429
    assert expected.items() <= answer.json().items(), reason


def test_a_slow_answer_holds_its_place_among_the_requests_at_a_time() -> None:
    async def statuses(sandbox: Sandbox) -> list[int]:
        url = f"{sandbox.url('starbridge')}/apps/74345947-2f94-4eed-97a3-d10b2b2e3ad9"
        headers = {"x-api-key": sandbox.variables()["DATAGEN_API_KEY"]}
        async with httpx.AsyncClient(headers=headers) as client:
            asked = [client.post(url, json={"input_vars": {"buyer_id": "none"}}) for _ in range(14)]
            return [answer.status_code for answer in await asyncio.gather(*asked)]

    with Sandbox(only=["starbridge"], latency=Latency("measured", factor=0.1)) as sandbox:
        assert asyncio.run(statuses(sandbox)).count(429) == 4
