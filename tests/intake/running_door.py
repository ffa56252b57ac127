"""The door as it is served, on a free port, in a thread of the test's process."""

import asyncio
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from intent_assets.intake.door import create_door
from intent_assets.intake.door_server import listen, server
from intent_assets.intake.inbox import Inbox
from intent_assets.settings import load_services, load_settings
from tests.conftest import clean

TOKEN = "t0ken-of-callers"
SECRET = "s3cret-of-smartlead"
SECRETS = {"INTAKE_TOKEN": TOKEN, "SMARTLEAD_SECRET": SECRET}


@dataclass
class RunningDoor:
    """Where the door is, and what it has stored."""

    port: int
    client: httpx.Client = field(repr=False)
    connections: list[socket.socket] = field(default_factory=list, repr=False)

    @property
    def home(self) -> Path:
        return load_settings().home

    @property
    def inbox(self) -> Inbox:
        return Inbox(load_settings().inbox)

    def post(self, path: str, document: Any, **headers: str) -> httpx.Response:
        """Post a document as JSON, with the token."""
        return self.client.post(path, json=document, headers=headers)

    def send(self, content: bytes, path: str = "/reports", kind: str = "application/json") -> httpx.Response:
        """Post bytes, with the token."""
        return self.client.post(path, content=content, headers={"Content-Type": kind})

    def connect(self) -> socket.socket:
        """Open a connection that says nothing yet; it is closed with the door."""
        opened = socket.create_connection(("127.0.0.1", self.port), timeout=20)
        self.connections.append(opened)
        return opened

    def files(self) -> dict[str, bytes]:
        """Return everything that stands under the home, Dagster's own state apart."""
        found = (path for path in self.home.rglob("*") if path.is_file() and "dagster" not in path.parts)
        return {str(path.relative_to(self.home)): path.read_bytes() for path in found}

    def refused(self) -> list[dict[str, Any]]:
        """Return the log of what was refused."""
        logs = sorted((self.home / "inbox" / "refused").glob("*.jsonl"))
        return [json.loads(line) for log in logs for line in log.read_text("utf-8").splitlines()]


@contextmanager
def running_door(folder: Path, **variables: str) -> Iterator[RunningDoor]:
    """Serve the door with these variables and no others, its state in `folder/home`, which may be there."""
    with pytest.MonkeyPatch.context() as patch:
        clean(patch, folder)
        for name, value in variables.items():
            patch.setenv(name, value)
        settings, services = load_settings(), load_services()
        serving = server(create_door(settings, services), settings.door)
        listening = listen("127.0.0.1", 0)
        thread = threading.Thread(target=lambda: asyncio.run(serving.serve([listening])), name="door")
        thread.start()
        port = listening.getsockname()[1]
        headers = {"Authorization": f"Bearer {variables['INTAKE_TOKEN']}"} if "INTAKE_TOKEN" in variables else {}
        connections: list[socket.socket] = []
        try:
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", headers=headers, timeout=30) as client:
                assert client.get("/healthz").json() == {"status": "ok"}
                yield RunningDoor(port, client, connections)
        finally:
            for opened in connections:
                opened.close()
            serving.should_exit = True
            thread.join(30)
            listening.close()
            assert not thread.is_alive()
