"""Rows of Supabase become records and opportunities; a bad row or field costs only itself."""

from datetime import date
from typing import Any

import pytest

from intent_assets.settings import AllocationColumns, SignalColumns
from intent_assets.signals import discoveries
from intent_assets.supabase_rows import LONGEST_TITLE, SignalRow, opportunities, read_allocations, read_signals

DOMAIN = "vmock.example"


def a_row(**changes: Any) -> dict[str, Any]:
    """One row of the contract's table, and what changes in it."""
    values = {
        "id": "sb-1",
        "domain": DOMAIN,
        "signal_type": "rfp",
        "summary": "Bids for permit software are invited.",
        "source": "https://records.example/docs/rfp-12.pdf",
        "date": "2026-11-03",
        "relevance_score": 0.8,
    }
    return values | changes


def read(*rows: object) -> tuple[tuple[SignalRow, ...], tuple[str, ...]]:
    return read_signals(rows, SignalColumns(), domain=DOMAIN)


def the_opportunity(**changes: Any) -> dict[str, Any]:
    rows, _ = read(a_row(**changes))
    (found,) = opportunities(rows)
    return found


def test_a_row_of_the_contract_is_an_opportunity_without_a_buyer() -> None:
    assert the_opportunity() == {
        "id": "sb-1",
        "title": "Bids for permit software are invited.",
        "type": "Selling",
        "summary": "Bids for permit software are invited.",
        "postedDate": "2026-11-03",
        "files": [{"name": "rfp-12.pdf", "sourceUrl": "https://records.example/docs/rfp-12.pdf"}],
    }


def test_further_columns_are_used_where_a_row_has_them() -> None:
    found = the_opportunity(
        title="Permit software",
        buyer_id="b-1",
        buyer_name="Riverhead",
        buyer_type=["City", "Other"],
        buyer_state="NY",
        buyer_website="riverhead.example",
        status="Available",
        due_date="2026-12-12",
        until_date="2027-06-30",
        amount="$50,000",
    )
    assert found["title"] == "Permit software"
    assert [found[name] for name in ("buyerId", "buyerName", "buyerType", "buyerState", "buyerWebsite")] == [
        "b-1", "Riverhead", "City, Other", "NY", "riverhead.example"
    ]  # fmt: skip
    assert [found[name] for name in ("status", "dueDate", "untilDate", "purchaseAmount")] == [
        "Available", "2026-12-12", "2027-06-30", "$50,000"
    ]  # fmt: skip


def test_it_is_read_by_the_same_definition_as_an_opportunity() -> None:
    rows, _ = read(
        a_row(buyer_id="b-1", buyer_name="Riverhead", due_date="2026-12-12", amount="1.2M"), a_row(id="sb-2")
    )
    found = discoveries([("supabase", opportunities(rows))], date(2026, 11, 23))
    (signal,) = found.frame.to_dict("records")
    assert (signal["signal_id"], signal["kind"], signal["state"], signal["amount"]) == ("sb-1", "rfp", "open", 1.2e6)
    assert signal["document_url"] == "https://records.example/docs/rfp-12.pdf"
    assert found.without_buyer == {"supabase": 1}


@pytest.mark.parametrize(
    ("signal_type", "kind"),
    [
        *[(word, "BoardMeeting") for word in ("BoardMeeting", "Meeting", "meeting", "board_meeting", "Board meetings")],
        *[(word, "StrategicPlan") for word in ("StrategicPlan", "plan", "strategic-plan", "PLAN")],
        *[(word, "Selling") for word in ("Selling", "RFP", "rfp", "RFPs", "request for proposals", "R.F.P.")],
        *[(word, "PurchaseOrder") for word in ("PurchaseOrder", "Purchase", "purchases", "purchase_order", "PO")],
        *[(word, "Contract") for word in ("Contract", "contracts", " contract ")],
        ("press  release", "press release"),
        (None, None),
        ("  ", None),
    ],
)
def test_every_word_for_a_kind_is_understood(signal_type: str | None, kind: str | None) -> None:
    assert the_opportunity(signal_type=signal_type).get("type") == kind


@pytest.mark.parametrize(
    ("changes", "title", "reason"),
    [
        ({"title": " Permit\n software "}, "Permit software", "the title, on one line"),
        ({"title": " ", "summary": "One\ntwo"}, "One two", "else the summary, on one line"),
        ({"summary": None}, "RFP", "else the kind"),
        ({"summary": "", "signal_type": "news"}, "news", "whatever it is"),
        ({"summary": None, "signal_type": None}, "Signal", "nothing is known"),
    ],
)
def test_every_opportunity_has_a_title(changes: dict[str, Any], title: str, reason: str) -> None:
    assert the_opportunity(**changes)["title"] == title, reason


@pytest.mark.parametrize("summary", ["word " * 100, "w" * 500])
def test_a_long_summary_is_a_short_title_and_stays_whole(summary: str) -> None:
    found = the_opportunity(summary=summary)
    assert len(found["title"]) <= LONGEST_TITLE
    assert found["title"].endswith("…")
    assert found["summary"] == summary.strip()


@pytest.mark.parametrize(
    ("source", "files", "reason"),
    [
        ("https://a.example/x/", [{"name": "a.example", "sourceUrl": "https://a.example/x/"}], "no file name"),
        ("www.a.example/b.pdf", [{"name": "b.pdf", "sourceUrl": "https://www.a.example/b.pdf"}], "without a scheme"),
        ("Board minutes,\n p. 4", [{"name": "Board minutes, p. 4"}], "a text"),
        ("javascript:alert(1)", [{"name": "javascript:alert(1)"}], "no address of the web"),
        ("https://[bad", [{"name": "https://[bad"}], "an address that can't be read"),
        (" ", None, "nothing"),
        (None, None, "null"),
    ],
)
def test_the_source_is_kept_as_the_document(source: str | None, files: object, reason: str) -> None:
    assert the_opportunity(source=source).get("files") == files, reason


def test_the_relevance_score_is_kept_and_takes_no_part() -> None:
    rows, _ = read(a_row(relevance_score="0.75"))
    assert rows[0].relevance_score == 0.75
    assert "relevance" not in str(opportunities(rows))


def test_a_bad_row_costs_only_itself() -> None:
    rows, set_aside = read(a_row(id=None), "row", a_row(id=7), a_row(id="x", domain="other.example"), a_row())
    assert [row.id for row in rows] == ["7", "sb-1"]
    assert set_aside == (
        "signal number 1: missing or unreadable: id",
        "signal number 2: is no row",
        "signal x: is not of vmock.example",
    )


@pytest.mark.parametrize(
    ("field", "value"),
    [("summary", {"a": 1}), ("relevance_score", float("nan")), ("date", True), ("amount", [1])],
)
def test_a_bad_field_costs_only_itself(field: str, value: object) -> None:
    rows, told = read(a_row(**{field: value}))
    assert getattr(rows[0], field) is None
    assert told == (f"signal sb-1: unreadable: {field}",)


def test_columns_have_the_names_of_the_settings() -> None:
    columns = SignalColumns(id="key", signal_type="kind", relevance_score="score")
    rows, told = read_signals([{"key": 1, "domain": DOMAIN, "kind": "plan", "score": "x"}], columns, domain=DOMAIN)
    assert (rows[0].id, rows[0].signal_type) == ("1", "plan")
    assert told == ("signal 1: unreadable: score",)


@pytest.mark.parametrize(
    ("sent", "read_as"),
    [(True, True), (False, False), (None, False), ("true", True), ("F", False), (1, True), (0, False), ("yes", True)],
)
def test_sent_is_a_truth_value_in_any_form(sent: object, read_as: bool) -> None:
    rows, told = read_allocations(
        [{"signal_id": "s", "prospect_email": "a@b.example", "sent": sent}], AllocationColumns()
    )
    assert [row.sent for row in rows] == [read_as]
    assert told == ()


def test_a_sent_that_says_neither_sets_the_allocation_aside() -> None:
    rows, told = read_allocations(
        [{"signal_id": "s", "sent": "perhaps"}, {"signal_id": "t", "sent": True}], AllocationColumns()
    )
    assert [row.signal_id for row in rows] == ["t"]
    assert told == ("allocation s: unreadable: sent",)
