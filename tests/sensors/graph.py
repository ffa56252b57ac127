"""A tiny graph with the asset `reply`, for tests of what sensors start and what they tell of."""

from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg

from intent_assets.partitions import domains
from intent_assets.resources.inbox import InboxResource
from intent_assets.resources.outbox import OutboxResource

SECRET_URL = "https://user:pw-77@api.example/v1/hook-0123456789abcdef?api_key=query-77"


class ReplyConfig(dg.Config):
    """As the real asset's."""

    reply_id: str | None = None


@dg.asset(partitions_def=domains)
def reply(config: ReplyConfig) -> None:
    """Fail for some replies."""
    if config.reply_id is not None and config.reply_id.endswith("13"):
        raise RuntimeError(f"no answer from {SECRET_URL}\nsecond line")


job = dg.define_asset_job("report", selection=[reply])
definitions = dg.Definitions(assets=[reply], jobs=[job], executor=dg.in_process_executor)


def resources() -> dict[str, object]:
    """Return the resources that the sensors ask for."""
    return {"inbox": InboxResource(), "outbox": OutboxResource()}


def run(instance: dg.DagsterInstance, request: dg.RunRequest) -> dg.DagsterRun:
    """Carry out a run request as the daemon does, and return the run."""
    assert request.partition_key is not None
    instance.add_dynamic_partitions("domains", [request.partition_key])
    result = definitions.resolve_job_def("report").execute_in_process(
        instance=instance,
        partition_key=request.partition_key,
        run_config=request.run_config,
        tags=request.tags,
        raise_on_error=False,
    )
    found = instance.get_run_by_id(result.run_id)
    assert found is not None
    return found


def job_of(instance: dg.DagsterInstance, domain: str = "vmock.example") -> dg.JobDefinition:
    """Return the job, ready for a run of the domain's partition."""
    instance.add_dynamic_partitions("domains", [domain])
    return definitions.resolve_job_def("report")


@contextmanager
def an_instance(*, retries: bool = False) -> Iterator[dg.DagsterInstance]:
    """Give an instance in memory; with `retries` a failed run is marked to be run again once."""
    settings = {"run_retries": {"enabled": True, "max_retries": 1}} if retries else None
    with dg.DagsterInstance.ephemeral(settings=settings) as instance:
        yield instance
