"""What the history is told about a run; a field that is None was not known and changes nothing that is recorded."""

import logging
from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Literal, Self

from pydantic import AwareDatetime, Field, ValidationError

from intent_assets.records import Record, Reply, SearchStrategy

_LOG = logging.getLogger(__name__)

NO_DOMAIN = ""
"""Domain of a run without a partition."""

RunStatus = Literal["success", "failure", "canceled"]
StepStatus = Literal["success", "failure", "skipped"]
Number = Annotated[int, Field(ge=0)]


class RunFacts(Record):
    """Which run of which domain it is, and the reply that asked for it. `seen_at` is now if it is None.

    `root_run_id` is the run that it resumes, in the end; None where it resumes none, or that is not known yet.
    """

    run_id: str = Field(min_length=1)
    domain: str
    root_run_id: str | None = None
    reply_id: str | None = None
    campaign_id: str | None = None
    tier: int | None = None
    source: str | None = None
    company: str | None = None
    prospect_name: str | None = None
    prospect_email: str | None = None
    product_description: str | None = None
    as_of: date | None = None
    seen_at: AwareDatetime | None = None

    @classmethod
    def of(
        cls,
        run_id: str,
        reply: Reply,
        *,
        as_of: date | None = None,
        seen_at: datetime | None = None,
        root_run_id: str | None = None,
    ) -> Self:
        """Facts of the run `run_id` that the reply asked for."""
        return cls(
            run_id=run_id,
            root_run_id=root_run_id,
            domain=reply.domain,
            reply_id=reply.reply_id,
            campaign_id=reply.campaign_id,
            tier=reply.tier,
            source=reply.source,
            company=reply.company,
            prospect_name=reply.prospect_name,
            prospect_email=reply.prospect_email,
            product_description=reply.product_description,
            as_of=as_of,
            seen_at=seen_at,
        )


class ReportFacts(Record):
    """What became of the report; give what is known. `secondary_buyers` is buyer id -> name in rank order."""

    strategy: SearchStrategy | None = None
    featured_buyer_id: str | None = None
    featured_buyer_name: str | None = None
    secondary_buyers: Mapping[str, str] | None = None
    verdict: str | None = None
    claims: Number | None = None
    findings: Number | None = None
    page_id: str | None = None
    page_url: str | None = None
    signals_scanned: Number | None = None
    buyers_scored: Number | None = None
    new_signals: Number | None = None
    input_tokens: Number | None = None
    output_tokens: Number | None = None
    cost_usd: Annotated[float, Field(ge=0)] | None = None


class RunRow(Record):
    """A run that has ended, for one of its domains (`NO_DOMAIN` without one). `error` is one line without secrets."""

    run_id: str = Field(min_length=1)
    domain: str
    status: RunStatus
    root_run_id: str | None = None
    parent_run_id: str | None = None
    reply_id: str | None = None
    started_at: AwareDatetime | None = None
    ended_at: AwareDatetime | None = None
    duration_seconds: float | None = None
    failed_step: str | None = None
    error: str | None = None
    report: ReportFacts = ReportFacts()


class StepRow(Record):
    """One try of a step (`attempt` counts from 1); `message` is one line without secrets."""

    run_id: str = Field(min_length=1)
    step: str = Field(min_length=1)
    attempt: Annotated[int, Field(ge=1)] = 1
    status: StepStatus
    message: str | None = None
    started_at: AwareDatetime | None = None
    ended_at: AwareDatetime | None = None
    duration_seconds: float | None = None
    metadata: Mapping[str, str | int | float | bool] = {}


def read_strategy(text: str, run_id: str) -> SearchStrategy | None:
    """Return a strategy as it was recorded, without fields of other versions; None, with a warning, if it is none."""
    try:
        return SearchStrategy.model_validate_json(text, extra="ignore")
    except ValidationError as problem:
        _LOG.warning("the strategy of the run %s can't be read (%d problems)", run_id, problem.error_count())
        return None
