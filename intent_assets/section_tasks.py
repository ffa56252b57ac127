"""Sections as tasks: what one section is written from, and what the gate finds in its sentences. Pure."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from intent_assets import grounding
from intent_assets.claims import Finding, Section, SectionSentence
from intent_assets.evidence import from_frame
from intent_assets.prompts.base import DataBlock, Prompt
from intent_assets.prompts.material import Material
from intent_assets.prompts.sections import WRITERS, Writer
from intent_assets.records import Fact, Reply, SectionName, SelectedBuyers, Usage
from intent_assets.reports import Text

if TYPE_CHECKING:
    from datetime import date

    from pandas import DataFrame


@dataclass(frozen=True)
class SectionTask:
    """One section that is to be written, with all that it is written from."""

    name: SectionName
    writer: Writer
    material: Material
    facts: dict[str, Fact]
    allowed: grounding.AllowedNames
    as_of: "date"

    @property
    def needed(self) -> bool:
        """Whether there is anything to write about."""
        return self.writer.needed(self.material)

    @property
    def prompt(self) -> Prompt[Any]:
        return self.writer.prompt

    @property
    def data(self) -> DataBlock:
        return self.writer.data(self.material)

    def made_from(self, max_data_tokens: int) -> str:
        """The hash of what the section is written and checked with: prompt, data, facts."""
        facts = [fact.model_dump_json() for _, fact in sorted(self.facts.items())]
        parts = (self.name, self.prompt.version, self.data.render(max_data_tokens).text, *facts)
        return hashlib.sha256("\n".join(parts).encode("utf-8", "replace")).hexdigest()

    def empty(self) -> Section:
        """The section that was not needed."""
        return self.writer.empty(self.name)

    def section(self, answer: Any, *, usage: Usage | None = None, shortened: tuple[str, ...] = ()) -> Section:
        """The record of the section from its validated answer."""
        return self.writer.section(answer, self.material, usage=usage, shortened=shortened)

    def objections(self, answer: Any) -> Sequence[str]:
        """What is wrong with an answer besides its sentences, in words that the model can mend it by."""
        return self.writer.objections(answer, self.material)

    def gate(self, sentence: SectionSentence) -> tuple[Finding, ...]:
        """What the gate finds in one sentence of this section."""
        featured = self.material.featured
        owner = sentence.buyer_id or (featured.buyer_id if featured else None)
        text = Text(template=sentence.text, author="claude", section=self.name, buyer_id=owner)
        return grounding.check_text(text, self.facts, self.allowed, self.as_of)


def tasks(
    names: Sequence[SectionName], reply: Reply, evidence: "DataFrame", selected: SelectedBuyers
) -> list[SectionTask]:
    """Return the tasks of the sections `names`, all over the same material."""
    facts = from_frame(evidence)
    material = Material(reply=reply, selected=selected, facts=facts)
    allowed = grounding.AllowedNames.of(reply, facts)
    as_of = max(fact.as_of for fact in facts)
    by_id = {fact.id: fact for fact in facts}
    return [SectionTask(name, WRITERS[name], material, by_id, allowed, as_of) for name in names]
