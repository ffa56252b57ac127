"""The stand-in of Claude: as strict as the real one, and useful on any data."""

import json
import re
from typing import Any

import httpx
import pytest

from intent_assets.prompts import strategy
from intent_assets.prompts.sections import WRITERS
from intent_assets.records import SectionName
from intent_assets.sandbox.claude import ClaudeService
from intent_assets.sandbox.claude_checks import Refused, check_schema
from intent_assets.sandbox.server import Sandbox
from intent_assets.slots import SLOT, slots
from tests.prompts.samples import material, reply
from tests.sandbox.claude_requests import HEADERS, post, request, with_schema, written

BAD, KEY = "invalid_request_error", "authentication_error"
OBJECT: dict[str, Any] = {"type": "object", "properties": {}, "additionalProperties": False}


@pytest.mark.parametrize("name", WRITERS)
def test_sections_are_written_from_the_buyers_own_facts_and_nothing_is_typed(
    claude: Sandbox, name: SectionName
) -> None:
    facts = {fact.id: fact for fact in material().facts}
    sentences = written(claude, name)
    assert sentences
    for sentence in sentences:
        for fact_id in slots(sentence.text):
            assert facts[fact_id].buyer_id in {None, sentence.buyer_id}
        typed = SLOT.sub("", sentence.text)
        assert not re.search(r"\d|[{}<>*_#]|open|closed|due|20 ", typed), typed
        assert sentence.text.endswith((".", "}}"))
    assert [call.operation for call in claude.calls] == [name]


def test_every_sentence_of_the_demo_is_whole_english(claude: Sandbox) -> None:
    facts = {fact.id: fact.display for fact in material().facts}
    read = [SLOT.sub(lambda slot: facts[slot[1]], line.text) for line in written(claude, "executive_summary")]
    assert read == [
        "The search looked through 412 signals and 57 buyers.",
        "Name of b1 comes first, with the record Career platform of b1.",
        "The record Career platform of b1 is open and due 12 December 2026, in 19 days.",
        (
            "Ask for Kim of b1, Director of Career Services, at kim@b1.example about Career platform of b1 and offer a "
            "short walk-through of the career-services platform."
        ),
    ]


@pytest.mark.parametrize("name", WRITERS)
def test_without_data_there_is_still_an_answer_of_the_asked_form(claude: Sandbox, name: SectionName) -> None:
    answer = post(claude, request(WRITERS[name].prompt))
    assert WRITERS[name].prompt.output.model_validate_json(answer.json()["content"][-1]["text"])


@pytest.mark.parametrize(
    ("product", "buyer_type"),
    [
        pytest.param("Career-services platform for universities", "HigherEducation", id="universities"),
        pytest.param("Reading app for school districts", "SchoolDistrict", id="districts"),
        pytest.param("Evidence management for police", "PoliceDepartment", id="police"),
        pytest.param("Water meter analytics for utilities", "SpecialDistrict", id="utilities"),
        pytest.param("Widgets", "City", id="nothing known"),
    ],
)
def test_a_strategy_follows_the_product(claude: Sandbox, product: str, buyer_type: str) -> None:
    given = reply(product_description=product)
    answer = post(claude, request(strategy.PROMPT, strategy.data(given).render(9000).text))
    plan = strategy.strategy(strategy.Strategy.model_validate_json(answer.json()["content"][-1]["text"]), given)
    assert plan.buyer_types[0] == buyer_type
    assert plan.primary_keywords
    assert plan.dropped == ()


def test_the_same_request_gets_the_same_answer_marked_as_the_sandboxs(claude: Sandbox) -> None:
    first, second = (post(claude, request(WRITERS["gameplan"].prompt)) for _ in range(2))
    assert first.json()["id"] == second.json()["id"]
    assert first.json()["id"].startswith("msg_sandbox_")
    assert first.json()["content"] == second.json()["content"]
    assert first.headers["x-sandbox"] == "true"
    assert first.json()["usage"]["input_tokens"] > 0


def test_a_bearer_token_is_taken_too(claude: Sandbox) -> None:
    headers = {"authorization": "Bearer any", "anthropic-version": "2023-06-01"}
    assert post(claude, request(), headers).status_code == 200


def test_plain_words_are_answered_where_no_schema_is_asked_for(claude: Sandbox) -> None:
    assert "stand-in" in post(claude, request(text="Hello")).json()["content"][-1]["text"]


def test_max_tokens_cuts_off(claude: Sandbox) -> None:
    answer = post(claude, request(WRITERS["gameplan"].prompt, max_tokens=5)).json()
    assert answer["stop_reason"] == "max_tokens"
    assert len(answer["content"][-1]["text"]) == 20


def test_sentences_that_a_check_quoted_are_left_out(claude: Sandbox) -> None:
    first = written(claude, "featured_section")
    data = WRITERS["featured_section"].data(material()).render(9000).text
    faults = json.dumps([f"In {first[0].text!r}: typed"])
    second = written(claude, "featured_section", f"{data}\n<faults>\n{faults}\n</faults>")
    assert [line.text for line in second] == [line.text for line in first[1:]]


@pytest.mark.parametrize(
    ("body", "headers", "status", "kind"),
    [
        pytest.param(request(), {"anthropic-version": "x"}, 401, KEY, id="no key"),
        pytest.param(request(), {"authorization": "Basic eDp5", "anthropic-version": "x"}, 401, KEY, id="basic"),
        pytest.param(request(), {"x-api-key": "k"}, 400, BAD, id="no version"),
        pytest.param(b"{", None, 400, BAD, id="no JSON"),
        pytest.param(b"[" * 100_000, None, 400, BAD, id="nested without end"),
        pytest.param([], None, 400, BAD, id="no object"),
        pytest.param(request(model="gpt"), None, 404, "not_found_error", id="unknown model"),
        pytest.param(request(model=None), None, 400, BAD, id="no model"),
        pytest.param(request(max_tokens=0), None, 400, BAD, id="no room"),
        pytest.param(request(max_tokens="9"), None, 400, BAD, id="max_tokens as text"),
        pytest.param(request(temperature=0), None, 400, BAD, id="temperature is gone"),
        pytest.param(request(top_p=1), None, 400, BAD, id="top_p is gone"),
        pytest.param(request(tool_choice={"type": "any"}), None, 400, BAD, id="forced tool"),
        pytest.param(request(stream=True), None, 400, BAD, id="streaming"),
        pytest.param(request(output_format={}), None, 400, BAD, id="unknown field"),
        pytest.param(request(messages=[]), None, 400, BAD, id="no message"),
        pytest.param(request(messages=[{"role": "tool", "content": "x"}]), None, 400, BAD, id="role"),
        pytest.param(request(text=" "), None, 400, BAD, id="empty text"),
        pytest.param(
            request(messages=[{"role": "user", "content": "x"}, {"role": "assistant", "content": "{"}]),
            None, 400, BAD, id="prefill",
        ),
        pytest.param(request(output_config={"format": {"type": "json"}}), None, 400, BAD, id="format"),
        pytest.param(request(output_config=with_schema({"type": "object"})), None, 400, BAD, id="schema"),
    ],
)  # fmt: skip
def test_what_the_real_service_refuses_is_refused(
    claude: Sandbox, body: Any, headers: dict[str, str] | None, status: int, kind: str
) -> None:
    answer = post(claude, body, headers)
    assert answer.status_code == status
    assert answer.json()["type"] == "error"
    assert answer.json()["error"]["type"] == kind
    assert answer.json()["error"]["message"]


@pytest.mark.parametrize(
    "schema",
    [
        pytest.param({"type": "object", "properties": {}}, id="more properties allowed"),
        pytest.param({**OBJECT, "additionalProperties": True}, id="more properties wanted"),
        pytest.param({"type": "string", "minLength": 1}, id="length of text"),
        pytest.param({"type": "integer", "minimum": 1}, id="range of numbers"),
        pytest.param({"type": "array", "items": {"type": "string"}, "maxItems": 3}, id="length of list"),
        pytest.param({"type": "array", "items": {"type": "string"}, "minItems": 2}, id="minItems beyond 1"),
        pytest.param({"type": "array", "items": {"type": "object", "properties": {}}}, id="inside of a list"),
        pytest.param({**OBJECT, "$defs": {"A": {"type": "object"}}}, id="inside of a definition"),
        pytest.param({"anyOf": [{"type": "string", "maxLength": 2}]}, id="inside of a choice"),
        pytest.param({"enum": [{"a": 1}]}, id="objects in an enum"),
        pytest.param({"$ref": "https://x.example/schema"}, id="reference to elsewhere"),
        pytest.param({"type": "string", "format": "phone"}, id="unknown format"),
        pytest.param({"description": "x"}, id="no type"),
        pytest.param({**OBJECT, "required": ["a"]}, id="required but not there"),
        pytest.param("object", id="no schema"),
    ],
)
def test_schemas_that_structured_output_does_not_take(schema: Any) -> None:
    with pytest.raises(Refused):
        check_schema(schema)


@pytest.mark.parametrize(
    "schema",
    [
        pytest.param({"enum": ["a", 1, None]}, id="enum without a type"),
        pytest.param({"const": "a"}, id="const"),
        pytest.param({"type": "array", "items": {"type": "string"}, "minItems": 1}, id="at least one"),
        pytest.param({**OBJECT, "$defs": {"A": {"type": "string", "format": "date"}}}, id="definitions"),
    ],
)
def test_schemas_that_it_takes(schema: Any) -> None:
    check_schema(schema)


def test_any_other_schema_is_filled_in(claude: Sandbox) -> None:
    schema = {
        **OBJECT,
        "title": "Verdict",
        "properties": {
            "ok": {"type": "boolean"}, "score": {"type": "number"}, "why": {"type": "string"}, "none": {"type": "null"},
            "kind": {"enum": ["a", "b"]}, "lines": {"type": "array", "items": {"type": "string"}},
            "one": {"$ref": "#/$defs/One"}, "many": {"type": "array", "items": {"$ref": "#/$defs/One"}},
            "maybe": {"anyOf": [{"type": "integer"}, {"type": "null"}]},
        },
        "$defs": {"One": {**OBJECT, "properties": {"x": {"type": "integer"}}}},
    }  # fmt: skip
    value = json.loads(post(claude, request(output_config=with_schema(schema))).json()["content"][-1]["text"])
    assert value["kind"] == "a"
    assert value["one"] == {"x": 0}
    assert value["many"] == [{"x": 0}]
    assert isinstance(value["why"], str)
    assert set(value) == set(schema["properties"])


def test_misbehaviour_is_for_one_prompt_and_some_times(claude: Sandbox) -> None:
    claude.service("claude").behave("refuse", prompt="gameplan", times=1)
    reasons = [
        post(claude, request(WRITERS[name].prompt)).json()["stop_reason"]
        for name in ("call_to_action", "gameplan", "gameplan")
    ]
    assert reasons == ["end_turn", "refusal", "end_turn"]


def test_misbehaviour_can_be_switched_over_http(claude: Sandbox) -> None:
    address = f"{claude.url('claude')}/behaviour"
    wanted = [{"kind": "cut_off", "prompt": None, "times": 1}]
    assert httpx.put(address, json=wanted).json() == wanted
    assert post(claude, request(WRITERS["gameplan"].prompt)).json()["stop_reason"] == "max_tokens"
    assert httpx.get(address).json() == []
    assert httpx.put(address, json=[{"kind": "sulk"}]).status_code == 422
    assert httpx.put(address, content=b"no").status_code == 422
    assert httpx.put(address, json=[{"mood": "bad"}]).status_code == 422


def test_the_last_requests_are_kept_to_look_at(claude: Sandbox) -> None:
    assert post(claude, request(model="gpt")).status_code == 404
    post(claude, request(text="Hello"))
    kept = claude.service("claude").requests
    assert [body["messages"] for body in kept] == [[{"role": "user", "content": "Hello"}]]


def test_unknown_misbehaviour_is_an_error() -> None:
    with pytest.raises(ValueError, match="sulk"):
        ClaudeService().behave("sulk")


def test_an_unknown_path_is_not_found(claude: Sandbox) -> None:
    answer = httpx.get(f"{claude.url('claude')}/v1/complete", headers=HEADERS)
    assert (answer.status_code, answer.json()["error"]["type"]) == (404, "not_found_error")


@pytest.mark.parametrize("body", [b"", b"{", b"[" * 100_000, b"[]", b"{}", b"\xff", b'{"output_config": 5}'])
def test_any_body_has_an_operation(body: bytes) -> None:
    assert ClaudeService().refine("messages", body) == "messages"
    assert ClaudeService().refine("unknown", body) == "unknown"
