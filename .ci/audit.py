"""Audits the pinned dependencies with pip-audit, which it installs for itself; run by .ci/run.

Fails (exit code 1) where a dependency has a known vulnerability that another version mends. Where no index or no list
of vulnerabilities can be reached, it says so and does not fail: a change must not wait for somebody else's server.
"""

import json
import subprocess
import sys
import venv
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
TOOL = ROOT / "build" / "audit"
RESULT = TOOL / "result.json"
NEEDED = "pip-audit>=2.9,<3"
SECONDS = 180


def main() -> int:
    """Return the exit code."""
    RESULT.unlink(missing_ok=True)
    python = TOOL / "bin" / "python"
    if not python.exists():
        venv.create(TOOL, with_pip=True)
    install: list[str | Path] = [python, "-m", "pip", "install", "-qq", "--disable-pip-version-check", NEEDED]
    if not _ran(install):
        return _not_audited("pip-audit can't be installed")
    audit: list[str | Path] = [
        python,
        "-m",
        "pip_audit",
        "--requirement",
        ROOT / "constraints.txt",
        "--no-deps",
        "--disable-pip",
    ]
    _ran([*audit, "--progress-spinner", "off", "--format", "json", "--output", RESULT])
    if not RESULT.exists():  # it ends with 1 for vulnerabilities and for its own errors
        return _not_audited("the list of vulnerabilities can't be reached")
    return _judged(json.loads(RESULT.read_text("utf-8"))["dependencies"])


def _judged(dependencies: list[dict[str, Any]]) -> int:
    audited = [each for each in dependencies if "vulns" in each]
    if not audited:
        return _not_audited("the list of vulnerabilities knows none of the dependencies")
    mendable = False
    for each in audited:
        for found in each["vulns"]:
            mends = ", ".join(found["fix_versions"]) or "no version yet"
            mendable = mendable or bool(found["fix_versions"])
            _say(f"{each['name']} {each['version']}: {found['id']}, mended by {mends}")
    _say(f"{len(audited)} dependencies audited, {len(dependencies) - len(audited)} not known to the list")
    return 1 if mendable else 0


def _ran(command: list[str | Path]) -> bool:
    try:
        ended = subprocess.run(command, check=False, timeout=SECONDS, stdout=sys.stderr)  # noqa: S603 -- our own words
    except subprocess.TimeoutExpired:
        return False
    return ended.returncode == 0


def _not_audited(reason: str) -> int:
    _say(f"{reason}: the dependencies were not audited")
    return 0


def _say(line: str) -> None:
    sys.stderr.write(f"audit: {line}\n")


if __name__ == "__main__":
    sys.exit(main())
