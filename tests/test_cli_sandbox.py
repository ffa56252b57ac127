"""`intent sandbox` as people and scripts run it: a process of its own, stopped by a signal."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

COMMAND = [sys.executable, "-m", "intent_assets.cli_sandbox"]


@contextmanager
def started(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    environment = {**os.environ, "COLUMNS": "100"}
    environment.pop("FORCE_COLOR", None)
    process = subprocess.Popen(  # our own command
        [*COMMAND, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    )
    try:
        with process:
            yield process
    finally:
        process.kill()


def exported(process: subprocess.Popen[str], count: int) -> dict[str, str]:
    assert process.stdout is not None
    lines = [process.stdout.readline() for _ in range(count)]
    pairs = [re.fullmatch(r"export (\w+)=(\S+)\n", line) for line in lines]
    return {pair[1]: pair[2] for pair in pairs if pair}


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_it_prints_the_variables_at_once_and_ends_cleanly(clean_environment: None, how: signal.Signals) -> None:
    with started("--only", "clay", "--only", "supabase", "--seed", "5") as process:
        variables = exported(process, 4)
        assert set(variables) == {"CLAY_WEBHOOK_URL", "CLAY_WEBHOOK_AUTH", "SUPABASE_URL", "SUPABASE_KEY"}
        assert httpx.get(variables["SUPABASE_URL"] + "/__sandbox__").json()["seed"] == 5
        process.send_signal(how)
        rest, errors = process.communicate(timeout=20)
    assert (process.returncode, rest) == (0, "")
    assert "Ctrl-C stops it" in errors
    assert "Traceback" not in errors


def test_json_faults_and_state(clean_environment: None, tmp_path: Path) -> None:
    faults = "clay.page=status:503:times=1"
    with started(
        "--only", "clay,smartlead", "--json", "--faults", faults, "--state", str(tmp_path / "kept")
    ) as process:
        assert process.stdout is not None
        shown = json.loads(process.stdout.readline())
        assert set(shown["urls"]) == {"clay", "smartlead"}
        assert [httpx.get(shown["urls"]["clay"]).status_code for _ in range(2)] == [503, 200]
        process.terminate()
        process.communicate(timeout=20)
    assert (tmp_path / "kept" / "clay").is_dir()


def test_state_stands_under_intent_home_unless_told(clean_environment: None) -> None:
    with started("--only", "clay") as process:
        exported(process, 2)
        process.terminate()
        process.communicate(timeout=20)
    assert (Path(os.environ["INTENT_HOME"]) / "sandbox" / "clay").is_dir()


@pytest.mark.parametrize(
    ("arguments", "complaint", "reason"),
    [
        (["--only", "slack"], "no stand-in is called slack", "an unknown service"),
        (["--faults", "clay"], "SERVICE.OPERATION=KIND", "unreadable faults"),
        (["--latency", "slow"], "PROFILE:FACTOR", "an unknown profile"),
    ],
)
def test_what_can_not_be_run_is_said_in_one_line(
    clean_environment: None, arguments: list[str], complaint: str, reason: str
) -> None:
    with started("--only", "clay", *arguments) as process:
        printed, errors = process.communicate(timeout=20)
    assert (process.returncode, printed) == (1, ""), reason
    assert complaint in errors, reason
    assert len(errors.splitlines()) == 1


def test_a_taken_port_is_named(clean_environment: None) -> None:
    with started("--only", "clay") as holder:
        port = httpx.URL(exported(holder, 2)["CLAY_WEBHOOK_URL"]).port
        assert port is not None
        with started("--only", "clay", "--port-base", str(port - 3)) as process:
            _, errors = process.communicate(timeout=20)
        assert process.returncode == 1
        assert str(port) in errors
        holder.terminate()
        holder.communicate(timeout=20)


def test_help_names_services_kinds_and_profiles() -> None:
    with started("--help") as process:
        printed, _ = process.communicate(timeout=20)
    plain = " ".join(printed.split())
    for word in ("starbridge", "supabase", "drop_after", "retry_after", "measured", "--port-base", "export"):
        assert word in plain
