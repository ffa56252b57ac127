"""The secondary cards: a few sentences for each of the other buyers."""

from collections.abc import Iterator

from pydantic import Field

from intent_assets.claims import Section, SectionSentence
from intent_assets.prompts.base import DataBlock, Output, Prompt, Sentences
from intent_assets.prompts.material import Material, buyer_parts, interleaved, reply_parts
from intent_assets.prompts.rules import instructions
from intent_assets.prompts.sentences import Written, assembled
from intent_assets.records import FactRecord, Usage


class Card(Output):
    buyer_id: str = Field(description="The `buyer_id` of one entry of `buyers`, copied exactly.")
    sentences: Sentences = Field(description="Two or three sentences about this buyer, from its own facts only.")


class SecondaryCards(Written):
    cards: list[Card] = Field(description="One card for each entry of `buyers`, in the same order.")

    def texts(self) -> Iterator[str]:
        """Every sentence of the answer, in its order."""
        for card in self.cards:
            yield from card.sentences


PROMPT = Prompt(
    name="secondary_cards",
    output=SecondaryCards,
    instructions=instructions("""
Write a short card for each of the other buyers in `buyers`: two or three sentences a card, one card a buyer, in the
order of the data. `buyer_id` names the buyer of the card and is copied exactly; it never stands in a sentence.

A card says, first, which record makes this buyer worth a look for the prospect's product, with title, status and date
or amount slots of that SAME record; then whom to ask or what to ask for. A sentence uses facts of its own buyer only: a
fact of another buyer on the card is the worst mistake here. Don't compare the buyers with each other or with the
featured one. Vary the sentences: the cards stand side by side, and one pattern repeated reads like a machine.

A buyer with little data gets one sentence.
"""),
)


def data(material: Material) -> DataBlock:
    """What the prospect sells, and each secondary buyer's records, the buyers in turn."""
    records: tuple[FactRecord, ...] = ("buyer", "opportunity", "contact", "profile")
    buyers = interleaved([buyer_parts(material, buyer, records) for buyer in material.secondaries])
    return DataBlock((*reply_parts(material.reply, ("product_description", "company")), *buyers))


def objections(answer: SecondaryCards, material: Material) -> tuple[str, ...]:
    """Return what is wrong with the cards' buyers, for a second try: unknown ones, and ones without a card."""
    given = {buyer.buyer_id for buyer in material.secondaries if material.of_buyer(buyer.buyer_id)}
    written = {card.buyer_id.strip() for card in answer.cards if card.sentences}
    unknown = [f"the card {name[:80]!r} is of no buyer in the data; leave it out" for name in sorted(written - given)]
    missing = [f"there is no card for the buyer {name!r}" for name in sorted(given - written)]
    return (*unknown, *missing)


def section(
    answer: SecondaryCards, material: Material, *, usage: Usage | None = None, shortened: tuple[str, ...] = ()
) -> Section:
    """Return the section, a heading a buyer, in rank order; a card of a buyer that was not given is left out."""
    sentences: list[SectionSentence] = []
    for buyer in material.secondaries:
        texts = [line for card in answer.cards if card.buyer_id.strip() == buyer.buyer_id for line in card.sentences]
        heading = material.name_slot(buyer.buyer_id)
        sentences += [
            SectionSentence(text=text, buyer_id=buyer.buyer_id, heading=heading) for text in dict.fromkeys(texts)
        ]
    return assembled("secondary_cards", PROMPT.version, sentences, usage, shortened)
