"""Readers of what comes in: replies in all their forms, their texts, domains and addresses, and files of replies."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from benchmarks.fuzz_reader import Read, Reader, always, kept, sent
from benchmarks.fuzz_samples import CHAT, REPORT_REQUEST, TOOL_ANSWER, polled_items, webhooks
from intent_assets.cli import app
from intent_assets.domains import domain_of_address, is_free_mail, normalise_domain, partition_key
from intent_assets.intake.mail import own_words, snippet
from intent_assets.intake.refusals import summary_of
from intent_assets.intake.replies import NotTaken, parse_polled, parse_reply
from intent_assets.notices import reply_accepted
from intent_assets.prompts import strategy
from intent_assets.records import Reply
from intent_assets.settings import Settings

_NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
_MAIL = (
    "<html><body><p>Sounds <b>good</b>, send more.</p><blockquote>On Mon, Ana wrote: hello</blockquote></body></html>",
    "Sounds good.\n\nBest regards,\nAna\n\n-----Original Message-----\nFrom: Ben\nSent: Monday\n> hello\n",
    "Am Mo., 3. Nov. 2026 um 09:00 Uhr schrieb Ben <ben@x.example>:\n> Hallo\nGern!\n--\nAna",
)
_DOMAINS = ("https://www.vmock.example/path?x=1", "mail.Bücher.example", "ana@vmock.example", "xn--bcher-kva.example")


@contextmanager
def _commands(*arguments: str, passing: tuple[int, ...]) -> Iterator[Read]:
    """Run a command over a file of the input; it may end with an exit code of `passing`, or with an error of ours."""
    file = Path("input").absolute()
    runner = CliRunner()

    def read(given: bytes) -> None:
        file.write_bytes(given)
        result = runner.invoke(app, [*arguments, str(file)])
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        if result.exit_code not in passing:
            raise AssertionError(f"exit code {result.exit_code}: {result.stderr[-300:]}")
        json.loads(result.stdout or "null")

    yield read


def _reply(settings: Settings, given: bytes) -> None:
    _used(parse_reply(given, received_at=_NOW, settings=settings))


def _polled(settings: Settings, given: Any) -> None:
    # Smartlead's client hands on the objects of the list, and nothing else of it
    if isinstance(given, dict):
        _used(parse_polled(given, received_at=_NOW, settings=settings))
        sent(summary_of(given))


def _used(parsed: Reply | NotTaken) -> None:
    """Do with a reply what the intake and its first assets do."""
    kept(parsed)
    if isinstance(parsed, Reply):
        partition_key(parsed.domain)
        sent(reply_accepted(parsed).wire())
        strategy.product(parsed)
        strategy.data(parsed).render(1000)


def _mail(given: str) -> None:
    words = own_words(given)
    if len(snippet(words)) > 240:
        raise AssertionError("the snippet is too long")


def _domain(given: str) -> None:
    found = normalise_domain(given)
    if partition_key(found) != found or "/" in found:
        raise AssertionError(f"{found!r} is no key")
    is_free_mail(given)


def _with_settings(read: Callable[[Settings, Any], None]) -> Callable[[], Any]:
    @contextmanager
    def opened() -> Iterator[Read]:
        yield partial(read, Settings())

    return opened


def _score_files() -> Sequence[Any]:
    named = {"as_of": "2026-11-23", "strategy": {"buyer_types": ["School"], "primary_keywords": ["career"]}}
    return [named | {"searches": [TOOL_ANSWER["opportunities"]], "buyers": TOOL_ANSWER["buyers"]}]


READERS = (
    Reader("reply: request for a report", "body", lambda: [REPORT_REQUEST], _with_settings(_reply), 4),
    Reader("reply: webhook", "body", webhooks, _with_settings(_reply), 4),
    Reader("reply: polled item", "value", polled_items, _with_settings(_polled), 3),
    Reader("reply: mail text", "text", lambda: [*_MAIL, CHAT], always(_mail), 2),
    Reader("reply: domain", "text", lambda: _DOMAINS, always(_domain), 3),
    Reader("reply: address", "text", lambda: ["Ana Diaz <ana@vmock.example>"], always(domain_of_address), 1),
    Reader(
        "reply: file", "body", lambda: [REPORT_REQUEST, [*webhooks()]],
        partial(_commands, "reply", "--json", passing=(0, 2)), 0.1,
    ),
    Reader("score: file", "body", _score_files, partial(_commands, "score", "--json", passing=(0,)), 0.3),
)  # fmt: skip
