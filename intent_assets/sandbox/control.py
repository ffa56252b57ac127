"""What every stand-in answers under `/__sandbox__`, also while faults are on, to be recognised and steered.

- `GET /__sandbox__`: `{"service", "sandbox": true, "seed"}`;
- `GET /__sandbox__/faults`: the faults of the whole sandbox, a JSON list of objects (`faults.Fault`);
- `PUT /__sandbox__/faults`: the same list replaces them; 422 says what is wrong with it;
- `GET /__sandbox__/calls`: all requests that the whole sandbox has seen (`core.Call`); `DELETE` forgets them.
"""

import json
from dataclasses import asdict
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from intent_assets.sandbox.core import Call
from intent_assets.sandbox.faults import FaultPlan, InvalidFaults, faults_from_json

CONTROL = "/__sandbox__"


def control_app(service: str, seed: int, plan: FaultPlan, calls: list[Call]) -> Starlette:
    """Return the app for `CONTROL` and all below it."""

    async def show(_: Request) -> Response:
        return JSONResponse({"service": service, "sandbox": True, "seed": seed})

    async def faults(request: Request) -> Response:
        if request.method == "PUT":
            try:
                plan.replace(faults_from_json(json.loads(await request.body())))
            except InvalidFaults as problem:
                return JSONResponse({"error": str(problem)}, 422)
            except ValueError as problem:
                return JSONResponse({"error": f"the faults are no JSON: {problem}"}, 422)
        return JSONResponse([fault.model_dump(mode="json") for fault in plan.faults])

    async def seen(request: Request) -> Response:
        if request.method == "DELETE":
            calls.clear()
        listed: list[dict[str, Any]] = [asdict(call) for call in list(calls)]
        return JSONResponse(listed)

    return Starlette(
        routes=[
            Route(CONTROL, show, methods=["GET"]),
            Route(f"{CONTROL}/faults", faults, methods=["GET", "PUT"]),
            Route(f"{CONTROL}/calls", seen, methods=["GET", "DELETE"]),
        ]
    )
