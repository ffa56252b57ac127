"""A figure that a sentence says to be a measure of some records, against these records."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from intent_assets.prose.figures import Figure
from intent_assets.prose.findings import FITS, Fault
from intent_assets.prose.measures import Measure
from intent_assets.prose.spans import Span, Spans, distance
from intent_assets.prose.windows import Window

_HALF = 0.51
"""A figure stands for what rounds to it, with some room for binary fractions."""


class Statement(NamedTuple):
    """What a sentence says a figure is: a measure of the records of a window, or an extreme of it."""

    figure: Figure
    measure: Measure
    window: Window
    aggregate: str
    """low, high, mean, total, or empty for any value."""


def check(statement: Statement, whole: Window, others: Sequence[Window], spans: Spans) -> Iterator[Fault]:
    """Yield the fault of a statement, if the records of its window do not bear it out, or that it fits.

    A sentence without a time of its own is borne out by `others`, too: the whole time, or a day named late in the
    sentence before it. Nothing is yielded if the records say nothing of the measure.
    """
    figure, measure, window, told = statement
    inside = spans.of(measure.columns, window.records, figure.unit)
    if inside is None:
        return
    fits = _fits(statement, inside)
    if not fits and (window.carried or window.scope == "whole"):
        asked = [other for other in others if told or other.scope != "whole"]
        found = [spans.of(measure.columns, other.records, figure.unit) for other in asked]
        fits = any(span is None or _fits(statement, span) for span in found)
    if fits:
        yield Fault(figure.start, figure.end, FITS, "")
        return
    everywhere = spans.of(measure.columns, whole.records, figure.unit) or inside
    yield Fault(figure.start, figure.end, _kind(statement, inside, everywhere), _reason(statement, inside))


def _fits(statement: Statement, span: Span) -> bool:
    """Whether the values of some records bear a statement out, as exactly as it is written."""
    figure, _, _, told = statement
    fitting = _fitting(told, span)
    if figure.roughly and not figure.role and fitting[0] - 1 <= figure.value <= fitting[-1] + 1:
        return True
    return _is_one(statement, fitting)


def _fitting(told: str, span: Span) -> list[float]:
    """Return, sorted, what of a span would bear the statement out."""
    if told == "mean":
        return [span.total / len(span.values)]
    if told == "total":
        return sorted([*span.values, span.total])
    if told in ("low", "high"):
        return sorted(span.lows if told == "low" else span.highs)
    return span.values


def _is_one(statement: Statement, known: Sequence[float]) -> bool:
    figure, columns = statement.figure, statement.measure.columns
    other = figure.unit and columns[0].unit and figure.unit.symbol != columns[0].unit.symbol
    step = figure.step * (2 if other else 1)
    off = distance(figure.value, known)
    # Whole numbers are rounded up and down and cut off alike.
    return off < step if step >= 1 else off < _HALF * step + 1e-9


def _kind(statement: Statement, inside: Span, everywhere: Span) -> str:
    figure, measure, window, told = statement
    known = "inside" if _is_one(statement, inside.values) else ""
    known = known or ("elsewhere" if _is_one(statement, everywhere.values) else "nowhere")
    scope = ("carried " if window.carried else "") + window.scope
    named = "named" if measure.named else "by unit"
    role = "range" if figure.role else told or "value"
    column = measure.columns[0]
    return f"series/{role}/{known}/{scope}/{named}/{'unit' if column.unit else column.path[0]}"


def _reason(statement: Statement, inside: Span) -> str:
    figure, measure, window, told = statement
    unit = figure.unit.symbol if figure.unit else ""
    low, high = inside.values[0], inside.values[-1]
    span = f"{low:.6g} {unit}" if low == high else f"{low:.6g} to {high:.6g} {unit}"
    which = {"mean": " on average", "total": " each"}.get(told, "")
    return f"{measure.columns[0].label} of {window.label} is {span.rstrip()}{which}"
