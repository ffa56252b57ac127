"""Every failure form of the contract becomes one typed error, and only what another try can help is tried again."""

import asyncio
from typing import Any

import pytest

from intent_assets.errors import StarbridgeError
from intent_assets.resources.starbridge import Starbridge
from intent_assets.resources.starbridge_queries import BuyerQuery
from intent_assets.sandbox.faults import Fault
from intent_assets.sandbox.server import Sandbox
from tests.resources.scripted import Answer, scripted

# Dagster asks a resource that has no fields for pydantic's old `__fields__`.
pytestmark = pytest.mark.filterwarnings("ignore:The `__fields__` attribute is deprecated")

TRIES = 3


async def search() -> None:
    async with Starbridge().session() as client:
        await client.buyer_search(BuyerQuery(query="library"))


def failure() -> StarbridgeError:
    with pytest.raises(StarbridgeError) as caught:
        asyncio.run(search())
    return caught.value


def test_a_fault_that_passes_is_not_seen(sandbox: Sandbox, environment: dict[str, str]) -> None:
    sandbox.faults.add(Fault(service="starbridge", operation="buyer_search", kind="drop", times=1))
    sandbox.faults.add(Fault(service="starbridge", operation="buyer_search", kind="status", status=503, times=1))
    asyncio.run(search())
    assert [call.status for call in sandbox.calls] == [None, 503, 200]


FAILURE_TEXT = {"error": "database is resting", "status_code": 500}
FORMS: list[tuple[str, dict[str, Any], int | None, bool, str]] = [
    ("a proxy's HTML page", {"kind": "html", "status": 502}, 502, True, "HTML page"),
    ("an HTML page where JSON belongs", {"kind": "html", "status": 200}, 200, True, "HTML page"),
    ("an error status with JSON", {"kind": "status", "status": 500}, 500, True, "asked for"),
    ("an error status, error as text", {"kind": "status", "status": 400, "body": {"error": "bad"}}, 400, False, "bad"),
    ("an error status with a detail", {"kind": "status", "status": 422, "body": {"detail": "x"}}, 422, False, "x"),
    ("an error status with other text", {"kind": "status", "status": 504, "body": "late"}, 504, True, "no JSON"),
    ("an error status without a body", {"kind": "empty", "status": 503}, 503, True, "empty body"),
    ("200 without a body", {"kind": "empty"}, 200, True, "empty body"),
    ("a body cut off in the middle", {"kind": "cut"}, 200, True, "broke off"),
    ("a connection closed without an answer", {"kind": "drop"}, None, True, "broke off"),
    ("no answer in time", {"kind": "hang", "seconds": 5}, None, True, "no answer within 0.3 s"),
    ("half of the JSON, whole by its length", {"kind": "replace", "body": '{"success": tr'}, 200, True, "no JSON"),
    ("a failure envelope, error as object", {"kind": "envelope"}, 200, False, "asked for"),
    (
        "a failure envelope, error as text",
        {"kind": "envelope", "body": {"success": False, "error": "no such buyer"}},
        200,
        False,
        "no such buyer",
    ),
    ("a failure envelope that says nothing", {"kind": "envelope", "body": {"success": False}}, 200, False, "no reason"),
    (
        "an error with its status as the answer, under success",
        {"kind": "replace", "body": {"success": True, "data": {"output_vars": {"output": FAILURE_TEXT}}}},
        500,
        True,
        "database is resting",
    ),
    (
        "the same as a string that holds JSON",
        {
            "kind": "replace",
            "body": {"success": True, "data": {"output_vars": {"output": '{"error": "gone", "status_code": 404}'}}},
        },
        404,
        False,
        "gone",
    ),
    ("the same without an envelope", {"kind": "replace", "body": FAILURE_TEXT}, 500, True, "resting"),
    ("a status code only", {"kind": "replace", "body": {"data": {"status_code": 503}}}, 503, True, "no reason"),
    ("an answer of null", {"kind": "replace", "body": {"success": True, "data": None}}, 200, False, "null"),
    ("a list", {"kind": "replace", "body": [1]}, 200, False, "list"),
    ("a text that is no JSON", {"kind": "replace", "body": {"data": {"output": "sorry"}}}, 200, True, "no JSON"),
    ("an answer of another form", {"kind": "replace", "body": {"data": {"x": 1}}}, 200, False, "no list of buyers"),
    ("records that are no list", {"kind": "replace", "body": {"buyers": "many"}}, 200, False, "no list of buyers"),
    ("a number too long to read", {"kind": "replace", "body": '{"a": ' + "9" * 9000 + "}"}, 200, True, "no JSON"),
    *[(f"status {status}", {"kind": "status", "status": status}, status, True, "") for status in (408, 425, 429)],
    *[(f"status {status}", {"kind": "status", "status": status}, status, False, "") for status in (401, 403, 404, 410)],
    ("a redirect", {"kind": "status", "status": 302}, 302, False, ""),
]


@pytest.mark.parametrize(
    ("fault", "status", "retryable", "said"), [form[1:] for form in FORMS], ids=[f[0] for f in FORMS]
)
def test_every_form_of_failure_is_one_typed_error(
    sandbox: Sandbox, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch,
    fault: dict[str, Any], status: int | None, retryable: bool, said: str,
) -> None:  # fmt: skip
    monkeypatch.setenv("INTENT_TRIES", str(TRIES))
    monkeypatch.setenv("INTENT_STARBRIDGE_TIMEOUT", "0.3" if fault["kind"] == "hang" else "20")
    sandbox.faults.add(Fault(service="starbridge", operation="buyer_search", **fault))
    problem = failure()
    assert (problem.service, problem.operation) == ("starbridge", "buyer_search")
    assert (problem.status, problem.retryable) == (status, retryable)
    assert said.lower() in str(problem).lower()
    assert len(sandbox.calls) == (TRIES if retryable else 1)


def test_nobody_listens(clean_environment: None, monkeypatch: pytest.MonkeyPatch) -> None:
    with scripted(lambda *_: Answer()) as (url, _):
        pass
    monkeypatch.setenv("STARBRIDGE_URL", url)
    monkeypatch.setenv("DATAGEN_API_KEY", "k-1234567890")
    problem = failure()
    assert problem.status is None
    assert problem.retryable
    assert "STARBRIDGE_URL" in str(problem)


@pytest.mark.parametrize(
    ("answer", "status", "retryable"),
    [
        pytest.param(Answer(b'{"data"', cut=100), 200, True, id="an answer that breaks off can come whole"),
        pytest.param(Answer(b'{"a":' * 20_000), 200, True, id="endless nesting"),
        pytest.param(Answer(b"<html>", 404, cut=100), 404, False, id="the status was told before it broke off"),
        pytest.param(
            Answer(b"\x1f\x8b nonsense", headers={"content-encoding": "gzip"}), 200, True, id="packed, unreadably"
        ),
    ],
)
def test_bodies_that_break(
    clean_environment: None, monkeypatch: pytest.MonkeyPatch, answer: Answer, status: int, retryable: bool
) -> None:
    with scripted(lambda *_: answer) as (url, _):
        monkeypatch.setenv("STARBRIDGE_URL", url)
        monkeypatch.setenv("DATAGEN_API_KEY", "k-1234567890")
        problem = failure()
    assert (problem.status, problem.retryable) == (status, retryable)


@pytest.mark.parametrize("level", ["data", "output_vars", "output", "none"])
@pytest.mark.parametrize("as_text", [True, False])
def test_each_level_of_the_envelope_can_be_missing(
    clean_environment: None, monkeypatch: pytest.MonkeyPatch, level: str, as_text: bool
) -> None:
    output: Any = {"totalItems": 1, "buyers": [{"buyerId": "b1", "name": "Résumé \U0001f600 Library"}]}
    if as_text and level != "output":
        import json

        output = json.dumps(output)
    body: Any = output
    for name in ("output", "output_vars", "data"):
        body = body if name == level else {name: body}
    with scripted(lambda *_: Answer({"success": True, **body})) as (url, _):
        monkeypatch.setenv("STARBRIDGE_URL", f"{url}/")
        monkeypatch.setenv("DATAGEN_API_KEY", "k-1234567890\n")

        async def found() -> list[str]:
            async with Starbridge().session() as client:
                return [buyer.name for buyer in (await client.buyer_search(BuyerQuery(query="x"))).buyers]

        assert asyncio.run(found()) == ["Résumé \U0001f600 Library"]


def test_the_key_is_in_no_error(clean_environment: None, monkeypatch: pytest.MonkeyPatch) -> None:
    key = "sk-planted-0123456789"
    body = {"success": False, "error": {"message": f"the key {key} is over its limit"}}
    monkeypatch.setenv("DATAGEN_API_KEY", key)
    for status in (200, 403):
        with scripted(lambda *_, status=status: Answer(body, status)) as (url, _):
            monkeypatch.setenv("STARBRIDGE_URL", url)
            problem = failure()
        assert "over its limit" in str(problem)
        assert key not in f"{problem} {problem!r} {problem.args} {problem.__cause__!r}"
