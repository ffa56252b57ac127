"""Sentences with slots, composed from whatever facts a data block gives. No figure, date, name or status is typed."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from intent_assets.sandbox.claude_request import Buyer, Fact, Group, Request

_WORDS = {
    "employees_fte": "full-time staff", "fiscal_year_start": "the start of its fiscal year", "lms": "learning system",
    "sis": "student system", "buyer_type": "kind of body", "budget_amount": "budget", "budget_year": "budget year",
    "procurement_difficulty": "procurement difficulty", "ai_adoption": "score for adoption of artificial intelligence",
    "startup_friendliness": "score for friendliness to start-ups", "parent_name": "parent body",
}  # fmt: skip
_PLAIN = re.compile(r"[a-z][a-z' -]{3,59}")
_TOLD_BY_TIME = re.compile(
    r"\b(open|clos|activ|upcoming|past|recent|new|late|current|run|expir|due|overdue|soon|award)"
)
_ACTIONABLE = {"open", "expiring", "upcoming", "running"}
_SIZES = ("count", "money", "score", "percent")


@dataclass(frozen=True)
class Pen:
    """Writes about one buyer of a request; `turn` varies the pattern of cards that stand side by side."""

    asked: Request
    buyer: Buyer
    turn: int = 0

    @property
    def name(self) -> str:
        """The buyer's name as a slot, or a plain noun."""
        facts = [fact for group in (*self.buyer.of("buyer"), *self.buyer.of("profile")) for fact in group.facts]
        named = next((fact for fact in facts if fact.kind == "name" and fact.field in {"name", "buyer_name"}), None)
        return named.slot if named else "this buyer"

    @property
    def records(self) -> list[tuple[Fact, Group]]:
        """Opportunities with their titles; what can be acted on first, then what shares the product's words."""
        titled = (
            (group.first("title", "title") or group.first("title"), group) for group in self.buyer.of("opportunity")
        )
        found = [(title, group) for title, group in titled if title]
        return sorted(found, key=lambda pair: (pair[1].state not in _ACTIONABLE, -self._shared(pair[1])))

    def _shared(self, group: Group) -> int:
        """How many words of the product's description stand in the record."""
        record = _words(" ".join(fact.display for fact in group.facts if fact.kind in {"title", "quote"}))
        return len(_words(self.asked.told("product_description")) & record)

    @property
    def offer(self) -> str:
        """What the prospect sells, in plain lower-case words of its description, or a phrase that fits all."""
        described = (
            re.split(r"[:;,.()\n]| (?:for|that|which|to|with) ", self.asked.told("product_description"))[0]
            .strip()
            .lower()
        )
        fits = _PLAIN.fullmatch(described) and not _TOLD_BY_TIME.search(described)
        if not fits:
            return "the product"
        return described if described.startswith(("a ", "an ", "the ", "our ")) else f"the {described}"

    def summary(self) -> Iterator[str]:
        """What was looked through, who comes first, why, and what to do."""
        counted = _counted(self.asked.run)
        if counted:
            yield f"The search looked through {_listed(counted)}."
        if self.records:
            title, group = self.records[0]
            told = _told(title, group)
            yield f"{_capital(self.name)} comes first, with the record {title.slot}."
            if told:
                yield told
        elif self.name != "this buyer":
            yield f"{_capital(self.name)} comes first."
        yield from self.action()

    def fit(self) -> Iterator[str]:
        """What the buyer's records and its size say."""
        for number, (title, group) in enumerate(self.records[:3]):
            kind = next((fact for fact in group.facts if fact.field in {"kind", "type"}), None)
            filed = f", filed as {kind.slot}," if kind else ""
            if number == 0:
                yield f"{_capital(self.name)} is the buyer behind {title.slot}{filed.removesuffix(',')}."
                quote = group.first("quote") or group.first("text", "summary")
                if quote:
                    yield _ended(f"The document puts it this way: {quote.slot}", quote)
            elif number == 1:
                yield f"Read {title.slot}{filed} next to it."
            else:
                yield f"Then look at {title.slot}{filed.removesuffix(',')}."
            amount = group.first("money")
            if amount:
                yield f"The amount on record for {title.slot} is {amount.slot}."
        if self.records:
            yield f"Ask how this work is done there, and show where {self.offer} takes a step out of it."

    def timing(self) -> Iterator[str]:
        """What status and dates of the records say that can still be acted on."""
        for title, group in self.records[:4]:
            told = _told(title, group)
            if told and group.state in _ACTIONABLE:
                yield told

    def profile(self) -> Iterator[str]:
        """What the profile gives, figure by figure."""
        facts = [fact for group in self.buyer.of("profile") for fact in group.facts]
        body, place, parent = (self._buyer_fact(name) for name in ("type", "state", "parent_name"))
        if body:
            where = f" in {place.slot}" if place else ""
            yield f"{_capital(self.name)} is filed as {body.slot}{where}."
        if parent:
            yield f"It belongs to {parent.slot}."
        sizes = [fact for fact in facts if fact.kind in _SIZES and not _TOLD_BY_TIME.search(fact.field)]
        for start in range(0, min(len(sizes), 6), 3):
            yield f"Its profile gives {_listed([_as(fact) for fact in sizes[start : start + 3]])}."
        year = next((fact for fact in facts if fact.field == "fiscal_year_start"), None)
        if year:
            yield f"The fiscal year begins on {year.slot}, so ask when budget requests are collected."

    def action(self) -> Iterator[str]:
        """The one thing to do first."""
        about = f" about {self.records[0][0].slot}" if self.records else ""
        person = next(self._people(), None)
        if person:
            who, way = person
            yield f"Ask for {who}{way}{about} and offer a short walk-through of {self.offer}."
        else:
            yield f"Ask {self.name} who decides{about}, and offer a short walk-through of {self.offer}."

    def card(self) -> Iterator[str]:
        """A few sentences for a card."""
        if self.records:
            title, group = self.records[0]
            told = _told(title, group)
            opening = (
                f"{_capital(self.name)} is worth a look for {title.slot}.",
                f"The record to read at {self.name} is {title.slot}.",
                f"Start with {title.slot} at {self.name}.",
                f"A way in at {self.name} is {title.slot}.",
            )
            yield opening[self.turn % len(opening)]
            if told:
                yield told
        yield from self.action()

    def step(self, about: str) -> Iterator[str]:
        """What to do, for a step of the gameplan; nothing where the facts for it are missing."""
        people = list(self._people())
        title = self.records[0][0].slot if self.records else None
        if "prepare" in about and title:
            yield f"Read {title} first and note how it describes the work."
        elif "reach" in about:
            yield from self.action()
        elif ("lead" in about or "point" in about) and title:
            yield f"Lead with {title} and with a task that it names."
        elif "answer" in about:
            yield from self._answer()
        elif "proof" in about and title:
            yield f"Take a task from {title} and show how {self.offer} does it."
        elif "procure" in about:
            yield from self._procurement()
        elif "follow" in about and people:
            who, way = people[-1]
            yield f"If nobody answers, try {who}{way}."

    def _buyer_fact(self, field: str) -> Fact | None:
        groups = (*self.buyer.of("buyer"), *self.buyer.of("profile"))
        return next((fact for group in groups for fact in group.facts if fact.field == field), None)

    def _answer(self) -> Iterator[str]:
        for title, group in self.records:
            if group.state == "open":
                told = _told(title, group)
                if told:
                    yield told
                yield f"Get the documents of {title.slot} and answer each of its points."
                return

    def _procurement(self) -> Iterator[str]:
        facts = [fact for group in self.buyer.of("profile") for fact in group.facts]
        found = next((fact for fact in facts if "procurement" in fact.field and fact.kind in _SIZES), None)
        if found:
            yield f"Plan for the paperwork: the profile gives {_as(found)}."

    def _people(self) -> Iterator[tuple[str, str]]:
        for group in self.buyer.of("contact"):
            if group.state == "left":
                continue
            name, role = group.first("name"), group.first("title")
            way = group.first("email") or group.first("phone")
            if name:
                yield f"{name.slot}, {role.slot}," if role else name.slot, f" at {way.slot}" if way else ""


def _told(title: Fact, group: Group) -> str:
    """The record's status and dates in one sentence, or nothing."""
    status = group.first("status")
    dates = [fact for fact in group.facts if fact.kind == "date"]
    phrase = next((fact for fact in group.facts if re.match(r"(was )?due\b", fact.display)), None)
    if phrase is not None:
        verb = "" if phrase.display.startswith("was ") else "is "
        stands = f"is {status.slot} and {phrase.slot}" if status and verb else f"{verb}{phrase.slot}"
        return f"The record {title.slot} {stands}."
    until = next((fact for fact in dates if "until" in fact.field or "end" in fact.field), None)
    event = next((fact for fact in dates if "event" in fact.field or "posted" in fact.field), None)
    if status and until:
        return f"The record {title.slot} is {status.slot}, with an end date of {until.slot}."
    if status and event:
        kind = next((fact.display for fact in group.facts if fact.field == "kind"), "")
        when = f", with {event.slot} as its date" if "meeting" in kind else f" and dates from {event.slot}"
        return f"The record {title.slot} is {status.slot}{when}."
    return f"The record {title.slot} is {status.slot}." if status else ""


def _words(text: str) -> set[str]:
    return set(re.findall(r"[a-z]{4,}", text.lower()))


def _counted(groups: Sequence[Group]) -> list[str]:
    found: dict[str, str] = {}
    for fact in (fact for group in groups for fact in group.facts if fact.kind == "count"):
        noun = next((noun for noun in ("signals", "buyers") if noun in fact.field.lower()), None)
        if noun and noun not in found:
            found[noun] = fact.slot if any(char.isalpha() for char in fact.display) else f"{fact.slot} {noun}"
    return [found[noun] for noun in ("signals", "buyers") if noun in found]


def _as(fact: Fact) -> str:
    return f"{fact.slot} as {in_words(fact.field)}"


def in_words(field: str) -> str:
    """The name of a field, as sentences have it."""
    return _WORDS.get(field, field.replace("_", " "))


def _listed(items: Sequence[str]) -> str:
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"


def _capital(text: str) -> str:
    return text if text.startswith("{") else text[:1].upper() + text[1:]


def _ended(sentence: str, last: Fact) -> str:
    return sentence if last.display.endswith((".", "!", "?", "…")) else f"{sentence}."
