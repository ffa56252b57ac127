"""How much of what is false the gate catches, and how much of what is fine it objects to, over invented reports.

`python -m benchmarks.grounding [--reports N] [--misses FILE]`: FILE gets what got through and the false alarms. With
another number of reports than usual the tables are printed only.
"""

import argparse
import json
import os
import random
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from itertools import product as pairs
from multiprocessing import get_context
from pathlib import Path

from benchmarks.grounding_facts import Known, Sentence, displayed
from benchmarks.grounding_mutation import Draw, Mutation
from benchmarks.grounding_mutations import mutations
from benchmarks.grounding_mutations_report import report_mutations
from benchmarks.grounding_rendered import alarms_in_markdown, caught_in_markdown, chosen
from benchmarks.grounding_reports import clean_sentences, report_of
from benchmarks.grounding_tally import Row, Tally
from benchmarks.grounding_unseen import unseen
from benchmarks.grounding_world import AS_OF, PRODUCTS, Case, cases
from benchmarks.results import table, write
from intent_assets.claims import Finding
from intent_assets.grounding import check_report, check_text
from intent_assets.reports import Report

SEEDS = (1, 2, 3, 4, 5)
REPORTS = 540
_MUTATED = 5
"""Of so many reports one is mutated ..."""
_RENDERED = 3
"""... and so many of its mutations are rendered."""
_READ = 9
"""Of so many reports one is rendered as a whole, and its rows, headings and sources are changed."""


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--reports", type=int, default=REPORTS, help="clean reports to make, about")
    asked.add_argument("--misses", type=Path, help="write what got through and the false alarms there, as JSON lines")
    given = asked.parse_args()
    tally = measured(given.reports)
    if given.misses:
        rendered = [row | {"rendered": True} for row in tally.rendered.misses]
        rows = (*tally.alarms, *tally.slots.misses, *rendered, *tally.unseen.wrong)
        given.misses.write_text("".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows), "utf-8")
    for each in tally.tables():
        if given.reports == REPORTS:
            write(*each)
        else:
            print(table(*each))


def measured(reports: int) -> Tally:
    """Return the tally over about `reports` clean reports and the mutations of some of them."""
    share = max(1, -(-reports // (len(SEEDS) * len(PRODUCTS))))
    parts = [(seed, number, share) for seed, number in pairs(SEEDS, range(len(PRODUCTS)))]
    whole = Tally()
    with ProcessPoolExecutor(os.cpu_count() or 1, mp_context=get_context("spawn")) as pool:
        for tally in pool.map(_of_part, parts):
            whole.add(tally)
    return whole


def _of_part(part: tuple[int, int, int]) -> Tally:
    seed, number, count = part
    tally = Tally()
    for at, case in enumerate(cases(seed, PRODUCTS[number], count)):
        tally.add(of_case(case, of_each=int(at % _MUTATED == 0), read=at % _READ == 0))
    return tally


def of_case(case: Case, of_each: int = 1, *, read: bool = True) -> Tally:
    """Check one clean report, also as it is `read`, and `of_each` mutations of each kind of its sentences."""
    known = Known.of(case)
    dice = random.Random(case.reply.reply_id)
    tally = Tally(reports=1)
    sentences = clean_sentences(known, dice)
    report = report_of(known, sentences)
    verdict = check_report(report, case.facts, "")
    tally.held = verdict.outcome != "passed"
    tally.sentences = len(sentences)
    tally.patterns = {sentence.pattern for sentence in sentences}
    fine = []
    for sentence in sentences:
        found = [finding for finding in verdict.findings if _is_in(finding, sentence)]
        if found:
            row = _row("false alarm", sentence.template, known, found)
            tally.alarms.append(row | {"pattern": sentence.pattern})
        else:
            fine.append(sentence)
    elsewhere = [each for each in verdict.findings if not any(_is_in(each, sentence) for sentence in sentences)]
    tally.code_alarms = len(elsewhere)
    tally.alarms += [_row("false alarm of code", finding.template, known, [finding]) for finding in elsewhere]
    draw = Draw(fine, known, dice)
    if read:
        _read(draw, report, len(sentences), tally)
    if of_each and fine:
        _mutate(draw, report, of_each, tally)
    return tally


def _is_in(finding: Finding, sentence: Sentence) -> bool:
    """Whether a finding lies in a sentence; steps of the gameplan are several sentences in one text."""
    at = finding.template.find(sentence.template)
    return finding.section == sentence.section and 0 <= at <= finding.start < at + len(sentence.template)


def _read(draw: Draw, report: Report, sentences: int, tally: Tally) -> None:
    tally.read = 1
    tally.read_sentences = sentences
    for around, finding in alarms_in_markdown(report, draw.known):
        tally.read_alarms += 1
        tally.alarms.append({"kind": "false alarm in rendered text", "shown": around, "findings": [finding]})
    for changed in report_mutations(report, draw.known, draw.dice):
        tally.slots.tell("report", changed.kind, None if changed.caught(draw.known) else {"shown": changed.shown})


def _mutate(draw: Draw, report: Report, of_each: int, tally: Tally) -> None:
    made = list(mutations(draw, of_each))
    for mutation in made:
        caught = bool(check_text(mutation.text, draw.known.by_id, draw.known.allowed, AS_OF))
        tally.slots.tell(mutation.family, mutation.kind, None if caught else _missed(mutation, draw.known))
    tally.unseen.add(unseen(draw))
    for mutation in chosen(made, draw.dice, _RENDERED):
        caught = caught_in_markdown(mutation, report, draw.known)
        tally.rendered.tell(mutation.family, mutation.kind, None if caught else _missed(mutation, draw.known))


def _missed(mutation: Mutation, known: Known) -> Row:
    row = _row(mutation.kind, mutation.text.template, known, ())
    return row | {"instead_of": displayed(mutation.clean, known)}


def _row(kind: str, template: str, known: Known, findings: Iterable[Finding]) -> Row:
    return {
        "kind": kind,
        "shown": displayed(template, known),
        "text": template,
        "findings": [f"{finding.fault}: {finding.quote!r}: {finding.reason}" for finding in findings],
        "domain": known.case.product.domain,
    }


if __name__ == "__main__":
    main()
