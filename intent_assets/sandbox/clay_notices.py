"""The form of each notice (contracts: notices), for the strict check of what arrives at the stand-in."""

import json
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, TypeAdapter, model_validator

Word = Annotated[str, Field(min_length=1)]
Count = Annotated[int, Field(ge=0)]
Amount = Annotated[float, Field(ge=0)]


class _Form(BaseModel):
    """Every field has to be there, also where its value may be null; Clay takes further fields, so they pass."""

    model_config = ConfigDict(extra="ignore", strict=True)


class _Reply(_Form):
    reply_id: Word
    prospect_name: str | None
    prospect_email: str | None
    company: str | None
    campaign_id: str | None
    sequence_number: int | None
    snippet: str | None


class _DecisionMaker(_Form):
    name: Word
    title: str | None
    email: str | None
    phone: str | None


class _IrNotes(_Form):
    relevancy: str | None
    pitch_angle: str | None
    gameplan: str | list[str] | None


class _FactCheck(_Form):
    claims: Count
    supported: Count
    repaired: Count
    removed: Count


class _Finding(_Form):
    quote: str
    reason: Word


def _utc(moment: datetime) -> datetime:
    if moment.utcoffset() != timedelta(0):
        raise ValueError("has to be in UTC")
    return moment


class _Notice(_Form):
    notice_id: Word
    occurred_at: Annotated[AwareDatetime, AfterValidator(_utc)]
    domain: Word
    text: Word


class _Accepted(_Notice):
    event: Literal["reply.accepted"]
    run_id: str
    reply: _Reply


class _Report(_Notice):
    event: Literal["report.ready", "report.updated"]
    run_id: Word
    reply: _Reply
    report_url: Annotated[str, Field(pattern=r"^https?://\S+$")]
    featured_buyer: Word
    tier: Literal[1, 2, 3]
    signals_scanned: Count
    buyers_scored: Count
    new_signals: Count
    fact_check: _FactCheck
    duration_seconds: Amount
    cost_usd: Amount
    decision_maker: _DecisionMaker | None = None
    ir_notes: _IrNotes | None = None

    @model_validator(mode="after")
    def _fits_tier(self) -> Self:
        if self.tier >= 2 and "decision_maker" not in self.model_fields_set:
            raise ValueError("tier 2 and 3 need decision_maker (null when nobody is known)")
        if self.tier == 1 and self.decision_maker is not None:
            raise ValueError("tier 1 has no decision_maker")
        if (self.tier == 3) != (self.ir_notes is not None):
            raise ValueError("tier 3, and no other, has ir_notes")
        return self


class _Held(_Notice):
    event: Literal["report.held"]
    run_id: Word
    reply: _Reply
    findings: list[_Finding]


class _Empty(_Notice):
    event: Literal["report.empty"]
    run_id: Word
    reply: _Reply


class _Failed(_Notice):
    event: Literal["run.failed"]
    run_id: Word
    reply: _Reply | None
    failed_step: Word | None
    error: Annotated[str, Field(min_length=1, pattern=r"^[^\r\n]+$")]
    run_url: Annotated[str, Field(pattern=r"^https?://\S+$")]
    retry: Word


_FORMS: TypeAdapter[Any] = TypeAdapter(
    Annotated[_Accepted | _Report | _Held | _Empty | _Failed, Field(discriminator="event")]
)


def read_notice(body: bytes) -> dict[str, Any]:
    """Return the notice as it was sent; raise pydantic's `ValidationError` where it breaks the contract."""
    _FORMS.validate_json(body)
    notice: dict[str, Any] = json.loads(body)
    return notice
