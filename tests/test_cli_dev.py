"""`intent dev` starts the UI, and stops with all that it started."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

ROOT = Path(__file__).parents[1]
SECONDS_TO_START = 120
SECONDS_TO_STOP = 60


def processes_of(home: str) -> list[str]:
    """Return the commands of the processes that work with this `INTENT_HOME`."""
    mark = f"INTENT_HOME={home}\0".encode()
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if mark in (folder / "environ").read_bytes() and folder.name != str(os.getpid()):
                found.append((folder / "cmdline").read_text().replace("\0", " "))
        except OSError:
            continue
    return [command for command in found if command]


@pytest.mark.usefixtures("environment")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_nothing_of_it_stays_behind(number: signal.Signals) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "intent_assets.cli", "dev", "--port", str(port)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.DEVNULL) as process:
        try:
            until = time.monotonic() + SECONDS_TO_START
            while not answers(port):
                assert process.poll() is None
                assert time.monotonic() < until
                time.sleep(0.2)
            process.send_signal(number)
            assert process.wait(SECONDS_TO_STOP) == 0
        finally:
            process.kill()

    assert processes_of(os.environ["INTENT_HOME"]) == []


def answers(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/server_info", timeout=2).is_success
    except httpx.HTTPError:
        return False
