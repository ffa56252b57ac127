"""The report, put together by code: blocks in a fixed order over the sections and the ledger. Pure.

No value is copied into a text; whatever a reader is told stands in a slot, also where code writes.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from intent_assets import assembly_buyer as parts
from intent_assets.assembly_book import Book, labelled, lines
from intent_assets.assembly_sources import source_notes, used_facts
from intent_assets.contacts import decision_maker, rank_contacts
from intent_assets.evidence import product_words
from intent_assets.evidence_display import LONGEST_TITLE_NAME, one_line
from intent_assets.evidence_drafts import rows
from intent_assets.evidence_opportunities import Signal, of_buyer
from intent_assets.grounding import texts_of
from intent_assets.records import (
    BuyerIntel,
    Contact,
    Fact,
    Reply,
    SearchStrategy,
    Section,
    SectionName,
    SectionSentence,
    SelectedBuyers,
)
from intent_assets.reports import Block, Callout, Divider, Heading, Items, Paragraph, Report, Text, Toggle

if TYPE_CHECKING:
    from pandas import DataFrame

_OF_FEATURED: frozenset[SectionName] = frozenset(
    {"executive_summary", "featured_section", "profile_summary", "gameplan", "call_to_action"}
)


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
) -> Report:
    """Return the report over `ledger`; `empty`, without blocks, if no buyer is featured.

    Sections and facts that are missing are left out. At most `signals_shown` signals and `contacts_shown` contacts
    of the featured buyer stand in its tables, those first that can be used first.
    """
    book = Book(ledger)
    featured = next((buyer for buyer in selected.buyers if buyer.role == "featured"), None)
    person: Contact | None = None
    blocks: list[Block] = []
    signals: dict[str, list[Signal]] = {
        buyer.buyer_id: of_buyer(discoveries, buyer.buyer_id, strategy.primary_keywords) for buyer in selected.buyers
    }
    if featured is not None:
        writing = _Writing(sections, featured.buyer_id)
        people = _people(reply, strategy, scored, featured)
        person, reason = _decision_maker(book, featured.buyer_id, people, product_words(reply, strategy))
        blocks = [
            *_opening(book, reply, featured.buyer_id),
            *writing.paragraph("executive_summary", "Executive summary"),
            *writing.by_heading("featured_section"),
            *_profile(book, writing, featured.buyer_id),
            parts.heading("Decision maker"),
            parts.decision_maker_card(book, featured.buyer_id, person, reason),
            *_titled("Contacts", parts.contacts_table(book, featured.buyer_id, people, contacts_shown)),
            *_titled(
                "Signals", parts.signals_table(book, featured.buyer_id, signals[featured.buyer_id], signals_shown)
            ),
            *writing.steps("gameplan", "Gameplan"),
            *_others(book, writing, selected, signals),
            *writing.callout("call_to_action", "Next step"),
            *_scanned(book, search_outcomes),
        ]
    report = Report(
        domain=reply.domain,
        reply=reply,
        as_of=as_of,
        outcome="report" if featured else "empty",
        title=_title(reply),
        summary=_summary(book, featured, signals),
        featured_buyer_id=featured.buyer_id if featured else None,
        featured_buyer_name=featured.buyer_name if featured else None,
        decision_maker=person,
        blocks=tuple(blocks),
        signal_ids=tuple(signal["signal_id"] for each in signals.values() for signal in each),
        signals_scanned=len(discoveries),
        buyers_scored=len(scored),
        ledger_size=len(ledger),
        usage=tuple(usage for usage in (strategy.usage, *(section.usage for section in sections)) if usage),
    )
    # Sources are numbered by the body: the summary is for the notice, which has no footnotes.
    body = report.model_copy(update={"title": "", "summary": ""})
    sources = source_notes(used_facts(texts_of(body), ledger), ledger, reply)
    return report.model_copy(update={"facts": used_facts(texts_of(report), ledger), "sources": sources})


class _Writing:
    """What Claude wrote, as texts that know whose they are."""

    def __init__(self, sections: Iterable[Section], featured_id: str) -> None:
        self._sections = {section.name: section.sentences for section in sections}
        self._featured_id = featured_id

    def texts(self, name: SectionName, sentences: Iterable[SectionSentence] | None = None) -> tuple[Text, ...]:
        """Return the sentences of a section, or those given, as texts."""
        chosen = self._sections.get(name, ()) if sentences is None else sentences
        return tuple(self._text(name, each.text, each.buyer_id) for each in chosen)

    def of_buyer(self, name: SectionName, buyer_id: str) -> tuple[Text, ...]:
        """Return the sentences of a section that are about one buyer."""
        return self.texts(name, [each for each in self._sections.get(name, ()) if each.buyer_id == buyer_id])

    def paragraph(self, name: SectionName, title: str) -> list[Block]:
        """Return the section as one paragraph under `title`."""
        texts = self.texts(name)
        return [parts.heading(title), Paragraph(sentences=texts)] if texts else []

    def callout(self, name: SectionName, title: str) -> list[Block]:
        """Return the section as a callout under `title`."""
        texts = self.texts(name)
        return [parts.heading(title), Callout(icon="📣", tone="good", lines=texts)] if texts else []

    def by_heading(self, name: SectionName) -> list[Block]:
        """Return a heading and a paragraph for each heading of the section, in order of appearance."""
        blocks: list[Block] = []
        for title, sentences in self._grouped(name):
            if title:
                blocks.append(Heading(level=2, text=self._text(name, title, self._featured_id)))
            blocks.append(Paragraph(sentences=self.texts(name, sentences)))
        return blocks

    def steps(self, name: SectionName, title: str) -> list[Block]:
        """Return the section as numbered steps, one a heading: its heading, then its sentences."""
        items = []
        for step, sentences in self._grouped(name):
            wording = "\n".join(each.text for each in sentences)  # the gate tells sentences apart by lines too
            items.append(self._text(name, f"{step}: {wording}" if step else wording, sentences[0].buyer_id))
        return [parts.heading(title), Items(ordered=True, items=tuple(items))] if items else []

    def _grouped(self, name: SectionName) -> list[tuple[str | None, list[SectionSentence]]]:
        groups: dict[str | None, list[SectionSentence]] = {}
        for sentence in self._sections.get(name, ()):
            groups.setdefault(sentence.heading, []).append(sentence)
        return list(groups.items())

    def _text(self, name: SectionName, template: str, buyer_id: str | None) -> Text:
        owner = buyer_id or (self._featured_id if name in _OF_FEATURED else None)
        return Text(template=template, author="claude", section=name, buyer_id=owner)


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


def _people(reply: Reply, strategy: SearchStrategy, scored: "DataFrame", featured: BuyerIntel) -> tuple[Contact, ...]:
    row = next((row for row in rows(scored) if row["buyer_id"] == featured.buyer_id), {})
    site = row.get("buyer_website") or (featured.profile.url if featured.profile else None)
    return rank_contacts(featured.contacts, product_words(reply, strategy), site)


def _decision_maker(
    book: Book, buyer_id: str, people: Sequence[Contact], words: Sequence[str]
) -> tuple[Contact | None, str]:
    person, reason = decision_maker(people, words)
    if person is not None and not book.of(buyer_id, "contact", person.contact_id)["name"]:
        return None, "nobody suitable is among the evidence"
    return person, reason


def _opening(book: Book, reply: Reply, featured_id: str) -> list[Block]:
    whom = [book.slot(None, "reply", reply.reply_id, field) for field in ("prospect_name", "company")]
    made_for = ", ".join(each for each in whom if each)
    line = f"As of {book.run('as_of')}" + (f", made for the reply of {made_for}." if made_for else ".")
    return [Paragraph(sentences=lines(None, (line,))), parts.snapshot(book, featured_id)]


def _profile(book: Book, writing: _Writing, featured_id: str) -> list[Block]:
    texts = writing.texts("profile_summary")
    written: list[Block] = [Paragraph(sentences=texts)] if texts else []
    return _titled("Buyer profile", [*written, *parts.profile_items(book, featured_id)])


def _others(book: Book, writing: _Writing, selected: SelectedBuyers, signals: dict[str, list[Signal]]) -> list[Block]:
    blocks: list[Block] = []
    for buyer in selected.buyers:
        if buyer.role == "secondary":
            texts = writing.of_buyer("secondary_cards", buyer.buyer_id)
            blocks += parts.card(book, buyer.buyer_id, texts, signals[buyer.buyer_id])
    return _titled("Other buyers", blocks)


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
