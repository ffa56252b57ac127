"""Names, positions and addresses of people in a text against the people of a JSON."""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from functools import lru_cache
from typing import NamedTuple

from intent_assets.prose.fields import Evidence, Leaf
from intent_assets.prose.findings import FITS, Fault
from intent_assets.prose.sentences import Sentence

_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")
_PHONE = re.compile(r"(?<![\w.-])\+?\(?[0-9](?:[\s().-]{0,3}[0-9]){8,14}(?![\w-])")
_NAME = re.compile(r"[^\W\d_][\w'’.-]+(?:\s[^\W\d_][\w'’.-]*){1,3}")
_PAIR = re.compile(r"\b([A-ZÀ-Þ][\w'’-]+)(?=\s(?:[A-Z]\.\s)?([A-ZÀ-Þ][\w'’-]+))")
_TITLES = ("title", "position", "role", "jobtitle")
_MOST = 300
_LONGEST = 2000
_REACH = 80
_POSSESSIVE = re.compile(r"['’]s?$")
_ALIKE = 0.7
_LEAST_DIGITS = 10


class Person(NamedTuple):
    """A record that has a name and a position or an address."""

    name: str
    titles: tuple[str, ...]
    emails: tuple[str, ...]
    phones: tuple[str, ...]

    @property
    def surname(self) -> str:
        return self.name.split()[-1]


class People:
    """Checks what sentences say of the people of a JSON; a JSON without people has none to be wrong about."""

    def __init__(self, evidence: Evidence) -> None:
        records: dict[tuple[int, tuple[str, ...]], list[Leaf]] = {}
        for leaf in evidence.leaves:
            if isinstance(leaf.value, str) and leaf.path and len(leaf.value) <= 200:
                records.setdefault((leaf.record, leaf.path[:-1]), []).append(leaf)
        found = (person for leaves in records.values() if (person := _person(leaves)))
        self._people = [person for person, _ in zip(found, range(_MOST), strict=False)]
        text = "\n".join(str(leaf.value).lower() for leaf in evidence.leaves if isinstance(leaf.value, str))
        self._emails = set(_EMAIL.findall(text))
        self._names_known = {_ends(person.name): person.name for person in self._people}
        self._phones = {
            _digits(each): each
            for leaf in evidence.leaves
            if isinstance(leaf.value, str) and len(leaf.value) <= _LONGEST
            for each in _PHONE.findall(leaf.value)
        }

    def check(self, said: Sentence) -> Iterator[Fault]:
        """Yield the faults of a sentence, and what of it fits."""
        if self._people or self._emails:
            yield from self._addresses(said.text)
            yield from self._titles(said.text)
            yield from self._names(said.text)

    def _addresses(self, sentence: str) -> Iterator[Fault]:
        for found in _EMAIL.finditer(sentence):
            email = found[0].lower().rstrip(".")
            spoken = self._spoken(sentence, found.start(), found.end())
            stop = found.start() + len(email)
            if email not in self._emails and self._emails:
                known = ", ".join(sorted(spoken.emails if spoken and spoken.emails else self._emails)[:3])
                yield Fault(found.start(), stop, "person/email", f"email of the record is {known}")
            elif spoken and spoken.emails and email not in spoken.emails:
                yield Fault(found.start(), stop, "person/owner", f"email of {spoken.name} is {spoken.emails[0]}")
        for found in _PHONE.finditer(sentence):
            digits = _digits(found[0])
            if self._phones and len(digits) >= _LEAST_DIGITS and digits not in self._phones:
                spoken = self._spoken(sentence, found.start(), found.end())
                known = ", ".join(spoken.phones if spoken and spoken.phones else list(self._phones.values())[:3])
                yield Fault(found.start(), found.end(), "person/phone", f"phone of the record is {known}")

    def _titles(self, sentence: str) -> Iterator[Fault]:
        lowered = sentence.lower()
        for person in self._people:
            for title in person.titles:
                place = lowered.find(title.lower())
                if place < 0:
                    continue
                spoken = self._spoken(sentence, place, place + len(title))
                if spoken is None or spoken.name == person.name or title in spoken.titles or not spoken.titles:
                    continue
                reason = f"title of {spoken.name} is {spoken.titles[0]!r}"
                yield Fault(place, place + len(title), "person/owner", reason)

    def _names(self, sentence: str) -> Iterator[Fault]:
        if not self._people:
            return
        for found in _PAIR.finditer(sentence):
            last = _POSSESSIVE.sub("", found[2])
            told, end = (found[1].lower(), last.lower()), found.start(2) + len(last)
            if told in self._names_known:
                yield Fault(found.start(), end, FITS, "")
                continue
            meant = next((name for known, name in self._names_known.items() if _is_slip(told, known)), None)
            if meant:
                yield Fault(found.start(), end, "person/name", f"name of the record is {meant}")

    def _spoken(self, sentence: str, start: int, end: int) -> Person | None:
        """Return the person named nearest to a place, before it if there is one."""
        before = sentence[max(0, start - _REACH) : start].lower()
        after = sentence[end : end + _REACH // 2].lower()
        named = [(before.rfind(person.name.lower()), person) for person in self._people]
        best = max(named, key=lambda each: each[0], default=(-1, None))
        if best[0] >= 0:
            return best[1]
        following = [(place, person) for person in self._people if (place := after.find(person.name.lower())) >= 0]
        return min(following, key=lambda each: each[0])[1] if following else None


def _person(leaves: list[Leaf]) -> Person | None:
    told: dict[str, list[str]] = {}
    for leaf in leaves:
        key = leaf.path[-1].lower().replace("_", "").replace("-", "").replace(" ", "")
        told.setdefault(key, []).append(str(leaf.value).strip())
    name = next((each for key in ("name", "fullname", "contact", "person") for each in told.get(key, [])), "")
    emails = tuple(each.lower() for key in told if "mail" in key for each in told[key])
    phones = tuple(each for key in told if key in ("phone", "telephone", "mobile", "phonenumber") for each in told[key])
    titles = tuple(each for key in _TITLES for each in told.get(key, []) if len(each) > 3)
    if not _NAME.fullmatch(name) or not (emails or phones or titles):
        return None
    return Person(name, titles, emails, phones)


def _ends(name: str) -> tuple[str, str]:
    """Return first and last name, in lower case."""
    parts = name.lower().split()
    return parts[0], parts[-1]


@lru_cache(maxsize=2000)
def _is_slip(told: tuple[str, str], known: tuple[str, str]) -> bool:
    """Whether a name is another one but for a few letters of its first or last part."""
    if (told[0] == known[0]) == (told[1] == known[1]):
        return False
    part = 1 if told[0] == known[0] else 0
    return SequenceMatcher(None, told[part], known[part]).ratio() >= _ALIKE


def _digits(text: str) -> str:
    return re.sub(r"[^0-9]", "", text)[-_LEAST_DIGITS:]
