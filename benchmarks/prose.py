"""Free prose against JSON: findings of `grounding.verify` against the errors that people marked.

The texts are not part of the repository: give a file with {"task", "id", "model", "text", "evidence", "errors"} a
line, `errors` being {"start", "text", "type"}, such as Quintd-1 (Kasner and Dusek 2024). Marks of type `incorrect`
count. With another threshold than that of the setting the table is printed only.
"""

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from time import perf_counter
from typing import Any

from benchmarks.results import table, write
from intent_assets.grounding import verify
from intent_assets.prose import THRESHOLD

NUMERIC = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|January|February|March|April|May|June|July|August"
    r"|September|October|November|December|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)\b",
    re.IGNORECASE,
)
HEADER = (
    "task", "texts", "numeric marks", "numeric recall", "marks", "span recall", "findings", "span precision",
    "balanced accuracy",
)  # fmt: skip


@dataclass
class Counts:
    """What was marked and found; a mark is found, and a finding right, where they overlap."""

    texts: int = 0
    numeric: int = 0
    numeric_found: int = 0
    marks: int = 0
    marks_found: int = 0
    findings: int = 0
    findings_right: int = 0
    texts_wrong: int = 0
    texts_wrong_found: int = 0
    texts_right_passed: int = 0

    def add(self, other: "Counts") -> None:
        for field in fields(self):
            setattr(self, field.name, getattr(self, field.name) + getattr(other, field.name))

    def row(self, name: str) -> list[str]:
        passed = _share(self.texts_right_passed, self.texts - self.texts_wrong)
        return [
            name,
            f"{self.texts:,}",
            f"{self.numeric:,}",
            f"{_share(self.numeric_found, self.numeric):.3f}",
            f"{self.marks:,}",
            f"{_share(self.marks_found, self.marks):.3f}",
            f"{self.findings:,}",
            f"{_share(self.findings_right, self.findings):.3f}",
            f"{(_share(self.texts_wrong_found, self.texts_wrong) + passed) / 2:.3f}",
        ]


def main(arguments: list[str]) -> None:
    if not arguments or arguments[0].startswith("-"):
        sys.exit("usage: python -m benchmarks.prose QUINTD.jsonl [THRESHOLD]")
    threshold = float(arguments[1]) if len(arguments) > 1 else THRESHOLD
    tasks: dict[str, Counts] = {}
    characters, began = 0, perf_counter()
    for row in _rows(Path(arguments[0])):
        tasks.setdefault(row["task"], Counts()).add(_counts(row, threshold))
        characters += len(row["text"])
    seconds = perf_counter() - began
    overall = Counts()
    for counts in tasks.values():
        overall.add(counts)
    note = (
        f"Findings from a confidence of {threshold:g}. {overall.texts:,} texts with {characters:,} characters in "
        f"{seconds:.1f} s. One person marked each text, so nobody reaches 1."
    )
    rows = [overall.row("all"), *(tasks[name].row(name) for name in sorted(tasks))]
    command = "python -m benchmarks.prose QUINTD.jsonl"
    if threshold == THRESHOLD:
        write("Free prose", command, HEADER, rows, note)
    else:
        print(table("Free prose", f"{command} {threshold:g}", HEADER, rows, note))


def _rows(file: Path) -> Iterator[dict[str, Any]]:
    with file.open(encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines if line.strip())


def _counts(row: dict[str, Any], threshold: float) -> Counts:
    found = [(each.start, each.end) for each in verify(row["text"], row["evidence"], threshold=threshold)]
    marks = [
        (each["start"], each["start"] + len(each["text"]), bool(NUMERIC.search(each["text"])))
        for each in row["errors"]
        if each["type"] == "incorrect"
    ]
    hit = [any(start < end and began < stop for began, end in found) for start, stop, _ in marks]
    return Counts(
        texts=1,
        numeric=sum(numeric for _, _, numeric in marks),
        numeric_found=sum(numeric and told for (_, _, numeric), told in zip(marks, hit, strict=True)),
        marks=len(marks),
        marks_found=sum(hit),
        findings=len(found),
        findings_right=sum(any(start < end and began < stop for start, stop, _ in marks) for began, end in found),
        texts_wrong=bool(marks),
        texts_wrong_found=bool(marks) and bool(found),
        texts_right_passed=not marks and not found,
    )


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


if __name__ == "__main__":
    main(sys.argv[1:])
