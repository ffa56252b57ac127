"""Which facts a text can mean: displays of the ledger, and other correct spellings of their values. Pure."""

import re
from calendar import month_abbr, month_name
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cached_property, lru_cache
from urllib.parse import unquote, urlsplit

from intent_assets.records import Fact
from intent_assets.rendering.text import clean

_MONTHS = {
    name.lower(): number
    for names in (month_name, month_abbr)
    for number, name in enumerate(names)
    if name
} | {"sept": 9}  # fmt: skip
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_SCALE = r"(?:trillion|billion|million|thousand|bn|[kKmMbB])"
_SCALES = {"t": 12, "b": 9, "m": 6, "k": 3}
_NUMBER_WORDS = (
    "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen "
    "nineteen twenty"
)
_WORDS = dict(zip(_NUMBER_WORDS.split(), range(2, 21), strict=True))
_LEFT = r"(?<![\w$€£.,/:–-])"
_RIGHT = r"(?![\w%])(?![.,:/–-]\d)"
_AMOUNT = r"\d+(?:,\d+)*(?:\.\d+)?"

EMAIL = re.compile(r"(?<![\w.+'-])[\w.+'-]{1,80}@[\w-]+(?:\.[\w-]+)+")
URL = re.compile(r"(?:https?://|\bwww\.)[^\s<>\"]*[^\s<>\".,;:!?)]")
DATE = re.compile(
    rf"\b(?P<iso>\d{{4}}-\d\d-\d\d)\b"
    rf"|\b(?P<us>\d{{1,2}}/\d{{1,2}}/\d{{4}})\b"
    rf"|(?<![\w.,/])(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?)(?P<month>{_MONTH})\b\.?(?:,?\s+(?P<year>\d{{4}})\b)?"
    rf"|\b(?P<month2>{_MONTH})\b\.?\s+(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,?\s+(?P<year2>\d{{4}})\b)?"
    rf"|\b(?P<month3>{_MONTH})\b\.?,?\s+(?P<year3>\d{{4}})\b",
    re.IGNORECASE,
)
MONEY = re.compile(
    rf"(?:(?:US)?\$\s?|\bUSD\s?){_AMOUNT}(?:\s?{_SCALE}\b)?{_RIGHT}|{_LEFT}{_AMOUNT}(?:\s?{_SCALE})?\s(?:US )?dollars\b"
)
PHONE = re.compile(r"(?<![\w.])(?:\+?1[\s.-]?)?\(?\d{3}\)?[\s.-]{0,2}\d{3}[\s.-]\d{4}(?!\d)|(?<![\w.,])\d{10}(?!\d)")
DAYS = re.compile(rf"{_LEFT}(\d[\d,]*)[ -]days?\b", re.IGNORECASE)
RATIO = re.compile(rf"{_LEFT}(\d[\d,]*)\s?(?:of|out of|/)\s?(\d[\d,]*){_RIGHT}")
NUMBER = re.compile(rf"{_LEFT}{_AMOUNT}(?:%|\s?(?:percent|per cent)\b)?{_RIGHT}")
WORD = re.compile(rf"(?<![\w-])(?:{'|'.join(_WORDS)})(?![\w-])(?=\s+(?:[a-z]+\s+)?[A-Za-z]+s\b)", re.IGNORECASE)

_WHOLE = (EMAIL, URL, PHONE, DATE, MONEY, RATIO)
"""Values of which no part is a value."""
_WORDS_OF_ALL = frozenset({"kind", "status", "mailbox", "email_domain", "email_verified", "new_since"})
"""Fields whose displays, if they are one word, are words that a sentence also has by itself."""


@dataclass(frozen=True)
class Mention:
    """A place in a text and the facts that it can stand for; `spelled` where it is no display but another spelling."""

    start: int
    end: int
    facts: tuple[Fact, ...]
    spelled: bool = False


class Values:
    """The facts of a ledger, to be looked up by what a text says."""

    def __init__(self, facts: Iterable[Fact]) -> None:
        self.facts = tuple(facts)
        self._shown: defaultdict[str, list[Fact]] = defaultdict(list)
        for fact in self.facts:
            shown = clean(fact.display).strip()
            if shown:
                self._shown[shown].append(fact)
        self._displays = sorted(self._shown, key=lambda shown: (-len(shown), shown))

    @cached_property
    def _days(self) -> list[tuple[date, Fact]]:
        found = []
        for fact in self.facts:
            if isinstance(fact.value, str) and (fact.kind == "date" or fact.field in {"deadline", "new_since"}):
                try:
                    found.append((date.fromisoformat(fact.value), fact))
                except ValueError:
                    continue
        return found

    def mentions(self, text: str, *, words: bool = False) -> list[Mention]:
        """Return what of `text` the facts say, in order: displays first, the longest first, then other spellings.

        Without `words`, displays that are plain words (`open`, `verified`) are left alone.
        """
        taken = bytearray(len(text))
        found: list[Mention] = []

        def take(start: int, end: int, facts: Sequence[Fact], *, spelled: bool) -> None:
            if facts and not any(taken[start:end]):
                taken[start:end] = b"\x01" * (end - start)
                found.append(Mention(start, end, tuple(facts), spelled))

        whole = [found.span() for pattern in _WHOLE for found in pattern.finditer(text)]
        for shown in self._displays:
            if shown not in text:
                continue
            facts = self._shown[shown] if words else [fact for fact in self._shown[shown] if _is_told(fact, shown)]
            for place in _bounded(shown).finditer(text):
                if not any(_is_part(place.span(), span) for span in whole):
                    take(*place.span(), facts, spelled=False)
        for pattern, look_up in self._spellings():
            for place in pattern.finditer(text):
                take(*place.span(), look_up(place), spelled=True)
        return sorted(found, key=lambda mention: mention.start)

    def _spellings(self) -> Iterator[tuple[re.Pattern[str], Callable[[re.Match[str]], list[Fact]]]]:
        yield EMAIL, lambda found: self._of_kind("email", lambda fact: _same_text(fact, found[0]))
        yield URL, lambda found: self._of_address(found[0])
        yield PHONE, lambda found: self._of_kind("phone", lambda fact: _digits(fact.display) == _digits(found[0]))
        yield DATE, self._of_date
        yield MONEY, lambda found: self._of_kind("money", lambda fact: _is_money(fact, found[0]))
        yield DAYS, lambda found: self._of_number(found[1], ("duration",))
        yield RATIO, lambda found: [fact for fact in self.facts if _figures(fact.display) == _figures(found[0])]
        yield NUMBER, lambda found: self._of_number(found[0], ("count", "score", "percent"))
        yield WORD, lambda found: self._of_number(str(_WORDS[found[0].lower()]), ("count",))

    def _of_kind(self, kind: str, fits: Callable[[Fact], bool]) -> list[Fact]:
        return [fact for fact in self.facts if fact.kind == kind and fits(fact)]

    def _of_address(self, text: str) -> list[Fact]:
        wanted = bare_address(text)
        urls = [fact for fact in self.facts if fact.kind == "url"]
        own = [fact for fact in urls if wanted in {bare_address(str(fact.value)), fact.display}]
        return own or [fact for fact in self.facts if fact.source_url and bare_address(fact.source_url) == wanted]

    def _of_date(self, found: re.Match[str]) -> list[Fact]:
        told = read_date(found)
        if told is None:
            return []
        year, month, day = told
        facts = [
            fact
            for when, fact in self._days
            if when.month == month and year in {None, when.year} and day in {None, when.day}
        ]
        if year is None:
            start = f"{month:02d}/{day:02d}"
            facts += [fact for fact in self.facts if fact.field == "fiscal_year_start" and fact.value == start]
        return sorted(facts, key=lambda fact: fact.kind != "date")

    def _of_number(self, text: str, kinds: Sequence[str]) -> list[Fact]:
        number = _decimal(re.sub(r"[^\d.]", "", text))
        if number is None:
            return []
        places = -int(number.as_tuple().exponent)
        return [fact for fact in self.facts if fact.kind in kinds and _is_number(fact, number, places)]


def read_date(found: re.Match[str]) -> tuple[int | None, int, int | None] | None:
    """Return year, month and day that a match of `DATE` tells, None for what it leaves out; None if it is no date."""
    try:
        if found["iso"]:
            when = date.fromisoformat(found["iso"])
            return when.year, when.month, when.day
        if found["us"]:
            month, day, year = map(int, found["us"].split("/"))
            return year, month, day
    except ValueError:
        return None
    month = _MONTHS[(found["month"] or found["month2"] or found["month3"]).lower()]
    told_day, told_year = found["day"] or found["day2"], found["year"] or found["year2"] or found["year3"]
    return int(told_year) if told_year else None, month, int(told_day) if told_day else None


def bare_address(text: str) -> str:
    """Return a web address in one form: its host in lower case, without scheme and escapes."""
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
    except ValueError:
        return text
    rest = f"{parts.path}?{parts.query}" if parts.query else parts.path
    return unquote(parts.netloc.lower().removeprefix("www.") + rest.rstrip("/"))


@lru_cache(maxsize=4096)
def _bounded(shown: str) -> re.Pattern[str]:
    """Return what finds a display where it stands by itself."""
    first, last = shown[0], shown[-1]
    left = _LEFT if first.isdigit() else r"(?<![\w.$])" if first in "$(" else r"(?<![\w@/])(?<!\w-)"
    right = _RIGHT if last.isdigit() else r"(?!-?\w)"
    return re.compile(left + re.escape(shown) + (right if last.isalnum() else ""))


def _is_part(place: tuple[int, int], whole: tuple[int, int]) -> bool:
    return place != whole and whole[0] <= place[0] and place[1] <= whole[1]


def _is_told(fact: Fact, shown: str) -> bool:
    """Whether a display can be told from words that a sentence has by itself."""
    if fact.field in _WORDS_OF_ALL:
        return " " in shown and fact.field != "kind"
    if len(shown) == 1 and not shown.isdigit():
        return False
    return fact.kind == "url" or any(char.isdigit() or char.isupper() or char in "@$" for char in shown)


def _same_text(fact: Fact, text: str) -> bool:
    return fact.display.casefold() == text.casefold()


def _figures(text: str) -> list[str]:
    return re.findall(r"\d+", text.replace(",", ""))


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)[-10:]


def _is_number(fact: Fact, number: Decimal, places: int) -> bool:
    shown = _decimal(re.sub(r"[^\d.]", "", re.split(r"\s", fact.display)[0]))
    if shown == number:
        return True
    value = fact.value
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return Decimal(str(value)) == number or (places > 0 and abs(Decimal(str(value)) - number) <= _half(places))


def _is_money(fact: Fact, text: str) -> bool:
    told, shown = _money(text), _money(fact.display)
    if told is None or isinstance(fact.value, bool) or not isinstance(fact.value, int | float):
        return False
    amount, tolerance = told
    return (shown is not None and shown[0] == amount) or abs(Decimal(str(fact.value)) - amount) <= tolerance


def _money(text: str) -> tuple[Decimal, Decimal] | None:
    """Return an amount in dollars and by how much the true one may differ from it."""
    found = re.search(rf"({_AMOUNT})\s?({_SCALE})?", text)
    number = _decimal(found[1].replace(",", "")) if found else None
    if found is None or number is None:
        return None
    scale = Decimal(10) ** (_SCALES[found[2][0].lower()] if found[2] else 0)
    places = -int(number.as_tuple().exponent)
    return number * scale, _half(places) * scale if found[2] else _half(max(places, 2))


def _half(places: int) -> Decimal:
    return Decimal(5).scaleb(-places - 1)


def _decimal(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None
