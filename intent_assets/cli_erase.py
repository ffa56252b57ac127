"""`intent erase`: a person out of everything that is kept here."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from intent_assets.domain_lock import domain_lock
from intent_assets.domains import is_partition_key
from intent_assets.durable import private_folder, write_file
from intent_assets.erasure import Person, checked_address
from intent_assets.resources import erase_events, erase_places, warehouse_erase
from intent_assets.resources.erase_places import Found
from intent_assets.resources.warehouse import Warehouse
from intent_assets.settings import Settings, load_settings
from intent_assets.spool import Locked
from intent_assets.values import ValueStore

if TYPE_CHECKING:
    import dagster as dg

UNFINISHED = ".erasing.json"
"""Under INTENT_HOME while an erasure is under way: the runs whose files have to be written anew."""

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
    settings, warehouse = load_settings(), Warehouse()
    person = Person(checked_address(email))
    from intent_assets.instance import open_instance

    with open_instance(settings) as instance:
        _learn(settings, warehouse, person)
        pages = _pages(settings, warehouse, person.domains)
        removed = list(_everything(settings, warehouse, instance, person))
        left: list[str] = []
        if not dry_run:
            try:
                _remove_all(settings, warehouse, instance, person)
            except erase_events.FilesOpen as problem:  # it comes last
                left.append(str(problem))
            left += [_named(found) for found in _everything(settings, warehouse, instance, person)]
    if as_json:
        typer.echo(json.dumps(_answer(removed, left, person, pages, dry_run=dry_run), indent=2, ensure_ascii=False))
    else:
        _print(removed, left, pages, dry_run=dry_run)
    if left:
        raise typer.Exit(EXIT_LEFT)


def _learn(settings: Settings, warehouse: Warehouse, person: Person) -> None:
    warehouse_erase.learn(warehouse, person)
    erase_places.learn(person, settings.values, settings.inbox, settings.outbox)


def _everything(
    settings: Settings, warehouse: Warehouse, instance: "dg.DagsterInstance", person: Person
) -> Iterator[Found]:
    """Yield all that holds the person, as it is now."""
    yield from erase_places.inbox(settings.inbox, person)
    rests_on = _rests_on()
    for domain in person.domains:
        yield from erase_places.values(settings.values, person, domain, rests_on)
    yield from erase_places.outbox(settings.outbox, person)
    yield from warehouse_erase.history(warehouse, person)
    yield from _events(instance, person)


def _events(instance: "dg.DagsterInstance", person: Person) -> Iterator[Found]:
    for run in erase_events.runs_that_show(instance, person):
        what = "with its events" if run.ended else "which has not ended (see the Dagster UI)"
        yield Found("Dagster", run.domain, f"run {run.run_id} {what}", _nothing)
    for key in erase_events.assets_that_show(instance, person):
        yield Found("Dagster", None, f"latest materialization of {key.to_user_string()}", _nothing)


def _remove_all(settings: Settings, warehouse: Warehouse, instance: "dg.DagsterInstance", person: Person) -> None:
    """Remove the person everywhere, while no run of the domains is under way.

    What only names the person goes first, the records that tell the name last: so a call that was cut off can be made
    again and finds all that is left.
    """
    with ExitStack() as stack:
        unfinished = stack.enter_context(_one_at_a_time(settings))
        for domain in filter(is_partition_key, person.domains):
            stack.enter_context(domain_lock(settings, domain, _say))
        _remove_events(settings, instance, person, unfinished)
        rests_on = _rests_on()
        for domain in person.domains:
            _remove(erase_places.values(settings.values, person, domain, rests_on))
        if settings.outbox.exists():
            with Locked(settings.outbox / ".drain.lock"), Locked(settings.outbox / ".put.lock"):
                _remove(erase_places.outbox(settings.outbox, person))
        _remove_rows(settings, warehouse, person, unfinished)
        if settings.inbox.exists():
            with Locked(settings.inbox / ".lock"):
                _remove(erase_places.inbox(settings.inbox, person))
        if unfinished["runs"] or unfinished["index"]:
            erase_events.write_anew(instance, unfinished["runs"])


def _remove_events(
    settings: Settings, instance: "dg.DagsterInstance", person: Person, unfinished: dict[str, Any]
) -> None:
    runs = [run.run_id for run in erase_events.runs_that_show(instance, person) if run.ended]
    if runs:
        unfinished["runs"] = sorted({*unfinished["runs"], *runs})
        _keep(settings, unfinished)
    for run_id in unfinished["runs"]:  # those of a call that was cut off as well: their record may be gone already
        erase_events.forget_run(instance, run_id)
    for key in erase_events.assets_that_show(instance, person):
        unfinished["index"] = True
        _keep(settings, unfinished)
        erase_events.tell_anew(instance, key)


def _remove_rows(settings: Settings, warehouse: Warehouse, person: Person, unfinished: dict[str, Any]) -> None:
    rows = warehouse_erase.history(warehouse, person)
    if rows:
        unfinished["history"] = True
        _keep(settings, unfinished)
        rows[0].remove()
    if unfinished["history"]:
        warehouse_erase.write_anew(warehouse)


@contextmanager
def _one_at_a_time(settings: Settings) -> Iterator[dict[str, Any]]:
    """Give what an earlier erasure that was cut off left to do; it is forgotten when all is done."""
    private_folder(settings.home)
    file = settings.home / UNFINISHED
    with Locked(settings.home / ".erasing.lock"):
        unfinished: dict[str, Any] = {"runs": [], "index": False, "history": False}
        if file.exists():
            unfinished |= json.loads(file.read_bytes())
        yield unfinished
        file.unlink(missing_ok=True)


def _keep(settings: Settings, unfinished: Mapping[str, Any]) -> None:
    write_file(settings.home / UNFINISHED, json.dumps(unfinished).encode())


def _remove(found: Iterable[Found]) -> None:
    for each in found:
        each.remove()


def _nothing() -> None:
    """Do nothing: events are removed by run."""


def _rests_on() -> dict[str, frozenset[str]]:
    """Return asset -> all assets downstream of it."""
    from intent_assets.definitions import defs

    graph = defs.resolve_asset_graph()

    def below(key: Any) -> set[Any]:
        children = set(graph.get(key).child_keys)
        return children.union(*map(below, children))

    return {
        key.to_user_string(): frozenset(child.to_user_string() for child in below(key))
        for key in graph.get_all_asset_keys()
    }


def _pages(settings: Settings, warehouse: Warehouse, domains: list[str]) -> dict[str, str]:
    store = ValueStore(settings.values)
    values = {domain: store.find("notion_page", domain) for domain in filter(is_partition_key, domains)}
    known = {domain: page.url for domain, page in values.items() if page is not None and page.url}
    return warehouse_erase.pages(warehouse, domains) | known


def _named(found: Found) -> str:
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
    removed: list[Found], left: list[str], person: Person, pages: Mapping[str, str], *, dry_run: bool
) -> dict[str, Any]:
    return {
        "dry_run": dry_run,
        "removed": [{"place": found.place, "domain": found.domain, "what": found.what} for found in removed],
        "left": left,
        "domains": person.domains,
        "elsewhere": _elsewhere(pages),
    }


def _print(removed: list[Found], left: list[str], pages: Mapping[str, str], *, dry_run: bool) -> None:
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
