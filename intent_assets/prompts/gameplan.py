"""The gameplan of tier 3: relevancy, pitch angle, and the steps to this buyer, in order."""

from collections.abc import Iterator, Mapping

from pydantic import Field

from intent_assets.claims import Section, SectionSentence
from intent_assets.prompts.base import DataBlock, Output, Prompt, Sentences
from intent_assets.prompts.material import Material, buyer_parts, interleaved, reply_parts, shared_parts
from intent_assets.prompts.rules import instructions
from intent_assets.prompts.sentences import Written, about_featured, assembled
from intent_assets.records import FactRecord, Usage

HEADINGS: Mapping[str, str] = {
    "prepare": "Prepare",
    "reach_out": "Reach the right person",
    "opening_point": "Lead with this",
    "answer_opportunity": "Answer the opportunity",
    "show_proof": "Show proof",
    "handle_procurement": "Work with procurement",
    "follow_up": "Follow up",
}
"""What a step is about, and the heading that code gives it."""

OTHER_HEADING = "Further step"
RELEVANCY = "Relevancy"
PITCH_ANGLE = "Pitch angle"
NOTES = (RELEVANCY, PITCH_ANGLE)
"""Headings of what stands before the steps."""


class Step(Output):
    about: str = Field(description="What the step is about.", json_schema_extra={"enum": list(HEADINGS)})
    sentences: Sentences = Field(description="One to three sentences: what to do, with whom, about which record.")


class Gameplan(Written):
    relevancy: Sentences = Field(
        description="One to three sentences: what of this buyer's records fits what the prospect sells."
    )
    pitch_angle: Sentences = Field(
        description="One or two sentences: the angle of the pitch, and the record that it starts from."
    )
    steps: list[Step] = Field(description="Three to five steps, in the order in which they are done.")

    def texts(self) -> Iterator[str]:
        """Every sentence of the answer, in its order."""
        yield from self.relevancy
        yield from self.pitch_angle
        for step in self.steps:
            yield from step.sentences


PROMPT = Prompt(
    name="gameplan",
    output=Gameplan,
    instructions=instructions("""
Write the salesperson's notes on the featured buyer: why it matters for the prospect, how to pitch it, and a gameplan.

`relevancy`: what in this buyer's records touches what the prospect sells, the strongest record first, with its title
and status or date slots. `pitch_angle`: the one idea to lead the pitch with, tied to a record of this buyer; an angle
that would fit any buyer is none. Neither repeats the other, nor the steps.

`steps`, the gameplan: three to five steps with which the salesperson gets from nothing to a conversation with this
buyer, in the order in which they are done. Code puts the heading over a step from its `about`:

- prepare: which record to read first and what to look for in it;
- reach_out: whom to contact, by name, title and e-mail or phone slots of the SAME contact, and why this person;
- opening_point: the one point to lead with, tied to a record;
- answer_opportunity: how to answer a record with state open, with its title, status and date slots; only where there is
  such a record;
- show_proof: what of the prospect's product to show, tied to what a record asks for;
- handle_procurement: what to mind about how this buyer buys, from the profile's facts;
- follow_up: what to do when nobody answers.

Use an `about` at most once. Each step says something to DO, starting with a verb, about something of this buyer: a step
that would fit any other buyer is left out. Don't invent waiting times, numbers of mails or meetings, prices, references
or features that the reply does not name. Without contacts, say to ask the buyer who decides.
"""),
)


def data(material: Material) -> DataBlock:
    """The reply, and the featured buyer's records, opportunities and contacts in turn."""
    featured = material.featured
    kinds: tuple[tuple[FactRecord, ...], ...] = (("buyer", "opportunity"), ("contact",), ("profile",))
    buyer = interleaved([buyer_parts(material, featured, kind) for kind in kinds]) if featured else []
    return DataBlock((*reply_parts(material.reply), *shared_parts(material, ("reply",)), *buyer))


def section(
    answer: Gameplan, material: Material, *, usage: Usage | None = None, shortened: tuple[str, ...] = ()
) -> Section:
    """Return the section: both notes, and the sentences of each step under the heading that `about` stands for."""
    sentences: list[SectionSentence] = [
        *about_featured(material, answer.relevancy, RELEVANCY),
        *about_featured(material, answer.pitch_angle, PITCH_ANGLE),
    ]
    for step in answer.steps:
        heading = HEADINGS.get(step.about.strip().lower(), OTHER_HEADING)
        sentences += about_featured(material, step.sentences, heading)
    return assembled("gameplan", PROMPT.version, sentences, usage, shortened)
