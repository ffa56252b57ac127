"""The log of what the intake did not accept: one file a day, without the person's data, at most 2 MB a day."""

import json
import logging
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from intent_assets.durable import append_line, private_folder
from intent_assets.spool import unusable

_MOST = 2_000_000

_log = logging.getLogger(__name__)


class RefusalLog:
    """The log in `folder`. Methods raise `StorageError`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def add(self, refusals: Sequence[tuple[Mapping[str, Any], str]]) -> None:
        """Log each summary with its reason, synced; what goes beyond a day's 2 MB is left out: a flood is no record."""
        private_folder(self._folder)
        now = datetime.now(UTC)
        log = self._folder / f"{now.date().isoformat()}.jsonl"
        try:
            full = log.stat().st_size > _MOST
        except FileNotFoundError:
            full = False
        except OSError as problem:
            raise unusable(log, problem) from problem
        if full:
            _log.warning("%d refusals are not logged: %s is full for today", len(refusals), log)
            return
        at = now.isoformat(timespec="seconds")
        lines = [
            json.dumps({"at": at, "reason": reason, **summary}, ensure_ascii=False) for summary, reason in refusals
        ]
        append_line(log, "\n".join(lines).encode("utf-8", "replace"))

    def count(self) -> int:
        """Count what is logged."""
        counted = 0
        for log in sorted(self._folder.glob("*.jsonl")):
            with log.open("rb") as lines:
                counted += sum(1 for _ in lines)
        return counted


def summary_of(payload: Mapping[str, Any]) -> dict[str, Any]:
    """Return what may be logged of a payload that was not accepted: the names of its known fields, no values."""
    known = ("event", "event_type", "target_domain", "prospect_email", "tier", "campaign_id", "reply_text", "lead")
    return {"fields": [name for name in known if name in payload], "fields_in_all": len(payload)}
