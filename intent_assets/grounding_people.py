"""People in plain words: which contact a typed name means, and which job titles stand in a text."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from intent_assets.grounding_ledger import Fields, Ledger
from intent_assets.grounding_mentions import Mention

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_LONGEST_GAP = 2
_POLITE = {"mr", "mrs", "ms", "dr", "prof"}


@dataclass(frozen=True)
class People:
    """The contacts of one buyer, as fields by record."""

    contacts: Sequence[Fields]

    @cached_property
    def _by_last_name(self) -> dict[str, list[tuple[str, Fields]]]:
        found: defaultdict[str, list[tuple[str, Fields]]] = defaultdict(list)
        for fields in self.contacts:
            words = _folded(fields["name"].display) if "name" in fields else []
            if len(words) > 1:
                found[words[-1]].append((words[0], fields))
        return dict(found)

    @cached_property
    def _titles(self) -> re.Pattern[str] | None:
        known = {fields["title"].display for fields in self.contacts if "title" in fields}
        if not known:
            return None
        either = "|".join(re.escape(title) for title in sorted(known, key=lambda title: (-len(title), title)))
        return re.compile(rf"(?<![\w-])(?:{either})(?![\w-])", re.IGNORECASE)

    def mentions(self, text: str) -> Iterator[Mention]:
        """Yield the typed names of contacts, by their last names, and the job titles of contacts."""
        yield from self._names(text)
        if self._titles is None:
            return
        for found in self._titles.finditer(text):
            shown = found[0].lower()
            fields = next(each for each in self.contacts if "title" in each and each["title"].display.lower() == shown)
            yield Mention(found.start(), found.end(), fields["title"], typed=True)

    def _names(self, text: str) -> Iterator[Mention]:
        last: re.Match[str] | None = None
        for found in _WORD.finditer(text):
            if not found[0][:1].isupper():
                continue
            folded = _folded(found[0])
            known = self._by_last_name.get(folded[-1], []) if folded else []
            beside = last if last and 0 < found.start() - last.end() <= _LONGEST_GAP else None
            before = _folded(beside[0]) if beside else []
            last = found
            fitting = [fields for first, fields in known if before[:1] in ([first], [first[:1]])]
            start = beside.start() if beside and fitting else found.start()
            if not fitting and not (before and before[0] not in _POLITE and len(before) == 1):
                fitting = [fields for _, fields in known]
            if len(fitting) == 1:
                yield Mention(start, found.end(), fitting[0]["name"], typed=True)


def people_in(text: str, ledger: Ledger, buyer_id: str | None) -> tuple[Mention, ...]:
    """Return the typed mentions of contacts of the text's buyer; of nobody where the text has no certain buyer."""
    return tuple(ledger.memo(f"people {buyer_id}", lambda: People(ledger.records(buyer_id, "contact"))).mentions(text))


def _folded(text: str) -> list[str]:
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return [word.lower() for word in re.findall(r"[^\W\d_]+", bare.replace("'s", "").replace("’s", ""))]
