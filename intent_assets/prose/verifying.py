"""Free prose against any JSON: what it says, where, and whether the JSON bears it out."""

from collections.abc import Iterable, Iterator
from typing import Any

from intent_assets.prose.confidence import THRESHOLD, confidence
from intent_assets.prose.contests import Reader
from intent_assets.prose.features import Features
from intent_assets.prose.fields import Evidence
from intent_assets.prose.findings import FITS, Fault, ProseFinding
from intent_assets.prose.people import People
from intent_assets.prose.records import Records
from intent_assets.prose.sentences import sentences
from intent_assets.prose.timelines import Timeline

_MOST_REASONS = 3


def verify(text: str, evidence: Any, *, threshold: float = THRESHOLD) -> list[ProseFinding]:
    """Return what of a free text the evidence does not bear out, in the order of the text.

    `evidence` is any JSON value as `json.loads` gives it. Figures, dates, times, weekdays, names and words of state
    are bound to records and fields by what the sentence says about them. What the JSON has no field for is no
    finding: it can't be told. Findings with a confidence below `threshold` (0 to 1) are left out.
    """
    return list(_findings(text, _faults(text, Evidence(evidence)), threshold))


def _faults(text: str, evidence: Evidence) -> Iterator[tuple[list[Fault], list[Fault]]]:
    """Yield, sentence by sentence, the faults and what fits."""
    checkers: list[Timeline | Reader | Records | Features | People] = [
        *(Timeline(series) for series in evidence.series),
        *([Reader(evidence.contest)] if evidence.contest else []),
        Records(evidence),
        Features(evidence),
        People(evidence),
    ]
    for sentence in sentences(text):
        found = [
            fault._replace(start=fault.start + sentence.start, end=fault.end + sentence.start)
            for checker in checkers
            for fault in checker.check(sentence)
        ]
        if found:
            yield [each for each in found if each.kind != FITS], [each for each in found if each.kind == FITS]


def _findings(
    text: str, sentences_: Iterable[tuple[list[Fault], list[Fault]]], threshold: float
) -> Iterator[ProseFinding]:
    for faults, fitting in sentences_:
        told = sorted(
            (fault for fault in faults if confidence(fault.kind) >= threshold),
            key=lambda fault: (fault.start, fault.end),
        )
        for group in _groups(told, fitting):
            start, end = group[0].start, max(fault.end for fault in group)
            reasons = list(dict.fromkeys(fault.reason for fault in group))
            yield ProseFinding(
                start=start,
                end=end,
                quote=_writable(text[start:end]),
                reason=_writable("; ".join(reasons[:_MOST_REASONS])),
                confidence=max(confidence(fault.kind) for fault in group),
            )


def _writable(text: str) -> str:
    """Return a text without lone halves of surrogate pairs, which JSON can hold and no output can; same length."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _groups(faults: Iterable[Fault], fitting: Iterable[Fault]) -> Iterator[list[Fault]]:
    """Join the faults of one sentence that overlap, or stand side by side with nothing between them that fits."""
    places = sorted(each.start for each in fitting)
    group: list[Fault] = []
    for fault in faults:
        if group:
            end = max(each.end for each in group)
            parted = any(group[-1].start <= place < fault.start for place in places)
            same = fault.kind.partition("/")[0] == group[-1].kind.partition("/")[0]
            if fault.start < end or (same and not parted):
                group.append(fault)
                continue
            yield group
        group = [fault]
    if group:
        yield group
