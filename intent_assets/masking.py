"""Keeps keys out of messages and logs: what is configured as a secret, and what looks like one."""

import logging
import re
from collections.abc import Iterable
from urllib.parse import parse_qsl, unquote, urlsplit

MASK = "***"

_URL = re.compile(r"\b[a-z][a-z0-9+.-]{1,20}://[^\s\"'<>)\]}|]+", re.IGNORECASE)
_NAMED = re.compile(
    r"((?:api[_-]?key|[a-z_-]{0,40}token|secret(?:[_-]key)?|passw(?:or)?d|authorization|x-[a-z-]{0,40}auth|signature)"
    r"[\"']?\s*[:=]\s*[\"']?(?:bearer\s+|basic\s+)?)[^\s\"',;&}]+",
    re.IGNORECASE,
)
_BEARER = re.compile(r"\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{8,}", re.IGNORECASE)
_PREFIXED = re.compile(r"\b(?:sk|pk|rk|ntn|secret|ghp|xox[abprs]|key|whsec)[-_][A-Za-z0-9_-]{8,}")
_LONG = re.compile(
    r"(?<![\w.@/-])(?=[A-Za-z0-9_+/=-]{0,400}\d)(?=[A-Za-z0-9_+/=-]{0,400}[A-Za-z])[A-Za-z0-9_+=-]{24,}(?![\w@-])"
)
_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)


_SHORTEST = 4
_SHORTEST_PART = 8  # a query has plain words as well
_known: set[str] = set()


def keep_out(secrets: Iterable[str]) -> None:
    """Let no message of this process hold these from now on; of a URL also what its query and credentials are."""
    for secret in secrets:
        _known.update([secret] if len(secret) >= _SHORTEST else [])
        _known.update(part for part in _parts(secret) if len(part) >= _SHORTEST_PART)


def without_keys(text: str, secrets: Iterable[str] = ()) -> str:
    """Return `text` without the given secrets and those that were ever to be kept out, and else as it is."""
    given = {secret for secret in secrets if len(secret) >= _SHORTEST}
    for secret in sorted(given | _known, key=len, reverse=True):
        text = text.replace(secret, MASK)
    return text


def mask(text: str, secrets: Iterable[str] = ()) -> str:
    """Return `text` without secrets, credentials and queries of URLs, and anything that looks like a key.

    Secrets are the given ones and those that were to be kept out. Ids of the form of a UUID stay (runs and pages have
    such), but for those in the path of a URL.
    """
    text = without_keys(text, secrets)
    text = _URL.sub(lambda match: mask_url(match.group()), text)
    text = _NAMED.sub(rf"\g<1>{MASK}", text)
    text = _BEARER.sub(rf"\g<1> {MASK}", text)
    text = _PREFIXED.sub(MASK, text)
    return _LONG.sub(lambda match: match.group() if _UUID.fullmatch(match.group()) else MASK, text)


def mask_url(url: str) -> str:
    """Return scheme, host and port of `url`, and its path without the parts that look like a key."""
    try:
        parts = urlsplit(url)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return MASK
    path = "/".join(MASK if _looks_secret(part) else part for part in parts.path.split("/"))
    hidden = f"?{MASK}" if parts.query else ""
    return f"{parts.scheme}://{parts.hostname or ''}{port}{path}{hidden}"


def quiet_http_logs() -> None:
    """Let httpx log its requests with masked URLs only; it logs whole URLs, keys included."""
    logger = logging.getLogger("httpx")
    if not any(isinstance(known, _MaskUrls) for known in logger.filters):
        logger.addFilter(_MaskUrls())


class _MaskUrls(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(mask_url(str(value)) if "://" in str(value) else value for value in record.args)
        return True


def _parts(secret: str) -> Iterable[str]:
    if "://" not in secret:
        return
    try:
        url = urlsplit(secret)
        yield from (value for _, value in parse_qsl(url.query))
        yield from (unquote(part) for part in (url.password, url.username) if part)
    except ValueError:
        return


def _looks_secret(part: str) -> bool:
    return len(part) >= 16 and any(character.isdigit() for character in part)
