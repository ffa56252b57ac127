"""The invented world: the same for the same seed, large enough, harmless, and as irregular as the contract says."""

import json
import re
import time
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest

from intent_assets.sandbox import world as worlds
from intent_assets.sandbox.world import World, make_world
from intent_assets.sandbox.world_buyers import Json

DAY = date(2026, 11, 23)


@pytest.fixture(scope="module")
def world() -> World:
    return make_world(7, DAY)


def records(world: World, kind: str) -> list[Json]:
    return [document.wire for document in world.documents if document.wire["type"] == kind]


def dumped(world: World) -> str:
    listed = [[buyer.listed(), buyer.profile] for buyer in world.buyers]
    return json.dumps([listed, [document.wire for document in world.documents], world.contacts])


def test_a_seed_is_a_world() -> None:
    first = dumped(worlds._make.__wrapped__(7, DAY))
    assert first == dumped(worlds._make.__wrapped__(7, DAY))
    assert first != dumped(worlds._make.__wrapped__(8, DAY))


def test_it_is_made_in_a_moment() -> None:
    started = time.process_time()
    worlds._make.__wrapped__(9, DAY)
    assert time.process_time() - started < 2


def test_it_is_as_large_as_it_should_be(world: World) -> None:
    assert 280 <= len(world.buyers) <= 330
    assert len(world.documents) == 5000
    assert 2500 <= sum(map(len, world.contacts.values())) <= 3800
    assert len({buyer.kind for buyer in world.buyers}) == 14
    assert len({document.wire["id"] for document in world.documents}) == 5000


def test_nothing_of_it_can_be_reached(world: World) -> None:
    text = dumped(world) + "".join(document.text for document in world.documents)
    hosts = re.findall(r"(?:https?://|@)([a-z0-9.-]+[a-z0-9])", text)
    assert {host.rsplit(".", 1)[-1] for host in hosts} == {"example"}
    phones = re.findall(r"\(\d{3}\) (\d{3}-\d{4})", text)
    assert phones
    assert all(re.fullmatch(r"555-01\d\d", phone) for phone in phones)


def test_names_repeat_in_different_states_only(world: World) -> None:
    names = Counter(buyer.name for buyer in world.buyers)
    assert max(names.values()) > 1
    assert len({(buyer.name, buyer.state) for buyer in world.buyers}) == len(world.buyers)


@pytest.mark.parametrize("today", [DAY, date(2024, 2, 29), date(2031, 1, 1)])
def test_on_any_day_there_is_what_is_open_closed_and_to_come(today: date) -> None:
    world = make_world(7, today)
    day = today.isoformat()
    due = [
        wire["dueDate"][:10]
        for wire in records(world, "Selling")
        if re.match(r"\d{4}-\d\d-\d\d", wire["dueDate"] or "")
    ]
    assert sum(at >= day for at in due) > 100
    assert sum(at < day for at in due) > 100
    assert sum((wire["postedDate"] or "")[:10] > day for wire in records(world, "BoardMeeting")) > 50
    soon = (today + timedelta(days=365)).isoformat()
    ends = [(wire["untilDate"] or "")[:10] for wire in records(world, "Contract")]
    assert sum(day <= at <= soon for at in ends) > 50


def test_it_has_the_irregularities_of_the_contract(world: World) -> None:
    all_wire = [document.wire for document in world.documents]
    amounts = [wire["purchaseAmount"] for wire in all_wire if "purchaseAmount" in wire]
    texts = {amount for amount in amounts if isinstance(amount, str)}
    assert any(text.startswith("$") for text in texts)
    assert any(text.endswith("M") for text in texts)
    assert any(text.endswith("thousand") for text in texts)
    assert None in amounts
    rfps = records(world, "Selling")
    closed = [
        wire for wire in rfps if wire.get("status") == "Available" and (wire["dueDate"] or "9")[:10] < DAY.isoformat()
    ]
    assert len(closed) > 50
    assert any(wire["dueDate"] is None for wire in rfps)
    assert any(wire["postedDate"] == "2026-02-31" for wire in all_wire)
    assert any(wire["buyerId"] is None for wire in all_wire)
    assert any("," in (wire["buyerType"] or "") for wire in all_wire)
    assert {type(wire.get("buyerTags")) for wire in all_wire} == {list, str, type(None)}
    assert any(wire.get("rfps") for wire in all_wire)
    assert any(wire.get("purchaseOrders") for wire in all_wire)
    assert max(len(wire["title"]) for wire in all_wire) in range(180, 201)
    assert any("<script>" in wire["title"] for wire in all_wire)
    assert any("PREVIOUS INSTRUCTIONS" in (wire.get("summary") or "") for wire in all_wire)
    sizes = Counter(wire["buyerId"] for wire in all_wire)
    assert any(buyer.id not in sizes for buyer in world.buyers)


def test_contacts_are_of_all_sorts(world: World) -> None:
    sizes = [len(people) for people in world.contacts.values()]
    assert min(sizes) == 0
    assert sum(size > 200 for size in sizes) >= 3
    people = [(buyer, person) for buyer in world.buyers for person in world.contacts[buyer.id]]
    assert any(not person["email"] and not person["phone"] for _, person in people)
    assert any(person["email"] and buyer.domain not in person["email"] for buyer, person in people)
    assert any(str(person["email"]).startswith(("info@", "purchasing@")) for _, person in people)
    assert {person["worksAtBuyer"] for _, person in people} == {True, False, None}
    assert any(person["contactId"] is None for _, person in people)
    assert any(person["name"] is None and person["firstName"] is None for _, person in people)


def test_today_is_the_default() -> None:
    assert abs((make_world().today - datetime.now(UTC).date()).days) <= 1
