"""The one form of a slot: `{{E123456}}`, two braces, the id of a fact, nothing else."""

import re

SLOT = re.compile(r"\{\{(E[0-9]{6,})\}\}")


def slots(template: str) -> list[str]:
    """Return the fact ids that stand in slots of `template`, in order, repeats included."""
    return SLOT.findall(template)


def slot(fact_id: str) -> str:
    """Return the slot of the fact `fact_id`."""
    return "{{" + fact_id + "}}"
