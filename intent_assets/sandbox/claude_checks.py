"""What the Messages API refuses: the request itself, and the JSON schema of a structured answer."""

from collections.abc import Mapping
from typing import Any

MODELS = ("claude-opus-5-5", "claude-sonnet-5-5", "claude-haiku-5-5")
MOST_OUTPUT_TOKENS = 128_000

_KNOWN_FIELDS = {
    "model", "max_tokens", "messages", "system", "output_config", "metadata", "stop_sequences", "stream", "thinking",
    "service_tier", "tools", "tool_choice", "cache_control", "container", "inference_geo",
}  # fmt: skip
_GONE = ("temperature", "top_p", "top_k")
_SCHEMA_KEYWORDS = {
    "type", "title", "description", "properties", "required", "additionalProperties", "items", "minItems", "enum",
    "const", "anyOf", "allOf", "$ref", "$defs", "definitions", "default", "format", "pattern",
}  # fmt: skip
_FORMATS = {"date-time", "time", "date", "duration", "email", "hostname", "uri", "ipv4", "ipv6", "uuid"}
_TYPES = {"object", "array", "string", "integer", "number", "boolean", "null"}


class Refused(Exception):
    """The request is refused, in Anthropic's words for it: HTTP `status`, error `kind`, message."""

    def __init__(self, message: str, *, status: int = 400, kind: str = "invalid_request_error") -> None:
        self.status = status
        self.kind = kind
        self.message = message
        super().__init__(message)


def check_headers(headers: Mapping[str, str]) -> None:
    """Raise `Refused` without a key or without the version header."""
    scheme, _, token = headers.get("authorization", "").partition(" ")
    if not headers.get("x-api-key", "").strip() and not (scheme.lower() == "bearer" and token.strip()):
        raise Refused("x-api-key header is required", status=401, kind="authentication_error")
    if not headers.get("anthropic-version"):
        raise Refused("anthropic-version: header is required")


def check_request(body: Any) -> None:
    """Raise `Refused` for whatever the Messages API would not take."""
    if not isinstance(body, dict):
        raise Refused("body: Input should be a valid dictionary")
    for name in _GONE:
        if name in body:
            raise Refused(f"{name}: sampling parameters are not supported by this model")
    unknown = sorted(set(body) - _KNOWN_FIELDS)
    if unknown:
        raise Refused(f"{unknown[0]}: Extra inputs are not permitted")
    if body.get("stream"):
        raise Refused("stream: this stand-in does not stream")
    _check_model(body.get("model"))
    limit = body.get("max_tokens")
    if not isinstance(limit, int) or isinstance(limit, bool) or not 1 <= limit <= MOST_OUTPUT_TOKENS:
        raise Refused(f"max_tokens: Input should be an integer from 1 to {MOST_OUTPUT_TOKENS}")
    choice = body.get("tool_choice")
    if isinstance(choice, dict) and choice.get("type") in {"any", "tool"}:
        raise Refused("tool_choice: forced tool use is not supported by this model")
    if "system" in body:
        _check_content("system", body["system"])
    _check_messages(body.get("messages"))
    if "output_config" in body:
        _check_output(body["output_config"])


def _check_model(model: Any) -> None:
    if not isinstance(model, str) or not model:
        raise Refused("model: Field required")
    if not any(model == known or model.startswith(known + "-") for known in MODELS):
        raise Refused(f"model: {model}", status=404, kind="not_found_error")


def _check_messages(messages: Any) -> None:
    if not isinstance(messages, list) or not messages:
        raise Refused("messages: at least one message is required")
    for number, message in enumerate(messages):
        if not isinstance(message, dict) or message.get("role") not in {"user", "assistant"}:
            raise Refused(f"messages.{number}.role: Input should be 'user' or 'assistant'")
        _check_content(f"messages.{number}.content", message.get("content"))
    if messages[0]["role"] != "user":
        raise Refused("messages: first message must use the user role")
    if messages[-1]["role"] != "user":
        raise Refused(
            "This model does not support assistant message prefill; the conversation must end with a user message"
        )


def _check_content(where: str, content: Any) -> None:
    if isinstance(content, str):
        if not content.strip():
            raise Refused(f"{where}: text content must be non-empty")
        return
    if not isinstance(content, list) or not content:
        raise Refused(f"{where}: Input should be a valid string or a list of content blocks")
    for number, block in enumerate(content):
        if not isinstance(block, dict) or block.get("type") != "text":
            raise Refused(f"{where}.{number}: this stand-in takes text blocks only")
        if not isinstance(block.get("text"), str) or not block["text"].strip():
            raise Refused(f"{where}.{number}: text content blocks must be non-empty")
        if "cache_control" in block and block["cache_control"].get("type") != "ephemeral":
            raise Refused(f"{where}.{number}.cache_control: Input tag should be 'ephemeral'")


def _check_output(config: Any) -> None:
    output = config.get("format") if isinstance(config, dict) else None
    if (
        not isinstance(output, dict)
        or output.get("type") != "json_schema"
        or not isinstance(output.get("schema"), dict)
    ):
        raise Refused("output_config.format: Input should be of type 'json_schema' with a schema")
    check_schema(output["schema"])


def check_schema(schema: Any, where: str = "output_config.format.schema") -> None:
    """Raise `Refused` for a schema that structured output does not support."""
    if not isinstance(schema, dict):
        raise Refused(f"{where}: Input should be a valid dictionary")
    unknown = sorted(set(schema) - _SCHEMA_KEYWORDS)
    if unknown:
        raise Refused(f"{where}: For '{schema.get('type')}' type, property '{unknown[0]}' is not supported")
    _check_keywords(schema, where)
    if schema.get("type") == "object":
        _check_object(schema, where)
    for name in ("properties", "$defs", "definitions"):
        for key, inner in schema.get(name, {}).items():
            check_schema(inner, f"{where}.{name}.{key}")
    for name in ("anyOf", "allOf"):
        for number, inner in enumerate(schema.get(name, [])):
            check_schema(inner, f"{where}.{name}.{number}")
    if "items" in schema:
        check_schema(schema["items"], f"{where}.items")


def _check_keywords(schema: Mapping[str, Any], where: str) -> None:
    if not {"type", "anyOf", "allOf", "enum", "const", "$ref"} & set(schema):
        raise Refused(f"{where}: schema must have a 'type', 'anyOf', 'allOf', 'enum', 'const' or '$ref'")
    if "type" in schema and schema["type"] not in _TYPES:
        raise Refused(f"{where}.type: {schema['type']!r} is not supported")
    if "enum" in schema and not all(_primitive(value) for value in schema["enum"]):
        raise Refused(f"{where}.enum: complex values are not supported")
    if not schema.get("$ref", "#/").startswith("#/"):
        raise Refused(f"{where}.$ref: external references are not supported")
    if schema.get("minItems", 0) not in {0, 1}:
        raise Refused(f"{where}: For 'array' type, 'minItems' values other than 0 or 1 are not supported")
    if "format" in schema and schema["format"] not in _FORMATS:
        raise Refused(f"{where}.format: {schema['format']!r} is not supported")


def _check_object(schema: Mapping[str, Any], where: str) -> None:
    if schema.get("additionalProperties") is not False:
        raise Refused(f"{where}: For 'object' type, 'additionalProperties' must be explicitly set to false")
    missing = sorted(set(schema.get("required", [])) - set(schema.get("properties", {})))
    if missing:
        raise Refused(f"{where}.required: {missing[0]!r} is not among the properties")


def _primitive(value: Any) -> bool:
    return value is None or isinstance(value, str | int | float | bool)
