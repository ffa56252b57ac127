"""Where the time of a run went: its steps and outside calls one below the other, and the calls that all waited for."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

_NOTICE = "report_notice"


class CallMade(NamedTuple):
    """One outside call: when it began (seconds since 1970) and how long it took (seconds)."""

    service: str
    operation: str
    began: float
    seconds: float

    @property
    def ended(self) -> float:
        """When it had ended."""
        return self.began + self.seconds

    @property
    def name(self) -> str:
        """Service and operation."""
        return f"{self.service} {self.operation}"


class StepMade(NamedTuple):
    """One try of a step, in the same units, with the calls that it made."""

    name: str
    began: float
    seconds: float
    status: str
    calls: tuple[CallMade, ...] = ()


class Row(NamedTuple):
    """A line of the picture: a step, or the `calls` of one sort that it made.

    `seconds` tells from when to when each was at work, from the run's first step or call on; `is_on_way` that one of
    the calls is of those that all waited for.
    """

    name: str
    calls: int
    seconds: Sequence[tuple[float, float]]
    is_on_way: bool


class Timeline(NamedTuple):
    """`to_notice` is from the first step or call to the end of `report_notice`, None in a run that did not come to it.

    `called` is what of it was spent in the calls of the way: backwards from the end, each time the call that ended last
    before the next began. The rest is the run's own. All in seconds.
    """

    rows: Sequence[Row]
    total: float
    to_notice: float | None
    called: float


def as_metadata(calls: Iterable[CallMade]) -> dict[str, Any]:
    """Return calls in few characters: `since` (seconds since 1970), and by name when each began after it, and took."""
    calls = list(calls)
    since = min(call.began for call in calls)
    by_name: defaultdict[str, list[list[float]]] = defaultdict(list)
    for call in calls:
        by_name[call.name].append([round(call.began - since, 3), round(call.seconds, 3)])
    return {"since": round(since, 3), "calls": dict(by_name)}


def from_metadata(told: Mapping[str, Any]) -> list[CallMade]:
    """Return the calls again; raises `ValueError`, `KeyError` or `TypeError` for anything else."""
    since = float(told["since"])
    found = []
    for name, times in told["calls"].items():
        service, _, operation = str(name).partition(" ")
        found += [CallMade(service, operation, since + float(began), float(seconds)) for began, seconds in times]
    return found


def timeline(steps: Sequence[StepMade]) -> Timeline:
    """Return the picture of a run's steps, at least one, in the order in which they began."""
    steps = sorted(steps, key=lambda step: step.began)
    start = min(steps[0].began, *(call.began for step in steps for call in step.calls))
    end = max(step.began + step.seconds for step in steps)
    told = [step for step in steps if step.name == _NOTICE and step.status == "success"]
    told_at = told[-1].began + told[-1].seconds if told else None
    way = way_to(told_at if told_at is not None else end, [call for step in steps for call in step.calls])
    rows = [row for step in steps for row in _rows(step, start, set(way))]
    return Timeline(rows, end - start, None if told_at is None else told_at - start, sum(call.seconds for call in way))


def way_to(moment: float, calls: Iterable[CallMade]) -> list[CallMade]:
    """Return the calls that all waited for, up to a moment: each time the one that ended last before the next began."""
    way: list[CallMade] = []
    for call in sorted(calls, key=lambda call: call.ended, reverse=True):
        if call.ended <= moment:
            way.append(call)
            moment = call.began
    return way[::-1]


def _rows(step: StepMade, start: float, way: set[CallMade]) -> Iterable[Row]:
    yield Row(step.name, 0, [(step.began - start, step.began - start + step.seconds)], False)
    names = dict.fromkeys(call.name for call in sorted(step.calls, key=lambda call: call.began))
    for name in names:
        calls = [call for call in step.calls if call.name == name]
        times = [(call.began - start, call.ended - start) for call in calls]
        yield Row(name, len(calls), times, not way.isdisjoint(calls))
