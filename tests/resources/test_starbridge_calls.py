"""Tries and pauses, the limit of calls in flight, and the polling of the chat."""

import asyncio
import logging
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise

import pytest

from intent_assets.errors import StarbridgeError, StarbridgeIdentityError
from intent_assets.resources.starbridge import ChatAnswer, Starbridge
from intent_assets.resources.starbridge_queries import BuyerQuery
from intent_assets.sandbox.faults import Fault
from intent_assets.sandbox.server import Sandbox
from tests.resources.scripted import Answer, Json, Seen, enveloped, scripted

# Dagster asks a resource that has no fields for pydantic's old `__fields__`.
pytestmark = pytest.mark.filterwarnings("ignore:The `__fields__` attribute is deprecated")

KEY = "k-planted-1234567890"
EMPTY = Answer(enveloped({"totalItems": 0, "buyers": []}))


async def search(times: int = 1) -> None:
    async with Starbridge().session() as client:
        await asyncio.gather(*(client.buyer_search(BuyerQuery(query="x")) for _ in range(times)))


def chat() -> ChatAnswer:
    async def asked() -> ChatAnswer:
        async with Starbridge().session() as client:
            return await client.buyer_chat("b1", "Why now?")

    return asyncio.run(asked())


@contextmanager
def serving(monkeypatch: pytest.MonkeyPatch, answer: Callable[[str, str, Json], Answer]) -> Iterator[Seen]:
    with scripted(answer) as (url, seen):
        monkeypatch.setenv("STARBRIDGE_URL", url)
        monkeypatch.setenv("DATAGEN_API_KEY", KEY)
        yield seen


NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "longest", "at_least", "at_most"),
    [
        pytest.param(lambda: "0.4", "5", 0.4, 3, id="seconds are waited"),
        pytest.param(
            lambda: format_datetime(datetime.now(UTC) + timedelta(seconds=2), usegmt=True),
            "5",
            0.9,
            4,
            id="a date, too",
        ),
        pytest.param(lambda: "3000", "0.3", 0.3, 3, id="but never longer than the setting"),
    ],
)
def test_the_pause_that_was_asked_for_is_made(
    clean_environment: None, monkeypatch: pytest.MonkeyPatch,
    header: Callable[[], str], longest: str, at_least: float, at_most: float,
) -> None:  # fmt: skip
    monkeypatch.setenv("INTENT_RETRY_PAUSE_MAX", longest)
    times: list[float] = []

    def answer(*_: object) -> Answer:
        times.append(time.monotonic())
        return Answer(b"", 429, {"retry-after": header()}) if len(times) == 1 else EMPTY

    with serving(monkeypatch, answer):
        asyncio.run(search())
    assert at_least <= times[1] - times[0] <= at_most


def test_pauses_double_and_are_told(
    clean_environment: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("INTENT_RETRY_PAUSE", "0.1")
    monkeypatch.setenv("INTENT_RETRY_PAUSE_MAX", "0.25")
    with (
        caplog.at_level(logging.DEBUG),
        serving(monkeypatch, lambda *_: Answer(b"", 503)) as seen,
        pytest.raises(StarbridgeError, match="HTTP 503"),
    ):
        asyncio.run(search())
    assert len(seen.requests) == 4
    pauses = [float(told) for told in re.findall(r"try \d of 4 in ([\d.]+) s", caplog.text)]
    assert [low <= pause <= high for pause, low, high in zip(pauses, LOW, HIGH, strict=True)] == [True] * 3
    assert "try 2 of 4" in caplog.text
    assert KEY not in caplog.text


def test_no_try_begins_later_than_the_setting_says(clean_environment: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTENT_RETRY_PAUSE_MAX", "60")
    monkeypatch.setenv("INTENT_RETRY_SECONDS", "30")
    busy = Answer(b"", 429, {"retry-after": "45"})
    with serving(monkeypatch, lambda *_: busy) as seen, pytest.raises(StarbridgeError, match="429") as caught:
        asyncio.run(search())
    assert caught.value.retry_after == 45
    assert len(seen.requests) == 1


LOW, HIGH = (0.05, 0.1, 0.2), (0.1, 0.2, 0.25)
"""From half of the doubled pause to the whole, but no more than the longest pause."""


class Crowd:
    """A server that remembers how many calls it had at once."""

    def __init__(self) -> None:
        self.most = self.now = 0
        self._lock = threading.Lock()

    def __call__(self, *_: object) -> Answer:
        with self._lock:
            self.now += 1
            self.most = max(self.most, self.now)
        time.sleep(0.03)
        with self._lock:
            self.now -= 1
        return EMPTY


def test_no_more_calls_are_in_flight_than_the_setting_says(
    clean_environment: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INTENT_STARBRIDGE_CALLS_AT_ONCE", "3")
    crowd = Crowd()
    with serving(monkeypatch, crowd) as seen:
        threads = [threading.Thread(target=asyncio.run, args=(search(8),)) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(seen.requests) == 24
    assert crowd.most == 3


def test_a_call_that_is_cancelled_while_it_waits_holds_up_nobody(
    clean_environment: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INTENT_STARBRIDGE_CALLS_AT_ONCE", "1")

    async def cancelled() -> None:
        async with Starbridge().session() as client:
            tasks = [asyncio.create_task(client.buyer_search(BuyerQuery(query="x"))) for _ in range(6)]
            await asyncio.sleep(0.02)
            for task in tasks[1:]:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await asyncio.wait_for(client.buyer_search(BuyerQuery(query="x")), 5)

    with serving(monkeypatch, Crowd()):
        asyncio.run(cancelled())


def test_above_the_rate_limit_calls_are_tried_again_until_they_pass(
    sandbox: Sandbox, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INTENT_STARBRIDGE_CALLS_AT_ONCE", "14")
    monkeypatch.setenv("INTENT_TRIES", "30")
    sandbox.service("starbridge").answer_seconds = 0.03
    asyncio.run(search(14))
    assert 429 in {call.status for call in sandbox.calls}
    assert sandbox.service("starbridge").most_at_once <= 10


class Chat:
    """Answers the start with `start` (the last for ever), then the polls in turn (the last for ever)."""

    def __init__(self, polls: list[Answer], start: list[Answer] | None = None) -> None:
        self.polls, self.starts = polls, start or [Answer({"run_uuid": "r-1"})]
        self.polled = self.started = 0

    def __call__(self, method: str, path: str, asked: Json) -> Answer:
        if method == "POST":
            assert asked == {"buyer_id": "b1", "question": "Why now?"}
            assert path.endswith("/043dc240-4517-4185-9dbb-e24ae0abf04d/async")
            self.started += 1
            return self.starts[min(self.started, len(self.starts)) - 1]
        assert path == "/apps/run/r-1/output"
        self.polled += 1
        return self.polls[min(self.polled, len(self.polls)) - 1]


WORKING = Answer({"success": True}, 202)
DONE = Answer(enveloped({"resolved_buyer_id": "b1", "resolved_buyer_name": "B", "ai_response": "# Said"}))


@pytest.mark.parametrize(
    "start",
    [
        {"run_uuid": "r-1"},
        {"run_id": "r-1"},
        {"data": {"run_uuid": "r-1"}},
        {"success": True, "data": {"run_id": "r-1"}},
    ],
)
def test_the_run_id_is_found_wherever_it_stands(
    clean_environment: None, monkeypatch: pytest.MonkeyPatch, start: Json
) -> None:
    with serving(monkeypatch, Chat([WORKING, WORKING, DONE], [Answer(start)])) as seen:
        answer = chat()
    assert (answer.answer, answer.buyer_id) == ("# Said", "b1")
    assert seen.count("/output") == 3


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(Answer(b"", 503), id="service unavailable"),
        pytest.param(Answer(b"", 429, {"retry-after": "0"}), id="polled too fast"),
        pytest.param(Answer(b"<html>", 502), id="HTML page"),
        pytest.param(Answer(b"", 200), id="empty body"),
        pytest.param(Answer(b'{"succ', cut=50), id="cut off"),
    ],
)
def test_polling_goes_on_after_a_fault_that_can_pass(
    clean_environment: None, monkeypatch: pytest.MonkeyPatch, fault: Answer
) -> None:
    server = Chat([WORKING, fault, fault, DONE])
    with serving(monkeypatch, server):
        assert chat().answer == "# Said"
    assert (server.started, server.polled) == (1, 4)


@pytest.mark.parametrize(
    ("poll", "status", "retryable", "said"),
    [
        pytest.param(Answer(b"", 404), 404, False, "gone", id="the run is gone"),
        pytest.param(
            Answer({"success": False, "error": "no credits"}), 200, False, "no credits", id="failure envelope"
        ),
        pytest.param(
            Answer(enveloped({"error": "x", "status_code": 500})), 500, True, "failed", id="an error as the answer"
        ),
        pytest.param(Answer(b"", 403), 403, False, "403", id="refused"),
        pytest.param(Answer(enveloped({"resolved_buyer_id": "b1"})), 200, False, "no text", id="no text in the answer"),
    ],
)
def test_a_run_that_fails_ends_the_chat(
    clean_environment: None, monkeypatch: pytest.MonkeyPatch, poll: Answer, status: int, retryable: bool, said: str
) -> None:
    server = Chat([WORKING, poll])
    with serving(monkeypatch, server), pytest.raises(StarbridgeError, match=said) as caught:
        chat()
    assert (caught.value.status, caught.value.retryable) == (status, retryable)
    assert (server.started, server.polled) == (1, 2)


@pytest.mark.parametrize("poll", [WORKING, Answer(b"", 503)], ids=["202 for ever", "faults for ever"])
def test_the_chat_is_not_waited_for_for_ever(
    clean_environment: None, monkeypatch: pytest.MonkeyPatch, poll: Answer
) -> None:
    monkeypatch.setenv("INTENT_CHAT_TIMEOUT", "0.4")
    started = time.monotonic()
    with serving(monkeypatch, Chat([poll])), pytest.raises(StarbridgeError, match=r"no answer within 0.4 s") as caught:
        chat()
    assert time.monotonic() - started < 5
    assert (caught.value.status, caught.value.retryable) == (poll.status, True)


@pytest.mark.parametrize(
    ("starts", "started"),
    [
        pytest.param([Answer(b"", 503), Answer({"run_id": "r-1"})], 2, id="a refusal that can pass is tried again"),
        pytest.param([Answer(b"{", 200)], 1, id="an unreadable answer means that it may run"),
        pytest.param([Answer(b'{"run_', cut=20)], 1, id="so does one that is cut off"),
        pytest.param([Answer({"success": False, "error": {"status_code": 500}})], 1, id="and a failure envelope"),
        pytest.param([Answer({"run_id": "../../secrets"})], 1, id="an id that is no id is not used"),
        pytest.param([Answer({"success": True})], 1, id="no id"),
    ],
)
def test_a_start_that_was_answered_is_not_repeated(
    clean_environment: None, monkeypatch: pytest.MonkeyPatch, starts: list[Answer], started: int
) -> None:
    server = Chat([DONE], starts)
    with serving(monkeypatch, server):
        if started > 1:
            assert chat().answer == "# Said"
        else:
            with pytest.raises(StarbridgeError):
                chat()
    assert server.started == started


@pytest.mark.parametrize("resolved", ["b2", None])
def test_a_chat_about_another_buyer_is_refused(
    clean_environment: None, monkeypatch: pytest.MonkeyPatch, resolved: str | None
) -> None:
    done = Answer(enveloped({"resolved_buyer_id": resolved, "ai_response": "text"}))
    with serving(monkeypatch, Chat([done])), pytest.raises(StarbridgeIdentityError):
        chat()


def test_polls_keep_their_distance(
    sandbox: Sandbox, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INTENT_CHAT_POLL_EVERY", "0.15")
    service = sandbox.service("starbridge")
    service.polls_before = 3
    sandbox.faults.add(Fault(service="starbridge", operation="buyer_chat_poll", kind="drop", times=1))
    buyer_id = service.world.buyers[0].id

    async def asked() -> ChatAnswer:
        async with Starbridge().session() as client:
            return await client.buyer_chat(buyer_id, "Why now?")

    assert "Sandbox data" in asyncio.run(asked()).answer
    polls = [call.started for call in sandbox.calls if call.operation == "buyer_chat_poll"]
    assert len(polls) == 5
    assert all(later - earlier >= 0.14 for earlier, later in pairwise(polls))
