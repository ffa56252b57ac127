"""The paths of the door."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request
from fastapi.responses import JSONResponse
from fastapi.security import HTTPBearer
from starlette.concurrency import run_in_threadpool
from starlette.convertors import StringConvertor, register_url_convertor

from intent_assets.errors import StorageError
from intent_assets.intake import door_docs as docs
from intent_assets.intake.door_admission import Admission, client_of
from intent_assets.intake.door_cancel import Cancelling
from intent_assets.intake.door_forms import (
    REPLY_ID,
    Accepted,
    BatchItem,
    Cancelled,
    Health,
    LeftOut,
    Readiness,
    ReportStatus,
    batch_item,
    problem_of,
)
from intent_assets.intake.door_health import StorageLook
from intent_assets.intake.door_problems import Problem, not_found, unavailable
from intent_assets.intake.door_reports import Reports
from intent_assets.intake.door_runs import Runs
from intent_assets.intake.door_taking import Outcome, Taking
from intent_assets.intake.inbox import Put
from intent_assets.intake.replies import NotTaken


class _ReplyIdConvertor(StringConvertor):
    """Whatever stands there but the path of batches, so that a wrong method is told as such there."""

    regex = r"(?!batch(?:/|$))[^/]+"


register_url_convertor("reply_id", _ReplyIdConvertor())


@dataclass(frozen=True)
class Door:
    """What stands behind the paths; for one event loop."""

    admission: Admission
    taking: Taking
    reports: Reports
    cancelling: Cancelling
    runs: Runs
    storage: StorageLook
    batch_items: int


def _door(request: Request) -> Door:
    door: Door = request.app.state.door
    return door


TheDoor = Annotated[Door, Depends(_door)]
ReplyId = Annotated[str, Path(description="the reply's id, as a post was answered", examples=[REPLY_ID])]

_token = HTTPBearer(auto_error=False, scheme_name="INTAKE_TOKEN", description="the door's INTAKE_TOKEN")
router = APIRouter()
reports = APIRouter(prefix="/reports", dependencies=[Depends(_token)], tags=["reports"])


@router.post(
    "/webhooks/smartlead",
    status_code=202,
    response_model=Accepted,
    responses=docs.LEFT_OUT | docs.refusals(*docs.POST),
    openapi_extra=docs.EVENT_BODY,
    tags=["smartlead"],
    operation_id="take_smartlead_event",
    summary="Take an event of Smartlead",
)
async def smartlead(request: Request, door: TheDoor) -> JSONResponse:
    """Take a positive reply in, or leave an event out that is none.

    The sender is known by `secret_key` in the body, or by `X-Smartlead-Signature: sha256=<hex>`, the HMAC-SHA256 of the
    raw body under the secret.
    """
    document = await door.admission.event(request)
    [outcome] = await door.taking.take_in([document], "smartlead_webhook")
    return _answer(outcome, request)


@reports.post(
    "",
    status_code=202,
    response_model=Accepted,
    responses=docs.LEFT_OUT | docs.refusals(*docs.POST),
    openapi_extra=docs.REPLY_BODY,
    operation_id="ask_for_report",
    summary="Ask for a report",
)
async def report(request: Request, door: TheDoor) -> JSONResponse:
    """Take in one reply, from Clay or any other caller."""
    door.admission.caller(request, "posts")
    document = await door.admission.document(request)
    [outcome] = await door.taking.take_in([document], "clay")
    return _answer(outcome, request)


@reports.post(
    "/batch",
    response_model=list[BatchItem],
    responses=docs.refusals(*docs.POST),
    openapi_extra=docs.BATCH_BODY,
    operation_id="ask_for_reports",
    summary="Ask for many reports",
)
async def batch(request: Request, door: TheDoor) -> JSONResponse:
    """Take in a list of replies: each is accepted or refused by itself, and answered at its place."""
    door.admission.caller(request, "posts")
    documents = await door.admission.document(request)
    if not isinstance(documents, list):
        raise Problem(422, "invalid_batch", "a batch is a JSON list of replies")
    if len(documents) > door.batch_items:
        raise Problem(
            422, "invalid_batch", f"a batch has at most {door.batch_items} replies, this one {len(documents)}"
        )
    outcomes = await door.taking.take_in(documents, "clay")
    if outcomes and all(isinstance(outcome, StorageError) for outcome in outcomes):
        raise unavailable("the replies could not be stored: send them again, each is taken in once", "not_stored")
    items = [batch_item(outcome, _url_of(request)) for outcome in outcomes]
    return JSONResponse([item.model_dump(mode="json") for item in items])


@reports.get(
    "/{reply_id:reply_id}",
    response_model=ReportStatus,
    responses=docs.refusals(*docs.LOOK),
    operation_id="get_report",
    summary="Ask what has become of a reply",
)
async def status(request: Request, door: TheDoor, reply_id: ReplyId) -> ReportStatus:
    """Tell how a reply stands, with the report's page and markdown once it is published."""
    door.admission.caller(request, "looks")
    found = await run_in_threadpool(door.reports.of, reply_id)
    if found is None:
        raise not_found()
    return found


@reports.post(
    "/{reply_id:reply_id}/cancel",
    status_code=202,
    response_model=Cancelled,
    responses=docs.refusals(*docs.CANCEL),
    operation_id="cancel_report",
    summary="Cancel a report",
)
async def cancel(request: Request, door: TheDoor, reply_id: ReplyId) -> Cancelled:
    """Stop a report that is not published: a reply that waits gets no run, and a run is stopped."""
    door.admission.caller(request, "posts")
    return await door.cancelling.cancel(reply_id, f"a caller of the door at {client_of(request)}")


@router.get(
    "/healthz",
    response_model=Health,
    responses=docs.refusals(*docs.OPEN),
    tags=["health"],
    operation_id="is_alive",
    summary="Is the process alive?",
)
async def healthz() -> Health:
    """Answer."""
    return Health()


@router.get(
    "/readyz",
    response_model=Readiness,
    responses=docs.refusals(*docs.OPEN, 503),
    tags=["health"],
    operation_id="is_ready",
    summary="Can replies be stored?",
)
async def readyz(door: TheDoor) -> Readiness:
    """Try to store, and say whether Dagster's daemon is there to start runs."""
    try:
        await run_in_threadpool(door.storage.check)
    except StorageError as problem:
        raise unavailable(f"replies can't be stored: {problem}", "not_ready") from problem
    return Readiness(daemon=await run_in_threadpool(door.runs.daemon))


def _answer(outcome: Outcome, request: Request) -> JSONResponse:
    if isinstance(outcome, Put):
        answer = Accepted(reply_id=outcome.reply_id, status_url=_url_of(request)(outcome.reply_id))
        return JSONResponse(answer.model_dump(), status_code=202)
    if isinstance(outcome, NotTaken):
        return JSONResponse(LeftOut(reason=outcome.reason).model_dump())
    raise problem_of(outcome)


def _url_of(request: Request) -> Callable[[str], str]:
    return lambda reply_id: str(request.url_for("status", reply_id=reply_id))
