"""Switchable misbehaviour of the stand-in: no answer, half an answer, answers that lie, and a judge that is no use."""

import json
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from intent_assets.sandbox.claude_lies import LIES, TYPED, lies
from intent_assets.sandbox.claude_request import Request

__all__ = ["KINDS", "TYPED", "Behaviour", "Behaviours", "misbehaved"]

JUDGE = "sentence_verdict"
REWRITER = "rewritten_sentences"

_JUDGES: Mapping[str, str] = {
    "judge:silent": "",
    "judge:no": json.dumps({"verdict": "not_in_evidence", "reason": "The stand-in was told to say no."}),
    "judge:yes": json.dumps({"verdict": "supported", "reason": "The stand-in was told to say yes."}),
    "judge:garbage": '{"verdict": "perhaps", "reasons": [',
}
KINDS = ("refuse", "cut_off", "invalid", *_JUDGES, *LIES)


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

    @property
    def is_lie(self) -> bool:
        """Whether it puts sentences into an answer that is as asked for in all else."""
        return self.kind in LIES

    def fits(self, prompt: str) -> bool:
        """Whether it can be played for an answer to `prompt`: the judge writes no sentences, and only it judges."""
        meant = prompt == JUDGE if self.kind in _JUDGES else prompt != JUDGE or not self.is_lie
        return meant and self.prompt in {None, prompt}


class Behaviours:
    """All that is switched on. The first that fits an answer is played; of lies, all that fit. Safe over threads."""

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

    def take(self, prompt: str) -> list[str]:
        """Return the kinds to play for an answer to `prompt`, counted down; none to behave well."""
        with self._lock:
            fitting = [each for each in self._all if each.fits(prompt)]
            played = [each for each in fitting if each.is_lie] if fitting and fitting[0].is_lie else fitting[:1]
            for each in played:
                if each.times is not None:
                    each.times -= 1
            self._all = [each for each in self._all if each.times != 0]
            return [each.kind for each in played]


def misbehaved(kinds: Sequence[str], text: str, asked: Request) -> tuple[str, str | None]:
    """Return the stop reason and the text of an answer that was to be `text`; `kinds` is what was taken for it."""
    if not kinds:
        return "end_turn", text
    kind = kinds[0]
    if kind == "refuse":
        return "refusal", None
    if kind == "cut_off":
        return "max_tokens", text[: len(text) // 2]
    if kind == "invalid":
        return "end_turn", f"Here is the answer:\n```json\n{text}\n```"
    if kind in _JUDGES:
        return "end_turn", _JUDGES[kind]
    return "end_turn", _lying(kinds, text, asked)


def _lying(kinds: Sequence[str], text: str, asked: Request) -> str:
    """Return the JSON with lies behind the first sentence about each buyer; what is written again is lies only."""

    def told(buyer_id: str | None) -> list[str]:
        return [line for kind in kinds for line in lies(kind, asked, buyer_id)]

    try:
        document = json.loads(text)
    except ValueError:
        return " ".join((text, *told(None)))
    if asked.prompt == REWRITER:
        _tell_again(document, told, asked)
    else:
        first: dict[str | None, list[Any]] = {}
        for sentences, buyer_id in _sentence_lists(document, None):
            first.setdefault(buyer_id, sentences)
        for buyer_id, sentences in first.items():
            sentences[1:1] = told(buyer_id)
    return json.dumps(document, ensure_ascii=False)


def _tell_again(document: Any, told: Callable[[str | None], list[str]], asked: Request) -> None:
    whose = {each.number: each.buyer_id for each in asked.to_write_again}
    for place, each in enumerate(document["sentences"]):
        again = told(whose.get(each["number"]))
        each["sentence"] = again[place % len(again)]


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
