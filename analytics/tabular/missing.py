"""Which cells say that a value is missing."""

import math
from collections.abc import Collection

NOTHING = frozenset({"", "na", "n/a", "nan", "none", "null", "#n/a"})


def is_missing(value: object, codes: Collection[str] = ()) -> bool:
    """Whether a cell says that there is no value.

    Args:
        value: a text, a number, or None.
        codes: further texts that say so, such as "-1" or "99"; numbers match by value.

    >>> is_missing(" N/A "), is_missing("99.0", {"99"}), is_missing(float("nan"))
    (True, True, True)
    """
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return True
    text = str(value).strip().casefold()
    if text in NOTHING:
        return True
    return bool(codes) and any(_same(text, code.strip().casefold()) for code in codes)


def _same(text: str, code: str) -> bool:
    if text == code:
        return True
    try:
        return float(text) == float(code)
    except ValueError:
        return False
