"""The faults of a bad day: about so many of the calls of every service fail, in all ways at once. Pure."""

from collections.abc import Iterator
from typing import Any

from intent_assets.sandbox.faults import Fault

_HANG = 600.0
_WAYS: dict[str, dict[str, Any]] = {
    "500": {"kind": "status", "status": 500},
    "503, Retry-After in seconds": {"kind": "status", "status": 503, "retry_after": "1"},
    "429, Retry-After as a date": {"kind": "status", "status": 429, "retry_after": "date+1"},
    "429": {"kind": "status", "status": 429},
    "HTML": {"kind": "html"},
    "empty": {"kind": "empty"},
    "no answer": {"kind": "drop"},
    "done, no answer": {"kind": "drop_after"},
    "cut": {"kind": "cut"},
    "hangs": {"kind": "hang", "seconds": _HANG},
}
_OWN: dict[str, dict[str, dict[str, Any]]] = {
    "starbridge": {"failure envelope": {"kind": "envelope"}},
    "claude": {"529": {"kind": "status", "status": 529}},
    "notion": {"409": {"kind": "status", "status": 409}},
    "clay": {},
}
SERVICES = tuple(_OWN)


def faults(share: float) -> Iterator[Fault]:
    """Yield the faults that let about `share` (0 to 1) of the calls of each service fail, each way as often."""
    for service in SERVICES:
        ways = _ways(service)
        taken = 0.0
        for options in ways.values():
            # of several that fit the first is played, so a later one gets its share of what is left
            probability = share / len(ways) / (1 - taken)
            taken += share / len(ways)
            yield Fault(service=service, probability=probability, **options)


def way_of(fault: Fault) -> str:
    """Return the name of what a fault looks like."""
    given = fault.model_dump(include={"kind", "status", "retry_after"}, exclude_none=True)
    for name, options in _ways(fault.service).items():
        if given == {key: value for key, value in options.items() if key != "seconds"}:
            return name
    return fault.kind


def _ways(service: str) -> dict[str, dict[str, Any]]:
    ways = _WAYS | _OWN.get(service, {})
    # to Clay any 2xx means that it has the notice, whatever the body says
    return {name: options for name, options in ways.items() if (service, name) != ("clay", "empty")}
