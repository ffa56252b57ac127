"""Where the benchmarks write: one part of RESULTS.md for each, with the machine, the date and the command."""

import os
import platform
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

RESULTS = Path(__file__).with_name("RESULTS.md")
_HEAD = "# Results\n\nCompare within one table only: each was measured in one run on one machine.\n"


def write(name: str, command: str, header: Sequence[str], rows: Sequence[Sequence[str]], note: str = "") -> None:
    """Replace the part `name` of RESULTS.md by a table, and print it."""
    body = table(name, command, header, rows, note)
    text = RESULTS.read_text("utf-8") if RESULTS.exists() else _HEAD
    part = re.compile(rf"^## {re.escape(name)}\n.*?(?=^## |\Z)", re.MULTILINE | re.DOTALL)
    text = part.sub(lambda _: body + "\n", text) if part.search(text) else f"{text.rstrip()}\n\n{body}\n"
    RESULTS.write_text(text.rstrip() + "\n", "utf-8")
    print(body)


def table(name: str, command: str, header: Sequence[str], rows: Sequence[Sequence[str]], note: str = "") -> str:
    """Return the part `name` of RESULTS.md: heading, how it was measured, and the table."""
    lines = ["| " + " | ".join(header) + " |", "|" + " --- |" * len(header)]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    machine = f"{os.cpu_count()} cores, Python {platform.python_version()}, {platform.system()} {platform.machine()}"
    when = datetime.now(UTC).date().isoformat()
    return (
        f"## {name}\n\n`{command}`, {when}, {machine}\n\n" + "\n".join(lines) + f"\n{note and chr(10) + note + chr(10)}"
    )
