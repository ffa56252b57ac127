"""`intent erase`: a person out of everything that is kept here."""

import json
from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from intent_assets.erasure import Person, checked_address
from intent_assets.settings import load_settings

if TYPE_CHECKING:
    from intent_assets.resources.erase_places import Found

EXIT_LEFT = 4


def erase(
    email: Annotated[str, typer.Option(help="The person's e-mail address, in any case.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be removed; remove nothing.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Remove a person from history, stored values, inbox, outbox and Dagster's event log, and say what was removed.

    Whole records go: name, title, phone and profile with the address. Values that were made from them go as well; the
    domain's next run makes them anew. Notices and the rows of runs in the history stay, without the person. Waits for
    runs of the domains that are under way. May be repeated at any time; the second time there is nothing left.

    Exit code 0: nothing of the person is left here; 4: something is, with the reason.
    """
    settings, person = load_settings(), Person(checked_address(email))
    from intent_assets import cli_erase_steps as steps
    from intent_assets.instance import open_instance
    from intent_assets.resources.erase_events import FilesOpen
    from intent_assets.resources.warehouse import Warehouse

    warehouse = Warehouse()
    with open_instance(settings) as instance:
        steps.learn(settings, warehouse, person)
        pages = steps.pages(settings, warehouse, person.domains)
        removed = list(steps.everything(settings, warehouse, instance, person))
        left: list[str] = []
        if not dry_run:
            try:
                steps.remove_all(settings, warehouse, instance, person, _say)
            except FilesOpen as problem:  # it comes last
                left.append(str(problem))
            left += [_named(found) for found in steps.everything(settings, warehouse, instance, person)]
    if as_json:
        typer.echo(json.dumps(_answer(removed, left, person, pages, dry_run=dry_run), indent=2, ensure_ascii=False))
    else:
        _print(removed, left, pages, dry_run=dry_run)
    if left:
        raise typer.Exit(EXIT_LEFT)


def _named(found: "Found") -> str:
    return " ".join(filter(None, (found.place, found.domain and f"of {found.domain}:", found.what)))


def _elsewhere(pages: Mapping[str, str]) -> list[str]:
    """Return what can't be reached from here, and what to do there."""
    told = [
        f"Notion, the page of {domain}: {url} (remove the person there; Notion's page history keeps older versions)"
        for domain, url in pages.items()
    ]
    return [
        *told,
        "Starbridge may list the person still: have them removed there, or the next report brings them back",
        "Clay and Slack got the notices that were delivered: delete the person's rows and messages there",
        "Smartlead keeps the lead and the mails: delete the lead there, or a poll brings the reply back",
        "files that were imported, backups and the logs of other programs are copies of their own",
    ]


def _answer(
    removed: list["Found"], left: list[str], person: Person, pages: Mapping[str, str], *, dry_run: bool
) -> dict[str, Any]:
    return {
        "dry_run": dry_run,
        "removed": [{"place": found.place, "domain": found.domain, "what": found.what} for found in removed],
        "left": left,
        "domains": person.domains,
        "elsewhere": _elsewhere(pages),
    }


def _print(removed: list["Found"], left: list[str], pages: Mapping[str, str], *, dry_run: bool) -> None:
    if not removed:
        typer.echo("nothing of this person is kept here")
    else:
        typer.echo("would be removed:" if dry_run else "removed:")
        for place, of in dict.fromkeys((found.place, found.domain) for found in removed):
            whats = Counter(found.what for found in removed if (found.place, found.domain) == (place, of))
            named = ", ".join(what if count == 1 else f"{what} ({count} times)" for what, count in whats.items())
            typer.echo(f"  {place}{f' of {of}' if of else ''}, {sum(whats.values())}: {named}")
        for domain in sorted({found.domain for found in removed if found.place == "values" and found.domain}):
            typer.echo(f"the values of {domain} are made anew by its next run: intent report {domain}")
    for line in left:
        _say(f"STILL THERE: {line}")
    if left:
        _say("run this again when what holds it is over")
    typer.echo("not reached from here:")
    for line in _elsewhere(pages):
        typer.echo(f"  {line}")


def _say(line: str) -> None:
    typer.echo(line, err=True)
