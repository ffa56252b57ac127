"""`intent doctor`: it finds what is wrong, says the mend, and shows no secret."""

import json
from pathlib import Path

import pytest

from intent_assets.sandbox.faults import Fault
from intent_assets.sandbox.server import Sandbox
from tests.running import intent


def standings(*arguments: str) -> dict[str, str]:
    return {check["what"]: check["standing"] for check in intent("doctor", "--json", *arguments).json}


def test_all_is_well_with_every_key_and_service(environment: dict[str, str]) -> None:
    ran = intent("doctor")

    assert ran.exit_code == 0, ran.stdout
    secrets = [value for name, value in environment.items() if name.endswith(("_KEY", "_TOKEN", "_SECRET", "_AUTH"))]
    assert secrets
    assert not any(secret in ran.stdout + ran.stderr for secret in secrets)


@pytest.mark.usefixtures("clean_environment")
def test_missing_keys_are_named_with_the_mend() -> None:
    ran = intent("doctor")

    assert ran.exit_code == 1
    for name in ("DATAGEN_API_KEY", "ANTHROPIC_API_KEY", "NOTION_TOKEN", "NOTION_PARENT_ID", "CLAY_WEBHOOK_URL"):
        assert f"set {name} in the environment or .env" in ran.stdout


@pytest.mark.usefixtures("environment")
def test_a_service_that_does_not_answer_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STARBRIDGE_URL", "http://127.0.0.1:9")

    found = standings()

    assert (found["Starbridge"], found["Claude"], found["Notion"]) == ("failed", "ok", "ok")
    assert intent("doctor").exit_code == 1


@pytest.mark.usefixtures("environment")
def test_a_notion_page_that_is_not_shared_is_found(sandbox: Sandbox) -> None:
    sandbox.faults.add(Fault(service="notion", operation="*", kind="status", status=404))

    assert standings()["Notion"] == "failed"


@pytest.mark.usefixtures("environment")
def test_a_damaged_history_is_found() -> None:
    Path("home/history.duckdb").write_bytes(b"no database " * 1000)

    checks = json.loads(intent("doctor", "--json").stdout)

    assert {check["what"]: check["standing"] for check in checks}["history"] == "failed"
    assert all(check["mend"] for check in checks if check["standing"] == "failed")


DAMAGED = {
    "inbox": ("inbox/taken/r_1.json", "inbox/pending/00000000000000000001-r_1.json"),
    "outbox": ("outbox/waiting/00000000000000000001-n_1.json", "outbox/delivered/n_1.json"),
    "values": ("values/notion_page/vmock.example.json", "values/scored_buyers/vmock.example.parquet"),
}


@pytest.mark.usefixtures("environment")
def test_damaged_files_are_found_and_left_where_they_are() -> None:
    for path in (Path("home") / file for files in DAMAGED.values() for file in files):
        path.parent.mkdir(parents=True)
        path.write_bytes(b'{"half": ')

    checks = json.loads(intent("doctor", "--json").stdout)

    for what, files in DAMAGED.items():
        found = [check for check in checks if check["standing"] == "failed" and check["what"] == what]
        assert len(found) == len(files)
        for file in files:
            assert any(file in check["said"] and check["mend"] for check in found)
            assert (Path("home") / file).exists()
