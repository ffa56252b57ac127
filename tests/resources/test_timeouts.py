"""No call waits for ever: each has a time until it is connected, and one until its whole answer is there."""

import asyncio
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from intent_assets.errors import ServiceError
from intent_assets.notices import reply_accepted
from intent_assets.prompts import call_to_action
from intent_assets.resources.claude import Claude
from intent_assets.resources.clay import Clay
from intent_assets.resources.notion import Notion
from intent_assets.resources.smartlead import Smartlead
from intent_assets.resources.starbridge import Starbridge
from intent_assets.resources.starbridge_queries import BuyerQuery
from intent_assets.settings import load_services, load_settings
from tests.outgoing import a_reply
from tests.prompts.samples import material
from tests.resources import bad_servers
from tests.resources.supabase_client import signals

# Dagster asks a resource that has no fields for pydantic's old `__fields__`.
pytestmark = pytest.mark.filterwarnings("ignore:The `__fields__` attribute is deprecated")

SECONDS = "0.3"
NO_ANSWER = re.compile(r"no answer within 0\.(3|2\d+) s")
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def in_session(resource: Any, call: Callable[[Any], Any]) -> None:
    async def called() -> None:
        async with resource.session() as client:
            await call(client)

    asyncio.run(called())


def post_to_clay() -> None:
    with Clay.of(load_settings(), load_services()) as clay:
        clay.post(reply_accepted(a_reply()).wire(), patience=30)


def poll_smartlead() -> None:
    with Smartlead(load_services(), load_settings()) as smartlead:
        smartlead.replies(NOW, NOW, seconds=float(SECONDS))


def ask_claude() -> None:
    block = call_to_action.data(material())
    in_session(Claude(), lambda client: client.ask(call_to_action.PROMPT, block, model="claude-haiku-5-5"))


CALLS: dict[str, Callable[[], object]] = {
    "starbridge": lambda: in_session(Starbridge(), lambda client: client.buyer_search(BuyerQuery(query="x"))),
    "claude": ask_claude,
    "notion": lambda: in_session(Notion(), lambda client: client.check()),
    "supabase": signals,
    "clay": post_to_clay,
    "smartlead": poll_smartlead,
}


@pytest.fixture(params=CALLS)
def call(
    request: pytest.FixtureRequest, clean_environment: None, monkeypatch: pytest.MonkeyPatch
) -> Callable[[str], ServiceError]:
    """One try of one call of a service, at the address that is given; returns how it failed."""
    variables = {
        "DATAGEN_API_KEY": "key", "ANTHROPIC_API_KEY": "key", "NOTION_TOKEN": "key", "NOTION_PARENT_ID": "0" * 32,
        "SUPABASE_KEY": "key", "SMARTLEAD_API_KEY": "key", "INTENT_TRIES": "1", "INTENT_STARBRIDGE_TIMEOUT": SECONDS,
        "INTENT_CLAUDE_TIMEOUT": SECONDS, "INTENT_NOTION_TIMEOUT": SECONDS, "INTENT_CLAY_TIMEOUT": SECONDS,
        "INTENT_SUPABASE__TIMEOUT": SECONDS,
    }  # fmt: skip
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    addresses = (
        "STARBRIDGE_URL", "ANTHROPIC_BASE_URL", "NOTION_BASE_URL", "SUPABASE_URL", "CLAY_WEBHOOK_URL", "SMARTLEAD_URL"
    )  # fmt: skip

    def failing(address: str) -> ServiceError:
        for name in addresses:
            monkeypatch.setenv(name, address)
        with pytest.raises(ServiceError) as failed:
            CALLS[request.param]()
        return failed.value

    return failing


@pytest.mark.parametrize("manner", [bad_servers.trickles_headers, bad_servers.says_nothing])
def test_an_answer_without_an_end_is_not_waited_for(
    call: Callable[[str], ServiceError], manner: bad_servers.Manner
) -> None:
    with bad_servers.answering(manner) as address:
        problem = call(address)
    assert NO_ANSWER.search(str(problem))
    assert problem.retryable


@pytest.mark.parametrize("call", [name for name in CALLS if name != "clay"], indirect=True)
def test_a_body_without_an_end_is_not_waited_for(call: Callable[[str], ServiceError]) -> None:
    with bad_servers.answering(bad_servers.trickles_a_body) as address:
        problem = call(address)
    assert NO_ANSWER.search(str(problem))
    assert problem.retryable


def test_clay_has_a_notice_whose_answer_has_no_end(clean_environment: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTENT_CLAY_TIMEOUT", SECONDS)
    with bad_servers.answering(bad_servers.trickles_a_body) as address:
        monkeypatch.setenv("CLAY_WEBHOOK_URL", address)
        post_to_clay()


def test_a_connection_that_is_closed_is_a_failure_that_can_pass(call: Callable[[str], ServiceError]) -> None:
    with bad_servers.answering(bad_servers.closes) as address:
        problem = call(address)
    assert "connection" in str(problem)
    assert (problem.status, problem.retryable) == (None, True)


def test_a_connection_that_is_never_made_is_not_waited_for(
    call: Callable[[str], ServiceError], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INTENT_CONNECT_TIMEOUT", "0.1")
    with bad_servers.never_accepting() as address:
        problem = call(address)
    assert "no connection within 0.1 s" in str(problem)
    assert (problem.status, problem.retryable) == (None, True)
