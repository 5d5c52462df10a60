"""The errors that services raise; pages and the API turn them into clear answers."""

from typing import Any


class AnnotationError(Exception):
    """Base of every expected error: a message for people and details for programs.

    Args:
        message: one sentence that says what is wrong and what to do.
        details: machine-readable facts (row, field, identifiers).
    """

    def __init__(self, message: str, **details: Any) -> None:  # noqa: ANN401 - details are JSON values of any kind
        super().__init__(message)
        self.message = message
        self.details = details


class InvalidInputError(AnnotationError):
    """The input breaks a rule; it was not stored."""


class NotAllowedError(AnnotationError):
    """The user may not do this."""


class ConflictError(AnnotationError):
    """Another request or change came first; the message describes the current state."""


class NothingToDoError(AnnotationError):
    """There is no work of the kind asked for; the message says why."""


class JobCancelledError(AnnotationError):
    """The job was asked to stop, and has."""


class JobLostError(AnnotationError):
    """Another process has taken the job over; this one must stop without a word."""
