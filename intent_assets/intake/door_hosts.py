"""Without secrets the door answers to this machine's own names only: a page in a browser can't reach it by another."""

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from intent_assets.intake.door_auth import is_loopback
from intent_assets.intake.door_problems import Problem


class OwnNamesOnly:
    """Refuses requests whose `Host` is not a name of loopback (DNS rebinding)."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer by the app behind it, or by 421."""
        if scope["type"] == "http" and not is_loopback(Headers(scope=scope).get("host", "")):
            message = "without its secrets the door answers to localhost only: set INTAKE_TOKEN and SMARTLEAD_SECRET"
            await Problem(421, "misdirected_request", message).answer()(scope, receive, send)
            return
        await self._app(scope, receive, send)
