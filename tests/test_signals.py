"""Wire opportunities become signals as the contract says, whatever else they hold."""

import json
import math
from datetime import date
from typing import Any

import pandas as pd
import pytest

from intent_assets import frames
from intent_assets.signals import Discovered, candidate_buyers, discoveries
from intent_assets.tables import CANDIDATE_BUYERS, DISCOVERIES

AS_OF = date(2026, 11, 23)


def opportunity(**fields: Any) -> dict[str, Any]:
    return {"id": "o1", "title": "A title", "type": "Selling", "buyerId": "b1", "buyerName": "A College", **fields}


def found(*rows: Any) -> Discovered:
    return discoveries([("only", list(rows))], AS_OF)


def signal(**fields: Any) -> dict[str, Any]:
    frame = found(opportunity(**fields)).frame
    assert len(frame) == 1
    row = frame.astype(object).where(frame.notna(), None).iloc[0]
    return {str(name): value for name, value in row.items()}


@pytest.mark.parametrize(
    ("said", "amount", "reason"),
    [
        (50_000, 50_000, "a number"),
        (12.5, 12.5, "a number with a fraction"),
        ("$50,000", 50_000, "the contract's own example"),
        ("1.2M", 1_200_000, "the contract's own example"),
        ("USD 75 thousand", 75_000, "the contract's own example"),
        ("$1.5 million", 1_500_000, "a size in words"),
        ("2.3 million", 2_300_000, "exact, without the noise of a multiplication"),
        (" us$ 1,234,567.89 ", 1_234_567.89, "white space and capitals don't matter"),
        ("750K", 750_000, "a size without a blank"),
        ("3 bn", 3e9, "an abbreviated billion"),
        ("40000 dollars", 40_000, "the currency behind it"),
        ("2,5 Mio", None, "a comma that sets off no thousands"),
        ("1,23,456", None, "other groups than thousands"),
        ("EUR 500", None, "another currency"),
        ("$50,000 - $75,000", None, "a range is no amount"),
        ("about $5", None, "a guess is no amount"),
        ("soon", None, "no number"),
        ("", None, "blank"),
        (0, None, "zero"),
        ("$0.00", None, "zero as text"),
        (-5, None, "negative"),
        ("-$5", None, "negative as text"),
        ("($5)", None, "negative as accountants write it"),
        (math.nan, None, "not a number"),
        (math.inf, None, "infinite"),
        (10**400, None, "more than a float holds"),
        (2**60 + 1, float(2**60), "a whole number that a float only comes near"),
        (True, None, "a boolean is no number"),
        ([5], None, "a list"),
        ({"amount": 5}, None, "an object"),
        ("\ud800", None, "not even text"),
        (None, None, "absent"),
    ],
)
def test_amount(said: Any, amount: float | None, reason: str) -> None:
    assert signal(purchaseAmount=said)["amount"] == amount, reason


@pytest.mark.parametrize(
    ("said", "day", "unreadable", "reason"),
    [
        ("2026-03-14", date(2026, 3, 14), 0, "a plain date"),
        (" 2026-03-14 ", date(2026, 3, 14), 0, "white space round it"),
        ("2026-03-14T09:30:00Z", date(2026, 3, 14), 0, "a time in UTC"),
        ("2026-03-14T09:30", date(2026, 3, 14), 0, "a time without an offset is UTC"),
        ("2026-03-14 09:30:00.123456Z", date(2026, 3, 14), 0, "a blank for the T, a fraction"),
        ("2026-03-14T23:30:00-05:00", date(2026, 3, 15), 0, "next day in UTC"),
        ("2026-03-01T00:30:00+02:00", date(2026, 2, 28), 0, "previous day in UTC, over the month"),
        ("2026-01-01T01:00:00+0530", date(2025, 12, 31), 0, "over the year, offset without a colon"),
        ("2024-02-29", date(2024, 2, 29), 0, "a leap day"),
        ("0001-01-01", date(1, 1, 1), 0, "the first day there is"),
        ("9999-12-31", date(9999, 12, 31), 0, "the last day there is"),
        ("2026-02-30", None, 1, "a day that the calendar lacks"),
        ("2023-02-29", None, 1, "no leap year"),
        ("0000-01-01", None, 1, "no such year"),
        ("0001-01-01T00:00:00+01:00", None, 1, "before the first day once in UTC"),
        ("9999-12-31T23:59:59-01:00", None, 1, "after the last day once in UTC"),
        ("2026-03-14T25:00:00Z", None, 1, "no such hour"),
        ("20260314", None, 1, "not the contract's form of a date"),
        (20260314, None, 1, "a number"),
        ("14.03.2026", None, 1, "another form"),
        ("today", None, 1, "no clock is read"),
        ("soon", None, 1, "a word"),
        (["2026-03-14"], None, 1, "a list"),
        (True, None, 1, "a boolean"),
        ("", None, 0, "blank is absent"),
        (None, None, 0, "absent"),
    ],
)
def test_date(said: Any, day: date | None, unreadable: int, reason: str) -> None:
    result = found(opportunity(type="BoardMeeting", postedDate=said))
    assert result.frame["event_date"].tolist() == [day], reason
    assert result.unreadable_dates == {"only": unreadable}, reason


@pytest.mark.parametrize(
    ("kind", "fields", "state", "reason"),
    [
        ("Selling", {"dueDate": "2026-11-23"}, "open", "bids are due today"),
        ("Selling", {"dueDate": "2026-11-22", "status": "Active"}, "closed", "the due date stands before the status"),
        ("Selling", {"status": "Active", "postedDate": "2026-05-27"}, "open", "180 days old"),
        ("Selling", {"status": "Active", "postedDate": "2026-05-26"}, "unknown", "181 days old"),
        ("Selling", {"status": "Future", "postedDate": "2027-05-26"}, "open", "still to come"),
        ("Selling", {"status": "Past", "postedDate": "2026-11-01"}, "unknown", "not an open status"),
        ("Selling", {"status": "Available"}, "unknown", "no date at all"),
        ("Selling", {"status": "Available", "createdAt": "2026-11-01"}, "unknown", "createdAt is no event date"),
        (
            "Selling",
            {"dueDate": "soon", "status": "Active", "postedDate": "2026-11-01"},
            "open",
            "no readable due date",
        ),
        ("Selling", {"untilDate": "2026-01-01"}, "unknown", "an RFP has no end"),
        ("Contract", {"untilDate": "2026-11-22"}, "expired", "ended yesterday"),
        ("Contract", {"untilDate": "2026-11-23"}, "expiring", "ends today"),
        ("PurchaseOrder", {"untilDate": "2027-11-23"}, "expiring", "365 days left"),
        ("StrategicPlan", {"untilDate": "2027-11-24"}, "running", "366 days left"),
        ("Contract", {"dueDate": "2027-01-01"}, "unknown", "no end"),
        ("BoardMeeting", {"postedDate": "2026-11-24"}, "upcoming", "tomorrow"),
        ("BoardMeeting", {"postedDate": "2026-11-23"}, "past", "today"),
        ("BoardMeeting", {}, "unknown", "no date"),
        ("RFP", {"dueDate": "2027-01-01"}, "unknown", "the word of the question, not of the answer"),
        (None, {}, "unknown", "no type"),
    ],
)
def test_state(kind: str | None, fields: dict[str, Any], state: str, reason: str) -> None:
    assert signal(type=kind, **fields)["state"] == state, reason


def test_days_of_the_states_are_settings() -> None:
    rows = [
        opportunity(id="rfp", status="Active", postedDate="2026-11-01"),
        opportunity(id="contract", type="Contract", untilDate="2026-12-23"),
    ]
    frame = discoveries([("only", rows)], AS_OF, open_without_due_days=10, expiring_days=29).frame
    assert dict(zip(frame["signal_id"], frame["state"], strict=True)) == {"rfp": "unknown", "contract": "running"}


def test_fullest_copy_wins_and_every_search_is_remembered() -> None:
    thin = opportunity(title="thin")
    full = opportunity(title="full", summary="more")
    result = discoveries([("b", [thin]), ("a", [full, thin]), ("c", [])], AS_OF)
    assert result.frame[["title", "searches"]].values.tolist() == [["full", "a,b"]]


def test_null_fields_do_not_make_a_copy_fuller() -> None:
    padded = opportunity(title="padded", summary=None, status=None, dueDate=None)
    full = opportunity(title="full", summary="more")
    assert found(padded, full).frame["title"].tolist() == ["full"]


def test_first_of_equally_full_copies_wins() -> None:
    result = discoveries([("z", [opportunity(title="first")]), ("a", [opportunity(title="second")])], AS_OF)
    assert result.frame["title"].tolist() == ["first"]


def test_ids_that_begin_and_end_alike_are_told_apart() -> None:
    ids = [f"opportunity-{number:04}-of-the-county" for number in range(200)] + ["o", "oo", "opp", "o" * 8, "o" * 16]
    rows = [opportunity(id=each, title="thin") for each in ids]
    result = found(*rows, *[row | {"title": "full", "summary": "more"} for row in rows[::2]])
    assert result.frame["signal_id"].tolist() == sorted(ids)
    assert result.frame.set_index("signal_id")["title"][ids].tolist() == ["full", "thin"] * 102 + ["full"]


def test_what_names_no_buyer_is_set_aside_and_counted() -> None:
    nameless = [opportunity(id="x", buyerId=None), opportunity(id="y", buyerId="  "), {"id": "z", "type": "Selling"}]
    result = discoveries([("a", nameless), ("b", [opportunity()])], AS_OF)
    assert result.without_buyer == {"a": 3, "b": 0}
    assert result.frame["signal_id"].tolist() == ["o1"]


def test_copy_without_buyer_takes_no_part() -> None:
    nameless = opportunity(buyerId=None, summary="fuller", status="Active", dueDate="2027-01-01")
    result = found(nameless, opportunity(title="told"))
    assert result.frame["title"].tolist() == ["told"]
    assert result.without_buyer == {"only": 1}


def test_rows_without_form_are_counted() -> None:
    result = found(None, 5, [], "text", [["id", "o2"]], {}, {"buyerId": "b1"}, opportunity())
    assert result.unreadable_rows == {"only": 7}
    assert len(result.frame) == 1


def test_numbers_are_ids_as_text() -> None:
    row = signal(id=7, buyerId=12)
    assert (row["signal_id"], row["buyer_id"]) == ("7", "12")


def test_one_odd_value_costs_only_itself() -> None:
    rows = [opportunity(id=f"o{number}", summary="told", purchaseAmount=number + 1) for number in range(2500)]
    rows[1200] |= {"summary": {"not": "text"}, "purchaseAmount": "$7", "status": "\ud800", "buyerTags": [["a"], "b"]}
    frame = found(*rows).frame.set_index("signal_id")
    assert frame["summary"].isna().sum() == 1
    assert pd.isna(frame["summary"]["o1200"])
    assert (frame["amount"]["o1200"], frame["amount"]["o1201"]) == (7, 1202)
    assert frame["buyer_tags"]["o1200"] == "b"


def test_texts_are_trimmed_and_blank_ones_null() -> None:
    row = signal(title="  A title ", buyerName="\tA College\n", buyerWebsite=" ", parentBuyerName=" State ")
    assert (row["title"], row["buyer_name"], row["buyer_website"]) == ("A title", "A College", None)
    assert row["parent_buyer_name"] == "State"


@pytest.mark.parametrize(
    ("tags", "text"),
    [(["a", "b"], "a, b"), ("a,b", "a,b"), (["a", None, 5, {}], "a, 5"), ([], None), ({}, None), (None, None)],
)
def test_tags_are_a_list_or_a_text(tags: Any, text: str | None) -> None:
    assert signal(buyerTags=tags)["buyer_tags"] == text


@pytest.mark.parametrize(
    ("files", "title", "url", "reason"),
    [
        ([{"name": " Minutes ", "url": "https://a.example", "sourceUrl": "https://b.example/x"}], "Minutes",
         "https://b.example/x", "the source is preferred"),
        ([{"name": "M", "url": "http://a.example", "sourceUrl": None}], "M", "http://a.example", "else the copy"),
        ([{"name": "M", "url": "https://a.example", "sourceUrl": "javascript:alert(1)"}], "M", "https://a.example",
         "only the web"),
        ([{"name": "M", "url": "ftp://a.example"}], "M", None, "no address of the web"),
        ([{"name": "M", "url": "https://a.example/ b"}], "M", None, "not an address"),
        ([{"name": None}, {"name": "second", "url": "https://a.example"}], None, None, "the first file only"),
        (["text"], None, None, "not an object"),
        ("text", None, None, "not a list"),
        ([], None, None, "no file"),
    ],
)  # fmt: skip
def test_document(files: Any, title: str | None, url: str | None, reason: str) -> None:
    row = signal(files=files)
    assert (row["document_title"], row["document_url"]) == (title, url), reason


@pytest.mark.parametrize(
    ("highlights", "texts", "reason"),
    [
        ({"content": [{"highlight": "the <b>big</b> <em class='x'>hit</em>"}]}, ["the big hit"], "tags are removed"),
        ({"content": [{"highlight": "R&amp;D &lt; 5 &#39;x&#39;"}]}, ["R&D < 5 'x'"], "entities are characters"),
        ({"content": [{"highlight": "a<!-- no -->b<br/>"}]}, ["ab"], "comments and single tags"),
        ({"content": [{"highlight": "3 < 4 and 5 > 2"}]}, ["3 < 4 and 5 > 2"], "signs are no tags"),
        ({"content": [{"highlight": "x"}, {"highlight": "x"}, {"highlight": " "}, {}, 5]}, ["x"], "each text once"),
        ({"content": "text"}, [], "not a list"),
        ("text", [], "not an object"),
        (None, [], "absent"),
    ],
)
def test_highlights(highlights: Any, texts: list[str], reason: str) -> None:
    assert json.loads(signal(highlights=highlights)["highlights_json"]) == texts, reason


def test_linked_records_are_kept_as_sent_if_well_formed() -> None:
    row = signal(
        rfps=[{"id": 5, "title": "t", "dueDate": "soon", "status": None, "more": 1}, {"title": "no id"}, None],
        purchaseOrders=[{"id": "p", "purchaseAmount": "$5k", "vendorName": "Vendor", "untilDate": {"x": 1}}, "p2"],
    )
    assert json.loads(row["rfps_json"]) == [{"id": "5", "title": "t", "dueDate": "soon"}]
    assert json.loads(row["purchase_orders_json"]) == [{"id": "p", "purchaseAmount": "$5k", "vendorName": "Vendor"}]


def test_latest_event_comes_first_and_none_last() -> None:
    dates = {"o3": "2026-01-01", "o1": None, "o2": "2026-06-01", "o0": "2026-06-01"}
    frame = found(*(opportunity(id=key, postedDate=day) for key, day in dates.items())).frame
    assert frame["signal_id"].tolist() == ["o0", "o2", "o3", "o1"]


@pytest.mark.parametrize("searches", [[], [("a", [])], [("a", [None])]])
def test_nothing_found_is_an_empty_frame_of_the_same_form(searches: list[tuple[str, list[Any]]]) -> None:
    empty, one = discoveries(searches, AS_OF).frame, found(opportunity()).frame
    pd.testing.assert_series_equal(empty.dtypes, one.dtypes)
    assert list(empty.columns) == list(DISCOVERIES)
    assert candidate_buyers(empty, [], AS_OF).shape == (0, len(CANDIDATE_BUYERS))


def test_frames_survive_parquet() -> None:
    rows = [opportunity(id="o1", postedDate="0001-01-01", buyerTags=["x"]), opportunity(id="o2", dueDate="9999-12-31")]
    frame = found(*rows).frame
    pd.testing.assert_frame_equal(frames.from_parquet_bytes(frames.to_parquet_bytes(frame), DISCOVERIES), frame)
    buyers = candidate_buyers(frame, [("named", [{"buyerId": "b2", "population": 5}])], AS_OF)
    pd.testing.assert_frame_equal(frames.from_parquet_bytes(frames.to_parquet_bytes(buyers), CANDIDATE_BUYERS), buyers)


def test_candidates_are_the_buyers_of_signals_and_of_the_buyer_search() -> None:
    frame = found(opportunity(buyerType="City, Other", buyerState="NY", parentBuyerName="State")).frame
    named: list[Any] = [
        {"buyerId": "b0", "name": "Zero", "type": "School", "stateCode": "CA", "population": "12,400"},
        {"buyerId": " b1 ", "name": "A College, as listed", "type": "City, Other", "county": "Suffolk"},
        {"name": "without an id"},
        None,
    ]
    buyers = candidate_buyers(frame, [("named", named), ("other", named[:1])], AS_OF)
    rows = buyers.astype(object).where(buyers.notna(), None).set_index("buyer_id")
    assert list(rows.index) == ["b0", "b1"]
    assert rows["buyer_name"].tolist() == ["Zero", "A College, as listed"]
    assert rows["buyer_type"].tolist() == ["School", "City, Other"]
    assert rows["buyer_state"].tolist() == ["CA", "NY"]
    assert rows["population"].tolist() == [12_400, None]
    assert rows["parent_name"].tolist() == [None, "State"]
    assert rows["searches"].tolist() == ["named,other", "named,only"]


def test_types_of_a_buyer_are_all_that_any_record_names() -> None:
    frame = found(
        opportunity(id="o1", buyerType="City, Other", buyerTags=["R1"]),
        opportunity(id="o2", buyerType="School", buyerTags="R1"),
        opportunity(id="o3", buyerType=None),
    ).frame
    buyers = candidate_buyers(frame, [("named", [{"buyerId": "b1", "type": "Library"}])], AS_OF)
    assert buyers["buyer_type"].tolist() == ["City, Library, Other, School"]
    assert buyers["buyer_tags"].tolist() == ["R1"]


def test_most_frequent_name_is_shown() -> None:
    names = ["B College", "A College", "B College", None]
    frame = found(*(opportunity(id=f"o{number}", buyerName=name) for number, name in enumerate(names))).frame
    assert candidate_buyers(frame, [], AS_OF)["buyer_name"].tolist() == ["B College"]
