"""Rows of the predecessor's SQLite file, read value by value: what can't be read is put down, and costs only itself."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple, TypeVar

from intent_assets import predecessor_values as values
from intent_assets.predecessor_values import Unreadable

TableName = Literal["runs", "discoveries", "contacts", "audit_log"]
Row = Mapping[str, Any]
T = TypeVar("T")

COLUMNS: Mapping[TableName, tuple[str, ...]] = {
    "runs": (
        "id", "target_domain", "prospect_name", "prospect_email", "target_company", "product_description",
        "campaign_id", "tier", "search_strategy", "discovery_signals_a", "discovery_signals_b", "discovery_buyers",
        "featured_buyer_id", "featured_buyer_name", "secondary_buyers", "validation_result", "notion_url", "status",
        "created_at", "completed_at",
    ),
    "discoveries": (
        "id", "run_id", "target_domain", "buyer_id", "buyer_name", "signal_type", "signal_summary", "signal_score",
        "discovered_at",
    ),
    "contacts": (
        "id", "run_id", "buyer_id", "contact_name", "contact_title", "contact_email", "email_verified",
        "discovered_at",
    ),
    "audit_log": ("id", "run_id", "step", "status", "message", "duration_seconds", "metadata", "created_at"),
}  # fmt: skip
"""Columns that are read of each table; all others have no place in the history."""

NEEDED: Mapping[TableName, tuple[str, ...]] = {
    "runs": ("id", "target_domain"),
    "discoveries": ("id", "run_id"),
    "contacts": ("id", "run_id"),
    "audit_log": ("id", "run_id", "step", "status"),
}
"""Columns without which no row of a table has a place."""


class Problem(NamedTuple):
    """What can't be read: one value (`column`), or a whole row, which is then `set_aside`."""

    table: str
    row: str | None
    column: str | None
    reason: str
    set_aside: bool


class SetAside(Exception):
    """Ends the reading of a row that has no place in the history."""


@dataclass
class Reading:
    """The values of one row; what can't be read is put down in `problems`."""

    table: TableName
    row: Row
    problems: list[Problem] = field(default_factory=list)

    @property
    def key(self) -> str | None:
        """The row's id as text, None where it has none."""
        try:
            return values.text(self.row.get("id"))
        except Unreadable:
            return None

    def get(self, column: str, read: Callable[[object], T | None]) -> T | None:
        """Return the value of a column, None where there is none or it can't be read."""
        try:
            return read(self.row.get(column))
        except Unreadable as problem:
            self.note(column, str(problem))
            return None

    def needed(self, column: str) -> str:
        """Return the text of a column without which the row has no place; raises `SetAside`."""
        try:
            found = values.text(self.row.get(column))
        except Unreadable as problem:
            raise self.set_aside(column, str(problem)) from None
        if found is None:
            raise self.set_aside(column, "is null")
        return found

    def note(self, column: str, reason: str) -> None:
        """Put down that a value can't be read."""
        self.problems.append(Problem(self.table, self.key, column, reason, set_aside=False))

    def set_aside(self, column: str | None, reason: str) -> SetAside:
        """Put down that the row has no place, and return what ends its reading."""
        self.problems.append(Problem(self.table, self.key, column, reason, set_aside=True))
        return SetAside()
