"""The HTTP door: takes replies in from Smartlead, Clay and other callers, and tells what became of them."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request, Response
from fastapi_offline import FastAPIOffline
from starlette.exceptions import HTTPException

from intent_assets.domains import normalise_domain
from intent_assets.errors import IntentError
from intent_assets.intake import door_docs as docs
from intent_assets.intake.door_admission import Admission
from intent_assets.intake.door_auth import missing_secrets
from intent_assets.intake.door_cancel import Cancelling
from intent_assets.intake.door_health import StorageLook
from intent_assets.intake.door_hosts import OwnNamesOnly
from intent_assets.intake.door_log import AccessLog
from intent_assets.intake.door_problems import Problem, of_status, unavailable
from intent_assets.intake.door_reports import Reports
from intent_assets.intake.door_routes import Door, reports, router
from intent_assets.intake.door_runs import Runs
from intent_assets.intake.door_taking import Taking
from intent_assets.intake.inbox import Inbox
from intent_assets.settings import Services, Settings

_log = logging.getLogger(__name__)


def create_door(settings: Settings, services: Services) -> FastAPI:
    """Return the door as an ASGI application; `door_server` serves it as it has to be served."""
    app = FastAPIOffline(
        redoc_url=None,
        title=docs.TITLE,
        description=docs.DESCRIPTION,
        version=docs.VERSION,
        redirect_slashes=False,
        lifespan=_lifespan,
    )
    inbox, runs = Inbox(settings.inbox), Runs(settings)
    known = Reports(settings, inbox, runs)
    app.state.door = Door(
        admission=Admission(settings, services),
        taking=Taking(inbox, settings),
        reports=known,
        cancelling=Cancelling(settings, inbox, runs, known),
        runs=runs,
        storage=StorageLook(inbox),
        batch_items=settings.door.batch_items,
    )
    app.include_router(reports)
    app.include_router(router)
    _answer_errors(app)
    if missing_secrets(services):
        app.add_middleware(OwnNamesOnly)
    app.add_middleware(AccessLog)
    docs.describe(app, with_token=services.intake_token is not None, batch_items=settings.door.batch_items)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    door: Door = app.state.door
    await asyncio.to_thread(_prepare, door)
    yield
    await asyncio.to_thread(door.runs.close)


def _prepare(door: Door) -> None:
    """Load what the first request would wait for, and finish what was interrupted; replies are taken in any case."""
    normalise_domain("vmock.example")
    for step in (door.runs.open, door.cancelling.finish):
        try:
            step()
        except IntentError as problem:
            _log.error("%s", problem)


def _answer_errors(app: FastAPI) -> None:
    """Give every error its answer in the one form."""

    @app.exception_handler(Problem)
    async def problem(_request: Request, problem: Problem) -> Response:
        return problem.answer()

    @app.exception_handler(IntentError)
    async def failure(_request: Request, failure: IntentError) -> Response:
        _log.error("%s", failure)
        return unavailable("the state can't be read or written right now; the log says more").answer()

    @app.exception_handler(HTTPException)
    async def status(_request: Request, refusal: HTTPException) -> Response:
        return of_status(refusal.status_code, refusal.headers).answer()

    @app.exception_handler(Exception)
    async def bug(_request: Request, _bug: Exception) -> Response:
        return Problem(500, "internal_error", "something went wrong here; the log says where").answer()
