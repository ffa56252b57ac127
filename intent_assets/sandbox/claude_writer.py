"""Fills in the JSON schema of a structured answer from the request's data block."""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from intent_assets.sandbox.claude_judge import judged
from intent_assets.sandbox.claude_plan import ideal_buyer, plan
from intent_assets.sandbox.claude_request import Buyer, Request
from intent_assets.sandbox.claude_rewriter import NOBODY, rewritten
from intent_assets.sandbox.claude_sentences import Pen

MOST_DEPTH = 12
ONLY_SENTENCE = "Ask the buyer who decides on this, and offer a short walk-through."

Schema = Mapping[str, Any]

_TOPICS: tuple[tuple[tuple[str, ...], Callable[[Pen], Iterable[str]]], ...] = (
    (("call to action", "whom to contact"), Pen.action),
    (("looked through", "executive"), Pen.summary),
    (("reason to act", "why_now"), Pen.timing),
    (("why_this", "fits what"), Pen.fit),
    (("how large", "profile"), Pen.profile),
)

_SPECIAL: Mapping[str, Callable[[Request], str]] = {"sentence_verdict": judged, "rewritten_sentences": rewritten}


def answer(asked: Request) -> str:
    """Return the text of the answer: JSON of the asked schema, or plain words where none is asked for."""
    if not asked.schema:
        return "This is a stand-in for Claude; ask it with a JSON schema and a data block."
    special = _SPECIAL.get(asked.prompt)
    if special is not None:
        return special(asked)
    return json.dumps(_Filler(asked).fill(asked.schema, ()), ensure_ascii=False)


class _Filler:
    """Walks a schema; `path` holds the names on the way, `pen` writes about the buyer in whose card it is."""

    def __init__(self, asked: Request) -> None:
        self._asked = asked
        self._lead = asked.buyers[0] if asked.buyers else NOBODY

    def fill(self, schema: Schema, path: tuple[str, ...], pen: Pen | None = None) -> Any:
        """Return a value of the schema."""
        schema = self._resolved(schema)
        pen = pen or Pen(self._asked, self._lead)
        if len(path) > MOST_DEPTH:
            return None
        if "const" in schema or schema.get("enum"):
            return schema["const"] if "const" in schema else schema["enum"][0]
        kind = schema.get("type")
        if kind == "object":
            return self._object(schema, path, pen)
        if kind == "array":
            return self._array(schema, path, pen)
        if kind == "string":
            return self._string(path, pen)
        return {"integer": 0, "number": 0, "boolean": False}.get(str(kind))

    def _object(self, schema: Schema, path: tuple[str, ...], pen: Pen) -> dict[str, Any]:
        properties = schema.get("properties", {})
        return {name: self.fill(inner, (*path, name), pen) for name, inner in properties.items()}

    def _array(self, schema: Schema, path: tuple[str, ...], pen: Pen) -> list[Any]:
        items = self._resolved(schema.get("items", {}))
        if items.get("type") == "object":
            return self._objects(items, path, pen)
        planned = plan(self._asked, path[-1] if path else "", [str(value) for value in items.get("enum", [])])
        if planned is not None:
            return planned
        if items.get("type") != "string":
            return [self.fill(items, (*path, "item"), pen)]
        topic = f"{self._asked.prompt} {'.'.join(path)} {schema.get('description', '')}".lower()
        written = self._kept(
            next((write for words, write in _TOPICS if any(word in topic for word in words)), Pen.card)(pen)
        )
        may_be_empty = "empty if" in topic and not schema.get("minItems")
        return written or ([] if may_be_empty else [ONLY_SENTENCE])

    def _objects(self, items: Schema, path: tuple[str, ...], pen: Pen) -> list[Any]:
        properties = items.get("properties", {})
        if "buyer_id" in properties and self._asked.buyers:
            return [self._card(items, path, buyer, turn) for turn, buyer in enumerate(self._asked.buyers)]
        choice = next((name for name, inner in properties.items() if self._resolved(inner).get("enum")), None)
        lists = [name for name, inner in properties.items() if self._resolved(inner).get("type") == "array"]
        if choice is None or not lists:
            return [self.fill(items, (*path, "item"), pen)]
        steps = [(about, self._kept(pen.step(str(about)))) for about in self._resolved(properties[choice])["enum"]]
        written = [(about, sentences) for about, sentences in steps if sentences] or [(steps[0][0], [ONLY_SENTENCE])]
        return [
            {**self._object(items, path, pen), choice: about, lists[0]: sentences} for about, sentences in written[:5]
        ]

    def _card(self, items: Schema, path: tuple[str, ...], buyer: Buyer, turn: int) -> dict[str, Any]:
        pen = Pen(self._asked, buyer, turn)
        filled = {
            name: inner for name, inner in self._object(items, (*path, "card"), pen).items() if name != "buyer_id"
        }
        lists = [name for name, inner in items["properties"].items() if self._resolved(inner).get("type") == "array"]
        return {"buyer_id": buyer.id, **filled, **{name: self._kept(pen.card()) or [ONLY_SENTENCE] for name in lists}}

    def _string(self, path: tuple[str, ...], pen: Pen) -> str:
        name = path[-1] if path else ""
        if "buyer_id" in name:
            return pen.buyer.id
        if "ideal" in name:
            return ideal_buyer(self._asked)
        return next(iter(self._kept(pen.card())), ONLY_SENTENCE)

    def _kept(self, sentences: Iterable[str]) -> list[str]:
        """The sentences, each once, without those that a check has quoted as faulty."""
        return [line for line in dict.fromkeys(sentences) if not any(line in fault for fault in self._asked.faults)]

    def _resolved(self, schema: Schema) -> Schema:
        for _ in range(MOST_DEPTH):
            if "$ref" in schema:
                place: Any = self._asked.schema
                for name in str(schema["$ref"]).removeprefix("#/").split("/"):
                    place = place.get(name, {}) if isinstance(place, dict) else {}
                schema = place
            elif schema.get("anyOf") or schema.get("allOf"):
                schema = (schema.get("anyOf") or schema["allOf"])[0]
            else:
                break
        return schema
