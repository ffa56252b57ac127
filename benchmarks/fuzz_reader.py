"""What the fuzz is told of a reader: valid samples, the form of its input, and how to read."""

import json
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from random import Random
from typing import Any, Literal

from pydantic import BaseModel

from benchmarks import fuzz_http, fuzz_mutations
from intent_assets.errors import IntentError

Form = Literal["body", "value", "text", "bytes", "answer"]
"""Bytes that should be JSON; a value that a JSON reader made of such; a text; other bytes; a whole HTTP answer."""

Read = Callable[[Any], object]
"""Reads one input and uses what it got as the pipeline does; raises for what it does not take."""


@dataclass(frozen=True)
class Reader:
    """One reader. `opened` gives `read` for as long as its block lasts; `refusals` are what it may raise.

    `share` is how many inputs it gets, compared with others: slow ones get fewer.
    """

    name: str
    form: Form
    samples: Callable[[], Sequence[Any]]
    opened: Callable[[], AbstractContextManager[Read]]
    share: float = 1.0
    refusals: tuple[type[Exception], ...] = (IntentError,)

    def valid(self) -> list[Any]:
        """The samples as inputs, undamaged."""
        if self.form == "body":
            return [json.dumps(sample).encode() for sample in self.samples()]
        if self.form == "answer":
            return [fuzz_http.answer(json.dumps(sample).encode()) for sample in self.samples()]
        return list(self.samples())

    def damaged(self, dice: Random) -> Any:
        """An input as `dice` draws it."""
        make: dict[Form, Callable[[Any, Random], Any]] = {
            "body": fuzz_mutations.body,
            "value": fuzz_mutations.value,
            "text": fuzz_mutations.text,
            "bytes": fuzz_mutations.damaged,
            "answer": fuzz_http.damaged_answer,
        }
        return make[self.form](dice.choice(self.samples()), dice)


def always(read: Read) -> Callable[[], AbstractContextManager[Read]]:
    """Return the `opened` of a reader that needs no preparation."""
    return lambda: nullcontext(read)


def kept(record: BaseModel) -> None:
    """Store a record as its JSON and read it back: what was accepted must not fail there, nor change."""
    content = record.model_dump_json().encode()
    again = type(record).model_validate_json(content)
    if again.model_dump_json().encode() != content:
        raise AssertionError(f"{type(record).__name__} is read back as another one than was stored")


def sent(value: Any) -> bytes:
    """Write a value as JSON, as it goes out or into a file."""
    return json.dumps(value, ensure_ascii=False).encode()
