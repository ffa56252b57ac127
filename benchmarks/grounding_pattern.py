"""What a pattern of a sentence is: text with places for facts and typed names, and which records it is true for."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Pattern:
    """One sentence. `kinds` and `states` hold what the record `r` may be (all if empty), `when` further conditions."""

    where: str
    text: str
    kinds: str = ""
    states: str = ""
    when: str = ""
