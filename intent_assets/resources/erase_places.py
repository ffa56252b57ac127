"""Where a person stands in the files under `INTENT_HOME`, and how each of them loses the person.

A `Found` only says what is there; `remove` does it. All may be repeated: what is done is not found again.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from intent_assets.durable import sync_folder, write_file
from intent_assets.erasure import Person, texts_of
from intent_assets.spool import NAME, REASON, names, unusable
from intent_assets.values import DOCUMENTS, TABLES

KEPT = "notion_page"
"""The value that is never removed: without it the domain's next run would not know its page."""


@dataclass(frozen=True)
class Found:
    """One thing that holds the person: its place, its domain, what it is and what becomes of it."""

    place: str
    domain: str | None
    what: str
    remove: Callable[[], None]


def value_files(root: Path) -> Iterator[tuple[str, str, Path]]:
    """Yield asset, domain and file of each stored value."""
    for asset in (*TABLES, *DOCUMENTS):
        for name in names(root / asset):
            path = root / asset / name
            if path.suffix in (".json", ".parquet"):
                yield asset, path.stem, path


def document_of(path: Path) -> Any:
    """Return what a file holds as a JSON document, a table as a list of rows' texts; None if it can't be read."""
    try:
        if path.suffix == ".parquet":
            return _texts_of_table(path)
        return json.loads(path.read_bytes())
    except FileNotFoundError:
        return None
    except (ValueError, RecursionError):
        return path.read_bytes().decode("utf-8", "replace")


def values(root: Path, person: Person, domain: str, rests_on: Mapping[str, frozenset[str]]) -> list[Found]:
    """Return the values of a domain that hold the person, and those that were made from them.

    `rests_on` is asset -> the assets that are downstream of it; these come first.
    """
    files = {asset: path for asset, of, path in value_files(root) if of == domain}
    holders = {asset for asset, path in files.items() if _holds(person, path, domain)}
    gone = holders.union(*(rests_on.get(asset, frozenset()) for asset in holders)) - {KEPT}
    found = [
        Found("values", domain, asset if asset in holders else f"{asset} (made from what goes)", _unlink(path))
        for asset, path in sorted(files.items(), key=lambda item: len(rests_on.get(item[0], ())))
        if asset in gone
    ]
    if KEPT in holders:
        found.append(
            Found("values", domain, f"{KEPT} (kept, without the person)", _redact(files[KEPT], person, domain))
        )
    return found + [
        Found("left-over temporary files", domain, path.name, _unlink(path))
        for asset in (*TABLES, *DOCUMENTS)
        for path in (root / asset).glob(f".{domain}.*.tmp")
    ]


def inbox(folder: Path, person: Person) -> list[Found]:
    """Return the replies of the person, which go, and all else in the inbox that holds the address, which is cut."""
    found: list[Found] = []
    for state in ("pending", "taken"):
        for name in names(folder / state):
            path = folder / state / name
            stored = document_of(path)
            reply = stored.get("reply") if isinstance(stored, dict) else None
            domain = str(reply.get("domain") or "") if isinstance(reply, dict) else ""
            if isinstance(reply, dict) and person.is_address(reply.get("prospect_email")):
                waiting = ", which waits for its report and will get none" if state == "pending" else ""
                found.append(Found("inbox", domain, f"reply{waiting}", _forget_reply(folder, path, domain)))
            elif person.stands_in(texts_of(stored), None):
                found.append(
                    Found("inbox", domain, "reply of somebody else (kept, cut)", _redact(path, person, domain))
                )
    found += [
        Found("inbox", None, "damaged reply", _unlink(path, path.with_name(path.name + REASON)))
        for path in _that_hold(person, folder / "damaged")
    ]
    found += [
        Found("inbox", None, "log of what was refused (kept, cut)", _cut_lines(path, person))
        for path in _that_hold(person, folder / "refused")
    ]
    return found + _temporary(person, folder / "pending", folder / "taken", folder / "refused")


def outbox(folder: Path, person: Person) -> list[Found]:
    """Return the notices that tell of the person; they lose the person's data and stay, as none may ever be lost."""
    found = []
    for state in ("waiting", "delivered"):
        for name in names(folder / state):
            path = folder / state / name
            stored = document_of(path)
            of = _domain_of(stored)
            if person.stands_in(texts_of(stored), of):
                found.append(Found("outbox", of, f"{state} notice (kept, cut)", _redact(path, person, of)))
    found += [
        Found("outbox", None, "damaged notice", _unlink(path, path.with_name(path.name + REASON)))
        for path in _that_hold(person, folder / "damaged")
    ]
    return found + _temporary(person, folder / "waiting", folder / "delivered")


def learn(person: Person, roots: Iterable[Path], inbox_folder: Path, outbox_folder: Path) -> None:
    """Let `person` learn from all values, replies and notices what names the same person, and in which domains."""
    for root in roots:
        for _, domain, path in value_files(root):
            person.learn(domain, document_of(path))
    for folder in (*(inbox_folder / state for state in ("pending", "taken")),
                   *(outbox_folder / state for state in ("waiting", "delivered"))):  # fmt: skip
        for name in names(folder):
            stored = document_of(folder / name)
            if of := _domain_of(stored):
                person.learn(of, stored)


def _domain_of(stored: Any) -> str | None:
    inner = stored.get("reply") or stored.get("notice") if isinstance(stored, dict) else None
    domain = inner.get("domain") if isinstance(inner, dict) else None
    return domain if isinstance(domain, str) else None


def _texts_of_table(path: Path) -> list[Any]:
    import pyarrow as pa
    from pyarrow import parquet

    table = parquet.read_table(path)
    texts = [name for name, kind in zip(table.column_names, table.schema.types, strict=True) if "string" in str(kind)]
    try:
        found: list[Any] = table.select(texts).to_pylist()
    except pa.ArrowException:
        return []
    return found


def _holds(person: Person, path: Path, domain: str) -> bool:
    return person.stands_in(texts_of(document_of(path)), domain)


def _that_hold(person: Person, folder: Path) -> list[Path]:
    return [
        folder / name
        for name in names(folder)
        if not name.endswith(REASON)
        and person.stands_in([(folder / name).read_bytes().decode("utf-8", "replace")], None)
    ]


def _temporary(person: Person, *folders: Path) -> list[Found]:
    return [
        Found("left-over temporary files", None, path.name, _unlink(path))
        for folder in folders
        for path in folder.glob(".*.tmp")
        if person.stands_in([path.read_bytes().decode("utf-8", "replace")], None)
    ]


def _unlink(*paths: Path) -> Callable[[], None]:
    def remove() -> None:
        for path in paths:
            try:
                path.unlink(missing_ok=True)
                sync_folder(path.parent)
            except OSError as problem:
                raise unusable(path, problem) from problem

    return remove


def _forget_reply(folder: Path, path: Path, domain: str) -> Callable[[], None]:
    match = NAME.fullmatch(path.name)
    reply_id = match["id"] if match else path.stem
    index = [folder / "domains" / domain / name for name in names(folder / "domains" / domain)]
    return _unlink(path, *(entry for entry in index if entry.name.endswith(f"-{reply_id}.json")))


def _redact(path: Path, person: Person, domain: str | None) -> Callable[[], None]:
    def remove() -> None:
        stored = document_of(path)
        if stored is not None:
            write_file(path, json.dumps(person.redacted(stored, domain), indent=1, ensure_ascii=False).encode())

    return remove


def _cut_lines(path: Path, person: Person) -> Callable[[], None]:
    def remove() -> None:
        write_file(path, person.without_address(path.read_text("utf-8", "replace")).encode())

    return remove
