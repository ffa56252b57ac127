"""What a run's event log tells of calls that were made again."""

import asyncio
from collections.abc import Iterator

import dagster as dg
import pytest

from intent_assets.assets.retrying import made_again
from intent_assets.instance import open_instance
from intent_assets.resources.notion import Notion
from intent_assets.resources.starbridge import Starbridge
from intent_assets.resources.starbridge_queries import BuyerQuery
from intent_assets.sandbox.faults import Fault
from intent_assets.sandbox.server import Sandbox
from intent_assets.sensors.failures import one_line_error
from intent_assets.settings import load_settings

# Dagster asks a resource that has no fields for pydantic's old `__fields__`.
pytestmark = pytest.mark.filterwarnings("ignore:The `__fields__` attribute is deprecated")


@pytest.fixture
def instance(environment: dict[str, str]) -> Iterator[dg.DagsterInstance]:
    """The instance as commands and the daemon set it up."""
    with open_instance(load_settings()) as opened:
        yield opened


@dg.asset
async def looked_up(starbridge: Starbridge, notion: Notion) -> None:
    """Calls from a coroutine, as most of our assets make them."""
    async with starbridge.session() as client, notion.session() as pages:
        await asyncio.gather(client.buyer_search(BuyerQuery(query="ana.diaz@vmock.example")), pages.check())


@dg.asset
def looked_up_beside(starbridge: Starbridge) -> None:
    """Calls from a loop in the step's own thread."""

    async def search() -> None:
        async with starbridge.session() as client:
            await client.buyer_search(BuyerQuery(query="ana.diaz@vmock.example"))

    asyncio.run(search())


@dg.asset(partitions_def=dg.StaticPartitionsDefinition(["vmock.example"]))
async def looked_up_for_a_domain(context: dg.AssetExecutionContext, starbridge: Starbridge) -> None:
    """As our assets call: what a try of the step can mend is tried again by Dagster."""
    with made_again(context):
        async with starbridge.session() as client:
            await client.buyer_search(BuyerQuery(query="x"))


def test_a_step_that_cannot_go_on_says_service_status_and_the_command_that_resumes(
    sandbox: Sandbox, instance: dg.DagsterInstance
) -> None:
    sandbox.faults.add(Fault(service="starbridge", kind="status", status=503))
    run = dg.materialize(
        [looked_up_for_a_domain], instance=instance, resources={"starbridge": Starbridge()},
        partition_key="vmock.example", raise_on_error=False,
    )  # fmt: skip
    [failure] = [event for event in run.all_events if event.is_step_failure]
    error = failure.step_failure_data.error
    assert error is not None
    shown = error.to_string()
    assert "starbridge buyer_search" in shown
    assert "HTTP 503" in shown
    assert "intent retry vmock.example" in shown
    assert "HTTP 503" in one_line_error(failure)
    assert not run.success


def test_each_further_try_is_an_event_of_its_step(
    sandbox: Sandbox, environment: dict[str, str], instance: dg.DagsterInstance
) -> None:
    said = {"error": f"ana.diaz@vmock.example with {environment['DATAGEN_API_KEY']}"}
    sandbox.faults.add(
        Fault(service="starbridge", kind="status", status=503, body=said, times=2),
        Fault(service="starbridge", kind="drop", after=3, times=1),
        Fault(service="notion", operation="me", kind="status", status=529, retry_after="7", times=1),
    )
    resources = {"starbridge": Starbridge(), "notion": Notion()}
    run = dg.materialize([looked_up, looked_up_beside], instance=instance, resources=resources)
    told = {
        (entry.step_key, entry.user_message.partition(" in ")[0])
        for entry in instance.all_logs(run.run_id)
        if entry.level == 30
    }
    assert told == {
        ("looked_up", "starbridge buyer_search: HTTP 503; try 2 of 4"),
        ("looked_up", "starbridge buyer_search: HTTP 503; try 3 of 4"),
        ("looked_up", "notion me: HTTP 529 (asked for 7 s); try 2 of 4"),
        ("looked_up_beside", "starbridge buyer_search: no answer; try 2 of 4"),
    }
    everything = "\n".join(f"{entry.user_message} {entry.message}" for entry in instance.all_logs(run.run_id))
    assert environment["DATAGEN_API_KEY"] not in everything
    assert "ana.diaz" not in everything
