"""HTTP answers with faults in the body, the headers and the form, and a server that sends them as they are."""

import gzip
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from typing import Any

from benchmarks.fuzz_mutations import body, damaged

_STATUSES = (
    201, 202, 204, 206, 207, 226, 301, 302, 304, 307, 400, 401, 403, 404, 408, 409, 410, 413, 416, 418, 422, 425, 429,
    451, 500, 501, 502, 503, 504, 520, 529, 599,
)  # fmt: skip
_HEADERS = (
    "Retry-After: 0", "Retry-After: -5", "Retry-After: nan", "Retry-After: 1e9", "Retry-After: 99999999999999999999",
    "Retry-After: Wed, 21 Oct 2015 07:28:00 GMT", "Retry-After: Wed, 99 Foo 99999 99:99:99 GMT", "Retry-After: \u0663",
    "Retry-After: 2", "Content-Range: 0-24/573", "Content-Range: */0", "Content-Range: 5-1/-3", "Content-Range: items",
    "Content-Range: 0-0/" + "9" * 5000, "Location: /", "Location: //", "Location: http://[::1", "Location: \\",
    "Location: ",
    "Content-Encoding: gzip", "Content-Encoding: deflate", "Content-Encoding: br", "Content-Encoding: nonsense",
    "Content-Type: text/html", "Content-Type: application/json; charset=utf-16", "Content-Type: ; charset=nonsense",
    "Transfer-Encoding: chunked", "Content-Length: 5", "Content-Length: -1", "Content-Length: 99999999",
    "X: " + "a" * 70_000,
    "Set-Cookie: =", "x-should-retry: false", "No colon", ": no name", "Connection: keep-alive",
)  # fmt: skip


class Answering:
    """What the server answers to every request, and where it listens."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.answer = b""


def answer(content: bytes, status: int = 200, headers: tuple[str, ...] = ("Content-Type: application/json",)) -> bytes:
    """Return a whole answer; its length is told unless a header says something of it."""
    told = headers if any(name.startswith(("Content-Length", "Transfer-Encoding")) for name in headers) else (
        *headers, f"Content-Length: {len(content)}"
    )  # fmt: skip
    lines = [f"HTTP/1.1 {status} Status", *told, "Connection: close", "", ""]
    return "\r\n".join(lines).encode("utf-8") + content


def damaged_answer(sample: Any, dice: Random) -> bytes:
    """Return an answer whose body is made by `fuzz_mutations.body`, one of three with faults of HTTP."""
    content = body(sample, dice)
    if dice.random() < 0.6:
        return answer(content)
    status = dice.choice(_STATUSES) if dice.random() < 0.7 else 200
    headers = tuple(dice.sample(_HEADERS, dice.choice((0, 1, 1, 2, 4))))
    if dice.random() < 0.1:
        content = gzip.compress(content)
    whole = answer(content, status, ("Content-Type: application/json", *headers))
    return damaged(whole, dice) if dice.random() < 0.2 else whole


@contextmanager
def answering() -> Iterator[Answering]:
    """Serve on a free port of the loopback until the block ends."""

    class Handler(socketserver.StreamRequestHandler):
        timeout = 10

        def handle(self) -> None:
            length = 0
            while (line := self.rfile.readline(65_536)) not in (b"\r\n", b""):
                name, _, value = line.partition(b":")
                if name.strip().lower() == b"content-length":
                    length = int(value)
            self.rfile.read(length)
            try:
                self.wfile.write(served.answer)
            except OSError:
                return  # who asked has heard enough

    class Server(socketserver.ThreadingTCPServer):
        allow_reuse_address = True
        daemon_threads = True
        request_queue_size = 64

    with Server(("127.0.0.1", 0), Handler) as server:
        served = Answering(f"http://127.0.0.1:{server.server_address[1]}")
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, name="answers")
        thread.start()
        try:
            yield served
        finally:
            server.shutdown()
            thread.join()
