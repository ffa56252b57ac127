"""The buyer chat: what it is asked, and which of its sentences may be quoted. Pure."""

import re

from pydantic import JsonValue

from intent_assets import grounding
from intent_assets.claims import Finding
from intent_assets.reports import Report, StrategicContext, Text

_MARKUP = re.compile(r"[*_`#>|]+|\[([^\]]*)\]\([^)]*\)")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z])")
_LONGEST = 400
_MOST = 8


def question(report: Report) -> str:
    """Return what the chat is asked about the featured buyer; it names the product, never the prospect."""
    product = report.reply.product_description or "what this vendor sells"
    return (
        f"A vendor sells: {' '.join(product.split())[:600]}. What are this buyer's priorities, current initiatives and "
        "way of buying that matter for such a product, and what should a first conversation be about?"
    )


def quotable(context: StrategicContext, report: Report) -> tuple[tuple[str, ...], tuple[Finding, ...]]:
    """Return the sentences of the answer that may be quoted, and the findings for which others were left out.

    A chat's answer is no record: a sentence that types a figure, date, address, name or status is left out, and so is
    one that the report's facts contradict.
    """
    facts = {fact.id: fact for fact in report.facts}
    records = _records(report)
    allowed = grounding.AllowedNames.of(report.reply, report.facts)
    kept: list[str] = []
    left_out: list[Finding] = []
    for sentence in _sentences(context.answer or ""):
        text = Text(template=sentence, author="claude", buyer_id=context.buyer_id)
        findings = (*grounding.check_text(text, facts, allowed, report.as_of), *_contradicted(sentence, records))
        left_out.extend(findings)
        if not findings and len(kept) < _MOST:
            kept.append(sentence)
    return tuple(kept), tuple(left_out)


def _records(report: Report) -> list[dict[str, JsonValue]]:
    """Return the records that the report's facts tell of, each with its fields, as a prose check reads them."""
    found: dict[tuple[str | None, str | None], dict[str, JsonValue]] = {}
    for fact in report.facts:
        if fact.trust == "record":
            found.setdefault((fact.record, fact.record_id), {})[fact.field] = fact.value
    return list(found.values())


def _contradicted(sentence: str, records: list[dict[str, JsonValue]]) -> list[Finding]:
    return [
        Finding(
            template=sentence,
            quote=found.quote,
            start=found.start,
            end=found.end,
            fault="contradiction",
            reason=found.reason,
        )
        for found in grounding.verify(sentence, records)
    ]


def _sentences(markdown: str) -> list[str]:
    """Return the plain sentences of a markdown text, each once; headings and table rows are no sentences."""
    found: dict[str, None] = {}
    for raw in markdown.splitlines():
        line = re.sub(r"^\s*(?:[-*+]|\d+[.)])\s+", "", raw)
        if line.lstrip().startswith(("#", "|")):
            continue
        plain = " ".join(_MARKUP.sub(r"\1", line).split())
        for sentence in _SENTENCE_END.split(plain):
            if sentence.endswith((".", "!", "?")) and len(sentence) <= _LONGEST:
                found[sentence] = None
    return list(found)
