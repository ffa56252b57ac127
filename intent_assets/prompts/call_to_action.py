"""The call to action: the one thing that the salesperson does first."""

from collections.abc import Iterator

from pydantic import Field

from intent_assets.claims import Section
from intent_assets.prompts.base import DataBlock, Prompt, Sentences
from intent_assets.prompts.material import Material, buyer_parts, reply_parts, shared_parts
from intent_assets.prompts.rules import instructions
from intent_assets.prompts.sentences import Written, about_featured, assembled
from intent_assets.records import Usage


class CallToAction(Written):
    sentences: Sentences = Field(description="One or two sentences: whom to contact, about which record, with what.")

    def texts(self) -> Iterator[str]:
        """Every sentence of the answer, in its order."""
        return iter(self.sentences)


PROMPT = Prompt(
    name="call_to_action",
    output=CallToAction,
    instructions=instructions("""
Write the call to action that ends the report: one or two sentences, no more.

Say whom to contact, about which record and with which offer. Take one contact whose job title fits the decision, by
name, title and e-mail or phone slots of the SAME contact; without a contact, say to ask the buyer who decides. Take the
record that the buyer is most likely to talk about: open, expiring or upcoming before all else. The offer is something
small and concrete that the prospect's product makes possible, such as a short walk-through of one task that the record
names. If the reply asks for something, answer that.

Start with a verb. A good call to action can be done in the next ten minutes without asking anybody a question.
"""),
)


def data(material: Material) -> DataBlock:
    """The reply, and the featured buyer's contacts and records."""
    featured = material.featured
    buyer = buyer_parts(material, featured, ("buyer", "contact", "opportunity")) if featured else []
    return DataBlock((*reply_parts(material.reply), *shared_parts(material, ("reply",)), *buyer))


def section(
    answer: CallToAction, material: Material, *, usage: Usage | None = None, shortened: tuple[str, ...] = ()
) -> Section:
    """Return the section: sentences about the featured buyer."""
    sentences = about_featured(material, answer.texts())
    return assembled("call_to_action", PROMPT.version, sentences, usage, shortened)
