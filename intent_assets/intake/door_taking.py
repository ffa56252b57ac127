"""From a document to a stored reply: each read by itself, all that wait at one time stored together."""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from intent_assets.errors import InvalidReply, StorageError
from intent_assets.intake.inbox import Inbox, Put
from intent_assets.intake.refusals import summary_of
from intent_assets.intake.replies import NotTaken, parse_reply
from intent_assets.records import Reply, Source
from intent_assets.settings import Settings

Outcome = Put | NotTaken | InvalidReply | StorageError

_MOST_AT_ONCE = 500

_log = logging.getLogger(__name__)


class Taking:
    """Takes replies into the inbox, for one event loop."""

    def __init__(self, inbox: Inbox, settings: Settings) -> None:
        self._inbox = inbox
        self._settings = settings
        self._waiting: list[tuple[Sequence[Reply], asyncio.Future[list[Put | StorageError]]]] = []
        self._storing: asyncio.Task[None] | None = None

    async def take_in(self, documents: Sequence[Any], source: Source) -> list[Outcome]:
        """Return what became of each document; what was accepted is on disk when this returns.

        What was left out on purpose is in the log of refusals, or has the disk's error instead.
        """
        read = await asyncio.to_thread(self._read, documents, source)
        replies = [each for each in read if isinstance(each, Reply)]
        stored = iter(await self._put(replies) if replies else ())
        return [next(stored) if isinstance(each, Reply) else each for each in read]

    def _read(self, documents: Sequence[Any], source: Source) -> list[Reply | NotTaken | InvalidReply | StorageError]:
        now = datetime.now(UTC)
        read = [self._read_one(document, source, now) for document in documents]
        refusals = [
            _refusal(document, outcome, source)
            for document, outcome in zip(documents, read, strict=True)
            if not isinstance(outcome, Reply)
        ]
        if not refusals:
            return list(read)
        try:
            self._inbox.refused_all(refusals)
        except StorageError as problem:
            _log.warning("%d refusals are not logged: %s", len(refusals), problem)
            return [problem if isinstance(outcome, NotTaken) else outcome for outcome in read]
        return list(read)

    def _read_one(self, document: Any, source: Source, now: datetime) -> Reply | NotTaken | InvalidReply:
        if not isinstance(document, Mapping):
            return InvalidReply(f"a reply is one JSON object, not {_kind(document)}")
        try:
            return parse_reply(document, received_at=now, settings=self._settings, source=source)
        except InvalidReply as problem:
            return problem

    async def _put(self, replies: Sequence[Reply]) -> list[Put | StorageError]:
        stored: asyncio.Future[list[Put | StorageError]] = asyncio.get_running_loop().create_future()
        self._waiting.append((replies, stored))
        if self._storing is None or self._storing.done():
            self._storing = asyncio.create_task(self._store())
        return await stored

    async def _store(self) -> None:
        """Store what waits, and what came meanwhile, until nothing waits: one lock and one sync for each round."""
        while self._waiting:
            batch, self._waiting = self._waiting[:_MOST_AT_ONCE], self._waiting[_MOST_AT_ONCE:]
            replies = [reply for group, _ in batch for reply in group]
            try:
                outcomes = iter(await asyncio.to_thread(self._inbox.put_all, replies))
            except Exception as problem:  # noqa: BLE001 -- whoever waits for it gets it
                for _, stored in batch:
                    if not stored.done():
                        stored.set_exception(problem)
                continue
            for group, stored in batch:
                own = [next(outcomes) for _ in group]
                if not stored.done():
                    stored.set_result(own)


def _refusal(document: Any, outcome: NotTaken | InvalidReply, source: Source) -> tuple[Mapping[str, Any], str]:
    if isinstance(outcome, NotTaken):
        return {"source": source, **outcome.model_dump(exclude={"reason"})}, outcome.reason
    summary = summary_of(document) if isinstance(document, Mapping) else {}
    return {"source": source, **summary}, str(outcome)


def _kind(document: Any) -> str:
    names = {list: "a list", str: "a text", bool: "true or false", int: "a number", float: "a number"}
    return names.get(type(document), "null")
