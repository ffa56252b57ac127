"""Whom an erasure is about: the address, and what stands with it in the records of the same person. Pure."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from email.utils import parseaddr
from typing import Any

from intent_assets.errors import InvalidAddress

ERASED = "[erased]"
_REPEATED = re.compile(rf"{re.escape(ERASED)}(?:[\s,]*{re.escape(ERASED)})+")
_ADDRESS = re.compile(r"[^\s@<>()\[\]\",;:\\]+@[^\s@<>()\[\]\",;:\\]+\.[^\s@<>()\[\]\",;:\\.]+")
_ADDRESS_FIELDS = ("prospect_email", "email", "contact_email")
_TRAITS = ("prospect_name", "name", "contact_name", "phone", "linkedin_url", "contact_id")
_WORDS = ("title", "snippet")
_OF_REPLY = ("prospect_name", "prospect_email")
_SHORTEST_TRAIT = 6


def checked_address(text: str) -> str:
    """Return the address in `text` (`Ana <ana@vmock.example>`) in lower case; raises `InvalidAddress`."""
    address = parseaddr(text.strip())[1].lower()
    if not _ADDRESS.fullmatch(address):
        raise InvalidAddress("that is no e-mail address: give it as name@domain, for instance ana.diaz@vmock.example")
    return address


@dataclass
class Person:
    """The address, and by domain what else names the person in records with this address.

    `traits` are full names, phones, profile addresses and ids; `words` titles and what the person wrote, which count
    only where a text is known to be about the person.
    """

    address: str
    traits: dict[str, set[str]] = field(default_factory=dict)
    words: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._whole = re.compile(rf"(?<![\w.+%'-]){re.escape(self.address)}(?![\w-]|\.\w)", re.IGNORECASE)

    @property
    def domains(self) -> list[str]:
        """The domains in whose records the person stands."""
        return sorted(self.traits)

    def is_address(self, value: object) -> bool:
        """Say whether a value is the address, whatever its case."""
        return isinstance(value, str) and parseaddr(value.strip())[1].lower() == self.address

    def learn(self, domain: str, document: Any) -> None:
        """Take over what names the person in a document of a domain, if the address stands in it."""
        texts = list(texts_of(document))
        if not any(self._whole.search(text) for text in texts):
            return
        traits = self.traits.setdefault(domain, set())
        for record in _records(document):
            if any(self.is_address(record.get(name)) for name in _ADDRESS_FIELDS):
                traits |= {record[name] for name in _TRAITS if _names_one(record.get(name))}
                self.words |= {line for name in _WORDS for line in _lines(record.get(name))}

    def needles(self, domain: str | None) -> list[str]:
        """Return the texts by which the person is known in a domain, the address first."""
        return [self.address, *sorted(self.traits.get(domain or "", ()), key=len, reverse=True)]

    def stands_in(self, texts: Iterable[str], domain: str | None) -> bool:
        """Say whether the address or, in records of the domain, a trait stands in one of the texts."""
        patterns = [self._whole, *(_whole(trait) for trait in self.needles(domain)[1:])]
        return any(pattern.search(text) for text in texts for pattern in patterns)

    def without(self, text: str, domain: str | None) -> str:
        """Return a text that is about the person without address, traits and words."""
        # the longest first: what the person wrote may hold the name and the address
        for word in sorted({*self.needles(domain)[1:], *self.words}, key=len, reverse=True):
            text = _whole(word).sub(ERASED, text)
        return _REPEATED.sub(ERASED, self._whole.sub(ERASED, text))

    def without_address(self, text: str) -> str:
        """Return a text without the address."""
        return self._whole.sub(ERASED, text)

    def redacted(self, document: Any, domain: str | None) -> Any:
        """Return a document without the person: a contact becomes null, a reply's person as well, texts are cut."""
        if isinstance(document, str):
            return self.without(document, domain)
        if isinstance(document, list):
            return [self.redacted(item, domain) for item in document]
        if not isinstance(document, dict):
            return document
        if any(self.is_address(document.get(name)) for name in ("email", "contact_email")):
            return None
        if self.is_address(document.get("prospect_email")):
            blank = dict.fromkeys(_OF_REPLY) | ({"snippet": ""} if "snippet" in document else {})
            document = document | blank
        return {name: self.redacted(value, domain) for name, value in document.items()}


def texts_of(document: Any) -> Iterator[str]:
    """Yield all texts in a JSON document; a text that is JSON itself is looked into."""
    if isinstance(document, str):
        yield document
        if document[:1] in ("{", "[", '"'):
            try:
                inner = json.loads(document)
            except (ValueError, RecursionError):
                return
            yield from texts_of(inner)
    elif isinstance(document, list):
        for item in document:
            yield from texts_of(item)
    elif isinstance(document, Mapping):
        for item in document.values():
            yield from texts_of(item)


def _records(document: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(document, list):
        for item in document:
            yield from _records(item)
    elif isinstance(document, Mapping):
        yield document
        for item in document.values():
            yield from _records(item)


def _names_one(value: Any) -> bool:
    """Whether a value is told enough to name one person: a lone first name is not."""
    return isinstance(value, str) and len(value) >= _SHORTEST_TRAIT and (" " in value.strip() or not value.isalpha())


def _lines(value: Any) -> list[str]:
    return [line.strip() for line in value.splitlines() if line.strip()] if isinstance(value, str) else []


def _whole(text: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(text)}(?!\w)", re.IGNORECASE)
