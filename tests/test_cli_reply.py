"""`intent reply`: what of a file comes into the inbox, what does not and why, and the exit code."""

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from intent_assets.cli_reply import reply
from intent_assets.intake.inbox import Inbox
from intent_assets.settings import load_settings

pytestmark = pytest.mark.usefixtures("clean_environment")

app = typer.Typer()
app.command()(reply)

ONE = {"target_domain": "www.VMock.example", "prospect_name": "Ana Diaz", "reply_text": "Send more."}
TWO = {"prospect_email": "bo@other.example"}
FREE = {"prospect_email": "ana.diaz@gmail.com"}
LEFT_OUT = {"event_type": "LEAD_CATEGORY_UPDATED", "lead_category": {"new_name": "Wrong Person"}}


def pending() -> list[str]:
    return [entry.reply.domain for entry in Inbox(load_settings().inbox).pending(99)]


FORMS = [
    (json.dumps(ONE), ["vmock.example"], "one object"),
    (json.dumps(ONE, indent=2), ["vmock.example"], "one object over several lines"),
    ("\ufeff" + json.dumps(ONE), ["vmock.example"], "with a byte order mark"),
    (json.dumps([ONE, TWO]), ["vmock.example", "other.example"], "a list"),
    (f"{json.dumps(ONE)}\n\n{json.dumps(TWO)}\n", ["vmock.example", "other.example"], "an object per line"),
]


@pytest.mark.parametrize(("text", "domains", "reason"), FORMS)
def test_forms_of_a_file(text: str, domains: list[str], reason: str, tmp_path: Path) -> None:
    file = tmp_path / "replies.json"
    file.write_text(text, encoding="utf-8")
    result = CliRunner().invoke(app, [str(file)])
    assert result.exit_code == 0, result.output
    assert pending() == domains
    assert [line.split()[1] for line in result.stdout.splitlines()] == domains


def test_standard_input_and_the_same_again() -> None:
    first = CliRunner().invoke(app, ["-"], input=json.dumps(ONE))
    again = CliRunner().invoke(app, ["-"], input=json.dumps(ONE))
    assert (first.exit_code, again.exit_code) == (0, 0)
    assert again.stdout.split()[0] == first.stdout.split()[0]
    assert "known already" in again.stdout
    assert pending() == ["vmock.example"]


BAD = [
    ("", "holds no reply", [], "nothing"),
    ("not json", "reply 1 refused: the body is not JSON", [], "no JSON"),
    ('{\n"target_domain": \n', "reply 1 refused: the body is not JSON", [], "cut off: one reply, not one per line"),
    ("7", "reply 1 refused: a reply is one JSON object", [], "no object"),
    (json.dumps([ONE, FREE, TWO]), "reply 2 refused: gmail.com", ["vmock.example", "other.example"], "one of three"),
    (f"{json.dumps(ONE)}\ngarbage\n", "reply 2 refused: the body is not JSON", ["vmock.example"], "one line of two"),
    (json.dumps([LEFT_OUT]), "reply 1 left out: the category 'Wrong Person'", [], "not positive"),
]


@pytest.mark.parametrize(("text", "said", "domains", "reason"), BAD)
def test_each_is_refused_by_itself_with_the_reason(text: str, said: str, domains: list[str], reason: str) -> None:
    result = CliRunner().invoke(app, ["-"], input=text)
    assert result.exit_code == 2
    assert said in result.stderr
    assert pending() == domains


def test_a_file_that_is_not_there() -> None:
    result = CliRunner().invoke(app, ["nowhere.json"])
    assert result.exit_code == 2
    assert "nowhere.json can't be read" in result.stderr


def test_json_for_machines() -> None:
    result = CliRunner().invoke(app, ["-", "--json"], input=json.dumps([ONE, FREE, LEFT_OUT]))
    assert result.exit_code == 2
    outcomes = json.loads(result.stdout)
    assert [outcome["status"] for outcome in outcomes] == ["accepted", "refused", "left out"]
    assert outcomes[0]["domain"] == "vmock.example"
    assert outcomes[0]["reply_id"].startswith("r_")


def test_refusals_are_logged_without_the_person() -> None:
    CliRunner().invoke(app, ["-"], input=json.dumps([FREE, LEFT_OUT]))
    [log] = (load_settings().inbox / "refused").iterdir()
    assert len(log.read_text().splitlines()) == 2
    assert "ana.diaz" not in log.read_text()
