"""All sections by name, so that they can be written side by side by one piece of code."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from intent_assets.claims import Section
from intent_assets.prompts import (
    call_to_action,
    executive_summary,
    featured_section,
    gameplan,
    profile_summary,
    secondary_cards,
)
from intent_assets.prompts.base import DataBlock, Prompt
from intent_assets.prompts.material import Material
from intent_assets.records import SectionName, Usage


class ToSection(Protocol):
    """Makes the record of a section from its validated answer."""

    def __call__(
        self, answer: Any, material: Material, *, usage: Usage | None = None, shortened: tuple[str, ...] = ()
    ) -> Section: ...


class Writer(NamedTuple):
    """How one section is written. `needed` says whether there is anything to write about.

    `objections` returns what is wrong with an answer besides its text, to be told to the model once.
    """

    prompt: Prompt[Any]
    data: Callable[[Material], DataBlock]
    section: ToSection
    needed: Callable[[Material], bool]
    objections: Callable[[Any, Material], Sequence[str]] = lambda _answer, _material: ()

    def empty(self, name: SectionName) -> Section:
        """The section that was not needed."""
        return Section(name=name, prompt_version=self.prompt.version)


def _featured(material: Material) -> bool:
    return material.featured is not None


def _tier_three(material: Material) -> bool:
    return _featured(material) and material.reply.tier == 3


def _featured_profile(material: Material) -> bool:
    featured = material.featured
    return featured is not None and any(fact.record == "profile" for fact in material.of_buyer(featured.buyer_id))


def _secondaries(material: Material) -> bool:
    return any(material.of_buyer(buyer.buyer_id) for buyer in material.secondaries)


WRITERS: Mapping[SectionName, Writer] = {
    "executive_summary": Writer(executive_summary.PROMPT, executive_summary.data, executive_summary.section, _featured),
    "featured_section": Writer(featured_section.PROMPT, featured_section.data, featured_section.section, _featured),
    "secondary_cards": Writer(
        secondary_cards.PROMPT,
        secondary_cards.data,
        secondary_cards.section,
        _secondaries,
        secondary_cards.objections,
    ),
    "profile_summary": Writer(profile_summary.PROMPT, profile_summary.data, profile_summary.section, _featured_profile),
    "gameplan": Writer(gameplan.PROMPT, gameplan.data, gameplan.section, _tier_three),
    "call_to_action": Writer(call_to_action.PROMPT, call_to_action.data, call_to_action.section, _featured),
}
