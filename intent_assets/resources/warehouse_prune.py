"""Old rows out of the history, which only a person may ask for."""

from datetime import datetime
from typing import TYPE_CHECKING

from intent_assets.resources.warehouse_erase import write_anew

if TYPE_CHECKING:
    from intent_assets.resources.warehouse import Warehouse

_MOMENTS = {
    "runs": "coalesce(ended_at, started_at, recorded_at)",
    "discoveries": "seen_at",
    "discovery_batches": "seen_at",
    "contacts": "shown_at",
    "audit_log": "coalesce(ended_at, started_at)",
}
"""Table -> when what a row tells of was."""


def older_rows(warehouse: "Warehouse", before: datetime) -> dict[str, int]:
    """Count the rows of each table that tell of what was before; raises `WarehouseError`."""
    if not warehouse.file.exists():
        return {}
    with warehouse.transaction("count old rows") as connection:
        found = {
            table: connection.execute(f"SELECT count(*) FROM {table} WHERE {moment} < ?", [before]).fetchall()[0][0]  # noqa: S608 -- constants
            for table, moment in _MOMENTS.items()
        }
    return {table: int(number) for table, number in found.items() if number}


def forget_rows(warehouse: "Warehouse", before: datetime) -> None:
    """Delete these rows for ever, and write the file anew so that their room is free; raises `WarehouseError`."""
    with warehouse.transaction("remove old rows") as connection:
        for table, moment in _MOMENTS.items():
            connection.execute(f"DELETE FROM {table} WHERE {moment} < ?", [before])  # noqa: S608 -- constants
    write_anew(warehouse)
