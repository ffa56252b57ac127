"""`intent verify`: any text against any JSON, without a model; one text, or many as JSON lines."""

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any, BinaryIO

import typer

from intent_assets.cli_text import printable
from intent_assets.errors import IntentError
from intent_assets.grounding import ProseFinding, verify
from intent_assets.rendered import InvalidLedger, RenderedFinding, facts_of, verify_rendered

_STANDARD_INPUT = "-"
_KEPT = ("task", "id", "model")


class InvalidVerifyInput(IntentError):
    """A text, evidence or line that `intent verify` can't read; says where and why."""


def verify_text(
    text: Annotated[str | None, typer.Argument(metavar="[TEXT.md]", help="The text, or - for standard input.")] = None,
    evidence: Annotated[
        str | None, typer.Option("--evidence", metavar="ANY.json", help="JSON that the text is to rest on.")
    ] = None,
    batch: Annotated[
        str | None,
        typer.Option(
            "--batch", metavar="FILE.jsonl", help="Many texts, one JSON object a line, or - for standard input."
        ),
    ] = None,
    json_output: Annotated[bool, typer.Option("--json", help="Print the findings as a JSON list.")] = False,
) -> None:
    """Report what of a text its evidence does not bear out: figures, dates, times, names and states that do not fit.

    The evidence is any JSON. Exit code 0: nothing found; 1: findings; 2: the input can't be used. Places are
    line:column for people, and offsets in characters with --json.

    With --batch each line is {"task", "id", "model", "text", "evidence"}, and each line of the answer
    {"task", "id", "model", "findings"}, in order, as soon as it is done; a line that can't be used is named on
    standard error and loses none of the others. Exit code 1 if there was such a line, else 0.
    """
    try:
        code = _run_batch(batch, text, evidence) if batch is not None else _run_one(text, evidence, json_output)
    except InvalidVerifyInput as problem:
        typer.echo(f"intent: {problem}", err=True)
        raise typer.Exit(2) from None
    raise typer.Exit(code)


def _run_one(text: str | None, evidence: str | None, json_output: bool) -> int:
    if text is None or evidence is None:
        raise InvalidVerifyInput("give a text and its evidence: intent verify TEXT.md --evidence ANY.json")
    if text == evidence == _STANDARD_INPUT:
        raise InvalidVerifyInput("only one of text and evidence can be standard input")
    told = _read(text)
    findings = find(told, _parsed(_read(evidence), evidence))
    if json_output:
        typer.echo(json.dumps([finding.model_dump() for finding in findings], indent=2))
    else:
        _print(told, findings)
    return 1 if findings else 0


def find(text: str, evidence: Any) -> Sequence[ProseFinding | RenderedFinding]:
    """Return the findings of a text; the one place that chooses how a kind of evidence is compared.

    A ledger (`intent show DOMAIN --ledger`) knows which fact may be told of which record; other JSON is read as prose.
    """
    try:
        facts = facts_of(evidence)
    except InvalidLedger as problem:
        raise InvalidVerifyInput(str(problem)) from None
    return verify(text, evidence) if facts is None else verify_rendered(text, facts)


def _print(text: str, findings: Iterable[ProseFinding | RenderedFinding]) -> None:
    count = 0
    for count, finding in enumerate(findings, 1):  # noqa: B007 - told after the loop
        line = text.count("\n", 0, finding.start) + 1
        column = finding.start - (text.rfind("\n", 0, finding.start) + 1) + 1
        quote = printable(" ".join(finding.quote.split()))
        typer.echo(f"{line}:{column}: {quote!r}: {printable(finding.reason)} (confidence {finding.confidence:.2f})")
    told = "1 finding" if count == 1 else f"{count} findings"
    typer.echo(told if count else "nothing in the text that the evidence contradicts", err=True)


def _run_batch(file: str, text: str | None, evidence: str | None) -> int:
    """Answer line by line; return the exit code."""
    if text is not None or evidence is not None:
        raise InvalidVerifyInput("--batch has texts and evidence in its lines: leave TEXT.md and --evidence out")
    if file == _STANDARD_INPUT:
        return _answer(sys.stdin.buffer)
    try:
        with Path(file).open("rb") as lines:
            return _answer(lines)
    except OSError as problem:
        raise InvalidVerifyInput(f"{file}: {problem.strerror or problem}") from None


def _answer(lines: BinaryIO) -> int:
    bad = 0
    for number, outcome in _outcomes(lines):
        if isinstance(outcome, str):
            bad += 1
            typer.echo(f"intent: line {number}: {outcome}", err=True)
        else:
            sys.stdout.write(json.dumps(outcome) + "\n")
            sys.stdout.flush()
    return 1 if bad else 0


def _outcomes(lines: Iterable[bytes]) -> Iterator[tuple[int, dict[str, Any] | str]]:
    """Yield the number of each line with its answer, or with what is wrong with it."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as problem:
            yield number, f"not JSON: {problem}"
            continue
        if not isinstance(row, dict):
            yield number, "not a JSON object"
        elif not isinstance(row.get("text"), str):
            yield number, "no text: the field text has to be a string"
        elif "evidence" not in row:
            yield number, "no evidence: the field evidence is missing"
        else:
            try:
                findings = [finding.model_dump() for finding in find(row["text"], row["evidence"])]
            except InvalidVerifyInput as problem:
                yield number, str(problem)
            else:
                yield number, {name: row.get(name) for name in _KEPT} | {"findings": findings}


def _read(file: str) -> str:
    where = "standard input" if file == _STANDARD_INPUT else file
    try:
        content = sys.stdin.buffer.read() if file == _STANDARD_INPUT else Path(file).read_bytes()
    except OSError as problem:
        raise InvalidVerifyInput(f"{where}: {problem.strerror or problem}") from None
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as problem:
        raise InvalidVerifyInput(f"{where} is not UTF-8 text: {problem.reason} at byte {problem.start}") from None


def _parsed(content: str, file: str) -> Any:
    where = "standard input" if file == _STANDARD_INPUT else file
    try:
        return json.loads(content.removeprefix("\ufeff"))
    except (ValueError, RecursionError) as problem:
        raise InvalidVerifyInput(f"{where} is not JSON: {problem}") from None
