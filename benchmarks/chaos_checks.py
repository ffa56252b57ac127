"""What has to be true after the chaos, and what it cost."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from benchmarks.chaos_faults import SERVICES, way_of
from benchmarks.system import System
from intent_assets.rendering.markdown import text_hash
from intent_assets.rendering.notion import END_LINE, title_marker
from intent_assets.reports import FactCheckedReport
from intent_assets.sandbox.core import Call
from intent_assets.sandbox.notion_store import Node
from intent_assets.settings import load_settings
from intent_assets.values import ValueStore

LIMIT = 10
_ENDINGS = {"report.ready", "report.updated", "report.held", "report.empty"}
_PUBLISHED = {"report.ready", "report.updated"}
_WRITING = {
    "strategy", "executive_summary", "featured_section", "secondary_cards", "profile_summary", "gameplan",
    "call_to_action",
}  # fmt: skip


def problems(system: System, accepted: Mapping[str, str]) -> Iterator[str]:
    """Yield everything that is not as it has to be; `accepted` is reply id -> domain of what was answered with 202."""
    yield from _replies(system, accepted)
    yield from _notices(system.sandbox.service("clay").notices, accepted)
    yield from _pages(system, sorted(set(accepted.values())))
    peak = in_flight(system.sandbox.calls, "starbridge")
    if peak > LIMIT:
        yield f"{peak} calls of Starbridge were in flight at once; the limit is {LIMIT}"


def facts(system: System, accepted: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return what is worth knowing beside: how often things were done again."""
    calls = system.sandbox.calls
    clay = system.sandbox.service("clay")
    again = sum(received.duplicate for received in clay.received)
    chats = _answered(call for call in calls if call.operation == "buyer_chat")
    rows = [
        ("replies accepted, domains", f"{len(accepted)}, {len(set(accepted.values()))}"),
        ("run processes killed, restarts of everything", f"{system.kills}, {system.restarts}"),
        ("notices that Clay got once more, by id", f"{again} of {len(clay.received)}"),
        ("calls of Starbridge in flight at the most", f"{in_flight(calls, 'starbridge')} (limit {LIMIT})"),
        ("buyer chats paid for, a reply", f"{len(chats) / max(1, len(accepted)):.2f}"),
    ]
    written = Counter(call.digest for call in _answered(calls) if call.operation in _WRITING)
    judged = sum(call.operation == "sentence_verdict" for call in _answered(calls))
    twice = sum(count - 1 for count in written.values())
    rows += [
        ("sections and strategies paid for, of these for the second time", f"{written.total()}, {twice}"),
        ("sentences judged, a reply; sentences of a report", f"{judged / len(accepted):.1f}; {_claims(accepted):.1f}"),
    ]
    return rows


def _claims(accepted: Mapping[str, str]) -> float:
    """Return how many sentences Claude wrote for a report, on the average of the last ones of all domains."""
    store = ValueStore(load_settings().values)
    found = [store.find("fact_checked_report", domain) for domain in set(accepted.values())]
    return sum(len(checked.report.claims) for checked in found if checked is not None) / max(1, len(found))


def fault_rows(system: System) -> Iterator[list[str]]:
    """Yield a row for each way to fail: how often it was played at each service."""
    fired = Counter((way_of(each.fault), each.service) for each in system.sandbox.faults.fired)
    calls = Counter(call.service for call in system.sandbox.calls)
    for way in dict.fromkeys(way for way, _ in fired):
        yield [way, *(f"{fired[way, service]:,}" for service in SERVICES)]
    totals = {service: sum(count for (_, of), count in fired.items() if of == service) for service in SERVICES}
    yield ["all", *(f"{totals[service]:,} of {calls[service]:,}" for service in SERVICES)]


def in_flight(calls: Sequence[Call], service: str) -> int:
    """Return how many calls of a service were in flight at once at the most."""
    moments = [(call.started, 1) for call in calls if call.service == service]
    moments += [(call.ended, -1) for call in calls if call.service == service and call.ended is not None]
    most = now = 0
    for _, change in sorted(moments):
        now += change
        most = max(most, now)
    return most


def _answered(calls: Iterable[Call]) -> list[Call]:
    """Return the calls whose answer went out whole: what they brought was paid for and could be stored."""
    return [call for call in calls if call.fault is None and call.status == 200]


def _replies(system: System, accepted: Mapping[str, str]) -> Iterator[str]:
    for reply_id, domain in accepted.items():
        if system.inbox.get(reply_id).domain != domain:
            yield f"{reply_id} is of another domain than it was sent for"
    counts = system.inbox.counts()
    if counts["pending"] or counts["damaged"] or counts["taken"] != len(accepted):
        yield f"the inbox holds {counts}, and {len(accepted)} replies were accepted"


def _notices(notices: Sequence[Mapping[str, Any]], accepted: Mapping[str, str]) -> Iterator[str]:
    said: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    contents: dict[str, set[str]] = defaultdict(set)
    for notice in notices:
        contents[notice["notice_id"]].add(repr(sorted(notice.items())))
        if notice.get("reply"):
            kind = "ending" if notice["event"] in _ENDINGS else notice["event"]
            said[notice["reply"]["reply_id"]][kind].add(notice["notice_id"])
    for reply_id, domain in accepted.items():
        for kind in ("reply.accepted", "ending"):
            if len(said[reply_id][kind]) != 1:
                yield f"{reply_id} of {domain}: Clay knows {len(said[reply_id][kind])} {kind}"
    yield from (f"Clay was told of the unknown reply {reply_id}" for reply_id in said if reply_id not in accepted)
    yield from (f"the notice {name} came with two contents" for name, each in contents.items() if len(each) > 1)


def _pages(system: System, domains: Sequence[str]) -> Iterator[str]:
    store, values = system.sandbox.service("notion").store, ValueStore(load_settings().values)
    standing = [page for page in store.pages() if not page.in_trash]
    events = {
        notice["reply"]["reply_id"]: notice["event"]
        for notice in system.sandbox.service("clay").notices
        if notice["event"] in _ENDINGS
    }
    for domain in domains:
        own = [page for page in standing if _title(page).endswith(title_marker(domain))]
        newest = system.inbox.latest(domain)
        checked: FactCheckedReport | None = values.find("fact_checked_report", domain)
        if newest is None or checked is None:
            yield f"{domain}: there is no report"
        elif checked.report.reply.reply_id != newest.reply_id:
            yield f"{domain}: the last report is of {checked.report.reply.reply_id}, not of {newest.reply_id}"
        elif events.get(newest.reply_id) in _PUBLISHED and len(own) != 1:
            yield f"{domain}: there are {len(own)} pages"
        elif own and f"{END_LINE} {text_hash(checked.report)[:12]}" not in _text(store, own[0]):
            yield f"{domain}: the page shows another text than the newest report"


def _title(page: Node) -> str:
    return "".join(str(item["plain_text"]) for item in page.value.get("title", []))


def _text(store: Any, page: Node) -> str:
    items = [item for child in store.children(page.id) for item in child.value.get("rich_text", [])]
    return "".join(str(item["plain_text"]) for item in items)
