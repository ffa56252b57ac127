"""How long the stand-ins take: profiles of answer times and of the runs behind asynchronous answers.

`measured` holds medians of the real services in seconds, with 20 % of jitter; `quick` is a tenth of it;
`none` answers at once. A profile can be scaled: `measured:0.5` is half as slow.
"""

import math
import random
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field

from intent_assets.errors import IntentError

PROFILES: Mapping[str, float] = {"none": 0.0, "quick": 0.1, "measured": 1.0}
"""Factor of each profile on the measured medians."""

FORM = (
    "PROFILE or PROFILE:FACTOR, where PROFILE is none, quick or measured and FACTOR a number from 0, e.g. measured:0.5"
)

JITTER = 0.2

ANSWERS: Mapping[str, Mapping[str, float]] = {
    "starbridge": {
        "opportunity_search": 26.6,
        "buyer_search": 4.9,
        "buyer_profile": 4.0,
        "buyer_contacts": 6.0,
        "*": 0.3,
    },
    "claude": {
        "strategy": 17.0,
        "search_strategy": 17.0,
        "featured_section": 34.0,
        "sentence_verdict": 3.0,
        "behaviour": 0.0,
        "*": 21.0,
    },
    "notion": {"*": 1.0},
    "clay": {"*": 0.3},
    "smartlead": {"*": 0.5},
    "supabase": {"*": 0.3},
}
"""Median seconds until the answer, by service and operation; `*` is any other operation."""

RUNS: Mapping[str, Mapping[str, float]] = {"starbridge": {"buyer_chat": 125.0}}
"""Median seconds that a run goes on behind an answer that came at once."""


class InvalidLatency(IntentError):
    """A text that names no latency profile."""


@dataclass(frozen=True)
class Latency:
    """A profile (a key of `PROFILES`) and a factor on it; the same seed draws the same times."""

    profile: str = "none"
    factor: float = 1.0
    seed: int = 7
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False, compare=False)
    _dice: random.Random = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.profile not in PROFILES:
            raise InvalidLatency(f"latency {self.profile!r} is unknown; the form is {FORM}")
        if not (math.isfinite(self.factor) and self.factor >= 0):
            raise InvalidLatency(f"latency factor {self.factor!r} is not a number from 0; the form is {FORM}")
        object.__setattr__(self, "_dice", random.Random(self.seed))

    def answer(self, service: str, operation: str) -> float:
        """Return the seconds that this answer is to take."""
        medians = ANSWERS.get(service, {})
        return self._draw(medians.get(operation, medians.get("*", 0.0)))

    def run(self, service: str, operation: str) -> float:
        """Return the seconds that a run behind an answer is to take, e.g. `run("starbridge", "buyer_chat")`."""
        return self._draw(RUNS.get(service, {}).get(operation, 0.0))

    def _draw(self, median: float) -> float:
        seconds = median * PROFILES[self.profile] * self.factor
        if not seconds:
            return 0.0
        with self._lock:
            return seconds * self._dice.uniform(1 - JITTER, 1 + JITTER)


def parse_latency(text: str, *, seed: int = 7) -> Latency:
    """Read `none`, `quick`, `measured` or `PROFILE:FACTOR`; raise `InvalidLatency` that shows the form."""
    profile, colon, factor = text.strip().partition(":")
    if not colon:
        return Latency(profile, seed=seed)
    try:
        return Latency(profile, float(factor), seed)
    except ValueError:
        raise InvalidLatency(f"latency factor {factor!r} is not a number; the form is {FORM}") from None
