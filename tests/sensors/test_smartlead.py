"""The poll of Smartlead: what is there comes into the inbox once; a poll that fails disturbs nothing."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import dagster as dg
import pytest

from intent_assets.intake.inbox import Inbox
from intent_assets.resources.inbox import InboxResource
from intent_assets.sandbox.faults import Fault
from intent_assets.sandbox.server import Sandbox
from intent_assets.sandbox.smartlead import KEY
from intent_assets.sensors.smartlead import smartlead_replies
from tests.outgoing import outgoing_sandbox
from tests.sensors.graph import an_instance, resources

# Dagster asks a resource that has no fields for pydantic's old `__fields__`.
pytestmark = pytest.mark.filterwarnings("ignore:The `__fields__` attribute is deprecated")

RECENT = datetime.now(UTC) - timedelta(hours=1)


@pytest.fixture
def outside(clean_environment: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    with outgoing_sandbox(monkeypatch) as running:
        monkeypatch.setenv("SMARTLEAD_API_KEY", KEY)
        monkeypatch.setenv("INTENT_SMARTLEAD_POLL_EVERY", "0.001")
        yield running


@pytest.fixture
def inbox(outside: Sandbox) -> Inbox:
    return InboxResource().open()


class Ticks:
    """Ticks of the sensor, each with the cursor of the one before."""

    def __init__(self) -> None:
        self.cursor: str | None = None

    def tick(self) -> str:
        with (
            an_instance() as instance,
            dg.build_sensor_context(instance, cursor=self.cursor, resources=resources()) as context,
        ):
            result = smartlead_replies(context)
            self.cursor = context.cursor
        assert isinstance(result, dg.SkipReason)
        return str(result.skip_message)


@pytest.mark.parametrize("form", ["data", "messages"])
def test_new_replies_come_in_once_in_order(outside: Sandbox, inbox: Inbox, form: str) -> None:
    service = outside.service("smartlead")
    service.form = form
    for number in range(45):
        service.add_reply(received_at=RECENT + timedelta(seconds=number), email=f"a{number}@vmock.example")
    ticks = Ticks()
    assert "45 new replies" in ticks.tick()
    assert "0 new replies" in ticks.tick()
    entries = inbox.pending(100)
    assert [entry.reply.prospect_email for entry in entries] == [f"a{number}@vmock.example" for number in range(45)]
    assert {entry.reply.source for entry in entries} == {"smartlead_poll"}


def test_what_is_not_positive_or_no_company_is_logged_once(outside: Sandbox, inbox: Inbox) -> None:
    service = outside.service("smartlead")
    service.add_reply(received_at=datetime.now(UTC), category="Not Interested")
    service.add_reply(received_at=datetime.now(UTC), email="ana.diaz@gmail.com")
    ticks = Ticks()
    assert "0 new replies, 0 known, 2 left out" in ticks.tick()
    ticks.tick()
    [log] = (inbox.folder / "refused").iterdir()
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert len(lines) == 2
    assert "ana.diaz" not in log.read_text()


FAULTS = [
    Fault(service="smartlead", kind="status", status=500),
    Fault(service="smartlead", kind="status", status=429, retry_after="60"),
    Fault(service="smartlead", kind="drop"),
    Fault(service="smartlead", kind="cut"),
    Fault(service="smartlead", kind="empty"),
    Fault(service="smartlead", kind="html", status=502),
    Fault(service="smartlead", kind="replace", body=[1]),
    Fault(service="smartlead", kind="replace", body={"data": None}),
]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.kind}-{fault.status}-{fault.body}")
def test_a_poll_that_fails_says_so_without_the_key_and_is_made_again(
    outside: Sandbox, inbox: Inbox, fault: Fault, caplog: pytest.LogCaptureFixture
) -> None:
    outside.service("smartlead").add_reply(received_at=RECENT)
    outside.faults.add(fault)
    ticks = Ticks()
    with caplog.at_level("DEBUG", logger="httpx"):
        said = ticks.tick()
    assert "the poll failed" in said
    assert KEY not in said + caplog.text
    outside.faults.clear()
    assert "1 new replies" in ticks.tick()


def test_items_that_are_no_replies_disturb_nothing(outside: Sandbox, inbox: Inbox) -> None:
    body = {"data": [7, {}, {"lead_email": 5, "email_history": "x"}, {"lead_email": "a@vmock.example"}]}
    outside.faults.add(Fault(service="smartlead", kind="replace", body=body))
    assert "1 new replies, 0 known, 2 left out" in Ticks().tick()


def test_polls_keep_their_pause(outside: Sandbox, inbox: Inbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTENT_SMARTLEAD_POLL_EVERY", "60")
    ticks = Ticks()
    ticks.tick()
    assert "every 60 s" in ticks.tick()
    assert len(outside.calls) == 1


def test_without_a_key_nothing_is_asked(outside: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SMARTLEAD_API_KEY")
    assert "SMARTLEAD_API_KEY is not set" in Ticks().tick()
    assert outside.calls == []
