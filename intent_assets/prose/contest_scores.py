"""Scores such as 4-1 in a text against the result of a contest."""

import re

from intent_assets.prose.contest_words import HIGHEST, Part, Score, Words
from intent_assets.prose.findings import FITS, Fault
from intent_assets.prose.sides import Contest

_FAVOUR = re.compile(r"\b(?:in\sfavou?r\sof|for|by)\s(?:the\s)?$", re.IGNORECASE)
_FINAL = re.compile(
    r"\b(?:final\s(?:score|result|scoreline)|won|win|wins|victory|victorious|defeat\w*|beat|end(?:ed|ing)?|result\w*)\b",
    re.IGNORECASE,
)
_WHOLE_GAME = re.compile(r"\bfinal\s|\bwin\b|victory")
_LEAD = re.compile(
    r"\b(?:lead|leading|ahead|advantage|making\sit|make\sit|level|tied?|equali[sz]\w*|bringing|narrow\w*|cut\w*|deficit)\b",
    re.IGNORECASE,
)
_LISTED = re.compile(r"\bperiods\sof\b")
_NORMAL = re.compile(r"\b(?:normal|regular|regulation)\b")

Result = tuple[int, int]


def check_score(score: Score, told: Words, contest: Contest) -> Fault:
    """Return the fault of a score that the contest never had where the sentence says, or that it fits.

    A score fits either way round, since texts put the winner first; named "in favour of" a side, it has to be that
    side's.
    """
    part = told.part_of(score.start, score.end)
    home, away = contest.sides
    if part and part.numbers and max(part.numbers) <= len(home.parts):
        allowed = _in_part(score, part, told, contest)
        had = _sum(part, contest)
        numbers = " and ".join(map(str, part.numbers))
        said = f"{contest.part} {numbers}: {home.name} {had[0]}, {away.name} {had[1]}"
        kind = "score/part"
    else:
        allowed = _in_game(score, part, told, contest)
        said = f"{home.name} {home.total}, {away.name} {away.total}"
        kind = "score/game"
    if score.told not in allowed and score.told[::-1] not in allowed:
        return Fault(score.start, score.end, kind, said)
    end = _wrong_favour(score, allowed, told, contest)
    return Fault(score.start, end, "score/favour", said) if end else Fault(score.start, score.end, FITS, "")


def _sum(part: Part, contest: Contest) -> Result:
    home, away = contest.sides
    return sum(home.parts.get(n, 0) for n in part.numbers), sum(away.parts.get(n, 0) for n in part.numbers)


def _in_part(score: Score, part: Part, told: Words, contest: Contest) -> set[Result]:
    home, away = contest.sides
    last = max(part.numbers)
    allowed = {_sum(part, contest), (home.after(last), away.after(last))}
    single = {(home.parts.get(n, 0), away.parts.get(n, 0)) for n in part.numbers}
    if len(single) == 1:
        allowed |= single
    if last == len(home.parts) or _WHOLE_GAME.search(told.before(score.start, 30)):
        allowed.add((home.total, away.total))
    if _is_lead(score, told):
        allowed |= _between((home.after(last - 1), away.after(last - 1)), (home.after(last), away.after(last)))
    return allowed


def _in_game(score: Score, part: Part | None, told: Words, contest: Contest) -> set[Result]:
    home, away = contest.sides
    allowed = {(home.total, away.total)}
    normal = (home.total if home.normal is None else home.normal, away.total if away.normal is None else away.normal)
    if part and part.extra:
        return allowed | {(home.extra.get(part.extra, 0), away.extra.get(part.extra, 0)), normal}
    lead = _is_lead(score, told)
    if lead or _LISTED.search(told.before(score.start, 40)) or not _FINAL.search(told.before(score.start, 60)):
        allowed |= {normal, *((home.parts.get(n, 0), away.parts.get(n, 0)) for n in home.parts)}
    elif _NORMAL.search(told.sentence):
        allowed.add(normal)
    return allowed | _between((0, 0), (home.total, away.total)) if lead else allowed


def _is_lead(score: Score, told: Words) -> bool:
    return bool(_LEAD.search(told.sentence, max(0, score.start - 40), score.end + 25))


def _between(began: Result, ended: Result) -> set[Result]:
    """Return what the score can have been in the meantime."""
    last = (min(ended[0], HIGHEST), min(ended[1], HIGHEST))
    return {(h, a) for h in range(began[0], last[0] + 1) for a in range(began[1], last[1] + 1)}


def _wrong_favour(score: Score, allowed: set[Result], told: Words, contest: Contest) -> int:
    """Return where the name of a side ends in whose favour a score is wrongly told, 0 if there is none."""
    if score.told[0] == score.told[1]:
        return 0
    for team in told.teams:
        if not 0 <= team.start - score.end < 40 or team.side is None:
            continue
        high, low = max(score.told), min(score.told)
        right = (high, low) if team.side is contest.home else (low, high)
        if _FAVOUR.search(told.sentence, score.end, team.start) and right not in allowed:
            return team.end
    return 0
