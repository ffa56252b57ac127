"""The history at ten million signals: the questions of a run, adding a run, and waiting for another process."""

import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter
from uuid import uuid4

import duckdb
import pandas as pd

from benchmarks.results import write
from intent_assets.records import Contact, SearchStrategy
from intent_assets.resources.warehouse import Warehouse
from intent_assets.resources.warehouse_connection import log_of
from intent_assets.resources.warehouse_rows import ReportFacts, RunFacts, RunRow, StepRow
from intent_assets.tables import DISCOVERIES, SCORED_BUYERS

RUNS = 60_000
DOMAINS = 5_000
SIGNALS_OF_A_RUN = 167
ADDED_SIGNALS = 250
ROUNDS = 15
STEPS = 20
BEGAN = datetime(2026, 11, 1, tzinfo=UTC)

WORLD = f"""
CREATE TEMP TABLE past AS
SELECT
    number,
    md5('run ' || number)::UUID::VARCHAR AS run_id,
    (hash(number) % {DOMAINS})::INTEGER AS company,
    'company-' || company || '.example' AS domain,
    row_number() OVER (PARTITION BY company ORDER BY number) AS nth,
    TIMESTAMPTZ '2025-01-01 00:00:00+00' + number * INTERVAL 12 MINUTES AS seen_at
FROM range({RUNS}) AS numbers(number)
ORDER BY number;

INSERT INTO runs BY NAME
SELECT
    run_id, domain, run_id AS root_run_id, 'reply-' || number AS reply_id, 2 AS tier, 'clay' AS source,
    'Company ' || company AS company, 'success' AS status, seen_at AS started_at,
    seen_at + INTERVAL 20 SECONDS AS ended_at, 20.0 AS duration_seconds,
    json_object(
        'segments', ['higher education', 'school districts'], 'ideal_buyer', repeat('a university that hires ', 12),
        'primary_keywords', [md5('p' || number), 'career services', 'resume review', 'interview practice'],
        'rfp_keywords', [md5('r' || number), 'career platform'], 'buyer_types', ['School', 'HigherEducation']
    )::VARCHAR AS strategy_json,
    'buyer-' || company AS featured_buyer_id, 'Buyer ' || company AS featured_buyer_name, 'passed' AS verdict,
    'page-' || company AS page_id, 'https://notion.example/' || md5(company::VARCHAR) AS page_url,
    {SIGNALS_OF_A_RUN} AS signals_scanned, 0.12 AS cost_usd
FROM past;

INSERT INTO discovery_batches SELECT domain, run_id, run_id, seen_at FROM past;

INSERT INTO audit_log BY NAME
SELECT run_id, 'step_' || step AS step, 1 AS attempt, 'success' AS status, seen_at AS started_at
FROM past, range({STEPS}) AS steps(step);

INSERT INTO contacts BY NAME
SELECT
    run_id, domain, md5(company || 'c' || who) AS contact_id, 'buyer-' || company AS buyer_id, 'Person ' || who AS name,
    'Director of Career Services' AS title, 'person' || who || '@buyer.example' AS email, 'contact' AS shown_as,
    seen_at AS shown_at
FROM past, range(5) AS persons(who);

INSERT INTO discoveries BY NAME
SELECT
    run_id, domain, md5(company || '-' || signal)::UUID::VARCHAR AS signal_id, 'reply-' || number AS reply_id,
    md5('buyer ' || buyer)::UUID::VARCHAR AS buyer_id, 'Buyer ' || buyer || ' School District' AS buyer_name,
    ['meeting', 'plan', 'rfp', 'purchase', 'contract'][1 + signal % 5] AS kind, 'starbridge' AS source,
    'Agreement ' || md5(company || 't' || signal)[:20] || ' for career services software ' || signal AS title,
    'The board discussed the ' || md5(company || 'u' || signal) || ' purchase of a platform for career services, '
        || 'resume reviews and interview practice for ' || (signal * 31 % 5000) || ' students, '
        || md5(company || 'v' || signal) || ', to be decided upon in the meeting of the next month' AS summary,
    ['open', 'upcoming', 'past', 'closed'][1 + signal % 4] AS state,
    DATE '2025-01-01' + (signal * 13 % 700)::INTEGER AS event_date,
    DATE '2025-03-01' + (signal * 17 % 700)::INTEGER AS due_date, (signal * 7919 % 900000)::DOUBLE AS amount,
    'https://documents.example/' || md5(company || 'w' || signal) || '.pdf' AS document_url,
    1 + signal % 50 AS rank, CASE signal % 50 WHEN 0 THEN 'featured' WHEN 1 THEN 'secondary' END AS role,
    (signal % 50) / 100.0 AS score, 0.2 AS type_match, 0.3 AS signal_count, (signal % 90) / 90.0 AS recency,
    0.5 AS urgency, (signal % 77) / 77.0 AS dollar_value, (signal % 5) / 5.0 AS keyword_hits, seen_at::DATE AS as_of,
    seen_at AS first_seen, if(place < {SIGNALS_OF_A_RUN} - 40, seen_at, NULL) AS last_seen, seen_at
FROM (
    SELECT past.*, place, nth * 40 + place AS signal, (company * 37 + signal % 50) % 20000 AS buyer
    FROM past, range({SIGNALS_OF_A_RUN}) AS places(place)
    ORDER BY number, place
);
"""  # noqa: S608 - of constants
"""Every run sees 40 signals that its domain did not have, and three quarters of those of the run before."""

HOLDER = """
import sys, time
from intent_assets.resources.warehouse import Warehouse
with Warehouse(path=sys.argv[1]).transaction("benchmark"):
    print("mine", flush=True)
    time.sleep(0.2)
"""


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        warehouse = Warehouse(path=str(Path(folder) / "history.duckdb"))
        built = _build(warehouse)
        before = _size(warehouse)
        rows = [*_questions(warehouse), *_appending(warehouse), *_waiting(warehouse)]
        note = (
            f"{RUNS:,} runs of {DOMAINS:,} domains with {RUNS * SIGNALS_OF_A_RUN:,} signals, built in {built:.0f} s. "
            f"Each figure is of {ROUNDS} rounds, as the caller sees it: lock, open, check of the schema, work, close. "
            f"File {before:,.0f} MB before, {_size(warehouse):,.0f} MB after all these runs were added."
        )
    write("History", "python -m benchmarks.history", ("what", "median, ms", "largest, ms"), rows, note)


def _build(warehouse: Warehouse) -> float:
    began = perf_counter()
    warehouse.record_report(_facts(0), ReportFacts())
    with duckdb.connect(str(warehouse.file)) as connection:
        connection.execute("SET TimeZone = 'UTC'; SET enable_progress_bar = false")
        connection.execute(WORLD)
    return perf_counter() - began


def _questions(warehouse: Warehouse) -> list[list[str]]:
    domains = [f"company-{number * 7 + 1}.example" for number in range(ROUNDS)]
    return [
        _measure("strategies of the prior runs of a domain", lambda n: warehouse.prior_strategies(domains[n], 5)),
        _measure("signals that the domain had before", lambda n: warehouse.signals_seen(domains[n], "this run")),
        _measure("`intent history`: new since the last report", lambda n: warehouse.new_signals(domains[n])),
        _measure("`intent history`: ranks", lambda n: warehouse.buyer_ranks(domains[n])),
        _measure("`intent history`: buyers of several domains", lambda _: warehouse.recurring_buyers(), rounds=3),
    ]


def _appending(warehouse: Warehouse) -> list[list[str]]:
    """Add runs as runs do it: signals and report, then the people shown, and the ending when all is done."""
    taken: dict[str, list[float]] = {}
    for number in range(ROUNDS):
        for what, work in _works(warehouse, number):
            taken.setdefault(what, []).append(_milliseconds(work))
    return [_row(what, figures) for what, figures in taken.items()]


def _works(warehouse: Warehouse, number: int) -> list[tuple[str, Callable[[], object]]]:
    facts = _facts(number)
    found, scored = _found()
    report = ReportFacts(strategy=SearchStrategy(primary_keywords=("career services",)), signals_scanned=len(found))
    people = [Contact(contact_id=f"c{each}", buyer_id="b1", name=f"Person {each}") for each in range(5)]
    steps = [StepRow(run_id=facts.run_id, step=f"step_{each}", status="success") for each in range(STEPS)]
    ended = RunRow(run_id=facts.run_id, domain=facts.domain, status="success", report=ReportFacts(verdict="passed"))
    return [
        (
            f"add a run: {ADDED_SIGNALS} signals and its report",
            lambda: warehouse.record_discoveries(facts, found, scored, report),
        ),
        ("what it tells later: `record_report`", lambda: warehouse.record_report(facts, report)),
        ("people shown: `record_contacts`", lambda: warehouse.record_contacts(facts, people, {"b1": "Buyer"})),
        ("when it has ended: `record_run`, no step waits", lambda: warehouse.record_run([ended], steps)),
    ]


def _waiting(warehouse: Warehouse) -> list[list[str]]:
    """Ask while another process has the file for 200 ms."""
    figures = []
    for _ in range(5):
        with subprocess.Popen(  # noqa: S603 - of this module's own text
            [sys.executable, "-c", HOLDER, str(warehouse.file)], text=True, stdout=subprocess.PIPE
        ) as holder:
            assert holder.stdout is not None
            assert holder.stdout.readline() == "mine\n"
            figures.append(_milliseconds(lambda: warehouse.signals_seen("company-8.example")))
            assert holder.wait() == 0
    return [_row("signals before, asked while another process has the file for 200 ms", figures)]


def _measure(what: str, ask: Callable[[int], object], rounds: int = ROUNDS) -> list[str]:
    ask(rounds - 1)  # what is imported, and the file's cache in the system, are there in a run as well
    return _row(what, [_milliseconds(partial(ask, number)) for number in range(rounds)])


def _milliseconds(work: Callable[[], object]) -> float:
    began = perf_counter()
    work()
    return (perf_counter() - began) * 1000


def _row(what: str, figures: Sequence[float]) -> list[str]:
    return [what, f"{median(figures):.0f}", f"{max(figures):.0f}"]


def _facts(number: int) -> RunFacts:
    domain = f"company-{number * 7 + 1}.example"
    return RunFacts(run_id=str(uuid4()), domain=domain, seen_at=BEGAN + timedelta(hours=number))


def _found() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return signals that no run has seen, and the scores of their 40 buyers."""
    signals = [
        {
            "signal_id": str(uuid4()), "buyer_id": f"b{number % 40}", "buyer_name": f"Buyer {number % 40}",
            "kind": "rfp", "source": "starbridge", "title": f"Agreement {uuid4()} for career services",
            "summary": f"{uuid4()} " * 6, "state": "open", "amount": 1000.0 * number, "document_url": f"https://documents.example/{uuid4()}.pdf",
        }
        for number in range(ADDED_SIGNALS)
    ]  # fmt: skip
    factors = dict.fromkeys(("type_match", "signal_count", "recency", "urgency", "dollar_value", "keyword_hits"), 0.25)
    scores = [{"buyer_id": f"b{number}", "rank": number + 1, "score": 0.5, **factors} for number in range(40)]
    return pd.DataFrame(signals, columns=list(DISCOVERIES)), pd.DataFrame(scores, columns=list(SCORED_BUYERS))


def _size(warehouse: Warehouse) -> float:
    return sum(part.stat().st_size for part in (warehouse.file, log_of(warehouse.file)) if part.exists()) / 1e6


if __name__ == "__main__":
    main()
