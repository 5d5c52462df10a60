"""Why a file is refused as an image; raised by all of services/images and by imports."""

from enum import StrEnum

from annotation_app.exceptions import InvalidInputError


class Refusal(StrEnum):
    """Machine-readable causes."""

    MISSING = "missing_file"
    OUTSIDE = "path_outside"
    NOT_AN_IMAGE = "not_an_image"
    POLYGLOT = "polyglot"
    TOO_LARGE = "too_large"
    TRUNCATED = "truncated"
    DAMAGED = "damaged"
    UNSUPPORTED = "unsupported"


class ImageRefusedError(InvalidInputError):
    """A file cannot be taken as an image.

    Args:
        code: the cause for programs.
        reason: what is wrong with the file, one clause or sentence.
        remedy: what the owner of the file can do.
    """

    def __init__(self, code: Refusal, reason: str, remedy: str) -> None:
        super().__init__(f"{reason} {remedy}", code=code.value, reason=reason, remedy=remedy)
        self.code = code
        self.reason = reason
        self.remedy = remedy
