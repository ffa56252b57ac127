"""The contract's forms of a reply, each read into the one record."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from intent_assets.errors import InvalidReply
from intent_assets.intake.replies import NotTaken, parse_polled, parse_reply, snippet
from intent_assets.records import CampaignSignal, Reply
from intent_assets.sandbox.smartlead_forms import (
    category_updated,
    data_item,
    email_replied,
    email_reply,
    invented_reply,
    messages_item,
)
from intent_assets.settings import Settings

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
SETTINGS = Settings(_env_file=None)
LATER = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)

CLAY: Mapping[str, Any] = {
    "target_domain": "vmock.example",
    "target_company": "VMock",
    "product_description": "Career-services platform for universities",
    "campaign_id": "camp_17",
    "prospect_name": "Ana Diaz",
    "prospect_email": "ana.diaz@vmock.example",
    "tier": 2,
    "reply_text": "This looks interesting, can you send more?",
    "sequence_number": 3,
    "campaign_signals": [
        {"position": 1, "signal_id": "opp-1", "title": "Career centre RFP"},
        {"position": 3, "signal_id": "opp-9", "title": "Board discusses student employability"},
    ],
}

EMAIL_REPLY: Mapping[str, Any] = {
    "event_type": "EMAIL_REPLY",
    "sl_email_lead_id": "171",
    "sl_email_lead_map_id": 4711,
    "sl_lead_email": "ana.diaz@mail.vmock.example",
    "stats_id": "s-1",
    "campaign_id": 17,
    "campaign_name": "Career services",
    "sequence_number": 3,
    "from_email": "sam@outreach.example",
    "to_email": "ana.diaz@mail.vmock.example",
    "to_name": "Ana Diaz",
    "subject": "Re: RFP",
    "event_timestamp": "2026-11-23T09:29:00Z",
    "reply_message": {
        "message_id": "<abc@mail.vmock.example>",
        "text": "Send it over, please.\n\nOn Mon, Nov 23, 2026 Sam <sam@outreach.example> wrote:\n> Hi Ana",
        "html": "<p>Send it over, please.</p>",
        "time": "2026-11-23T09:29:00Z",
    },
    "secret_key": "s3cret-of-smartlead",
    "leadCorrespondence": {
        "targetLeadEmail": "ana.diaz@mail.vmock.example",
        "replyReceivedFrom": "ana.diaz@mail.vmock.example",
        "repliedCompanyDomain": "vmock.example",
    },
}


def read(payload: object, **options: Any) -> Reply:
    reply = parse_reply(payload, received_at=NOW, settings=SETTINGS, **options)  # type: ignore[arg-type] # bad input, too
    assert isinstance(reply, Reply)
    return reply


def test_clay_form_with_all_its_fields() -> None:
    reply = read(CLAY)
    assert reply.model_dump(exclude={"reply_id", "campaign_signals"}) == {
        "domain": "vmock.example",
        "company": "VMock",
        "prospect_name": "Ana Diaz",
        "prospect_email": "ana.diaz@vmock.example",
        "product_description": "Career-services platform for universities",
        "campaign_id": "camp_17",
        "campaign_name": None,
        "sequence_number": 3,
        "tier": 2,
        "reply_text": "This looks interesting, can you send more?",
        "received_at": NOW,
        "source": "clay",
    }
    assert reply.campaign_signals[1] == CampaignSignal(
        position=3, signal_id="opp-9", title="Board discusses student employability"
    )


def test_smartlead_reply() -> None:
    reply = read(EMAIL_REPLY)
    assert reply.domain == "vmock.example"
    assert reply.prospect_email == "ana.diaz@mail.vmock.example"
    assert (reply.prospect_name, reply.campaign_id, reply.campaign_name) == ("Ana Diaz", "17", "Career services")
    assert (reply.sequence_number, reply.tier, reply.source) == (3, 2, "smartlead_webhook")
    assert reply.reply_text == "Send it over, please."
    assert "s3cret" not in repr(reply)


def test_every_form_of_one_reply_tells_the_same() -> None:
    reply = invented_reply(7, 0, text="Happy to talk.", email="ana@vmock.example", company="VMock")
    read_forms = [read(form(reply)) for form in (email_reply, email_replied, category_updated)]
    read_forms += [_polled(form(reply)) for form in (data_item, messages_item)]
    for read_form in read_forms:
        assert read_form.domain == "vmock.example"
        assert read_form.prospect_email == "ana@vmock.example"
        assert read_form.reply_text == "Happy to talk."
        assert read_form.prospect_name == f"{reply.first_name} {reply.last_name}"
        assert (read_form.campaign_id, read_form.campaign_name or reply.campaign_name) == (
            str(reply.campaign_id),
            reply.campaign_name,
        )
    with_message_id = [read_forms[index] for index in (0, 2, 3, 4)]
    assert len({form.reply_id for form in with_message_id}) == 1


def _polled(item: Mapping[str, Any]) -> Reply:
    reply = parse_polled(item, received_at=NOW, settings=SETTINGS)
    assert isinstance(reply, Reply)
    assert reply.source == "smartlead_poll"
    return reply


DOMAINS: list[tuple[Mapping[str, Any], str, str]] = [
    ({"target_domain": "https://www.VMock.example/x"}, "vmock.example", "normalised"),
    ({"prospect_email": "ana@mail.vmock.example"}, "vmock.example", "the address's domain"),
    (
        {"target_domain": "vmock.example", "prospect_email": "a@other.example"},
        "vmock.example",
        "target_domain is first",
    ),
    ({"target_domain": "vmock.example", "prospect_email": "a@gmail.com"}, "vmock.example", "free mail does not matter"),
    ({"target_domain": "vmock.example", "prospect_email": "nonsense"}, "vmock.example", "nor does a bad address"),
    ({"target_domain": "gmail.com", "prospect_email": "a@vmock.example"}, "vmock.example", "gmail.com is no company"),
    ({"target_domain": " ", "prospect_email": "a@vmock.example"}, "vmock.example", "an empty field is not given"),
    (
        {
            "event_type": "EMAIL_REPLY",
            "to_email": "a@gmail.com",
            "leadCorrespondence": {"repliedCompanyDomain": "vmock.example"},
        },
        "vmock.example",
        "the company's domain is before the address's",
    ),
    (
        {
            "event_type": "EMAIL_REPLY",
            "to_email": "a@vmock.example",
            "leadCorrespondence": {"repliedCompanyDomain": "?"},
        },
        "vmock.example",
        "a company's domain that is none is a field that is not needed",
    ),
    (
        {
            "event": "EMAIL_REPLIED",
            "lead": {"email": "a@x.example", "custom_fields": {"target_domain": "vmock.example"}},
        },
        "vmock.example",
        "a custom field can say it",
    ),
]


@pytest.mark.parametrize(("payload", "domain", "reason"), DOMAINS)
def test_domain_is_the_first_that_is_a_companys(payload: Mapping[str, Any], domain: str, reason: str) -> None:
    assert read(payload).domain == domain


REFUSED: list[tuple[object, str, str]] = [
    ({}, "target_domain or prospect_email is needed", "nothing to go by"),
    ({"prospect_name": "Ana"}, "target_domain or prospect_email is needed", "a name is not enough"),
    ({"prospect_email": "ana@gmail.com"}, "gmail.com gives mailboxes", "free mail and no other domain"),
    ({"target_domain": "not a domain", "prospect_email": "a@vmock.example"}, "target_domain", "given, and no domain"),
    ({"target_domain": "localhost"}, "target_domain.*machine", "no company"),
    ({"target_domain": 7}, "target_domain: has to be a text", "a number"),
    ({"prospect_email": "ana@192.0.2.1"}, "behind the @", "the address of a machine"),
    ({"target_domain": "vmock.example", "tier": 7}, "tier: has to be 1, 2 or 3, not 7", "no such tier"),
    ({"target_domain": "vmock.example", "tier": "high"}, "tier: has to be 1, 2 or 3", "no number"),
    ({"target_domain": "vmock.example", "tier": True}, "tier: has to be 1, 2 or 3", "no number either"),
    ({"target_domain": "vmock.example", "tier": [2]}, "tier: has to be 1, 2 or 3, not a list", "a list"),
    ({"event_type": "EMAIL_REPLY"}, "target_domain or prospect_email is needed", "a reply of nobody"),
    ("[]", "one JSON object, not list", "a list"),
    ("{", "not JSON", "cut off"),
    (b"\xff\xfe", "not UTF-8", "another encoding"),
    ("[" * 100_000, "nested too deeply", "a bomb"),
    ('{"tier": ' + "9" * 5000 + "}", "number that is too long", "a huge number"),
]


@pytest.mark.parametrize(("payload", "said", "reason"), REFUSED)
def test_refusal_says_which_field_and_why(payload: object, said: str, reason: str) -> None:
    with pytest.raises(InvalidReply, match=said):
        read(payload)


TOLERATED: list[tuple[Mapping[str, Any], Callable[[Reply], object], object, str]] = [
    ({"tier": "3"}, lambda reply: reply.tier, 3, "a tier as text"),
    ({"tier": 1.0}, lambda reply: reply.tier, 1, "a tier as a float"),
    ({"tier": None}, lambda reply: reply.tier, 2, "no tier"),
    ({"tier": ""}, lambda reply: reply.tier, 2, "an empty tier"),
    ({"sequence_number": "4"}, lambda reply: reply.sequence_number, 4, "a number as text"),
    ({"sequence_number": "four"}, lambda reply: reply.sequence_number, None, "no number: not needed"),
    ({"sequence_number": -1}, lambda reply: reply.sequence_number, None, "no count"),
    ({"campaign_id": 17}, lambda reply: reply.campaign_id, "17", "an id as a number"),
    ({"prospect_name": ["Ana"]}, lambda reply: reply.prospect_name, None, "a list where a text stands"),
    ({"prospect_name": "  Ana \n Diaz "}, lambda reply: reply.prospect_name, "Ana Diaz", "one line"),
    ({"prospect_email": "Ana@VMock.example"}, lambda reply: reply.prospect_email, "ana@vmock.example", "lower case"),
    (
        {"prospect_email": "Ana <ana@vmock.example>"},
        lambda reply: reply.prospect_email,
        "ana@vmock.example",
        "a mailbox",
    ),
    ({"campaign_signals": "none"}, lambda reply: reply.campaign_signals, (), "no list"),
    ({"campaign_signals": [7, {}, {"position": 1}]}, lambda reply: reply.campaign_signals, (), "no signals in it"),
    (
        {"campaign_signals": '[{"position": "2", "signal_id": 5, "title": null}]'},
        lambda reply: reply.campaign_signals,
        (CampaignSignal(position=2, signal_id="5"),),
        "a list as text, its fields in other types",
    ),
    ({"reply_text": "a\ud800b\x00c"}, lambda reply: reply.reply_text, "a?bc", "what can't be stored"),
    ({"unknown": {"x": 1}}, lambda reply: reply.domain, "vmock.example", "a field that nobody knows"),
]


@pytest.mark.parametrize(("fields", "look", "expected", "reason"), TOLERATED)
def test_what_is_not_needed_never_refuses(
    fields: Mapping[str, Any], look: Callable[[Reply], object], expected: object, reason: str
) -> None:
    assert look(read({"target_domain": "vmock.example", **fields})) == expected


NAMES: list[tuple[Mapping[str, Any], str, str]] = [
    ({"reply_body": "<p>Yes.</p>"}, "Yes.", "the deprecated name"),
    ({"reply_message": {"html": "<p>Yes.</p>"}}, "Yes.", "only HTML"),
    ({"reply_message": {"text": "", "html": "<p>Yes.</p>"}}, "Yes.", "an empty text"),
    ({"reply_message": "odd", "preview_text": "Yes."}, "Yes.", "another type than expected"),
    ({"reply_message": {"text": "> only the quoted mail"}, "preview_text": "Yes."}, "Yes.", "nothing but a quote"),
]


@pytest.mark.parametrize(("fields", "text", "reason"), NAMES)
def test_first_of_the_names_that_holds_a_text(fields: Mapping[str, Any], text: str, reason: str) -> None:
    assert read({"event_type": "EMAIL_REPLY", "to_email": "a@vmock.example", **fields}).reply_text == text


CATEGORIES: list[tuple[Mapping[str, Any], Mapping[str, Any], bool, str]] = [
    ({"lead_category": {"new_name": "Interested"}}, {}, True, "positive"),
    ({"lead_category": {"new_name": " meeting request "}}, {}, True, "case and space don't matter"),
    ({"lead_category": {"new_name": "Not Interested"}}, {}, False, "not positive"),
    ({"category": "Out Of Office"}, {}, False, "the deprecated name"),
    ({}, {}, True, "uncategorised ones are taken by default"),
    ({}, {"ACCEPT_UNCATEGORISED": False}, False, "unless the setting says no"),
    ({"category": "Hot"}, {"POSITIVE_CATEGORIES": ("Hot",)}, True, "the setting says what is positive"),
    ({"category": "Interested"}, {"POSITIVE_CATEGORIES": ("Hot",)}, False, "and what is not"),
]


@pytest.mark.parametrize(("fields", "settings", "taken", "reason"), CATEGORIES)
def test_category_decides(fields: Mapping[str, Any], settings: Mapping[str, Any], taken: bool, reason: str) -> None:
    payload = {"event_type": "LEAD_CATEGORY_UPDATED", "lead_data": {"email": "a@vmock.example"}, **fields}
    outcome = parse_reply(payload, received_at=NOW, settings=Settings(_env_file=None, **settings))
    assert isinstance(outcome, Reply) is taken
    if isinstance(outcome, NotTaken):
        assert "CATEGORI" in outcome.reason or "category" in outcome.reason
        assert "vmock" not in outcome.model_dump_json()


def test_other_events_are_left_out_with_the_reason() -> None:
    outcome = parse_reply(
        {"event_type": "EMAIL_OPEN", "to_email": "a@vmock.example"}, received_at=NOW, settings=SETTINGS
    )
    assert isinstance(outcome, NotTaken)
    assert "EMAIL_OPEN" in outcome.reason


def test_same_content_same_id_whenever_and_however_it_comes() -> None:
    again = json.dumps(dict(reversed(list(CLAY.items()))))
    first = parse_reply(CLAY, received_at=NOW)
    later = parse_reply(again, received_at=LATER, source="manual")
    assert isinstance(first, Reply)
    assert isinstance(later, Reply)
    assert first.reply_id == later.reply_id
    assert first.reply_id.startswith("r_")
    assert len(first.reply_id) == 22


@pytest.mark.parametrize("field", ["target_domain", "prospect_email", "reply_text", "campaign_id", "sequence_number"])
def test_other_content_another_id(field: str) -> None:
    changed = {**CLAY, field: {"sequence_number": 4}.get(field, "other.example")}
    if field == "prospect_email":
        changed[field] = "b@vmock.example"
    assert read(changed).reply_id != read(CLAY).reply_id


def test_same_message_id_same_reply_whatever_else_differs() -> None:
    late = {**EMAIL_REPLY, "campaign_name": "Renamed", "reply_message": {"message_id": "abc@mail.vmock.example"}}
    assert read(late).reply_id == read(EMAIL_REPLY).reply_id


def test_a_message_id_that_is_not_unique_by_itself_is_taken_with_the_company() -> None:
    one = read({"target_domain": "one.example", "message_id": "1"})
    two = read({"target_domain": "two.example", "message_id": "1"})
    assert one.reply_id != two.reply_id


def test_snippet_is_the_first_sentence_or_two() -> None:
    reply = read({**CLAY, "reply_text": "Thanks! Send more, please. We meet on Monday. -- Ana"})
    assert snippet(reply) == "Thanks! Send more, please."
    assert len(snippet(read({**CLAY, "reply_text": "word " * 300}))) <= 240
    assert snippet(read({"target_domain": "vmock.example"})) == ""


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=6,
)
_NAMES = [*CLAY, *EMAIL_REPLY, "event", "lead", "lead_data", "lead_category", "last_reply", "reply", "message_id"]


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from(_NAMES), _JSON, max_size=8))
def test_anything_is_a_reply_or_refused_with_our_error(payload: Mapping[str, Any]) -> None:
    try:
        outcome = parse_reply(payload, received_at=NOW, settings=SETTINGS)
    except InvalidReply:
        return
    if isinstance(outcome, Reply):
        assert Reply.model_validate_json(outcome.model_dump_json()) == outcome
