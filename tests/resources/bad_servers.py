"""Servers that never come to an end of what they answer."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

GIVES_UP = 20.0
"""Seconds after which a connection is closed, so that a client that waits for ever fails its test."""

Manner = Callable[[socket.socket, threading.Event], None]
_START = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 900000\r\n"


def trickles_headers(connection: socket.socket, done: threading.Event) -> None:
    """Send a byte of a header now and then, for ever."""
    connection.sendall(_START + b"x-long: ")
    _trickle(connection, done)


def trickles_a_body(connection: socket.socket, done: threading.Event) -> None:
    """Send a byte of the body now and then, for ever."""
    connection.sendall(_START + b"\r\n")
    _trickle(connection, done)


def says_nothing(_connection: socket.socket, done: threading.Event) -> None:
    """Accept, and nothing more."""
    done.wait(GIVES_UP)


def closes(_connection: socket.socket, _done: threading.Event) -> None:
    """Accept and close."""


def _trickle(connection: socket.socket, done: threading.Event) -> None:
    for _ in range(int(GIVES_UP / 0.02)):
        if done.wait(0.02):
            return
        connection.sendall(b"x")


@contextmanager
def answering(manner: Manner) -> Iterator[str]:
    """Serve in this manner on a free port of the loopback; gives the address."""
    done = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        accepting = threading.Thread(target=_accept, args=(listening, manner, done))
        accepting.start()
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            done.set()
            listening.shutdown(socket.SHUT_RDWR)
            accepting.join()


@contextmanager
def never_accepting() -> Iterator[str]:
    """A port whose queue is full: a connection to it is neither made nor refused."""
    with socket.socket() as listening, socket.socket() as first, socket.socket() as second:
        listening.bind(("127.0.0.1", 0))
        listening.listen(0)
        for filling in (first, second):
            filling.setblocking(False)
            filling.connect_ex(listening.getsockname())
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"


def _accept(listening: socket.socket, manner: Manner, done: threading.Event) -> None:
    answers = []
    while True:
        try:
            connection, _ = listening.accept()
        except OSError:
            break
        answers.append(threading.Thread(target=_answer, args=(connection, manner, done)))
        answers[-1].start()
    for answer in answers:
        answer.join()


def _answer(connection: socket.socket, manner: Manner, done: threading.Event) -> None:
    with connection, suppress(OSError):
        connection.recv(65_536)
        manner(connection, done)
