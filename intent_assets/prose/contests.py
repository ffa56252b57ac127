"""What a text says of a contest (who won, scores, what each side had in each part) against its result."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from intent_assets.prose.figures import ORDINALS, WORDS
from intent_assets.prose.findings import FITS, Fault
from intent_assets.prose.sides import Contest, Side

_NUMBERED = {"1st": 1, "2nd": 2, "3rd": 3, "4th": 4, "opening": 1} | ORDINALS
_LAST = ("final", "last", "closing")
_ORDINAL = "|".join([*_NUMBERED, *_LAST])
_COUNT = r"[0-9]{1,2}|" + "|".join(WORDS)
_SCORE = re.compile(r"(?<![\d/.:-])([0-9]{1,2})\s?[-–—‑]\s?([0-9]{1,2})(?![\d/:]|[.-]\d)")
_GOALS = re.compile(
    rf"\b(?P<count>{_COUNT}|no|a|another|an)\s(?:(?:more|of|them|their|its|the|lone|single|own|additional|quick|early|late|"
    rf"unanswered|consecutive|further|winning|only)\s){{0,4}}(?P<noun>goals?|points?|(?<=scored\s)times?)\b(?!\s(?:lead|deficit|advantage|margin|of the season))"
    rf"|\b(?P<bare>{_COUNT})\s(?:(?:more|of them|goals|came|coming|and|was|were|each|additional)\s){{0,3}}(?=in\s(?:the\s|each\s|overtime|extra))",
    re.IGNORECASE,
)
_EXTRAS = re.compile(
    r"\b(?P<overtime>overtime|extra\s(?:time|period))\b|\b(?P<penalties>penalt(?:y|ies)(?:\sshoot-?outs?|\sshots?)?|shoot-?outs?)\b",
    re.IGNORECASE,
)
_WON = re.compile(
    r"\b(?:won|wins?|winning|defeat(?:ed|ing)|beat|victorious|triumphed|claimed\s(?:the\s|a\s)?victory|securing\sa\s[\w-]+\s(?:\w+\s)?victory"
    r"|secur(?:ed|ing)\s(?:the|a|their)\s(?:\w+\s)?(?:win|victory))\b",
    re.IGNORECASE,
)
_NO = re.compile(
    r"\b(?:no|without(?:\sany)?|neither|nor|not|any)\s(?:\w+\s(?:or|and|nor)\s)?(?:\w+\s)?$", re.IGNORECASE
)
_SCORELESS = re.compile(r"\b(?:scoreless|goalless|without\sa\sgoal|no\sgoals)\b", re.IGNORECASE)
_FAVOUR = re.compile(r"\b(?:in\sfavou?r\sof|for|by)\s(?:the\s)?$", re.IGNORECASE)
_FINAL = re.compile(
    r"\b(?:final\s(?:score|result|scoreline)|won|win|wins|victory|victorious|defeat\w*|beat|end(?:ed|ing)?|result\w*)\b",
    re.IGNORECASE,
)
_LEAD = re.compile(
    r"\b(?:lead|leading|ahead|advantage|making\sit|make\sit|level|tied?|equali[sz]\w*|bringing|narrow\w*|cut\w*|deficit)\b",
    re.IGNORECASE,
)


class Part(NamedTuple):
    """A part of the contest that a sentence names: the numbers of its parts, or a kind of extra time."""

    start: int
    end: int
    numbers: tuple[int, ...]
    extra: str = ""
    each: bool = False


class Team(NamedTuple):
    start: int
    end: int
    side: Side | None
    """None stands for both."""


class Reader:
    """Checks sentences one after the other; "they" and "the game" are those of the sentence before."""

    def __init__(self, contest: Contest) -> None:
        self.contest = contest
        self._parts = len(contest.home.parts)
        part = rf"(?:{re.escape(contest.part)}|period|frame)s?"
        self._part = re.compile(
            rf"\b(?P<first>{_ORDINAL})(?:,?\s(?:and\s)?(?:the\s)?(?P<second>{_ORDINAL}))?(?:,?\sand\s(?:the\s)?(?P<third>{_ORDINAL}))?\s{part}\b"
            rf"|\b(?:the\s)?(?P<several>first|last|final)\s(?P<how_many>two|three|2|3)\s{part}\b"
            rf"|\b(?P<each>each|every|all(?:\sthree)?|any)(?:\sof)?\s(?:the\s)?{part}\b|\b{part[:-2]}\s(?P<number>[1-4]|one|two|three)\b"
            rf"|(?<=in\sthe\s)(?P<short>first|second|third|fourth|1st|2nd|3rd)\b(?!\s\w*(?:half|goal|game|team|place|round|minute|score))",
            re.IGNORECASE,
        )
        self._team = re.compile("|".join(self._spellings()), re.IGNORECASE)
        self._subject: Side | None = None

    def check(self, text: str, start: int, end: int) -> Iterator[Fault]:
        """Yield the faults of a sentence, and what of it fits; offsets are those of the text."""
        sentence = text[start:end]
        parts = list(self._named_parts(sentence))
        teams = list(self._teams(sentence))
        for fault in self._faults(sentence, parts, teams):
            yield fault._replace(start=fault.start + start, end=fault.end + start)
        if teams and teams[0].side:
            self._subject = teams[0].side

    def _faults(self, sentence: str, parts: list[Part], teams: list[Team]) -> Iterator[Fault]:
        scores = list(_SCORE.finditer(sentence))
        for score in scores:
            yield from self._score(sentence, score, parts, teams)
        for goals in _GOALS.finditer(sentence):
            if not any(score.start() <= goals.start() < score.end() for score in scores):
                yield from self._goals(sentence, goals, parts, teams)
        yield from self._scoreless(sentence, parts)
        yield from self._extras(sentence, teams)
        yield from self._winner(sentence, teams)

    def _spellings(self) -> Iterator[str]:
        for number, side in enumerate(self.contest.sides):
            names = set(side.names)
            for name in side.names:
                words = [word for word in re.split(r"\s+", name) if len(word) > 3]
                for word in words:
                    others = " ".join(self.contest.other(side).names).lower()
                    if word.lower() not in others:
                        names.add(word)
            spelled = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
            yield rf"(?P<side{number}>\b(?:the\s)?(?:{spelled})(?!\w)|\b(?:the\s)?{side.role}\s(?:team|side)\b)"
        yield r"(?P<both>\bboth\s(?:teams|sides)\b|\beach\s(?:team|side)\b|\bneither\s(?:team|side)\b|\b(?:the\s)?(?:two\s)?teams\b)"

    def _teams(self, sentence: str) -> Iterator[Team]:
        for found in self._team.finditer(sentence):
            side = self.contest.home if found["side0"] else self.contest.away if found["side1"] else None
            yield Team(found.start(), found.end(), side)

    def _named_parts(self, sentence: str) -> Iterator[Part]:
        for found in self._part.finditer(sentence):
            at = found.start(), found.end()
            if found["each"]:
                yield Part(*at, tuple(range(1, self._parts + 1)), each=True)
            elif found["several"]:
                count = {"two": 2, "2": 2}.get(found["how_many"].lower(), 3)
                first = 1 if found["several"].lower() == "first" else self._parts - count + 1
                yield Part(*at, tuple(range(max(first, 1), first + count)))
            elif found["number"]:
                yield Part(*at, (WORDS.get(found["number"].lower()) or int(found["number"]),))
            else:
                told = [word for word in (found["first"], found["second"], found["third"], found["short"]) if word]
                yield Part(*at, tuple(_NUMBERED.get(word.lower(), self._parts) for word in told))
        for found in _EXTRAS.finditer(sentence):
            yield Part(found.start(), found.end(), (), extra="overtime" if found["overtime"] else "penalties")

    def _score(self, sentence: str, score: re.Match[str], parts: list[Part], teams: list[Team]) -> Iterator[Fault]:
        told = (int(score[1]), int(score[2]))
        part = _nearest(parts, score.start(), score.end(), sentence)
        before = sentence[max(0, score.start() - 60) : score.start()]
        home, away = self.contest.sides
        if max(told) > 30:
            return
        final = (home.total, away.total)
        allowed = [final]
        said = f"{home.name} {home.total}, {away.name} {away.total}"
        kind = "score/final"
        lead = bool(_LEAD.search(sentence[max(0, score.start() - 40) : score.end() + 25]))
        if part and part.extra:
            allowed += [(home.extra.get(part.extra, 0), away.extra.get(part.extra, 0)), self._normal()]
        elif part and part.numbers and max(part.numbers) <= self._parts:
            until = max(part.numbers)
            own = (sum(home.parts.get(n, 0) for n in part.numbers), sum(away.parts.get(n, 0) for n in part.numbers))
            allowed = [own, (home.after(until), away.after(until))]
            single = [(home.parts.get(n, 0), away.parts.get(n, 0)) for n in part.numbers]
            allowed += single if len(single) > 1 and len(set(single)) == 1 else []
            if re.search(r"\bfinal\s|\bwin\b|victory", before[-30:]) or until == self._parts:
                allowed.append(final)
            if lead:
                began = (home.after(until - 1), away.after(until - 1))
                ended = (home.after(until), away.after(until))
                allowed += [(h, a) for h in range(began[0], ended[0] + 1) for a in range(began[1], ended[1] + 1)]
            numbers = " and ".join(map(str, part.numbers))
            said = f"{self.contest.part} {numbers}: {home.name} {own[0]}, {away.name} {own[1]}"
            kind = "score/part"
        elif lead or not _FINAL.search(before):
            allowed += [self._normal()]
            allowed += [(h, a) for h in range(home.total + 1) for a in range(away.total + 1) if lead]
            allowed += [(home.parts.get(n, 0), away.parts.get(n, 0)) for n in home.parts]
            kind = "score/other"
        elif re.search(r"\b(?:normal|regular|regulation)\b", sentence):
            allowed.append(self._normal())
        if told in allowed or told[::-1] in allowed:
            fault = self._oriented(sentence, score, told, allowed, teams, said)
            yield fault or Fault(score.start(), score.end(), FITS, "")
            return
        yield Fault(score.start(), score.end(), kind, said)

    def _normal(self) -> tuple[int, int]:
        home, away = self.contest.sides
        return (
            home.total if home.normal is None else home.normal,
            away.total if away.normal is None else away.normal,
        )

    def _oriented(
        self,
        sentence: str,
        score: re.Match[str],
        told: tuple[int, int],
        allowed: list[tuple[int, int]],
        teams: list[Team],
        said: str,
    ) -> Fault | None:
        """Return the fault of a score that is told in favour of the wrong side."""
        if told[0] == told[1]:
            return None
        for team in teams:
            if not 0 <= team.start - score.end() < 40 or team.side is None:
                continue
            if not _FAVOUR.search(sentence[score.end() : team.start]):
                continue
            high, low = max(told), min(told)
            right = (high, low) if team.side is self.contest.home else (low, high)
            if right not in allowed:
                return Fault(score.start(), team.end, "score/favour", said)
        return None

    def _goals(self, sentence: str, goals: re.Match[str], parts: list[Part], teams: list[Team]) -> Iterator[Fault]:
        word = (goals["count"] or goals["bare"]).lower()
        count = {"no": 0, "a": 1, "an": 1, "another": 1}.get(word)
        if count is None:
            count = WORDS.get(word) if word in WORDS else int(word)
        vague = word in ("a", "an", "another") or "more" in goals[0] or "another" in goals[0]
        total = "total" in sentence[max(0, goals.start() - 20) : goals.start()]
        part = None if total else _nearest(parts, goals.start(), goals.end(), sentence)
        team = self._team_of(sentence, goals.start(), goals.end(), teams)
        sides = self._sides_of(team)
        if not sides or count is None:
            return
        if part is None:
            if not total and any(each.end <= goals.start() for each in parts):
                return
            if re.search(r"\ball\s$", sentence[max(0, goals.start() - 5) : goals.start()]):
                return
            allowed = {side.role: {side.total, side.normal} for side in sides}
            if (
                vague
                or goals["bare"]
                or re.search(r"\b(?:by|with)\s(?:just\s)?$", sentence[max(0, goals.start() - 12) : goals.start()])
            ):
                return
            if total or len(sides) == 2:
                every = sum(side.total for side in self.contest.sides)
                allowed = {side.role: {side.total, side.normal, every, every - 1} for side in sides}
            if count <= 1 and not goals["count"].isdigit() and "goal" in goals[0] and max(s.total for s in sides) > 1:
                return
            kind = "goals/total"
        elif part.extra:
            allowed = {side.role: {side.extra.get(part.extra, 0)} for side in sides}
            if part.extra not in self.contest.home.extra and part.extra not in self.contest.away.extra:
                allowed = {side.role: {0} for side in sides}
            kind = "goals/extra"
        else:
            allowed = {side.role: self._in_part(side, part) for side in sides}
            if vague:
                allowed = {role: values | set(range(1, max([*values, 0]) + 1)) for role, values in allowed.items()}
            kind = "goals/part"
        wrong = [side for side in sides if count not in allowed[side.role]]
        stop = part.end if part and part.start >= goals.end() else goals.end()
        if not wrong or (team is None and len(wrong) < len(sides)):
            yield Fault(goals.start(), stop, FITS, "")
            return
        side = wrong[0]
        figures = ", ".join(f"{number}: {value}" for number, value in side.parts.items())
        yield Fault(
            goals.start(), stop, kind, f"{side.key} of {side.name} is {side.total}, by {self.contest.part} {figures}"
        )

    def _in_part(self, side: Side, part: Part) -> set[int]:
        own = [side.parts.get(number, 0) for number in part.numbers]
        allowed = {sum(own)} if not part.each else set()
        if part.each or len(set(own)) == 1:
            allowed |= {own[0]} if len(set(own)) == 1 else set()
        return allowed

    def _team_of(self, sentence: str, start: int, end: int, teams: list[Team]) -> Team | None:
        before = [team for team in teams if team.end <= start]
        after = re.match(r"[^,.;]{0,40}?\b(?:by|from|for)\s(?:the\s)?", sentence[end : end + 50])
        if after:
            by = next((team for team in teams if 0 <= team.start - (end + after.end()) <= 4), None)
            if by:
                return by
        if before:
            return before[-1]
        if re.search(r"\b(?:they|their|them)\b", sentence[:start], re.IGNORECASE) and self._subject:
            return Team(0, 0, self._subject)
        return None

    def _sides_of(self, team: Team | None) -> tuple[Side, ...]:
        if team is None or team.side is None:
            return self.contest.sides
        return (team.side,)

    def _scoreless(self, sentence: str, parts: list[Part]) -> Iterator[Fault]:
        for found in _SCORELESS.finditer(sentence):
            part = _nearest(parts, found.start(), found.end(), sentence)
            if part is None or part.extra or not re.search(rf"period|frame|game|{self.contest.part}|teams?", sentence):
                continue
            figures = {n: [side.parts.get(n, 0) for side in self.contest.sides] for n in part.numbers}
            told = re.search(
                r"\b(?:while|remained|kept|held|team|side)\b", sentence[max(0, found.start() - 30) : found.start()]
            )
            scored = [n for n, values in figures.items() if (min(values) if told else max(values)) > 0]
            start, end = min(part.start, found.start()), max(part.end, found.end())
            if not scored:
                yield Fault(start, end, FITS, "")
                continue
            home, away = self.contest.sides
            number = scored[0]
            reason = f"{self.contest.part} {number}: {home.name} {home.parts.get(number)}, {away.name} {away.parts.get(number)}"
            yield Fault(start, end, "scoreless", reason)

    def _extras(self, sentence: str, teams: list[Team]) -> Iterator[Fault]:
        extra = {kind for side in self.contest.sides for kind in side.extra}
        for found in _EXTRAS.finditer(sentence):
            kind = "overtime" if found["overtime"] else "penalties"
            denied = bool(_NO.search(sentence[max(0, found.start() - 40) : found.start()]))
            if denied and kind in extra:
                yield Fault(found.start(), found.end(), "extra/denied", f"the result has a field {kind}")
            elif (
                not denied
                and kind not in extra
                and not (kind == "penalties" and "shoot" not in found[0].lower() and "shot" not in found[0].lower())
            ):
                yield Fault(found.start(), found.end(), "extra/absent", f"the result has no field {kind}")

    def _winner(self, sentence: str, teams: list[Team]) -> Iterator[Fault]:
        winner = self.contest.winner
        if winner is None:
            return
        for found in _WON.finditer(sentence):
            before = [team for team in teams if team.end <= found.start() and team.side]
            part = re.search(
                r"\b(?:period|frame|shoot-?out|season|streak|goal)\b", sentence[found.end() : found.end() + 30]
            )
            if not before or part:
                continue
            if re.search(
                r"\b(?:unable|not|fail\w*|fell|lost|losing|but|while|who)\b", sentence[before[-1].end : found.start()]
            ):
                continue
            subject = before[-1]
            if (
                re.search(r"\b(?:over|against|to)\s$", sentence[max(0, subject.start - 9) : subject.start])
                and len(before) > 1
            ):
                subject = before[-2]
            kind = FITS if subject.side is winner else "winner"
            loser = self.contest.other(winner)
            reason = f"{winner.name} has {winner.total}, {loser.name} {loser.total}"
            yield Fault(subject.start, found.end(), kind, "" if kind == FITS else reason)


def _nearest(parts: list[Part], start: int, end: int, sentence: str) -> Part | None:
    """Return the part named right after a figure in its clause, or else the last one before it."""
    for part in parts:
        between = sentence[end : part.start]
        if (
            part.start >= end
            and len(between) < 45
            and not re.search(r"[,;]|\d|\b(?:and|while|but|with|before|after|to)\b", between)
        ):
            return part
    before = [part for part in parts if part.end <= start]
    if before and not re.search(r";|\b(?:while|final score)\b", sentence[before[-1].end : start]):
        return before[-1]
    return None
