"""What the stand-in's buyer chat says: fluent prose, some of whose figures stand in no record."""

import random

from intent_assets.sandbox.world import World
from intent_assets.sandbox.world_buyers import Buyer


def chat_text(world: World, buyer: Buyer, question: str) -> str:
    """Return markdown on a buyer; the same question gets the same answer. Figures in it are partly made up."""
    dice = random.Random(f"{world.seed} {buyer.id} {question}")
    records = [document.wire for document in world.documents if document.buyer is buyer]
    contracts = [wire for wire in records if wire["type"] == "Contract"]
    budget, growth = f"${dice.randrange(2, 90)}.{dice.randrange(10)} million", dice.randrange(3, 19)
    days, year, vendors = dice.randrange(2, 9), dice.randrange(2024, 2027), dice.randrange(3, 9)
    incumbent = f'"{contracts[0]["title"]}"' if contracts else "No long-standing agreement"
    return _TEXT.format(
        buyer=buyer.name, budget=budget, growth=growth, incumbent=incumbent, days=days, year=year, vendors=vendors,
        person=dice.choice(_NAMES),
    )  # fmt: skip


_NAMES = ("Orla Venn", "Casimir Roth", "Ida Blackmoor", "Tobias Lark")

_TEXT = """_Sandbox data: this text was invented and describes nobody._

## {buyer}

{buyer} has shown steady interest in modern tools over the last months. Its leadership speaks of less paperwork and of \
better service, and it prefers vendors that can show results at similar institutions.

### What they care about

- **Ease of adoption**: staff time is short, so a pilot with one department is a good start.
- **Budget**: about {budget} are said to be set aside for technology, up {growth}% on the year before.
- **Procurement**: purchases below the bid threshold are decided by the department itself.
- **Incumbents**: {incumbent} is what comes up most often in their minutes.

### How to approach them

Refer to the discussion in their own meetings rather than to a product. Decision makers usually answer within {days} \
days. Offer a short call and a reference from a neighboring institution.

In {year} they evaluated {vendors} vendors; Dr. {person} led the committee.
"""
