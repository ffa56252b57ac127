"""The ledger: ids, displays, what is told of which record."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intent_assets.evidence import from_frame, to_frame
from intent_assets.evidence_display import buyer_type, deadline, link_text, money, month_and_day, one_line, web_link
from intent_assets.evidence_drafts import Key, fact_ids
from intent_assets.evidence_opportunities import of_buyer
from intent_assets.frames import frame
from intent_assets.slots import SLOT, slots
from intent_assets.tables import EVIDENCE
from tests.builders import (
    AS_OF,
    FEATURED,
    SECONDARY,
    a_contact,
    a_ledger,
    a_profile,
    a_reply,
    a_signal,
    outcomes_frame,
    selected_buyers,
    signals_frame,
    the_fact,
)

MONEY = [
    (48_500, "$48,500", "exact to the dollar below a million"),
    (0.5, "$0.50", "cents where there are some"),
    (1250.5, "$1,250.50", "cents have two places"),
    (999_999, "$999,999", "the largest that is exact"),
    (999_999.999, "$1 million", "rounds up into the next form"),
    (1_000_000, "$1 million", "no needless zeros"),
    (2_300_000, "$2.3 million", "one place is enough"),
    (2_345_678, "$2.35 million", "three significant figures"),
    (23_456_789, "$23.5 million", "three significant figures"),
    (187_654_321, "$188 million", "three significant figures"),
    (999_999_999, "$1 billion", "rounds up into the next scale"),
    (1_005_000_000, "$1.01 billion", "half is rounded up"),
    (1_234_567_890_123, "$1.23 trillion", "the largest scale"),
    (1e15, "$1000 trillion", "the largest that is told"),
    (1e30, "$1000000000000000000 trillion", "more digits than a decimal usually keeps"),
]


@pytest.mark.parametrize(("amount", "shown", "reason"), MONEY)
def test_money_is_shown_without_misleading(amount: float, shown: str, reason: str) -> None:
    assert money(amount) == shown, reason


@settings(max_examples=200, deadline=None)
@given(st.floats(1, 1e13, allow_nan=False))
def test_money_is_never_off_by_more_than_half_a_percent(amount: float) -> None:
    figure, _, scale = money(amount).removeprefix("$").replace(",", "").partition(" ")
    shown = float(figure) * {"": 1, "million": 1e6, "billion": 1e9, "trillion": 1e12}[scale]
    assert abs(shown - amount) <= max(0.005001 * amount, 0.01)


DEADLINES = [
    (date(2026, 12, 12), "due 12 December 2026, in 19 days", "ahead"),
    (date(2026, 11, 24), "due 24 November 2026, in 1 day", "one day is no days"),
    (date(2026, 11, 23), "due 23 November 2026, today", "the day itself"),
    (date(2026, 11, 22), "was due 22 November 2026, 1 day ago", "over"),
]


@pytest.mark.parametrize(("due", "shown", "reason"), DEADLINES)
def test_deadlines_say_how_long_there_is(due: date, shown: str, reason: str) -> None:
    assert deadline(due, AS_OF) == shown, reason


FISCAL = [
    ("07/01", "July 1", "as the contract says"),
    ("7/1", "July 1", "without zeros"),
    ("10-01", "October 1", "with a hyphen"),
    ("07/01/2026", "July 1", "with a year"),
    ("13/01", None, "no month"),
    ("02/30", None, "no day"),
    ("July", None, "not in the contract's form"),
]


@pytest.mark.parametrize(("text", "shown", "reason"), FISCAL)
def test_fiscal_years_start_on_a_day(text: str, shown: str | None, reason: str) -> None:
    assert month_and_day(text) == shown, reason


LINES = [
    ("a\nb\t c", "a b c", "one line"),
    ("a\x00\x1b[31mb", "a[31mb", "no control characters"),
    ("pay\u202etxt", "paytxt", "no direction characters"),
    ("{{E123456}}", "{ {E123456} }", "no slot"),
    ("{{{E123456}}}", "{ { {E123456} } }", "no slot in more braces either"),
    ("{\u200b{E123456}\u200b}", "{ {E123456} }", "no slot after the unseen is gone"),
    ("<b>bold</b> [x](y)", "<b>bold</b> [x](y)", "markup stays as text"),
    (" \u200b ", "", "nothing to see"),
]


@pytest.mark.parametrize(("text", "shown", "reason"), LINES)
def test_source_text_becomes_one_harmless_line(text: str, shown: str, reason: str) -> None:
    assert one_line(text) == shown, reason
    assert slots(one_line(text)) == []


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="{}E1234567 ab\u200b\n\u00ad"))
def test_no_source_text_ever_holds_a_slot(text: str) -> None:
    assert not SLOT.search(one_line(text))


def test_long_text_ends_after_a_word() -> None:
    shown = one_line("word " * 100, 50)
    assert len(shown) <= 50
    assert shown.endswith("word…")


WORDS = [
    ("SchoolDistrict", "School district", "one word of the wire"),
    ("UndergraduateInstitution, HigherEducation", "Undergraduate institution, higher education", "several"),
    ("City", "City", "short"),
]


@pytest.mark.parametrize(("text", "shown", "reason"), WORDS)
def test_buyer_types_are_words(text: str, shown: str, reason: str) -> None:
    assert buyer_type(text) == shown, reason


LINKS = [
    ("https://riverhead.example/a?b=c", "https://riverhead.example/a?b=c", "as it is"),
    ("riverhead.example", "https://riverhead.example", "a bare host"),
    ("javascript:alert(1)", None, "no script"),
    ("https://user@riverhead.example", None, "no user in an address"),
    ("not an address", None, "words"),
    ("", None, "nothing"),
]


@pytest.mark.parametrize(("text", "link", "reason"), LINKS)
def test_only_web_addresses_are_linked(text: str, link: str | None, reason: str) -> None:
    assert web_link(text) == link, reason


def test_a_documents_title_can_not_pose_as_another_address() -> None:
    link = "https://www.riverhead.example/docs/1.pdf"
    assert link_text(link, "Minutes of the board") == "Minutes of the board"
    assert link_text(link, "https://elsewhere.example") == "riverhead.example"
    assert link_text(link, None) == "riverhead.example"


def test_the_same_inputs_give_the_same_ledger() -> None:
    assert a_ledger() == a_ledger()


def test_an_id_stays_while_the_value_changes() -> None:
    before = the_fact(a_ledger(), "enrollment")
    after = the_fact(a_ledger(selected=selected_buyers(profile=a_profile(enrollment=9999))), "enrollment")
    assert (before.id, before.display) == (after.id, "5,612")
    assert after.display == "9,999"


def test_an_id_does_not_depend_on_order_or_on_other_signals() -> None:
    few = a_ledger(discoveries=signals_frame([a_signal("s-2"), a_signal("s-1")]))
    more = a_ledger(discoveries=signals_frame([a_signal("s-1"), a_signal("s-2"), a_signal("s-3")]))
    for record in ("s-1", "s-2"):
        assert the_fact(few, "title", record).id == the_fact(more, "title", record).id


def test_ids_are_unique_also_where_hashes_begin_alike() -> None:
    keys = [Key("b", "opportunity", str(number), "title") for number in range(5000)]
    ids = fact_ids(keys)
    assert len(set(ids.values())) == len(keys)
    assert any(len(each) > 7 for each in ids.values()), "5,000 of a million collide somewhere"
    assert fact_ids(list(reversed(keys))) == ids


def test_ids_of_a_ledger_are_unique_and_fit_slots() -> None:
    ids = [fact.id for fact in a_ledger()]
    assert len(ids) == len(set(ids))
    assert slots("".join(f"{{{{{each}}}}}" for each in ids)) == ids


def test_a_frame_gives_the_same_facts_back_also_from_storage() -> None:
    facts = a_ledger()
    made = to_frame(facts)
    assert list(made.columns) == list(EVIDENCE)
    assert from_frame(made) == facts
    assert from_frame(frame(made, EVIDENCE)) == facts
    assert from_frame(to_frame(())) == ()


TOLD = [
    ("name", FEATURED, "Riverhead Central School District", "name", "the buyer"),
    ("type", FEATURED, "School district", "text", "readable"),
    ("state", FEATURED, "New York", "name", "the state by its name"),
    ("website", FEATURED, "riverhead.example", "url", "without the scheme"),
    ("score", FEATURED, "0.721", "score", "three places"),
    ("rank", FEATURED, "1 of 3", "count", "of all that were scored"),
    ("enrollment", None, "5,612", "count", "with a separator"),
    ("budget", None, "$188 million", "money", "rounded"),
    ("budget_year", None, "2026", "date", "the budget's year has no separator"),
    ("fiscal_year_start", None, "July 1", "date", "a day"),
    ("procurement_difficulty", None, "62 of 100", "score", "with its scale"),
    ("ai_adoption", None, "41.5", "score", "no scale is known"),
    ("lms", None, "Canvas, Moodle", "name", "all of them"),
    ("address", None, "700 Osborn Avenue, Riverhead, NY 11901", "text", "one line"),
    ("title", "s-rfp", "Career Platform Services", "title", "as it stands"),
    ("kind", "s-meeting", "board meeting", "text", "in words"),
    ("status", "s-contract", "expiring within a year", "status", "in words"),
    ("event_date", "s-rfp", "3 November 2026", "date", "in words"),
    ("due_date", "s-rfp", "12 December 2026", "date", "the plain day"),
    ("deadline", "s-rfp", "due 12 December 2026, in 19 days", "text", "the day and what is left"),
    ("days_to_due", "s-rfp", "19 days", "duration", "what is left"),
    ("until_date", "s-contract", "30 June 2027", "date", "the plain day"),
    ("amount", "s-contract", "$2.3 million", "money", "rounded"),
    ("highlight_1", "s-meeting", "The board discussed career readiness.", "quote", "literal"),
    ("vendor", "po-1", "Handshaker", "name", "who is the vendor"),
    ("amount", "po-1", "$48,500", "money", "of the linked order"),
    ("email", "c-1", "april.lane@riverhead.example", "email", "as it stands"),
    ("email_verified", "c-1", "verified", "status", "in words"),
    ("contacts", FEATURED, "3", "count", "all there are"),
    ("open_rfps_share", FEATURED, "1 of 2", "count", "open ones of all"),
    ("searches_complete", None, "4 of 4", "count", "of all searches"),
    ("signals_found", None, "5", "count", "all that were found"),
    ("set_aside", None, "4", "count", "summed over the searches"),
    ("company", "r-1", "VMock", "name", "of the reply"),
]


@pytest.mark.parametrize(("field", "record", "display", "kind", "reason"), TOLD)
def test_what_is_told(field: str, record: str | None, display: str, kind: str, reason: str) -> None:
    fact = the_fact(a_ledger(), field, record)
    assert (fact.display, fact.kind) == (display, kind), reason
    assert fact.source_title


STATES = [
    ("title", "s-rfp", "open", "of the signal"),
    ("amount", "s-contract", "expiring", "every fact of a record has its state"),
    ("vendor", "po-1", "expiring", "computed for a linked order"),
    ("name", "c-1", None, "a contact has none"),
    ("enrollment", None, None, "a profile has none"),
]


@pytest.mark.parametrize(("field", "record", "state", "reason"), STATES)
def test_a_fact_knows_the_state_of_its_record(field: str, record: str | None, state: str | None, reason: str) -> None:
    assert the_fact(a_ledger(), field, record).state == state, reason


def test_a_source_is_the_document_or_the_web_site() -> None:
    facts = a_ledger()
    assert the_fact(facts, "title", "s-rfp").source_url == "https://www.riverhead.example/docs/rfp-career.pdf"
    assert the_fact(facts, "title", "s-contract").source_url == "https://www.riverhead.example"
    assert the_fact(facts, "title", "s-rfp").source_title == "RFP “Career Platform Services”"


def test_computed_facts_name_what_they_rest_on() -> None:
    facts = a_ledger()
    assert the_fact(facts, "days_to_due", "s-rfp").derived_from == (the_fact(facts, "due_date", "s-rfp").id,)
    assert the_fact(facts, "open_rfps", FEATURED).derived_from == (the_fact(facts, "status", "s-rfp").id,)


COMPUTED = [
    ("deadline", "s-rfp", [("due_date", "s-rfp")], "told from the due date"),
    ("days_left", "s-contract", [("until_date", "s-contract")], "counted from the end"),
    ("status", "s-rfp", [("event_date", "s-rfp"), ("due_date", "s-rfp")], "computed from the days of the record"),
    ("status", "po-1", [("until_date", "po-1")], "computed from the end of the order"),
    ("open_rfps_share", FEATURED, [("status", "s-rfp")], "counted over the open ones"),
    ("rank", FEATURED, [("score", FEATURED)], "by the score"),
    ("actionable_signals", SECONDARY, [("status", "s-lake")], "counted over the signals told"),
    ("reason", SECONDARY, [("status", "s-lake")], "said of the signals told"),
    (
        "signals_found",
        None,
        [("found", each) for each in ("primary_keywords", "rfp_keywords")],
        "found by the searches",
    ),
]


@pytest.mark.parametrize(("field", "record", "basis", "reason"), COMPUTED)
def test_what_is_computed_names_its_rows(
    field: str, record: str | None, basis: list[tuple[str, str]], reason: str
) -> None:
    facts = a_ledger()
    rests_on = the_fact(facts, field, record).derived_from
    assert {the_fact(facts, *each).id for each in basis} <= set(rests_on), reason
    assert set(rests_on) <= {fact.id for fact in facts}, "only rows of the ledger"


def test_values_have_their_unit_and_their_day() -> None:
    for fact in a_ledger():
        assert fact.as_of == AS_OF
        assert (fact.unit is not None) == (fact.kind in {"money", "count", "duration", "score"}), fact.field
        if fact.kind in {"money", "count", "duration", "score"}:
            assert isinstance(fact.value, int | float), fact.field


ABSENT: list[tuple[str, dict[str, Any], str]] = [
    ("enrollment", {"selected": selected_buyers(profile=a_profile(enrollment=None))}, "not in the profile"),
    ("population", {}, "not in the profile"),
    ("fiscal_year_start", {"selected": selected_buyers(profile=a_profile(fiscal_year_start="??"))}, "can't be read"),
    ("budget_year", {"selected": selected_buyers(profile=a_profile(budget_amount=None))}, "a year without a budget"),
    ("prospect_name", {"reply": a_reply(prospect_name=None)}, "not in the reply"),
    ("status", {"discoveries": signals_frame([a_signal("s-1", state="unknown")])}, "an unknown state is not told"),
    ("phone", {"selected": selected_buyers([a_contact("c-1", "April Lane")])}, "the contact has none"),
    ("amount", {"discoveries": signals_frame([a_signal("s-1", amount=1e30)])}, "more than anybody pays"),
]


@pytest.mark.parametrize(("field", "changes", "reason"), ABSENT)
def test_what_is_not_known_has_no_fact(field: str, changes: dict[str, Any], reason: str) -> None:
    assert not [fact for fact in a_ledger(**changes) if fact.field == field and fact.buyer_id != SECONDARY], reason


def test_facts_of_a_slot_in_source_text_stay_text() -> None:
    quote = the_fact(a_ledger(), "highlight_2", "s-meeting").display
    assert quote == "It named <b>no</b> vendor { {E1} }."


def test_the_most_relevant_signals_are_told() -> None:
    many = [a_signal(f"old-{n}", state="closed", due_date=date(2026, 1, 1)) for n in range(60)]
    many += [a_signal(f"lake-{n}", SECONDARY, due_date=date(2027, 1, n + 1)) for n in range(8)]
    facts = a_ledger(discoveries=signals_frame([*many, a_signal("live")]))
    told = {fact.record_id for fact in facts if fact.record == "opportunity" and fact.buyer_id == FEATURED}
    lake = {fact.record_id for fact in facts if fact.record == "opportunity" and fact.buyer_id == SECONDARY}
    assert "live" in told
    assert len(told) == 40
    assert lake == {f"lake-{n}" for n in range(5)}, "the nearest deadlines"


ORDER: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    ({}, {"state": "closed", "due_date": date(2026, 1, 1)}, "what can be acted on"),
    ({"state": "expiring", "kind": "contract"}, {"title": "Roof Repair"}, "what is about the product"),
    ({"due_date": date(2026, 12, 1)}, {"due_date": date(2026, 12, 2)}, "the nearer deadline"),
    ({}, {"due_date": None}, "a deadline before none"),
    ({}, {"state": "upcoming", "kind": "meeting", "event_date": date(2026, 12, 1)}, "an open RFP before a meeting"),
]


@pytest.mark.parametrize(("first", "second", "reason"), ORDER)
def test_signals_stand_in_order_of_use(first: dict[str, Any], second: dict[str, Any], reason: str) -> None:
    # The better one has the later id, so that a tie would show.
    signals = signals_frame([a_signal("s-1", **second), a_signal("s-2", **first)])
    found = of_buyer(signals, FEATURED, ("career platform",))
    assert [signal["signal_id"] for signal in found] == ["s-2", "s-1"], reason


def test_incomplete_searches_and_missing_intel_are_told() -> None:
    facts = a_ledger(search_outcomes=outcomes_frame(("complete", "failed", "complete", "skipped")))
    assert the_fact(facts, "searches_complete").display == "2 of 3", "what was not asked is no search"
    assert the_fact(facts, "skipped").display == "buyers by state (there was nothing to ask for)"
    told = {fact.display for fact in facts if fact.field.startswith("problem")}
    assert "search for RFPs by keyword: failed" in told
    assert "Lakeview Community College: profile could not be fetched" in told, "without addresses and codes"


def test_no_buyer_gives_facts_of_run_and_reply_only() -> None:
    facts = a_ledger(selected=selected_buyers().model_copy(update={"buyers": ()}))
    assert {fact.record for fact in facts} == {"run", "reply"}
