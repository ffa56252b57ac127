"""The doctor's look at what is stored: replies, notices, values and the history."""

import time

from intent_assets.cli_doctor_checks import Check, Look, ago, counted, each_failed, failed, ok
from intent_assets.errors import StorageError
from intent_assets.intake.inbox import Inbox
from intent_assets.outbox import Outbox
from intent_assets.refusals import what_to_do
from intent_assets.settings import Settings
from intent_assets.values import ValueStore

PATIENCE = 600.0
"""Seconds that a notice waits before it is a finding: Clay may be down for some minutes."""


def stored_looks(settings: Settings) -> list[Look]:
    """Return the looks at everything that is stored; nothing is moved, taken or written."""
    home = settings.home.absolute()
    inbox, outbox, values = Inbox(settings.inbox), Outbox.of(settings), ValueStore(settings.values)
    aside = f"move the file out of {home}; it is not read again"
    again = f"{aside}, and put the reply in once more with `intent reply`"
    anew = "as it says; `intent report DOMAIN` makes all values of a domain anew"
    closed = f"check {home} and its permissions"
    return [
        Look("inbox", lambda: [ok("inbox", counted(inbox.counts()))], closed),
        Look("inbox", lambda: each_failed("inbox", inbox.damaged(), again), closed),
        Look("inbox", lambda: _set_aside("inbox", inbox), closed),
        Look("outbox", lambda: [ok("outbox", counted(outbox.counts()))], closed),
        Look("outbox", lambda: each_failed("outbox", outbox.damaged(), aside), closed),
        Look("outbox", lambda: _set_aside("outbox", outbox), closed),
        Look("notices", lambda: _waiting(outbox), closed),
        Look("values", lambda: each_failed("values", values.damaged(), anew), closed),
        Look("history", _history, closed),
    ]


def _set_aside(what: str, spool: Inbox | Outbox) -> list[Check]:
    number = spool.counts()["damaged"]
    if not number:
        return []
    folder = spool.folder / "damaged"
    mend = "read the reasons there (*.reason.txt); delete what is no longer needed, after a year `intent prune` does"
    return [failed(what, f"{number} damaged files were moved to {folder}", mend)]


def _waiting(outbox: Outbox) -> list[Check]:
    waiting = outbox.waiting()
    if not waiting:
        return []
    first = waiting[0]
    blocked = next((stored for stored in waiting if stored.problem), first)
    age = time.time() - first.put_at.timestamp()
    said = f"{len(waiting)} wait for Clay, the first since {ago(age)}"
    if blocked.problem:
        said += f"; {blocked.tries} tries: {blocked.problem}"
    refused_for_good = blocked.refusal is not None and 400 <= blocked.refusal < 500 and blocked.refusal != 429
    if age < PATIENCE and not refused_for_good:
        return [ok("notices", said)]
    if blocked.problem is None:
        mend = "nobody delivers them: start `intent up` or `intent dev`, or deliver them with `intent notices --send`"
        return [failed("notices", said, mend)]
    return [failed("notices", said, what_to_do(blocked.notice_id, blocked.refusal))]


def _history() -> list[Check]:
    from intent_assets.errors import WarehouseError
    from intent_assets.resources.warehouse import Warehouse
    from intent_assets.resources.warehouse_look import look

    try:
        return [ok("history", look(Warehouse(lock_timeout=5)))]
    except (WarehouseError, StorageError) as problem:
        return [failed("history", str(problem), "as it says; `intent backup` copies a damaged file as it is")]
