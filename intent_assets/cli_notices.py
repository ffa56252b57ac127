"""`intent notices`: what Clay was told and what it is yet to be told, and delivering it now."""

import json
from itertools import islice
from typing import Annotated, Any

import typer
from rich.table import Table
from rich.text import Text

from intent_assets.cli_text import printable, wide_console
from intent_assets.domains import normalise_domain
from intent_assets.outbox import Drained, Outbox, StoredNotice
from intent_assets.refusals import what_to_do
from intent_assets.settings import load_settings

EXIT_WAITING = 4


def notices(
    domain: Annotated[str | None, typer.Option(help="Only notices of this domain, for instance vmock.example.")] = None,
    waiting: Annotated[bool, typer.Option("--waiting", help="Only what Clay is yet to get.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="How many delivered notices, the latest.")] = 20,
    show: Annotated[
        str | None, typer.Option("--show", metavar="ID", help="Print one notice whole, with what it says of people.")
    ] = None,
    send: Annotated[bool, typer.Option("--send", help="Deliver what waits now, as the sensor does.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List the notices to Clay in the order in which they were put: event, domain, tries, what went wrong.

    The list names no person; `--show ID` prints one notice as Clay gets it, which does. All that waits is listed, and
    the latest that were delivered. Notices are delivered in order, at least once, always under the same id; one that
    Clay refuses holds up those behind it. Times are UTC.

    Exit code with `--send`: 0 nothing waits any more, 4 something still waits.
    """
    if show is not None and (send or waiting or domain):
        raise typer.BadParameter(
            "it is of one notice: use it without --send, --waiting and --domain", param_hint="--show"
        )
    if send and (waiting or domain):
        raise typer.BadParameter("delivers in order, so not some notices only", param_hint="--send")
    outbox = Outbox.of(load_settings())
    if show is not None:
        typer.echo(json.dumps(outbox.find(show).notice, indent=2, ensure_ascii=False))
    elif send:
        _send(outbox, as_json=as_json)
    else:
        key = normalise_domain(domain) if domain is not None else None
        _list(outbox, key, limit=0 if waiting else limit, as_json=as_json)


def _send(outbox: Outbox, *, as_json: bool) -> None:
    delivered = 0
    while True:
        done = outbox.drain()
        delivered += done.delivered
        if not done.waiting or not done.delivered:
            break
    if as_json:
        typer.echo(json.dumps({"delivered": delivered, "waiting": done.waiting, "problem": done.problem}, indent=2))
    else:
        typer.echo(_sent(delivered, done))
    if done.waiting:
        raise typer.Exit(EXIT_WAITING)


def _sent(delivered: int, done: Drained) -> str:
    if not done.waiting:
        return f"delivered {delivered}, none waits" if delivered else "no notice waits"
    return f"delivered {delivered}, {done.waiting} still waiting: {done.problem or 'put in meanwhile'}"


def _list(outbox: Outbox, domain: str | None, *, limit: int, as_json: bool) -> None:
    def wanted(stored: StoredNotice) -> bool:
        return domain is None or stored.domain == domain

    waiting = [stored for stored in outbox.waiting() if wanted(stored)]
    delivered = list(islice(filter(wanted, outbox.delivered()), limit)) if limit else []
    by_id = {stored.notice_id: stored for stored in (*waiting, *delivered)}
    found = sorted(by_id.values(), key=lambda stored: stored.arrival)
    if as_json:
        typer.echo(json.dumps([_row(stored) for stored in found], indent=2, ensure_ascii=False))
        return
    if found:
        _print(found)
    else:
        of = f" for {domain}" if domain else ""
        typer.echo(f"No notice {'waits' if not limit else 'was put'}{of}." + ("" if limit else " Clay has all."))
    _print_hints(outbox, waiting)


def _row(stored: StoredNotice) -> dict[str, Any]:
    """Return what `--json` gives of a notice: nothing of a person."""
    return {
        "notice_id": stored.notice_id,
        "event": stored.event,
        "domain": stored.domain,
        "run_id": stored.notice.get("run_id") or None,
        "state": stored.state,
        "put_at": stored.put_at.isoformat(timespec="seconds"),
        "delivered_at": stored.delivered_at.isoformat(timespec="seconds") if stored.delivered_at else None,
        "tries": stored.tries,
        "refusal": stored.refusal,
        "problem": stored.problem,
    }


def _print(found: list[StoredNotice]) -> None:
    table = Table("put (UTC)", "event", "domain", "state", "tries", "id", "problem")
    for stored in found:
        waits = stored.state == "waiting"
        when = "" if stored.delivered_at is None else f" {stored.delivered_at:%m-%d %H:%M:%S}"
        table.add_row(
            f"{stored.put_at:%Y-%m-%d %H:%M:%S}",
            Text(printable(stored.event)),
            Text(printable(stored.domain) or "-"),
            Text(f"{stored.state}{when}", style="yellow" if waits else "green"),
            str(stored.tries),
            Text(stored.notice_id),
            Text(printable(stored.problem or ""), overflow="fold"),
        )
    wide_console().print(table)


def _print_hints(outbox: Outbox, waiting: list[StoredNotice]) -> None:
    refused = next((stored for stored in waiting if stored.problem), None)
    if refused is not None:
        typer.echo(f"{len(waiting)} wait. {what_to_do(refused.notice_id, refused.refusal)}")
    damaged = outbox.counts()["damaged"]
    if damaged:
        typer.echo(f"{damaged} damaged files were moved to {outbox.folder / 'damaged'}, each with the reason beside it")
