"""What callers send to the door and what it answers, as its OpenAPI document says it."""

from collections.abc import Callable
from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from intent_assets.errors import InvalidReply, StorageError
from intent_assets.intake.door_problems import ErrorAnswer, ErrorDetail, Problem, unavailable
from intent_assets.intake.door_taking import Outcome
from intent_assets.intake.inbox import Put
from intent_assets.intake.replies import NotTaken

Status = Literal["queued", "running", "published", "held", "empty", "failed"]
REPLY_ID = "r_3f2a9c0d1e4b5a697887"


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True)


class Accepted(_Answer):
    """The reply is on disk. The same reply gives the same id and starts nothing."""

    reply_id: str = Field(examples=[REPLY_ID])
    status_url: str = Field(
        description="where to ask for the report", examples=[f"http://127.0.0.1:8080/reports/{REPLY_ID}"]
    )


class LeftOut(_Answer):
    """The event was understood and is no positive reply; sending it again changes nothing."""

    accepted: Literal[False] = False
    reason: str = Field(examples=["the category 'Not Interested' is not one of POSITIVE_CATEGORIES"])


class AcceptedItem(Accepted):
    """An item of a batch that was taken in."""

    status: Literal[202] = 202


class LeftOutItem(LeftOut):
    """An item of a batch that was understood and is no positive reply."""

    status: Literal[200] = 200


class RefusedItem(ErrorAnswer):
    """An item of a batch that can't be a reply (422), or that could not be stored and should be sent again (503)."""

    status: int = Field(examples=[422])


BatchItem = AcceptedItem | LeftOutItem | RefusedItem


class Finding(_Answer):
    """What the fact check found in a held report."""

    quote: str
    reason: str


class ReportStatus(_Answer):
    """What has become of a reply. What is not known (yet) is null."""

    reply_id: str = Field(examples=[REPLY_ID])
    domain: str = Field(examples=["vmock.example"])
    status: Status = Field(
        description="`queued` waits for its run; `running` also while a failed run waits for its automatic retry; "
        "`published`; `held`: the fact check did not pass; `empty`: no buyer with a signal; `failed`, also if cancelled"
    )
    received_at: AwareDatetime
    run_id: str | None = Field(default=None, description="the newest run in Dagster")
    run_url: str | None = None
    report_url: str | None = Field(default=None, description="the page of the domain")
    markdown: str | None = Field(
        default=None, description="the published report; null again once a later reply's report stands on the page"
    )
    findings: tuple[Finding, ...] | None = Field(default=None, description="of a held report: why it was not published")
    error: str | None = Field(default=None, description="of a failed run, one line")
    failed_step: str | None = None
    retry: str | None = Field(default=None, description="the command that resumes a failed run")
    cancelled: bool = Field(default=False, description="whether it failed because a person cancelled it")


class Cancelled(_Answer):
    """The report is cancelled: `failed` once that is done, else what its run does still before it ends."""

    reply_id: str = Field(examples=[REPLY_ID])
    status: Literal["failed", "queued", "running"]


class Health(_Answer):
    """The process answers."""

    status: Literal["ok"] = "ok"


class Readiness(_Answer):
    """Replies can be stored right now. Without Dagster's daemon they wait safely until it is back."""

    status: Literal["ready"] = "ready"
    daemon: Literal["running", "not running", "unknown"] = Field(description="whether replies get their runs now")


EXAMPLE = {
    "target_domain": "vmock.example",
    "target_company": "VMock",
    "product_description": "Career-services platform for universities: resume reviews, interview practice",
    "campaign_id": "camp_17",
    "prospect_name": "Ana Diaz",
    "prospect_email": "ana.diaz@vmock.example",
    "tier": 2,
    "reply_text": "This looks interesting, can you send more?",
    "sequence_number": 3,
    "campaign_signals": [{"position": 1, "signal_id": "opp-1", "title": "Career centre RFP"}],
}

EVENT_EXAMPLE = {
    "event_type": "EMAIL_REPLY",
    "secret_key": "the secret that Smartlead was given",
    "campaign_id": 17,
    "campaign_name": "Career centres",
    "sl_lead_email": "ana.diaz@vmock.example",
    "to_name": "Ana Diaz",
    "sequence_number": 3,
    "reply_message": {"message_id": "<a1@mail.vmock.example>", "text": "This looks interesting, can you send more?"},
}


def batch_item(outcome: Outcome, status_url: Callable[[str], str]) -> BatchItem:
    """Return how an item of a batch is answered."""
    if isinstance(outcome, Put):
        return AcceptedItem(reply_id=outcome.reply_id, status_url=status_url(outcome.reply_id))
    if isinstance(outcome, NotTaken):
        return LeftOutItem(reason=outcome.reason)
    problem = problem_of(outcome)
    return RefusedItem(status=problem.status, error=ErrorDetail(code=problem.code, message=problem.message))


def problem_of(outcome: InvalidReply | StorageError) -> Problem:
    """Return the answer for a reply that was not taken in; what the disk said stays in the log."""
    if isinstance(outcome, InvalidReply):
        return Problem(422, "invalid_reply", str(outcome))
    return unavailable("the reply could not be stored: send it again, it is taken in once", "not_stored")
