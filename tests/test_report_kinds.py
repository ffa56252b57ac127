"""What a run fetches and writes by tier, campaign and memory, and for a prospect that is a buyer: the whole path."""

import json
from pathlib import Path
from typing import Any

import pytest

from intent_assets.sandbox.faults import Fault
from intent_assets.sandbox.server import Sandbox
from tests.running import PRODUCT, intent, make_report

pytestmark = pytest.mark.usefixtures("environment")


def report_of(tmp_path: Path, **fields: Any) -> dict[str, Any]:
    """Make the report of a reply with these fields; returns what the command printed."""
    file = tmp_path / f"reply-{len(list(tmp_path.glob('reply-*')))}.json"
    payload = {"target_domain": "vmock.example", "target_company": "VMock", "product_description": PRODUCT} | fields
    file.write_text(json.dumps(payload), "utf-8")
    answer: dict[str, Any] = intent("report", payload["target_domain"], "--reply", str(file), "--json").json
    return answer


def shown(domain: str = "vmock.example") -> str:
    return intent("show", domain, "--markdown").stdout.replace("**", "")


def operations(sandbox: Sandbox, service: str) -> list[str]:
    return [call.operation for call in sandbox.calls if call.service == service]


def last_notice(sandbox: Sandbox) -> dict[str, Any]:
    notice: dict[str, Any] = sandbox.service("clay").notices[-1]
    return notice


def strategy(domain: str = "vmock.example") -> dict[str, Any]:
    value: dict[str, Any] = json.loads(Path(f"home/values/search_strategy/{domain}.json").read_text("utf-8"))
    return value


def test_tier_one_is_the_report_alone(sandbox: Sandbox, tmp_path: Path) -> None:
    assert report_of(tmp_path, tier=1)["status"] == "published"
    assert "buyer_contacts" not in operations(sandbox, "starbridge")
    assert "gameplan" not in operations(sandbox, "claude")
    assert "decision_maker" not in last_notice(sandbox)
    assert "Decision maker" not in shown()


def test_tier_three_has_relevancy_pitch_angle_and_gameplan(sandbox: Sandbox, tmp_path: Path) -> None:
    assert report_of(tmp_path, tier=3)["status"] == "published"
    notice = last_notice(sandbox)
    assert all(notice["ir_notes"][name] for name in ("relevancy", "pitch_angle", "gameplan"))
    assert notice["decision_maker"]["name"]
    text = shown()
    places = [text.index(f"## {title}\n") for title in ("Decision maker", "Relevancy", "Pitch angle", "Gameplan")]
    assert places == sorted(places)


@pytest.mark.usefixtures("after_report")
def test_a_second_reply_about_the_same_product_does_not_wait_for_a_strategy(sandbox: Sandbox, tmp_path: Path) -> None:
    first = strategy()

    answer = report_of(tmp_path, reply_text="Two")

    assert answer["status"] == "published"
    assert operations(sandbox, "claude").count("strategy") == 0
    assert strategy()["primary_keywords"] == first["primary_keywords"]
    assert "New signals: 0, since the last report of" in shown()
    report_of(tmp_path, reply_text="Three", product_description="Fleet telematics and dispatch software for cities")
    assert operations(sandbox, "claude").count("strategy") == 1
    assert last_notice(sandbox)["new_signals"] > 0
    assert ", new since " in shown()


@pytest.mark.usefixtures("after_report")
def test_a_new_strategy_looks_for_what_earlier_runs_did_not(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INTENT_STRATEGY_FRESH_DAYS", "0")
    first = strategy()
    report_of(tmp_path, reply_text="Two")
    second = strategy()
    for field in ("segments", "primary_keywords", "meeting_keywords", "rfp_keywords"):
        assert second[field]
        assert not set(first[field]) & set(second[field]), field

    monkeypatch.setenv("INTENT_DIVERSIFY", "false")
    report_of(tmp_path, reply_text="Three")
    assert strategy()["primary_keywords"] == first["primary_keywords"]


@pytest.mark.usefixtures("after_report")
def test_a_campaign_reply_opens_with_the_signal_that_was_answered(sandbox: Sandbox, tmp_path: Path) -> None:
    featured = last_notice(sandbox)["featured_buyer"]
    records = [d.wire for d in sandbox.service("starbridge").world.documents if d.wire["buyerName"] == featured]
    answered = next(wire for wire in records if wire["type"] == "BoardMeeting" and "<" not in wire["title"])
    signals = [
        {"position": 1, "signal_id": "opp-1", "title": "Career centre RFP"},
        {"position": 3, "signal_id": answered["id"], "title": answered["title"]},
        {"position": 5, "signal_id": "opp-5", "title": "Not sent yet"},
    ]

    answer = report_of(tmp_path, reply_text="Two", sequence_number=3, campaign_signals=signals)

    assert answer["status"] == "published"
    opening = shown().partition("As of")[0]
    assert "The signal that was answered: " in opening
    assert f"Its buyer {featured} is the featured buyer: rank 1 of " in opening
    assert "Seen before in this campaign: Career centre RFP" in opening
    assert "Not sent yet" not in opening


def test_a_public_body_is_told_so_instead_of_being_sold_to_itself(sandbox: Sandbox, tmp_path: Path) -> None:
    own = next(buyer for buyer in sandbox.service("starbridge").world.buyers if buyer.website and buyer.weight)

    answer = report_of(tmp_path, target_domain=own.domain, target_company=own.name, tier=3)

    assert answer["status"] == "published"
    text = shown(own.domain)
    assert f"belongs to {own.name}, a public body" in text
    assert "Featured buyer" not in text
    assert operations(sandbox, "claude") == ["strategy"]
    assert "buyer_contacts" not in operations(sandbox, "starbridge")
    assert "buyer_chat" not in operations(sandbox, "starbridge")
    notice = last_notice(sandbox)
    assert (notice["event"], notice["featured_buyer"]) == ("report.ready", own.name)
    assert "public body itself" in notice["text"]


def test_a_failed_search_and_nothing_found_is_a_failure_and_no_empty_report(sandbox: Sandbox) -> None:
    nothing = {"totalItems": 0, "resultCount": 0, "opportunities": [], "buyers": []}
    sandbox.faults.add(Fault(service="starbridge", operation="opportunity_search", kind="status", status=400, times=1))
    sandbox.faults.add(Fault(service="starbridge", operation="*", kind="replace", body=json.dumps(nothing)))

    answer = make_report()

    assert (answer["status"], answer["failed_step"]) == ("failed", "discoveries")
    assert "no signal was found" in answer["error"]


def test_a_supabase_without_its_table_stops_the_run_before_its_first_step(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INTENT_SUPABASE__SIGNALS_TABLE", "intent_signals")

    answer = make_report()

    assert answer["status"] == "failed"
    assert "intent_signals" in answer["error"]
    assert operations(sandbox, "starbridge") == []
    assert operations(sandbox, "claude") == []
