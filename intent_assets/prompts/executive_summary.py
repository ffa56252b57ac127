"""The executive summary: what was found, who comes first, and why, in a few sentences."""

from collections.abc import Iterator

from pydantic import Field

from intent_assets.claims import Section
from intent_assets.prompts.base import DataBlock, Prompt, Sentences
from intent_assets.prompts.material import Material, buyer_parts, reply_parts, shared_parts
from intent_assets.prompts.rules import instructions
from intent_assets.prompts.sentences import Written, about_featured, assembled
from intent_assets.records import Usage


class ExecutiveSummary(Written):
    sentences: Sentences = Field(
        description="Three to five sentences: what was looked through, which buyer comes first, why, what to do first."
    )

    def texts(self) -> Iterator[str]:
        """Every sentence of the answer, in its order."""
        return iter(self.sentences)


PROMPT = Prompt(
    name="executive_summary",
    output=ExecutiveSummary,
    instructions=instructions("""
Write the executive summary, the first thing that is read: three to five sentences that stand on their own.

Say first what was looked through, with the counts among the run's facts. Then name the featured buyer and the one
record that matters most for the prospect's product: one with state open, expiring or upcoming if there is one, told
with its status, date or amount where it has such a fact. Then, in one sentence, what about this record touches what the
prospect sells. End with the one thing to do first; name a contact only if the data has one.

A good summary lets the salesperson answer, after ten seconds, who, why and what to do. Leave out anything that does
not help with that: no scores explained, no method, no background about the sector.
"""),
)


def data(material: Material) -> DataBlock:
    """The reply, what the run counted, and the featured buyer's records."""
    featured = material.featured
    buyer = buyer_parts(material, featured, ("buyer", "opportunity", "profile", "contact")) if featured else []
    return DataBlock((*reply_parts(material.reply), *shared_parts(material), *buyer))


def section(
    answer: ExecutiveSummary, material: Material, *, usage: Usage | None = None, shortened: tuple[str, ...] = ()
) -> Section:
    """Return the section: sentences about the featured buyer and the run."""
    sentences = about_featured(material, answer.texts())
    return assembled("executive_summary", PROMPT.version, sentences, usage, shortened)
