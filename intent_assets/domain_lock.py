"""One run of a domain at a time, over all processes of the machine."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from filelock import FileLock, Timeout

from intent_assets.durable import private_folder
from intent_assets.errors import StorageError
from intent_assets.settings import Settings


@contextmanager
def domain_lock(settings: Settings, domain: str, tell: Callable[[str], object] | None = None) -> Iterator[None]:
    """Hold the domain; the lock is the operating system's, so a process that dies gives it back.

    Waits for the run that has it, at most `settings.domain_wait` seconds, then raises `StorageError`. `tell` is told
    when there is something to wait for.
    """
    lock = FileLock(private_folder(settings.home / "locks") / f"{domain}.lock", thread_local=False, mode=0o600)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        if tell is not None:
            tell(f"another run of {domain} is under way; waiting for it to end")
        _wait(lock, settings, domain)
    try:
        yield
    finally:
        lock.release()


def _wait(lock: FileLock, settings: Settings, domain: str) -> None:
    try:
        lock.acquire(timeout=settings.domain_wait, poll_interval=0.1)
    except Timeout:
        raise StorageError(
            f"another run of {domain} has been under way for more than {settings.domain_wait:g} s: see it in "
            f"`intent runs {domain}` or in the Dagster UI, end it there, then run `intent retry {domain}`"
        ) from None
