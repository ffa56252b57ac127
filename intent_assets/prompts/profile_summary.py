"""The profile summary: what kind of body the featured buyer is."""

from collections.abc import Iterator

from pydantic import Field

from intent_assets.claims import Section
from intent_assets.prompts.base import DataBlock, Prompt, Sentences
from intent_assets.prompts.material import Material, buyer_parts, reply_parts
from intent_assets.prompts.rules import instructions
from intent_assets.prompts.sentences import Written, about_featured, assembled
from intent_assets.records import Usage


class ProfileSummary(Written):
    sentences: Sentences = Field(
        description="Two to four sentences: what kind of body it is, how large, its budget and how it buys."
    )

    def texts(self) -> Iterator[str]:
        """Every sentence of the answer, in its order."""
        return iter(self.sentences)


PROMPT = Prompt(
    name="profile_summary",
    output=ProfileSummary,
    instructions=instructions("""
Write the profile of the featured buyer in two to four sentences, for somebody who has never heard of it.

Order: what kind of body it is, where, and what it belongs to; its size (people served, staff, schools, enrolment),
each figure with the word for what it counts, taken from the fact's field: enrolment is not population, staff is not
students; its budget with the budget's year and the start of its fiscal year; how it buys (difficulty of procurement,
openness to young companies, spending) and which systems it runs.

Scores are told as they are, with the words of the field, and not judged: say {{slot}} as the score, not "high". What
the profile does not have is not mentioned. One sentence may say what a salesperson of the prospect's product can make
of it. If there is next to nothing, one sentence is enough.
"""),
)


def data(material: Material) -> DataBlock:
    """The featured buyer's profile, and what the prospect sells."""
    featured = material.featured
    buyer = buyer_parts(material, featured, ("buyer", "profile")) if featured else []
    return DataBlock((*reply_parts(material.reply, ("product_description", "company")), *buyer))


def section(
    answer: ProfileSummary, material: Material, *, usage: Usage | None = None, shortened: tuple[str, ...] = ()
) -> Section:
    """Return the section: sentences about the featured buyer."""
    sentences = about_featured(material, answer.texts())
    return assembled("profile_summary", PROMPT.version, sentences, usage, shortened)
