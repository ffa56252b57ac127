"""A reply as the inbox stores it, and how it stands."""

from pathlib import Path
from typing import NamedTuple

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from intent_assets.domains import partition_key
from intent_assets.errors import InvalidDomain
from intent_assets.records import Reply
from intent_assets.spool import NotStored, unusable


class Cancellation(BaseModel):
    """Who cancelled a reply's report, and when."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    by: str
    at: AwareDatetime


class Standing(NamedTuple):
    """A stored reply and how it stands; `arrival` (nanoseconds since 1970) orders the replies of a domain."""

    reply: Reply
    arrival: int
    revision: int
    waiting: bool
    cancelled: Cancellation | None


class Stored(BaseModel):
    """The content of a reply's file; `revision` counts how often it was put among those that wait, from 1."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    arrival: int
    revision: int = 1
    reply: Reply
    cancelled: Cancellation | None = None

    def content(self) -> bytes:
        """Return what stands in the file."""
        return self.model_dump_json(indent=1).encode()

    def standing(self, *, waiting: bool) -> Standing:
        """Return how the reply stands."""
        return Standing(self.reply, self.arrival, self.revision, waiting, self.cancelled)


def read_stored(path: Path) -> Stored:
    """Read a file; raises `FileNotFoundError`, `NotStored` for another content, `StorageError` for the disk."""
    try:
        stored = Stored.model_validate_json(path.read_bytes())
        partition_key(stored.reply.domain)
    except FileNotFoundError:
        raise
    except OSError as problem:
        raise unusable(path, problem) from problem
    except ValidationError as problem:
        errors = problem.errors(include_input=False, include_url=False, include_context=False)
        wrong = "; ".join(f"{'.'.join(map(str, error['loc'])) or 'file'}: {error['msg']}" for error in errors[:3])
        raise NotStored(f"{path} is not a stored reply ({wrong})") from None
    except InvalidDomain as problem:
        raise NotStored(f"{path} is not a stored reply ({problem})") from None
    return stored
