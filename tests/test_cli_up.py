"""`intent up` runs everything together, starts again what dies, and stops without leaving anything behind."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.running import intent
from tests.test_cli_dev import ROOT, processes_of

PATIENCE = 120
TOKEN = "t0ken-of-callers"


def free_ports(count: int) -> list[int]:
    probes = [socket.socket() for _ in range(count)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]
    finally:
        for probe in probes:
            probe.close()


def until(look: Callable[[], Any]) -> Any:
    """Return what `look` gives, once it is something."""
    deadline = time.monotonic() + PATIENCE
    while not (found := look()):
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.2)
    return found


def asked(url: str, method: str = "GET", **more: Any) -> httpx.Response | None:
    try:
        return httpx.request(method, url, headers={"Authorization": f"Bearer {TOKEN}"}, timeout=30, **more)
    except httpx.HTTPError:
        return None


def said(url: str, name: str, *values: str) -> Any:
    """Return the answer where its field has one of the values."""
    answer = asked(url)
    document = answer.json() if answer is not None and answer.status_code in {200, 503} else {}
    return document if document.get(name) in values else None


@contextmanager
def running(*arguments: str) -> Iterator["subprocess.Popen[bytes]"]:
    command = [sys.executable, "-m", "intent_assets.cli", *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL) as process:
        try:
            yield process
        finally:
            process.kill()


def pid_of(port: int) -> int:
    """Return the process of the door on this port."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if b"serve" in words and str(port).encode() in words:
            return int(folder.name)
    return 0


@pytest.mark.usefixtures("environment")
def test_a_reply_gets_its_run_what_dies_comes_back_and_nothing_stays_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTAKE_TOKEN", TOKEN)
    monkeypatch.chdir(ROOT)
    port, ui_port = free_ports(2)
    door = f"http://127.0.0.1:{port}"
    with running("up", "--port", str(port), "--ui-port", str(ui_port)) as process:
        until(lambda: said(f"{door}/readyz", "daemon", "running"))
        refused = intent("up", "--port", str(port), "--ui-port", str(ui_port))
        assert refused.error is not None
        assert f"port {port}" in refused.error

        before = pid_of(port)
        os.kill(before, signal.SIGKILL)
        posted = until(lambda: asked(f"{door}/reports", "POST", json={"target_domain": "vmock.example"}))
        assert posted.status_code == 202
        assert pid_of(port) not in {0, before}

        status = posted.json()["status_url"]
        until(lambda: said(status, "status", "running"))
        cancelled = asked(f"{status}/cancel", "POST")
        assert cancelled is not None
        assert cancelled.status_code == 202, cancelled.text
        ended = until(lambda: said(status, "status", "failed"))
        assert ended["cancelled"] is True
        assert ended["markdown"] is None

        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 0

    assert processes_of(os.environ["INTENT_HOME"]) == []


@pytest.mark.usefixtures("clean_environment")
def test_without_secrets_the_door_listens_on_loopback_whatever_is_asked_for() -> None:
    [port] = free_ports(1)
    command = [sys.executable, "-m", "intent_assets.cli", "serve", "--host", "0.0.0.0", "--port", str(port)]  # noqa: S104
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as process:
        until(lambda: asked(f"http://127.0.0.1:{port}/healthz"))
        process.send_signal(signal.SIGINT)
        said_so = process.communicate(timeout=PATIENCE)[1]

    assert process.returncode == 0
    assert "WARNING: INTAKE_TOKEN and SMARTLEAD_SECRET not set" in said_so
    assert f"http://127.0.0.1:{port}" in said_so
