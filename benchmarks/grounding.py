"""How much of what is false the gate catches, and how much of what is fine it objects to, over invented reports.

`python -m benchmarks.grounding [--reports N] [--misses FILE]`: FILE gets what got through and the false alarms. With
another number of reports than usual the table is printed only.
"""

import argparse
import json
import os
import random
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from itertools import product as pairs
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from benchmarks.grounding_facts import Known, Sentence, displayed
from benchmarks.grounding_mutation import Draw, Family, Mutation
from benchmarks.grounding_mutations import mutations
from benchmarks.grounding_mutations_report import report_mutations
from benchmarks.grounding_patterns import PATTERNS
from benchmarks.grounding_reports import clean_sentences, report_of
from benchmarks.grounding_world import AS_OF, PRODUCTS, Case, cases
from benchmarks.results import table, write
from intent_assets.claims import Finding
from intent_assets.grounding import check_report, check_text

SEEDS = (1, 2, 3, 4, 5)
REPORTS = 540
_FAMILIES: dict[Family, str] = {
    "bound": "a slot, or words around it; aim: 100 %",
    "prose": "a typed figure, date, name or address; aim: 99 %",
    "words": "a typed status, quote or order; no aim",
    "report": "rows, headings, sources, facts as code put them; no aim",
    "judge": "only a judge can tell; no aim",
}
_Row = dict[str, Any]
_Table = tuple[str, str, Sequence[str], Sequence[Sequence[str]], str]


@dataclass
class Tally:
    """What was counted over some reports; `misses` and `alarms` are rows for the file."""

    reports: int = 0
    held: int = 0
    sentences: int = 0
    code_alarms: int = 0
    patterns: set[str] = field(default_factory=set)
    made: Counter[tuple[Family, str]] = field(default_factory=Counter)
    caught: Counter[tuple[Family, str]] = field(default_factory=Counter)
    misses: list[_Row] = field(default_factory=list)
    alarms: list[_Row] = field(default_factory=list)

    def add(self, other: "Tally") -> None:
        """Add what was counted elsewhere."""
        self.reports += other.reports
        self.held += other.held
        self.sentences += other.sentences
        self.code_alarms += other.code_alarms
        self.patterns |= other.patterns
        self.made += other.made
        self.caught += other.caught
        self.misses += other.misses
        self.alarms += other.alarms


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--reports", type=int, default=REPORTS, help="clean reports to make, about")
    asked.add_argument("--misses", type=Path, help="write what got through and the false alarms there, as JSON lines")
    given = asked.parse_args()
    tally = measured(given.reports)
    if given.misses:
        lines = [json.dumps(row, ensure_ascii=False) for row in (*tally.alarms, *tally.misses)]
        given.misses.write_text("\n".join(lines) + "\n", "utf-8")
    if given.reports == REPORTS:
        write(*_table(tally))
    else:
        print(table(*_table(tally)))


def measured(reports: int) -> Tally:
    """Return the tally over about `reports` clean reports and the mutations of each."""
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
        tally.add(of_case(case, of_each=int(at % 3 == 0)))
    return tally


def of_case(case: Case, of_each: int = 1) -> Tally:
    """Check one clean report, and `of_each` mutations of each kind of it."""
    known = Known.of(case)
    dice = random.Random(case.reply.reply_id)
    tally = Tally(reports=1)
    sentences = clean_sentences(known, dice)
    fine = [sentence for sentence in sentences if not _alarms(sentence, known, tally)]
    report = report_of(known, sentences)
    verdict = check_report(report, case.facts, "")
    of_code = [finding for finding in verdict.findings if finding.section is None]
    tally.held = verdict.outcome != "passed"
    tally.code_alarms = len(of_code)
    tally.alarms += [_row("false alarm of code", finding.template, known, [finding]) for finding in of_code]
    if of_each and fine:
        for mutation in mutations(Draw(fine, known, dice), of_each):
            _count(mutation, known, tally)
        for changed in report_mutations(report, known, dice):
            _tell(tally, "report", changed.kind, None if changed.caught(known) else {"shown": changed.shown})
    return tally


def _alarms(sentence: Sentence, known: Known, tally: Tally) -> Sequence[Finding]:
    findings = check_text(sentence.text, known.by_id, known.allowed, AS_OF)
    tally.sentences += 1
    tally.patterns.add(sentence.pattern)
    if findings:
        tally.alarms.append(_row("false alarm", sentence.template, known, findings) | {"pattern": sentence.pattern})
    return findings


def _count(mutation: Mutation, known: Known, tally: Tally) -> None:
    missed = None
    if not check_text(mutation.text, known.by_id, known.allowed, AS_OF):
        missed = _row(mutation.kind, mutation.text.template, known, ())
        missed["instead_of"] = displayed(mutation.clean, known)
    _tell(tally, mutation.family, mutation.kind, missed)


def _tell(tally: Tally, family: Family, kind: str, missed: _Row | None) -> None:
    tally.made[family, kind] += 1
    tally.caught[family, kind] += missed is None
    if missed is not None:
        tally.misses.append({"kind": kind, "family": family} | missed)


def _row(kind: str, template: str, known: Known, findings: Iterable[Finding]) -> _Row:
    return {
        "kind": kind,
        "shown": displayed(template, known),
        "text": template,
        "findings": [f"{finding.fault}: {finding.quote!r}: {finding.reason}" for finding in findings],
        "domain": known.case.product.domain,
    }


def _table(tally: Tally) -> _Table:
    alarms = sum(row["kind"] == "false alarm" for row in tally.alarms)
    rows = [row for family in _FAMILIES for row in _of_family(family, tally)]
    note = (
        f"{tally.reports} clean reports with {tally.sentences:,} sentences of {len(tally.patterns)} patterns (of "
        f"{len(PATTERNS)}): {alarms} false alarms, {_percent(alarms, tally.sentences)} of the sentences (aim: under "
        f"0.5 %); {tally.held} reports held, {tally.code_alarms} findings in texts of code."
    )
    header = ("family", "kind", "mutations", "caught", "rate", "one that got through")
    return "Grounding", "python -m benchmarks.grounding", header, rows, note


def _of_family(family: Family, tally: Tally) -> Iterator[list[str]]:
    kinds = sorted((kind for owner, kind in tally.made if owner == family), key=lambda kind: _rate(tally, family, kind))
    made = sum(tally.made[family, kind] for kind in kinds)
    caught = sum(tally.caught[family, kind] for kind in kinds)
    yield [f"**{family}**", f"all: {_FAMILIES[family]}", f"{made:,}", f"{caught:,}", _percent(caught, made), ""]
    for kind in kinds:
        made, caught = tally.made[family, kind], tally.caught[family, kind]
        missed = next((row["shown"] for row in tally.misses if (row["family"], row["kind"]) == (family, kind)), "")
        yield [family, kind, f"{made:,}", f"{caught:,}", _percent(caught, made), _cell(missed)]


def _rate(tally: Tally, family: Family, kind: str) -> float:
    return tally.caught[family, kind] / tally.made[family, kind]


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.2f} %" if whole else "–"


def _cell(text: str) -> str:
    """A text that stands in one cell of a table as it is."""
    bare = text if len(text) < 160 else f"{text[:159]}…"
    return f"`{bare}`".replace("|", "/").replace("\n", " ") if bare else ""


if __name__ == "__main__":
    main()
