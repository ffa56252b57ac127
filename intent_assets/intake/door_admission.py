"""Who is let through to a path: the right secret, within the client's share."""

from typing import Any

from fastapi import Request

from intent_assets.intake.door_auth import SIGNATURE_HEADER, has_token, is_signed, names_secret, unauthorized
from intent_assets.intake.door_bodies import parse, read_body
from intent_assets.intake.door_problems import Problem
from intent_assets.intake.door_shares import Share, Shares
from intent_assets.settings import Services, Settings


class Admission:
    """Lets requests in or ends them with a `Problem`: 401, or 429 for who comes too often, 400 to 415 for the body."""

    def __init__(self, settings: Settings, services: Services) -> None:
        self._token = services.intake_token
        self._secret = services.smartlead_secret
        self._body_seconds = settings.door.body_seconds
        self._shares = Shares(settings.door)

    def caller(self, request: Request, share: Share) -> None:
        """Let a caller in who has the token."""
        if not has_token(request.headers.get("authorization"), self._token):
            self._refuse(request, "send the header Authorization: Bearer with the door's INTAKE_TOKEN")
        self._shares.take(share, client_of(request))

    async def document(self, request: Request) -> Any:
        """Return the JSON that a caller sends who was let in."""
        return parse(await read_body(request, self._body_seconds))

    async def event(self, request: Request) -> Any:
        """Return the event of a webhook that Smartlead sends, by its signature or the secret inside."""
        body = await read_body(request, self._body_seconds)
        signed = is_signed(body, request.headers.get(SIGNATURE_HEADER), self._secret)
        try:
            document = parse(body)
        except Problem:
            if signed:
                raise
            document = None  # nothing that an unknown sender wrote decides more than that it is unknown
        if not signed and not names_secret(document, self._secret):
            self._refuse(request, f"the event has neither the right secret_key nor the right {SIGNATURE_HEADER}")
        self._shares.take("posts", client_of(request))
        return document

    def _refuse(self, request: Request, message: str) -> None:
        self._shares.take("refusals", client_of(request))
        raise unauthorized(message)


def client_of(request: Request) -> str:
    """Return the client's address."""
    return request.client.host if request.client else "unknown"
