"""A small share of the fuzz (`benchmarks.fuzz`), what it has found, and that it finds."""

import json
import logging
from collections.abc import Iterator
from contextlib import nullcontext, suppress
from pathlib import Path
from typing import Any

import pytest

from benchmarks.environment import at_home
from benchmarks.fuzz import fuzzed, told
from benchmarks.fuzz_http import answer
from benchmarks.fuzz_reader import Reader
from benchmarks.fuzz_readers import READERS
from benchmarks.fuzz_samples import ENVELOPES, NOTION_ANSWER, PAGE_ID, SUPABASE_ALLOCATIONS, SUPABASE_SIGNALS
from intent_assets.errors import InvalidReply

NEVER_ACCEPTED = {"client: Notion publish"}
"""No one answer is right for all its calls."""
NAMES = {reader.name: reader for reader in READERS}


@pytest.fixture(autouse=True)
def _logs_as_before() -> Iterator[None]:
    yield
    logging.disable(logging.NOTSET)


def _page_with(**block: Any) -> bytes:
    listed = {"object": "block", "id": PAGE_ID, "type": "paragraph", "has_children": False} | block
    return answer(json.dumps(NOTION_ANSWER | {"results": [listed]}).encode())


DAY = {"id": "E000001", "buyer_id": "b", "buyer_name": "B", "record": "opportunity", "record_id": "o",
       "display": "soon", "field": "due_date", "kind": "date", "as_of": "2026-11-23"}  # fmt: skip
FOUND: list[tuple[str, Any]] = [
    ("reply: address", "(" * 5000),
    ("text: gate", "a" * 32_000),
    ("text: gate", "(" * 32_000),
    ("text: gate", "{{E560631}} is {{E286860}}." * 1_200),
    ("text: prose, any JSON", [DAY | {"value": value, "state": "open"} for value in ("", "2026-11-03T09:00", 5)]),
    ("Starbridge: envelope", b'{"a": "\xed\xb0\x80"}'),
    ("client: Supabase allocations", answer(json.dumps([SUPABASE_ALLOCATIONS[0] | {"sent": []}]).encode())),
    ("client: Supabase signals", answer(json.dumps([SUPABASE_SIGNALS[0] | {"summary": "\ud800"}]).encode())),
    ("client: buyer_profile", answer(json.dumps(ENVELOPES[0]).encode().replace(b"Riverhead Central", b"\xed\xb0\x80"))),
    ("client: Claude", answer(b'{"', 403, ("Content-Type: application/json; charset=utf-16",))),
    ("client: Notion read_page", _page_with(type={})),
    ("client: Notion read_page", _page_with(children="a")),
    ("client: Notion read_page", _page_with(paragraph={"rich_text": ["", [], {"href": "\ud800", "plain_text": "x"}]})),
    ("client: Notion read_page", _page_with(type="heading_2")),
    ("client: Notion read_page", _page_with(type="heading_2", heading_2=[])),
    ("client: Notion read_page", _page_with(type="table_row", table_row={"cells": [1]})),
    ("client: Notion read_page", _page_with(id=None, has_children=True)),
    ("client: Notion publish", _page_with(id=None)),
    ("client: Notion check", answer(b'{"a":' * 60_000)),
    ("client: Notion read_page", answer(json.dumps(NOTION_ANSWER | {"has_more": True, "next_cursor": []}).encode())),
]  # fmt: skip


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.name)
def test_nothing_but_errors_of_ours_comes_out(reader: Reader) -> None:
    (tally,) = fuzzed([reader], seed=20_261_125, count=len(reader.valid()) + 12)
    assert not tally.failures, "\n".join(told(tally.reader, failure) for failure in tally.failures)
    assert tally.inputs == tally.accepted + tally.refused.total()
    assert tally.accepted or reader.name in NEVER_ACCEPTED


@pytest.mark.parametrize(("name", "given"), FOUND)
def test_what_was_found_stays_mended(name: str, given: Any, tmp_path: Path) -> None:
    with at_home(tmp_path, {}), NAMES[name].opened() as read, suppress(*NAMES[name].refusals):
        read(given)


def test_a_reader_that_fails_is_told_of_with_the_least_input_that_shows_it() -> None:
    def read(given: bytes) -> None:
        if json.loads(given).get("tier") == 2:
            raise KeyError("tier")

    def careful(given: bytes) -> None:
        try:
            read(given)
        except (ValueError, AttributeError, RecursionError):
            raise InvalidReply("no object") from None

    failing = Reader(
        "failing", "body", lambda: [{"tier": 2, "name": "Ana", "text": "x" * 300}], lambda: nullcontext(careful)
    )
    (tally,) = fuzzed([failing], seed=1, count=50)
    (failure,) = tally.failures
    assert tally.failed > 1
    assert tally.refused["InvalidReply"]
    assert "KeyError" in failure.error
    assert failure.given.replace(b" ", b"") == b'{"tier":2}'
    assert told("failing", failure).startswith("FAILED failing, input 0: KeyError")
