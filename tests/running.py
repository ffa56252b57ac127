"""How tests run commands and look at what came of them."""

import json
import subprocess
import sys
from dataclasses import dataclass
from typing import Any

from typer.testing import CliRunner

from intent_assets.cli import app
from intent_assets.errors import IntentError

PRODUCT = "Career-services platform for universities: resume reviews, interview practice, readiness checks"


@dataclass(frozen=True)
class Ran:
    """What a command did: its exit code, both outputs, and the error of ours that ended it, if any."""

    exit_code: int
    stdout: str
    stderr: str
    error: str | None

    @property
    def json(self) -> Any:
        return json.loads(self.stdout)


def intent(*arguments: str, stdin: str | None = None) -> Ran:
    """Run `intent ARGUMENTS` in this process."""
    result = CliRunner().invoke(app, list(arguments), input=stdin)
    problem = result.exception
    if problem is not None and not isinstance(problem, SystemExit | IntentError):
        raise problem
    error = str(problem) if isinstance(problem, IntentError) else None
    return Ran(result.exit_code, result.stdout, result.stderr, error)


def make_report(domain: str = "vmock.example", *more: str) -> dict[str, Any]:
    """Run `intent report DOMAIN --json` and return what it printed."""
    arguments = ["report", domain, "--product", PRODUCT, "--company", "VMock", "--json", *more]
    ran = intent(*arguments)
    assert ran.stdout, ran.error
    answer: dict[str, Any] = ran.json
    assert answer["exit_code"] == ran.exit_code, answer
    sys.stdout.write(ran.stdout)  # pytest shows it where a test fails
    return answer


def ended(process: "subprocess.Popen[Any]", *, within: float) -> bool:
    """Say whether a process has ended, or ends within so many seconds; waiting leaves it the processor."""
    try:
        process.wait(within)
    except subprocess.TimeoutExpired:
        return False
    return True
