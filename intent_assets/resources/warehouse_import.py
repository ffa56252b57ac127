"""Rows of the predecessor into the history: batch by batch, each row once, whatever is there already.

`batch` is the registered table of what is to be added; a row of the predecessor is known by its run and its own id.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from intent_assets.predecessor import RunRecord
from intent_assets.resources import warehouse_batches as batches
from intent_assets.resources.warehouse_rows import ReportFacts

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection
    from pyarrow import Table

    from intent_assets.resources.warehouse import Warehouse

_TYPES = {**batches.TYPES, "seen_at": batches.TIME, "predecessor_score": "float64"}

_DROP_RUNS = "DELETE FROM runs WHERE (run_id, domain) IN (SELECT (run_id, domain) FROM batch)"

_INSERT_RUNS = "INSERT INTO runs BY NAME SELECT * FROM batch"

_KNOWN_RUNS = "SELECT run_id, domain, status FROM runs SEMI JOIN batch USING (run_id, domain)"

_INSERT_DISCOVERIES = """
INSERT INTO discoveries BY NAME
SELECT * EXCLUDE (own_id, place, copy)
    REPLACE (
        CASE WHEN signal_id IS NULL OR copy > 1 OR (run_id, domain, signal_id) IN (
            SELECT (run_id, domain, signal_id) FROM discoveries SEMI JOIN batch USING (run_id)
        ) THEN own_id ELSE signal_id END AS signal_id
    ),
    seen_at AS first_seen
FROM (
    SELECT *, row_number() OVER (PARTITION BY run_id, domain, signal_id ORDER BY place) AS copy
    FROM batch
    ANTI JOIN (SELECT run_id, predecessor_id FROM discoveries WHERE predecessor_id IS NOT NULL) AS known
        USING (run_id, predecessor_id)
)
ORDER BY seen_at
"""

_INSERT_MOMENTS = """
INSERT INTO discovery_batches BY NAME
SELECT DISTINCT domain, run_id, run_id AS root_run_id, seen_at
FROM batch
ANTI JOIN discovery_batches AS known USING (domain, run_id, seen_at)
ORDER BY seen_at
"""

_SEE_AGAIN = """
WITH sightings AS (
    SELECT run_id, domain, signal_id, seen_at, coalesce(moments.root_run_id, run_id) AS root_run_id
    FROM discoveries
    SEMI JOIN (SELECT domain, signal_id FROM batch) AS told USING (domain, signal_id)
    LEFT JOIN discovery_batches AS moments USING (domain, run_id, seen_at)
),
stories AS (
    SELECT
        now.run_id,
        now.domain,
        now.signal_id,
        coalesce(min(earlier.seen_at) FILTER (earlier.run_id <> now.run_id), now.seen_at) AS first_seen,
        max(earlier.seen_at) FILTER (earlier.root_run_id <> now.root_run_id) AS last_seen
    FROM sightings AS now
    LEFT JOIN sightings AS earlier
        ON earlier.domain = now.domain AND earlier.signal_id = now.signal_id AND earlier.seen_at < now.seen_at
    GROUP BY now.run_id, now.domain, now.signal_id, now.seen_at
)
UPDATE discoveries SET first_seen = stories.first_seen, last_seen = stories.last_seen
FROM stories
WHERE discoveries.run_id = stories.run_id
    AND discoveries.domain = stories.domain
    AND discoveries.signal_id = stories.signal_id
    AND (discoveries.first_seen, discoveries.last_seen) IS DISTINCT FROM (stories.first_seen, stories.last_seen)
"""
"""Signals that the batch saw: their first and last sighting anew, in our own runs after it as well."""

_INSERT_CONTACTS = """
INSERT INTO contacts BY NAME
SELECT * EXCLUDE (place) FROM batch ANTI JOIN contacts AS known USING (run_id, domain, contact_id)
"""

_INSERT_STEPS = """
INSERT INTO audit_log BY NAME
SELECT
    fresh.* EXCLUDE (place),
    coalesce(earlier.attempts, 0) + row_number() OVER (PARTITION BY fresh.run_id, fresh.step ORDER BY place) AS attempt
FROM (
    SELECT * FROM batch
    ANTI JOIN (SELECT run_id, predecessor_id FROM audit_log WHERE predecessor_id IS NOT NULL) AS known
        USING (run_id, predecessor_id)
) AS fresh
LEFT JOIN (SELECT run_id, step, max(attempt) AS attempts FROM audit_log GROUP BY run_id, step) AS earlier
    USING (run_id, step)
"""

_TELL_FAILURES = """
UPDATE runs SET failed_step = failure.step, error = failure.message
FROM (
    SELECT run_id, arg_max(step, moment) AS step, arg_max(coalesce(message, status), moment) AS message
    FROM (SELECT *, (coalesce(ended_at, TIMESTAMPTZ 'epoch'), attempt) AS moment FROM audit_log)
    WHERE status IN ('failure', 'timeout') AND predecessor_id IS NOT NULL
    GROUP BY run_id
) AS failure
WHERE runs.run_id = failure.run_id AND runs.status = 'failure' AND runs.failed_step IS NULL AND runs.error IS NULL
"""


def add_runs(warehouse: "Warehouse", records: Sequence[RunRecord]) -> tuple[int, int]:
    """Add runs; returns how many are new, and how many have ended, or ended otherwise, since they were imported."""
    rows = {(record.past.run_id, record.past.domain): _run_columns(record) for record in records}
    batch = batches.run_batch(rows.values())
    with warehouse.transaction("import runs") as connection:
        connection.register("batch", batch)
        known = {(run_id, domain): status for run_id, domain, status in connection.execute(_KNOWN_RUNS).fetchall()}
        new = [row for key, row in rows.items() if key not in known]
        ended = [row for key, row in rows.items() if key in known and known[key] != row["status"]]
        if new or ended:
            connection.register("batch", batches.run_batch([*new, *ended]))
            connection.execute(_DROP_RUNS)
            connection.execute(_INSERT_RUNS)
    return len(new), len(ended)


def add_discoveries(warehouse: "Warehouse", rows: Sequence[Mapping[str, Any]]) -> int:
    """Add signals (see `predecessor.read_discovery`); returns how many are new.

    A signal that the same run has already keeps its own row, under `own_id`.
    """
    batch = _table(rows)
    with warehouse.transaction("import discoveries") as connection:
        connection.register("batch", batch)
        added = _changed(connection.execute(_INSERT_DISCOVERIES))
        if added:
            connection.execute(_INSERT_MOMENTS)
            connection.execute(_SEE_AGAIN)
    return added


def add_contacts(warehouse: "Warehouse", rows: Sequence[Mapping[str, Any]]) -> int:
    """Add contacts (see `predecessor.read_contact`); returns how many are new."""
    with warehouse.transaction("import contacts") as connection:
        connection.register("batch", _table(rows))
        return _changed(connection.execute(_INSERT_CONTACTS))


def add_steps(warehouse: "Warehouse", rows: Sequence[Mapping[str, Any]]) -> int:
    """Add steps (see `predecessor.read_step`) in their order, each as the next attempt; returns how many are new."""
    with warehouse.transaction("import audit log") as connection:
        connection.register("batch", _table(rows))
        return _changed(connection.execute(_INSERT_STEPS))


def tell_failures(warehouse: "Warehouse") -> None:
    """Say of each failed run of the predecessor at which step and why, as its audit log says."""
    with warehouse.transaction("import failures") as connection:
        connection.execute(_TELL_FAILURES)


def _run_columns(record: RunRecord) -> dict[str, Any]:
    told = {name: value for name, value in record.columns.items() if name in ReportFacts.model_fields}
    report = ReportFacts(strategy=record.strategy, secondary_buyers=record.secondary, **told)
    return {**record.columns, **batches.report_columns(report), "root_run_id": record.past.run_id}


def _changed(result: "DuckDBPyConnection") -> int:
    row = result.fetchone()
    return int(row[0]) if row else 0


def _table(rows: Sequence[Mapping[str, Any]]) -> "Table":
    """Return the rows with their `place` in the batch."""
    import pyarrow as pa

    columns = {name: pa.array([row[name] for row in rows], type=_arrow_type(name)) for name in rows[0]}
    return pa.table({**columns, "place": pa.array(range(len(rows)), type=pa.int64())})


def _arrow_type(column: str) -> Any:
    import pyarrow as pa

    name = _TYPES.get(column, "string")
    return pa.timestamp("us", tz="UTC") if name == batches.TIME else pa.type_for_alias(name)
