"""Reads a request of the Messages API: texts, schema, the data block, and what was objected to before."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

_BLOCK = re.compile(r"<data>\s*(.*?)\s*</data>", re.DOTALL)
_FAULTS = re.compile(r"<faults>\s*(.*?)\s*</faults>", re.DOTALL)


@dataclass(frozen=True)
class Fact:
    """A fact of the data block, as far as it is given."""

    id: str
    field: str
    kind: str
    display: str

    @property
    def slot(self) -> str:
        """The slot that stands for it in a sentence."""
        return "{{" + self.id + "}}"


@dataclass(frozen=True)
class Group:
    """Facts that stand together in one record."""

    record: str
    state: str
    facts: tuple[Fact, ...]

    def first(self, kind: str, *fields: str) -> Fact | None:
        """The first fact of a kind whose field holds one of the words `fields` (any field without them)."""
        words = fields or ("",)
        return next(
            (fact for word in words for fact in self.facts if fact.kind == kind and word in fact.field.lower()), None
        )


@dataclass(frozen=True)
class Buyer:
    """An entry of the data block with records of its own; `id` is empty for what belongs to no buyer."""

    id: str
    name: str
    groups: tuple[Group, ...]

    def of(self, record: str) -> tuple[Group, ...]:
        """Its records of one type."""
        return tuple(group for group in self.groups if group.record == record)


@dataclass(frozen=True)
class Objected:
    """A sentence that is to be written again: its number, its text, whose it is (empty: not told), what is wrong."""

    number: int
    sentence: str
    buyer_id: str
    faults: tuple[str, ...] = ()

    @property
    def as_a_whole(self) -> bool:
        """Whether all of it is objected to, as a judge does, and not some words of it."""
        return any(self.sentence in fault for fault in self.faults)


@dataclass(frozen=True)
class Request:
    """A valid request. `data` is the document of the data block, empty if there is none that can be read."""

    body: Mapping[str, Any]
    data: Mapping[str, Any] = field(default_factory=dict)
    faults: tuple[str, ...] = ()

    @classmethod
    def of(cls, body: Mapping[str, Any]) -> "Request":
        """Read the texts of the messages; the first data block counts, and the last list of faults."""
        texts = [text for message in body["messages"] for text in text_of(message["content"])]
        block = next((found[1] for text in texts if (found := _BLOCK.search(text))), "{}")
        faults = next((found[1] for text in reversed(texts) if (found := _FAULTS.search(text))), "[]")
        data, listed = _json(block), _json(faults)
        return cls(
            body,
            data if isinstance(data, dict) else {},
            _lines(listed),
        )

    @cached_property
    def schema(self) -> Mapping[str, Any]:
        """The schema of the answer, empty where none is asked for."""
        config = self.body.get("output_config") or {}
        schema: Mapping[str, Any] = (config.get("format") or {}).get("schema") or {}
        return schema

    @cached_property
    def prompt(self) -> str:
        """The schema's title in snake case, the nearest thing to a name that a request has."""
        title = self.schema.get("title")
        return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", title).lower() if isinstance(title, str) else ""

    @cached_property
    def buyers(self) -> tuple[Buyer, ...]:
        """The entries of the data block with records, in its order."""
        entries = self.data.get("buyers")
        return tuple(
            Buyer(_text(entry, "buyer_id"), _text(entry, "buyer"), tuple(_groups(entry.get("records"))))
            for entry in (entries if isinstance(entries, list) else [])
            if isinstance(entry, dict)
        )

    @cached_property
    def run(self) -> tuple[Group, ...]:
        """Records that belong to no buyer."""
        return tuple(_groups(self.data.get("run")))

    @cached_property
    def to_write_again(self) -> tuple[Objected, ...]:
        """The sentences that a check objected to."""
        entries = self.data.get("to_write_again")
        return tuple(
            Objected(entry["number"], _text(entry, "sentence"), _text(entry, "buyer_id"), _lines(entry.get("faults")))
            for entry in (entries if isinstance(entries, list) else [])
            if isinstance(entry, dict) and isinstance(entry.get("number"), int)
        )

    def told(self, name: str) -> str:
        """A text of the data block, at its top or under `reply`; nothing if it is not there."""
        reply = self.data.get("reply")
        return _text(self.data, name) or (_text(reply, name) if isinstance(reply, dict) else "")


def text_of(content: Any) -> list[str]:
    """The texts of a content field in either form."""
    return [content] if isinstance(content, str) else [block["text"] for block in content]


def _groups(records: Any) -> Iterator[Group]:
    for record in records if isinstance(records, list) else []:
        if isinstance(record, dict) and isinstance(record.get("facts"), list):
            facts = tuple(
                Fact(_text(fact, "id"), _text(fact, "field"), _text(fact, "kind"), _text(fact, "display"))
                for fact in record["facts"]
                if isinstance(fact, dict) and _text(fact, "id")
            )
            yield Group(_text(record, "record"), _text(record, "state"), facts)


def _lines(value: Any) -> tuple[str, ...]:
    return tuple(line for line in value if isinstance(line, str)) if isinstance(value, list) else ()


def _text(holder: Mapping[str, Any], name: str) -> str:
    value = holder.get(name)
    return value if isinstance(value, str) else ""


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None
