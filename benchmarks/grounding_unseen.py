"""Wordings that the gate was not written from: how many false ones it catches, how many clean ones it objects to.

The first round may be read by whoever mends the gate; the second is measured only. A wording counts as caught if the
gate catches it over each of the cases where it is tried, and as a false alarm if it objects to it over any of them.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial

from benchmarks import grounding_mutations_slots, grounding_unseen_first, grounding_unseen_second
from benchmarks.grounding_facts import Sentence, bound, displayed
from benchmarks.grounding_mutation import Draw, Mutation
from benchmarks.grounding_mutations import some_of
from benchmarks.grounding_mutations_words import lie
from benchmarks.grounding_pattern import Pattern
from benchmarks.grounding_patterns import HEADING_OF, SECTION_OF
from benchmarks.grounding_reports import is_true_of, subjects_for
from benchmarks.grounding_world import AS_OF
from intent_assets.claims import Finding
from intent_assets.grounding import check_text
from intent_assets.reports import Text

LIES: Mapping[str, Mapping[str, tuple[Pattern, ...]]] = {
    "first": grounding_unseen_first.LIES,
    "second": grounding_unseen_second.LIES,
}
CLEAN: Mapping[str, tuple[Pattern, ...]] = {
    "first": grounding_unseen_first.CLEAN,
    "second": grounding_unseen_second.CLEAN,
}
SLOTS_CHANGED = "a slot of a clean wording changed"
FALSE_ALARM = "clean"


@dataclass
class Unseen:
    """By round, kind and wording: over how many cases it was tried, and over how many the gate objected."""

    tried: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    objected: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    wrong: list[dict[str, object]] = field(default_factory=list)
    """Rows about false wordings that got through and clean ones that were objected to."""

    def tell(self, key: tuple[str, str, str], shown: str, findings: tuple[Finding, ...]) -> None:
        """Count one wording over one case."""
        self.tried[key] += 1
        self.objected[key] += bool(findings)
        if bool(findings) is (key[1] == FALSE_ALARM):
            told = [f"{finding.fault}: {finding.quote!r}: {finding.reason}" for finding in findings]
            self.wrong.append({"round": key[0], "kind": key[1], "wording": key[2], "shown": shown, "findings": told})

    def add(self, other: "Unseen") -> None:
        """Add what was counted elsewhere."""
        self.tried.update(other.tried)
        self.objected.update(other.objected)
        self.wrong += other.wrong

    def rows(self) -> Iterator[list[str]]:
        """Yield the rows of the table: false wordings by kind, then the clean ones, for each round."""
        for name in LIES:
            kinds = [*LIES[name], SLOTS_CHANGED]
            lies = [key for key in self.tried if key[0] == name and key[1] in LIES[name]]
            yield self._row(f"**{name}**", "all false wordings: caught; aim: 95 %", lies, self._caught(lies))
            for kind in kinds:
                keys = [key for key in self.tried if key[:2] == (name, kind)]
                yield self._row(name, kind, keys, self._caught(keys))
            clean = [key for key in self.tried if key[:2] == (name, FALSE_ALARM)]
            alarms = sum(self.objected[key] > 0 for key in clean)
            yield self._row(f"**{name}**", "all clean wordings: objected to; aim: at most 10 %", clean, alarms)

    def _caught(self, keys: list[tuple[str, str, str]]) -> int:
        return sum(self.objected[key] == self.tried[key] for key in keys)

    def _row(self, name: str, kind: str, keys: list[tuple[str, str, str]], part: int) -> list[str]:
        tried = sum(self.tried[key] for key in keys)
        share = f"{100 * part / len(keys):.1f} %" if keys else "–"
        return [name, kind, str(len(keys)), str(tried), str(part), share]


def unseen(draw: Draw) -> Unseen:
    """Try each wording of both rounds once over the records of one report."""
    found = Unseen()
    for name, lies in LIES.items():
        for kind, patterns in lies.items():
            for pattern in patterns:
                owners = [each for each in draw.sentences if each.section == pattern.where] or draw.sentences
                made = lie(pattern, kind, "bound", draw.dice.choice(owners), draw.known, draw.dice)
                if made:
                    _tell(found, (name, kind, pattern.text), made.text, draw)
        clean = list(_clean(name, draw))
        fine = [each for each in clean if not _tell(found, (name, FALSE_ALARM, each.pattern), each.text, draw)]
        for mutation in _changed(Draw(fine, draw.known, draw.dice)):
            _tell(found, (name, SLOTS_CHANGED, f"{mutation.kind}: {mutation.text.template}"), mutation.text, draw)
    return found


def _clean(name: str, draw: Draw) -> Iterator[Sentence]:
    known = draw.known
    for pattern in CLEAN[name]:
        buyer_id = draw.dice.choice(known.buyer_ids[1:] or known.buyer_ids) if pattern.where == "card" else None
        owner = buyer_id or known.buyer_ids[0]
        subjects = subjects_for(pattern.text, known, owner, draw.dice, partial(is_true_of, pattern, known, owner))
        template = bound(pattern.text, subjects, known, owner) if subjects is not None else None
        if subjects is not None and template:
            yield Sentence(
                SECTION_OF[pattern.where], owner, HEADING_OF[pattern.where], pattern.text, template, subjects
            )


def _changed(draw: Draw) -> Iterator[Mutation]:
    if draw.sentences:
        yield from some_of(grounding_mutations_slots.MUTATORS, draw, of_each=1)


def _tell(found: Unseen, key: tuple[str, str, str], text: Text, draw: Draw) -> bool:
    """Count a wording and return whether the gate objects to it."""
    findings = check_text(text, draw.known.by_id, draw.known.allowed, AS_OF)
    found.tell(key, displayed(text.template, draw.known), findings)
    return bool(findings)
