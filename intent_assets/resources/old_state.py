"""What of the state is older than it is kept: found in one pass, removed thing by thing.

Nothing goes that waits, runs or is unresolved. That is seen by domain: one with a reply that waits, a notice that Clay
is yet to get, a run that has not ended or whose failure no later success has mended, or a held report that nobody has
released keeps everything.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, NamedTuple

from intent_assets.errors import IntentError
from intent_assets.outbox import Outbox
from intent_assets.resources import old_files, old_runs
from intent_assets.resources.old_runs import RunGroup
from intent_assets.settings import Settings
from intent_assets.spool import NAME, names
from intent_assets.values import ValueStore

if TYPE_CHECKING:
    import dagster as dg


class Old(NamedTuple):
    """One thing that is older than it is kept: of which kind, how many bytes it frees, and how it is removed."""

    kind: str
    name: str
    size: int
    remove: Callable[[], None]


@dataclass
class Pruned:
    """What a pass found, by kind; `left` says what could not be removed, `complete` whether it came to its end."""

    counts: dict[str, int] = field(default_factory=dict)
    size: int = 0
    left: list[str] = field(default_factory=list)
    complete: bool = True


def prune(
    settings: Settings,
    instance: "dg.DagsterInstance | None",
    before: datetime,
    *,
    dry_run: bool = False,
    seconds: float | None = None,
) -> Pruned:
    """Remove what is older than `before` (or count it), for at most `seconds`; may be repeated at any time.

    One thing that can't be removed is told in `left` and holds up no other. Without an instance Dagster's runs are
    neither looked at nor removed. Raises `StorageError` where a folder can't be listed.
    """
    until = monotonic() + seconds if seconds is not None else None
    done = Pruned()
    for old in _everything(settings, instance, before):
        if until is not None and monotonic() > until:
            done.complete = False
            break
        if not dry_run:
            try:
                old.remove()
            except (IntentError, OSError) as problem:
                done.left.append(f"{old.kind} {old.name}: {problem}")
                continue
        done.counts[old.kind] = done.counts.get(old.kind, 0) + 1
        done.size += old.size
    return done


def _everything(settings: Settings, instance: "dg.DagsterInstance | None", before: datetime) -> Iterator[Old]:
    groups = old_runs.groups(instance) if instance is not None else []
    busy = _busy_domains(settings, groups, before)
    gone = [group for group in groups if group.domain not in busy and group.ended_before(before)]
    kept = [group for group in groups if group not in set(gone)]
    # a reply goes before its run: one that is there without a run and without an ending is told of as lost
    with_run = {group.reply_id for group in kept if group.reply_id}
    yield from (Old("replies", *each) for each in old_files.replies(settings.inbox, before, busy, with_run))
    if instance is not None:
        for group in gone:
            yield from (
                Old("runs", run_id, size, remove) for run_id, size, remove in old_runs.of_group(instance, group)
            )
        known = {run_id for group in groups for run_id in group.run_ids}
        yield from (Old("left-over logs of runs", *each) for each in old_runs.without_record(instance, known, before))
        yield from (Old("ticks of sensors", *each) for each in old_runs.ticks(instance, before))
    yield from (Old("notices", *each) for each in old_files.notices(Outbox.of(settings), before, busy))
    last_seen = _last_seen(settings, kept)
    yield from (Old("values", *each) for each in old_files.values(settings, before, busy, last_seen))
    roots = {group.root_run_id for group in kept}
    yield from (Old("values of runs", *each) for each in old_files.run_values(settings, before, roots))
    yield from (Old("logs of refusals", *each) for each in old_files.aged(settings.inbox / "refused", before))
    for folder in (settings.inbox / "damaged", settings.outbox / "damaged"):
        yield from (Old("damaged files", *each) for each in old_files.aged(folder, before))
    yield from (Old("left-over temporary files", *each) for each in old_files.left_over(settings.home))


def _busy_domains(settings: Settings, groups: list[RunGroup], before: datetime) -> set[str]:
    busy = {group.domain for group in groups if group.is_open}
    waiting = {name for name in names(settings.inbox / "pending") if NAME.fullmatch(name)}
    for folder in _folders(settings.inbox / "domains"):
        if waiting.intersection(names(folder)):
            busy.add(folder.name)
    busy.update(stored.domain for stored in Outbox.of(settings).waiting())
    busy.update(old_files.held(ValueStore(settings.values), before))
    return busy - {""}


def _last_seen(settings: Settings, groups: list[RunGroup]) -> Mapping[str, float]:
    """Return for each domain when its last reply came or its last run ended, in seconds since 1970."""
    seen: dict[str, float] = {}
    for group in groups:
        seen[group.domain] = max(seen.get(group.domain, 0.0), group.last)
    for folder in _folders(settings.inbox / "domains"):
        for name in names(folder)[-1:]:
            if match := NAME.fullmatch(name):
                seen[folder.name] = max(seen.get(folder.name, 0.0), int(match["arrival"]) / 1e9)
    return seen


def _folders(folder: Path) -> list[Path]:
    return [folder / name for name in names(folder) if (folder / name).is_dir()]
