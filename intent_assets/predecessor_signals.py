"""Which wire opportunities the rows of the predecessor's `discoveries` are about, typed as our signals are. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa

from intent_assets.signals import EXPIRING_DAYS, OPEN_WITHOUT_DUE_DAYS, discoveries
from intent_assets.signals_dates import day_number, from_dates
from intent_assets.signals_states import KINDS, OPEN_STATUS, STATES, states

SIGNAL_COLUMNS = (
    "buyer_name", "kind", "title", "summary", "state", "event_date", "due_date", "until_date", "amount", "document_url",
)  # fmt: skip
"""What an opportunity tells of the row that is about it."""

_KINDS: Mapping[str, str] = {
    **{wire.lower(): kind for wire, kind in KINDS.items()},
    **{kind: kind for kind in KINDS.values()},
    "boardmeeting": "meeting", "strategicplan": "plan", "purchaseorder": "purchase", "bid": "rfp",
    "solicitation": "rfp", "requestforproposal": "rfp", "requestforproposals": "rfp",
}  # fmt: skip
_NUMBERS = {kind: number for number, kind in enumerate(KINDS.values())}
_BETWEEN = "\x1f"

Key = tuple[str, str]


class RunSignals:
    """The opportunities that one run found on its day (`as_of`)."""

    def __init__(self, run_id: str, opportunities: Sequence[Mapping[str, Any]], as_of: date) -> None:
        self.run_id = run_id
        self.as_of = as_of
        self._ids: dict[Key, str] = {}
        self._copies: dict[str, list[Mapping[str, Any]]] = {}
        for row in opportunities:
            if row.get("id") is not None and row.get("buyerId") is not None:
                self._copies.setdefault(str(row["id"]).strip(), []).append(row)
        for field in ("title", "summary"):
            for signal_id, copies in self._copies.items():
                for row in copies:
                    if isinstance(told := row.get(field), str) and told.strip():
                        self._ids.setdefault((str(row["buyerId"]).strip(), _bare(told)), signal_id)

    def about(self, buyer_id: str | None, summary: str | None) -> str | None:
        """Return the id of the opportunity of this buyer whose title or summary is `summary`, None without one.

        White space and case do not count.
        """
        return None if buyer_id is None or summary is None else self._ids.get((buyer_id, _bare(summary)))

    def copies(self, signal_id: str) -> Sequence[Mapping[str, Any]]:
        """Return the wire opportunities with this id."""
        return self._copies.get(signal_id, ())


def typed(told: Mapping[Key, RunSignals]) -> dict[Key, dict[str, Any]]:
    """Return the columns `SIGNAL_COLUMNS` of opportunities (run id, opportunity id), as they stood on the run's day.

    An opportunity that can't be read has none.
    """
    if not told:
        return {}
    rows = [{**copy, "id": _BETWEEN.join(key)} for key, signals in told.items() for copy in signals.copies(key[1])]
    # the day of this call counts for states alone, and these are computed below, each for its own run's day
    frame = discoveries([("predecessor", rows)], date(2000, 1, 1)).frame
    keys = [_key(signal_id) for signal_id in frame["signal_id"]]
    frame["state"] = _states(frame, np.array([day_number(told[key].as_of) for key in keys], dtype=np.int64))
    plain = frame.loc[:, list(SIGNAL_COLUMNS)].astype(object)
    columns = {name: plain[name].where(frame[name].notna(), None).tolist() for name in SIGNAL_COLUMNS}
    return {key: {name: columns[name][row] for name in SIGNAL_COLUMNS} for row, key in enumerate(keys)}


def kind_of(signal_type: str | None) -> str | None:
    """Return our word for a signal type, else the predecessor's own in lower case."""
    if signal_type is None:
        return None
    return _KINDS.get("".join(char for char in signal_type.lower() if char.isalnum()), signal_type.lower())


def _states(frame: Any, as_of: Any) -> list[str]:
    days = {
        name: from_dates(pa.chunked_array([pa.array(frame[name], type=pa.date32(), from_pandas=True)]))
        for name in ("event_date", "due_date", "until_date")
    }
    kinds = frame["kind"].map(_NUMBERS).fillna(-1).to_numpy(dtype=np.int64)
    is_open = frame["status"].isin(OPEN_STATUS).to_numpy(dtype=np.bool_)
    found = states(kinds, is_open, days, as_of, OPEN_WITHOUT_DUE_DAYS, EXPIRING_DAYS)
    return [STATES[number] for number in found]


def _key(signal_id: str) -> Key:
    run_id, _, own = signal_id.partition(_BETWEEN)
    return run_id, own


def _bare(text: str) -> str:
    return " ".join(text.split()).casefold()
