"""The featured section: why this buyer, and why at this time."""

from collections.abc import Iterator

from pydantic import Field

from intent_assets.claims import Section
from intent_assets.prompts.base import DataBlock, Prompt, Sentences
from intent_assets.prompts.material import Material, buyer_parts, reply_parts, shared_parts
from intent_assets.prompts.rules import instructions
from intent_assets.prompts.sentences import Written, about_featured, assembled
from intent_assets.records import Usage

WHY_THIS_BUYER = "Why this buyer"
WHY_NOW = "Why now"


class FeaturedSection(Written):
    why_this_buyer: Sentences = Field(
        description="Three to five sentences: what this buyer's records show that fits what the prospect sells."
    )
    why_now: Sentences = Field(
        description="Two to four sentences: what the status and date facts of this buyer's records give as a reason to "
        "act. Empty if no record has such a fact."
    )

    def texts(self) -> Iterator[str]:
        """Every sentence of the answer, in its order."""
        yield from self.why_this_buyer
        yield from self.why_now


PROMPT = Prompt(
    name="featured_section",
    output=FeaturedSection,
    instructions=instructions("""
Write the heart of the report, about the one featured buyer, in two paragraphs.

`why_this_buyer`: what ties this buyer to the prospect's product. Start with the record that fits the product best and
say what it is about, with its title as a slot and, where there is such a fact, a quote or summary fact. Add a second
and third record if they point the same way. Then give what shows weight or room: amounts, size, budget, systems in use,
where the data has such facts. Every sentence ties a fact to what the prospect sells, or it is left out.

`why_now`: what gives a reason to act, only from facts of kind status, date or duration and from the record's state: a
deadline, a contract's end, a meeting, the budget year. One sentence a record: its title, its status, its date. Records
whose state is closed, expired or past are background: use them in `why_this_buyer` at the most, and say so by their
status slot. If no record has a status or date fact, leave `why_now` empty.

A good paragraph here reads like a colleague who has read the documents: concrete, one thought after the other, each
checkable. It does not list fields, and it does not praise.
"""),
)


def data(material: Material) -> DataBlock:
    """The reply, the featured buyer's records, and what the run says."""
    featured = material.featured
    buyer = buyer_parts(material, featured, ("buyer", "opportunity", "profile", "contact")) if featured else []
    return DataBlock((*reply_parts(material.reply), *buyer, *shared_parts(material)))


def section(
    answer: FeaturedSection, material: Material, *, usage: Usage | None = None, shortened: tuple[str, ...] = ()
) -> Section:
    """Return the section: the sentences of both paragraphs under their headings."""
    sentences = [
        *about_featured(material, answer.why_this_buyer, WHY_THIS_BUYER),
        *about_featured(material, answer.why_now, WHY_NOW),
    ]
    return assembled("featured_section", PROMPT.version, sentences, usage, shortened)
