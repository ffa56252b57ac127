"""Where and how the values of assets are kept: one Parquet or JSON file per asset and domain, readable by people."""

import os
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter, ValidationError

from intent_assets import claims, records, reports, tables
from intent_assets.domains import partition_key
from intent_assets.errors import InvalidDomain, StorageError

if TYPE_CHECKING:
    from pandas import DataFrame
    from upath import UPath

TABLES: Mapping[str, Mapping[str, str]] = {
    "discoveries": tables.DISCOVERIES,
    "candidate_buyers": tables.CANDIDATE_BUYERS,
    "search_outcomes": tables.SEARCH_OUTCOMES,
    "scored_buyers": tables.SCORED_BUYERS,
    "evidence": tables.EVIDENCE,
}
"""Assets whose value is a frame, with its columns."""

DOCUMENTS: Mapping[str, type[records.Record]] = {
    "reply": records.Reply,
    "search_strategy": records.SearchStrategy,
    "prospect_context": records.ProspectContext,
    "buyer_intel": records.SelectedBuyers,
    "executive_summary": claims.Section,
    "featured_section": claims.Section,
    "secondary_cards": claims.Section,
    "profile_summary": claims.Section,
    "gameplan": claims.Section,
    "call_to_action": claims.Section,
    "report": reports.Report,
    "fact_checked_report": reports.FactCheckedReport,
    "release": reports.Release,
    "notion_page": reports.NotionPage,
    "report_notice": reports.ReportNotice,
    "strategic_context": reports.StrategicContext,
    "strategic_addendum": reports.StrategicAddendum,
    "discovery_history": records.HistoryEntry,
}
"""Assets whose value is a document, with its record; `release` is a person's word and no asset."""


class ValueStore:
    """The values under `root` (a folder or a bucket's URL); `root/ASSET/DOMAIN.parquet` or `.json`."""

    def __init__(self, root: "Path | UPath") -> None:
        from upath import UPath

        self._root = UPath(root)

    def path(self, asset: str, domain: str) -> "UPath":
        """Path of a value; raises `InvalidDomain` for a key that is not a normalised domain."""
        suffix = "parquet" if asset in TABLES else "json"
        return self._root / asset / f"{partition_key(domain)}.{suffix}"

    def write(self, asset: str, domain: str, value: Any) -> "UPath":
        """Store a value; a reader sees the old file or the new one, never a part. Raises `StorageError`."""
        path = self.path(asset, domain)
        try:
            _replace(path, self._encode(asset, value))
        except OSError as problem:
            raise StorageError(
                f"{asset} of {domain}: {path} can't be written ({problem.strerror or problem}). "
                "Free or mend the disk, then run `intent retry` for the domain."
            ) from problem
        return path

    def read(self, asset: str, domain: str) -> Any:
        """Return a stored value; raises `StorageError` where there is none or it is damaged."""
        value = self.find(asset, domain)
        if value is None:
            raise StorageError(
                f"{asset} of {domain} has no value yet. Materialize it first: "
                f"dagster asset materialize -m intent_assets.definitions --select {asset} --partition {domain}"
            )
        return value

    def find(self, asset: str, domain: str) -> Any | None:
        """Return a stored value, or None where there is none; raises `StorageError` where it is damaged."""
        path = self.path(asset, domain)
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as problem:
            raise StorageError(
                f"{asset} of {domain}: {path} can't be read ({problem.strerror or problem})"
            ) from problem
        return self._decode(asset, domain, path, content)

    def domains(self, asset: str) -> list[str]:
        """Domains that have a value of `asset`, in alphabetical order."""
        folder = self._root / asset
        if not folder.exists():
            return []
        return sorted(path.stem for path in folder.iterdir() if path.suffix in (".json", ".parquet"))

    def damaged(self) -> list[str]:
        """Read every value and say of each that can't be read what is wrong with it."""
        found = []
        for asset in (*TABLES, *DOCUMENTS):
            for domain in self.domains(asset):
                try:
                    self.find(asset, domain)
                except (StorageError, InvalidDomain) as problem:
                    found.append(str(problem))
        return found

    @staticmethod
    def _encode(asset: str, value: Any) -> bytes:
        if asset in TABLES:
            from intent_assets import frames

            return frames.to_parquet_bytes(frames.frame(value, TABLES[asset]))
        expected = DOCUMENTS[asset]
        if not isinstance(value, expected):
            raise StorageError(f"{asset}: expected {expected.__name__}, got {type(value).__name__}")
        return (value.model_dump_json(indent=2) + "\n").encode()

    @staticmethod
    def _decode(asset: str, domain: str, path: "UPath", content: bytes) -> "records.Record | DataFrame":
        mend = f"Delete this file. Materialize {asset} of {domain} again."
        if asset in TABLES:
            from intent_assets import frames

            try:
                return frames.from_parquet_bytes(content, TABLES[asset])
            except StorageError as problem:
                raise StorageError(f"{asset} of {domain}: {path} is damaged ({problem}). {mend}") from problem
        try:
            return TypeAdapter(DOCUMENTS[asset]).validate_json(content)
        except ValidationError as problem:
            first = problem.errors(include_input=False, include_url=False)[0]
            where = ".".join(str(part) for part in first["loc"]) or "the file"
            raise StorageError(f"{asset} of {domain}: {path}: {where}: {first['msg']}. {mend}") from problem


def _replace(path: "UPath", content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not isinstance(path, Path):
        path.write_bytes(content)  # an object store replaces an object as a whole
        return
    temporary = path.with_name(f".{path.name}.{uuid.uuid4().hex}.tmp")
    try:
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
