"""Words of a contest in a sentence: its sides, its parts, scores such as 4-1, and counts of goals."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from intent_assets.prose.figures import ORDINALS, WORDS
from intent_assets.prose.sides import Contest, Side

_NUMBERED = {"1st": 1, "2nd": 2, "3rd": 3, "4th": 4, "opening": 1} | ORDINALS
_ORDINAL = "|".join([*_NUMBERED, "final", "last", "closing"])
_COUNT = r"[0-9]{1,2}|" + "|".join(WORDS)
_BETWEEN = (
    r"(?:more|of|them|their|its|the|lone|single|own|additional|quick|early|late|unanswered|consecutive|further|winning"
    r"|only)"
)
_SCORE = re.compile(r"(?<![\d/.:-])([0-9]{1,2})\s?[-–—‑]\s?([0-9]{1,2})(?![\d/:]|[.-]\d)")
_GOALS = re.compile(
    rf"\b(?<!all\s)(?<!the\s)(?P<count>{_COUNT}|no|a|another|an)\s(?:{_BETWEEN}\s){{0,4}}(?:goals?|points?)\b"
    r"(?!\s(?:lead|deficit|advantage|margin|of the season))"
    rf"|\b(?:scor(?:ed|ing)|netted|netting)\s(?P<times>once|twice|(?:{_COUNT})\stimes)\b"
    rf"|\b(?P<bare>{_COUNT})\s(?:(?:more|of them|goals|came|coming|and|was|were|each|additional)\s){{0,3}}"
    r"(?=in\s(?:the\s|each\s|overtime|extra))",
    re.IGNORECASE,
)
_EXTRA = re.compile(
    r"\b(?P<overtime>overtime|extra\s(?:time|period))\b"
    r"|\b(?P<penalties>penalt(?:y|ies)(?:\sshoot-?outs?|\sshots?)?|shoot-?outs?)\b",
    re.IGNORECASE,
)
_BOTH = r"\b(?:both|each|neither)\s(?:teams|team|sides|side)\b|\b(?:the\s)?(?:two\s)?teams\b"
_CLAUSE_END = re.compile(r"[,;]|\d|\b(?:and|while|but|with|before|after|to)\b")
_NEXT_CLAUSE = re.compile(r";|\b(?:while|final score)\b")
_BY = re.compile(r"[^,.;]{0,40}?\b(?:by|from|for)\s(?:the\s)?")
_THEY = re.compile(r"\b(?:they|their|them)\b", re.IGNORECASE)
HIGHEST = 30
"""Of larger figures a pair is no score but a range."""
_REACH = 45


class Part(NamedTuple):
    """A part of the contest that a sentence names: the numbers of its parts, or a kind of extra time."""

    start: int
    end: int
    numbers: tuple[int, ...]
    extra: str = ""
    each: bool = False


class Team(NamedTuple):
    """A side that a sentence names; None stands for both."""

    start: int
    end: int
    side: Side | None


class Score(NamedTuple):
    """Two figures such as 4-1."""

    start: int
    end: int
    told: tuple[int, int]


class Goals(NamedTuple):
    """A count of goals; `vague` for "a goal" and "two more", `bare` without the word goal, `total` for a sum."""

    start: int
    end: int
    number: int
    vague: bool
    bare: bool
    total: bool
    in_words: bool


class Words(NamedTuple):
    """What a sentence says of a contest."""

    sentence: str
    parts: tuple[Part, ...]
    teams: tuple[Team, ...]
    subject: Side | None
    """The side that "they" are."""

    def part_of(self, start: int, end: int) -> Part | None:
        """Return the part named right after a place in its clause, or else the last one before it."""
        for part in self.parts:
            between = self.sentence[end : part.start]
            if part.start >= end and len(between) < _REACH and not _CLAUSE_END.search(between):
                return part
        before = [part for part in self.parts if part.end <= start]
        if before and not _NEXT_CLAUSE.search(self.sentence[before[-1].end : start]):
            return before[-1]
        return None

    def team_of(self, start: int, end: int) -> Team | None:
        """Return the side that a count is of: named by "by" or "for" after it, or else before it."""
        by = _BY.match(self.sentence, end, end + _REACH)
        if by:
            named = next((team for team in self.teams if 0 <= team.start - by.end() <= 4), None)
            if named:
                return named
        before = [team for team in self.teams if team.end <= start]
        if before:
            return before[-1]
        return Team(0, 0, self.subject) if self.subject and _THEY.search(self.sentence, 0, start) else None

    def before(self, place: int, length: int) -> str:
        """Return what stands before a place."""
        return self.sentence[max(0, place - length) : place]


class WordReader:
    """Reads sentences about one contest."""

    def __init__(self, contest: Contest) -> None:
        self._contest = contest
        self._count = len(contest.home.parts)
        one = rf"(?:{re.escape(contest.part)}|period|frame)"
        self._part = re.compile(
            rf"\b(?P<first>{_ORDINAL})(?:,?\s(?:and\s)?(?:the\s)?(?P<second>{_ORDINAL}))?"
            rf"(?:,?\sand\s(?:the\s)?(?P<third>{_ORDINAL}))?\s{one}s?\b"
            rf"|\b(?:the\s)?(?P<several>first|last|final)\s(?P<how_many>two|three|2|3)\s{one}s?\b"
            rf"|\b(?P<each>each|every|all(?:\sthree)?|any)(?:\sof)?\s(?:the\s)?{one}s?\b"
            rf"|\b{one}\s(?P<number>[1-4]|one|two|three)\b"
            r"|(?<=in\sthe\s)(?P<short>first|second|third|fourth|1st|2nd|3rd)\b"
            r"(?!\s\w*(?:half|goal|game|team|place|round|minute|score))",
            re.IGNORECASE,
        )
        self._team = re.compile("|".join(self._spellings()), re.IGNORECASE)

    def read(self, sentence: str, subject: Side | None) -> Words:
        """Return what a sentence says; `subject` is the side that the one before it is about."""
        teams = tuple(self._teams(sentence))
        return Words(sentence, tuple(self._parts(sentence)), teams, subject)

    def _spellings(self) -> Iterator[str]:
        for number, side in enumerate(self._contest.sides):
            others = " ".join(self._contest.other(side).names).lower()
            parts = {word for name in side.names for word in name.split() if len(word) > 3}
            names = {*side.names, *(word for word in parts if word.lower() not in others)}
            spelled = "|".join(re.escape(name) for name in sorted(names, key=lambda name: (-len(name), name)))
            yield rf"(?P<side{number}>\b(?:the\s)?(?:{spelled})(?!\w)|\b(?:the\s)?{side.role}\s(?:team|side)\b)"
        yield rf"(?P<both>{_BOTH})"

    def _teams(self, sentence: str) -> Iterator[Team]:
        for found in self._team.finditer(sentence):
            side = self._contest.home if found["side0"] else self._contest.away if found["side1"] else None
            yield Team(found.start(), found.end(), side)

    def _parts(self, sentence: str) -> Iterator[Part]:
        for found in self._part.finditer(sentence):
            each = bool(found["each"])
            yield Part(found.start(), found.end(), self._numbers(found), each=each)
        for found in _EXTRA.finditer(sentence):
            yield Part(found.start(), found.end(), (), extra="overtime" if found["overtime"] else "penalties")

    def _numbers(self, found: re.Match[str]) -> tuple[int, ...]:
        if found["each"]:
            return tuple(range(1, self._count + 1))
        if found["several"]:
            count = 2 if found["how_many"].lower() in ("two", "2") else 3
            first = 1 if found["several"].lower() == "first" else max(self._count - count + 1, 1)
            return tuple(range(first, first + count))
        if found["number"]:
            return (WORDS.get(found["number"].lower()) or int(found["number"]),)
        told = [word for word in (found["first"], found["second"], found["third"], found["short"]) if word]
        return tuple(_NUMBERED.get(word.lower(), self._count) for word in told)


def scores(sentence: str) -> list[Score]:
    """Return the scores of a sentence; two large figures are none."""
    found = [Score(each.start(), each.end(), (int(each[1]), int(each[2]))) for each in _SCORE.finditer(sentence)]
    return [score for score in found if max(score.told) <= HIGHEST]


def goals(sentence: str, but: Sequence[Score]) -> Iterator[Goals]:
    """Yield the counts of goals of a sentence, but those within scores."""
    for found in _GOALS.finditer(sentence):
        if any(score.start <= found.start() < score.end for score in but):
            continue
        word = (found["count"] or found["bare"] or found["times"].split()[0]).lower()
        named = {"no": 0, "a": 1, "an": 1, "another": 1, "once": 1, "twice": 2} | WORDS
        before = sentence[max(0, found.start() - 20) : found.start()]
        yield Goals(
            found.start(),
            found.end(),
            named[word] if word in named else int(word),
            word in ("a", "an", "another") or "more" in found[0],
            bool(found["bare"]),
            "total" in before,
            not word.isdigit(),
        )
