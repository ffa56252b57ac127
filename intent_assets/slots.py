"""The one form of a slot: `{{E123456}}`, two braces, the id of a fact, nothing else."""

import re
from collections.abc import Mapping
from typing import Protocol

SLOT = re.compile(r"\{\{(E[0-9]{6,})\}\}")


def slots(template: str) -> list[str]:
    """Return the fact ids that stand in slots of `template`, in order, repeats included."""
    return SLOT.findall(template)


def slot(fact_id: str) -> str:
    """Return the slot of the fact `fact_id`."""
    return "{{" + fact_id + "}}"


class Shown(Protocol):
    """What can stand in a slot's place."""

    @property
    def display(self) -> str: ...


def in_words(template: str, facts: Mapping[str, Shown]) -> str:
    """Return `template` as a reader would see it; a slot without a fact stays as it is."""
    return SLOT.sub(lambda found: facts[found[1]].display if found[1] in facts else found[0], template)
