"""Limits over processes: real clients in processes of their own, against a server that counts."""

import asyncio
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from intent_assets.errors import SharedLimitError
from intent_assets.resources.starbridge import Starbridge
from intent_assets.resources.starbridge_queries import BuyerQuery
from intent_assets.resources.starbridge_transport import Transport, open_transport
from intent_assets.sandbox.server import Sandbox
from intent_assets.settings import load_services, load_settings
from tests.resources.calling import callers
from tests.resources.scripted import Answer, Json, enveloped, scripted
from tests.resources.test_timeouts import in_session

# Dagster asks a resource that has no fields for pydantic's old `__fields__`.
pytestmark = pytest.mark.filterwarnings("ignore:The `__fields__` attribute is deprecated")

FOUND = Answer(enveloped({"totalItems": 0, "buyers": []}))


@dataclass
class Counting:
    """Answers after `seconds`, whether somebody still waits or not.

    `begun` has an entry for each call: who made it, and how many were in flight then, itself included.
    """

    seconds: float = 0.05
    begun: list[tuple[str, int]] = field(default_factory=list)
    in_flight: int = 0
    _changed: threading.Condition = field(default_factory=threading.Condition)

    def __call__(self, _method: str, _path: str, asked: Json) -> Answer:
        with self._changed:
            self.in_flight += 1
            self.begun.append((asked["query"], self.in_flight))
            self._changed.notify_all()
        time.sleep(self.seconds)
        with self._changed:
            self.in_flight -= 1
        return FOUND

    def wait_for(self, calls: int) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.begun) >= calls, timeout=60)

    def most(self, name: str | None = None) -> int:
        """The most calls in flight when one of `name` (None: of anybody) began."""
        return max(in_flight for caller, in_flight in self.begun if name in (None, caller))

    def count(self, name: str) -> int:
        return sum(caller == name for caller, _ in self.begun)


@contextmanager
def counting(monkeypatch: pytest.MonkeyPatch, limit: int, seconds: float = 0.05) -> Iterator[Counting]:
    server = Counting(seconds)
    with scripted(server) as (url, _):
        monkeypatch.setenv("STARBRIDGE_URL", url)
        monkeypatch.setenv("DATAGEN_API_KEY", "k-planted-1234567890")
        monkeypatch.setenv("INTENT_STARBRIDGE_CALLS_AT_ONCE", str(limit))
        yield server


def limit_files(folder: Path) -> list[Path]:
    return [path for path in folder.glob("intent-*/*/*") if path.is_file()]


def test_processes_share_one_limit_and_no_one_who_is_killed_raises_it(
    clean_environment: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    calls = {"a": 25, "b": 25, "killed": 25, "killed too": 25}
    with counting(monkeypatch, 4) as server, callers("starbridge", calls) as processes:
        for number, (name, process) in enumerate(processes.items()):
            # each in a home of its own: the service counts the key's calls, not a home's
            monkeypatch.setenv("INTENT_HOME", str(tmp_path / f"home {number}"))
            process.start()
            server.wait_for(6 * (number + 1))
            if name.startswith("killed"):
                process.kill()
        assert processes["a"].has_made_all()
        assert processes["b"].has_made_all()
    assert server.most() == 4
    assert (server.count("a"), server.count("b")) == (25, 25)
    assert not [path for path in limit_files(tmp_path) if path.name.startswith("wait-")]


def test_a_run_with_many_calls_does_not_keep_one_with_a_single_call_waiting(
    clean_environment: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    with counting(monkeypatch, 2) as server, callers("starbridge", {"greedy": 60, "modest": 1}) as processes:
        processes["greedy"].start()
        server.wait_for(4)
        processes["modest"].start()
        assert all(process.has_made_all() for process in processes.values())
    place = [name for name, _ in server.begun].index("modest")
    assert place < 30, "first come, first served would have put it last of 61"


def test_a_lower_limit_counts_the_calls_of_those_with_a_higher_one(
    clean_environment: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    ending = threading.Semaphore(0)
    begun: list[str] = []

    def answer(_method: str, _path: str, asked: Json) -> Answer:
        begun.append(asked["query"])
        ending.acquire(timeout=20)
        return FOUND

    async def both() -> None:
        async with AsyncExitStack() as stack:
            sessions = []
            for limit in ("3", "1"):
                monkeypatch.setenv("INTENT_STARBRIDGE_CALLS_AT_ONCE", limit)
                sessions.append(await stack.enter_async_context(open_transport(load_settings(), load_services())))
            calls = [asyncio.create_task(ask(sessions[0], "high")) for _ in range(3)]
            await asyncio.to_thread(wait_until, lambda: len(begun) == 3)
            calls.append(asyncio.create_task(ask(sessions[1], "low")))
            for _ in range(2):
                ending.release()
            await asyncio.sleep(0.3)
            assert begun == ["high"] * 3, "one is in flight still"
            ending.release()
            await asyncio.to_thread(wait_until, lambda: len(begun) == 4)
            ending.release()
            await asyncio.gather(*calls)

    with scripted(answer) as (url, _):
        monkeypatch.setenv("STARBRIDGE_URL", url)
        monkeypatch.setenv("DATAGEN_API_KEY", "k-planted-1234567890")
        asyncio.run(both())
    assert begun == ["high"] * 3 + ["low"]


def wait_until(done: Callable[[], bool]) -> None:
    last = time.monotonic() + 20
    while not done():
        assert time.monotonic() < last
        time.sleep(0.01)


async def ask(session: Transport, name: str) -> None:
    await session.call("buyer_search", {"query": name})


def wipe(folder: Path) -> None:
    for own in folder.glob("intent-*"):
        shutil.rmtree(own)


def spoil(folder: Path) -> None:
    for path in limit_files(folder):
        path.write_bytes(b"\xff" * 7)


def tell_of_times_to_come(folder: Path) -> None:
    for path in limit_files(folder):
        path.write_bytes((2**62).to_bytes(8, "little"))


@pytest.mark.parametrize("harm", [wipe, spoil, tell_of_times_to_come])
def test_calls_go_on_when_the_shared_files_are_harmed(
    clean_environment: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, harm: Callable[[Path], None]
) -> None:
    async def harmed(server: Counting) -> None:
        settings, services = load_settings(), load_services()
        async with open_transport(settings, services) as one, open_transport(settings, services) as other:
            calls = [asyncio.create_task(ask(each, "x")) for each in (one, other) for _ in range(15)]
            await asyncio.to_thread(server.wait_for, 8)
            harm(tmp_path)
            await asyncio.gather(*calls)

    with counting(monkeypatch, 2) as server:
        asyncio.run(harmed(server))
    assert len(server.begun) == 30


def search() -> None:
    in_session(Starbridge(), lambda client: client.buyer_search(BuyerQuery(query="x")))


def a_file(folder: Path) -> None:
    folder.touch()


def open_to_others(folder: Path) -> None:
    folder.mkdir()
    folder.chmod(0o777)


def a_link(folder: Path) -> None:
    (folder.parent / "elsewhere").mkdir(mode=0o700)
    folder.symlink_to(folder.parent / "elsewhere")


@pytest.mark.parametrize(
    ("put", "said"),
    [
        (a_file, "file"),
        (open_to_others, "chmod 700"),
        (a_link, "link"),
    ],
)
def test_a_folder_that_somebody_else_put_there_is_refused(
    clean_environment: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, put: Callable[[Path], None], said: str
) -> None:
    put(tmp_path / f"intent-{os.geteuid()}")
    with counting(monkeypatch, 2) as server, pytest.raises(SharedLimitError, match=said) as refused:
        search()
    assert "INTENT_LIMITS_FOLDER" in str(refused.value)
    assert server.begun == []
    assert list((tmp_path / "elsewhere").glob("*")) == []


def test_the_folder_of_another_user_is_refused(
    clean_environment: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    ours = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: ours + 1)  # only root could give a folder away
    (tmp_path / f"intent-{ours + 1}").mkdir(mode=0o700)
    with counting(monkeypatch, 2) as server, pytest.raises(SharedLimitError, match=f"belongs to the user {ours}"):
        search()
    assert server.begun == []


def test_a_folder_that_cannot_be_written_is_told(
    clean_environment: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("INTENT_LIMITS_FOLDER", "/proc/self")
    with counting(monkeypatch, 2), pytest.raises(SharedLimitError, match="INTENT_LIMITS_FOLDER"):
        search()


def test_the_key_is_in_no_name_and_no_file(
    clean_environment: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with counting(monkeypatch, 2):
        search()
    files = limit_files(tmp_path)
    assert files
    for path in (*files, *(path.parent for path in files)):
        assert "k-planted" not in str(path)
        assert path.stat().st_mode & 0o077 == 0


def test_notion_is_asked_three_times_a_second_by_all_processes_together(
    sandbox: Sandbox, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("INTENT_NOTION_CALLS_PER_SECOND")
    with callers("notion", {"a": 3, "b": 2}) as processes:
        for process in processes.values():
            process.start()
        assert all(process.has_made_all() for process in processes.values())
    asked = sorted(call.started for call in sandbox.calls)
    assert len(asked) == 10, "a check is two calls"
    # the tenth can't begin before three more seconds have begun; less is asked for, since a busy server looks late
    assert asked[-1] - asked[0] > 2
