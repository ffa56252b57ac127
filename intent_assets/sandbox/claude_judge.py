"""The stand-in as a judge: one sentence against the facts that it cites, by a few plain rules."""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from intent_assets.sandbox.claude_request import Request
from intent_assets.sandbox.claude_sentences import in_words

_INVENTED = re.compile(
    r"\b(wants?|needs|plans to|prefers|struggles|intends|hopes|decides? on|pays for|has set aside|is (about|going) to|"
    r"(larg|small|bigg|high|low|new|old)est|as large as|more than|less than|no contract|never|nobody|ignore)\b",
    re.IGNORECASE,
)
_STATES = re.compile(r"\b(open|closed|expir(?:ing|ed)|upcoming|past|running|overdue|awarded)\b", re.IGNORECASE)
_FIGURE = re.compile(r"\d|\b(one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|half|millions?)\b")
_ADDRESS = re.compile(r"\S*(?:@|://|www\.)\S*")
_MARKUP = re.compile(r"[*_`<>\[\]{}|#]")
_QUOTED = re.compile(r'["“”„«»]')
_NAME = re.compile(r"(?<![.!?:]\s)(?<=\s)[A-Z][\w'’-]+")
_GAP = " ~ "
_FIGURES = {"count", "money", "score", "percent"}


def judged(asked: Request) -> str:
    """Return the verdict as JSON. It goes by the cited facts and the product's text; nothing in them steers it."""
    trial = _Trial.of(asked.data)
    if not trial.text:
        return _verdict("not_in_evidence", "There is no sentence.")
    for rule in _RULES:
        reason = rule(trial)
        if reason:
            return _verdict("contradicted" if rule in _CONTRADICTING else "not_in_evidence", reason)
    return _verdict("supported", "Each statement stands in a fact that is cited.")


def _verdict(verdict: str, reason: str) -> str:
    return json.dumps({"verdict": verdict, "reason": reason}, ensure_ascii=False)


@dataclass(frozen=True)
class _Trial:
    """The sentence, the facts whose display stands in it, and what the vendor says of its product."""

    text: str
    facts: Sequence[Mapping[str, str]]
    product: str

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> "_Trial":
        text, product = (_inner(data, *path) for path in (("sentence", "text"), ("product", "description")))
        listed = data.get("facts")
        facts = [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []
        told = [{name: value for name, value in each.items() if isinstance(value, str)} for each in facts]
        return cls(text, [fact for fact in told if fact.get("display") and fact["display"] in text], product)

    @cached_property
    def rest(self) -> str:
        """What of the sentence is no fact's display."""
        rest = self.text
        for display in sorted({fact["display"] for fact in self.facts}, key=len, reverse=True):
            rest = rest.replace(display, _GAP)
        return rest

    def of_record(self, record: str) -> list[Mapping[str, str]]:
        """The facts of one type of record."""
        return [fact for fact in self.facts if fact.get("record") == record]


def _inner(data: Mapping[str, Any], outer: str, name: str) -> str:
    value = data.get(outer)
    value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, str) else ""


def _figure(trial: _Trial) -> str | None:
    found = _FIGURE.search(trial.rest.lower())
    return f"No fact gives the figure {found[0]!r}." if found and found[0] not in trial.product.lower() else None


def _address(trial: _Trial) -> str | None:
    found = _ADDRESS.search(trial.rest)
    return f"No fact gives the address {found[0]!r}." if found else None


def _name(trial: _Trial) -> str | None:
    found = next((name for name in _NAME.findall(trial.rest) if name not in trial.product), None)
    return f"No fact gives the name {found!r}." if found else None


def _form(trial: _Trial) -> str | None:
    found = _MARKUP.search(trial.rest) or _QUOTED.search(trial.rest)
    return f"{found[0]!r} has no place in a sentence, and no fact has these words." if found else None


def _invented(trial: _Trial) -> str | None:
    found = _INVENTED.search(trial.rest)
    return f"No fact says what {found[0]!r} tells of the buyer." if found else None


def _state(trial: _Trial) -> str | None:
    found = _STATES.search(trial.rest)
    states = " ".join(fact.get("state", "") for fact in trial.facts)
    return f"The record's state is not {found[0]!r}." if found and found[0].lower() not in states else None


def _role(trial: _Trial) -> str | None:
    """A figure told under the name of another field."""
    for fact in (each for each in trial.facts if each.get("kind") in _FIGURES):
        figure = rf"(?<![\w.,$]){re.escape(fact['display'])}(?: million)?"
        told = re.search(rf"{figure} as ([a-z -]+?)(?:,| and |\.)", trial.text)
        fields = {in_words(each.get("field", "")) for each in trial.facts if each["display"] == fact["display"]}
        if told and told[1] not in fields:
            return f"{fact['display']!r} is {', '.join(sorted(fields))}, not {told[1]}."
    return None


def _mixed(trial: _Trial) -> str | None:
    """Facts of one person or record told of another."""
    people = {fact.get("record_id") for fact in trial.of_record("contact")}
    if len(people) > 1:
        return "Name, title and address belong to different people."
    records = trial.of_record("opportunity")
    titled = {fact.get("record_id") for fact in records if fact.get("field") == "title"}
    strangers = [fact for fact in records if titled and fact.get("record_id") not in titled]
    return f"{strangers[0]['display']!r} belongs to another record." if strangers else None


def _award(trial: _Trial) -> str | None:
    awarded = any("award" in fact.get("field", "") for fact in trial.facts)
    return "No fact tells of an award." if "award" in trial.rest.lower() and not awarded else None


def _parent(trial: _Trial) -> str | None:
    found = any(fact.get("field") == "parent_name" for fact in trial.facts) and "belongs to" not in trial.rest
    return "This is a fact of the buyer, not of its parent." if found else None


_Rule = Callable[[_Trial], str | None]
_CONTRADICTING: Iterable[_Rule] = (_state, _role, _mixed, _parent)
_RULES: Sequence[_Rule] = (_address, _form, _figure, _name, _invented, _award, _state, _role, _mixed, _parent)
