"""Publishing through the real client to the sandbox's Notion."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from intent_assets.errors import MissingSettings, NotionError
from intent_assets.rendering.markdown import text_hash
from intent_assets.rendering.notion import ADDENDUM_HEADING, blocks
from intent_assets.reports import FactCheckedReport, Items, Verdict
from intent_assets.resources.notion import PublishedPage
from intent_assets.resources.notion_calls import bare_id
from intent_assets.sandbox.server import Sandbox
from tests.rendering.reports import fact, full_report, paragraph, passed, report, slot, text
from tests.resources.notion_server import (
    as_new,
    fault,
    meant,
    operations,
    other_page,
    pages,
    publish,
    run,
    service,
    shown,
)

pytestmark = pytest.mark.filterwarnings("ignore:The `__fields__` attribute is deprecated")
"""Dagster reads a field of pydantic that newer versions call by another name."""


@pytest.fixture(scope="module")
def running() -> Iterator[Sandbox]:
    with Sandbox(only=["notion"]) as sandbox:
        yield sandbox


@pytest.fixture
def server(running: Sandbox, clean_environment: None, monkeypatch: pytest.MonkeyPatch) -> Sandbox:
    return as_new(running, monkeypatch)


def test_a_first_report_makes_one_page_that_says_it(server: Sandbox) -> None:
    page = publish()
    assert (page.created, page.unchanged, page.duplicates) == (True, False, ())
    assert page.url.endswith(f"/page/{bare_id(page.page_id)}")
    assert [node.value["title"][0]["plain_text"] for node in pages(server)] == ["Intent report: VMock (vmock.example)"]
    assert shown(page.page_id) == meant()


@pytest.mark.parametrize("known", [True, False], ids=["known page id", "found by its title"])
def test_a_later_report_refreshes_the_same_page(server: Sandbox, known: bool) -> None:
    first = publish()
    newer = passed(full_report(extra=" The board met again.", title="Intent report: VMock Inc."))
    page = publish(newer, first.page_id if known else None)
    assert (page.page_id, page.created, page.unchanged) == (first.page_id, False, False)
    assert shown(page.page_id) == meant(newer)
    assert [node.value["title"][0]["plain_text"] for node in pages(server)] == [
        "Intent report: VMock Inc. (vmock.example)"
    ]


def test_the_same_report_again_writes_nothing(server: Sandbox) -> None:
    first = publish()
    server.calls.clear()
    page = publish(known=first.page_id)
    assert page == PublishedPage(first.page_id, first.url, created=False, unchanged=True)
    assert {call.method for call in server.calls} == {"GET"}


def test_a_report_of_many_requests(server: Sandbox) -> None:
    facts = [fact(1, "long words " * 400), fact(2, "a@b.example", "email")]
    made = passed(report([Items(items=(text(slot(1)),) * 350), paragraph(*[slot(2)] * 120)], facts))
    page = publish(made)
    assert shown(page.page_id) == meant(made)
    assert operations(server, "append_children") >= 3


@pytest.mark.parametrize(
    ("verdict", "words", "reason"),
    [
        (Verdict(outcome="held", text_hash=text_hash(full_report())), "held", "the check held it back"),
        (Verdict(outcome="empty", text_hash=text_hash(full_report())), "empty", "there is nothing to tell"),
        (Verdict(outcome="passed", text_hash="0" * 64), "check the report again", "another text was checked"),
        (Verdict(outcome="passed", text_hash=""), "check the report again", "no text was checked"),
    ],
)
def test_unchecked_text_never_goes_out(server: Sandbox, verdict: Verdict, words: str, reason: str) -> None:
    with pytest.raises(NotionError, match=words):
        publish(FactCheckedReport(report=full_report(), verdict=verdict))
    assert server.calls == [], reason


@pytest.mark.parametrize("missing", ["NOTION_TOKEN", "NOTION_PARENT_ID"])
def test_a_missing_variable_is_named(server: Sandbox, monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    monkeypatch.delenv(missing)
    with pytest.raises(MissingSettings, match=missing):
        publish()


def test_a_parent_that_is_no_id_is_named(server: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NOTION_PARENT_ID", "my page")
    with pytest.raises(NotionError, match="NOTION_PARENT_ID"):
        publish()


def test_a_parent_that_is_not_shared_is_named(server: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NOTION_PARENT_ID", "0" * 32)
    with pytest.raises(NotionError, match="NOTION_PARENT_ID"):
        publish()


def test_a_parent_id_with_dashes_is_the_same(server: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    first = publish()
    bare = server.variables()["NOTION_PARENT_ID"]
    dashed = f"{bare[:8]}-{bare[8:12]}-{bare[12:16]}-{bare[16:20]}-{bare[20:]}".upper()
    monkeypatch.setenv("NOTION_PARENT_ID", dashed)
    assert publish().page_id == first.page_id


@pytest.mark.parametrize("known", [True, False], ids=["known page id", "search"])
def test_a_page_in_the_trash_is_left_there(server: Sandbox, known: bool) -> None:
    first = publish()
    store = service(server).store
    node = store.any(bare_id(first.page_id) or "")
    assert node is not None
    with store.change():
        store.trash(node)
    page = publish(known=first.page_id if known else None)
    assert page.page_id != first.page_id
    assert page.created
    assert len(pages(server)) == 1


@pytest.mark.parametrize(
    ("known", "reason"),
    [
        ("not an id", "no id at all"),
        ("../../users/me", "no id at all"),
        ("f" * 32, "gone"),
        ("other parent", "somebody else's page"),
        ("block", "a block of a page"),
    ],
)
def test_a_known_id_that_is_not_the_domains_page_is_passed_over(server: Sandbox, known: str, reason: str) -> None:
    first = publish()
    store = service(server).store
    if known == "other parent":
        known = other_page(server, parent=other_page(server, "Somebody's notes"))
    elif known == "block":
        known = store.children(bare_id(first.page_id) or "")[0].id
    assert publish(known=known).page_id == first.page_id, reason


@pytest.mark.parametrize(
    ("title", "reason"),
    [
        ("Intent report: VMock", "no marker"),
        ("About vmock.example", "the domain, but not as the marker"),
        ("Intent report: X (my.vmock.example)", "a subdomain"),
        ("Intent report: X (notvmock.example)", "ends alike"),
        ("(vmock.example) notes", "the marker, but not at the end"),
    ],
)
def test_other_peoples_pages_are_not_taken(server: Sandbox, title: str, reason: str) -> None:
    theirs = other_page(server, title)
    page = publish()
    assert bare_id(page.page_id) != theirs, reason
    assert service(server).store.children(theirs) == [], reason


def test_of_two_pages_the_older_is_used_and_the_other_told(server: Sandbox) -> None:
    older, younger = other_page(server), other_page(server)
    page = publish()
    assert (bare_id(page.page_id), [bare_id(other) for other in page.duplicates]) == (older, [younger])
    assert service(server).store.children(younger) == []


def damage_text(store: Any, page_id: str) -> None:
    node = next(child for child in store.children(page_id) if child.kind == "paragraph")
    store.update(node, rich_text=[{"text": {"content": "The budget is $9 billion."}}])


def damage_lost(store: Any, page_id: str) -> None:
    store.trash(store.children(page_id)[2])


def damage_added(store: Any, page_id: str) -> None:
    store.add_blocks(page_id, [{"paragraph": {"rich_text": [{"text": {"content": "Call me"}}]}}], 1)


def damage_row(store: Any, page_id: str) -> None:
    table = next(child for child in store.children(page_id) if child.kind == "table")
    store.trash(store.children(table.id)[1])


def damage_doubled(store: Any, page_id: str) -> None:
    store.add_blocks(page_id, blocks(full_report()))


def damage_emptied(store: Any, page_id: str) -> None:
    for child in store.children(page_id):
        store.trash(child)


@pytest.mark.parametrize("markdown", [True, False], ids=["cleared at once", "cleared block by block"])
@pytest.mark.parametrize("damage", [damage_text, damage_lost, damage_added, damage_row, damage_doubled, damage_emptied])
def test_a_damaged_page_is_healed(server: Sandbox, damage: Callable[[Any, str], None], markdown: bool) -> None:
    first = publish()
    store = service(server).store
    with store.change():
        damage(store, bare_id(first.page_id) or "")
    if not markdown:
        server.faults.add(fault("markdown", "status", status=404))
    page = publish(known=first.page_id)
    assert not page.unchanged
    assert shown(page.page_id) == meant()


def test_pages_that_people_put_below_the_report_stay(server: Sandbox) -> None:
    first = publish()
    theirs = other_page(server, "My notes", parent=bare_id(first.page_id))
    assert publish(known=first.page_id).unchanged, "a page below is not part of the report"
    newer = passed(full_report(extra=" More."))
    assert shown(publish(newer, first.page_id).page_id) == meant(newer)
    node = service(server).store.any(theirs)
    assert node is not None
    assert not node.in_trash


def test_the_addendum_is_added_once_and_replaced(server: Sandbox) -> None:
    page = publish()

    def add(*sentences: str) -> list[str]:
        run(lambda client: client.append_addendum(page.page_id, sentences))
        return shown(page.page_id)[len(meant()) :]

    heading = f"heading_2: {ADDENDUM_HEADING}"
    assert add("They plan a pilot.") == ["divider:", heading, "quote: They plan a pilot."]
    assert add("They plan a pilot.") == ["divider:", heading, "quote: They plan a pilot."]
    assert add("Two.", "Three.") == ["divider:", heading, "quote: Two.", "quote: Three."]
    assert publish(known=page.page_id).unchanged, "the section is no part of the report"
    assert shown(page.page_id)[-1] == "quote: Three."
    assert add() == []


def test_a_new_report_takes_the_old_addendum_away(server: Sandbox) -> None:
    page = publish()
    run(lambda client: client.append_addendum(page.page_id, ["They plan a pilot."]))
    newer = passed(full_report(extra=" More."))
    assert shown(publish(newer, page.page_id).page_id) == meant(newer)


def test_check_tells_who_and_where(server: Sandbox) -> None:
    assert run(lambda client: client.check()) == (
        'connected as "Intent reports (sandbox)", parent page "Intent reports (sandbox)" can be read'
    )
