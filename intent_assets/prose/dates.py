"""Dates and times of a text against fields that stand alone."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from intent_assets.prose.amounts import of_spoken
from intent_assets.prose.facts import DateField, Facts, Spoken, agrees, of_records, shown
from intent_assets.prose.findings import FITS, Fault
from intent_assets.prose.moments import Moment
from intent_assets.prose.nearness import BESIDE, Near

_ALIKE = 0.8
_MOST_CLOCKS = 3
"""With more times of day in the JSON, which of them a text means can't be told."""


def check_date(moment: Moment, near: Near, facts: Facts, spoken: Spoken, here: bool) -> Iterator[Fault]:
    """Yield the fault of a date that the field which the sentence names does not hold, or that it fits.

    `spoken` are the records that the sentence is about; `here` says that it names them itself: then a whole date is
    theirs, whatever it is called.
    """
    if not moment.year and not (moment.month and moment.day):
        return
    fields = [field for field in facts.dates.values() if of_records(field.by_record, spoken)]
    if not fields:
        return
    scored = sorted(((_score(field, near), field) for field in fields), key=lambda each: -each[0])
    bound = [field for score, field in scored if score >= _ALIKE * scored[0][0]]
    named = any(near.get(word, 0) >= BESIDE for word in bound[0].words if word != "date")
    whole = bool(moment.year and moment.month and moment.day)
    if any(agrees(moment, of_records(field.by_record, spoken), wholly=whole and not named) for field in bound):
        yield Fault(moment.start, moment.end, FITS, "")
    elif named:
        yield Fault(moment.start, moment.end, "date", _says(bound[0], facts, spoken))
    elif here and whole:
        everywhere: Spoken = frozenset()
        known = (of_records(field.by_record, everywhere) for field in facts.dates.values())
        own = next((field for field in fields if spoken & field.by_record.keys()), None)
        if own and not any(agrees(moment, dates, wholly=True) for dates in known):
            yield Fault(moment.start, moment.end, "date/of record", _says(own, facts, spoken))


def check_clock(moment: Moment, facts: Facts, epochs: Sequence[datetime]) -> Iterator[Fault]:
    """Yield the fault of a time of day that the JSON does not tell, or tells in two ways.

    `epochs` are the seconds since 1970 that the JSON holds, as UTC: a time beside them that they contradict is of a
    zone that nobody named.
    """
    if not facts.clocks or len(facts.clocks) > _MOST_CLOCKS or moment.clock is None:
        return
    leaf, told = facts.clocks[0]
    if all((each.hour, each.minute) != (moment.clock.hour, moment.clock.minute) for _, each in facts.clocks):
        yield Fault(moment.start, moment.end, "clock/other", f"{leaf.label} is {told:%Y-%m-%d %H:%M}")
    elif epochs and all(epoch.time() != each.time() for epoch in epochs for _, each in facts.clocks):
        reason = (
            f"{leaf.label} says {told:%H:%M} without a zone, the timestamp beside it is "
            f"{epochs[0]:%Y-%m-%d %H:%M} UTC: the time needs its zone"
        )
        yield Fault(moment.start, moment.end, "clock/zone", reason)


def _score(field: DateField, near: Near) -> float:
    return sum(near[word] for word in field.words if word in near and word != "date")


def _says(field: DateField, facts: Facts, spoken: Spoken) -> str:
    told = dict.fromkeys(shown(each) for each in of_records(field.by_record, spoken)[:3])
    return f"{field.label}{of_spoken(field.by_record, facts, spoken)} is {', '.join(told)}"
