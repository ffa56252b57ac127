"""`intent runs` as a person or a machine reads it."""

import json
from datetime import UTC, datetime

import pytest
import typer
from typer.testing import CliRunner

from intent_assets.cli_runs import COLUMNS, runs
from intent_assets.errors import InvalidDomain
from intent_assets.resources.warehouse import Warehouse
from intent_assets.resources.warehouse_rows import ReportFacts, RunFacts, RunRow

STARTED = datetime(2026, 11, 3, 9, 0, tzinfo=UTC)
GOOD = RunRow(
    run_id="run-1",
    domain="vmock.example",
    status="success",
    started_at=STARTED,
    duration_seconds=12.34,
    report=ReportFacts(
        featured_buyer_name="Elm City [red]Schools[/red]",
        verdict="passed",
        cost_usd=0.125,
        page_url="http://n.example/p",
    ),
)
BAD = RunRow(
    run_id="run-2",
    domain="oak.example",
    status="failure",
    started_at=STARTED.replace(day=4),
    failed_step="discoveries",
    error="StarbridgeError: down",
)


@pytest.fixture(autouse=True)
def wide_terminal(clean_environment: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "220")


def run(*arguments: str) -> str:
    app = typer.Typer()
    app.command()(runs)
    result = CliRunner().invoke(app, list(arguments), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


@pytest.mark.parametrize(
    ("arguments", "next_command"),
    [
        pytest.param([], "intent report vmock.example --sandbox", id="nothing at all"),
        pytest.param(
            ["https://www.Oak.example/"], "No runs of oak.example", id="nothing of this domain, however written"
        ),
        pytest.param(["oak.example"], "intent report oak.example --sandbox", id="the command is for the same domain"),
    ],
)
def test_without_runs_it_says_what_to_do_next(arguments: list[str], next_command: str) -> None:
    assert next_command in run(*arguments)


def test_the_table_shows_how_each_run_ended() -> None:
    Warehouse().record_run([GOOD, BAD], [])
    lines = run().splitlines()
    good = next(line for line in lines if "vmock.example" in line)
    bad = next(line for line in lines if "oak.example" in line)
    for part in ("2026-11-03 09:00", "success, passed", "Elm City [red]Schools[/red]", "12.3", "0.125", "http://n.exa"):
        assert part in good
    for part in ("2026-11-04 09:00", "failure", "discoveries: StarbridgeError: down"):
        assert part in bad
    assert lines.index(bad) < lines.index(good)


def test_a_run_that_goes_on_is_shown_as_such() -> None:
    Warehouse().record_report(RunFacts(run_id="run-3", domain="elm.example"), ReportFacts())
    assert "not ended" in run()


def test_json_gives_plain_values() -> None:
    Warehouse().record_run([GOOD, BAD], [])
    bad, good = json.loads(run("--json"))
    assert tuple(good) == COLUMNS
    assert (good["started_at"], good["duration_seconds"], good["cost_usd"]) == (
        "2026-11-03T09:00:00+00:00",
        12.34,
        0.125,
    )
    assert (bad["status"], bad["failed_step"], bad["page_url"], bad["cost_usd"]) == (
        "failure",
        "discoveries",
        None,
        None,
    )


def test_limit_domain_and_empty_json() -> None:
    assert json.loads(run("--json")) == []
    Warehouse().record_run([GOOD, BAD], [])
    assert [each["run_id"] for each in json.loads(run("--json", "--limit", "1"))] == ["run-2"]
    assert [each["run_id"] for each in json.loads(run("vmock.example", "--json"))] == ["run-1"]


def test_what_is_no_domain_is_refused() -> None:
    with pytest.raises(InvalidDomain):
        run("127.0.0.1")
