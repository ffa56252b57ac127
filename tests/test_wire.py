"""What comes in over the wire: good fields are kept, bad ones named, records without their needed fields set aside."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intent_assets import wire

GOOD: dict[str, Any] = {"id": "o1", "title": "T", "type": "Selling", "buyerId": "b1", "buyerName": "B"}


@pytest.mark.parametrize(
    ("field", "sent", "read", "unreadable"),
    [
        pytest.param("purchaseAmount", "$50,000", "$50,000", (), id="an amount as text stays text"),
        pytest.param("purchaseAmount", 12.5, 12.5, (), id="an amount as number stays a number"),
        pytest.param("purchaseAmount", {"usd": 1}, None, ("purchaseAmount",), id="an amount that is neither"),
        pytest.param("purchaseAmount", True, None, ("purchaseAmount",), id="a truth value is no amount"),
        pytest.param("buyerTags", ["A", "B"], ["A", "B"], (), id="tags as list"),
        pytest.param("buyerTags", "A, B", "A, B", (), id="tags as text"),
        pytest.param("buyerTags", 7, None, ("buyerTags",), id="tags as number"),
        pytest.param("buyerType", ["A", "B"], "A, B", (), id="types as list become words"),
        pytest.param("postedDate", "garbage", "garbage", (), id="dates are read later"),
        pytest.param("postedDate", 1700000000, "1700000000", (), id="also when they are numbers"),
        pytest.param("fileCount", "3", 3, (), id="a count as text"),
        pytest.param("fileCount", "many", None, ("fileCount",), id="no count"),
        pytest.param("fileCount", 1e300, None, ("fileCount",), id="no count of anything"),
        pytest.param("summary", ["x"], None, ("summary",), id="a summary that is no text"),
        pytest.param("files", "x", None, ("files",), id="files that are no list"),
        pytest.param("surprise", {"a": 1}, "absent", (), id="an unknown field"),
    ],
)
def test_a_field_is_read_kept_raw_or_named(field: str, sent: object, read: object, unreadable: tuple[str, ...]) -> None:
    record = wire.Opportunity.model_validate({**GOOD, field: sent})
    assert record.model_dump(mode="json", by_alias=True).get(field, "absent") == read
    assert record.unreadable == unreadable
    assert record.title == "T"


def test_of_a_list_only_the_bad_items_go() -> None:
    record = wire.Opportunity.model_validate({**GOOD, "files": [3, {"url": "u", "name": 4}, {"url": "v"}]})
    assert [file.url for file in record.files or ()] == ["u", "v"]
    assert record.unreadable == ("files[0]", "files[0].name")


@pytest.mark.parametrize("field", sorted(GOOD))
@pytest.mark.parametrize("value", [None, "", "  ", ["x"], {}, "absent"])
def test_a_record_without_what_is_always_there_is_set_aside(field: str, value: object) -> None:
    bad = {name: kept for name, kept in GOOD.items() if name != field} | ({} if value == "absent" else {field: value})
    records, set_aside = wire.read_records(wire.Opportunity, [GOOD, bad, {**GOOD, "id": 2}])
    assert [record.id for record in records] == ["o1", "2"]
    assert len(set_aside) == 1
    assert field in set_aside[0]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
KINDS: tuple[type[wire.Wire], ...] = (
    wire.Opportunity, wire.Buyer, wire.Contact, wire.ProfileAnswer, wire.Profile, wire.ChatAnswer, wire.PageCounts,
)  # fmt: skip


@settings(max_examples=200, deadline=None, database=None)
@given(st.data())
def test_nothing_that_comes_raises_another_error(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(KINDS))
    names = [info.alias or name for name, info in kind.model_fields.items()]
    item = data.draw(JSON | st.dictionaries(st.sampled_from(names), JSON, max_size=8))
    records, set_aside = wire.read_records(kind, [item])
    assert len(records) + len(set_aside) == 1
    for record in records:
        json.dumps(record.model_dump(mode="json", by_alias=True))
