"""The report, put together by code: blocks in a fixed order over the sections and the ledger. Pure.

No value is copied into a text; whatever a reader is told stands in a slot, also where code writes.
"""

from collections.abc import Container, Iterable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING

from intent_assets import assembly_buyer as parts
from intent_assets.assembly_book import Book, labelled, lines
from intent_assets.assembly_opening import opening, public_body
from intent_assets.assembly_sources import source_notes, used_facts
from intent_assets.assembly_writing import Writing
from intent_assets.claims import Section
from intent_assets.contacts import decision_maker, rank_contacts
from intent_assets.evidence import NOTHING_KNOWN, product_words
from intent_assets.evidence_campaign import new_ids
from intent_assets.evidence_display import LONGEST_TITLE_NAME, one_line
from intent_assets.evidence_drafts import rows
from intent_assets.evidence_opportunities import MOST_OF_NOBODY, Signal, of_buyer, of_nobody
from intent_assets.grounding import texts_of
from intent_assets.prompts.gameplan import NOTES
from intent_assets.records import (
    BuyerIntel,
    Contact,
    Fact,
    ProspectContext,
    PublicBody,
    Reply,
    SearchStrategy,
    SelectedBuyers,
    Usage,
)
from intent_assets.reports import Block, Divider, Items, LastReport, Paragraph, Report, Text, Toggle

if TYPE_CHECKING:
    from pandas import DataFrame


def assemble(
    *,
    reply: Reply,
    strategy: SearchStrategy,
    discoveries: "DataFrame",
    scored: "DataFrame",
    selected: SelectedBuyers,
    search_outcomes: "DataFrame",
    ledger: Sequence[Fact],
    sections: Sequence[Section],
    signals_shown: int,
    contacts_shown: int,
    as_of: date,
    context: ProspectContext = NOTHING_KNOWN,
    last_report: LastReport | None = None,
) -> Report:
    """Return the report over `ledger`; `empty`, without blocks, if no buyer is featured.

    Sections and facts that are missing are left out. From tier 2 on there is a decision maker, in tier 3 relevancy,
    pitch angle and gameplan. Where the prospect is a public body, the report says so and selects nobody. At most
    `signals_shown` signals and `contacts_shown` contacts of the featured buyer stand in its tables, those first that
    can be used first; signals that the `last_report` had not are new.
    """
    book = Book(ledger)
    featured = next((buyer for buyer in selected.buyers if buyer.role == "featured"), None)
    person: Contact | None = None
    blocks: list[Block] = []
    signals: dict[str, list[Signal]] = {
        buyer.buyer_id: of_buyer(discoveries, buyer.buyer_id, strategy.primary_keywords, context.seen)
        for buyer in selected.buyers
    }
    unplaced = of_nobody(discoveries, strategy.primary_keywords, context.seen)[:MOST_OF_NOBODY] if featured else []
    body = context.public_body if selected.prospect else None
    if body is not None:
        blocks = [*public_body(book, reply, body), *_scanned(book, search_outcomes)]
    elif featured is not None:
        writing = Writing(sections, featured.buyer_id)
        own = signals[featured.buyer_id]
        people, person = _people(book, reply, strategy, scored, featured, contacts_shown)
        blocks = [
            *opening(book, reply, context, selected),
            *writing.paragraph("executive_summary", "Executive summary"),
            *writing.by_heading("featured_section"),
            *_profile(book, writing, featured.buyer_id),
            *people,
            *_titled("Signals", parts.signals_table(book, featured.buyer_id, own, signals_shown, context.seen)),
            *writing.notes("gameplan", NOTES),
            *writing.steps("gameplan", "Gameplan", without=NOTES),
            *_others(book, writing, selected, signals),
            *_unplaced(book, unplaced, context.seen),
            *writing.callout("call_to_action", "Next step"),
            *_scanned(book, search_outcomes),
        ]
    signal_ids = tuple(signal["signal_id"] for each in (*signals.values(), unplaced) for signal in each)
    report = Report(
        domain=reply.domain,
        reply=reply,
        as_of=as_of,
        outcome="public_body" if body else "report" if featured else "empty",
        title=_title(reply),
        summary=_of_public_body(book, reply, body) if body else _summary(book, featured, signals),
        featured_buyer_id=featured.buyer_id if featured else None,
        featured_buyer_name=body.buyer_name if body else featured.buyer_name if featured else None,
        decision_maker=person,
        blocks=tuple(blocks),
        signal_ids=signal_ids,
        new_signal_ids=new_ids(signal_ids, last_report),
        signals_scanned=len(discoveries),
        buyers_scored=len(scored),
        ledger_size=len(ledger),
        claims=tuple(claim for section in sections for claim in section.claims),
        usage=tuple(usage for usage in (strategy.usage, *_usages(sections)) if usage),
        check_usage=tuple(usage for section in sections for usage in section.check_usage),
        check_seconds=max((section.check_seconds for section in sections), default=0.0),
    )
    # Sources are numbered by the body: the summary is for the notice, which has no footnotes.
    without_heads = report.model_copy(update={"title": "", "summary": ""})
    sources = source_notes(used_facts(texts_of(without_heads), ledger), ledger, reply)
    return report.model_copy(update={"facts": used_facts(texts_of(report), ledger), "sources": sources})


def _usages(sections: Iterable[Section]) -> Iterator[Usage | None]:
    for section in sections:
        yield section.usage
        yield from section.check_usage


def _title(reply: Reply) -> str:
    company = one_line(reply.company or "", LONGEST_TITLE_NAME)
    return f"Intent report: {company} ({reply.domain})" if company else f"Intent report: {reply.domain}"


def _summary(book: Book, featured: BuyerIntel | None, signals: dict[str, list[Signal]]) -> str:
    if featured is None:
        looked = labelled(
            "looked through", f"signals {book.run('signals_found')}", f"buyers {book.run('buyers_scored')}"
        )
        return f"No buyer with a signal was found; {looked}, complete searches {book.run('searches_complete')}."
    name = book.of(featured.buyer_id, "buyer")["name"]
    best = parts.best_signal(book, featured.buyer_id, signals[featured.buyer_id])
    return f"{name} comes first: {best}." if best else f"{name} comes first."


def _of_public_body(book: Book, reply: Reply, body: PublicBody) -> str:
    name = book.of(body.buyer_id, "buyer")["name"]
    return f"{book.slot(None, 'reply', reply.reply_id, 'domain')} belongs to {name}: a buyer and no vendor."


def _people(
    book: Book, reply: Reply, strategy: SearchStrategy, scored: "DataFrame", featured: BuyerIntel, shown: int
) -> tuple[list[Block], Contact | None]:
    """Return the decision maker's card and the contacts, and who is it; nothing in tier 1."""
    if reply.tier < 2:
        return [], None
    buyer_id, words = featured.buyer_id, product_words(reply, strategy)
    row = next((row for row in rows(scored) if row["buyer_id"] == buyer_id), {})
    site = row.get("buyer_website") or (featured.profile.url if featured.profile else None)
    ranked = rank_contacts(featured.contacts, words, site)
    person, reason = _decision_maker(book, buyer_id, ranked, words)
    card = parts.decision_maker_card(book, buyer_id, person, reason)
    contacts = _titled("Contacts", parts.contacts_table(book, buyer_id, ranked, shown))
    return [parts.heading("Decision maker"), card, *contacts], person


def _decision_maker(
    book: Book, buyer_id: str, people: Sequence[Contact], words: Sequence[str]
) -> tuple[Contact | None, str]:
    person, reason = decision_maker(people, words)
    if person is not None and not book.of(buyer_id, "contact", person.contact_id)["name"]:
        return None, "nobody suitable is among the evidence"
    return person, reason


def _profile(book: Book, writing: Writing, featured_id: str) -> list[Block]:
    texts = writing.texts("profile_summary")
    written: list[Block] = [Paragraph(sentences=texts)] if texts else []
    return _titled("Buyer profile", [*written, *parts.profile_items(book, featured_id)])


def _others(book: Book, writing: Writing, selected: SelectedBuyers, signals: dict[str, list[Signal]]) -> list[Block]:
    blocks: list[Block] = []
    for buyer in selected.buyers:
        if buyer.role == "secondary":
            texts = writing.of_buyer("secondary_cards", buyer.buyer_id)
            blocks += parts.card(book, buyer.buyer_id, texts, signals[buyer.buyer_id])
    return _titled("Other buyers", blocks)


def _unplaced(book: Book, signals: Sequence[Signal], seen: Container[str]) -> list[Block]:
    table = parts.signals_table(book, None, signals, len(signals), seen)
    if not table:
        return []
    line = "These signals come from Supabase and name no buyer, so they count for none of those above."
    return [parts.heading("Signals without a buyer"), *table, Paragraph(sentences=lines(None, (line,)))]


def _scanned(book: Book, search_outcomes: "DataFrame") -> list[Block]:
    counted = [
        labelled("Complete searches", book.run("searches_complete")),
        labelled("Signals found", book.run("signals_found")),
        labelled("Buyers scored", book.run("buyers_scored")),
        labelled("Set aside for want of a buyer", book.run("set_aside")),
        labelled("Set aside as unreadable", book.run("unreadable")),
        labelled("Looked up on", book.run("as_of")),
        *(labelled("Missing", problem) for problem in book.problems()),
    ]
    searches = []
    for outcome in rows(search_outcomes):
        told = {
            field: book.slot(None, "run", outcome["search"], field) for field in ("search", "query", "found", "skipped")
        }
        found = f"found {told['found']}" if told["found"] else ""
        searches.append(
            labelled("Not asked", told["skipped"])
            if told["skipped"]
            else labelled("Search", told["search"], told["query"], found)
        )
    listed = Toggle(summary=Text(template="Searches in detail"), items=lines(None, searches))
    return [Divider(), parts.heading("What was scanned"), Items(items=lines(None, counted)), listed]


def _titled(title: str, blocks: list[Block]) -> list[Block]:
    return [parts.heading(title), *blocks] if blocks else []
