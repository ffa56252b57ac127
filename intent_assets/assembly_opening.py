"""How a report opens: the signal that was answered, what is new, and the card of the featured buyer. Pure."""

from intent_assets import assembly_buyer as parts
from intent_assets.assembly_book import Book, labelled, lines
from intent_assets.evidence_campaign import told_key
from intent_assets.records import ProspectContext, PublicBody, Reply, SelectedBuyers, ToldSignal
from intent_assets.reports import Block, Callout, Paragraph, Text

_KNOWN_BY = {
    "web site": "Its web site on record stands under this domain.",
    "name": "It is on record under the prospect's very name.",
    "documents": "Its documents mention this domain most.",
}


def opening(book: Book, reply: Reply, context: ProspectContext, selected: SelectedBuyers) -> list[Block]:
    """Return the first blocks of a report with a featured buyer."""
    featured_id = selected.buyers[0].buyer_id
    told = campaign(book, context, selected)
    return [*told, _made_for(book, reply), *_news(book), parts.snapshot(book, featured_id)]


def public_body(book: Book, reply: Reply, body: PublicBody) -> list[Block]:
    """Return the blocks that say that the prospect is a buyer itself, and what is on record of it."""
    buyer, profile = book.of(body.buyer_id, "buyer"), book.of(body.buyer_id, "profile")
    domain = book.slot(None, "reply", reply.reply_id, "domain")
    facts = ", ".join(part for part in (buyer["type"], buyer["state"]) if part)
    what = f"{domain} belongs to {buyer['name']}, a public body" + (f" ({facts})." if facts else ".")
    said = (
        what,
        _KNOWN_BY[body.known_by],
        "It is a buyer and no vendor: no other buyer is proposed to it, and nothing was written to sell to it.",
    )
    card = Callout(icon="🏛️", tone="warning", lines=lines(body.buyer_id, said))
    known = parts.snapshot(book, body.buyer_id, label="Public body") if profile["budget"] or buyer["website"] else None
    items = parts.profile_items(book, body.buyer_id)
    return [card, _made_for(book, reply), *([known] if known else []), *items]


def campaign(book: Book, context: ProspectContext, selected: SelectedBuyers) -> list[Block]:
    """Return which signal was answered, how its buyer stands, and which came before; nothing without a campaign."""
    answered = context.answered
    if answered is None:
        return []
    owner = answered.buyer_id
    texts = [Text(template=_answered(book, answered), buyer_id=owner)]
    texts += lines(owner, (_standing(book, answered, selected),))
    earlier = [book.slot(None, "reply", told_key(told), "title") for told in context.earlier]
    seen = "; ".join(title for title in earlier if title)
    texts += lines(None, (f"Seen before in this campaign: {seen}" if seen else "",))
    return [Callout(icon="✉️", tone="neutral", lines=tuple(texts))]


def _answered(book: Book, answered: ToldSignal) -> str:
    record = book.of(answered.buyer_id, "opportunity", answered.signal_id) if answered.buyer_id else None
    if record is not None and record["title"]:
        return labelled("The signal that was answered", *parts.signal_words(record))
    title = book.slot(None, "reply", told_key(answered), "title")
    if title:
        return f"The signal that was answered: {title}. It is not among the signals found for this report."
    return "The signal that was answered is not among the signals found for this report."


def _standing(book: Book, answered: ToldSignal, selected: SelectedBuyers) -> str:
    if answered.buyer_id is None:
        return ""
    buyer = book.of(answered.buyer_id, "buyer")
    role = next((each.role for each in selected.buyers if each.buyer_id == answered.buyer_id), None)
    if not buyer["name"]:
        return ""
    if not buyer["rank"]:
        return f"Its buyer {buyer['name']} is not among the candidates of this report."
    place = {"featured": "is the featured buyer", "secondary": "is one of the other buyers below"}
    return f"Its buyer {buyer['name']} {place.get(role or '', 'is among the candidates')}: rank {buyer['rank']}."


def _made_for(book: Book, reply: Reply) -> Paragraph:
    whom = [book.slot(None, "reply", reply.reply_id, field) for field in ("prospect_name", "company")]
    made_for = ", ".join(each for each in whom if each)
    line = f"As of {book.run('as_of')}" + (f", made for the reply of {made_for}." if made_for else ".")
    return Paragraph(sentences=lines(None, (line,)))


def _news(book: Book) -> list[Block]:
    if not book.run("last_report"):
        return []
    line = labelled("New signals", book.run("new_signals"), f"since the last report of {book.run('last_report')}")
    return [Paragraph(sentences=lines(None, (line,)))]
