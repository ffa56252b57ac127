"""The state of each signal on a day (contracts: scoring)."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from intent_assets.signals_dates import NO_DATE, Days

KINDS: Mapping[str, str] = {
    "BoardMeeting": "meeting", "StrategicPlan": "plan", "Selling": "rfp", "PurchaseOrder": "purchase",
    "Contract": "contract",
}  # fmt: skip
"""Each `type` of the wire and the kind that it is."""

STATES = ("unknown", "open", "closed", "expired", "expiring", "running", "upcoming", "past")
UNKNOWN, OPEN, CLOSED, EXPIRED, EXPIRING, RUNNING, UPCOMING, PAST = range(len(STATES))
OPEN_STATUS = ("Available", "Active", "Future")

_MEETING, _RFP = 0, 2


def states(
    kind: NDArray[np.int64],
    open_status: NDArray[np.bool_],
    days: Mapping[str, Days],
    as_of: int,
    open_without_due_days: int,
    expiring_days: int,
) -> NDArray[np.int64]:
    """Return the position in `STATES` of each signal's state.

    `kind` is the position in `KINDS` (-1: none of them), `open_status` says whether the status is one of
    `OPEN_STATUS`, `days` and `as_of` are days since 1970-01-01.
    """
    event, due, until = days["event_date"], days["due_date"], days["until_date"]
    # Written so that NO_DATE, the smallest number there is, is never subtracted from.
    recent = open_status & (event >= as_of - open_without_due_days)
    rfp = np.where(due == NO_DATE, np.where(recent, OPEN, UNKNOWN), np.where(due >= as_of, OPEN, CLOSED))
    ending = np.select(
        [until == NO_DATE, until < as_of, until <= as_of + expiring_days], [UNKNOWN, EXPIRED, EXPIRING], RUNNING
    )
    meeting = np.select([event == NO_DATE, event > as_of], [UNKNOWN, UPCOMING], PAST)
    return np.select([kind < 0, kind == _MEETING, kind == _RFP], [np.full(len(kind), UNKNOWN), meeting, rfp], ending)
