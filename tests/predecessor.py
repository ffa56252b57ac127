"""SQLite files as the predecessor wrote them, for tests."""

import json
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from intent_assets.predecessor_reading import COLUMNS, TableName

RUN = {
    "id": 1,
    "target_domain": "vmock.example",
    "target_company": "VMock",
    "prospect_name": "Ana Diaz",
    "prospect_email": "ana.diaz@vmock.example",
    "status": "completed",
    "created_at": "2025-03-04 09:00:00",
    "completed_at": "2025-03-04 09:05:30",
}
RFP = {
    "id": "opp-1",
    "title": "Career platform RFP",
    "type": "Selling",
    "buyerId": "b-1",
    "buyerName": "Elm City Schools",
    "summary": "The district wants a career platform.",
    "status": "Available",
    "postedDate": "2025-02-01",
    "dueDate": "2025-03-20",
    "purchaseAmount": "250000",
}
DISCOVERY = {
    "id": 1,
    "run_id": 1,
    "target_domain": "vmock.example",
    "buyer_id": "b-1",
    "buyer_name": "Elm City Schools",
    "signal_type": "RFP",
    "signal_summary": "Career platform RFP",
    "signal_score": 87.5,
    "discovered_at": "2025-03-04 09:01:00",
}
CONTACT = {
    "id": 1,
    "run_id": 1,
    "buyer_id": "b-1",
    "contact_name": "Rosa Underhill",
    "contact_title": "Director",
    "contact_email": "rosa.underhill@elm.example",
    "email_verified": 1,
    "discovered_at": "2025-03-04 09:02:00",
}
STEP = {
    "id": 1,
    "run_id": 1,
    "step": "discovery",
    "status": "success",
    "duration_seconds": 12.5,
    "created_at": "2025-03-04 09:01:30",
}
FACTS: Mapping[TableName, Mapping[str, Any]] = {
    "runs": RUN, "discoveries": DISCOVERY, "contacts": CONTACT, "audit_log": STEP,
}  # fmt: skip

Rows = Sequence[Mapping[str, Any]]


def write_file(path: Path, *, columns: Mapping[TableName, Sequence[str]] = COLUMNS, **tables: Rows) -> Path:
    """Add rows to a file, which is made if need be; each row is a whole one (`FACTS`) with its own values over it.

    Objects and lists become JSON text. A table without rows is made all the same, unless `columns` lacks it.
    """
    with closing(sqlite3.connect(path)) as connection, connection:
        for table, names in columns.items():
            # without types, as SQLite allows: each value stays what it is
            connection.execute(f"CREATE TABLE IF NOT EXISTS {table} ({', '.join(names)}, feature_flags)")
            for row in tables.get(table, ()):
                whole = {**FACTS[table], **row}
                values = [_plain(whole.get(name)) for name in names]
                listed, places = ", ".join(names), ", ".join("?" * len(names))
                statement = f"INSERT INTO {table} ({listed}) VALUES ({places})"  # noqa: S608 -- names of a test
                connection.execute(statement, values)
    return path


def _plain(value: Any) -> Any:
    return json.dumps(value) if isinstance(value, dict | list) else value
