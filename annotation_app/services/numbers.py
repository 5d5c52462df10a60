"""Numbers that people type or send: bounded before they are read, from any source.

Pages and the API call these for the same field, so that both refuse the same text.
"""

import re
from fractions import Fraction

from django.utils.translation import gettext as _

from annotation_app.exceptions import InvalidInputError

LONGEST_EXACT = 12  # signs
EXACT = re.compile(r"[0-9]+(\.[0-9]+|/0*[1-9][0-9]*)?")
WHOLE = re.compile(r"[0-9]+")
LARGEST_LEVEL = 1000
LARGEST_ID = 2**63 - 1
LARGEST_SEED = 2**62


def read_exact(text: object) -> Fraction:
    """A number of at least zero that stays exact: digits, "0.5", or two with a slash between.

    Raises:
        InvalidInputError: for anything else, exponents and over 12 signs among it.
    """
    if isinstance(text, str) and len(text) <= LONGEST_EXACT and EXACT.fullmatch(text):
        return Fraction(text)
    raise InvalidInputError(
        _(
            "“%(text)s” is not a whole number or a fraction, such as 1 or 1/2, of at most "
            "12 characters."
        )
        % {"text": str(text)[:40]}
    )


def read_whole(text: str, *, most: int = LARGEST_ID) -> int | None:
    """The whole number from 0 to `most` that a text spells in ASCII digits; None for another text.

    Python refuses to read thousands of digits, and the database to store more than nineteen.
    """
    if len(text) > len(str(most)) or not WHOLE.fullmatch(text):
        return None
    number = int(text)
    return number if number <= most else None
