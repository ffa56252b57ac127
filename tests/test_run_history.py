"""From runs of a real Dagster instance to rows of the history: whatever became of the run."""

import logging
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import dagster as dg
import pandas as pd
import pytest

from intent_assets.errors import StarbridgeError, WarehouseError
from intent_assets.resources.warehouse import Warehouse
from intent_assets.run_history import record_run_from_events, safe_line
from intent_assets.sensors.history import run_history

domains = dg.DynamicPartitionsDefinition(name="domains")
TAGS = {"intent/reply": "r-1"}


@pytest.fixture
def instance(dagster_home: Path) -> Iterator[dg.DagsterInstance]:
    logging.getLogger("dagster").setLevel(logging.CRITICAL)
    overrides = {"telemetry": {"enabled": False}}
    with dg.DagsterInstance.local_temp(str(dagster_home), overrides=overrides) as made:
        made.add_dynamic_partitions("domains", ["a.example", "b.example"])
        yield made
    logging.getLogger("dagster").setLevel(logging.NOTSET)


@pytest.fixture
def warehouse(tmp_path: Path) -> Warehouse:
    return Warehouse(path=str(tmp_path / "history.duckdb"))


def asset(name: str, work: Callable[[], Any], *, after: Sequence[str] = (), retries: int = 0) -> dg.AssetsDefinition:
    """An asset that does `work` and shows what that gives as its metadata."""

    @dg.asset(
        name=name,
        deps=list(after),
        partitions_def=domains,
        retry_policy=dg.RetryPolicy(max_retries=retries) if retries else None,
    )
    def made() -> dg.MaterializeResult[None]:
        return dg.MaterializeResult(metadata=work() or {})

    return made


def raising(error: Exception, times: int = 1000) -> Callable[[], None]:
    left = [times]

    def work() -> None:
        if left[0] > 0:
            left[0] -= 1
            raise error

    return work


def materialize(
    instance: dg.DagsterInstance, *assets: dg.AssetsDefinition, partition: str | None = "a.example", **tags: str
) -> str:
    result = dg.materialize(
        assets, instance=instance, partition_key=partition, raise_on_error=False, tags={**TAGS, **tags}
    )
    return result.run_id


def steps_of(warehouse: Warehouse, run_id: str) -> list[tuple[str, int, str]]:
    frame = warehouse.steps(run_id)
    return list(zip(frame["step"], frame["attempt"], frame["status"], strict=True))


def test_a_run_that_went_well(instance: dg.DagsterInstance, warehouse: Warehouse) -> None:
    usage = {"input_tokens": 100, "output_tokens": 20, "cost_usd": 0.25}
    told: dict[str, dict[str, Any]] = {
        "search_strategy": usage,
        "scored_buyers": {"buyers_scored": 54, "featured_buyer": "Elm City"},
        "gameplan": usage,
        "report": {"input_tokens": 200, "output_tokens": 40, "cost_usd": 0.5},
        "fact_checked_report": {"verdict": "passed", "claims": 12, "findings": 0},
        "notion_page": {"page_id": "p-1", "page_url": dg.MetadataValue.url("http://127.0.0.1/p-1"), "new_signals": 7},
    }
    before = datetime.now(UTC)
    run_id = materialize(instance, *(asset(name, told[name].copy) for name in told))
    assert record_run_from_events(instance, run_id, warehouse)
    (row,) = warehouse.runs().to_dict(orient="records")
    expected = {
        "run_id": run_id, "root_run_id": run_id, "domain": "a.example", "status": "success", "reply_id": "r-1",
        "buyers_scored": 54, "featured_buyer_name": "Elm City", "verdict": "passed", "claims": 12, "findings": 0,
        "page_id": "p-1", "page_url": "http://127.0.0.1/p-1", "new_signals": 7,
        "input_tokens": 200, "output_tokens": 40, "cost_usd": 0.5,
    }  # fmt: skip
    assert {name: row[name] for name in expected} == expected
    assert all(pd.isna(row[name]) for name in ("error", "failed_step", "parent_run_id"))
    assert before <= row["started_at"] <= row["ended_at"] <= datetime.now(UTC)
    assert row["duration_seconds"] == pytest.approx((row["ended_at"] - row["started_at"]).total_seconds(), abs=0.001)
    steps = warehouse.steps(run_id)
    assert sorted(steps["step"]) == sorted(told)
    assert set(steps["status"]) == {"success"}
    assert (steps["duration_seconds"] >= 0).all()
    checked = steps.loc[steps["step"] == "fact_checked_report", "metadata_json"].iloc[0]
    assert checked == '{"fact_checked_report.claims": 12, "fact_checked_report.findings": 0}'


def test_an_asset_that_has_no_page_tells_of_none(instance: dg.DagsterInstance, warehouse: Warehouse) -> None:
    run_id = materialize(instance, asset("notion_page", lambda: {"page_id": "none", "page_url": "none"}))
    record_run_from_events(instance, run_id, warehouse)
    assert warehouse.run(run_id)[["page_id", "page_url"]].isna().all(axis=None)


def test_a_failed_run_has_its_rows(instance: dg.DagsterInstance, warehouse: Warehouse) -> None:
    error = StarbridgeError("starbridge", "buyer_profile", "no such buyer", status=404)
    run_id = materialize(
        instance,
        asset("first", lambda: None),
        asset("second", raising(error), after=["first"]),
        asset("third", lambda: None, after=["second"]),
    )
    assert record_run_from_events(instance, run_id, warehouse)
    row = warehouse.run(run_id).iloc[0]
    message = "StarbridgeError: starbridge buyer_profile: no such buyer (HTTP 404; another try can't help)"
    assert (row["status"], row["failed_step"], row["error"]) == ("failure", "second", message)
    assert steps_of(warehouse, run_id) == [
        ("first", 1, "success"), ("second", 1, "failure"), ("third", 1, "skipped")
    ]  # fmt: skip
    assert warehouse.steps(run_id)["message"].tolist()[1:] == [message, "not started: the run ended before it"]


@pytest.mark.parametrize(
    ("failures", "tries", "status"),
    [
        pytest.param(1, ["failure", "success"], "success", id="the second try helps: the run went well"),
        pytest.param(
            9, ["failure", "failure", "failure"], "failure", id="no try helps: each has its row and its error"
        ),
    ],
)
def test_every_try_of_a_step_has_a_row(
    instance: dg.DagsterInstance, warehouse: Warehouse, failures: int, tries: list[str], status: str
) -> None:
    run_id = materialize(instance, asset("shaky", raising(ValueError("no luck"), failures), retries=2))
    record_run_from_events(instance, run_id, warehouse)
    assert steps_of(warehouse, run_id) == [("shaky", number, each) for number, each in enumerate(tries, start=1)]
    assert warehouse.run(run_id).iloc[0]["status"] == status
    messages = warehouse.steps(run_id)["message"].dropna().tolist()
    assert messages == ["ValueError: no luck"] * tries.count("failure")


def test_repeating_it_changes_nothing(instance: dg.DagsterInstance, warehouse: Warehouse) -> None:
    run_id = materialize(instance, asset("shaky", raising(ValueError("no luck"), 1), retries=1))
    record_run_from_events(instance, run_id, warehouse)
    before = warehouse.run(run_id), warehouse.steps(run_id)
    record_run_from_events(instance, run_id, warehouse)
    pd.testing.assert_frame_equal(warehouse.run(run_id), before[0])
    pd.testing.assert_frame_equal(warehouse.steps(run_id), before[1])


def test_a_run_over_several_domains_has_a_row_for_each(instance: dg.DagsterInstance, warehouse: Warehouse) -> None:
    @dg.multi_asset(specs=[dg.AssetSpec("scored_buyers")], partitions_def=domains, name="scored", can_subset=True)
    def scored(context: dg.AssetExecutionContext) -> Iterator[dg.AssetMaterialization]:
        for number, key in enumerate(context.partition_keys):
            context.log_event(
                dg.AssetMaterialization("scored_buyers", partition=key, metadata={"buyers_scored": 10 + number})
            )
        yield from ()

    tags = {
        "dagster/asset_partition_range_start": "a.example",
        "dagster/asset_partition_range_end": "b.example",
    }
    run_id = materialize(instance, scored, partition=None, **tags)
    record_run_from_events(instance, run_id, warehouse)
    rows = warehouse.run(run_id)
    assert rows[["domain", "buyers_scored"]].to_numpy().tolist() == [["a.example", 10], ["b.example", 11]]
    assert steps_of(warehouse, run_id) == [("scored", 1, "success")]


def test_a_run_without_a_partition(instance: dg.DagsterInstance, warehouse: Warehouse) -> None:
    @dg.asset
    def plain() -> None: ...

    run_id = materialize(instance, plain, partition=None)
    record_run_from_events(instance, run_id, warehouse)
    assert warehouse.run(run_id)["domain"].tolist() == [""]


@dg.op
def flaky_op(context: dg.OpExecutionContext) -> None:
    if context.run.parent_run_id is None:
        raise ValueError("only the first time")


@dg.job(executor_def=dg.in_process_executor)
def resumable() -> None:
    flaky_op()


def test_a_resumed_run_names_the_run_it_goes_on_from(instance: dg.DagsterInstance, warehouse: Warehouse) -> None:
    first = dg.execute_job(dg.reconstructable(resumable_job), instance, raise_on_error=False)
    options = dg.ReexecutionOptions.from_failure(first.run_id, instance)
    second = dg.execute_job(dg.reconstructable(resumable_job), instance, reexecution_options=options)
    for run_id in (first.run_id, second.run_id):
        record_run_from_events(instance, run_id, warehouse)
    rows = {row["run_id"]: row for row in warehouse.runs().to_dict(orient="records")}
    resumed = rows[second.run_id]
    assert (resumed["status"], resumed["parent_run_id"], resumed["root_run_id"]) == (
        "success", first.run_id, first.run_id
    )  # fmt: skip
    assert rows[first.run_id]["status"] == "failure"


def resumable_job() -> dg.JobDefinition:
    return resumable


def half_run(instance: dg.DagsterInstance, end: Callable[[dg.DagsterRun], object]) -> str:
    """A run whose process vanished while its step was running, ended by `end` as Dagster's monitoring does it."""

    @dg.job
    def vanishing() -> None:
        flaky_op()

    run = instance.create_run_for_job(vanishing, tags={"dagster/partition": "a.example"})
    start = dg.DagsterEvent(dg.DagsterEventType.STEP_START.value, job_name="vanishing", step_key="flaky_op")
    instance.report_dagster_event(start, run.run_id)
    end(run)
    return run.run_id


def test_a_killed_run(instance: dg.DagsterInstance, warehouse: Warehouse) -> None:
    run_id = half_run(instance, lambda run: instance.report_run_failed(run, "the worker is gone"))
    assert record_run_from_events(instance, run_id, warehouse)
    row = warehouse.run(run_id).iloc[0]
    message = "the run ended, perhaps killed, while this step was running"
    assert (row["domain"], row["status"], row["failed_step"], row["error"]) == (
        "a.example", "failure", "flaky_op", message
    )  # fmt: skip
    assert steps_of(warehouse, run_id) == [("flaky_op", 1, "failure")]


def test_a_cancelled_run(instance: dg.DagsterInstance, warehouse: Warehouse) -> None:
    run_id = half_run(instance, instance.report_run_canceled)
    assert record_run_from_events(instance, run_id, warehouse)
    row = warehouse.run(run_id).iloc[0]
    assert row["status"] == "canceled"
    assert pd.isna(row["failed_step"])
    assert "cancel" in row["error"].lower()
    assert warehouse.steps(run_id)["message"].tolist() == ["the run was cancelled while this step was running"]


def test_a_run_that_goes_on_is_left_alone(instance: dg.DagsterInstance, warehouse: Warehouse) -> None:
    run_id = half_run(instance, print)
    assert not record_run_from_events(instance, run_id, warehouse)
    assert not record_run_from_events(instance, "no such run", warehouse)
    assert warehouse.runs().empty


@pytest.mark.parametrize(
    ("text", "line"),
    [
        pytest.param("\n  first  line \nsecond", "first line", id="the first line that says something"),
        pytest.param("GET http://h.example/a?key=1 failed", "GET http://h.example/a?*** failed", id="URL query"),
        pytest.param("sent Authorization: Bearer abcdefgh1234", "sent Authorization: Bearer ***", id="bearer token"),
        pytest.param("api_key='abc12' refused", "api_key='***' refused", id="named key"),
        pytest.param("used sk-" + "ant-abcdefgh1234", "used ***", id="key by its prefix"),
        pytest.param("mail to ana.ruiz@city.example", "mail to ***@city.example", id="a person's address"),
        pytest.param("x" * 600, "x" * 499 + "…", id="at most 500 characters"),
    ],
)
def test_the_error_is_one_line_without_secrets(text: str, line: str) -> None:
    assert safe_line(text) == line


def tick(instance: dg.DagsterInstance, warehouse: Warehouse, cursor: str | None) -> tuple[str, str | None]:
    context = dg.build_sensor_context(instance=instance, cursor=cursor, resources={"warehouse": warehouse})
    answer = run_history(context)
    assert isinstance(answer, dg.SkipReason)
    return str(answer.skip_message), context.cursor


def test_the_sensor_records_all_endings_and_each_once(instance: dg.DagsterInstance, warehouse: Warehouse) -> None:
    good = materialize(instance, asset("good", lambda: None))
    bad = materialize(instance, asset("bad", raising(ValueError("no"))), partition="b.example")
    gone = half_run(instance, instance.report_run_canceled)
    said, cursor = tick(instance, warehouse, None)
    assert "3" in said
    assert dict(warehouse.runs()[["run_id", "status"]].to_numpy()) == {
        good: "success", bad: "failure", gone: "canceled"
    }  # fmt: skip
    assert tick(instance, warehouse, cursor) == ("no run has ended since", cursor)
    later = materialize(instance, asset("good", lambda: None))
    assert "1" in tick(instance, warehouse, cursor)[0]
    assert not warehouse.run(later).empty


def test_the_sensor_tries_again_what_could_not_be_written(instance: dg.DagsterInstance, warehouse: Warehouse) -> None:
    run_id = materialize(instance, asset("good", lambda: None))
    warehouse.file.write_text("not a database, and longer than the head of one" * 100)
    with pytest.raises(WarehouseError, match="move it away"):
        tick(instance, warehouse, None)
    warehouse.file.rename(warehouse.file.with_suffix(".damaged"))
    tick(instance, warehouse, None)
    assert warehouse.run(run_id)["status"].tolist() == ["success"]
    assert warehouse.run(run_id)["started_at"].iloc[0] > datetime.now(UTC) - timedelta(minutes=5)
