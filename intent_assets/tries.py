"""A run and the runs that resume it, one after the other: the tries of one report."""

from collections.abc import Sequence

import dagster as dg

RESUMES_TAG = "dagster/is_resume_retry"
_RESUMES_TAGS = (RESUMES_TAG, "dagster/is_asset_resume_retry")
ROOT_TAG = "dagster/root_run_id"
_CHOSEN_STEPS_TAG = "dagster/step_selection"
MAX_RETRIES_TAG = "dagster/max_retries"


def root_of(run: dg.DagsterRun) -> str:
    """Return the id of the first of the tries; a run's own where it resumes none."""
    return run.root_run_id or run.run_id


def resumes(run: dg.DagsterRun) -> bool:
    """Say whether the run goes on from a failed one, instead of beginning anew."""
    return any(run.tags.get(tag) == "true" for tag in _RESUMES_TAGS)


def tries_of(instance: dg.DagsterInstance, root_run_id: str) -> Sequence[dg.DagsterRun]:
    """Return all tries that Dagster still knows, the oldest first."""
    first = instance.get_run_by_id(root_run_id)
    later = instance.get_runs(dg.RunsFilter(tags={ROOT_TAG: root_run_id}), ascending=True)
    return [*([first] if first else []), *later]


def done_by(tries: Sequence[dg.DagsterRun]) -> dg.DagsterRun | None:
    """Return the try that came to the end, if one did; a run of a few chosen steps is none."""
    return next((run for run in tries if run.is_success and _CHOSEN_STEPS_TAG not in run.tags), None)
