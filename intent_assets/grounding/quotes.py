"""Quotations: what stands in quotation marks has to stand word for word in a fact that the text cites, or be a slot."""

import re
from collections.abc import Iterator, Sequence

from intent_assets.grounding.figures import Hit
from intent_assets.grounding.text import MASK, SLOT_MARK, Plain
from intent_assets.grounding.text import plain as plain_form
from intent_assets.records import Fact, FactKind

_QUOTED = re.compile(
    r"[\"“”„‟«»][^\"“”„‟«»\n]*[\"“”„‟«»]|(?<![\w'])[‘‚‹][^‘’‚‹›'\n]*[’›'](?!\w)"
    r"|(?<![\w'\ufffc])'(?!s\b)[^'\n]{2,}?(?:\w'\w[^'\n]*?)*'(?!\w)|[「『][^」』\n]*[」』]|''[^'\n]+''|``[^`'\n]+(?:''|``)"
)
_UNCLOSED = re.compile(r"[\"“”„«»「『]")
_KINDS: frozenset[FactKind] = frozenset({"quote", "text", "title"})
_TRUSTED = {"record", "reply"}
_EDGES = " \t\"“”„‟«»‘’‚‹›'「」『』`.,;:!?…" + MASK


def altered_quotes(plain: Plain, cited: Sequence[Fact]) -> Iterator[Hit]:
    """Yield quotations that are not word for word in one of the facts `cited`, and marks that never close."""
    sources = [
        _words(text) for fact in cited if fact.kind in _KINDS and fact.trust in _TRUSTED for text in _texts(fact)
    ]
    end = 0
    for found in _QUOTED.finditer(plain.text):
        end = found.end()
        said = found[0].strip(_EDGES)
        if not said.replace(SLOT_MARK, "").strip(_EDGES):
            continue
        if SLOT_MARK in said:
            reason = "a quotation is a slot alone, or words alone that stand in a cited fact"
        elif any(f" {_words(said)} " in f" {source} " for source in sources):
            continue
        elif not sources:
            reason = "no fact is cited that this could be a quotation of; quote by the slot of a quote"
        else:
            reason = "these are not the words of a cited fact; quote by its slot, or leave the quotation marks out"
        yield Hit(found.start(), found.end(), "altered_quote", reason)
    lonely = _UNCLOSED.search(plain.text, end)
    if lonely and plain.text[lonely.start() :].strip(_EDGES):
        yield Hit(lonely.start(), len(plain.text), "altered_quote", "a quotation that does not end")


def _texts(fact: Fact) -> Iterator[str]:
    yield fact.display.removesuffix("…")
    if isinstance(fact.value, str):
        yield fact.value


def _words(text: str) -> str:
    """The words in plain form, one blank between them; only the case of the first letter does not count."""
    bare = " ".join(plain_form(text).text.strip(_EDGES).split())
    return bare[:1].lower() + bare[1:]
