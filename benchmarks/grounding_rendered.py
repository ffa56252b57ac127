"""Mutations as a reader would have them: in the markdown of a report, where no slot says which fact was meant."""

import json
import random
from collections.abc import Iterator, Sequence

from benchmarks.grounding_facts import Known
from benchmarks.grounding_mutation import Mutation
from intent_assets.assembly_sources import source_notes, used_facts
from intent_assets.grounding import texts_of
from intent_assets.rendered import verify_rendered
from intent_assets.rendering.markdown import report_markdown
from intent_assets.reports import Callout, Heading, Report

_ONLY_WITH_SLOTS = {"slot that does not exist", "markup or HTML around a slot"}
"""Kinds that are gone once the slots are filled in and the text is escaped."""


def chosen(mutations: Sequence[Mutation], dice: random.Random, count: int) -> list[Mutation]:
    """Return `count` of the mutations that can be rendered."""
    fitting = [each for each in mutations if each.kind not in _ONLY_WITH_SLOTS]
    return dice.sample(fitting, min(count, len(fitting)))


def caught_in_markdown(mutation: Mutation, report: Report, known: Known) -> bool:
    """Whether the check of rendered text finds more in the section with the mutation than in the one without."""
    before = _excerpt(report, mutation.clean, known)
    text = before.model_dump_json().replace(_json(mutation.clean), _json(mutation.text.template), 1)
    after = _with_sources(Report.model_validate_json(text), known)
    return bool(_findings(after, known) - _findings(before, known))


def alarms_in_markdown(report: Report, known: Known) -> Iterator[tuple[str, str]]:
    """Yield quote and reason of what the check of rendered text finds in a clean report."""
    text = report_markdown(report)
    for finding in verify_rendered(text, known.case.facts):
        around = text[max(0, finding.start - 80) : finding.end + 40]
        yield around, f"{finding.fault}: {finding.quote!r}: {finding.reason}"


def _findings(report: Report, known: Known) -> set[tuple[str, str]]:
    return {(each.fault, each.quote) for each in verify_rendered(report_markdown(report), known.case.facts)}


def _excerpt(report: Report, template: str, known: Known) -> Report:
    """Return the report cut down to the featured buyer's card and the section with the sentence."""
    at = next(number for number, block in enumerate(report.blocks) if _json(template) in block.model_dump_json())
    first = max((number for number in range(at) if isinstance(report.blocks[number], Heading)), default=at)
    card = [number for number in range(first) if isinstance(report.blocks[number], Callout)][:1]
    blocks = tuple(report.blocks[number] for number in (*card, *range(first, at + 1)))
    return _with_sources(report.model_copy(update={"blocks": blocks}), known)


def _with_sources(report: Report, known: Known) -> Report:
    facts = used_facts(texts_of(report), known.case.facts)
    sources = source_notes(facts, known.case.facts, known.case.reply)
    return report.model_copy(update={"facts": facts, "sources": sources})


def _json(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)[1:-1]
