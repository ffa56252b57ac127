"""Who may come in: the bearer token of callers, the secret of Smartlead's webhooks, compared in constant time."""

import hashlib
import hmac
import ipaddress
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from pydantic import SecretStr

from intent_assets.intake.door_problems import Problem
from intent_assets.settings import Services

_SIGNATURE = re.compile(r"sha256=([0-9a-f]{64})", re.IGNORECASE)
SIGNATURE_HEADER = "X-Smartlead-Signature"


def missing_secrets(services: Services) -> tuple[str, ...]:
    """Return the names of the secrets that are not set: without one of them the door is for this machine alone."""
    secrets = {"INTAKE_TOKEN": services.intake_token, "SMARTLEAD_SECRET": services.smartlead_secret}
    return tuple(name for name, secret in secrets.items() if not _bytes(secret))


def has_token(authorization: str | None, token: SecretStr | None) -> bool:
    """Say whether the `Authorization` header holds the token; true for all where there is no token."""
    expected = _bytes(token)
    if not expected:
        return True
    scheme, _, given = (authorization or "").strip().partition(" ")
    return scheme.lower() == "bearer" and _same(_wire(given.strip()), expected)


def is_signed(body: bytes, signature: str | None, secret: SecretStr | None) -> bool:
    """Say whether the signature is that of `body`; true for all where there is no secret."""
    expected = _bytes(secret)
    if not expected:
        return True
    given = _SIGNATURE.fullmatch((signature or "").strip())
    made = hmac.new(expected, body, hashlib.sha256).hexdigest()
    return given is not None and _same(given[1].lower().encode(), made.encode())


def names_secret(document: Any, secret: SecretStr | None) -> bool:
    """Say whether the event holds the secret as its `secret_key`."""
    given = document.get("secret_key") if isinstance(document, Mapping) else None
    return isinstance(given, str) and _same(given.encode("utf-8", "surrogatepass"), _bytes(secret))


def unauthorized(what: str) -> Problem:
    """Return the problem of somebody who may not come in."""
    return Problem(401, "unauthorized", what, {"WWW-Authenticate": 'Bearer realm="intent"'})


def is_loopback(host: str) -> bool:
    """Say whether a host, as it stands in an address or a `Host` header (port included), is this machine."""
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return False
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def _same(given: bytes, expected: bytes) -> bool:
    return bool(expected) and hmac.compare_digest(given, expected)


def _wire(header: str) -> bytes:
    return header.encode("latin-1", "replace")  # as the header's bytes came, whatever they meant


def _bytes(secret: SecretStr | None) -> bytes:
    return secret.get_secret_value().encode() if secret is not None else b""
