"""Readers of the predecessor's SQLite file: rows with values of any type that SQLite holds."""

import json
from collections.abc import Callable
from functools import partial
from typing import Any

from benchmarks.fuzz_reader import Reader, always, sent
from benchmarks.fuzz_samples import OPPORTUNITY
from intent_assets import predecessor
from intent_assets.predecessor import PastRun
from intent_assets.predecessor_reading import Reading, SetAside, TableName
from intent_assets.predecessor_signals import typed
from tests.predecessor import CONTACT, DISCOVERY, RUN, STEP

_WHOLE_RUN = {
    **RUN,
    "product_description": "Careers",
    "campaign_id": 17,
    "tier": "Tier 2",
    "search_strategy": json.dumps({"strategy": {"primary_keywords": ["career"], "states": "NY, Texas"}}),
    "discovery_signals_a": json.dumps([OPPORTUNITY]),
    "discovery_signals_b": json.dumps({"opportunities": [OPPORTUNITY]}),
    "discovery_buyers": json.dumps([{"buyer_id": "b-1", "name": "Elm City Schools"}]),
    "featured_buyer_id": "b-riverhead",
    "featured_buyer_name": "Riverhead",
    "secondary_buyers": json.dumps({"b-2": "Elm"}),
    "validation_result": json.dumps({"verdict": "passed", "claims": 4, "findings": []}),
    "notion_url": "https://www.notion.so/Report-0123456789abcdef0123456789abcdef",
}
_STEP = {**STEP, "message": "sk-key-0123456789 of ana@vmock.example", "metadata": json.dumps({"found": 3, "why": "x"})}
_LARGEST = 2**63


def as_stored(value: Any) -> Any:
    """Return a JSON value as SQLite would hold it: objects and lists as text, too large numbers too, some bytes."""
    if isinstance(value, dict | list):
        return sent(value).decode("utf-8", "replace") if _is_writable(value) else None
    if isinstance(value, int) and not isinstance(value, bool):
        return value if -_LARGEST <= value < _LARGEST else float(str(value)[:300])
    if isinstance(value, str):
        # the file is read with replacement of what is no UTF-8
        return (
            value.encode() if value.startswith("%") and value.isascii() else value.encode("utf-8", "replace").decode()
        )
    return value


def _is_writable(value: Any) -> bool:
    try:
        sent(value)
    except (ValueError, RecursionError):
        return False
    return True


def _past() -> PastRun:
    return predecessor.read_run(Reading("runs", _WHOLE_RUN)).past


def _run(reading: Reading) -> None:
    record = predecessor.read_run(reading)
    sent({name: str(value) for name, value in record.columns.items()})
    if record.strategy is not None:
        record.strategy.model_dump_json()
    found = predecessor.run_signals(reading.row, record.past)
    if found is None:
        return
    about = found.about("b-riverhead", "Career Platform Services")
    if about is not None:
        typed({(found.run_id, about): found})


def _row(read: Callable[[Reading], dict[str, Any]], reading: Reading) -> None:
    sent({name: str(value) for name, value in read(reading).items()})


def _read(table: TableName, use: Callable[[Reading], None], given: Any) -> None:
    if not isinstance(given, dict):
        return  # SQLite gives rows and nothing else
    reading = Reading(table, {name: as_stored(value) for name, value in given.items()})
    try:
        use(reading)
    finally:
        sent([*map(list, reading.problems)])


def _discovery(reading: Reading) -> dict[str, Any]:
    return predecessor.read_discovery(reading, _past(), predecessor.run_signals(_WHOLE_RUN, _past()))


def _reader(table: TableName, sample: dict[str, Any], use: Callable[[Reading], None], share: float) -> Reader:
    return Reader(
        f"predecessor: {table}", "value", lambda: [sample], always(partial(_read, table, use)), share, (SetAside,)
    )


READERS = (
    _reader("runs", _WHOLE_RUN, _run, 2),
    _reader("discoveries", dict(DISCOVERY), partial(_row, _discovery), 1),
    _reader("contacts", dict(CONTACT), partial(_row, lambda reading: predecessor.read_contact(reading, _past())), 1),
    _reader("audit_log", _STEP, partial(_row, lambda reading: predecessor.read_step(reading, _past())), 1),
)
