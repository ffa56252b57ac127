"""What a job title says: how well the role fits a product, and how high it stands. Pure.

Titles are read in this order of ranks, the first that fits counts; `Office of the President` is no president.
"""

import re
from collections.abc import Iterable
from enum import IntEnum
from typing import NamedTuple

from intent_assets.grounding.words import MONTHS, NUMBERS, PERIODS, WEEKDAYS


class Rank(IntEnum):
    """How high a role stands in its organisation."""

    UNKNOWN = 0
    CLERICAL = 1
    STAFF = 2
    OFFICER = 3
    MANAGER = 4
    DIRECTOR = 5
    HEAD = 6


class Fit(IntEnum):
    """How well a role fits the product: leads its field; buys or decides for the whole body; is near its field."""

    NONE = 0
    FIELD_NEAR = 1
    BUYS = 2
    FIELD = 3


class Role(NamedTuple):
    """What a title says. `words` are those that it shares with the product, or that tell of buying."""

    fit: Fit
    rank: Rank
    words: tuple[str, ...]


_WORD = re.compile(r"[a-z]+")
_OFFICE_OF = re.compile(r"\b((office|aide|liaison) (of|to)|(assistant|secretary) to) (the )?[^,;/-]*")
_DEPUTIES = (
    r"(assistant|associate|deputy|vice|under)[ -]?(superintendent|chancellor|president|provost|chief|commissioner"
    r"|secretary|(city|county|town|village|general) (manager|administrator))|[ase]?vp"
)
_FIELD_SUPERINTENDENTS = (
    r"(fleet|parks?|streets?|water|sewer|wastewater|utilit\w+|facilit\w+|buildings?|grounds|golf|highway|roads?"
    r"|transportation|maintenance|plant) superintendent|superintendent of (?!schools)"
)
_HEADS = (
    r"chief [\w &,-]+ officer|chief of|(fire|police) chief|^(\w+ )?chief$|superintendent|president|chancellor|provost"
    r"|c[aefioprst]o|ciso|commissioner|executive director|general manager|secretary of (?!the board)|cabinet secretary"
    r"|(city|county|town|village|borough|township|state) (manager|administrator)"
)
_DIRECTORS = (
    r"chief|director|dean|head(?! (start|coach|custodian|cook|teacher|nurse))"
    r"|principal(?! (engineer|analyst|planner|consultant|accountant|investigator))"
)
_MANAGERS = (
    r"manager|(city|county|town|village|borough|township|district) clerk|chair\w*|supervisor|mayor"
    r"|(?<!deputy )sheriff|registrar|captain|marshal|treasurer|controller|comptroller|building official"
)
_OFFICERS = (
    r"coordinator|administrator|officer|official|buyer|(purchasing|procurement) agent|lead|librarian|lieutenant|trustee"
    r"|(board|council) ?(member|woman|man|person)"
)
_RANKS: tuple[tuple[Rank, str], ...] = (
    (Rank.CLERICAL, r"(executive|administrative|office|clerical) (assistant|secretary|aide)|receptionist|deputy clerk"),
    (Rank.DIRECTOR, _DEPUTIES),
    (Rank.MANAGER, r"(assistant|associate|deputy|vice)[ -](director|dean|principal|manager|chair\w*|head)"),
    (Rank.MANAGER, _FIELD_SUPERINTENDENTS),
    (Rank.MANAGER, r"board (president|chair\w*)|(president|chair\w*)(,| of the)? board|battalion chief"),
    (Rank.HEAD, _HEADS),
    (Rank.DIRECTOR, _DIRECTORS),
    (Rank.MANAGER, _MANAGERS),
    (Rank.OFFICER, _OFFICERS),
    (Rank.CLERICAL, r"secretary|clerk|aide|typist"),
)
_COMPILED = tuple((rank, re.compile(rf"\b({pattern})\b")) for rank, pattern in _RANKS)
_LEADS = re.compile(
    r"(?<!assistant )(?<!associate )(?<!deputy )(?<!vice )\b(principal|mayor|sheriff)\b"
    r"(?! (engineer|analyst|planner|consultant|accountant|investigator))"
    r"|(?<!assistant )(?<!associate )(?<!deputy )\b(library director|director of (the )?librar(y|ies))\b"
)
_BUYS = re.compile(
    r"\b(procurement|purchasing|contracts?|sourcing|technology|operations|business|innovation"
    r"|(?<!public )information(?= (technology|systems|services|security|officer|management))"
    r"|buyer|finance|financial|digital|data)\b"
)
_ABBREVIATED = re.compile(r"\b(IT|CIO|CTO|CFO|COO|CPO)\b")
_STUDENT = re.compile(
    r"\bstudent ((board )?member|worker|assistant|aide|intern|employee|representative|ambassador|tutor|trustee|teacher"
    r"|researcher)\b|\bstudent (body|government)\b.*\bpresident\b|\b(student|alumn[aiu]s?)$"
)
_LEARNER = re.compile(r"\b(interns?|volunteer|trainee|apprentice|substitute)\b")
_GENERAL = frozenset(
    """
    about all also and any are can for from get has have her his into its new not now one our out per that the their
    them they this use used uses using via who why will with you your
    agency based better board campus city cloud college company county customers department district districts
    education government help helps make makes management manager more office offices online platform platforms product
    products program programs public school schools service services software solution solutions staff state states
    support system systems team teams tool tools town track universities university user users vendor work works
    administration administrator assistant associate chief coordinator dean director executive head officer president
    senior specialist superintendent vice
    """.split()  # noqa: SIM905
)
_AUDIENCE = frozenset(
    """
    alumni children citizen citizens community employee employees faculty families family learner learners parent
    parents patient patients patron patrons people resident residents student students teacher teachers visitors youth
    """.split()  # noqa: SIM905
)
_FIGURES = NUMBERS | MONTHS | WEEKDAYS
_PERIOD = re.compile(PERIODS)
_LONGEST = 300


def product_stems(texts: Iterable[str]) -> frozenset[str]:
    """Return the stems of the telling words of what is sold; words that any product or title has are none."""
    return frozenset(map(_stem, _telling(" ".join(texts))))


def role_of(titles: Iterable[str], product: frozenset[str]) -> Role:
    """Return what the titles of one person say, read as one; `product` are stems of `product_stems`."""
    original = ", ".join(title for title in titles if title)[:_LONGEST]
    title = original.lower()
    rank = _rank(title)
    shared = tuple(dict.fromkeys(word for word in _telling(title) if _stem(word) in product))
    told = (*_BUYS.finditer(title), *_ABBREVIATED.finditer(original))
    buying = tuple(dict.fromkeys(found[0] for found in told))
    # Whom a product serves says little of its field: a dean of students is none of career services.
    if rank >= Rank.MANAGER and not _AUDIENCE.issuperset(shared):
        return Role(Fit.FIELD, rank, shared)
    if rank >= Rank.OFFICER and buying:
        return Role(Fit.BUYS, rank, buying)
    if rank is Rank.HEAD or (rank >= Rank.MANAGER and _LEADS.search(title)):
        return Role(Fit.BUYS, rank, ())
    if shared and rank >= Rank.STAFF:
        return Role(Fit.FIELD_NEAR, rank, shared)
    return Role(Fit.NONE, rank, ())


def has_no_say(title: str | None) -> bool:
    """Whether the title is of somebody who buys nothing: students, interns, volunteers; not those who lead these."""
    text = (title or "")[:_LONGEST].lower().strip()
    return bool(_STUDENT.search(text)) or (bool(_LEARNER.search(text)) and _rank(text) < Rank.OFFICER)


def _rank(title: str) -> Rank:
    of_office = _OFFICE_OF.sub(" ", title)
    ranks = next((rank for rank, pattern in _COMPILED if pattern.search(of_office)), None)
    if ranks is not None:
        return ranks
    if of_office != title:
        return Rank.CLERICAL
    return Rank.STAFF if _WORD.search(title) else Rank.UNKNOWN


def _telling(text: str) -> list[str]:
    return [
        word
        for word in _WORD.findall(text.lower())
        if len(word) >= 3 and word not in _GENERAL and word not in _FIGURES and not _PERIOD.fullmatch(word)
    ]


def _stem(word: str) -> str:
    return word[:6]
