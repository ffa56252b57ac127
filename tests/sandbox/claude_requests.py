"""Requests to the stand-in of Claude as our prompts make them, sent over a real socket."""

import json
from collections.abc import Sequence
from typing import Any, TypeVar

import anthropic
import httpx
from pydantic import BaseModel

from intent_assets.claims import SectionSentence
from intent_assets.prompts import judging, rewriting
from intent_assets.prompts.base import DataBlock, Prompt
from intent_assets.prompts.sections import WRITERS
from intent_assets.records import Fact, SectionName
from intent_assets.sandbox.server import Sandbox
from tests.prompts.samples import material

T = TypeVar("T", bound=BaseModel)

HEADERS = {"x-api-key": "any", "anthropic-version": "2023-06-01"}


def request(prompt: Prompt[Any] | None = None, text: str = "<data>\n{}\n</data>", **changes: Any) -> dict[str, Any]:
    """The body of a request; `changes` replace fields of it."""
    body: dict[str, Any] = {
        "model": "claude-sonnet-5-5",
        "max_tokens": 20_000,
        "messages": [{"role": "user", "content": text}],
    }
    if prompt is not None:
        body["system"] = [{"type": "text", "text": prompt.instructions, "cache_control": {"type": "ephemeral"}}]
        body["output_config"] = with_schema(anthropic.transform_schema(prompt.output))
    return body | changes


def with_schema(schema: Any) -> dict[str, Any]:
    """The `output_config` that asks for a schema."""
    return {"format": {"type": "json_schema", "schema": schema}}


def post(claude: Sandbox, body: Any, headers: dict[str, str] | None = None) -> httpx.Response:
    """Send a body, JSON or bytes."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return httpx.post(
        f"{claude.url('claude')}/v1/messages", content=content, headers=HEADERS if headers is None else headers
    )


def text_of(claude: Sandbox, prompt: Prompt[Any], data: DataBlock | str) -> str:
    """The text of the answer."""
    text = data if isinstance(data, str) else data.render(9000).text
    answer = post(claude, request(prompt, text))
    assert answer.status_code == 200, answer.text
    written: str = answer.json()["content"][-1]["text"]
    return written


def ask(claude: Sandbox, prompt: Prompt[T], data: DataBlock | str) -> T:
    """The answer as the prompt's output type."""
    return prompt.output.model_validate_json(text_of(claude, prompt, data))


def written(claude: Sandbox, name: SectionName, text: str | None = None) -> tuple[SectionSentence, ...]:
    """The sentences of a section over the sample material."""
    writer, given = WRITERS[name], material()
    value = ask(claude, writer.prompt, text or writer.data(given))
    return writer.section(value, given).sentences


def judge(
    claude: Sandbox, text: str, facts: Sequence[Fact] | None = None, product: str | None = None
) -> judging.SentenceVerdict:
    """The verdict over a sentence with slots of the sample material."""
    known = {fact.id: fact for fact in (material().facts if facts is None else facts)}
    sentence = SectionSentence(text=text)
    return ask(claude, judging.PROMPT, judging.data(sentence, known, product))


def rewrite(claude: Sandbox, name: SectionName, objections: Sequence[rewriting.Objection]) -> dict[int, str]:
    """The new wordings by the place of the objection."""
    data = rewriting.data(WRITERS[name].data(material()), objections)
    return dict(rewriting.texts(ask(claude, rewriting.PROMPT, data), len(objections)))


def of_sample(field: str, buyer: str | None = "b1", number: int = 0) -> str:
    """The slot of a fact of the sample material; `number` counts those of one field."""
    found = [fact for fact in material().facts if fact.field == field and fact.buyer_id == buyer]
    return "{{" + found[number].id + "}}"
