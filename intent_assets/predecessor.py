"""Rows of the predecessor's SQLite file (contracts: predecessor_schema) to rows of our history. Pure.

A row that can't be told apart or has no place is set aside; a value that can't be read costs only itself. Either is a
`Problem`. A run's id is made of what does not change with the file's place or age: its id there, its domain and the
time at which it was created, as written. So two files with the same integer ids stay apart.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from itertools import chain
from typing import Any

from intent_assets import predecessor_values as values
from intent_assets.domains import normalise_domain
from intent_assets.errors import InvalidDomain
from intent_assets.predecessor_json import buyers, opportunities, strategy, validation
from intent_assets.predecessor_reading import Reading, Row
from intent_assets.predecessor_signals import SIGNAL_COLUMNS, RunSignals, kind_of
from intent_assets.predecessor_values import Unreadable
from intent_assets.records import SearchStrategy

SOURCE = "predecessor"
STATUSES: Mapping[str, str] = {
    "completed": "success", "failed": "failure", "cancelled": "canceled", "canceled": "canceled",
}  # fmt: skip
"""The predecessor's status of a run that ended -> ours."""

UNFINISHED = ("pending", "processing")
"""Of a run that never ended: nobody works on it any more, so it counts as canceled, and its error says why."""

STEP_STATUSES = ("success", "failure", "timeout", "warning", "skipped")
_LONGEST_TITLE = 200
_LONGEST_METADATA = 200


@dataclass(frozen=True)
class PastRun:
    """A run of the predecessor: our id of it, and what its other rows need of it."""

    run_id: str
    domain: str
    at: datetime | None
    featured: str | None
    names: Mapping[str, str]

    @property
    def as_of(self) -> date | None:
        """The day of the run."""
        return self.at.date() if self.at else None

    def role_of(self, buyer_id: str | None) -> str | None:
        """Return the role that a buyer had in the run."""
        if buyer_id is None or buyer_id not in self.names:
            return None
        return "featured" if buyer_id == self.featured else "secondary"


@dataclass(frozen=True)
class RunRecord:
    """A run as the history keeps it; `columns` are those of `runs` that are not made of the other fields."""

    past: PastRun
    columns: Mapping[str, Any]
    strategy: SearchStrategy | None
    secondary: Mapping[str, str] | None


def run_key(row_id: str, target_domain: str, created_at: object) -> str:
    """Return our id of a run, the same wherever and whenever its file is read."""
    content = "\x1f".join((row_id, target_domain, str(created_at if created_at is not None else "").strip()))
    return "p-" + sha256(content.encode("utf-8", "replace")).hexdigest()[:20]


def read_run(reading: Reading) -> RunRecord:
    """Read a row of `runs`; raises `SetAside`."""
    row_id, target = reading.needed("id"), reading.needed("target_domain")
    domain = _domain(reading, target)
    started, ended = reading.get("created_at", values.moment), reading.get("completed_at", values.moment)
    plan = reading.get("search_strategy", lambda raw: strategy(values.document(raw)))
    secondary = reading.get("secondary_buyers", lambda raw: _buyers(values.document(raw)))
    verdict, claims, findings = reading.get("validation_result", lambda raw: validation(values.document(raw))) or (
        None, None, None,
    )  # fmt: skip
    featured = reading.get("featured_buyer_id", values.text)
    featured_name = reading.get("featured_buyer_name", values.text)
    status, error = _status(reading)
    page = reading.get("notion_url", values.address_of_page)
    past = PastRun(
        run_id=run_key(row_id, target, reading.row.get("created_at")),
        domain=domain,
        at=started or ended,
        featured=featured,
        names=(secondary or {}) | ({featured: featured_name or ""} if featured else {}),
    )
    columns = {
        "run_id": past.run_id,
        "domain": domain,
        "source": SOURCE,
        "status": status,
        "error": error,
        "campaign_id": reading.get("campaign_id", values.text),
        "tier": reading.get("tier", values.tier),
        "company": reading.get("target_company", values.text),
        "prospect_name": reading.get("prospect_name", values.text),
        "prospect_email": reading.get("prospect_email", values.text),
        "product_description": reading.get("product_description", values.text),
        "as_of": past.as_of,
        "started_at": started,
        "ended_at": ended,
        "duration_seconds": max(0.0, (ended - started).total_seconds()) if started and ended else None,
        "featured_buyer_id": featured,
        "featured_buyer_name": featured_name,
        "verdict": verdict,
        "claims": claims,
        "findings": findings,
        "page_url": page,
        "page_id": values.page_id(page) if page else None,
        "signals_scanned": _signals_scanned(reading),
        "buyers_scored": reading.get("discovery_buyers", lambda raw: _count(values.document(raw))),
    }
    return RunRecord(past, columns, plan, secondary)


def run_signals(row: Row, past: PastRun) -> RunSignals | None:
    """Return the opportunities that a row of `runs` holds, None without any or without a day for which they count.

    What can't be read was told of when the run was read.
    """
    found = _opportunities(Reading("runs", row))
    return RunSignals(past.run_id, found, past.as_of) if found and past.as_of else None


def read_discovery(reading: Reading, past: PastRun, signals: RunSignals | None) -> dict[str, Any]:
    """Read a row of `discoveries`; raises `SetAside`. `signal_id` is None without an opportunity that it is about.

    What that opportunity says is put in by `predecessor_signals.typed`, for many rows at once.
    """
    row_id = reading.needed("id")
    target = reading.get("target_domain", values.text)
    buyer = reading.get("buyer_id", values.text)
    summary = reading.get("signal_summary", values.text)
    return {
        "run_id": past.run_id,
        "domain": _domain_or(reading, target, past.domain),
        "signal_id": signals.about(buyer, summary) if signals else None,
        "own_id": _own_id(past, row_id),
        "predecessor_id": row_id,
        "predecessor_score": reading.get("signal_score", values.number),
        "buyer_id": buyer,
        "source": SOURCE,
        **dict.fromkeys(SIGNAL_COLUMNS),
        "buyer_name": reading.get("buyer_name", values.text) or past.names.get(buyer or "") or None,
        "kind": kind_of(reading.get("signal_type", values.text)),
        "title": _title(summary),
        "summary": summary,
        "state": "unknown",
        "role": past.role_of(buyer),
        "as_of": past.as_of,
        "seen_at": _when(reading, "discovered_at", past),
    }


def read_contact(reading: Reading, past: PastRun) -> dict[str, Any]:
    """Read a row of `contacts`; raises `SetAside`."""
    row_id = reading.needed("id")
    buyer = reading.get("buyer_id", values.text)
    return {
        "run_id": past.run_id,
        "domain": past.domain,
        "contact_id": _own_id(past, row_id),
        "buyer_id": buyer,
        "buyer_name": past.names.get(buyer or "") or None,
        "name": reading.get("contact_name", values.text),
        "title": reading.get("contact_title", values.text),
        "email": reading.get("contact_email", values.text),
        "verified": reading.get("email_verified", values.flag),
        "shown_as": "contact",
        "shown_at": _when(reading, "discovered_at", past),
    }


def read_step(reading: Reading, past: PastRun) -> dict[str, Any]:
    """Read a row of `audit_log`; raises `SetAside`. The row was written when the step ended."""
    row_id, step = reading.needed("id"), reading.needed("step")
    status = reading.needed("status").lower()
    if status not in STEP_STATUSES:
        raise reading.set_aside("status", f"is none of {', '.join(STEP_STATUSES)}")
    seconds = reading.get("duration_seconds", _seconds)
    ended = reading.get("created_at", values.moment)
    return {
        "run_id": past.run_id,
        "step": step,
        "predecessor_id": row_id,
        "status": status,
        "message": reading.get("message", values.line),
        "started_at": ended - timedelta(seconds=seconds) if ended and seconds is not None else None,
        "ended_at": ended,
        "duration_seconds": seconds,
        "metadata_json": reading.get("metadata", _metadata),
    }


def _own_id(past: PastRun, row_id: str) -> str:
    """Return an id that no other row of any file has."""
    return f"{past.run_id}-{sha256(row_id.encode('utf-8', 'replace')).hexdigest()[:12]}"


def _domain(reading: Reading, target: str) -> str:
    try:
        return _normalised(target)
    except InvalidDomain as problem:
        raise reading.set_aside("target_domain", str(problem)) from None


def _domain_or(reading: Reading, target: str | None, of_run: str) -> str:
    if target is None:
        return of_run
    try:
        return _normalised(target)
    except InvalidDomain as problem:
        reading.note("target_domain", f"{problem}; the domain of its run is taken")
        return of_run


@lru_cache(maxsize=4096)
def _normalised(text: str) -> str:
    return normalise_domain(text)


def _when(reading: Reading, column: str, past: PastRun) -> datetime:
    found = reading.get(column, values.moment) or past.at
    if found is None:
        raise reading.set_aside(column, "there is no time that can be read, neither here nor in the run")
    return found


def _status(reading: Reading) -> tuple[str, str | None]:
    said = (reading.get("status", values.text) or "").lower()
    if said in STATUSES:
        return STATUSES[said], None
    if said in UNFINISHED:
        return "canceled", f"the predecessor never ended this run: it is {said} there"
    reading.note("status", f"is none of {', '.join((*STATUSES, *UNFINISHED))}")
    return "canceled", "how this run ended is not known: its status in the predecessor can't be read"


def _opportunities(reading: Reading) -> list[dict[str, Any]] | None:
    """Return what both columns hold, None where neither has anything that can be read."""
    both = [reading.get(column, _found) for column in ("discovery_signals_a", "discovery_signals_b")]
    readable = [found for found in both if found is not None]
    return list(chain.from_iterable(readable)) if readable else None


def _found(value: object) -> list[dict[str, Any]] | None:
    document = values.document(value)
    return None if document is None else opportunities(document)


def _signals_scanned(reading: Reading) -> int | None:
    found = _opportunities(reading)
    return None if found is None else len({str(row["id"]) for row in found if row.get("id") is not None})


def _buyers(document: Any) -> dict[str, str] | None:
    return None if document is None else buyers(document)


def _count(document: Any) -> int | None:
    return None if document is None else len(buyers(document))


def _title(summary: str | None) -> str | None:
    if summary is None or len(summary) <= _LONGEST_TITLE:
        return summary
    return summary[: _LONGEST_TITLE - 1] + "…"


def _seconds(value: object) -> float | None:
    found = values.number(value)
    if found is not None and not 0 <= found < 1e9:
        raise Unreadable("is no duration")
    return found


def _metadata(value: object) -> str | None:
    """Return the numbers, flags and short texts of the metadata as JSON; longer things have no place in the log."""
    document = values.document(value)
    if document is None:
        return None
    if not isinstance(document, dict):
        raise Unreadable("is no JSON object")
    kept: dict[str, Any] = {}
    for name, said in document.items():
        if isinstance(said, bool | int | float) and said == said and abs(said) != float("inf"):  # noqa: PLR0124 -- NaN
            kept[name] = said
        elif isinstance(said, str) and len(said) <= _LONGEST_METADATA:
            kept[name] = values.line(said)
    return json.dumps(kept, sort_keys=True, ensure_ascii=False) if kept else None
