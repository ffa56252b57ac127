"""Sensor that watches the inbox: one run for each accepted reply, in the partition of its domain."""

import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import dagster as dg

from intent_assets import tags
from intent_assets.intake.inbox import Entry, Inbox
from intent_assets.notices import reply_accepted
from intent_assets.outbox import Outbox
from intent_assets.partitions import domains
from intent_assets.resources.inbox import InboxResource
from intent_assets.resources.outbox import OutboxResource
from intent_assets.settings import load_settings

if TYPE_CHECKING:  # the type of what `define_asset_job` gives, which Dagster does not export
    from dagster._core.definitions.unresolved_asset_job_definition import UnresolvedAssetJobDefinition

LOOK_EVERY = 0.2
"""Pause in seconds between two looks at an empty inbox."""

CLAY_PATIENCE = 4.0
"""Seconds that the launch of runs waits for Clay; what it did not get then, the sensor `waiting_notices` delivers."""


class _Look(NamedTuple):
    """What one look at the inbox found: entries that need a run, and how many were known to have one."""

    wanted: list[Entry]
    taken: int
    cursor: str | None


def reply_sensor(job: "UnresolvedAssetJobDefinition | dg.JobDefinition") -> dg.SensorDefinition:
    """Return the sensor that starts `job` for each reply of the inbox."""

    @dg.sensor(
        name="replies",
        job=job,
        description=(
            "Watches the inbox: adds the reply's domain as a partition, tells Clay at once, and starts one run for "
            "each accepted reply. A reply counts as taken when its run is there."
        ),
        default_status=dg.DefaultSensorStatus.RUNNING,
        minimum_interval_seconds=1,
    )
    def replies(
        context: dg.SensorEvaluationContext, inbox: InboxResource, outbox: OutboxResource
    ) -> dg.SensorResult | dg.SkipReason:
        settings = load_settings()
        spool = inbox.open()
        deadline = time.monotonic() + settings.sensor_wait
        look = _look(context.instance, spool, settings.replies_per_tick, context.cursor)
        while not look.wanted and time.monotonic() < deadline:
            time.sleep(LOOK_EVERY)
            again = _look(context.instance, spool, settings.replies_per_tick, look.cursor)
            look = again._replace(taken=look.taken + again.taken)
        context.update_cursor(look.cursor or "")
        if not look.wanted:
            return dg.SkipReason(_why_nothing(spool, look))
        _tell(outbox.open(), look.wanted)
        return dg.SensorResult(
            run_requests=[run_request(entry) for entry in look.wanted],
            dynamic_partitions_requests=_new_partitions(context.instance, look.wanted),
        )

    return replies


def run_request(entry: Entry) -> dg.RunRequest:
    """Return the request for the run of a reply. Its key holds the revision, since a key starts one run for ever."""
    reply = entry.reply
    return dg.RunRequest(
        run_key=f"{reply.reply_id}:{entry.revision}",
        partition_key=reply.domain,
        run_config={"ops": {"reply": {"config": {"reply_id": reply.reply_id}}}},
        tags={**tags.of_reply(reply), tags.REVISION: str(entry.revision)},
    )


def _look(instance: dg.DagsterInstance, inbox: Inbox, limit: int, cursor: str | None) -> _Look:
    """Read the next entries behind the cursor, from the first again after the last; set aside those that have a run."""
    entries = inbox.pending(limit, after=cursor or None)
    if not entries and cursor:
        entries = inbox.pending(limit)
    started = _started(instance, [entry.reply.reply_id for entry in entries])
    wanted = [entry for entry in entries if started.get(entry.reply.reply_id, 0) < entry.revision]
    for entry in entries:
        if started.get(entry.reply.reply_id, 0) >= entry.revision:
            inbox.taken(entry.reply.reply_id)
    reached_end = len(entries) < limit
    return _Look(wanted, len(entries) - len(wanted), None if reached_end else entries[-1].name)


def _started(instance: dg.DagsterInstance, reply_ids: Sequence[str]) -> Mapping[str, int]:
    """Return the highest revision of each reply for which a run is there, whoever started it."""
    revisions: dict[str, int] = {}
    if not reply_ids:
        return revisions
    for run in instance.get_runs(dg.RunsFilter(tags={tags.REPLY: list(reply_ids)})):
        reply_id, revision = run.tags[tags.REPLY], run.tags.get(tags.REVISION, "1")
        number = int(revision) if revision.isdigit() else 1
        revisions[reply_id] = max(number, revisions.get(reply_id, 0))
    return revisions


def _new_partitions(
    instance: dg.DagsterInstance, entries: Sequence[Entry]
) -> list[dg.AddDynamicPartitionsRequest | dg.DeleteDynamicPartitionsRequest]:
    known = set(instance.get_dynamic_partitions(str(domains.name)))
    missing = sorted({entry.reply.domain for entry in entries} - known)
    return [domains.build_add_request(missing)] if missing else []


def _tell(outbox: Outbox, entries: Sequence[Entry]) -> None:
    """Store all notices, then let Clay have what it takes within some seconds: no run waits for Clay."""
    new = [outbox.put(reply_accepted(entry.reply)) for entry in entries]
    if any(new):
        outbox.drain(patience=CLAY_PATIENCE)


def _why_nothing(inbox: Inbox, look: _Look) -> str:
    counts = inbox.counts()
    damaged = f", {counts['damaged']} damaged files in {inbox.folder / 'damaged'}" if counts["damaged"] else ""
    told = f"; {look.taken} replies have their runs now" if look.taken else ""
    return f"no reply waits for a run: {counts['pending']} pending, {counts['taken']} taken{damaged}{told}"
