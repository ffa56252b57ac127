"""Which signals a prospect was told about, and which one it answered."""

from typing import Any

import pytest

from intent_assets.campaign import told_signals, with_buyers
from intent_assets.records import CampaignSignal, ProspectContext, ToldSignal
from tests.builders import a_reply


def mail(position: int | None, signal_id: str | None = None, title: str | None = None) -> CampaignSignal:
    return CampaignSignal(position=position, signal_id=signal_id, title=title)


def told(signals: tuple[CampaignSignal, ...], sequence_number: int | None, *allocated: CampaignSignal) -> list[Any]:
    reply = a_reply(campaign_signals=signals, sequence_number=sequence_number)
    return [signal.signal_id or signal.title for signal in told_signals(reply, allocated)]


CASES = [
    ((mail(1, "a"), mail(3, "b")), 3, ["a", "b"], "the mail that was answered has the last signal"),
    ((mail(3, "b"), mail(1, "a")), 3, ["a", "b"], "in the order of the mails, however they were listed"),
    ((mail(1, "a"), mail(3, "b"), mail(5, "c")), 3, ["a", "b"], "later mails were not sent yet"),
    ((mail(1, "a"), mail(5, "c")), 3, ["a"], "a mail without a signal answers to the last one before it"),
    ((mail(1, "a"), mail(2, "b")), None, ["a", "b"], "without a sequence number all were sent"),
    ((mail(None, "x"), mail(2, "b")), 2, ["x", "b"], "a signal without a position came at some time before"),
    ((mail(5, "c"),), 3, [], "nothing was sent yet"),
    ((mail(1, None, None), mail(2)), 2, [], "a signal without id and title is none"),
    ((mail(1, "a"), mail(2, "a")), 2, ["a"], "each once"),
    ((mail(1, None, "Career  RFP"), mail(2, None, "career rfp")), 2, ["Career  RFP"], "by title without an id"),
    ((), 3, [], "no campaign"),
]


@pytest.mark.parametrize(("signals", "sequence_number", "expected", "reason"), CASES)
def test_what_was_told(
    signals: tuple[CampaignSignal, ...], sequence_number: int | None, expected: list[str], reason: str
) -> None:
    assert told(signals, sequence_number) == expected, reason


def test_allocations_of_another_source_count_as_told() -> None:
    assert told((mail(2, "b", "B"),), 2, mail(1, "a"), mail(2, "b"), mail(4, "d")) == ["a", "b"]


RECORDS = [
    {"signal_id": "a", "title": "Career RFP", "buyer_id": "b1", "buyer_name": "One"},
    {"signal_id": "b", "title": "Copiers", "buyer_id": "b2", "buyer_name": "Two"},
    {"signal_id": "c", "title": "copiers", "buyer_id": "b3", "buyer_name": "Three"},
]


@pytest.mark.parametrize(
    ("signal", "buyer", "reason"),
    [
        (ToldSignal(signal_id="a", title="As told"), "b1", "by id, whatever the mail called it"),
        (ToldSignal(title="career  rfp"), "b1", "by title"),
        (ToldSignal(title="Copiers"), None, "two records have the title"),
        (ToldSignal(signal_id="z", title="Career RFP"), None, "another id is another signal"),
        (ToldSignal(signal_id="z"), None, "not on record"),
    ],
)
def test_the_buyer_of_a_told_signal(signal: ToldSignal, buyer: str | None, reason: str) -> None:
    (found,) = with_buyers([signal], RECORDS)
    assert found.buyer_id == buyer, reason
    assert found.title == (signal.title or None)


def test_seen_are_the_ids_of_all_that_was_told() -> None:
    context = ProspectContext(
        answered=ToldSignal(signal_id="b"), earlier=(ToldSignal(signal_id="a"), ToldSignal(title="t"))
    )
    assert context.seen == {"a", "b"}
