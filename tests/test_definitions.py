"""What a person finds in the Dagster UI: every asset described, grouped, owned, and usable by itself."""

import os
import subprocess
import sys
from pathlib import Path

import dagster as dg
import pytest

from intent_assets import tags
from intent_assets.definitions import defs
from intent_assets.settings import load_settings
from intent_assets.values import DOCUMENTS, TABLES, ValueStore

ROOT = Path(__file__).parents[1]
GROUPS = {
    "intake": {"reply"},
    "signals": {"search_strategy", "discoveries", "candidate_buyers", "search_outcomes", "prospect_context"},
    "analysis": {"scored_buyers", "buyer_intel", "evidence"},
    "writing": {
        "executive_summary", "featured_section", "secondary_cards", "profile_summary", "gameplan", "call_to_action",
        "report", "fact_checked_report",
    },
    "delivery": {"notion_page", "report_notice"},
    "follow_up": {"strategic_context", "strategic_addendum"},
    "history": {"discovery_history"},
}  # fmt: skip
ASSETS = sorted(set().union(*GROUPS.values()))


def specs() -> dict[str, dg.AssetSpec]:
    return {spec.key.to_user_string(): spec for spec in defs.resolve_all_asset_specs()}


def test_the_graph_has_the_groups_of_the_house() -> None:
    found: dict[str, set[str]] = {}
    for name, spec in specs().items():
        found.setdefault(spec.group_name or "", set()).add(name)
    assert found == GROUPS


@pytest.mark.parametrize("name", ASSETS)
def test_every_asset_is_described(name: str) -> None:
    spec = specs()[name]
    assert (spec.description or "").startswith("One ")
    assert spec.owners == ["team:gtm-engineering"]
    assert spec.kinds
    assert spec.code_version
    assert spec.partitions_def is not None
    assert name in {**TABLES, **DOCUMENTS}


def test_every_step_that_calls_starbridge_stands_in_a_pool_that_machines_can_share() -> None:
    pools = {
        asset.op.name: asset.op.pools
        for asset in defs.resolve_asset_graph().assets_defs
        if "starbridge" in asset.required_resource_keys
    }
    assert pools == {
        "discoveries": {"starbridge"},
        "buyer_intel": {"starbridge"},
        "strategic_context": {"starbridge_chat"},
    }


def test_the_definitions_load_without_any_variable() -> None:
    code = "import intent_assets.definitions as d; print(len(d.defs.resolve_all_asset_specs()))"
    ran = subprocess.run([sys.executable, "-c", code], env={}, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout.strip()) == (0, str(len(ASSETS))), ran.stderr


def test_a_code_server_can_load_them() -> None:
    command = [sys.executable, "-m", "dagster", "definitions", "validate", "--workspace", "workspace.yaml"]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr


@pytest.mark.usefixtures("environment", "after_report")
def test_every_asset_can_be_materialized_alone() -> None:
    store = ValueStore(load_settings().values)
    with dg.instance_for_test() as instance:
        instance.add_dynamic_partitions("domains", ["vmock.example"])
        for name in ASSETS:
            before = store.path(name, "vmock.example").stat().st_mtime_ns
            result = defs.resolve_implicit_global_asset_job_def().execute_in_process(
                instance=instance,
                partition_key="vmock.example",
                asset_selection=[dg.AssetKey(name)],
                tags={tags.REPLY: "by hand"},
            )
            assert result.success, name
            made = [event.asset_key for event in result.get_asset_materialization_events()]
            assert made == [dg.AssetKey(name)]
            assert store.path(name, "vmock.example").stat().st_mtime_ns > before


@pytest.mark.usefixtures("environment", "after_report")
def test_the_command_line_materializes_any_subset_by_hand(tmp_path: Path) -> None:
    command = ["asset", "materialize", "-m", "intent_assets.definitions", "--partition", "vmock.example"]
    ran = subprocess.run(
        [sys.executable, "-m", "dagster", *command, "--select", "scored_buyers,gameplan,notion_page"],
        env={**os.environ, "DAGSTER_HOME": str(tmp_path / "home" / "dagster")},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stdout + ran.stderr


@pytest.mark.usefixtures("environment")
def test_a_partition_in_another_spelling_is_refused() -> None:
    with dg.instance_for_test() as instance:
        instance.add_dynamic_partitions("domains", ["WWW.VMock.example"])
        result = defs.resolve_implicit_global_asset_job_def().execute_in_process(
            instance=instance, partition_key="WWW.VMock.example", raise_on_error=False
        )
    assert not result.success
    failure = result.failure_data_for_node("reply")
    assert failure is not None
    assert "vmock.example" in str(failure.error)
