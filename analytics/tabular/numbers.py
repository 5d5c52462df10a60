"""Numbers as people write them: one reading of each, or a refusal that says what to write."""

import math
import re

from analytics.tabular.names import INVISIBLE

PLAIN = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
DECIMAL_COMMA = re.compile(r"[+-]?\d+,(?:\d{1,2}|\d{4,})")
THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:[.,]\d{3})+")
MINUS = str.maketrans({"−": "-", "–": "-", "\u00a0": "", "\u202f": ""})
LARGEST = 1e15
NOISE_DIGITS = 15  # a score with so many digits is a fraction that binary floats cannot hold
DIGITS = 12


def read_number(cell: object) -> float:
    """The number in a cell.

    Surrounding blanks and invisible signs do not count, a minus may be typographic, and a decimal
    comma is read where it cannot mean thousands. Noise of binary fractions is rounded away.

    Raises:
        ValueError: it is not a number, not finite, or too large to compute with.

    >>> read_number("3,5"), read_number("−2"), read_number(0.30000000000000004)
    (3.5, -2.0, 0.3)
    """
    if isinstance(cell, bool):
        raise ValueError("a truth value is not a number")  # noqa: TRY004 - one kind of refusal
    if isinstance(cell, int | float):
        value = float(cell)
    else:
        text = str(cell).strip().strip(INVISIBLE).strip().translate(MINUS)
        if DECIMAL_COMMA.fullmatch(text):
            text = text.replace(",", ".")
        if not PLAIN.fullmatch(text):
            raise ValueError(f"{text[:40]!r} is not a number")
        value = float(text)
    if not math.isfinite(value) or abs(value) > LARGEST:
        raise ValueError(f"{value:g} is not a number of at most {LARGEST:g}")
    return without_noise(value)


def without_noise(value: float) -> float:
    """A number without the last digits that single and double precision add to decimals."""
    digits = repr(value).split("e")[0].replace(".", "").lstrip("-0")
    if len(digits) < NOISE_DIGITS:
        return value
    short = float(f"{value:.7g}")
    # Single precision has 24 bits: a decimal of seven digits that differs by less is meant.
    if value and abs(short - value) <= abs(value) * 2**-24:
        return short
    return float(f"{value:.{DIGITS}g}")


def may_be_thousands(cell: object) -> bool:
    """Whether a text may mean thousands, as 1.000 does in German.

    >>> may_be_thousands("1.000"), may_be_thousands("0.5")
    (True, False)
    """
    text = str(cell).strip()
    return isinstance(cell, str) and THOUSANDS.fullmatch(text) is not None and text[0] != "0"
