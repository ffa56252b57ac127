"""What a check of `intent doctor` is, and how many are made so that none hides another."""

from collections.abc import Callable, Iterable
from typing import Literal, NamedTuple

from intent_assets.errors import IntentError
from intent_assets.masking import mask
from intent_assets.records import Record

Standing = Literal["ok", "missing", "failed", "off"]
_MOST = 20


class Check(Record):
    """One thing that was looked at; `mend` says what to do where it is not well."""

    what: str
    standing: Standing
    said: str
    mend: str | None = None


class Look(NamedTuple):
    """What is looked at, how, and what to do where it can't even be looked at."""

    what: str
    look: Callable[[], Iterable[Check]]
    mend: str


def looked(looks: Iterable[Look]) -> list[Check]:
    """Make all checks; a look that fails, in whatever way, is a finding of its own, and the others are made."""
    checks: list[Check] = []
    for what, look, mend in looks:
        try:
            checks += look()
        except (IntentError, OSError) as problem:
            checks.append(failed(what, str(problem), mend))
        except Exception as problem:  # noqa: BLE001 -- the doctor has to live with what nobody foresaw
            checks.append(failed(what, f"can't be looked at: {type(problem).__name__}: {one_line(problem)}", mend))
    return checks


def ok(what: str, said: str) -> Check:
    """Return a check of something that is well."""
    return Check(what=what, standing="ok", said=said)


def failed(what: str, said: str, mend: str) -> Check:
    """Return a finding."""
    return Check(what=what, standing="failed", said=said, mend=mend)


def each_failed(what: str, problems: list[str], mend: str) -> list[Check]:
    """Return a finding for each problem, and one for all that are too many to be read."""
    checks = [failed(what, said, mend) for said in problems[:_MOST]]
    if len(problems) > _MOST:
        checks.append(failed(what, f"and {len(problems) - _MOST} more of this kind", mend))
    return checks


def one_line(problem: object) -> str:
    """Return what an error says on one line of at most 300 characters, without secrets."""
    return mask(" ".join(str(problem).split()))[:300]


def counted(counts: dict[str, int]) -> str:
    """Return counts as people read them."""
    return ", ".join(f"{number} {name}" for name, number in counts.items())


def ago(seconds: float) -> str:
    """Return how long ago something was, in the unit that a person would use."""
    for unit, size in (("days", 86_400), ("hours", 3600), ("minutes", 60)):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit} ago"
    return f"{max(seconds, 0):.0f} s ago"
