"""The root of the error tree."""

from typing import ClassVar


class BodhiError(Exception):
    """Base of the tree. ``message`` states the fact; see the module for the other fields."""

    status: ClassVar[int] = 500
    code: ClassVar[str] = "internal_error"
    type: ClassVar[str] = "server_error"
    exit_code: ClassVar[int] = 70

    def __init__(
        self,
        message: str,
        *,
        pointer: str | None = None,
        remedy: str | None = None,
        to_type: str | None = None,
        retry_after_s: int | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.pointer = pointer
        self.remedy = remedy
        self.to_type = to_type
        self.retry_after_s = retry_after_s
