"""The value store: what is read is what was written, whole, or an error that says what to do."""

import re
from datetime import date
from pathlib import Path

import pytest

from intent_assets.errors import InvalidDomain, StorageError
from intent_assets.records import HistoryEntry
from intent_assets.values import ValueStore

ENTRY = HistoryEntry(run_id="run-1", discoveries=3, first_seen=2)
OUTCOME = {
    "search": "primary_keywords",
    "tool": "opportunity_search",
    "status": "complete",
    "as_of": date(2026, 11, 23),
}


def test_a_document_comes_back_as_it_was(tmp_path: Path) -> None:
    store = ValueStore(tmp_path)
    path = store.write("discovery_history", "vmock.example", ENTRY)
    assert store.read("discovery_history", "vmock.example") == ENTRY
    assert [each.name for each in path.parent.iterdir()] == ["vmock.example.json"]
    assert path.stat().st_mode & 0o077 == 0


def test_a_table_comes_back_with_its_columns(tmp_path: Path) -> None:
    store = ValueStore(tmp_path)
    store.write("search_outcomes", "vmock.example", [OUTCOME])
    frame = store.read("search_outcomes", "vmock.example")
    assert frame["as_of"].tolist() == [date(2026, 11, 23)]
    assert store.domains("search_outcomes") == ["vmock.example"]


@pytest.mark.parametrize(("asset", "content"), [
    ("discovery_history", b'{"run_id": "run-1", "discoveries": "many"}'),
    ("discovery_history", b"\x00\x01"),
    ("executive_summary", b'{"name": "executive_summary", "prompt_version": "1", "check_seconds": NaN}'),
    ("search_outcomes", b"PAR1 cut off"),
    ("search_outcomes", b""),
])  # fmt: skip
def test_a_damaged_value_is_an_error_that_names_the_file(tmp_path: Path, asset: str, content: bytes) -> None:
    store = ValueStore(tmp_path)
    path = Path(str(store.path(asset, "vmock.example")))
    path.parent.mkdir()
    path.write_bytes(content)
    with pytest.raises(StorageError, match=re.escape(str(path))) as raised:
        store.read(asset, "vmock.example")
    assert f"Materialize {asset} of vmock.example again" in str(raised.value)


def test_a_value_that_is_not_there_says_how_to_make_it(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=r"--select scored_buyers --partition vmock\.example"):
        ValueStore(tmp_path).read("scored_buyers", "vmock.example")


@pytest.mark.parametrize("key", ["../../etc/passwd", "VMock.example", "vmock", ""])
def test_only_a_normalised_domain_becomes_a_path(tmp_path: Path, key: str) -> None:
    with pytest.raises(InvalidDomain):
        ValueStore(tmp_path).write("discovery_history", key, ENTRY)


def test_a_value_of_another_form_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="expected Report, got HistoryEntry"):
        ValueStore(tmp_path).write("report", "vmock.example", ENTRY)
