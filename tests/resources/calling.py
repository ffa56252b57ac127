"""A process of its own that makes calls through a real client: `python -m tests.resources.calling SERVICE NAME CALLS`.

It says `ready`, waits for a line, makes all calls at once and says `done`. Address, key and limits are those of the
environment.
"""

import asyncio
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from subprocess import PIPE, Popen

from intent_assets.resources.starbridge_transport import open_transport
from intent_assets.settings import load_services, load_settings


async def starbridge(name: str, calls: int) -> None:
    async with open_transport(load_settings(), load_services()) as transport:
        await asyncio.gather(*(transport.call("buyer_search", {"query": name}) for _ in range(calls)))


async def notion(_name: str, calls: int) -> None:
    from intent_assets.resources.notion import Notion  # takes a second to load

    async with Notion().session() as client:
        await asyncio.gather(*(client.check() for _ in range(calls)))


class Caller:
    """A process that makes calls when it is told to."""

    def __init__(self, process: "Popen[str]") -> None:
        self._process = process

    def wait_until_ready(self) -> None:
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == "ready\n"

    def start(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def has_made_all(self) -> bool:
        """Wait for the end, and say whether every call was answered."""
        out, _ = self._process.communicate(timeout=120)
        return out == "done\n"


@contextmanager
def callers(service: str, calls: dict[str, int], **variables: str) -> Iterator[dict[str, Caller]]:
    """Start a process for each name in `calls`, all of them ready; whatever is left of them is killed at the end."""
    processes = {
        name: Popen(
            [sys.executable, "-m", __name__, service, name, str(number)],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), **variables},
            stdin=PIPE, stdout=PIPE, text=True,
        )
        for name, number in calls.items()
    }  # fmt: skip
    try:
        ready = {name: Caller(process) for name, process in processes.items()}
        for caller in ready.values():
            caller.wait_until_ready()
        yield ready
    finally:
        for process in processes.values():
            process.kill()
            process.communicate()


if __name__ == "__main__":
    print("ready", flush=True)  # noqa: T201 -- what the test waits for
    sys.stdin.readline()
    asyncio.run({"starbridge": starbridge, "notion": notion}[sys.argv[1]](sys.argv[2], int(sys.argv[3])))
    print("done", flush=True)  # noqa: T201
