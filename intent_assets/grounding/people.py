"""Names in plain words: which contact, body or company a typed name means, and which job titles stand in a text."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from intent_assets.grounding.ledger import Fields, Ledger
from intent_assets.grounding.mentions import Mention
from intent_assets.records import Fact

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_SHORTEST = 3
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


def mentioned(text: str, ledger: Ledger, buyer_id: str | None) -> tuple[Mention, ...]:
    """Return the typed mentions: of contacts and the parent of the text's buyer, and of the company that replied."""
    people = ledger.memo(f"people {buyer_id}", lambda: People(ledger.records(buyer_id, "contact")))
    return (*people.mentions(text), *_bodies(text, ledger, buyer_id))


def _bodies(text: str, ledger: Ledger, buyer_id: str | None) -> Iterator[Mention]:
    own = [fact for name in ("name", "common_name") if (fact := _told(ledger, buyer_id, name)) is not None]
    taken = [found.span() for fact in own for found in re.finditer(re.escape(fact.display), text)]
    vendors = {fact.display: fact for each in ledger.records(buyer_id, "opportunity") if (fact := each.get("vendor"))}
    company = ledger.told(None, "reply", "company")
    parent = ledger.told(buyer_id, "profile", "parent_name")
    for fact in (parent, company, *vendors.values()):
        if fact is None or len(fact.display) < _SHORTEST:
            continue
        for found in re.finditer(rf"(?<![\w-]){re.escape(fact.display)}(?![\w-])", text):
            if not any(start <= found.start() and found.end() <= end for start, end in taken):
                yield Mention(found.start(), found.end(), fact, typed=True)


def _told(ledger: Ledger, buyer_id: str | None, name: str) -> Fact | None:
    return ledger.told(buyer_id, "buyer", name) or ledger.told(buyer_id, "profile", name)


def _folded(text: str) -> list[str]:
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return [word.lower() for word in re.findall(r"[^\W\d_]+", bare.replace("'s", "").replace("’s", ""))]
