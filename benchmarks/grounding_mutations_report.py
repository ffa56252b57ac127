"""Mutations of what code puts around the sentences: rows of tables, headings of cards, facts, sources, the person."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from benchmarks.grounding_facts import Known
from intent_assets.grounding import check_report
from intent_assets.reports import Block, Heading, Paragraph, Report, Table, Text
from intent_assets.slots import slots


@dataclass(frozen=True, eq=False)
class ReportMutation:
    """A report that is false in one place, and the same one before; both are cut down to the blocks that matter."""

    kind: str
    before: Report
    after: Report
    shown: str

    def caught(self, known: Known) -> bool:
        """Whether the gate finds more in the report than in the one before."""
        before, after = (check_report(each, known.case.facts, "").findings for each in (self.before, self.after))
        return bool(set(after) - set(before))


def report_mutations(report: Report, known: Known, dice: random.Random) -> Iterator[ReportMutation]:
    """Yield one mutation of each kind that the report allows."""
    yield from _rows(report, known, dice)
    yield from _headings(report, dice)
    small = report.model_copy(update={"blocks": report.blocks[:2]})
    if small.facts:
        fact = dice.choice(small.facts)
        wrong = fact.model_copy(update={"display": f"{fact.display}0"})
        facts = tuple(wrong if each is fact else each for each in small.facts)
        after = small.model_copy(update={"facts": facts})
        yield ReportMutation("fact altered in the report", small, after, wrong.display)
    if len({source.title for source in small.sources}) > 1:
        first, *rest = small.sources
        other = dice.choice([source for source in rest if source.title != first.title])
        wrong_source = first.model_copy(update={"title": other.title, "url": other.url})
        after = small.model_copy(update={"sources": (wrong_source, *rest)})
        yield ReportMutation("source of another fact", small, after, other.title)
    if small.decision_maker:
        other_name = small.decision_maker.model_copy(update={"name": "Harriet Ellison"})
        after = small.model_copy(update={"decision_maker": other_name})
        yield ReportMutation("decision maker who does not exist", small, after, "Harriet Ellison")


def _rows(report: Report, known: Known, dice: random.Random) -> Iterator[ReportMutation]:
    """Yield tables in which one cell is that of another row."""
    for block in report.blocks:
        if not isinstance(block, Table) or len(block.rows) < 2:
            continue
        column = dice.randrange(1, len(block.header) - 1)
        one, two = dice.sample(range(len(block.rows)), 2)
        own, other = block.rows[one][column], block.rows[two][column]
        if _shown(own, known) == _shown(other, known) or not slots(other.template):
            continue
        row = (*block.rows[one][:column], other, *block.rows[one][column + 1 :])
        rows = tuple(row if number == one else each for number, each in enumerate(block.rows))
        before = report.model_copy(update={"blocks": (block,)})
        after = report.model_copy(update={"blocks": (block.model_copy(update={"rows": rows}),)})
        kind = (
            "cell of another row in the contacts" if block.header[0] == "Name" else "cell of another row in the signals"
        )
        yield ReportMutation(kind, before, after, " / ".join(_shown(cell, known) for cell in row))


def _headings(report: Report, dice: random.Random) -> Iterator[ReportMutation]:
    """Yield two cards of buyers, each under the name of the other."""
    cards = [
        (heading, block)
        for heading, block in zip(report.blocks, report.blocks[1:], strict=False)
        if isinstance(heading, Heading) and heading.level == 3 and isinstance(block, Paragraph)
    ]
    if len(cards) < 2:
        return
    (first, one), (second, two) = dice.sample(cards, 2)
    before = _of(report, (first, one, second, two))
    yield ReportMutation("card under the name of another buyer", before, _of(report, (second, one, first, two)), "")


def _of(report: Report, blocks: Sequence[Block]) -> Report:
    return report.model_copy(update={"blocks": tuple(blocks)})


def _shown(text: Text, known: Known) -> str:
    return " ".join(known.by_id[each].display for each in slots(text.template)) or text.template
