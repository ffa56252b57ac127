"""Switchable misbehaviour of the stand-in: no answer, half an answer, and answers that lie."""

import json
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from intent_assets.sandbox.claude_request import Request

TYPED: Mapping[str, str] = {
    "lie:figure": "The buyer has set aside $4.2 million for this.",
    "lie:date": "Answers are wanted by 14 March 2027.",
    "lie:name": "Ask for Jonathan Brackwater, who signs for purchases like this.",
    "lie:email": "Write to j.brackwater@procurement.example and ask for the file.",
    "lie:status": "The tender is open and a contract is expiring soon.",
    "lie:unknown_slot": "The file names {{E999999999}} as the person to ask.",
}
KINDS = ("refuse", "cut_off", "invalid", *TYPED, "lie:other_buyer")


@dataclass
class Behaviour:
    """One switched-on misbehaviour; `times` counts down, None never ends."""

    kind: str
    prompt: str | None = None
    times: int | None = None

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"{self.kind!r} is none of {', '.join(KINDS)}")
        if self.times is not None and self.times < 1:
            raise ValueError(f"times is {self.times}, not a number from 1 on")


class Behaviours:
    """All that is switched on; the first that fits an answer is played. Safe over threads."""

    def __init__(self) -> None:
        self._all: list[Behaviour] = []
        self._lock = threading.Lock()

    def add(self, behaviour: Behaviour) -> None:
        """Switch one more on."""
        with self._lock:
            self._all.append(behaviour)

    def replace(self, behaviours: Iterable[Behaviour]) -> None:
        """Switch exactly these on."""
        with self._lock:
            self._all = list(behaviours)

    def shown(self) -> list[dict[str, Any]]:
        """What is switched on, as plain values."""
        with self._lock:
            return [asdict(behaviour) for behaviour in self._all]

    def take(self, prompt: str) -> Behaviour | None:
        """Return the one to play for an answer to `prompt`, counted down; None to behave well."""
        with self._lock:
            found = next((each for each in self._all if each.prompt in {None, prompt}), None)
            if found is not None and found.times is not None:
                found.times -= 1
                if not found.times:
                    self._all.remove(found)
            return found


def misbehaved(kind: str, text: str, asked: Request) -> tuple[str, str | None]:
    """Return the stop reason and the text of an answer that was to be `text`."""
    if kind == "refuse":
        return "refusal", None
    if kind == "cut_off":
        return "max_tokens", text[: len(text) // 2]
    if kind == "invalid":
        return "end_turn", f"Here is the answer:\n```json\n{text}\n```"
    return "end_turn", _with_lie(text, _lie(kind, asked))


def _lie(kind: str, asked: Request) -> Callable[[str | None], str]:
    if kind != "lie:other_buyer":
        return lambda _buyer_id: TYPED[kind]

    def other(buyer_id: str | None) -> str:
        own = buyer_id or next((buyer.id for buyer in asked.buyers), None)
        others = (buyer for buyer in asked.buyers if buyer.id != own)
        fact = next((fact for buyer in others for group in buyer.groups for fact in group.facts), None)
        slot = fact.slot if fact else "Harrowgate Unified School District"
        return f"The same office works on {slot} at this time."

    return other


def _with_lie(text: str, lie: Callable[[str | None], str]) -> str:
    """Return the JSON with a lying sentence behind the first one of each list of sentences."""
    try:
        document = json.loads(text)
    except ValueError:
        return f"{text} {lie(None)}"
    for sentences, buyer_id in list(_sentence_lists(document, None)):
        sentences.insert(1, lie(buyer_id))
    return json.dumps(document, ensure_ascii=False)


def _sentence_lists(value: Any, buyer_id: str | None) -> Iterator[tuple[list[Any], str | None]]:
    if isinstance(value, dict):
        own = value.get("buyer_id")
        for inner in value.values():
            yield from _sentence_lists(inner, own if isinstance(own, str) else buyer_id)
    elif isinstance(value, list):
        if value and all(isinstance(item, str) and item.rstrip().endswith(".") for item in value):
            yield value, buyer_id
        else:
            for inner in value:
                yield from _sentence_lists(inner, buyer_id)
