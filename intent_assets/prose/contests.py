"""What a text says of a contest (who won, scores, what each side had in each part) against its result."""

import re
from collections.abc import Iterator

from intent_assets.prose.contest_scores import check_score
from intent_assets.prose.contest_words import Goals, Part, WordReader, Words, goals, scores
from intent_assets.prose.figures import WORDS
from intent_assets.prose.findings import FITS, Fault
from intent_assets.prose.sentences import Sentence
from intent_assets.prose.sides import Contest, Side

_WON = re.compile(
    r"\b(?:won|wins?|winning|defeat(?:ed|ing)|beat|victorious|triumphed|claimed\s(?:the\s|a\s)?victory"
    r"|securing\sa\s[\w-]+\s(?:\w+\s)?victory|secur(?:ed|ing)\s(?:the|a|their)\s(?:\w+\s)?(?:win|victory))\b",
    re.IGNORECASE,
)
_NOT_THE_GAME = re.compile(r"\b(?:period|frame|shoot-?out|season|streak|goal)\b")
_NOT_WON = re.compile(r"\b(?:unable|not|fail\w*|fell|lost|losing|but|while|who|struggl\w*)\b")
_OBJECT = re.compile(r"\b(?:over|against|to)\s$")
_DENIED = re.compile(
    r"\b(?:no|without(?:\sany)?|neither|nor|not|any)\s(?:\w+\s(?:or|and|nor)\s)?(?:\w+\s)?$", re.IGNORECASE
)
_SCORELESS = re.compile(r"\b(?:scoreless|goalless|without\sa\sgoal|no\sgoals)\b", re.IGNORECASE)
_OF_ONE = re.compile(r"\b(?:while|remained|kept|held|team|side|scored)\b")
_PARTS = re.compile(
    rf"(?<!first\s)(?<!last\s)(?<!final\s)(?<!all\s)\b(?P<count>{'|'.join(WORDS)}|[2-9])\speriods\b", re.IGNORECASE
)
_MARGIN = re.compile(r"\b(?:by|with)\s(?:just\s)?$")


class Reader:
    """Checks sentences one after the other; "they" are the side that the sentence before is about."""

    def __init__(self, contest: Contest) -> None:
        self.contest = contest
        self._words = WordReader(contest)
        self._subject: Side | None = None

    def check(self, said: Sentence) -> Iterator[Fault]:
        """Yield the faults of a sentence, and what of it fits."""
        told = self._words.read(said.text, self._subject)
        yield from self._faults(told)
        if told.teams and told.teams[0].side:
            self._subject = told.teams[0].side

    def _faults(self, told: Words) -> Iterator[Fault]:
        found = scores(told.sentence)
        for score in found:
            yield check_score(score, told, self.contest)
        for count in goals(told.sentence, found):
            yield from self._goals(count, told)
        yield from self._scoreless(told)
        yield from self._parts(told)
        yield from self._extra(told)
        yield from self._winner(told)

    def _goals(self, count: Goals, told: Words) -> Iterator[Fault]:
        part = None if count.total else told.part_of(count.start, count.end)
        team = told.team_of(count.start, count.end)
        sides = self.contest.sides if team is None or team.side is None else (team.side,)
        if part is None and self._says_no_total(count, told, sides):
            return
        wrong = [side for side in sides if count.number not in self._allowed(side, part, count, len(sides))]
        stop = part.end if part and part.start >= count.end else count.end
        if not wrong or (team is None and len(wrong) < len(sides)):
            yield Fault(count.start, stop, FITS, "")
            return
        kind = "goals/total" if part is None else "goals/extra" if part.extra else "goals/part"
        side = wrong[0]
        figures = ", ".join(f"{number}: {value}" for number, value in side.parts.items())
        reason = f"{side.key} of {side.name} is {side.total}, by {self.contest.part} {figures}"
        yield Fault(count.start, stop, kind, reason)

    def _says_no_total(self, count: Goals, told: Words, sides: tuple[Side, ...]) -> bool:
        """Whether a count without a part is none of the whole game: "a goal", "won by two", "one in the"."""
        if count.vague or count.bare or _MARGIN.search(told.before(count.start, 12)):
            return True
        if not count.total and any(part.end <= count.start for part in told.parts):
            return True
        return count.in_words and count.number <= 1 < max(side.total for side in sides)

    def _allowed(self, side: Side, part: Part | None, count: Goals, sides: int) -> set[int]:
        if part is None:
            allowed = {side.total} if side.normal is None else {side.total, side.normal}
            every = sum(each.total for each in self.contest.sides)
            return allowed | {every, every - 1} if count.total or sides == 2 else allowed
        if part.extra:
            return {side.extra.get(part.extra, 0)}
        own = [side.parts.get(number, 0) for number in part.numbers]
        allowed = {own[0]} if len(set(own)) == 1 else set()
        if not part.each:
            allowed.add(sum(own))
        if count.vague:
            allowed |= set(range(1, max(allowed, default=0) + 1))
        return allowed

    def _scoreless(self, told: Words) -> Iterator[Fault]:
        for found in _SCORELESS.finditer(told.sentence):
            part = told.part_of(found.start(), found.end())
            if part is None or part.extra:
                continue
            least = min if _OF_ONE.search(told.before(found.start(), 30)) else max
            scored = [n for n in part.numbers if least(side.parts.get(n, 0) for side in self.contest.sides)]
            start, end = min(part.start, found.start()), max(part.end, found.end())
            if scored:
                had = ", ".join(f"{side.name} {side.parts.get(scored[0], 0)}" for side in self.contest.sides)
                yield Fault(start, end, "scoreless", f"{self.contest.part} {scored[0]}: {had}")
            else:
                yield Fault(start, end, FITS, "")

    def _parts(self, told: Words) -> Iterator[Fault]:
        """Yield how many parts there were, where it is told wrongly; an overtime can count as one."""
        count = len(self.contest.home.parts)
        for found in _PARTS.finditer(told.sentence):
            number = WORDS.get(found["count"].lower()) or int(found["count"])
            if count and number > count + bool(self.contest.home.extra):
                yield Fault(found.start(), found.end(), "goals/parts", f"the result has {count} {self.contest.part}s")

    def _extra(self, told: Words) -> Iterator[Fault]:
        """Yield denials of an overtime or shootout that the result has, and claims of one that it lacks."""
        has = {kind for side in self.contest.sides for kind in side.extra}
        for part in told.parts:
            if not part.extra:
                continue
            denied = bool(_DENIED.search(told.before(part.start, 40)))
            word = told.sentence[part.start : part.end].lower()
            if denied and part.extra in has:
                yield Fault(part.start, part.end, "extra/denied", f"the result has a field {part.extra}")
            elif not denied and part.extra not in has and ("sho" in word or part.extra == "overtime"):
                yield Fault(part.start, part.end, "extra/absent", f"the result has no field {part.extra}")

    def _winner(self, told: Words) -> Iterator[Fault]:
        winner = self.contest.winner
        if winner is None:
            return
        for found in _WON.finditer(told.sentence):
            before = [team for team in told.teams if team.end <= found.start() and team.side]
            if not before or _NOT_THE_GAME.search(told.sentence, found.end(), found.end() + 30):
                continue
            if _NOT_WON.search(told.sentence, before[-1].end, found.start()):
                continue
            subject = before[-1]
            if len(before) > 1 and _OBJECT.search(told.before(subject.start, 9)):
                subject = before[-2]
            loser = self.contest.other(winner)
            reason = f"{winner.name} has {winner.total}, {loser.name} {loser.total}"
            yield Fault(subject.start, found.end(), FITS if subject.side is winner else "winner", reason)
