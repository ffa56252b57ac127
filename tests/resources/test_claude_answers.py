"""Whatever stands in an answer, it becomes a value or a typed error."""

import json
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from intent_assets.errors import ClaudeError
from intent_assets.prompts.gameplan import Gameplan
from intent_assets.resources.claude_answers import read_message, value_of

LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
ANYTHING = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
)
BLOCKS = st.lists(
    st.fixed_dictionaries({"type": st.sampled_from(["text", "thinking", "new"]) | ANYTHING, "text": ANYTHING})
    | ANYTHING
)
MESSAGES = st.fixed_dictionaries(
    {},
    optional={
        "type": st.sampled_from(["message", "error"]) | ANYTHING,
        "content": BLOCKS | ANYTHING,
        "stop_reason": st.sampled_from(["end_turn", "refusal", "max_tokens", "pause_turn"]) | ANYTHING,
        "stop_details": ANYTHING,
        "error": ANYTHING,
        "usage": st.dictionaries(st.sampled_from(["input_tokens", "output_tokens"]), ANYTHING) | ANYTHING,
    },
)


def read(body: bytes) -> None:
    try:
        message = read_message("gameplan", body)
        assert all(0 <= count <= 10**9 for count in message.tokens)
        value_of("gameplan", message, Gameplan)
    except ClaudeError:
        return


@settings(max_examples=300, database=None, deadline=None)
@given(MESSAGES | ANYTHING)
def test_any_json(document: Any) -> None:
    read(json.dumps(document).encode())


@settings(max_examples=200, database=None, deadline=None)
@given(st.binary())
@example(b"[" * 100_000)
@example(b'{"a":' * 100_000)
@example(b"\xff\xfe")
@example(b'"\\ud800"')
@example(b'{"stop_reason": "\\ud800"}')
def test_any_bytes(body: bytes) -> None:
    read(body)


@settings(max_examples=200, database=None, deadline=None)
@given(ANYTHING | st.fixed_dictionaries({"steps": st.lists(ANYTHING)}), st.text(max_size=3))
def test_any_text_of_an_answer(value: Any, behind: str) -> None:
    content = [{"type": "text", "text": json.dumps(value) + behind}]
    read(json.dumps({"stop_reason": "end_turn", "content": content}).encode())
