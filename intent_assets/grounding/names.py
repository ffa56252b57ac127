"""Names of people and bodies: which may be written in plain words, and which of a text's are none of these."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, Self

from intent_assets.grounding import words
from intent_assets.grounding.figures import Hit
from intent_assets.grounding.text import MASK, SLOT_MARK, Plain
from intent_assets.grounding.text import plain as plain_form
from intent_assets.records import Fact, Reply

Kind = Literal["person", "body", "title"]
_WORD = re.compile(r"[^\W\d_]+(?:['.&-][^\W\d_]+)*'?")
_TOKEN = re.compile(r"[^\W_]+(?:['.&/-][^\W_]+)*")
_JOIN = re.compile(r"\s+(?:(?:of|the|de|la|del|van|von|di|&)\s+){0,2}|\s*-\s*|\s*&\s*|\.\s")
_MIXED = r"\b(?=[\w/&.+-]*\d)(?=[\w/&.+-]*[A-Za-z])[A-Za-z\d]+(?:[/&.+-][A-Za-z\d]+)*\b"
_NUMBERED = r"\b[A-Z][A-Za-z]+(?: [A-Z][A-Za-z]+)* \d+(?:\.\d+)?\b"
_DIGIT_NAME = re.compile(f"{_MIXED}|{_NUMBERED}")
_UNIT = re.compile(
    r"\d+(?:[.,]\d+)?(?:k|m|bn|b|st|nd|rd|th|x|s|am|pm|d|h|min|hrs?|yrs?|[a-z]{4,})|\d+K|[FfSs]?[YyQqHh]\d+"
)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_LEGAL_NAME = re.compile(r"\b(?:Section|Title|Chapter|Part|Article|Office|Windows|Dynamics|Microsoft) \d+\b")
_NO_NAMES = words.NUMBERS | words.MONTHS | words.ORDINARY | {"fy", "q", "rfp", "serving", "serves", "helps", "founded"}
_SAYS = re.compile(rf"\s+(?:also |already |now )?{words.SAYS}\b", re.IGNORECASE)
_ABSTRACT = (
    "tion",
    "tions",
    "ment",
    "ments",
    "ness",
    "ship",
    "ing",
    "ance",
    "ence",
    "ures",
    "ees",
    "ors",
)
_COMMON = (
    "ity", "ism", "al", "ure", "sis", "logy", "age", "ery", "cy", "th", "ed", "ly", "s", "ant", "ent", "ics",
)  # fmt: skip
_IN_SLOT = re.compile(rf"\s*(?:,\s*(?:the\s+)?|\s+is\s+(?:the\s+)?|\s*\()\s*{SLOT_MARK}")
_BODY = re.compile(
    r"\s+(?:College|County|District|University|Schools?|City|Department|Agency|Library|Town|Authority|Council)\b"
)
_DOES = re.compile(
    r"\s+(?:is the (?:\w+ )?(?:person|contact|one|vendor|supplier|provider|buyer|director|manager)"
    r"|is a|was a|was the|handles|knows"
    r"|likes|needs|thinks|sits|buys|picks|chairs|answers|wrote|took|got|gave|made|built|met"
    r"|brought|went|came|saw|began|knew|left"
    r"|lost|kept|spent|set|put|drafted|reviewed|advised|consulted|designed|delivers|competes|used"
    r"|is what|[a-z]{2,}s (?:it|its|the|there|all|everything))\b"
)
_NO_NAME = re.compile(r"://|[@*_`~|<>\[\]{}\\#\n]|\bwww\.", re.IGNORECASE)
"""What makes an address or markup of a name."""
_MIN_OTHER = 4


@dataclass(frozen=True)
class Name:
    """One name in folded words; `buyer_id` is None for names of the reply."""

    words: tuple[str, ...]
    kind: Kind
    buyer_id: str | None = None


@dataclass(frozen=True)
class AllowedNames:
    """The names that may be typed: of the reply in any text, of a buyer in texts about this buyer.

    `texts` are spellings that may stand as they are, figures and all, by owner: full names, `Office 365`, `3M`.
    `ordinary` holds lower-case words of the material, `domains` what may be written as an address.
    """

    names: tuple[Name, ...] = ()
    texts: Mapping[str | None, frozenset[str]] = field(default_factory=dict)
    domains: frozenset[str] = frozenset()
    ordinary: frozenset[str] = frozenset()

    @classmethod
    def of(cls, reply: Reply, facts: Iterable[Fact]) -> Self:
        """Collect the names of `reply` and of the facts of kind `name` and `title`."""
        known = tuple(facts)
        names = list(_reply_names(reply))
        texts: dict[str | None, set[str]] = {None: set(_reply_texts(reply))}
        for fact in known:
            if fact.kind in {"name", "title"} and isinstance(fact.value, str) and fact.trust != "model":
                names += _fact_names(fact)
                texts.setdefault(fact.buyer_id, set()).update(_fact_texts(fact))
        material = [reply.product_description or "", reply.reply_text or ""]
        material += [fact.display for fact in known if fact.kind in {"quote", "title"}]
        return cls(
            names=tuple(dict.fromkeys(names)),
            texts={owner: frozenset(each) for owner, each in texts.items()},
            domains=frozenset({reply.domain.lower()}),
            ordinary=frozenset(word for text in material for word in _WORD.findall(text) if word == word.lower()),
        )

    @cached_property
    def _folded(self) -> dict[str, frozenset[str | None]]:
        owners: dict[str, set[str | None]] = {}
        for name in self.names:
            for word in name.words:
                owners.setdefault(word, set()).add(name.buyer_id)
        return {word: frozenset(each) for word, each in owners.items()}

    def spellings(self, buyer_id: str | None) -> list[str]:
        """Return the spellings that may stand in a text about `buyer_id` (None: about any), the longest first."""
        owners = self.texts if buyer_id is None else [None, buyer_id]
        found = {text for owner in owners for text in self.texts.get(owner, ())}
        return sorted(found, key=lambda text: (-len(text), text))

    def masking(self, buyer_id: str | None) -> re.Pattern[str] | None:
        """Return the pattern of these spellings in plain form, None if there are none; made once for a buyer."""
        if buyer_id not in self._maskings:
            forms = [re.escape(plain_form(spelling).text) for spelling in self.spellings(buyer_id)]
            either = "|".join(form for form in forms if form)
            pattern = rf"(?<![\w.@/-])(?:{either})(?![\w@/-]|\.\w)"
            self._maskings[buyer_id] = re.compile(pattern) if either else None
        return self._maskings[buyer_id]

    @cached_property
    def _maskings(self) -> dict[str | None, re.Pattern[str] | None]:
        return {}

    def fits(self, sequence: tuple[str, ...], buyer_id: str | None) -> bool:
        """Whether the folded words are names that may stand in a text about `buyer_id`, one after the other.

        A piece is a name or a part of one with its words in order, or words that name nobody. There may be one person
        and one body at the most: a first name of one with the last name of another is no name.
        """
        usable = [name for name in self.names if buyer_id is None or name.buyer_id in {None, buyer_id}]
        return _fits(sequence, usable, people=1, bodies=1)

    def named(self, word: str, buyer_id: str | None) -> bool:
        """Whether a word belongs to a name, or is its initials, that may stand in a text about `buyer_id`."""
        known = words.ORDINARY | words.FUNCTION_WORDS
        return not (word.lower() in known or _names_nobody(word.lower())) and self.fits(folded(word), buyer_id)

    def others(self, word: str, buyer_id: str | None) -> bool:
        """Whether the folded word belongs to names of other buyers only."""
        owners = self._folded.get(word, frozenset())
        return buyer_id is not None and bool(owners) and not owners & {None, buyer_id}


def _in_small_letters(plain: Plain, allowed: AllowedNames, buyer_id: str | None) -> Iterator[Hit]:
    """Yield full names of other buyers' people and bodies that are written without capitals."""
    for name in allowed.names:
        long = len(name.words) > (1 if name.kind == "person" else 2)
        if buyer_id is None or name.buyer_id in {None, buyer_id} or name.kind == "title" or not long:
            continue
        pattern = r"(?<!\w)" + r"[\s.'-]+".join(map(re.escape, name.words)) + r"(?!\w)"
        for found in re.finditer(pattern, plain.text):
            yield Hit(found.start(), found.end(), "unknown_name", f"{found[0]!r} belongs to another buyer")


def mask_names(plain: Plain, allowed: AllowedNames, buyer_id: str | None) -> Plain:
    """Return the text with the spellings that may stand as they are masked."""
    pattern = allowed.masking(buyer_id)
    return plain.masked(found.span() for found in pattern.finditer(plain.text)) if pattern else plain


def unknown_names(plain: Plain, allowed: AllowedNames, buyer_id: str | None) -> Iterator[Hit]:
    """Yield capitalised words that name somebody or something that may not be named here."""
    starts = _sentence_starts(plain)
    for sequence in _sequences(plain.text, [start for start, _ in plain.sentences()]):
        yield from _judge(plain.text, sequence, starts, allowed, buyer_id)
    yield from _in_small_letters(plain, allowed, buyer_id)
    for found in re.finditer(r"[^\W\d_]+", plain.text):
        if any(not unicodedata.name(char, "").startswith("LATIN") for char in found[0]):
            yield Hit(found.start(), found.end(), "unknown_name", "letters of another script")


def folded(text: str) -> tuple[str, ...]:
    """Return the words of a name without case, accents, possessives and dots."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    plain = bare.replace("’", "'").replace("‘", "'").lower()
    found = (re.sub(r"'s$|'$|\.", "", word) for word in _TOKEN.findall(plain))
    return tuple(part for word in found for part in re.split(r"[-/&]", word) if part)


def _fits(sequence: tuple[str, ...], names: list[Name], *, people: int, bodies: int) -> bool:
    if not sequence:
        return True
    for length in range(len(sequence), 0, -1):
        piece, rest = sequence[:length], sequence[length:]
        if length == 1 and _names_nobody(piece[0]) and _fits(rest, names, people=people, bodies=bodies):
            return True
        kinds = {
            name.kind for name in names if _within(piece, name.words) or _initials(piece, name) or _short(piece, name)
        }
        if "title" in kinds and _fits(rest, names, people=people, bodies=bodies):
            return True
        if "body" in kinds and bodies and _fits(rest, names, people=people, bodies=bodies - 1):
            return True
        if "person" in kinds and people and _fits(rest, names, people=people - 1, bodies=bodies):
            return True
    return False


def _within(piece: tuple[str, ...], name: tuple[str, ...]) -> bool:
    """Whether the words of `piece` stand in `name`, in the same order."""
    rest = iter(name)
    return all(word in rest for word in piece)


def _initials(piece: tuple[str, ...], name: Name) -> bool:
    if len(piece) != 1 or len(name.words) < 3 or name.kind == "person":
        return False
    short = piece[0].removesuffix("s") if len(piece[0]) > 3 else piece[0]
    large = "".join(word[0] for word in name.words if word not in {"of", "the", "and", "for", "at"})
    return short in {large, "".join(word[0] for word in name.words)}


def _short(piece: tuple[str, ...], name: Name) -> bool:
    """Whether the piece is a person's initial with the last name."""
    last = name.words[-1:] if name.kind == "person" else ()
    return len(piece) > 1 and piece[-1:] == last and len(piece[0]) == 1 and piece[0] == name.words[0][0]


def _names_nobody(word: str) -> bool:
    return word in words.PROPER or word in _FOLDED_ACRONYMS


_FOLDED_ACRONYMS = {part for acronym in words.ACRONYMS for part in folded(acronym)}


@dataclass(frozen=True)
class _Sequence:
    spans: tuple[tuple[int, int], ...]

    @property
    def start(self) -> int:
        return self.spans[0][0]

    @property
    def end(self) -> int:
        return self.spans[-1][1]


def _sequences(text: str, breaks: Sequence[int] = ()) -> Iterator[_Sequence]:
    """Yield runs of capitalised words, with `of` and its like between them; none goes over one of `breaks`."""
    run: list[tuple[int, int]] = []
    for found in _WORD.finditer(text):
        start, end = found.span()
        if text[end - 1] == "'":
            end -= 1
        if not any(char.isupper() for char in text[start:end]):
            continue
        if run and (
            not _JOIN.fullmatch(text, run[-1][1], start) or any(run[-1][1] < place <= start for place in breaks)
        ):
            yield _Sequence(tuple(run))
            run = []
        run.append((start, end))
    if run:
        yield _Sequence(tuple(run))


def _sentence_starts(plain: Plain) -> set[int]:
    starts = set()
    places = [start for start, _ in plain.sentences()]
    places += [found.end() for found in re.finditer(r"[:—–•]\s+|(?<![\w])[\"“'(](?=\w)", plain.text)]
    for place in places:
        at = place
        while at < len(plain.text) and not (plain.text[at].isalnum() or plain.text[at] in (SLOT_MARK, MASK)):
            at += 1
        starts.add(at)
    return starts


def _judge(
    text: str, sequence: _Sequence, starts: set[int], allowed: AllowedNames, buyer_id: str | None
) -> Iterator[Hit]:
    parts = [folded(text[start:end]) for start, end in sequence.spans]
    if allowed.fits(tuple(word for part in parts for word in part), buyer_id):
        return
    first = 0
    if sequence.start in starts:
        start, end = sequence.spans[0]
        word = text[start:end]
        rest = tuple(word for part in parts[1:] for word in part)
        if _ordinary(word, allowed):
            if allowed.fits(rest, buyer_id):
                return
            first = 1
        elif all(_names_nobody(each) for each in rest):
            reason = next(_suspicious(text, (start, end), allowed, buyer_id), None)
            if reason:
                yield Hit(start, end, "unknown_name", reason)
            return
    start = sequence.spans[first][0]
    name = text[start : sequence.end]
    reason = f"{name!r} is no name that the evidence of this buyer or the reply holds; use a slot, or leave it out"
    yield Hit(start, sequence.end, "unknown_name", reason)


def _ordinary(word: str, allowed: AllowedNames) -> bool:
    lower = word.lower()
    if any(char.isupper() for char in word[1:]) and not word.isupper():
        return False
    stem = lower.split("-", maxsplit=1)[0].removesuffix("'s")
    return stem in words.ORDINARY or lower in allowed.ordinary


def _suspicious(text: str, span: tuple[int, int], allowed: AllowedNames, buyer_id: str | None) -> Iterator[str]:
    """Why the unknown first word of a sentence is taken for a name, or None."""
    word, behind = text[span[0] : span[1]], text[span[1] :]
    bare = folded(word)[0] if folded(word) else ""
    if any(char.isupper() for char in word[1:]):
        yield f"{word!r} is written like a name that neither evidence nor reply holds"
    if bare in words.GIVEN_NAMES:
        yield f"{word!r} is a person's name that neither evidence nor reply holds"
    if len(bare) >= _MIN_OTHER and allowed.others(bare, buyer_id):
        yield f"{word!r} belongs to another buyer"
    if word.endswith("'s"):
        yield f"{word!r} is used like a name that neither evidence nor reply holds"
    if _IN_SLOT.match(behind) and bare not in words.ORDINARY:
        yield f"{word!r} stands where a name stands, and neither evidence nor reply holds it"
    if _BODY.match(behind) or (_DOES.match(behind) and not bare.endswith((*_ABSTRACT, *_COMMON))):
        yield f"{word!r} is used like a name that neither evidence nor reply holds"
    if _SAYS.match(behind) and not bare.endswith(_ABSTRACT):
        yield f"{word!r} is used like a name that neither evidence nor reply holds"


def _reply_names(reply: Reply) -> Iterator[Name]:
    for text, kind in (
        (reply.company, "body"),
        (reply.prospect_name, "person"),
        (reply.campaign_name, "title"),
        (reply.domain.partition(".")[0], "body"),
    ):
        if text and folded(text):
            yield Name(folded(text), "person" if kind == "person" else "title" if kind == "title" else "body")
    described = reply.product_description or ""
    for sequence in _sequences(described):
        yield Name(folded(described[sequence.start : sequence.end]), "title")


def _reply_texts(reply: Reply) -> Iterator[str]:
    for name in (reply.company, reply.prospect_name, reply.campaign_name):
        if name and _is_plain(name.strip()):
            yield name.strip()
    for text in (reply.company, reply.product_description):
        yield from _digit_names(text or "")
        yield from _LEGAL_NAME.findall(text or "")


def _is_plain(name: str) -> bool:
    """Whether a name from outside may stand as it is: letters, no number word, no address and no markup in it."""
    letters = any(char.isalpha() for char in name) and len(name) > 1
    return letters and not words.NUMBERS & set(folded(name)) and not _NO_NAME.search(name)


def _fact_names(fact: Fact) -> list[Name]:
    text = fact.display
    if fact.kind == "title":
        return [Name(folded(text), "title", fact.buyer_id)] if folded(text) else []
    person = fact.field == "prospect_name" or (fact.record == "contact" and fact.field == "name")
    pieces = text.split(",") if fact.field in {"lms", "sis"} else [text]
    kind: Kind = "person" if person else "title" if fact.field in {"lms", "sis", "vendor", "state", "city"} else "body"
    return [Name(folded(piece), kind, fact.buyer_id) for piece in pieces if folded(piece)]


def _fact_texts(fact: Fact) -> Iterator[str]:
    text = fact.display
    if fact.kind == "title":
        yield from _LEGAL_NAME.findall(text)
        return
    capital = all(
        word[0].isupper() or word[0].isdigit() or word in {"of", "the", "and", "for"} for word in text.split()
    )
    if capital and len(text.split()) > 1:
        yield text
    yield from _digit_names(text)


def _digit_names(text: str) -> Iterator[str]:
    """Yield names with digits: `3M`, `Office 365`, `Section 508`; never a bare number or `Over 500`."""
    for found in _DIGIT_NAME.finditer(text):
        lead = found[0].split(" ")[0]
        if not (_YEAR.search(found[0]) or lead.lower() in _NO_NAMES or _UNIT.fullmatch(found[0])):
            yield found[0]
