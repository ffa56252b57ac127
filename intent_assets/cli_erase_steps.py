"""The steps of an erasure: what of a person is where, and its removal from there."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from intent_assets.domain_lock import domain_lock
from intent_assets.domains import is_partition_key
from intent_assets.durable import private_folder, write_file
from intent_assets.erasure import Person
from intent_assets.resources import erase_events, erase_places, warehouse_erase
from intent_assets.resources.erase_places import Found
from intent_assets.resources.warehouse import Warehouse
from intent_assets.run_values import run_folders
from intent_assets.settings import Settings
from intent_assets.spool import Locked
from intent_assets.values import ValueStore

if TYPE_CHECKING:
    import dagster as dg

UNFINISHED = ".erasing.json"
"""Under INTENT_HOME while an erasure is under way: the runs whose files have to be written anew."""


def learn(settings: Settings, warehouse: Warehouse, person: Person) -> None:
    """Add to `person` by what else the records of the address name it."""
    warehouse_erase.learn(warehouse, person)
    erase_places.learn(person, _value_roots(settings), settings.inbox, settings.outbox)


def everything(
    settings: Settings, warehouse: Warehouse, instance: "dg.DagsterInstance", person: Person
) -> Iterator[Found]:
    """Yield all that holds the person, as it is now."""
    yield from erase_places.inbox(settings.inbox, person)
    rests_on = _rests_on()
    for domain in person.domains:
        for root in _value_roots(settings, domain):
            yield from erase_places.values(root, person, domain, rests_on)
    yield from erase_places.outbox(settings.outbox, person)
    yield from warehouse_erase.history(warehouse, person)
    yield from _events(instance, person)


def _events(instance: "dg.DagsterInstance", person: Person) -> Iterator[Found]:
    for run in erase_events.runs_that_show(instance, person):
        what = "with its events" if run.ended else "which has not ended (see the Dagster UI)"
        yield Found("Dagster", run.domain, f"run {run.run_id} {what}", _nothing)
    for key in erase_events.assets_that_show(instance, person):
        yield Found("Dagster", None, f"latest materialization of {key.to_user_string()}", _nothing)


def remove_all(
    settings: Settings,
    warehouse: Warehouse,
    instance: "dg.DagsterInstance",
    person: Person,
    say: Callable[[str], None],
) -> None:
    """Remove the person everywhere, while no run of the domains is under way; `say` is told whom it waits for.

    What only names the person goes first, the records that tell the name last: so a call that was cut off can be made
    again and finds all that is left.
    """
    with ExitStack() as stack:
        unfinished = stack.enter_context(_one_at_a_time(settings))
        for domain in filter(is_partition_key, person.domains):
            stack.enter_context(domain_lock(settings, domain, say))
        _remove_events(settings, instance, person, unfinished)
        rests_on = _rests_on()
        for domain in person.domains:
            for root in _value_roots(settings, domain):
                _remove(erase_places.values(root, person, domain, rests_on))
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


def _value_roots(settings: Settings, domain: str | None = None) -> list[Path]:
    """Return the folders of values: the domains' own, and what single runs have made, of one domain or of all."""
    return [settings.values, *run_folders(settings, domain)]


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


def pages(settings: Settings, warehouse: Warehouse, domains: list[str]) -> dict[str, str]:
    """Return the Notion page of each domain that has one."""
    store = ValueStore(settings.values)
    values = {domain: store.find("notion_page", domain) for domain in filter(is_partition_key, domains)}
    known = {domain: page.url for domain, page in values.items() if page is not None and page.url}
    return warehouse_erase.pages(warehouse, domains) | known
