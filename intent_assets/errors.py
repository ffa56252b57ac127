"""Typed errors: each says what happened and what to do next, and never holds a secret."""

from intent_assets.masking import without_keys


class IntentError(Exception):
    """Base of every error that this project raises on purpose."""


class SharedLimitError(IntentError):
    """The limit of calls that all processes of the machine share can't be kept; no call was made."""


class MissingSettings(IntentError):
    """Environment variables that a production run needs are not set; `names` lists them."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self.names = names
        listed = ", ".join(names)
        super().__init__(
            f"not set: {listed}. Set {'it' if len(names) == 1 else 'them'} in the environment or in .env "
            "(see .env.example), or use the local stand-ins: add --sandbox to the command, or start with `make dev`."
        )


class InvalidDomain(IntentError):
    """A text that is not the domain of a company, so it can't be a partition key."""


class InvalidReply(IntentError):
    """A reply that can't be taken in; says which field, which value and why."""


class StorageError(IntentError):
    """A stored value is missing, unreadable or of another form than its asset's."""


class DoorError(IntentError):
    """The HTTP door can't be opened."""


class RunsUnreadable(IntentError):
    """Dagster's runs could not be read or changed."""


class WarehouseError(IntentError):
    """The history (DuckDB) could not be opened, migrated, read or written."""


class ServiceError(IntentError):
    """An outside service failed.

    `service` and `operation` name the call, `status` is the HTTP status (None without an answer),
    `retryable` says whether another try can help, `retry_after` is the pause the service asked for, in seconds.
    """

    def __init__(
        self,
        service: str,
        operation: str,
        message: str,
        *,
        status: int | None = None,
        retryable: bool = False,
        retry_after: float | None = None,
    ) -> None:
        self.service = service
        self.operation = operation
        self.status = status
        self.retryable = retryable
        self.retry_after = retry_after
        answer = f"HTTP {status}" if status is not None else "no answer"
        hint = "another try can help" if retryable else "another try can't help"
        said = without_keys(message)  # services have been seen to answer with the key that they refuse
        super().__init__(f"{service} {operation}: {said} ({answer}; {hint})")


class StarbridgeError(ServiceError):
    """A Starbridge tool failed, in whatever form (contracts: starbridge, Envelope)."""


class StarbridgeIdentityError(StarbridgeError):
    """Starbridge answered for another buyer than the one that was asked for."""


class StarbridgeToolFailure(StarbridgeError):
    """The answer arrived whole and says that the tool failed (a failure envelope)."""


class InvalidQuery(IntentError):
    """A query that Starbridge would refuse; the message names each field and value. Nothing was sent."""


class ClaudeError(ServiceError):
    """Claude could not be reached or gave no usable answer."""


class ClaudeRefusal(ClaudeError):
    """Claude refused to answer (`stop_reason: refusal`)."""


class ClaudeCutOff(ClaudeError):
    """Claude's answer was cut off (`stop_reason: max_tokens` or the context window)."""


class ClaudeInvalidAnswer(ClaudeError):
    """Claude's answer does not fit the output type; `reasons` says where and why."""

    reasons: tuple[str, ...] = ()


class NotionError(ServiceError):
    """Notion refused or failed, or the page does not say what the report says."""


class ClayError(ServiceError):
    """A notice could not be delivered to Clay; it stays in the outbox."""


class SmartleadError(ServiceError):
    """Smartlead's inbox could not be polled; webhooks and what is in the inbox already are not touched by it."""


class SupabaseError(ServiceError):
    """Supabase could not be read: a table or column that is not there, a key that is refused, or no usable answer."""


class SupabaseNoTable(SupabaseError):
    """The table is not there."""


class SupabaseNoColumn(SupabaseError):
    """A column is not there; `column` names it, None where the answer does not."""

    column: str | None = None


class PredecessorError(IntentError):
    """The predecessor's SQLite file is missing, locked, damaged or no SQLite file."""


class BackupError(IntentError):
    """A backup could not be made, is damaged or no backup, or can't be restored where it was asked for."""


class InvalidAddress(IntentError):
    """A text that is no e-mail address."""
