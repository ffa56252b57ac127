"""A small report that is stored and published to the sandbox's Notion by the real client, without a run."""

from datetime import UTC, datetime
from typing import Any

from intent_assets.evidence import to_frame
from intent_assets.rendering.markdown import text_hash
from intent_assets.reports import FactCheckedReport, NotionPage, StrategicAddendum, Verdict
from intent_assets.resources.notion_calls import bare_id
from intent_assets.sandbox.notion_store import Node
from intent_assets.sandbox.server import Sandbox
from intent_assets.settings import load_settings
from intent_assets.values import ValueStore
from tests.assembled import a_report
from tests.resources.notion_server import publish, run, service

DOMAIN = "vmock.example"
CHAT = ("The board talks about career readiness.", "Start with the schools that asked.")


def put_on_page(*, chat: tuple[str, ...] = CHAT, **changes: Any) -> NotionPage:
    """Store and publish the report of `assembled`, with sentences of the buyer chat below it."""
    report, facts = a_report(**changes)
    checked = FactCheckedReport(report=report, verdict=Verdict(outcome="passed", text_hash=text_hash(report)))
    published = publish(checked)
    page = NotionPage(
        status="created",
        page_id=published.page_id,
        url=published.url,
        text_hash=checked.verdict.text_hash,
        reply_id=report.reply.reply_id,
        published_at=datetime.now(UTC),
    )
    run(lambda client: client.append_addendum(published.page_id, chat))
    store = stored()
    store.write("evidence", DOMAIN, to_frame(facts))
    store.write("fact_checked_report", DOMAIN, checked)
    store.write("notion_page", DOMAIN, page)
    addendum = StrategicAddendum(
        status="added" if chat else "nothing_to_add", page_id=published.page_id, sentences=chat
    )
    store.write("strategic_addendum", DOMAIN, addendum)
    return page


def stored() -> ValueStore:
    """The values of this test."""
    return ValueStore(load_settings().values)


def block(server: Sandbox, page: NotionPage, words: str) -> Node:
    """The block of the page that says `words`, also one inside another."""

    def below(node_id: str) -> list[Node]:
        children = service(server).store.children(node_id)
        return [*children, *(inner for child in children for inner in below(child.id))]

    return next(node for node in below(bare_id(page.page_id) or "") if words in str(node.value))


def say(server: Sandbox, node: Node, text: str) -> None:
    """Edit a block as a person would: its whole text."""
    store = service(server).store
    with store.change():
        store.update(node, rich_text=[{"text": {"content": text}}])
