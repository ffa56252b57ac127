"""Faults of outside services that outlast the tries of a call: the step is made again, after a longer pause."""

import random
from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg

from intent_assets import tags
from intent_assets.errors import ServiceError
from intent_assets.settings import load_settings

LONGEST_PAUSE = 300.0
"""Seconds; the run holds its domain and its place among the runs while it waits."""


@contextmanager
def made_again(context: dg.AssetExecutionContext) -> Iterator[None]:
    """Ask Dagster to make the step again where another try can help (`ServiceError.retryable`).

    It is made `step_tries` times at the most; the last error, and all that no try can mend, is raised with a note that
    names the command to go on with. What the step has stored by then is kept (see `kept`).
    """
    try:
        yield
    except ServiceError as problem:
        settings, number = load_settings(), context.retry_number + 1
        if not problem.retryable or number >= settings.step_tries:
            whole = context.run.tags.get(tags.PARTITION, context.run.run_id)
            problem.add_note(f"When the cause is mended, go on from this step: intent retry {whole}")
            raise
        # Not all runs that an outage has stopped may come back in the same moment.
        pause = settings.step_pause * 2 ** (number - 1) * random.uniform(0.75, 1.25)
        pause = min(max(pause, problem.retry_after or 0.0), LONGEST_PAUSE)
        context.log.warning(
            f"try {number} of {settings.step_tries} failed, the next begins in {pause:.0f} s: {problem}"
        )
        raise dg.RetryRequested(max_retries=settings.step_tries - 1, seconds_to_wait=pause) from problem
