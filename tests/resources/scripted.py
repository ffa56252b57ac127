"""An HTTP server on loopback that answers what a test says, for forms that the sandbox does not play."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True)
class Answer:
    """What is answered: `body` as JSON unless it is bytes; `cut` announces so many bytes more than are sent."""

    body: Any = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    cut: int = 0

    @property
    def content(self) -> bytes:
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


@dataclass
class Seen:
    """The requests so far, as method, path and input variables."""

    requests: list[tuple[str, str, Json]] = field(default_factory=list)

    @property
    def inputs(self) -> list[Json]:
        return [asked for _, _, asked in self.requests]

    def count(self, ending: str) -> int:
        return sum(path.endswith(ending) for _, path, _ in self.requests)


def enveloped(output: Any) -> Json:
    """A success envelope."""
    return {"success": True, "data": {"output_vars": {"output": output}}}


@contextmanager
def scripted(answer: Callable[[str, str, Json], Answer]) -> Iterator[tuple[str, Seen]]:
    """Serve until the block ends; `answer` gets method, path and input variables. Gives the URL and what was seen."""
    seen = Seen()
    lock = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 10

        def _serve(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            asked = json.loads(body)["input_vars"] if body else {}
            with lock:
                seen.requests.append((self.command, self.path, asked))
            reply = answer(self.command, self.path, asked)
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(reply.content) + reply.cut))
            self.end_headers()
            self.wfile.write(reply.content)
            self.close_connection = self.close_connection or bool(reply.cut)

        do_GET = do_POST = _serve  # noqa: N815  # names that http.server asks for

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # its own parameter's name
            """Say nothing."""

    with listening(Handler) as address:
        yield address, seen


@contextmanager
def listening(handler: type[BaseHTTPRequestHandler]) -> Iterator[str]:
    """Serve by `handler` on a free port of the loopback; gives the address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
