"""Readers of texts and of what they are held against: the gate, `verify`, edited reports, pages, the buyer chat."""

import json
from collections.abc import Sequence
from functools import cache
from typing import Any

from benchmarks.fuzz_reader import Reader, always, sent
from benchmarks.fuzz_samples import CHAT, TOOL_ANSWER
from intent_assets.chat import quotable
from intent_assets.claims import Finding
from intent_assets.cli_verify import find
from intent_assets.grounding import AllowedNames, check_text
from intent_assets.page_audit import audit_page, meant_lines
from intent_assets.prompts.material import Material
from intent_assets.records import Fact
from intent_assets.rendering.markdown import report_markdown
from intent_assets.rendering.notion import plain_lines
from intent_assets.reports import Report, StrategicContext, Text
from intent_assets.resources.notion_content import addendum_of, without_addendum
from tests.assembled import a_report, some_sections
from tests.builders import AS_OF, a_reply, selected_buyers

_PROSE = "On March 5th the district bought 12 licences for $48,500 from Handshaker; bids are due December 12, 2026."
_LONGEST_ANSWER = 32_000


@cache
def report() -> tuple[Report, tuple[Fact, ...]]:
    """A report, and the ledger that it rests on."""
    return a_report()


@cache
def material() -> Material:
    """What sections of the report are written from."""
    return Material(reply=a_reply(), selected=selected_buyers(), facts=report()[1])


@cache
def templates() -> Sequence[str]:
    """Sentences with slots, as Claude could have written them."""
    return [sentence.text for section in some_sections(report()[1]) for sentence in section.sentences]


@cache
def _allowed() -> AllowedNames:
    return AllowedNames.of(a_reply(), report()[1])


@cache
def _by_id() -> dict[str, Fact]:
    return {fact.id: fact for fact in report()[1]}


def gate(template: str) -> None:
    """Hold a text against the ledger, as Claude's and as code's; an answer of Claude's is no longer than that."""
    template = template[:_LONGEST_ANSWER]
    for author in ("claude", "code"):
        text = Text.model_validate({"template": template, "author": author, "section": "gameplan"})
        _within(check_text(text, _by_id(), _allowed(), AS_OF), template)


def _within(findings: Sequence[Finding], text: str) -> None:
    for found in findings:
        if not found.quote == text[found.start : found.end]:
            raise AssertionError("a finding quotes another place than its own")


def _chat(answer: str) -> None:
    context = StrategicContext(status="answered", buyer_id=report()[0].featured_buyer_id, answer=answer)
    quotable(context, report()[0])


def _prose(given: Any) -> None:
    text, evidence = (given["text"], given["evidence"]) if _is_pair(given) else (_PROSE, given)
    sent([finding.model_dump() for finding in find(text, evidence)])


def _is_pair(given: Any) -> bool:
    return isinstance(given, dict) and isinstance(given.get("text"), str) and "evidence" in given


def audited(title: str, blocks: Sequence[dict[str, Any]]) -> None:
    """Compare what stands on a page with the report, as `intent audit` does."""
    plain_lines(without_addendum(blocks))
    audit = audit_page(meant_lines(report()[0], None, ()), title, addendum_of(blocks) or blocks, report()[1])
    sent(audit.model_dump(mode="json"))


def _evidence() -> Sequence[Any]:
    ledger = [json.loads(fact.model_dump_json()) for fact in report()[1]]
    return [{"text": _PROSE, "evidence": TOOL_ANSWER}, {"text": _PROSE, "evidence": ledger[:40]}, ledger[:40]]


def _against_ledger(text: str) -> None:
    ledger = [json.loads(fact.model_dump_json()) for fact in report()[1]]
    find(text, ledger)


READERS = (
    Reader("text: gate", "text", templates, always(gate), 2),
    Reader("text: buyer chat", "text", lambda: [CHAT], always(_chat), 0.5),
    Reader("text: prose, any JSON", "value", _evidence, always(_prose), 2),
    Reader("text: edited report", "text", lambda: [report_markdown(report()[0])], always(_against_ledger), 0.15),
)
