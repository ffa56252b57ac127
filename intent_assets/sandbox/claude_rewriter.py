"""Writes sentences again that a check objected to: honest ones about the same buyer, in other words."""

import json
from collections import deque
from collections.abc import Iterator

from intent_assets.sandbox.claude_request import Buyer, Request
from intent_assets.sandbox.claude_sentences import Pen, in_words

NOBODY = Buyer("", "", ())
_SIZES = ("count", "money")


def rewritten(asked: Request) -> str:
    """Return the answer as JSON: each sentence once in words that nobody has used; an empty text if there are none.

    What a judge objects to comes in a request of its own: its new words are taken from the other end.
    """
    objected = {each.sentence for each in asked.to_write_again}
    lead = asked.buyers[0] if asked.buyers else NOBODY
    known = {buyer.id: buyer for buyer in asked.buyers}
    fresh: dict[str, deque[str]] = {}
    answers = []
    for each in asked.to_write_again:
        buyer = known.get(each.buyer_id, lead)
        lines = fresh.setdefault(buyer.id, deque(line for line in _sentences(asked, buyer) if line not in objected))
        line = "" if not lines else lines.pop() if each.as_a_whole else lines.popleft()
        answers.append({"number": each.number, "sentence": line})
    return json.dumps({"sentences": answers}, ensure_ascii=False)


def _sentences(asked: Request, buyer: Buyer) -> Iterator[str]:
    """Sentences that no section is written with, so that they stand beside those that were kept."""
    pen = Pen(asked, buyer)
    for form in (
        "Have {} at hand when you call.",
        "Mention {} when you speak to them.",
        "Ask what they expect from {}.",
        "Look through {} before the first call.",
        "Write down what speaks for {} and what does not.",
        "Go back to {} when they ask why you call.",
    ):
        yield from (form.format(title.slot) for title, _ in pen.records)
    facts = [fact for group in buyer.of("profile") for fact in group.facts if fact.kind in _SIZES]
    yield from (f"Keep {fact.slot} in mind as {in_words(fact.field)}." for fact in facts)
    yield f"Ask {pen.name} how this work is done there."
    yield f"Ask {pen.name} who else has a say in it."
    yield f"Offer {pen.name} a short look at {pen.offer}."
