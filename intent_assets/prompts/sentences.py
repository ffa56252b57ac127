"""The form that several sections share: one list of sentences about the featured buyer."""

from abc import abstractmethod
from collections.abc import Iterable, Iterator
from typing import Self

from pydantic import model_validator

from intent_assets.claims import Section, SectionSentence
from intent_assets.prompts.base import Output
from intent_assets.prompts.material import Material
from intent_assets.records import SectionName, Usage


class Written(Output):
    """Base of the sections' output types: an answer without a single usable sentence is invalid."""

    @abstractmethod
    def texts(self) -> Iterator[str]:
        """Every sentence of the answer, in its order."""

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not any(self.texts()):
            raise ValueError("the answer has no sentence; write at least one")
        return self


def about_featured(material: Material, texts: Iterable[str], heading: str | None = None) -> list[SectionSentence]:
    """Return sentences that may use the featured buyer's facts only, in order, each once."""
    buyer_id = material.featured.buyer_id if material.featured else None
    return [SectionSentence(text=text, buyer_id=buyer_id, heading=heading) for text in dict.fromkeys(texts)]


def assembled(
    name: SectionName,
    version: str,
    sentences: Iterable[SectionSentence],
    usage: Usage | None,
    shortened: tuple[str, ...],
) -> Section:
    """Return the section's record."""
    return Section(name=name, sentences=tuple(sentences), prompt_version=version, usage=usage, shortened=shortened)
