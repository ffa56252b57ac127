"""`intent demo`: what a newcomer sees first; and the short commands for looking at what came of it."""

import json
import socket

import pytest

from tests.running import intent


@pytest.fixture(autouse=True)
def free_ports(clean_environment: None, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        monkeypatch.setenv("INTENT_SANDBOX_PORT_BASE", str(min(probe.getsockname()[1], 64000)))


def test_the_demo_publishes_without_a_key_and_refreshes_the_same_page() -> None:
    first, second = intent("demo"), intent("demo")

    assert (first.exit_code, second.exit_code) == (0, 0)
    assert "# Intent report: VMock (vmock.example)" in first.stdout
    assert "created the page" in first.stderr
    assert "updated the page" in second.stderr
    pages = [line.split()[1] for ran in (first, second) for line in ran.stderr.splitlines() if line.startswith("page ")]
    assert len(pages) == 2
    assert pages[0].rpartition("/")[2] == pages[1].rpartition("/")[2]
    assert "history.duckdb" in first.stderr
    assert "make dev" in first.stderr

    assert intent("domains", "--json").json == ["vmock.example"]
    assert [run["verdict"] for run in intent("runs", "--json").json] == ["passed", "passed"]
    shown = intent("show", "vmock.example", "--json").json
    assert shown["verdict"]["outcome"] == "passed"
    assert "Intent report: VMock" in intent("show", "vmock.example").stdout


def test_without_a_report_the_commands_say_how_to_make_one() -> None:
    assert "intent report vmock.example" in (intent("show", "vmock.example").error or "")
    assert json.loads(intent("domains", "--json").stdout) == []
    assert "intent domains --add" in intent("domains").stderr


def test_a_domain_is_added_in_its_one_spelling() -> None:
    assert intent("domains", "--add", "https://www.VMock.example/about").stdout == "vmock.example\n"
    assert "is not the domain of a company" in (intent("domains", "--add", "localhost").error or "")
