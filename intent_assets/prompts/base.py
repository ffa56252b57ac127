"""What every prompt is made of: instructions, an output type, and a block of data from outside."""

import hashlib
import json
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any, Generic, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict

CHARACTERS_PER_TOKEN = 4

_WITHOUT_END = re.compile(r"(?:\w|\}\}|(?<![.!?…])[)\"'”’»])$")

T = TypeVar("T", bound=BaseModel)


class Output(BaseModel):
    """Base of the output types: frozen, and nothing but the named fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


def one_line(text: str) -> str:
    """Return `text` with control characters and runs of white space as one space, trimmed."""
    return " ".join("".join(" " if unicodedata.category(char) == "Cc" else char for char in text).split())


def _usable(sentences: list[str]) -> list[str]:
    return [ended(line) for line in map(one_line, sentences) if line]


def ended(line: str) -> str:
    """Return a sentence with an end: what stands behind one must not run into it."""
    return f"{line}." if _WITHOUT_END.search(line) else line


Sentences = Annotated[list[str], AfterValidator(_usable)]
"""Sentences with slots, empty ones dropped, each with an end."""


@dataclass(frozen=True)
class Prompt(Generic[T]):
    """One prompt. `instructions` go to the system field; `output` is what the answer has to be."""

    name: str
    instructions: str
    output: type[T]

    @cached_property
    def version(self) -> str:
        """Ten hexadecimal digits that change with the instructions and with the form of the answer."""
        schema = json.dumps(self.output.model_json_schema(), sort_keys=True)
        return hashlib.sha256(f"{self.instructions}\n{schema}".encode()).hexdigest()[:10]


@dataclass(frozen=True)
class Part:
    """One whole record of a data block, kept or left out as a whole.

    `section` is the top-level name in the document. With a `key` the content stands in an object under that key,
    else in a list; parts of one `owner` (say, a buyer) stand together in that owner's `records`.
    `label` and `about` name the record in words where it was left out: "opportunity" and its title.
    """

    section: str
    content: Any
    label: str
    about: str = ""
    key: str | None = None
    owner: tuple[tuple[str, str], ...] | None = None

    @property
    def whose(self) -> str:
        """The name of the owner, or nothing."""
        return dict(self.owner).get("buyer", "") if self.owner else ""


@dataclass(frozen=True)
class Rendered:
    """A data block as the model gets it; `shortened` tells in words what was left out."""

    text: str
    shortened: tuple[str, ...]


@dataclass(frozen=True)
class DataBlock:
    """Data from outside for one prompt: whole records, the most important first."""

    parts: tuple[Part, ...]

    def render(self, max_tokens: int) -> Rendered:
        """Return one JSON document inside `<data>` tags that holds as many whole records as fit.

        A token counts as four characters. A record that is too long by itself is left out, then records
        from the end. `<`, `>` and `&` are escaped, so that nothing inside can end the block.
        """
        limit = max_tokens * CHARACTERS_PER_TOKEN
        fitting = [part for part in self.parts if len(_block([part])) <= limit]
        kept = bisect_right(range(len(fitting) + 1), limit, key=lambda count: len(_block(fitting[:count]))) - 1
        fitting = fitting[: max(kept, 0)]
        included = set(map(id, fitting))
        return Rendered(_block(fitting), _told([part for part in self.parts if id(part) not in included]))


def escaped_json(value: Any) -> str:
    """Return `value` as JSON in which `<`, `>` and `&` are escaped, so that it can't hold or end a tag."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace").decode()
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def _block(parts: Sequence[Part]) -> str:
    return f"<data>\n{escaped_json(_document(parts))}\n</data>"


def _document(parts: Sequence[Part]) -> Mapping[str, Any]:
    document: dict[str, Any] = {}
    owned: dict[tuple[str, Any], list[Any]] = {}
    for part in parts:
        if part.key is not None:
            document.setdefault(part.section, {})[part.key] = part.content
        elif part.owner is None:
            document.setdefault(part.section, []).append(part.content)
        else:
            place = (part.section, part.owner)
            if place not in owned:
                owned[place] = []
                document.setdefault(part.section, []).append({**dict(part.owner), "records": owned[place]})
            owned[place].append(part.content)
    return document


def _told(dropped: Sequence[Part], named: int = 3) -> tuple[str, ...]:
    groups: dict[tuple[str, str], list[str]] = {}
    for part in dropped:
        groups.setdefault((part.whose, part.label), []).append(part.about)
    lines = []
    for (whose, label), titles in groups.items():
        known = [title for title in titles if title]
        line = f"left out, too long for the model: {len(titles)} x {label}" + (f" of {whose}" if whose else "")
        if known:
            more = len(titles) - len(known[:named])
            line += ": " + "; ".join(known[:named]) + (f"; and {more} more" if more else "")
        lines.append(line)
    return tuple(lines)
