"""The Claude client over real sockets: what goes out, what is made of every kind of answer, what it costs."""

import asyncio
import json
from collections.abc import Callable, Iterator, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from intent_assets.errors import (
    ClaudeCutOff,
    ClaudeError,
    ClaudeInvalidAnswer,
    ClaudeRefusal,
    IntentError,
    MissingSettings,
)
from intent_assets.prompts import call_to_action
from intent_assets.prompts.base import DataBlock
from intent_assets.prompts.call_to_action import CallToAction
from intent_assets.resources.claude import Answer, Claude
from intent_assets.sandbox.faults import Fault
from intent_assets.sandbox.server import Sandbox
from tests.prompts.samples import material

KEY = "sk-ant-very-secret"
Accept = Callable[[CallToAction], Sequence[str]]


@pytest.fixture(scope="module")
def running() -> Iterator[Sandbox]:
    with Sandbox(only=["claude"]) as sandbox:
        yield sandbox


@pytest.fixture
def claude(running: Sandbox, clean_environment: None, monkeypatch: pytest.MonkeyPatch) -> Sandbox:
    running.faults.clear()
    running.calls.clear()
    running.service("claude").behave_well()
    for name, value in running.variables().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
    return running


def ask(
    *, model: str = "claude-sonnet-5-5", data: DataBlock | None = None, accept: Accept | None = None
) -> Answer[CallToAction]:
    async def asked() -> Answer[CallToAction]:
        async with Claude().session() as client:
            block = data or call_to_action.data(material())
            return await client.ask(call_to_action.PROMPT, block, model=model, accept=accept)

    return asyncio.run(asked())


def message(text: str | None, stop_reason: Any = "end_turn", **changes: Any) -> dict[str, Any]:
    content = [] if text is None else [{"type": "text", "text": text}]
    return {
        "id": "msg_1", "type": "message", "role": "assistant", "model": "claude-sonnet-5-5", "content": content,
        "stop_reason": stop_reason, "stop_sequence": None, "usage": {"input_tokens": 10, "output_tokens": 5},
    } | changes  # fmt: skip


GOOD = json.dumps({"sentences": ["Call them."]})
PIECES = [
    {"type": "thinking", "thinking": "hm"},
    {"type": "text", "text": GOOD[:9]},
    {"type": "new"},
    {"type": "text", "text": GOOD[9:]},
]


def replace(claude: Sandbox, body: Any, times: int | None = 1) -> None:
    claude.faults.add(Fault(service="claude", operation="*", kind="replace", body=body, times=times))


def test_a_good_answer_comes_with_usage_and_cost(claude: Sandbox) -> None:
    answer = ask()
    assert answer.value.sentences
    assert answer.shortened == ()
    assert answer.objections == ()
    assert answer.usage.model == "claude-sonnet-5-5"
    assert answer.usage.tries == 1
    assert answer.usage.output_tokens > 0
    assert answer.usage.cost_usd > 0
    assert answer.usage.seconds > 0
    assert [call.operation for call in claude.calls] == ["call_to_action"]


def test_instructions_are_cached(claude: Sandbox) -> None:
    model = "claude-opus-5-5"
    first, second = ask(model=model).usage, ask(model=model).usage
    assert first.cache_creation_input_tokens > 0
    assert second.cache_read_input_tokens == first.cache_creation_input_tokens
    assert second.cost_usd < first.cost_usd


def test_data_is_shortened_to_the_setting_and_told(claude: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTENT_MAX_DATA_TOKENS", "1000")
    long = call_to_action.data(material(product_description="x" * 5000))
    assert ask(data=long).shortened == ("left out, too long for the model: 1 x reply's product_description",)


UNUSABLE = [
    pytest.param("refuse", ClaudeRefusal, id="refusal, without content"),
    pytest.param("cut_off", ClaudeCutOff, id="cut off by max_tokens"),
    pytest.param("invalid", ClaudeInvalidAnswer, id="JSON inside of prose is no JSON"),
]


@pytest.mark.parametrize(("kind", "error"), UNUSABLE)
def test_an_unusable_answer_is_asked_for_once_more(claude: Sandbox, kind: str, error: type[ClaudeError]) -> None:
    claude.service("claude").behave(kind, times=1)
    answer = ask()
    assert answer.value.sentences
    assert answer.usage.tries == 2


@pytest.mark.parametrize(("kind", "error"), UNUSABLE)
def test_the_second_unusable_answer_is_raised(claude: Sandbox, kind: str, error: type[ClaudeError]) -> None:
    claude.service("claude").behave(kind)
    with pytest.raises(error) as caught:
        ask()
    assert len(claude.calls) == 2
    assert caught.value.status == 200
    assert not caught.value.retryable
    assert caught.value.operation == "call_to_action"


@pytest.mark.parametrize(
    ("body", "error"),
    [
        pytest.param({}, ClaudeInvalidAnswer, id="an empty object, which the SDK takes for a message"),
        pytest.param(message(GOOD, None), ClaudeInvalidAnswer, id="no stop reason"),
        pytest.param(message(GOOD, "tool_use"), ClaudeInvalidAnswer, id="a stop reason that was not asked for"),
        pytest.param(message(GOOD, ["end_turn"]), ClaudeInvalidAnswer, id="a stop reason of another type"),
        pytest.param(message(GOOD, "model_context_window_exceeded"), ClaudeCutOff, id="context window"),
        pytest.param(message(None), ClaudeInvalidAnswer, id="no content"),
        pytest.param(message(GOOD, content=None), ClaudeInvalidAnswer, id="content is null"),
        pytest.param(message(GOOD, content="text"), ClaudeInvalidAnswer, id="content is no list"),
        pytest.param(message("", content=PIECES[:1]), ClaudeInvalidAnswer, id="thinking only"),
        pytest.param(message(GOOD, content=[{"type": "text", "text": 5}]), ClaudeInvalidAnswer, id="text is a number"),
        pytest.param(message(""), ClaudeInvalidAnswer, id="empty text"),
        pytest.param(message(GOOD + " done"), ClaudeInvalidAnswer, id="something behind the JSON"),
        pytest.param(message('{"sentences": []}'), ClaudeInvalidAnswer, id="no sentence"),
        pytest.param(message('{"sentences": [5]}'), ClaudeInvalidAnswer, id="a sentence that is a number"),
        pytest.param(message('{"sentences": ["A."], "more": 1}'), ClaudeInvalidAnswer, id="one field more"),
        pytest.param(message('{"sentences": ["\\ud800"]}'), ClaudeInvalidAnswer, id="a lone surrogate"),
        pytest.param(message("[" * 5000), ClaudeInvalidAnswer, id="nested without end"),
        pytest.param(message(None, "refusal", content=None, usage=None), ClaudeRefusal, id="refusal, all else null"),
        pytest.param([], ClaudeError, id="a list"),
        pytest.param({"type": "error", "error": {"type": "overloaded_error"}}, ClaudeError, id="an error under 200"),
    ],
)  # fmt: skip
def test_answers_that_are_none(claude: Sandbox, body: Any, error: type[ClaudeError]) -> None:
    replace(claude, body, times=None)
    with pytest.raises(error) as caught:
        ask()
    assert type(caught.value) is error
    assert len(claude.calls) == (4 if error is ClaudeError else 2)


@pytest.mark.parametrize(
    ("body", "tokens"),
    [
        pytest.param(message(GOOD, usage=None), (0, 0), id="no usage"),
        pytest.param(message(GOOD, usage="many"), (0, 0), id="usage is a text"),
        pytest.param(message(GOOD, usage={"input_tokens": "7", "output_tokens": -1}), (0, 0), id="no numbers"),
        pytest.param(message(GOOD, usage={"input_tokens": 7.5, "output_tokens": True}), (0, 0), id="no counts"),
        pytest.param(message(GOOD, usage={"input_tokens": 7, "output_tokens": 10**40}), (7, 0), id="absurd"),
        pytest.param(message(GOOD), (10, 5), id="as it should be"),
        pytest.param(message(GOOD, id=None, model=None, role=None), (10, 5), id="what is not needed is missing"),
        pytest.param(message("", content=PIECES), (10, 5), id="thinking and unknown blocks, text in two"),
    ],
)  # fmt: skip
def test_odd_but_usable_answers(claude: Sandbox, body: Any, tokens: tuple[int, int]) -> None:
    replace(claude, body)
    answer = ask()
    assert answer.value.sentences == ["Call them."]
    assert (answer.usage.input_tokens, answer.usage.output_tokens) == tokens
    assert answer.usage.tries == 1


@pytest.mark.parametrize(
    "fault",
    [
        *(
            pytest.param({"kind": "status", "status": status}, id=str(status))
            for status in (408, 409, 429, 500, 502, 503, 504, 529)
        ),
        pytest.param({"kind": "status", "status": 429, "retry_after": "1"}, id="Retry-After in seconds"),
        pytest.param({"kind": "status", "status": 529, "retry_after": "3600"}, id="Retry-After beyond patience"),
        pytest.param(
            {"kind": "status", "status": 503, "retry_after": "Wed, 21 Oct 2015 07:28:00 GMT"},
            id="Retry-After as a date",
        ),
        pytest.param({"kind": "status", "status": 503, "retry_after": "soon"}, id="Retry-After unreadable"),
        pytest.param({"kind": "html", "status": 502}, id="HTML"),
        pytest.param({"kind": "html", "status": 200}, id="HTML under 200"),
        pytest.param({"kind": "empty"}, id="empty body"),
        pytest.param({"kind": "drop"}, id="dropped before the answer"),
        pytest.param({"kind": "drop_after"}, id="dropped after the work"),
        pytest.param({"kind": "cut"}, id="body cut off"),
    ],
)
class TestPassingFaults:
    def test_are_tried_again(self, claude: Sandbox, fault: dict[str, Any]) -> None:
        claude.faults.add(Fault(service="claude", operation="*", times=2, **fault))
        answer = ask()
        assert answer.value.sentences
        assert answer.usage.tries == 3
        assert len(claude.calls) == 3

    def test_end_as_one_typed_error(self, claude: Sandbox, fault: dict[str, Any]) -> None:
        claude.faults.add(Fault(service="claude", operation="*", times=None, **fault))
        with pytest.raises(ClaudeError) as caught:
            ask()
        assert caught.value.retryable
        assert len(claude.calls) == 4
        assert caught.value.status == (fault.get("status", 200 if fault["kind"] == "empty" else None))
        assert KEY not in str(caught.value)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 413, 422])
def test_what_another_try_can_not_help_is_raised_at_once(claude: Sandbox, status: int) -> None:
    body = {"type": "error", "error": {"type": "invalid_request_error", "message": f"bad key {KEY}"}}
    claude.faults.add(Fault(service="claude", operation="*", kind="status", status=status, body=body))
    with pytest.raises(ClaudeError) as caught:
        ask()
    assert len(claude.calls) == 1
    assert (caught.value.status, caught.value.retryable) == (status, False)
    assert KEY not in f"{caught.value!r} {caught.value}"


def test_a_hanging_connection_ends_in_time(claude: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTENT_CLAUDE_TIMEOUT", "0.3")
    monkeypatch.setenv("INTENT_TRIES", "2")
    claude.faults.add(Fault(service="claude", operation="*", kind="hang", seconds=20))
    with pytest.raises(ClaudeError, match=r"no answer within 0\.3 s") as caught:
        ask()
    assert caught.value.retryable
    assert len(claude.calls) == 2


def test_the_retry_after_is_told(claude: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTENT_TRIES", "1")
    claude.faults.add(Fault(service="claude", operation="*", kind="status", status=429, retry_after="17"))
    with pytest.raises(ClaudeError) as caught:
        ask()
    assert caught.value.retry_after == 17


def test_nobody_listens(clean_environment: None, monkeypatch: pytest.MonkeyPatch) -> None:
    with Sandbox(only=["claude"]) as closed:
        address = closed.url("claude")
    monkeypatch.setenv("ANTHROPIC_BASE_URL", address)
    monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
    with pytest.raises(ClaudeError, match="connection failed"):
        ask()


def test_an_answer_with_nothing_against_it_is_taken(claude: Sandbox) -> None:
    assert ask(accept=lambda _answer: ()).usage.tries == 1


def test_reasons_are_told_once_and_the_mended_answer_is_taken(claude: Sandbox) -> None:
    replace(claude, message('{"sentences": ["It costs $5.", "Call them."]}'))

    def no_money(answer: CallToAction) -> list[str]:
        return [f"In {text!r}: typed" for text in answer.sentences if "$" in text]

    answer = ask(accept=no_money)
    assert answer.objections == ()
    assert not any("$" in text for text in answer.value.sentences)
    assert answer.usage.tries == 2


def test_an_answer_that_stays_wrong_comes_back_with_the_objections(claude: Sandbox) -> None:
    claude.service("claude").behave("lie:figure")
    answer = ask(accept=lambda value: [text for text in value.sentences if "$" in text])
    assert len(answer.objections) == 1
    assert answer.usage.tries == 2


@pytest.mark.parametrize("kind", ["refuse", "cut_off", "invalid"])
def test_the_first_answer_stands_where_the_second_is_unusable(claude: Sandbox, kind: str) -> None:
    replace(claude, message(GOOD))
    claude.service("claude").behave(kind)
    answer = ask(accept=lambda _answer: ["never good"])
    assert answer.value.sentences == ["Call them."]
    assert answer.objections == ("never good",)


def test_there_is_one_second_try_in_all(claude: Sandbox) -> None:
    claude.service("claude").behave("invalid", times=1)
    answer = ask(accept=lambda _answer: ["never good"])
    assert answer.objections == ("never good",)
    assert answer.usage.tries == 2


@pytest.fixture
def asked(clean_environment: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[list[Any], list[Any]]]:
    """A server that gives the answers of a list in turn, and the list of what it was asked."""
    answers: list[Any] = []
    bodies: list[Any] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            bodies.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
            content = json.dumps(answers.pop(0)).encode()
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_args: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        monkeypatch.setenv("ANTHROPIC_BASE_URL", f"http://127.0.0.1:{server.server_port}/")
        monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
        yield answers, bodies
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("first", "roles", "told"),
    [
        pytest.param(message("no </reasons> JSON"), ["user", "assistant", "user"], "Invalid JSON", id="invalid"),
        pytest.param(message(None, "refusal"), ["user", "user"], "refusal", id="refusal"),
        pytest.param(message(GOOD[:5], "max_tokens"), ["user", "user"], "shorter", id="cut off: not sent back"),
        pytest.param(
            message('{"sentences": ["x"]}'), ["user", "assistant", "user"], "x. \\u003c is bad", id="objection"
        ),
    ],
)
def test_the_model_is_told_why_it_is_asked_again(
    asked: tuple[list[Any], list[Any]], first: Any, roles: list[str], told: str
) -> None:
    answers, bodies = asked
    answers += [first, message(GOOD)]
    answer = ask(accept=lambda value: [f"{text} < is bad" for text in value.sentences if text == "x."])
    assert answer.value.sentences == ["Call them."]
    assert answer.usage.output_tokens == 10
    assert [turn["role"] for turn in bodies[1]["messages"]] == roles
    assert told in bodies[1]["messages"][-1]["content"]
    assert bodies[1]["messages"][0] == bodies[0]["messages"][0]
    assert bodies[0]["system"][0]["cache_control"] == {"type": "ephemeral"}
    assert bodies[0]["max_tokens"] == 8000
    assert set(bodies[0]) == {"model", "max_tokens", "system", "messages", "output_config"}


def test_calls_run_side_by_side_in_one_session(claude: Sandbox) -> None:
    async def several() -> list[Answer[CallToAction]]:
        async with Claude().session() as client:
            block = call_to_action.data(material())
            asks = [client.ask(call_to_action.PROMPT, block, model="claude-haiku-5-5") for _ in range(6)]
            return await asyncio.gather(*asks)

    assert len({tuple(answer.value.sentences) for answer in asyncio.run(several())}) == 1


def test_without_a_key_the_variable_is_named(clean_environment: None) -> None:
    with pytest.raises(MissingSettings, match="ANTHROPIC_API_KEY"):
        ask()


def test_a_key_that_no_header_can_hold_is_refused(claude: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-ant-schlüssel")
    with pytest.raises(IntentError, match="ANTHROPIC_API_KEY") as caught:
        ask()
    assert "schl" not in str(caught.value)


def test_an_unknown_model_is_the_services_to_refuse(claude: Sandbox) -> None:
    with pytest.raises(ClaudeError, match="claude-none") as caught:
        ask(model="claude-none")
    assert caught.value.status == 404
