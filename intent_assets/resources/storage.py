"""The I/O manager: passes values between assets through the value store."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

import dagster as dg
from pydantic import PrivateAttr

from intent_assets import tags
from intent_assets.domain_lock import domain_lock
from intent_assets.domains import is_partition_key
from intent_assets.errors import StorageError
from intent_assets.liveness import run_at_work
from intent_assets.resources.call_log import taken
from intent_assets.run_values import RunValues, forget, later_page, reply_of, run_folders
from intent_assets.settings import Settings, load_settings
from intent_assets.timeline import as_metadata
from intent_assets.tries import MAX_RETRIES_TAG, done_by, resumes, root_of, tries_of

_FORGOTTEN_AFTER = 7 * 86_400.0


class ValueIOManager(dg.ConfigurableIOManager):
    """Keeps each asset's value of a domain as one Parquet or JSON file under `INTENT_HOME/values`.

    What a run has made is kept apart as well (`run_values`), so that it can be resumed whatever other runs of its
    domain did since. An output of several partitions is a mapping of domain to value; so is an input.
    """

    _root_run_id: str | None = PrivateAttr(default=None)
    _apart: bool = PrivateAttr(default=False)
    _own_only: bool = PrivateAttr(default=False)

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator[Self]:
        """Keep the run's domain to this run: a domain has one file for each asset, so two runs would mix theirs."""
        run, instance = context.run, context.instance
        if run is None or instance is None:
            yield self
            return
        self._root_run_id = root_of(run)
        taken()  # what was called before the run
        domain = run.tags.get(tags.PARTITION)
        with run_at_work(instance, run):
            if domain is None or not is_partition_key(domain):  # another spelling is refused by the asset, in words
                yield self
                return
            settings = load_settings()
            with domain_lock(settings, domain, context.log.info if context.log else None):
                self._prepare(settings, instance, run, domain)
                yield self

    def _prepare(self, settings: Settings, instance: dg.DagsterInstance, run: dg.DagsterRun, domain: str) -> None:
        """Make sure that this run goes on from what its own tries have made, and from nothing else."""
        reply_id = run.tags.get(tags.REPLY)
        self._apart = later_page(settings, domain, reply_id) is not None
        for folder in run_folders(settings, domain):
            if folder.name != self._root_run_id and _is_over(instance, folder):
                forget(folder)
        if resumes(run):
            _refuse_if_done(instance, run, domain)
            of_domain = reply_of(settings, domain)
            self._own_only = reply_id is not None and of_domain is not None and of_domain != reply_id
            self._values(settings, domain).restore()

    def handle_output(self, context: dg.OutputContext, obj: Any) -> None:
        if obj is None and context.dagster_type.is_nothing:
            return
        settings = load_settings()
        keys = context.asset_partition_keys
        values = {keys[0]: obj} if len(keys) == 1 else obj
        asset = context.asset_key.to_user_string()
        paths = [self._values(settings, key).write(asset, values[key]) for key in keys]
        context.add_output_metadata({"value": dg.MetadataValue.path(str(paths[0]))} if len(paths) == 1 else {})
        if calls := taken():
            context.add_output_metadata({"calls": dg.MetadataValue.json(as_metadata(calls))})

    def load_input(self, context: dg.InputContext) -> Any:
        settings = load_settings()
        asset = context.asset_key.to_user_string()
        keys = context.asset_partition_keys
        if len(keys) == 1:
            return self._values(settings, keys[0]).read(asset)
        return {key: self._values(settings, key).read(asset) for key in keys}

    def _values(self, settings: Settings, domain: str) -> RunValues:
        return RunValues(settings, domain, self._root_run_id, apart=self._apart, own_only=self._own_only)


def _is_over(instance: dg.DagsterInstance, folder: Path) -> bool:
    """Say whether nothing of a run and its tries can be resumed any more: one succeeded, or all were deleted long ago.

    An instance that never knew them may be another one than theirs: a single asset can be materialized without any.
    """
    tries = tries_of(instance, folder.name)
    if tries:
        return done_by(tries) is not None
    return time.time() - folder.stat().st_mtime > _FORGOTTEN_AFTER


def _refuse_if_done(instance: dg.DagsterInstance, run: dg.DagsterRun, domain: str) -> None:
    """Raise `StorageError` where another run has resumed the same failed one and succeeded."""
    done = done_by(tries_of(instance, root_of(run)))
    if done is not None:
        instance.add_run_tags(run.run_id, {MAX_RETRIES_TAG: "0"})
        raise StorageError(
            f"{domain}: run {done.run_id} has gone on from the same failed run and succeeded: nothing is left to resume"
        )
