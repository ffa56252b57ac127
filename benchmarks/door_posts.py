"""What the door is sent: replies, the same replies again, and what it has to refuse. Pure but for the sending."""

import json
import socket
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any, Literal

import httpx

from benchmarks.processes import HOST

TOKEN, SECRET = "t0ken-of-callers", "s3cret-of-smartlead"

Kind = Literal[
    "reply", "webhook", "the same again", "wrong token", "no secret", "other type", "no JSON", "no reply", "too big",
    "too deep", "slow",
]  # fmt: skip
EXPECTED: dict[Kind, int] = {
    "reply": 202, "webhook": 202, "the same again": 202, "wrong token": 401, "no secret": 401, "other type": 415,
    "no JSON": 400, "no reply": 422, "too big": 413, "too deep": 400, "slow": 408,
}  # fmt: skip
REFUSED: tuple[Kind, ...] = (
    "wrong token", "no secret", "other type", "no JSON", "no reply", "too big", "too deep", "slow"
)  # fmt: skip


@dataclass(frozen=True)
class Post:
    """One post; `about` names the reply that it carries, None where it carries none."""

    kind: Kind
    path: str
    content: bytes
    headers: dict[str, str] = field(default_factory=dict)
    about: str | None = None


@dataclass(frozen=True)
class Answered:
    """What the door said, how long it took in seconds, and how often nothing came before."""

    post: Post
    status: int
    seconds: float
    reply_id: str | None = None
    unanswered: int = 0


def posts(count: int, dice: Random, *, twice: float = 0.1, refused: float = 0.15) -> Sequence[Post]:
    """Return `count` posts in any order: shares `twice` and `refused` of them repeated, and to be refused."""
    bad = [_bad(REFUSED[number % len(REFUSED)]) for number in range(round(count * refused))]
    repeated = round(count * twice)
    good = [_good(number) for number in range(count - len(bad) - repeated)]
    again = [Post("the same again", post.path, post.content, post.headers, post.about)
             for post in dice.choices(good, k=repeated)]  # fmt: skip
    mixed = [*good, *again, *bad]
    dice.shuffle(mixed)
    return mixed


def sent(client: httpx.Client, post: Post, patience: float = 60) -> Answered:
    """Send a post as a caller does that wants to be heard: again until something answers; raises `TimeoutError`."""
    deadline = time.monotonic() + patience
    unanswered = 0
    while time.monotonic() < deadline:
        began = time.perf_counter()
        try:
            status, body = _slowly(client, post) if post.kind == "slow" else _at_once(client, post)
        except (httpx.HTTPError, OSError):
            unanswered += 1
            time.sleep(0.1)
            continue
        reply_id = json.loads(body).get("reply_id") if status == 202 else None
        return Answered(post, status, time.perf_counter() - began, reply_id, unanswered)
    raise TimeoutError(f"the door did not answer a post ({post.kind}) within {patience:g} s")


def _at_once(client: httpx.Client, post: Post) -> tuple[int, bytes]:
    answer = client.post(post.path, content=post.content, headers=post.headers)
    return answer.status_code, answer.content


def _slowly(client: httpx.Client, post: Post) -> tuple[int, bytes]:
    """Send a head that promises more than ever comes."""
    port = client.base_url.port or 80
    head = f"POST {post.path} HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 1000\r\n"
    head += "".join(f"{name}: {value}\r\n" for name, value in post.headers.items())
    with socket.create_connection((HOST, port), timeout=30) as connection:
        connection.sendall(f"{head}\r\n".encode() + post.content[:20])
        said = connection.recv(65_536)
    if not said:
        raise ConnectionError("closed without an answer")
    return int(said.split(b" ", 2)[1]), b"{}"


def _good(number: int) -> Post:
    domain, about = f"company-{number % 300}.example", f"reply {number}"
    if number % 2:
        event = {
            "event_type": "EMAIL_REPLY", "sl_lead_email": f"ana.{number}@{domain}", "to_name": "Ana Diaz",
            "reply_message": {"message_id": f"<{number}@{domain}>", "text": "Interesting, send more."},
            "campaign_id": number, "secret_key": SECRET,
        }  # fmt: skip
        return Post("webhook", "/webhooks/smartlead", _json(event), _headers(None), about)
    reply = {"target_domain": domain, "prospect_name": "Ana Diaz", "reply_text": f"Send more, please ({number})."}
    return Post("reply", "/reports", _json(reply), _headers(TOKEN), about)


def _bad(kind: Kind) -> Post:
    reply = _json({"target_domain": "refused.example", "reply_text": "no"})
    contents: dict[Kind, bytes] = {
        "no secret": _json({"event_type": "EMAIL_REPLY"}),
        "no JSON": reply[:-5],
        "no reply": _json({"tier": 9}),
        "too big": _json({"reply_text": "x" * 1_100_000}),
        "too deep": b'{"a":' + b"[" * 5000 + b"]" * 5000 + b"}",
    }
    headers = _headers({"wrong token": "guessed", "no secret": None}.get(kind, TOKEN))
    if kind == "other type":
        headers["Content-Type"] = "text/plain"
    path = "/webhooks/smartlead" if kind == "no secret" else "/reports"
    return Post(kind, path, contents.get(kind, reply), headers)


def _headers(token: str | None) -> dict[str, str]:
    return {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})


def _json(document: Any) -> bytes:
    return json.dumps(document).encode()
