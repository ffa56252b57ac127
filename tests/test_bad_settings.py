"""Settings and folders that can't be used end a command with one line that names what to mend."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from intent_assets.settings import InvalidSettings, load_services, load_settings
from tests.running import intent

pytestmark = pytest.mark.usefixtures("clean_environment")


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("INTENT_SECONDARY_BUYERS", "many", "INTENT_SECONDARY_BUYERS: "),
        ("INTENT_WEIGHTS", "not json", "INTENT_WEIGHTS: is no JSON object"),
        ("INTENT_WEIGHTS__RECENCY", "0.9", "INTENT_WEIGHTS: "),
        ("INTENT_LIMITS_FOLDER", "limits", "INTENT_LIMITS_FOLDER: "),
        ("INTENT_MODELS__OTHER", "x", "INTENT_MODELS__OTHER: "),
        ("POSITIVE_CATEGORIES", "[1", "used: POSITIVE_CATEGORIES: "),  # the one without a prefix
        ("ACCEPT_UNCATEGORISED", "perhaps", "used: ACCEPT_UNCATEGORISED: "),
    ],
)
def test_a_value_that_cannot_be_used_names_its_variable(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    monkeypatch.setenv(name, value)

    ran = intent("reply", "-", stdin="{}")

    assert ran.exit_code == 1
    assert said in (ran.error or "")


def test_an_empty_variable_counts_as_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("INTENT_HOME", "INTENT_TRIES", "STARBRIDGE_URL", "NOTION_TOKEN"):
        monkeypatch.setenv(name, "")

    assert str(load_settings().home) == ".intent"
    assert load_settings().tries == 4
    assert load_services().notion_token is None


def test_no_value_of_a_key_or_an_address_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STARBRIDGE_URL", "key-in-the-wrong-place")

    with pytest.raises(InvalidSettings, match="STARBRIDGE_URL") as problem:
        load_services()
    assert "wrong-place" not in str(problem.value)


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("DAGSTER_HOME", ("domains",)),
        ("INTENT_HOME", ("domains",)),
        ("INTENT_HOME", ("sandbox", "--only", "clay", "--port-base", "46990")),
        ("INTENT_HOME", ("reply", "reply.json")),
        ("INTENT_HOME", ("show", "vmock.example")),
    ],
)
def test_a_home_that_is_no_folder_is_told_in_one_line(tmp_path: Path, name: str, arguments: tuple[str, ...]) -> None:
    (tmp_path / "a-file").touch()
    (tmp_path / "reply.json").write_text('{"target_domain": "vmock.example"}')
    command = [sys.executable, "-m", "intent_assets.cli", *arguments]
    environment = {**os.environ, name: str(tmp_path / "a-file")}

    ran = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)

    assert ran.returncode == 1
    assert ran.stderr.startswith("intent: ")
    assert "a-file" in ran.stderr
    assert ran.stderr.count("\n") == 1
