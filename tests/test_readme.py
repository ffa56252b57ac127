"""The documents don't lie: every command, make target, setting and file that they name exists."""

import re
import subprocess
from pathlib import Path

import pytest
import typer

from intent_assets.cli import app
from intent_assets.settings import Services, Settings

ROOT = Path(__file__).parents[1]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
TEXT = "\n".join(document.read_text("utf-8") for document in DOCUMENTS)

LINK = re.compile(r"\]\(([^)#:]+)\)")
SAID = re.findall(r"`(intent [^`]+)`", TEXT) + re.findall(r"^\s*(intent .+)$", TEXT, re.MULTILINE)
COMMANDS = sorted({said.split()[1] for said in SAID})
TARGETS = sorted(set(re.findall(r"\bmake ([a-z]+)\b(?=`|\s*#|\s+the|\s+runs)", TEXT)))
VARIABLES = sorted(set(re.findall(r"`([A-Z][A-Z0-9]*_[A-Z0-9_]+)`", TEXT)))
LINKS = [(document, link) for document in DOCUMENTS for link in LINK.findall(document.read_text("utf-8"))]
PATHS = sorted(set(re.findall(r"`((?:intent_assets|docs|tests|benchmarks)/[^`\s]*|[a-z.]+\.(?:yaml|toml|txt))`", TEXT)))


def known_commands() -> set[str]:
    return {info.name or (info.callback.__name__ if info.callback else "") for info in app.registered_commands}


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_that_is_named_exists(command: str) -> None:
    assert command in known_commands()


@pytest.mark.parametrize("command", sorted(known_commands()))
def test_a_command_is_in_the_readme_and_has_help_worth_reading(command: str) -> None:
    assert command in COMMANDS
    found = typer.main.get_command(app).commands[command]  # type: ignore[attr-defined]  # the app is a group
    assert len(found.help or "") > 40
    assert all(getattr(parameter, "help", None) or parameter.name == "help" for parameter in found.params)


@pytest.mark.parametrize("target", TARGETS)
def test_a_make_target_that_is_named_exists(target: str) -> None:
    listed = subprocess.run(["make", "-C", str(ROOT), "-n", target], capture_output=True, text=True, check=False)
    assert listed.returncode == 0, listed.stderr


@pytest.mark.parametrize("name", VARIABLES)
def test_a_variable_that_is_named_is_read(name: str) -> None:
    if name == "DAGSTER_HOME":
        return
    own = {str(field.validation_alias or f"INTENT_{key.upper()}") for key, field in Settings.model_fields.items()}
    services = {key.upper() for key in Services.model_fields}
    assert name.split("__", maxsplit=1)[0] in own | services


@pytest.mark.parametrize(("document", "link"), LINKS)
def test_a_link_leads_somewhere(document: Path, link: str) -> None:
    assert (document.parent / link).exists()


@pytest.mark.parametrize("path", PATHS)
def test_a_file_that_is_named_exists(path: str) -> None:
    assert (ROOT / path).exists()


def test_every_variable_of_a_service_is_in_the_example() -> None:
    example = (ROOT / ".env.example").read_text("utf-8")
    named = set(re.findall(r"^#?([A-Z_]+)=", example, re.MULTILINE))
    assert {name.upper() for name in Services.model_fields} <= named
