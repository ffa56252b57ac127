"""`intent notices`: what waits and what was delivered, without people's data, and delivery by hand."""

from collections.abc import Iterator

import pytest

from intent_assets.notices import reply_accepted
from intent_assets.outbox import Outbox
from intent_assets.sandbox.faults import Fault
from intent_assets.sandbox.server import Sandbox
from intent_assets.settings import load_settings
from tests.outgoing import a_reply, outgoing_sandbox
from tests.running import intent


@pytest.fixture
def outside(clean_environment: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    with outgoing_sandbox(monkeypatch) as running:
        yield running


def put(number: int, domain: str = "vmock.example") -> str:
    notice = reply_accepted(a_reply(number, domain))
    Outbox.of(load_settings()).put(notice)
    return notice.notice_id


@pytest.mark.usefixtures("clean_environment")
def test_an_empty_outbox_says_so() -> None:
    assert intent("notices").stdout == "No notice was put.\n"
    assert intent("notices", "--waiting").stdout == "No notice waits. Clay has all.\n"
    assert intent("notices", "--json").json == []
    assert intent("notices", "--send").stdout == "no notice waits\n"


def test_all_that_waits_is_listed_in_order_with_what_is_wrong_and_nothing_of_a_person(outside: Sandbox) -> None:
    delivered = put(3)
    assert intent("notices", "--send").stdout == "delivered 1, none waits\n"
    outside.faults.add(Fault(service="clay", kind="status", status=422))
    waiting = [put(2), put(1, "other.example")]

    sent = intent("notices", "--send")
    listed = intent("notices", "--json").json
    table = intent("notices").stdout

    assert sent.exit_code == 4
    assert "2 still waiting" in sent.stdout
    assert [row["notice_id"] for row in listed] == [delivered, *waiting]
    assert [(row["state"], row["tries"], row["refusal"]) for row in listed] == [
        ("delivered", 1, None), ("waiting", 1, 422), ("waiting", 0, None),
    ]  # fmt: skip
    assert "HTTP 422" in table
    assert f"intent notices --show {waiting[0]}" in table
    assert not any(said in table + str(listed) for said in ("Ana", "ana.diaz", "interesting"))
    assert [row["notice_id"] for row in intent("notices", "--domain", "Other.example", "--json").json] == [waiting[1]]
    assert [row["notice_id"] for row in intent("notices", "--waiting", "--json").json] == waiting
    assert [row["notice_id"] for row in intent("notices", "--limit", "1", "--json").json] == [delivered, *waiting]
    outside.faults.clear()
    assert intent("notices", "--send", "--json").json == {"delivered": 2, "waiting": 0, "problem": None}
    assert [notice["notice_id"] for notice in outside.service("clay").notices][-2:] == waiting


def test_one_notice_is_shown_whole(outside: Sandbox) -> None:
    known = put(1)

    assert intent("notices", "--show", known).json["reply"]["prospect_email"] == "ana.diaz@vmock.example"
    intent("notices", "--send")
    assert intent("notices", "--show", known).json["notice_id"] == known
    unknown = intent("notices", "--show", "n_unknown")
    assert unknown.exit_code == 1
    assert "no notice n_unknown" in str(unknown.error)


@pytest.mark.usefixtures("clean_environment")
def test_looking_moves_no_damaged_notice() -> None:
    put(1)
    (waiting,) = (load_settings().outbox / "waiting").iterdir()
    waiting.write_text("{")

    assert intent("notices", "--json").json == []
    assert waiting.exists()
