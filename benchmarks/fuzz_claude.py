"""Readers of Claude's answers: the message, each form of answer, and what code makes of it."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from pydantic import BaseModel

from benchmarks.fuzz_reader import Reader, always, kept, sent
from benchmarks.fuzz_samples import message
from benchmarks.fuzz_texts import material, templates
from intent_assets.claims import Section
from intent_assets.prompts import judging, rewriting, strategy
from intent_assets.prompts.sections import WRITERS
from intent_assets.records import SectionName
from intent_assets.resources.claude_answers import read_message, value_of
from tests.builders import SECONDARY, a_reply

STRATEGY = {
    "segments": ["school districts"],
    "ideal_buyer": "A district that wants its students ready for work.",
    "primary_keywords": ["career services", "career readiness"],
    "alternate_keywords": ["job readiness"],
    "meeting_keywords": ["jobs after school"],
    "rfp_keywords": ["career platform"],
    "buyer_types": ["SchoolDistrict"],
    "opportunity_types": ["RFP", "Meeting"],
    "states": ["NY"],
}


def _answers(name: SectionName) -> Sequence[Any]:
    one, two = templates()[:2]
    forms: dict[SectionName, Any] = {
        "executive_summary": {"sentences": [one, two]},
        "featured_section": {"why_this_buyer": [one], "why_now": [two]},
        "secondary_cards": {"cards": [{"buyer_id": SECONDARY, "sentences": [one]}]},
        "profile_summary": {"sentences": [one]},
        "gameplan": {
            "relevancy": [one], "pitch_angle": [two], "steps": [{"about": "prepare", "sentences": [one, "Call them."]}],
        },
        "call_to_action": {"sentences": ["Write to them."]},
    }  # fmt: skip
    return [message(forms[name])]


def _section(name: SectionName, answer: Any) -> None:
    writer = WRITERS[name]
    sent(list(writer.objections(answer, material())))
    section: Section = writer.section(answer, material())
    kept(section)


def _strategy(answer: strategy.Strategy) -> None:
    used = strategy.Used(keywords=("career services",), segments=("cities",))
    sent(strategy.objections(answer, used))
    found = strategy.strategy(answer, a_reply(), used=used)
    kept(found)
    sent(strategy.product(a_reply()))


def _rewritten(answer: rewriting.RewrittenSentences) -> None:
    sent([*rewriting.texts(answer, 3).values()])


def _read(output: type[BaseModel], use: Callable[[Any], None], given: bytes) -> None:
    use(value_of("fuzz", read_message("fuzz", given), output))


def _reader(
    name: str, samples: Callable[[], Sequence[Any]], output: type[BaseModel], use: Callable[[Any], None], share: float
) -> Reader:
    return Reader(f"Claude: {name}", "body", samples, always(partial(_read, output, use)), share)


_VERDICT = {"verdict": "supported", "reason": "The title says so."}
_REWRITTEN = {"sentences": [{"number": 1, "sentence": "They ask for bids."}, {"number": 2, "sentence": ""}]}

READERS = (
    _reader("strategy", lambda: [message(STRATEGY)], strategy.Strategy, _strategy, 3),
    *(
        _reader(name, partial(_answers, name), writer.prompt.output, partial(_section, name), 1)
        for name, writer in WRITERS.items()
    ),
    _reader("judge", lambda: [message(_VERDICT)], judging.SentenceVerdict, kept, 2),
    _reader("rewriter", lambda: [message(_REWRITTEN)], rewriting.RewrittenSentences, _rewritten, 2),
)
