"""Rows and frames -> typed Arrow tables that DuckDB takes in as one batch."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from intent_assets.errors import WarehouseError
from intent_assets.records import Contact
from intent_assets.resources.warehouse_rows import ReportFacts, RunFacts, RunRow, StepRow

if TYPE_CHECKING:
    from pandas import DataFrame
    from pyarrow import Table

TIME = "timestamp[us, UTC]"
TYPES: Mapping[str, str] = {
    "tier": "int8", "as_of": "date32", "claims": "int32", "findings": "int32", "attempt": "int32",
    "signals_scanned": "int64", "buyers_scored": "int64", "new_signals": "int64", "input_tokens": "int64",
    "output_tokens": "int64", "cost_usd": "float64", "duration_seconds": "float64", "verified": "bool",
    "event_date": "date32", "due_date": "date32", "until_date": "date32", "amount": "float64", "rank": "int64",
    "score": "float64", "type_match": "float64", "signal_count": "float64", "recency": "float64", "urgency": "float64",
    "dollar_value": "float64", "keyword_hits": "float64", "started_at": TIME, "ended_at": TIME, "shown_at": TIME,
}  # fmt: skip
"""Arrow types of the columns that are not text."""

SIGNAL_COLUMNS = (
    "signal_id", "buyer_id", "buyer_name", "kind", "source", "title", "summary", "state", "event_date", "due_date",
    "until_date", "amount", "document_url", "as_of",
)  # fmt: skip
SCORE_COLUMNS = (
    "buyer_id", "rank", "role", "score", "type_match", "signal_count", "recency", "urgency", "dollar_value",
    "keyword_hits",
)  # fmt: skip


def from_frame(frame: "DataFrame", columns: Sequence[str], key: str) -> "Table":
    """Return `columns` of the frame, one row for each value of `key`; WarehouseError names a column that won't do."""
    import pyarrow as pa

    absent = [column for column in columns if column not in frame.columns]
    if absent:
        raise WarehouseError(f"nothing was recorded: the frame has no column {', '.join(absent)}")
    unique = frame[list(columns)].drop_duplicates(key, keep="first")
    try:
        # by way of objects: a column without a single value may have any dtype
        arrays = [pa.array(unique[column].astype(object), type=_type(column), from_pandas=True) for column in columns]
    except pa.ArrowException as problem:
        raise WarehouseError(f"nothing was recorded: a column of the frame has the wrong type: {problem}") from problem
    return pa.table(arrays, names=list(columns))


def to_frame(table: "Table") -> "DataFrame":
    """Return an answer as a frame with nullable types, the same with and without rows; dates are `datetime.date`."""
    import pandas as pd
    import pyarrow as pa

    nullable: dict[Any, Any] = {pa.int8(): pd.Int8Dtype(), pa.int32(): pd.Int32Dtype(), pa.int64(): pd.Int64Dtype()}
    nullable[pa.bool_()] = pd.BooleanDtype()
    frame: DataFrame = table.to_pandas(types_mapper=nullable.get)
    return frame


def run_batch(rows: Iterable[Mapping[str, Any]]) -> "Table":
    """Return rows of `runs` (see `facts_columns`, `report_columns`, `run_columns`) as a table, a row for each key."""
    nothing = dict.fromkeys((*RunFacts.model_fields, *RunRow.model_fields, *ReportFacts.model_fields))
    absent = {"seen_at", "report", "strategy", "secondary_buyers"}
    empty = {name: None for name in nothing if name not in absent} | report_columns(ReportFacts())
    return _table({(row["run_id"], row["domain"]): empty | dict(row) for row in rows}.values())


def report_batch(run: RunFacts, report: ReportFacts) -> "Table":
    return run_batch([facts_columns(run) | report_columns(report)])


def step_batch(steps: Iterable[StepRow]) -> "Table":
    rows = []
    for step in steps:
        row = step.model_dump(exclude={"metadata"})
        rows.append(row | {"metadata_json": json.dumps(dict(step.metadata), sort_keys=True) if step.metadata else None})
    return _table({(row["run_id"], row["step"], row["attempt"]): row for row in rows}.values())


def contact_batch(
    run: RunFacts,
    contacts: Sequence[Contact],
    buyer_names: Mapping[str, str],
    shown_as: Mapping[str, str],
    shown_at: datetime,
) -> "Table":
    rows = {
        contact.contact_id: {
            "run_id": run.run_id,
            "domain": run.domain,
            "contact_id": contact.contact_id,
            "buyer_id": contact.buyer_id,
            "buyer_name": buyer_names.get(contact.buyer_id),
            "name": contact.name,
            "title": contact.title,
            "email": contact.email,
            "phone": contact.phone,
            "verified": contact.email_verified,
            "shown_as": shown_as.get(contact.contact_id, "contact"),
            "shown_at": shown_at,
        }
        for contact in reversed(contacts)
    }
    return _table(reversed(rows.values()))


def facts_columns(run: RunFacts) -> dict[str, Any]:
    return run.model_dump(exclude={"seen_at"})


def report_columns(report: ReportFacts) -> dict[str, Any]:
    columns = report.model_dump(exclude={"strategy", "secondary_buyers"})
    buyers = report.secondary_buyers
    columns["strategy_json"] = report.strategy.model_dump_json() if report.strategy else None
    columns["secondary_buyers_json"] = (
        None
        if buyers is None
        else json.dumps([{"buyer_id": key, "buyer_name": name} for key, name in buyers.items()], ensure_ascii=False)
    )
    return columns


def run_columns(row: RunRow) -> dict[str, Any]:
    return row.model_dump(exclude={"report"}) | report_columns(row.report)


def _type(column: str) -> Any:
    import pyarrow as pa

    name = TYPES.get(column, "string")
    return pa.timestamp("us", tz="UTC") if name == TIME else pa.type_for_alias(name)


def _table(rows: Iterable[Mapping[str, Any]]) -> "Table":
    import pyarrow as pa

    listed = list(rows)
    names = list(listed[0])
    return pa.table([pa.array([row[name] for row in listed], type=_type(name)) for name in names], names=names)
