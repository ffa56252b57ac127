"""What is found in free prose."""

from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, Field


class ProseFinding(BaseModel):
    """One statement of a text that does not fit the evidence.

    `start` and `end` are offsets in Python characters of the text, `quote` is what stands there, `reason` names the
    record or field and what it says, `confidence` (0 to 1) is how often findings of its kind are right.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    start: int = Field(ge=0)
    end: int = Field(gt=0)
    quote: str
    reason: str
    confidence: float = Field(ge=0, le=1)


FITS = "fits"
"""The kind of a statement that the evidence bears out: it parts the faults before it from those after it."""


class Fault(NamedTuple):
    """A finding before it is weighed: its place, its kind (see `confidence.py`) and its reason."""

    start: int
    end: int
    kind: str
    reason: str
