"""`intent reply`: puts replies from a file into the inbox."""

import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from intent_assets.errors import InvalidReply
from intent_assets.intake.inbox import Inbox
from intent_assets.intake.refusals import summary_of
from intent_assets.intake.replies import NotTaken, parse_reply
from intent_assets.settings import Settings, load_settings

EXIT_REFUSED = 2


def reply(
    file: Annotated[str, typer.Argument(help="A file, or - for standard input.", metavar="FILE|-")],
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON list of what became of each reply.")] = False,
) -> None:
    """Put replies into the inbox; the reply sensor starts one report for each.

    FILE holds one JSON object, a JSON list, or one JSON object per line, each in Clay's form (target_domain or
    prospect_email, and what else is known) or one of Smartlead's webhook events. Each is accepted or refused by itself;
    the same reply again is known, and starts nothing.

    Exit code 0: all are in the inbox; 2: at least one was refused or left out, with the reason on standard error.
    """
    settings = load_settings()
    inbox = Inbox(settings.inbox)
    outcomes = [_take_in(item, inbox, settings) for item in _items(_read(file))]
    if not outcomes:
        typer.echo(f"intent: {_named(file)} holds no reply", err=True)
        raise typer.Exit(EXIT_REFUSED)
    if as_json:
        typer.echo(json.dumps(outcomes, indent=2, ensure_ascii=False))
    for number, outcome in enumerate(outcomes, start=1):
        if outcome["status"] in {"accepted", "known"}:
            if not as_json:
                known = "  (known already)" if outcome["status"] == "known" else ""
                typer.echo(f"{outcome['reply_id']}  {outcome['domain']}{known}")
        else:
            typer.echo(f"intent: reply {number} {outcome['status']}: {outcome['reason']}", err=True)
    if any(outcome["status"] not in {"accepted", "known"} for outcome in outcomes):
        raise typer.Exit(EXIT_REFUSED)


def _take_in(item: Any, inbox: Inbox, settings: Settings) -> dict[str, Any]:
    summary = summary_of(item) if isinstance(item, dict) else {}
    try:
        parsed = parse_reply(item, received_at=datetime.now(UTC), settings=settings, source="manual")
    except InvalidReply as problem:
        inbox.refused({"source": "manual", **summary}, str(problem))
        return {"status": "refused", "reason": str(problem)}
    if isinstance(parsed, NotTaken):
        inbox.refused({"source": "manual", **parsed.model_dump(exclude={"reason"})}, parsed.reason)
        return {"status": "left out", "reason": parsed.reason}
    put = inbox.put(parsed)
    return {"status": "accepted" if put.new else "known", "reply_id": put.reply_id, "domain": parsed.domain}


def _read(file: str) -> str:
    try:
        raw = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        return raw.decode("utf-8-sig")
    except OSError as problem:
        typer.echo(f"intent: {_named(file)} can't be read: {problem.strerror}", err=True)
    except UnicodeDecodeError:
        typer.echo(f"intent: {_named(file)} is not UTF-8 text", err=True)
    raise typer.Exit(EXIT_REFUSED)


def _items(text: str) -> Iterator[Any]:
    """Yield the replies of one JSON object or list, else those of each line; what is no JSON is yielded as its text."""
    document = _json(text)
    lines = [line for line in text.splitlines() if line.strip()]
    if document is not None:
        yield from document if isinstance(document, list) else [document]
    elif any(isinstance(_json(line), dict) for line in lines):
        yield from lines
    elif lines:
        yield text


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _named(file: str) -> str:
    return "standard input" if file == "-" else file
