"""The error answer of the sandbox's Notion."""


class Problem(Exception):
    """An error answer: HTTP status, Notion's code, message, and the Retry-After header if there is one."""

    def __init__(self, status: int, code: str, message: str, *, retry_after: str | None = None) -> None:
        self.status = status
        self.code = code
        self.retry_after = retry_after
        super().__init__(message)
