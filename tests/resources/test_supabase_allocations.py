"""Supabase: what a prospect was sent, over real sockets."""

from typing import Any

import pytest

from intent_assets.sandbox.faults import Fault
from intent_assets.sandbox.server import Sandbox
from tests.resources.supabase_client import EMAIL, allocations, start


def an_allocation(signal_id: str, **changes: Any) -> dict[str, Any]:
    values = {
        "signal_id": signal_id, "prospect_email": EMAIL, "campaign_id": "camp_1", "sequence_position": 1, "sent": True
    }  # fmt: skip
    return values | changes


ALLOCATIONS = [
    an_allocation("s-3", sequence_position=3),
    an_allocation("s-1", prospect_email=EMAIL.upper()),
    an_allocation("s-1", prospect_email=EMAIL.lower()),
    an_allocation("s-2", sent=False),
    an_allocation("s-4", campaign_id="camp, \"2\" (b.c)", sequence_position=None),
    an_allocation("s-5", prospect_email=EMAIL.replace("_", "x")),
    an_allocation("s-6", prospect_email="ana@other.example"),
    an_allocation("s-7", sent="perhaps"),
]  # fmt: skip


def test_what_was_sent_is_found_in_any_case_in_the_order_of_places(supabase_sandbox: Sandbox) -> None:
    supabase_sandbox.service("supabase").tables["signal_allocations"] = ALLOCATIONS
    found = allocations(f" {EMAIL.title()} ")
    assert [(each.signal_id, each.sequence_position) for each in found] == [("s-1", 1), ("s-3", 3), ("s-4", None)]


def test_a_known_campaign_narrows_it(supabase_sandbox: Sandbox) -> None:
    supabase_sandbox.service("supabase").tables["signal_allocations"] = ALLOCATIONS
    assert [each.signal_id for each in allocations(campaign_id="camp_1")] == ["s-1", "s-3"]
    assert [each.signal_id for each in allocations(campaign_id='camp, "2" (b.c)')] == ["s-4"]


def test_a_server_that_only_compares_literally_is_asked_for_the_address_as_written(supabase_sandbox: Sandbox) -> None:
    supabase_sandbox.service("supabase").tables["signal_allocations"] = ALLOCATIONS
    refusal = {"code": "PGRST100", "message": "failed to parse filter (ilike)", "details": None, "hint": None}
    supabase_sandbox.faults.add(Fault(service="supabase", kind="status", status=400, body=refusal, times=1))
    assert [each.signal_id for each in allocations()] == ["s-3", "s-4"]


@pytest.mark.parametrize("email", ["a'b,c.d\"(e) f&g=h#%*@many.example", "ü@many.example", "back\\slash@many.example"])
def test_an_address_with_any_character_is_asked_for_as_it_is(supabase_sandbox: Sandbox, email: str) -> None:
    supabase_sandbox.service("supabase").tables["signal_allocations"] = [
        an_allocation("s-1", prospect_email=email), an_allocation("s-2")
    ]  # fmt: skip
    assert [each.signal_id for each in allocations(email)] == ["s-1"]


def test_no_wild_card_in_an_address_finds_anybody_else(supabase_sandbox: Sandbox) -> None:
    supabase_sandbox.service("supabase").tables["signal_allocations"] = ALLOCATIONS
    assert allocations("%") == allocations("*") == allocations("____@many.example") == ()


@pytest.mark.parametrize("email", ["", "  "])
def test_without_an_address_nothing_is_asked(supabase_sandbox: Sandbox, email: str) -> None:
    assert allocations(email) == ()
    assert supabase_sandbox.calls == []


def test_without_a_table_of_allocations_nothing_is_asked(
    supabase_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INTENT_SUPABASE__ALLOCATIONS_TABLE", "off")
    del supabase_sandbox.service("supabase").tables["signal_allocations"]
    start()
    supabase_sandbox.calls.clear()
    assert allocations() == ()
    assert supabase_sandbox.calls == []
