"""Faults that a stand-in can be told to play, and the plan that says which request gets which.

`--faults SPEC` is a list of rules, separated by `;`:

    SPEC = RULE [; RULE ...]
    RULE = SERVICE.OPERATION=KIND[:STATUS][:OPTION=VALUE ...]

SERVICE is starbridge, claude, notion, clay, smartlead, supabase or `*`; OPERATION is a name or `*`, for all.

    KIND        what the client sees
    status      an error answer: STATUS (503 unless told), in the service's own error form
    html        an error answer with an HTML page: STATUS (502 unless told)
    empty       200 without a body
    envelope    200 with the service's failure envelope
    replace     200 with `body` instead of the real answer
    drop        the connection closes without an answer; nothing was carried out
    drop_after  the operation is carried out, then the connection closes without an answer
    cut         the operation is carried out, half of the answer's body is sent, then the connection closes
    hang        nothing comes; after `seconds` (600 unless told) the connection closes

    OPTION       VALUE
    p            probability from 0 to 1 (1 unless told)
    times        play it so many times, then no more
    after        let the first so many requests pass
    status       the same as :STATUS
    retry_after  value of the Retry-After header: seconds, or `date+N` for the HTTP date N seconds ahead
    seconds      how long `hang` holds the connection
    body         the body to answer with, or `@FILE` that holds it; JSON is sent as JSON, other text as text

Examples:

    notion.create_page=drop_after:times=1
    starbridge.*=status:503:p=0.2:retry_after=1;claude.messages=status:529:after=3:times=2
"""

import json
import random
import re
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from intent_assets.errors import IntentError

Kind = Literal["status", "drop", "hang", "cut", "envelope", "drop_after", "empty", "html", "replace"]
FaultService = Literal["starbridge", "claude", "notion", "clay", "smartlead", "supabase", "*"]

FORM = (
    "SERVICE.OPERATION=KIND[:STATUS][:OPTION=VALUE ...], several joined by ';', "
    "e.g. notion.create_page=drop_after:times=1;starbridge.*=status:503:p=0.2:retry_after=1. "
    f"SERVICE: {', '.join(get_args(FaultService))}. KIND: {', '.join(get_args(Kind))}. "
    "OPTION: p, times, after, status, retry_after, seconds, body"
)

_OPTIONS = {"p": "probability", "probability": "probability"} | {
    name: name for name in ("times", "after", "status", "retry_after", "seconds", "body")
}


class InvalidFaults(IntentError):
    """A text or list that describes no faults; the message shows the form."""


class Fault(BaseModel):
    """One fault. `operation` is a name or `*`; what each `kind` does stands in this module's docstring.

    `after` lets the first n matching requests pass, `times` ends it after n plays. `status` is for `status` and `html`,
    `seconds` for `hang`. `retry_after` is sent as it is, but `date+N` as the HTTP date N seconds ahead. `body` is
    text, or any JSON value that is sent as JSON; None takes the service's own error form.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    service: FaultService
    operation: str = Field(default="*", min_length=1)
    kind: Kind
    probability: float = Field(default=1.0, ge=0, le=1)
    times: int | None = Field(default=None, ge=1)
    after: int = Field(default=0, ge=0)
    status: int | None = Field(default=None, ge=200, le=599)
    retry_after: str | None = Field(default=None, coerce_numbers_to_str=True)
    body: Any = None
    seconds: float = Field(default=600.0, ge=0)

    @field_validator("retry_after")
    @classmethod
    def _date_ahead(cls, value: str | None) -> str | None:
        if value is not None and value.startswith("date+") and not value.removeprefix("date+").isdecimal():
            raise ValueError(f"{value!r} is not date+N with N in whole seconds")
        return value

    def matches(self, service: str, operations: Sequence[str]) -> bool:
        """Say whether it is meant for a request of this service that goes by any of these names."""
        return self.service in ("*", service) and (self.operation == "*" or self.operation in operations)


@dataclass(frozen=True)
class Fired:
    """A fault that was played: for which request, and when (`time.monotonic()`)."""

    fault: Fault
    service: str
    operation: str
    at: float

    @property
    def kind(self) -> Kind:
        return self.fault.kind


@dataclass
class _Entry:
    fault: Fault
    dice: random.Random
    seen: int = 0
    played: int = 0

    def wants(self) -> bool:
        """Count the request, and say whether it gets the fault."""
        self.seen += 1
        if self.seen <= self.fault.after or (self.fault.times is not None and self.played >= self.fault.times):
            return False
        return self.fault.probability >= 1 or self.dice.random() < self.fault.probability


@dataclass
class FaultPlan:
    """The faults of a whole sandbox, safe to change while it runs. Of several that fit, the first is played.

    `fired` is the log of what was played. The same seed and the same requests give the same faults.
    """

    seed: int = 7
    fired: list[Fired] = field(default_factory=list)
    _entries: list[_Entry] = field(default_factory=list, init=False, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)

    @property
    def faults(self) -> list[Fault]:
        """The faults of the plan, those that are used up included."""
        with self._lock:
            return [entry.fault for entry in self._entries]

    def add(self, *faults: Fault) -> None:
        """Add faults behind those that are there."""
        with self._lock:
            for fault in faults:
                dice = random.Random(f"{self.seed}.{len(self._entries)}.{fault.service}.{fault.operation}")
                self._entries.append(_Entry(fault, dice))

    def clear(self) -> None:
        """Take all faults out; the log stays."""
        with self._lock:
            self._entries.clear()

    def replace(self, faults: Sequence[Fault]) -> None:
        """Take all faults out and put these in."""
        self.clear()
        self.add(*faults)

    def take(self, service: str, *operations: str) -> Fault | None:
        """Return the fault for a request that goes by these names, the most exact one first, and log it."""
        with self._lock:
            matching = [entry for entry in self._entries if entry.fault.matches(service, operations)]
            wanting = [entry for entry in matching if entry.wants()]
            if not wanting:
                return None
            wanting[0].played += 1
            fault = wanting[0].fault
            self.fired.append(Fired(fault, service, operations[0], time.monotonic()))
            return fault


def parse_faults(text: str) -> list[Fault]:
    """Read a SPEC (this module's docstring has the grammar); raise `InvalidFaults` that shows the form."""
    return [_parse_rule(rule.strip()) for rule in text.split(";") if rule.strip()]


def faults_from_json(items: Any) -> list[Fault]:
    """Read faults from a JSON list of objects with the fields of `Fault`; raise `InvalidFaults`."""
    if not isinstance(items, list):
        raise InvalidFaults("faults have to be a JSON list of objects with service, operation, kind and options")
    return [_fault(item if isinstance(item, dict) else {}, f"item {place}") for place, item in enumerate(items)]


def _parse_rule(rule: str) -> Fault:
    match = re.fullmatch(r"\s*(?P<service>[\w*]+)\.(?P<operation>[\w*]+)\s*=\s*(?P<how>.+)", rule, re.DOTALL)
    if match is None:
        raise InvalidFaults(f"fault {rule!r} is not readable; the form is {FORM}")
    kind, *options = match["how"].split(":")
    fields: dict[str, Any] = {"service": match["service"], "operation": match["operation"], "kind": kind.strip()}
    for option in options:
        name, equals, value = (part.strip() for part in option.partition("="))
        if not equals and name.isdecimal():
            name, value = "status", name
        if name not in _OPTIONS:
            raise InvalidFaults(f"fault {rule!r}: {option!r} is no option; the form is {FORM}")
        fields[_OPTIONS[name]] = _read_body(value) if name == "body" else value
    return _fault(fields, repr(rule))


def _read_body(value: str) -> Any:
    if value.startswith("@"):
        try:
            value = Path(value[1:]).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as problem:
            raise InvalidFaults(f"fault body {value!r} can't be read: {problem}") from None
    try:
        return json.loads(value)
    except json.JSONDecodeError:
        return value


def _fault(fields: dict[str, Any], where: str) -> Fault:
    try:
        return Fault.model_validate(fields)
    except ValidationError as problem:
        details = "; ".join(
            f"{'.'.join(str(part) for part in error['loc'])}: {error['msg']}"
            for error in problem.errors(include_url=False, include_context=False, include_input=False)
        )
        raise InvalidFaults(f"fault {where}: {details}; the form is {FORM}") from None
