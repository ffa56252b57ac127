"""`intent show`: the report, its ledger and its verdict as files, and the check of a version that somebody edited."""

import hashlib
import json
from pathlib import Path

import pytest

from intent_assets.evidence import to_frame
from intent_assets.rendered import facts_of
from intent_assets.rendering.markdown import report_markdown, text_hash
from intent_assets.reports import FactCheckedReport, Verdict
from intent_assets.settings import load_settings
from intent_assets.values import ValueStore
from tests.assembled import a_report
from tests.builders import a_ledger, selected_buyers
from tests.running import intent

pytestmark = pytest.mark.usefixtures("clean_environment")

DOMAIN = "vmock.example"
REPORT, LEDGER = a_report()
TEXT = report_markdown(REPORT)


@pytest.fixture
def store(clean_environment: None) -> ValueStore:
    values = ValueStore(load_settings().values)
    verdict = Verdict(outcome="passed", text_hash=text_hash(REPORT), claims=8, supported=8)
    values.write("fact_checked_report", DOMAIN, FactCheckedReport(report=REPORT, verdict=verdict))
    values.write("evidence", DOMAIN, to_frame(LEDGER))
    return values


def test_the_markdown_has_the_hash_that_was_checked(store: ValueStore) -> None:
    ran = intent("show", DOMAIN, "--markdown")
    assert (ran.exit_code, ran.stdout) == (0, TEXT)
    assert hashlib.sha256(ran.stdout.encode()).hexdigest() == text_hash(REPORT)


def test_the_ledger_is_a_list_of_all_facts(store: ValueStore) -> None:
    ran = intent("show", "www.VMock.example", "--ledger")
    assert (ran.exit_code, ran.stderr) == (0, "")
    assert facts_of(ran.json) == LEDGER


def test_the_verdict_comes_with_the_claims(store: ValueStore) -> None:
    told = intent("show", DOMAIN, "--verdict").json
    assert (told["verdict"]["outcome"], told["verdict"]["text_hash"]) == ("passed", text_hash(REPORT))
    assert {claim["outcome"] for claim in told["claims"]} == {"supported"}


@pytest.mark.parametrize("option", ["--ledger", "--verdict", "--markdown", "--json"])
def test_a_domain_without_a_report(store: ValueStore, option: str) -> None:
    ran = intent("show", "nowhere.example", option)
    assert ran.stdout == ""
    assert ran.error == (
        "there is no report of nowhere.example. There are reports of: vmock.example. "
        "Make it with: intent report nowhere.example"
    )


def test_two_forms_at_once_are_refused(store: ValueStore) -> None:
    ran = intent("show", DOMAIN, "--ledger", "--verdict")
    assert (ran.exit_code, ran.stdout) == (2, "")
    assert "give one of" in ran.stderr


def test_a_ledger_that_is_gone(store: ValueStore) -> None:
    store.path("evidence", DOMAIN).unlink()
    ran = intent("show", DOMAIN, "--ledger")
    assert "are not there any more" in (ran.error or "")
    assert f"intent report {DOMAIN}" in (ran.error or "")


def test_a_ledger_of_another_run_is_not_given_for_this_report(store: ValueStore) -> None:
    store.write("evidence", DOMAIN, to_frame(a_ledger(selected=selected_buyers(contacts=[]))))
    ran = intent("show", DOMAIN, "--ledger")
    assert ran.stdout == ""
    assert "a later run of vmock.example has looked up other facts" in (ran.error or "")


@pytest.fixture
def files(store: ValueStore, tmp_path: Path) -> tuple[Path, Path]:
    """A report and its ledger, as `intent show` gives them."""
    report, ledger = tmp_path / "REPORT.md", tmp_path / "LEDGER.json"
    report.write_text(intent("show", DOMAIN, "--markdown").stdout, "utf-8")
    ledger.write_text(intent("show", DOMAIN, "--ledger").stdout, "utf-8")
    return report, ledger


def test_a_report_is_borne_out_by_its_own_ledger(files: tuple[Path, Path]) -> None:
    report, ledger = files
    ran = intent("verify", str(report), "--evidence", str(ledger))
    assert (ran.exit_code, ran.stdout) == (0, "")


def test_an_edited_report_is_told_line_by_line(files: tuple[Path, Path]) -> None:
    report, ledger = files
    report.write_text(TEXT.replace("**Enrolment:** 5,612", "**Enrolment:** 6,512"), "utf-8")
    ran = intent("verify", str(report), "--evidence", str(ledger))
    assert ran.exit_code == 1
    assert ran.stdout.startswith("8:18: '6,512': the ledger has 5,612 for 'Enrolment' of Riverhead Central School")
    [finding] = intent("verify", str(report), "--evidence", str(ledger), "--json").json
    text = report.read_text("utf-8")
    assert text[finding["start"] : finding["end"]] == finding["quote"] == "6,512"
    assert (finding["fault"], finding["section"]) == ("typed_figure", "Intent report: VMock (vmock.example)")


def test_a_damaged_ledger_is_named(files: tuple[Path, Path]) -> None:
    report, ledger = files
    rows = json.loads(ledger.read_text("utf-8"))
    del rows[3]["as_of"]
    ledger.write_text(json.dumps(rows), "utf-8")
    ran = intent("verify", str(report), "--evidence", str(ledger))
    assert (ran.exit_code, ran.stdout) == (2, "")
    assert "fact 4 of the ledger: as_of" in ran.stderr


def test_many_texts_over_ledgers_and_other_json(files: tuple[Path, Path]) -> None:
    rows = json.loads(files[1].read_text("utf-8"))
    broken = [{**rows[0], "kind": "guess"}]
    lines = [
        {"id": 1, "text": "It has 5,612 students.", "evidence": rows},
        {"id": 2, "text": "It has 5,612 students.", "evidence": broken},
        {"id": 3, "text": "It has 6,512 students.", "evidence": rows},
    ]
    ran = intent("verify", "--batch", "-", stdin="\n".join(map(json.dumps, lines)))
    answers = [json.loads(line) for line in ran.stdout.splitlines()]
    assert [(answer["id"], [found["quote"] for found in answer["findings"]]) for answer in answers] == [
        (1, []),
        (3, ["6,512"]),
    ]
    assert (ran.exit_code, "line 2: fact 1 of the ledger: kind" in ran.stderr) == (1, True)
