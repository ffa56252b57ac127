"""Readers of files that a disk, a person or another version has changed: inbox, outbox, values, history."""

import json
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.fuzz_reader import Read, Reader, kept, sent
from benchmarks.fuzz_texts import report
from intent_assets.claims import Section
from intent_assets.evidence import to_frame
from intent_assets.frames import to_parquet_bytes
from intent_assets.intake.inbox import Inbox
from intent_assets.notices import reply_accepted
from intent_assets.outbox import Outbox
from intent_assets.records import Record, SearchStrategy
from intent_assets.rendering.markdown import text_hash
from intent_assets.reports import FactCheckedReport, NotionPage, Verdict
from intent_assets.resources.clay import Clay
from intent_assets.resources.warehouse import Warehouse
from intent_assets.settings import load_services, load_settings
from intent_assets.spool import spool_name
from intent_assets.tables import EVIDENCE
from intent_assets.values import ValueStore
from tests.assembled import some_sections
from tests.builders import a_reply, selected_buyers

_DOMAIN = "vmock.example"
_ARRIVAL = 1_790_000_000_000_000_000


def _json(record: Record) -> Any:
    return json.loads(record.model_dump_json())


def _stored_reply() -> Any:
    reply = a_reply(reply_id="r_1")
    return {"arrival": _ARRIVAL, "revision": 1, "reply": _json(reply)}


def _stored_notice() -> Any:
    notice = reply_accepted(a_reply(), occurred_at=datetime(2026, 11, 23, tzinfo=UTC)).wire()
    notice["notice_id"] = "n_1"
    return {"arrival": _ARRIVAL, "state": "waiting", "put_at": "2026-11-23T09:00:00Z", "tries": 0, "notice": notice}


def _documents() -> dict[str, Record]:
    whole, facts = report()
    section: Section = some_sections(facts)[0]
    return {
        "reply": a_reply(),
        "search_strategy": SearchStrategy(primary_keywords=("career services",)),
        "buyer_intel": selected_buyers(),
        "executive_summary": section,
        "fact_checked_report": FactCheckedReport(
            report=whole, verdict=Verdict(outcome="passed", text_hash=text_hash(whole))
        ),
        "notion_page": NotionPage(status="not_published", reply_id="r_1"),
    }


@contextmanager
def _inbox() -> Iterator[Read]:
    folder = Path("inbox").absolute()
    inbox = Inbox(folder)
    inbox.put(a_reply(reply_id="r_0"))
    waiting, taken = folder / "pending" / spool_name(_ARRIVAL, "r_1"), folder / "taken" / "r_1.json"
    (folder / "domains" / _DOMAIN / waiting.name).touch()

    def read(given: bytes) -> None:
        waiting.write_bytes(given)
        inbox.damaged()
        for entry in inbox.pending(10):
            kept(entry.reply)
        if "r_0" not in {entry.reply.reply_id for entry in inbox.pending(10)}:
            raise AssertionError("a good reply is lost beside a damaged one")
        inbox.latest(_DOMAIN)
        taken.write_bytes(given)
        waiting.unlink(missing_ok=True)
        inbox.counts()
        kept(inbox.get("r_1"))

    yield read


@contextmanager
def _outbox() -> Iterator[Read]:
    folder = Path("outbox").absolute()
    outbox = Outbox(folder, lambda: Clay.of(load_settings(), load_services()))
    good = reply_accepted(a_reply(reply_id="r_0"))
    outbox.put(good)
    waiting = folder / "waiting" / spool_name(_ARRIVAL, "n_1")

    def read(given: bytes) -> None:
        waiting.write_bytes(given)
        outbox.damaged()
        found = outbox.notices()
        sent([(stored.event, stored.notice_id) for stored in found])
        if good.notice_id not in [stored.notice_id for stored in found]:
            raise AssertionError("a good notice is lost beside a damaged one")
        outbox.drain(patience=0.1)
        outbox.counts()

    yield read


@contextmanager
def _document(asset: str) -> Iterator[Read]:
    store = ValueStore(Path("values").absolute())
    path = Path(str(store.path(asset, _DOMAIN)))
    path.parent.mkdir(parents=True)

    def read(given: bytes) -> None:
        path.write_bytes(given)
        store.damaged()
        kept(store.read(asset, _DOMAIN))

    yield read


@contextmanager
def _table() -> Iterator[Read]:
    store = ValueStore(Path("values").absolute())
    path = Path(str(store.path("evidence", _DOMAIN)))
    path.parent.mkdir(parents=True)

    def read(given: bytes) -> None:
        path.write_bytes(given)
        store.read("evidence", _DOMAIN)

    yield read


@contextmanager
def _history() -> Iterator[Read]:
    file = Path("history.duckdb").absolute()

    def read(given: bytes) -> None:
        file.write_bytes(given)
        Warehouse(path=str(file)).runs(limit=3)

    yield read


def _parquet() -> Sequence[bytes]:
    return [to_parquet_bytes(to_frame(report()[1]), EVIDENCE)]


def _duckdb() -> Sequence[bytes]:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "history.duckdb"
        with Warehouse(path=str(file)).transaction("sample"):
            pass
        return [file.read_bytes()]


def _of_document(asset: str) -> Reader:
    return Reader(f"stored: {asset}", "body", lambda: [_json(_documents()[asset])], partial(_document, asset), 0.5)


READERS = (
    Reader("stored: inbox", "body", lambda: [_stored_reply()], _inbox, 0.5),
    Reader("stored: outbox", "body", lambda: [_stored_notice()], _outbox, 0.5),
    *(_of_document(asset) for asset in _documents()),
    Reader("stored: table", "bytes", _parquet, _table, 0.3),
    Reader("stored: history", "bytes", _duckdb, _history, 0.05),
)
