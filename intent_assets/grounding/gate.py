"""The gate: text against facts. Pure, deterministic, and it fails closed.

A fault is anything that a reader could take for a fact and that is not a bound one. What the gate can't tell from a
fault is one. Only literal names of the reply and of the ledger may be typed; everything else stands in a slot.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial

from intent_assets.claims import Finding
from intent_assets.evidence_display import LONGEST_TITLE_NAME, one_line
from intent_assets.grounding.announced import announced_otherwise
from intent_assets.grounding.comparisons import comparisons
from intent_assets.grounding.counts import counts
from intent_assets.grounding.fields import wrong_fields
from intent_assets.grounding.figures import TERMS, Hit, markup, overlong, typed
from intent_assets.grounding.instructions import instructions
from intent_assets.grounding.ledger import Ledger
from intent_assets.grounding.licensed import unlicensed, vendors_words
from intent_assets.grounding.mentions import sentences
from intent_assets.grounding.names import AllowedNames, mask_names, unknown_names
from intent_assets.grounding.negations import negations
from intent_assets.grounding.neighbours import odd_neighbours
from intent_assets.grounding.pairs import unrelated
from intent_assets.grounding.parties import mixed_parties
from intent_assets.grounding.people import mentioned
from intent_assets.grounding.positions import misplaced
from intent_assets.grounding.quotes import altered_quotes
from intent_assets.grounding.report import structure
from intent_assets.grounding.roles import wrong_owners
from intent_assets.grounding.slots import malformed, misused
from intent_assets.grounding.states import state_words
from intent_assets.grounding.text import Plain, plain
from intent_assets.records import Fact
from intent_assets.reports import (
    Block,
    Callout,
    Heading,
    Items,
    Paragraph,
    Report,
    Table,
    Text,
    Toggle,
    Verdict,
)


def check_text(text: Text, facts: Mapping[str, Fact], allowed: AllowedNames, as_of: date) -> tuple[Finding, ...]:
    """Return the faults of one text in the order of their places; none if all that it states is bound.

    `facts` is the whole ledger by id. Texts of code are checked for slots, figures, dates, addresses and markup;
    names and words of state are code's own vocabulary.
    """
    original = plain(text.template)
    if endless := overlong(original):
        return tuple(_findings(text, original, endless))
    hits = [*malformed(original), *misused(original, facts, text.buyer_id)]
    bare = original.masked(
        (hit.start, hit.end) for hit in hits if hit.fault == "unknown_slot" and hit.end > hit.start + 1
    )
    named = mask_names(bare, allowed, text.buyer_id)
    named = named.masked(found.span() for found in TERMS.finditer(named.text))
    cited = [facts[fact_id] for fact_id in original.ids if fact_id in facts]
    found = typed(named, cited, allowed.domains)
    hits += found
    hits += markup(named)
    if text.author == "claude":
        rest = named.masked((hit.start, hit.end) for hit in found)
        hits += unknown_names(rest, allowed, text.buyer_id)
        hits += altered_quotes(original, cited)
        hits += instructions(original, Ledger.of(facts))
        hits += _told(named, original, Ledger.of(facts), allowed, text.buyer_id, as_of)
    else:
        for sentence in sentences(original, Ledger.of(facts)):
            hits += wrong_owners(sentence, Ledger.of(facts))
    return tuple(_findings(text, original, hits))


def check_report(report: Report, ledger: Sequence[Fact], text_hash: str) -> Verdict:
    """Return the verdict over a report: passed, held (with the findings) or empty; for the text of `text_hash` only.

    Everything that a reader sees is checked: title, summary, headings, tables, sources, and that the report's facts
    are the ledger's. A report without a sentence about its featured buyer has lost its core and is held; that of a
    public body has none, since no buyer is selected for it.
    """
    facts = Ledger({fact.id: fact for fact in ledger})
    allowed = AllowedNames.of(report.reply, ledger)
    findings: list[Finding] = []
    claims = supported = 0
    headings = {block.text for block in report.blocks if isinstance(block, Heading)}
    without_names = report.model_copy(update={"title": _bare_title(report)})
    for text in texts_of(without_names):
        found = check_text(text, facts, allowed, report.as_of)
        findings += found
        if text.author == "claude" and text not in headings:
            claims += 1
            supported += not found
    findings += structure(report, facts)
    empty = report.outcome == "empty" and not report.blocks
    if not empty and report.outcome != "public_body" and not _has_core(report):
        findings.append(Finding.of_all("", "missing_core", "the report says nothing about its featured buyer"))
    return Verdict(
        outcome="held" if findings else "empty" if empty else "passed",
        text_hash=text_hash,
        claims=claims,
        supported=supported,
        findings=tuple(findings),
    )


def texts_of(report: Report) -> Iterator[Text]:
    """Yield every text of a report in the order of reading: title and summary, then block by block."""
    yield Text(template=report.title)
    if report.summary:
        yield Text(template=report.summary)
    for block in report.blocks:
        yield from _of_block(block)


def _told(
    named: Plain, original: Plain, ledger: Ledger, allowed: AllowedNames, buyer_id: str | None, as_of: date
) -> Iterator[Hit]:
    """Yield what the sentences tell of facts that the ledger does not bear out."""
    is_name = partial(allowed.named, buyer_id=buyer_id)
    own_words = ledger.memo("vendor's words", lambda: vendors_words(ledger))
    people = mentioned(original.text, ledger, buyer_id)
    for sentence in sentences(original, ledger, people, named.text):
        yield from wrong_owners(sentence, ledger)
        yield from wrong_fields(sentence, ledger)
        yield from mixed_parties(sentence)
        yield from unrelated(sentence)
        yield from misplaced(sentence)
        yield from announced_otherwise(sentence)
        yield from unlicensed(sentence, is_name, own_words)
        yield from odd_neighbours(sentence)
        yield from state_words(sentence, ledger, as_of)
        yield from comparisons(sentence, ledger, buyer_id)
        yield from counts(sentence, ledger, buyer_id)
        yield from negations(sentence, ledger, buyer_id)


def _bare_title(report: Report) -> str:
    """The title without the names of the reply that stand in it as they are, whatever they hold."""
    company = one_line(report.reply.company or "", LONGEST_TITLE_NAME)
    return report.title.replace(company, " ", 1).replace(report.domain, " ", 1)


def _of_block(block: Block) -> Iterator[Text]:
    if isinstance(block, Heading):
        yield block.text
    elif isinstance(block, Paragraph):
        yield from block.sentences
    elif isinstance(block, Callout):
        yield from (Text(template=block.icon), *block.lines)
    elif isinstance(block, Table):
        yield from (Text(template=name) for name in block.header)
        for row in block.rows:
            yield from row
    elif isinstance(block, Items):
        yield from block.items
    elif isinstance(block, Toggle):
        yield from (block.summary, *block.items)


def _findings(text: Text, original: Plain, hits: Iterable[Hit]) -> Iterator[Finding]:
    seen = set()
    for hit in sorted(hits, key=lambda hit: (hit.start, hit.end, hit.fault)):
        start, end = original.place(hit.start, hit.end)
        if (start, end, hit.fault) in seen:
            continue
        seen.add((start, end, hit.fault))
        yield Finding(
            section=text.section,
            template=text.template,
            quote=text.template[start:end],
            start=start,
            end=end,
            fault=hit.fault,
            reason=hit.reason,
        )


def _has_core(report: Report) -> bool:
    return any(
        text.author == "claude" and text.section == "featured_section"
        for block in report.blocks
        for text in _of_block(block)
    )
