"""What a licence is: the words that are known to say one field of a fact."""

import re
from dataclasses import dataclass
from functools import cached_property

from intent_assets.grounding.licence_words import phrases


@dataclass(frozen=True)
class Licence:
    """The words that may say a field.

    `around` may stand anywhere in the clause, `before` only between the fact before and this one, `behind` only behind
    this one, up to the next fact of which something can be said. A phrase is a small regular expression; phrases are
    parted by commas. `usual` is a wording that a writer is told, with the field's name in its place.
    """

    usual: str = ""
    around: str = ""
    before: str = ""
    behind: str = ""

    @cached_property
    def patterns(self) -> tuple[re.Pattern[str] | None, ...]:
        """`around`, `before`, `behind`, compiled."""
        return tuple(map(phrases, (self.around, self.before, self.behind)))
