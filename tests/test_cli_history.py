"""`intent history` as a person or a machine reads it."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest
import typer
from typer.testing import CliRunner

from intent_assets.cli_history import history
from intent_assets.errors import InvalidDomain, WarehouseError
from intent_assets.records import Contact, SearchStrategy
from intent_assets.resources.warehouse import Warehouse
from intent_assets.resources.warehouse_rows import ReportFacts, RunFacts, RunRow
from intent_assets.tables import DISCOVERIES, SCORED_BUYERS

FIRST = datetime(2026, 11, 3, 9, 0, tzinfo=UTC)
NAMES = {"b1": "Elm City [red]Schools[/red]", "b2": "Oak \x1b[31mCounty\x07", "b3": "Ash Town"}


def frame(columns: Iterable[str], rows: Sequence[Mapping[str, object]]) -> pd.DataFrame:
    return pd.DataFrame([dict(row) for row in rows], columns=list(columns))


def publish(run_id: str, days: int, signals: dict[str, str], ranks: list[str], domain: str = "vmock.example") -> None:
    """Record a published report: `signals` is signal -> buyer, `ranks` the buyers in order, the first featured."""
    warehouse, at = Warehouse(), FIRST + timedelta(days=days)
    facts = RunFacts(run_id=run_id, domain=domain, seen_at=at)
    texts = {name: {"title": f"About {name}\x1b[2J", "amount": 5e4} for name in signals}
    found = [
        {"signal_id": name, "buyer_id": buyer, "buyer_name": NAMES[buyer], **texts[name]}
        for name, buyer in signals.items()
    ]
    roles = ["featured", "secondary", *[None] * len(ranks)]
    scored = [{"buyer_id": buyer, "rank": n + 1, "role": roles[n], "score": 0.5} for n, buyer in enumerate(ranks)]
    strategy = SearchStrategy(primary_keywords=(f"words of {run_id}",), rfp_keywords=("tender",))
    report = ReportFacts(
        strategy=strategy, featured_buyer_id=ranks[0], featured_buyer_name=NAMES[ranks[0]], signals_scanned=len(found)
    )
    warehouse.record_discoveries(facts, frame(DISCOVERIES, found), frame(SCORED_BUYERS, scored), report)
    person = Contact(contact_id="c1", buyer_id="b1", name="Ana Ruiz", title="CIO", email="ana@elm.example")
    warehouse.record_contacts(facts, [person], NAMES, {"c1": "decision_maker"})
    ended = ReportFacts(verdict="passed", page_id="p1", page_url="http://n.example/p", cost_usd=0.125)
    row = RunRow(
        run_id=run_id, domain=domain, status="success", started_at=at, ended_at=at, duration_seconds=12.34, report=ended
    )
    warehouse.record_run([row], [])


@pytest.fixture(autouse=True)
def wide_terminal(clean_environment: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "220")


@pytest.fixture
def two_reports() -> None:
    publish("r1", 0, {"s1": "b1", "s2": "b2"}, ["b1", "b2"])
    publish("r2", 7, {"s1": "b1", "s3": "b2"}, ["b2", "b1"])
    publish("o1", 8, {"s1": "b1", "s4": "b3"}, ["b3", "b1"], "oak.example")


def run(*arguments: str) -> str:
    app = typer.Typer()
    app.command()(history)
    result = CliRunner().invoke(app, list(arguments), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param([], "The history is empty yet", id="across all domains"),
        pytest.param(["https://www.Oak.example/"], "nothing of oak.example yet", id="of a domain, however written"),
        pytest.param(["oak.example"], "intent report oak.example --sandbox", id="the command is for the same domain"),
    ],
)
def test_an_empty_history_says_what_to_do_next(arguments: list[str], said: str) -> None:
    assert said in run(*arguments)
    assert not Warehouse().file.exists()


@pytest.mark.usefixtures("two_reports")
def test_a_domain_unknown_to_a_history_is_said_to_be_so() -> None:
    assert "nothing of elm.example yet" in run("elm.example")
    empty = json.loads(run("elm.example", "--json"))
    assert empty.pop("domain") == "elm.example"
    assert set(map(len, empty.values())) == {0}


@pytest.mark.usefixtures("two_reports")
def test_the_tables_of_a_domain_tell_what_happened() -> None:
    shown = run("VMock.example")
    lines = shown.splitlines()

    def line(*parts: str) -> int:
        return next(number for number, text in enumerate(lines) if all(part in text for part in parts))

    assert line("2026-11-10 09:00", "published", "Oak", "0.125", "12.3", "http://n.example/p") < line(
        "2026-11-03 09:00", "published", "Elm City [red]Schools[/red]"
    )
    assert line("2026-11-10 09:00", "words of r2", "tender")
    assert line("since the one of 2026-11-03 09:00") < line("About s3", "50,000")
    assert "About s1" not in shown
    assert line("Elm City", "1* > 2+", "-1")
    assert line("Oak", "2+ > 1*", "+1")
    assert line("2026-11-10 09:00", "Ana Ruiz", "CIO", "ana@elm.example", "decision_maker")
    assert line("other domains") < len(lines) - 1
    assert "Ash Town" not in shown


@pytest.mark.usefixtures("two_reports")
def test_nothing_from_outside_moves_the_cursor() -> None:
    for arguments in (["vmock.example"], []):
        shown = run(*arguments)
        assert not [char for char in shown if not char.isprintable() and char != "\n"]


@pytest.mark.usefixtures("two_reports")
def test_json_gives_plain_values() -> None:
    told = json.loads(run("vmock.example", "--json"))
    latest, first = told["reports"]
    assert (latest["root_run_id"], first["root_run_id"]) == ("r2", "r1")
    assert latest["keywords"]["primary_keywords"] == ["words of r2"]
    assert (latest["started_at"], latest["outcome"]) == ("2026-11-10T09:00:00+00:00", "published")
    assert latest["buyers_scored"] is None
    assert [(row["signal_id"], row["previous_reported_at"]) for row in told["new_signals"]] == [
        ("s3", "2026-11-03T09:00:00+00:00")
    ]
    assert [(row["buyer_id"], row["rank"], row["places_gained"]) for row in told["buyer_ranks"]] == [
        ("b1", 1, None),
        ("b2", 2, None),
        ("b2", 1, 1),
        ("b1", 2, -1),
    ]
    (person,) = told["contacts"]
    assert (person["email"], person["reports"], person["first_shown"]) == (
        "ana@elm.example",
        2,
        "2026-11-03T09:00:00+00:00",
    )
    assert [(row["buyer_id"], row["domains"]) for row in told["recurring_buyers"]] == [("b1", 2)]


@pytest.mark.usefixtures("two_reports")
def test_the_limit_holds_for_every_table() -> None:
    told = json.loads(run("vmock.example", "--json", "--limit", "1"))
    assert [report["root_run_id"] for report in told["reports"]] == ["r2"]
    assert {row["root_run_id"] for row in told["buyer_ranks"]} == {"r2"}


@pytest.mark.usefixtures("two_reports")
def test_across_domains_it_shows_weeks_and_buyers() -> None:
    shown = run()
    assert all(part in shown for part in ("2026-11-02", "2026-11-09", "100%", "Elm City [red]Schools[/red]"))
    told = json.loads(run("--json"))
    assert [(week["week"], week["reports"], week["cost_usd"]) for week in told["weeks"]] == [
        ("2026-11-09", 2, 0.25),
        ("2026-11-02", 1, 0.125),
    ]
    assert [(row["buyer_name"], row["times_featured"]) for row in told["recurring_buyers"]] == [(NAMES["b1"], 1)]


def test_a_domain_with_a_run_that_goes_on_is_shown() -> None:
    Warehouse().record_report(RunFacts(run_id="r1", domain="elm.example"), ReportFacts())
    assert "running" in run("elm.example")


def test_what_is_no_domain_is_refused() -> None:
    with pytest.raises(InvalidDomain):
        run("127.0.0.1")


def test_a_damaged_history_is_named() -> None:
    Warehouse().file.write_bytes(b"this is something else\n" * 1000)
    with pytest.raises(WarehouseError, match="move it away"):
        run("vmock.example")
