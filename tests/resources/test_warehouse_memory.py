"""What the history remembers: the views with known small histories, strategies, and files of the version before."""

import logging
import stat
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest

from intent_assets.records import SearchStrategy
from intent_assets.resources.warehouse import Warehouse
from intent_assets.resources.warehouse_connection import LONG_LOG, SHORT_LOG, log_of
from intent_assets.resources.warehouse_migrations import migrate, migrations
from intent_assets.resources.warehouse_rows import ReportFacts, RunFacts, RunRow, RunStatus
from intent_assets.tables import DISCOVERIES, SCORED_BUYERS

FIRST = datetime(2026, 11, 3, 9, 0, tzinfo=UTC)  # a Tuesday
DOMAIN = "vmock.example"
PUBLISHED = ReportFacts(verdict="passed", page_id="p1")


def frame(columns: Mapping[str, str], rows: Sequence[Mapping[str, object]]) -> pd.DataFrame:
    return pd.DataFrame([dict(row) for row in rows], columns=list(columns))


def at(days: float) -> datetime:
    return FIRST + timedelta(days=days)


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    return Warehouse(path=str(tmp_path / "history.duckdb"), lock_timeout=5)


def find(
    warehouse: Warehouse,
    run_id: str,
    days: float,
    signals: Mapping[str, str | None],
    ranks: Sequence[str] = ("b1", "b2", "b3"),
    *,
    domain: str = DOMAIN,
    root: str | None = None,
) -> int:
    """Record what a run found: `signals` is signal -> buyer, `ranks` the buyers in order, the first featured."""
    run = RunFacts(run_id=run_id, root_run_id=root, domain=domain, seen_at=at(days))
    roles = ["featured", "secondary", *[None] * len(ranks)]
    found = [
        {"signal_id": name, "buyer_id": buyer, "buyer_name": buyer and f"{buyer} by {run_id}"}
        for name, buyer in signals.items()
    ]
    scored = [{"buyer_id": each, "rank": n + 1, "role": roles[n], "score": 1 - n / 10} for n, each in enumerate(ranks)]
    report = ReportFacts(featured_buyer_id=ranks[0] if ranks else None)
    return warehouse.record_discoveries(run, frame(DISCOVERIES, found), frame(SCORED_BUYERS, scored), report)


def end(
    warehouse: Warehouse,
    run_id: str,
    days: float,
    status: RunStatus = "success",
    report: ReportFacts = PUBLISHED,
    *,
    domain: str = DOMAIN,
    root: str | None = None,
    seconds: float = 10,
) -> None:
    row = RunRow(
        run_id=run_id, root_run_id=root or run_id, domain=domain, status=status, report=report,
        started_at=at(days), ended_at=at(days) + timedelta(seconds=seconds), duration_seconds=seconds,
    )  # fmt: skip
    warehouse.record_run([row], [])


def query(warehouse: Warehouse, statement: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(warehouse.file)) as connection:
        connection.execute("SET TimeZone = 'America/New_York'")  # as on somebody's own machine
        return connection.execute(statement).fetchall()


def new(warehouse: Warehouse) -> list[str]:
    return sorted(warehouse.new_signals(DOMAIN)["signal_id"])


def test_new_is_what_the_published_report_before_did_not_have(warehouse: Warehouse) -> None:
    find(warehouse, "r1", 0, {"s1": "b1", "s2": "b2"})
    end(warehouse, "r1", 0)
    find(warehouse, "held", 1, {"s1": "b1", "s3": "b1"})
    end(warehouse, "held", 1, report=ReportFacts(verdict="held"))
    find(warehouse, "else", 1, {"s4": "b1"}, domain="else.example")
    end(warehouse, "else", 1, domain="else.example")
    find(warehouse, "r2", 2, {"s2": "b2", "s3": "b1", "s4": "b3", "s5": None})
    end(warehouse, "r2", 2)
    find(warehouse, "goes on", 3, {"s9": "b1"})
    found = warehouse.new_signals(DOMAIN)
    assert found["signal_id"].tolist() == ["s3", "s4", "s5"]
    assert found["rank"].fillna(0).tolist() == [1, 3, 0]
    assert set(found["previous_root_run_id"]) == {"r1"}
    assert set(found["previous_reported_at"]) == {at(0) + timedelta(seconds=10)}
    assert found["first_seen"].tolist() == [at(1), at(2), at(2)]


def test_everything_in_a_first_report_is_new(warehouse: Warehouse) -> None:
    assert new(warehouse) == []
    find(warehouse, "r1", 0, {"s1": "b1", "s2": None})
    assert new(warehouse) == []
    end(warehouse, "r1", 0)
    found = warehouse.new_signals(DOMAIN)
    assert sorted(found["signal_id"]) == ["s1", "s2"]
    assert found["previous_root_run_id"].isna().all()


@pytest.mark.parametrize("told_early", [True, False], ids=["root told with the signals", "root told at the end"])
def test_a_failure_that_was_resumed_and_published_is_one_report(warehouse: Warehouse, told_early: bool) -> None:
    find(warehouse, "r1", 0, {"s1": "b1"})
    end(warehouse, "r1", 0, report=PUBLISHED.model_copy(update={"cost_usd": 0.5}))
    find(warehouse, "r2", 1, {"s1": "b1", "s2": "b2"})
    end(warehouse, "r2", 1, "failure", ReportFacts(verdict="passed", cost_usd=0.25), seconds=30)
    if told_early:
        find(warehouse, "r3", 1.1, {"s1": "b1", "s2": "b2", "s3": "b2"}, root="r2")
    else:
        find(warehouse, "r3", 1.1, {"s1": "b1", "s2": "b2", "s3": "b2"})
    end(warehouse, "r3", 1.1, report=ReportFacts(page_id="p1", cost_usd=0.125), root="r2", seconds=5)
    assert new(warehouse) == ["s2", "s3"]
    reports = warehouse.reports(DOMAIN)
    assert reports["root_run_id"].tolist() == ["r2", "r1"]
    assert reports[["last_run_id", "tries", "outcome", "status"]].iloc[0].tolist() == ["r3", 2, "published", "success"]
    week = warehouse.weekly_results().iloc[0]
    assert week[["reports", "published", "failed", "resumed", "success_rate"]].tolist() == [2, 2, 0, 1, 1]
    assert (week["cost_usd"], week["median_seconds"]) == (0.875, 22.5)
    ranks = warehouse.buyer_ranks(DOMAIN)
    assert ranks[ranks["buyer_id"] == "b1"]["run_id"].tolist() == ["r1", "r3"]


@pytest.mark.parametrize(
    ("status", "report", "outcome"),
    [
        pytest.param("success", PUBLISHED, "published", id="passed and on a page"),
        pytest.param("failure", PUBLISHED, "published", id="what failed came after the page"),
        pytest.param("success", ReportFacts(verdict="held"), "held", id="held"),
        pytest.param("success", ReportFacts(verdict="empty"), "empty", id="empty"),
        pytest.param("failure", ReportFacts(verdict="passed"), "failed", id="passed, but the page failed"),
        pytest.param("failure", ReportFacts(verdict="held"), "failed", id="held, and then failed"),
        pytest.param("canceled", ReportFacts(), "canceled", id="cancelled"),
        pytest.param("success", ReportFacts(), "partial", id="some steps only"),
        pytest.param(None, ReportFacts(), "running", id="not ended"),
    ],
)
def test_outcomes(warehouse: Warehouse, status: RunStatus | None, report: ReportFacts, outcome: str) -> None:
    warehouse.record_report(RunFacts(run_id="r1", domain=DOMAIN), report)
    if status is not None:
        end(warehouse, "r1", 0, status, report)
    assert warehouse.reports(DOMAIN)["outcome"].tolist() == [outcome]


def test_a_failed_report_that_is_being_resumed_is_running(warehouse: Warehouse) -> None:
    end(warehouse, "r1", 0, "failure", ReportFacts())
    warehouse.record_report(RunFacts(run_id="r2", root_run_id="r1", domain=DOMAIN), ReportFacts())
    assert warehouse.reports(DOMAIN)[["outcome", "tries"]].to_numpy().tolist() == [["running", 2]]


def test_weeks_begin_on_monday_in_utc_and_count_every_report_once(warehouse: Warehouse) -> None:
    sunday_night, monday = 5.62, 5.63  # 23:52 and 00:07
    cost = PUBLISHED.model_copy(update={"cost_usd": 0.5})
    end(warehouse, "r1", sunday_night, report=cost, seconds=20)
    end(warehouse, "r2", monday, report=cost, seconds=10)
    end(warehouse, "r3", monday, report=ReportFacts(verdict="held", cost_usd=0.25), seconds=30)
    end(warehouse, "r4", monday, report=ReportFacts(verdict="empty"), domain="else.example", seconds=40)
    end(warehouse, "r5", monday, "failure", ReportFacts(), seconds=1000)
    end(warehouse, "r6", monday, "canceled", ReportFacts(), seconds=20)
    end(warehouse, "no domain", monday, "failure", ReportFacts(), domain="")
    columns = "week, reports, published, held, empty, failed, success_rate, cost_usd, median_seconds"
    assert query(warehouse, f"SELECT {columns} FROM weekly_results") == [  # noqa: S608 - a constant
        (date(2026, 11, 9), 5, 1, 1, 1, 1, 0.75, 0.75, 30),
        (date(2026, 11, 2), 1, 1, 0, 0, 0, 1, 0.5, 20),
    ]


def test_weeks_in_which_nothing_ended_have_no_rate(warehouse: Warehouse) -> None:
    warehouse.record_report(RunFacts(run_id="r1", domain=DOMAIN), ReportFacts())
    week = warehouse.weekly_results().iloc[0]
    assert (week["reports"], pd.isna(week["success_rate"]), pd.isna(week["cost_usd"])) == (1, True, True)


def test_buyers_of_several_domains_come_up_once_each(warehouse: Warehouse) -> None:
    find(warehouse, "a1", 0, {"s1": "b1", "s2": "b2", "s3": None}, ["b2", "b1"], domain="a.example")
    find(warehouse, "a2", 1, {"s1": "b1", "s4": "b1"}, ["b1"], domain="a.example")
    find(warehouse, "b1", 2, {"s1": "b1", "s3": None}, ["b3", "b4", "b1"], domain="b.example")
    find(warehouse, "c1", 3, {"s1": "b1", "s2": "b2"}, ["b9", "b1", "b2"], domain="c.example")
    find(warehouse, "d1", 3, {"s9": "b9"}, ["b9"], domain="d.example")
    columns = ["buyer_id", "buyer_name", "domains", "best_rank", "times_featured"]
    found = warehouse.recurring_buyers()
    assert found[columns].to_numpy().tolist() == [["b1", "b1 by c1", 3, 1, 1], ["b2", "b2 by c1", 2, 1, 1]]
    assert found["last_seen"].tolist() == [at(3), at(3)]
    assert warehouse.recurring_buyers(domain="b.example")["buyer_id"].tolist() == ["b1"]
    assert warehouse.recurring_buyers(limit=1)["buyer_id"].tolist() == ["b1"]
    assert warehouse.recurring_buyers(domain="d.example").empty


def test_ranks_move_from_report_to_report(warehouse: Warehouse) -> None:
    both: dict[str, str | None] = {"s1": "b1", "s2": "b2", "s3": None}
    find(warehouse, "r1", 0, both, ["b1", "b2"])
    find(warehouse, "r2", 1, {"s2": "b2", "s4": "b4"}, ["b2", "b3", "b4"])
    find(warehouse, "r3", 2, both, ["b2", "b4", "b5", "b1"])
    find(warehouse, "else", 2, both, ["b9", "b1"], domain="else.example")
    columns = ["buyer_id", "run_id", "rank", "role", "previous_rank", "places_gained"]
    found = warehouse.buyer_ranks(DOMAIN)[columns].astype(object)
    assert found.where(found.notna(), None).to_numpy().tolist() == [
        ["b1", "r1", 1, "featured", None, None],
        ["b2", "r1", 2, "secondary", None, None],
        ["b2", "r2", 1, "featured", 2, 1],
        ["b2", "r3", 1, "featured", 1, 0],
        ["b1", "r3", 4, None, 1, -3],
    ]


def test_a_signal_without_a_buyer_is_kept_as_well(warehouse: Warehouse) -> None:
    assert find(warehouse, "r1", 0, {"s1": None, "s2": None}) == 2
    assert find(warehouse, "r2", 1, {"s1": None, "s3": None}, []) == 2
    rows = query(warehouse, "SELECT run_id, signal_id, buyer_id, rank, last_seen FROM discoveries ORDER BY ALL")
    assert [row[:4] for row in rows] == [
        ("r1", "s1", None, None), ("r1", "s2", None, None), ("r2", "s1", None, None), ("r2", "s3", None, None),
    ]  # fmt: skip
    assert [row[4] for row in rows] == [None, None, at(0), None]


def test_every_column_of_a_signal_and_of_its_scores_is_kept(warehouse: Warehouse) -> None:
    day = date(2026, 11, 23)
    signal = {
        "signal_id": "s1", "source": "supabase", "buyer_id": "b1", "buyer_name": "Elm", "kind": "rfp", "title": "T",
        "summary": "S", "state": "open", "event_date": day, "due_date": day, "until_date": day, "amount": 1.5,
        "document_url": "https://d.example", "as_of": day,
    }  # fmt: skip
    scores = {
        "buyer_id": "b1", "rank": 2, "role": "secondary", "score": 0.7, "type_match": 0.1, "signal_count": 0.2,
        "recency": 0.3, "urgency": 0.4, "dollar_value": 0.5, "keyword_hits": 0.6,
    }  # fmt: skip
    run = RunFacts(run_id="r1", domain=DOMAIN, reply_id="q1", seen_at=FIRST)
    warehouse.record_discoveries(run, frame(DISCOVERIES, [signal]), frame(SCORED_BUYERS, [scores]))
    with duckdb.connect(str(warehouse.file)) as connection:
        (kept,) = connection.execute("FROM discoveries").to_arrow_table().to_pylist()
    of_run = {"run_id": "r1", "domain": DOMAIN, "reply_id": "q1"}
    times = {"first_seen": FIRST, "last_seen": None, "seen_at": FIRST}
    expected = {**of_run, **signal, **scores, **times}
    assert {name: kept[name] for name in expected} == expected


def test_a_run_that_resumes_another_is_no_later_sighting(warehouse: Warehouse) -> None:
    find(warehouse, "r1", 0, {"old": "b1"})
    find(warehouse, "r2", 1, {"old": "b1", "new": "b1"})
    find(warehouse, "r3", 2, {"old": "b1", "new": "b1"}, root="r2")
    rows = query(warehouse, "SELECT signal_id, first_seen, last_seen FROM discoveries WHERE run_id = 'r3' ORDER BY ALL")
    assert rows == [("new", at(1), None), ("old", at(0), at(0))]
    for before in ("r2", "r3"):
        assert warehouse.signals_seen(DOMAIN, before)["signal_id"].tolist() == ["old"]


def test_a_run_that_records_more_later_keeps_what_it_had(warehouse: Warehouse) -> None:
    find(warehouse, "r1", 0, {"s1": "b1"})
    assert find(warehouse, "r1", 1, {"s1": "b2", "s2": "b2"}) == 1
    end(warehouse, "r1", 1)
    assert query(warehouse, "SELECT signal_id, buyer_id FROM discoveries ORDER BY ALL") == [("s1", "b1"), ("s2", "b2")]
    assert new(warehouse) == ["s1", "s2"]


def plan(words: str) -> SearchStrategy:
    return SearchStrategy(primary_keywords=(words,))


def planned(warehouse: Warehouse, run_id: str, days: float, root: str | None = None, domain: str = DOMAIN) -> None:
    end(warehouse, run_id, days, report=ReportFacts(strategy=plan(run_id)), root=root, domain=domain)


@pytest.mark.parametrize(
    ("limit", "before", "expected"),
    [
        pytest.param(10, None, ["r4", "r3", "r1"], id="newest first, one for a report and the runs that resumed it"),
        pytest.param(2, None, ["r4", "r3"], id="no more than asked for"),
        pytest.param(10, "r4", ["r3", "r1"], id="without the run's own"),
        pytest.param(10, "r2", ["r4", "r1"], id="without those of the run that resumed it"),
        pytest.param(10, "r3", ["r4", "r1"], id="without those of the run that it resumes"),
        pytest.param(10, "to come", ["r4", "r3", "r1"], id="a run that is not recorded yet"),
    ],
)
def test_prior_strategies(warehouse: Warehouse, limit: int, before: str | None, expected: list[str]) -> None:
    planned(warehouse, "r1", 0)
    planned(warehouse, "r2", 1)
    planned(warehouse, "r3", 1.5, root="r2")
    planned(warehouse, "r4", 2)
    planned(warehouse, "other", 3, domain="else.example")
    end(warehouse, "without", 4)
    found = warehouse.prior_strategies(DOMAIN, limit, before)
    assert [strategy.primary_keywords[0] for strategy in found] == expected


def test_a_strategy_that_cannot_be_read_costs_only_itself(
    warehouse: Warehouse, caplog: pytest.LogCaptureFixture
) -> None:
    assert warehouse.prior_strategies(DOMAIN, 5) == ()
    for number, text in enumerate(
        ['{"primary_keywords": ["a"], "from_a_later_version": 1, "usage": {"model": "m", "also": 2}}', "{cut", "[]",
         '{"primary_keywords": 7}', '{"segments": ["x"]}', "null", ""]
    ):  # fmt: skip
        end(warehouse, f"r{number}", number)
        with duckdb.connect(str(warehouse.file)) as connection:
            connection.execute("UPDATE runs SET strategy_json = ? WHERE run_id = ?", [text, f"r{number}"])
    with caplog.at_level(logging.WARNING):
        found = warehouse.prior_strategies(DOMAIN, 10)
    assert [(each.segments, each.primary_keywords) for each in found] == [(("x",), ()), ((), ("a",))]
    assert caplog.text.count("can't be read") == 5
    assert "{cut" not in caplog.text


def test_texts_with_quotes_are_texts(warehouse: Warehouse) -> None:
    name = "o'neil'); DROP TABLE runs; --"
    find(warehouse, name, 0, {name: "b1"}, domain=name)
    assert warehouse.signals_seen(name)["signal_id"].tolist() == [name]
    assert warehouse.runs(domain=name)["run_id"].tolist() == [name]
    assert warehouse.run(name)["domain"].tolist() == [name]


@pytest.fixture
def of_schema_1(warehouse: Warehouse) -> Warehouse:
    """A history as the first version wrote it: two runs, one of them resumed, with all that belongs to them."""
    with duckdb.connect(str(warehouse.file)) as connection:
        migrate(connection, migrations()[:1], str(warehouse.file))
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute("""
            INSERT INTO runs
                (run_id, root_run_id, domain, status, started_at, strategy_json, verdict, page_id, cost_usd)
            VALUES
                ('r1', 'r1', 'vmock.example', 'failure', '2026-11-03', '{"segments": ["x"]}', 'passed', NULL, 0.123456),
                ('r2', 'r1', 'vmock.example', 'success', '2026-11-04', NULL, NULL, 'p1', 0.25);
            INSERT INTO discoveries (run_id, domain, signal_id, buyer_id, rank, role, first_seen, seen_at)
            VALUES ('r1', 'vmock.example', 's1', 'b1', 1, 'featured', '2026-11-03', '2026-11-03'),
                   ('r1', 'vmock.example', 's2', NULL, NULL, NULL, '2026-11-03', '2026-11-03');
            INSERT INTO contacts (run_id, domain, contact_id, buyer_id, name, email, shown_as, shown_at)
            VALUES ('r2', 'vmock.example', 'c1', 'b1', 'Ana', 'a@elm.example', 'contact', '2026-11-04');
            INSERT INTO audit_log VALUES ('r1', 'report', 1, 'failure', 'no luck', NULL, NULL, 3.5, NULL)
        """)
    return warehouse


def test_a_history_of_the_first_version_keeps_its_rows(of_schema_1: Warehouse) -> None:
    tables = ("runs", "discoveries", "contacts", "audit_log")
    rows = [query(of_schema_1, f"SELECT * FROM {name} ORDER BY ALL") for name in tables]  # noqa: S608 - constants
    assert f"schema {len(migrations())}, 2 runs, 2 discoveries, 1 contacts, 1 audit_log" in of_schema_1.check()
    for name, before in zip(tables, rows, strict=True):
        after = query(of_schema_1, f"SELECT * FROM {name} ORDER BY ALL")  # noqa: S608 - constants
        assert [row[: len(before[0])] for row in after] == before
    assert of_schema_1.signals_seen(DOMAIN)["signal_id"].tolist() == ["s1", "s2"]
    assert of_schema_1.signals_seen(DOMAIN, "r1").empty
    assert [each.segments for each in of_schema_1.prior_strategies(DOMAIN, 5)] == [("x",)]
    assert of_schema_1.contacts_shown(DOMAIN)["email"].tolist() == ["a@elm.example"]
    assert new(of_schema_1) == ["s1", "s2"]
    assert of_schema_1.reports(DOMAIN)["outcome"].tolist() == ["published"]


def test_a_history_of_the_first_version_is_gone_on_with(of_schema_1: Warehouse) -> None:
    assert find(of_schema_1, "r3", 5, {"s1": "b1", "s5": "b1"}) == 2
    end(of_schema_1, "r3", 5)
    end(of_schema_1, "r3", 5)
    assert new(of_schema_1) == ["s5"]
    assert query(of_schema_1, "SELECT run_id, recorded_at IS NULL FROM runs ORDER BY ALL") == [
        ("r1", False), ("r2", False), ("r3", False),
    ]  # fmt: skip


def test_the_views_say_what_they_are(warehouse: Warehouse) -> None:
    end(warehouse, "r1", 0)
    named = "('reports', 'report_discoveries', 'new_signals', 'recurring_buyers', 'buyer_ranks', 'weekly_results')"
    said = query(warehouse, f"SELECT comment FROM duckdb_views() WHERE view_name IN {named}")  # noqa: S608 - a constant
    assert len(said) == 6
    assert all(comment for (comment,) in said)


def test_what_is_committed_is_read_before_it_stands_in_the_file(warehouse: Warehouse) -> None:
    end(warehouse, "r0", 0)
    assert not log_of(warehouse.file).exists()
    find(warehouse, "r1", 1, {"s1": "b1"})
    assert log_of(warehouse.file).exists()
    assert warehouse.signals_seen(DOMAIN)["signal_id"].tolist() == ["s1"]
    end(warehouse, "r1", 1)
    assert not log_of(warehouse.file).exists()
    assert warehouse.signals_seen(DOMAIN)["signal_id"].tolist() == ["s1"]


def test_the_log_stays_short_where_no_run_ever_ends(warehouse: Warehouse) -> None:
    longest = 0
    for number in range(60):
        warehouse.record_report(RunFacts(run_id=f"r{number}", domain=DOMAIN), ReportFacts(strategy=plan("x" * 900)))
        log = log_of(warehouse.file)
        longest = max(longest, log.stat().st_size if log.exists() else 0)
    assert longest <= SHORT_LOG < LONG_LOG
    assert len(warehouse.runs(limit=100)) == 60


def test_a_log_cut_short_by_a_crash_costs_only_what_was_not_committed(warehouse: Warehouse) -> None:
    end(warehouse, "r0", 0)
    warehouse.record_report(RunFacts(run_id="r1", domain=DOMAIN), ReportFacts())
    whole = log_of(warehouse.file).stat().st_size
    warehouse.record_report(RunFacts(run_id="r2", domain=DOMAIN), ReportFacts())
    with log_of(warehouse.file).open("r+b") as log:
        log.truncate(whole + 40)
    assert set(warehouse.runs()["run_id"]) == {"r0", "r1"}
    warehouse.record_report(RunFacts(run_id="r3", domain=DOMAIN), ReportFacts())
    assert set(warehouse.runs()["run_id"]) == {"r0", "r1", "r3"}


def test_a_history_put_aside_takes_its_log_along(warehouse: Warehouse) -> None:
    end(warehouse, "r0", 0)
    warehouse.record_report(RunFacts(run_id="r1", domain=DOMAIN), ReportFacts())
    content = bytearray(warehouse.file.read_bytes())
    content[:8192] = bytes(8192)
    warehouse.file.write_bytes(content)
    with pytest.raises(Exception, match=r"move it away \(mv .*history\.duckdb\.wal .*damaged\.wal\)"):
        warehouse.runs()
    assert stat.S_ISREG(log_of(warehouse.file).stat().st_mode)
