"""The runs of a reply in Dagster, read from its storage: the code of the graph is not loaded."""

import threading
import time
from collections.abc import Callable, Sequence
from typing import Literal, TypeVar

import dagster as dg
from sqlalchemy.exc import SQLAlchemyError

from intent_assets import tags
from intent_assets.errors import RunsUnreadable, StorageError
from intent_assets.instance import open_instance
from intent_assets.sensors.failures import waits_for_retry, what_failed
from intent_assets.settings import Settings

Daemon = Literal["running", "not running", "unknown"]
Value = TypeVar("Value")

_MOST_RUNS = 50
_HEARTBEAT_SECONDS = 90.0  # the daemon's are 30 s apart
_WILL_RETRY = "dagster/will_retry"
_WAITING = (dg.DagsterRunStatus.QUEUED, dg.DagsterRunStatus.NOT_STARTED, dg.DagsterRunStatus.STARTING)
_WORKING = (dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING)


class Runs:
    """Dagster's runs; the instance is opened when it is needed first. Methods raise `RunsUnreadable`."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._instance: dg.DagsterInstance | None = None

    def open(self) -> dg.DagsterInstance:
        """Return the instance, which one call opens for all."""
        with self._lock:
            if self._instance is None:
                self._instance = self._read(lambda: open_instance(self._settings))
            return self._instance

    def close(self) -> None:
        """Let go of the instance."""
        with self._lock:
            if self._instance is not None:
                self._instance.dispose()
                self._instance = None

    def of(self, reply_id: str) -> Sequence[dg.RunRecord]:
        """Return the runs of a reply, the newest first."""
        wanted = dg.RunsFilter(tags={tags.REPLY: reply_id})
        instance = self.open()
        return self._read(lambda: instance.get_run_records(wanted, limit=_MOST_RUNS))

    def awaits_retry(self, record: dg.RunRecord) -> bool:
        """Say whether Dagster will run a failed run again by itself, or has yet to say so."""
        instance = self.open()
        return self._read(lambda: waits_for_retry(instance, record.dagster_run))

    def may_go_on(self, record: dg.RunRecord) -> bool:
        """Say whether the run has not ended, or will be run again by itself."""
        return not record.dagster_run.is_finished or self.awaits_retry(record)

    def what_failed(self, run: dg.DagsterRun) -> tuple[str | None, str]:
        """Return the step that failed, if it was a step, and the error on one line."""
        instance = self.open()
        return self._read(lambda: what_failed(instance, run.run_id))

    def stop(self, record: dg.RunRecord) -> None:
        """Ask for the end of a run, whatever it does just now; it ends in its own time.

        A queued one leaves the queue, one at work is interrupted, one that has failed is not retried by itself.
        """
        run = record.dagster_run
        instance = self.open()
        if run.status is dg.DagsterRunStatus.FAILURE:
            self._read(lambda: instance.add_run_tags(run.run_id, {_WILL_RETRY: "false"}))
        elif run.status is dg.DagsterRunStatus.NOT_STARTED:
            self._read(lambda: instance.report_run_canceled(run, "Cancelled before it was queued."))
        else:
            self._read(lambda: instance.run_coordinator.cancel_run(run.run_id))

    def daemon(self) -> Daemon:
        """Say whether Dagster's daemon has shown a sign of life, so that replies get their runs."""
        try:
            instance = self.open()
            heartbeats = self._read(instance.get_daemon_heartbeats)
        except RunsUnreadable:
            return "unknown"
        sensors = heartbeats.get("SENSOR")
        alive = sensors is not None and time.time() - sensors.timestamp < _HEARTBEAT_SECONDS
        return "running" if alive else "not running"

    @staticmethod
    def _read(look: Callable[[], Value]) -> Value:
        try:
            return look()
        except (SQLAlchemyError, dg.DagsterError, StorageError, OSError) as problem:
            raise RunsUnreadable(
                f"Dagster's runs can't be read ({type(problem).__name__}): see `intent doctor`, then try again"
            ) from problem


def is_waiting(run: dg.DagsterRun) -> bool:
    """Say whether the run has not begun to work."""
    return run.status in _WAITING


def is_at_work(run: dg.DagsterRun) -> bool:
    """Say whether the run is at work, or being stopped."""
    return run.status in _WORKING


def is_cancelled(run: dg.DagsterRun) -> bool:
    """Say whether the run was stopped before its end."""
    return run.status is dg.DagsterRunStatus.CANCELED
