"""Discovery over the sandbox's traps: from a strategy to ranked buyers, over real sockets, without Dagster."""

import asyncio
import json
import re
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

import pandas as pd
import pytest

from intent_assets.assets.searching import Found, LookedUp, search
from intent_assets.identity import public_body
from intent_assets.prompts.strategy_values import OPPORTUNITY_TYPES
from intent_assets.records import SearchStrategy, ToldSignal
from intent_assets.resources.starbridge import Starbridge
from intent_assets.resources.supabase import Supabase
from intent_assets.sandbox.faults import Fault
from intent_assets.sandbox.server import Sandbox
from intent_assets.scoring import scored_buyers
from intent_assets.searches import plan
from intent_assets.settings import Weights, load_settings
from intent_assets.signals import Discovered, candidate_buyers, discoveries
from tests import plain_scoring
from tests.builders import a_reply

pytestmark = [
    pytest.mark.usefixtures("environment"),
    pytest.mark.filterwarnings("ignore:The `__fields__` attribute is deprecated"),
]


@pytest.fixture(autouse=True)
def starbridge_alone(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Without its variables Supabase is not asked; the tests of the second source set them again."""
    for name in ("SUPABASE_URL", "SUPABASE_KEY"):
        monkeypatch.delenv(name)


STRATEGY = SearchStrategy(
    primary_keywords=("career services", "resume review", "interview practice"),
    alternate_keywords=("student information system", "learning management"),
    meeting_keywords=("career outcomes", "student success"),
    rfp_keywords=("career services platform", "software", "services"),
    buyer_types=("HigherEducation", "SchoolDistrict"),
    opportunity_types=OPPORTUNITY_TYPES,
    states=("NY", "IL", "CA", "TX", "OH"),
)


def ask(strategy: SearchStrategy = STRATEGY, answered: ToldSignal | None = None, **reply: Any) -> tuple[
    list[Found], LookedUp
]:  # fmt: skip
    return asyncio.run(search(plan(strategy), a_reply(**reply), answered, Starbridge(), Supabase(), load_settings()))


def today() -> date:
    return datetime.now(UTC).date()


def signals(found: Sequence[Found]) -> Discovered:
    searches = [(each.search.name, each.records) for each in found if each.search.tool == "opportunity_search"]
    return discoveries(searches, today())


def ranked(found: Sequence[Found]) -> pd.DataFrame:
    frame = signals(found).frame
    listed = [(each.search.name, each.records) for each in found if each.search.tool == "buyer_search"]
    candidates = candidate_buyers(frame, listed, today())
    return scored_buyers(frame, candidates, STRATEGY, weights=Weights(), as_of=today())


def test_the_ranking_of_the_sandbox_is_the_plain_one(sandbox: Sandbox) -> None:
    found, _ = ask()
    world = {
        "as_of": today().isoformat(),
        "strategy": {"buyer_types": STRATEGY.buyer_types, "primary_keywords": STRATEGY.primary_keywords},
        "searches": [each.records for each in found if each.search.tool == "opportunity_search"],
        "buyers": [row for each in found if each.search.tool == "buyer_search" for row in each.records],
    }
    keys = ("rank", "buyer_id", "score", "role", "signals")
    rows = ranked(found).astype(object).where(lambda frame: frame.notna(), None).to_dict("records")
    assert len(rows) > 100
    assert [[row[key] for key in keys] for row in rows] == [
        [row[key] for key in keys] for row in plain_scoring.rank(world)
    ]


def test_all_four_searches_are_asked_at_once_in_the_form_that_the_api_understands(sandbox: Sandbox) -> None:
    found, _ = ask()
    assert [(each.search.name, each.status) for each in found] == [
        ("primary_keywords", "complete"), ("rfp_keywords", "complete"),
        ("buyers_by_type", "complete"), ("buyers_by_state", "complete"),
    ]  # fmt: skip
    sent = [call for call in sandbox.calls if call.operation in ("opportunity_search", "buyer_search")]
    assert len(sent) >= 4
    overlapping = sum(other.started < call.started < (other.ended or 0) for call in sent for other in sent)
    assert overlapping > 0


def test_a_signal_that_several_searches_find_counts_once(sandbox: Sandbox) -> None:
    found, _ = ask(STRATEGY.model_copy(update={"opportunity_types": ("Meeting", "Contract")}))
    copies = Counter(row["id"] for each in found if each.search.tool == "opportunity_search" for row in each.records)
    assert max(copies.values()) > 1
    frame = signals(found).frame
    assert len(frame) == frame["signal_id"].nunique()
    assert set(frame.loc[frame["searches"].str.contains(","), "signal_id"]) <= {
        key for key, n in copies.items() if n > 1
    }


def test_buyers_with_one_name_stay_two(sandbox: Sandbox) -> None:
    everybody = sandbox.service("starbridge").world.buyers
    name, times = Counter(buyer.name for buyer in everybody).most_common(1)[0]
    states = tuple(buyer.state for buyer in everybody if buyer.name == name)
    assert times > 1
    kinds = tuple({buyer.kind for buyer in everybody if buyer.name == name})
    found, _ = ask(STRATEGY.model_copy(update={"states": states, "buyer_types": kinds}))
    scored = ranked(found)
    namesakes = scored[scored["buyer_name"] == name]
    assert len(namesakes) == times
    assert namesakes["buyer_id"].nunique() == times


def test_no_closed_rfp_is_found_or_urgent(sandbox: Sandbox) -> None:
    found, _ = ask()
    frame = signals(found).frame
    rfps = frame[frame["kind"] == "rfp"]
    assert len(rfps) > 20
    assert set(rfps["state"]) <= {"open", "unknown"}
    assert all(due >= today() for due in rfps["due_date"] if due is not None)


def test_amounts_in_words_are_read_and_unreadable_dates_counted(sandbox: Sandbox) -> None:
    found, _ = ask(STRATEGY.model_copy(update={"states": ()}))
    wire = {row["id"]: row for each in found for row in each.records if "id" in row}
    in_words = {key for key, row in wire.items() if re.match(r"\$|USD|[\d.]+M$", str(row.get("purchaseAmount") or ""))}
    discovered = signals(found)
    frame = discovered.frame
    amounts = dict(zip(frame["signal_id"], frame["amount"], strict=True))
    assert any(plain_scoring.amount_of(wire[key]["purchaseAmount"]) for key in in_words)
    for key in in_words & amounts.keys():
        assert amounts[key] == pytest.approx(
            plain_scoring.amount_of(wire[key]["purchaseAmount"]) or float("nan"), nan_ok=True
        )
    garbage = [row for row in wire.values() for name in ("postedDate", "dueDate", "untilDate")
               if row.get(name) and plain_scoring.date_of(row[name]) is None]  # fmt: skip
    assert garbage
    assert sum(discovered.unreadable_dates.values()) >= len(garbage)


def test_further_pages_are_read_as_far_as_the_setting_says(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTENT_SEARCH_PAGE_SIZE", "10")
    monkeypatch.setenv("INTENT_SEARCH_PAGES", "3")
    found, _ = ask()
    first = found[0]
    assert first.pages == 3
    assert first.total is not None
    assert first.total > 30
    assert len(first.records) + first.unreadable == 30


def test_an_empty_world_has_neither_signals_nor_candidates(sandbox: Sandbox) -> None:
    nothing = {"totalItems": 0, "resultCount": 0, "opportunities": [], "buyers": []}
    sandbox.faults.add(Fault(service="starbridge", operation="*", kind="replace", body=json.dumps(nothing)))
    found, looked_up = ask()
    assert [each.status for each in found] == ["complete"] * 4
    assert ranked(found).empty
    assert (looked_up.documents, looked_up.problems) == ((), ())


def test_a_domain_of_a_public_body_is_known_by_its_web_site(sandbox: Sandbox) -> None:
    own = next(buyer for buyer in sandbox.service("starbridge").world.buyers if buyer.website and buyer.weight)
    _, looked_up = ask(domain=own.domain, company=None)
    body = public_body(own.domain, None, looked_up.documents, looked_up.listed)
    assert body is not None
    assert (body.buyer_id, body.known_by) == (own.id, "web site")


def test_a_vendor_is_no_public_body(sandbox: Sandbox) -> None:
    _, looked_up = ask()
    assert public_body("vmock.example", "VMock", looked_up.documents, looked_up.listed) is None


def test_the_answered_signal_is_looked_up_by_its_title(sandbox: Sandbox) -> None:
    record = next(d.wire for d in sandbox.service("starbridge").world.documents if d.wire["buyerId"])
    _, looked_up = ask(answered=ToldSignal(signal_id=record["id"], title=record["title"]))
    assert record["id"] in {row["signal_id"] for row in looked_up.answered}


def test_look_ups_that_fail_are_told_and_cost_no_search(sandbox: Sandbox) -> None:
    sandbox.faults.add(Fault(service="starbridge", operation="buyer_search", kind="status", status=400))
    found, looked_up = ask(STRATEGY.model_copy(update={"buyer_types": (), "states": ()}))
    assert [each.status for each in found] == ["complete", "complete", "skipped", "skipped"]
    assert [problem.partition(" could not")[0] for problem in looked_up.problems] == [
        "whether a buyer has the company's name"
    ]


def test_without_its_variables_nothing_is_asked_of_supabase(sandbox: Sandbox) -> None:
    found, looked_up = ask(prospect_email="ana.diaz@vmock.example")
    assert [each.search.name for each in found if each.search.tool == "supabase"] == []
    assert looked_up.allocated == ()
    assert [call for call in sandbox.calls if call.service == "supabase"] == []


def test_the_second_source_joins_the_discoveries(
    sandbox: Sandbox, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("SUPABASE_URL", "SUPABASE_KEY"):
        monkeypatch.setenv(name, environment[name])
    found, looked_up = ask(prospect_email="ana.diaz@vmock.example")
    own = found[-1]
    assert (own.search.name, own.status) == ("supabase", "complete")
    assert own.records
    sent = [row for row in sandbox.service("supabase").tables["signal_allocations"]
            if row["prospect_email"] == "ana.diaz@vmock.example" and row["sent"]]  # fmt: skip
    assert {signal.signal_id for signal in looked_up.allocated} == {row["signal_id"] for row in sent}


def test_a_second_source_that_is_down_is_told_and_costs_nothing_else(
    sandbox: Sandbox, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("SUPABASE_URL", "SUPABASE_KEY"):
        monkeypatch.setenv(name, environment[name])
    sandbox.faults.add(Fault(service="supabase", operation="*", kind="status", status=503))
    found, looked_up = ask(prospect_email="ana.diaz@vmock.example")
    assert [each.status for each in found] == ["complete"] * 4 + ["failed"]
    assert [problem.partition(" could not")[0] for problem in looked_up.problems] == ["what the prospect was sent"]
