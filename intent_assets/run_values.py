"""What a run and the runs that resume it have made, apart from what other runs of the domain make in between.

`INTENT_HOME/run_values/DOMAIN/RUN_ID/` holds it in the form of the value store, by the id of the first of these runs.
The files are hard links to the domain's values, so they take no room of their own while they are the newest.
"""

import logging
import os
import shutil
import uuid
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from intent_assets.domains import partition_key
from intent_assets.durable import private_folder
from intent_assets.errors import StorageError
from intent_assets.intake.inbox import Inbox
from intent_assets.records import Reply
from intent_assets.reports import NotionPage
from intent_assets.settings import Settings
from intent_assets.values import DOCUMENTS, TABLES, ValueStore

if TYPE_CHECKING:
    from upath import UPath

_log = logging.getLogger(__name__)


def later_page(settings: Settings, domain: str, reply_id: str | None) -> NotionPage | None:
    """Return the domain's page if the report of a reply stands there that came in after `reply_id`, else None.

    What counts is the order of arrival in the inbox, which goes on where the clock jumps; a reply that is not in the
    inbox has no place in it.
    """
    page: NotionPage | None = ValueStore(settings.values).find("notion_page", domain)
    if page is None or page.url is None or None in (page.reply_id, reply_id) or page.reply_id == reply_id:
        return None
    inbox = Inbox(settings.inbox)
    ours, theirs = inbox.standing(str(reply_id)), inbox.standing(str(page.reply_id))
    if ours is None or theirs is None or theirs.reply.domain != domain:
        return None
    return page if theirs.arrival > ours.arrival else None


def reply_of(settings: Settings, domain: str) -> str | None:
    """Return the id of the reply that the domain's values belong to, None where there are none."""
    reply: Reply | None = ValueStore(settings.values).find("reply", domain)
    return reply.reply_id if reply is not None else None


def run_store(settings: Settings, domain: str, root_run_id: str) -> ValueStore:
    """Return the store of what the run `root_run_id` and those that resume it have made."""
    return ValueStore(settings.home / "run_values" / partition_key(domain) / root_run_id)


def run_folders(settings: Settings, domain: str | None = None) -> list[Path]:
    """Return the folder of each run whose values are kept, of one domain or of all."""
    return sorted((settings.home / "run_values").glob(f"{partition_key(domain) if domain else '*'}/*"))


def forget(folder: Path) -> None:
    """Remove what a run has made (one of `run_folders`); the domain's values stay. One that can't be removed stays."""
    try:
        shutil.rmtree(folder)
    except OSError as problem:
        _log.warning("%s is not needed any more and can't be removed: %s", folder, problem.strerror)


class RunValues:
    """The values of one domain as one run sees them: what it and its earlier tries made, else the domain's newest.

    Outside of a run (`root_run_id` is None) there are only the domain's. With `apart` those stay as they are: they
    belong to the report of a later reply. With `own_only` they are not read: they belong to another reply.
    """

    def __init__(
        self, settings: Settings, domain: str, root_run_id: str | None, *, apart: bool = False, own_only: bool = False
    ) -> None:
        self._domain = domain
        self._of_domain = ValueStore(settings.values)
        self._own = run_store(settings, domain, root_run_id) if root_run_id is not None else None
        self._apart = apart
        self._own_only = own_only

    def write(self, asset: str, value: Any) -> "Path | UPath":
        """Store a value for this run first, then for the domain; returns its path. Raises `StorageError`."""
        if self._own is None:
            return self._of_domain.write(asset, self._domain, value)
        path = self._own.write(asset, self._domain, value)
        return path if self._apart else self._share(asset, self._own)

    def read(self, asset: str) -> Any:
        """Return a value; raises `StorageError` where there is none or it is damaged."""
        own = self._own.find(asset, self._domain) if self._own is not None else None
        if own is None and self._own_only:
            raise StorageError(
                f"{asset} of {self._domain}: what the failed run had made is not kept any more, and another reply's "
                f"report was made since. Make this one anew with: intent report {self._domain}"
            )
        return own if own is not None else self._of_domain.read(asset, self._domain)

    def restore(self) -> None:
        """Give the domain what this run's earlier tries have made: another run may have put its own there since.

        What is known of the domain's page is newer than what they knew.
        """
        if self._own is not None and not self._apart:
            for asset in {*TABLES, *DOCUMENTS} - {"notion_page"}:
                if self._own.path(asset, self._domain).exists():
                    self._share(asset, self._own)

    def _share(self, asset: str, own: ValueStore) -> Path:
        """Let the domain's value be this run's, at once."""
        source = Path(str(own.path(asset, self._domain)))
        target = Path(str(self._of_domain.path(asset, self._domain)))
        temporary = target.with_name(f".{target.name}.{uuid.uuid4().hex}.tmp")
        try:
            private_folder(target.parent)
            _link(source, temporary)
            temporary.replace(target)
        except OSError as problem:
            with suppress(OSError):
                temporary.unlink()
            raise StorageError(
                f"{asset} of {self._domain}: {target} can't be written ({problem.strerror or problem}). "
                "Free or mend the disk, then run `intent retry` for the domain."
            ) from problem
        return target


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except FileNotFoundError:
        raise
    except OSError:  # a file system without hard links, or two file systems
        shutil.copyfile(source, target)
        target.chmod(0o600)
