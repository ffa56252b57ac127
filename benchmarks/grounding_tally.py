"""What was counted, and the tables of it."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from benchmarks.grounding_mutation import Family
from benchmarks.grounding_patterns import PATTERNS
from benchmarks.grounding_unseen import Unseen

Row = dict[str, Any]
Table = tuple[str, str, Sequence[str], Sequence[Sequence[str]], str]
"""Name, command, header, rows and note, as `results.write` takes them."""

_COMMAND = "python -m benchmarks.grounding"
_UNSEEN = ("round", "kind", "wordings", "tried", "of the wordings", "share")
_UNSEEN_NOTE = (
    "A false wording is caught if it is over every report where it is tried; a clean one is objected to if it is over "
    "any. Both rounds were written before the licences; the second was measured only and never tuned on."
)
_FAMILIES: dict[Family, str] = {
    "bound": "a slot, or words around it; aim: 100 %",
    "prose": "a typed figure, date, name or address; aim: 99 %",
    "words": "a typed status, quote or order; no aim",
    "report": "rows, headings, sources, facts as code put them; no aim",
    "judge": "only a judge can tell; no aim",
}


@dataclass
class Scores:
    """How many mutations were made and caught by family and kind; `misses` are rows about those that got through."""

    made: Counter[tuple[Family, str]] = field(default_factory=Counter)
    caught: Counter[tuple[Family, str]] = field(default_factory=Counter)
    misses: list[Row] = field(default_factory=list)

    def tell(self, family: Family, kind: str, missed: Row | None) -> None:
        """Count one mutation; `missed` is a row about it if it got through."""
        self.made[family, kind] += 1
        self.caught[family, kind] += missed is None
        if missed is not None:
            self.misses.append({"kind": kind, "family": family} | missed)

    def add(self, other: "Scores") -> None:
        """Add what was counted elsewhere."""
        self.made += other.made
        self.caught.update(other.caught)
        self.misses += other.misses

    def rows(self) -> list[list[str]]:
        """Return the rows of the table, the worst kind of each family first."""
        return [row for family in _FAMILIES for row in self._of_family(family)]

    def _of_family(self, family: Family) -> Iterator[list[str]]:
        kinds = sorted(
            (kind for owner, kind in self.made if owner == family), key=lambda kind: self._rate(family, kind)
        )
        made = sum(self.made[family, kind] for kind in kinds)
        caught = sum(self.caught[family, kind] for kind in kinds)
        if made:
            yield [f"**{family}**", f"all: {_FAMILIES[family]}", f"{made:,}", f"{caught:,}", percent(caught, made), ""]
        for kind in kinds:
            made, caught = self.made[family, kind], self.caught[family, kind]
            missed = next((row["shown"] for row in self.misses if (row["family"], row["kind"]) == (family, kind)), "")
            yield [family, kind, f"{made:,}", f"{caught:,}", percent(caught, made), _cell(missed)]

    def _rate(self, family: Family, kind: str) -> float:
        return self.caught[family, kind] / self.made[family, kind]


@dataclass
class Tally:
    """What was counted over some reports; `alarms` are rows about false alarms, `read` tells of rendered ones."""

    reports: int = 0
    held: int = 0
    sentences: int = 0
    code_alarms: int = 0
    patterns: set[str] = field(default_factory=set)
    slots: Scores = field(default_factory=Scores)
    alarms: list[Row] = field(default_factory=list)
    read: int = 0
    read_sentences: int = 0
    read_alarms: int = 0
    rendered: Scores = field(default_factory=Scores)
    unseen: Unseen = field(default_factory=Unseen)

    def add(self, other: "Tally") -> None:
        """Add what was counted elsewhere."""
        for name in ("reports", "held", "sentences", "code_alarms", "read", "read_sentences", "read_alarms"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.patterns |= other.patterns
        self.alarms += other.alarms
        self.slots.add(other.slots)
        self.rendered.add(other.rendered)
        self.unseen.add(other.unseen)

    def tables(self) -> tuple[Table, Table, Table]:
        """Return the tables of texts with slots, of rendered ones, and of wordings that the gate never saw."""
        header = ("family", "kind", "mutations", "caught", "rate", "one that got through")
        alarms = sum(row["kind"] == "false alarm" for row in self.alarms)
        note = (
            f"{self.reports} clean reports with {self.sentences:,} sentences of {len(self.patterns)} patterns (of "
            f"{len(PATTERNS)}): {alarms} false alarms, {percent(alarms, self.sentences)} of the sentences (aim: under "
            f"0.5 %); {self.held} reports held, {self.code_alarms} findings in texts of code."
        )
        read = (
            f"The same mutations, filled in and rendered: `verify_rendered` over the section with the sentence. Of "
            f"{self.read} clean reports as a whole, {self.read_sentences:,} sentences: {self.read_alarms} false "
            f"alarms, {percent(self.read_alarms, self.read_sentences)} of the sentences."
        )
        return (
            ("Grounding", _COMMAND, header, self.slots.rows(), note),
            ("Grounding of rendered text", _COMMAND, header, self.rendered.rows(), read),
            ("Grounding of unseen wordings", _COMMAND, _UNSEEN, list(self.unseen.rows()), _UNSEEN_NOTE),
        )


def percent(part: int, whole: int) -> str:
    """Return a share as a person reads it."""
    return f"{100 * part / whole:.2f} %" if whole else "–"


def _cell(text: str) -> str:
    """A text that stands in one cell of a table as it is."""
    bare = text if len(text) < 160 else f"{text[:159]}…"
    return f"`{bare}`".replace("|", "/").replace("\n", " ") if bare else ""
