"""Results as JSON values: undefined numbers become null, fractions become numbers."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from fractions import Fraction
from typing import Any

import numpy as np

from analytics.estimates import Interval

_INTERVAL = ("low", "high", "level", "method")


def to_plain(value: object) -> Any:  # noqa: ANN401  # JSON values have no narrower type
    """Dataclasses, mappings, sequences, enums, arrays and numbers as JSON values."""
    if isinstance(value, Interval):
        # Readers of a report know an interval by these four alone.
        return {name: to_plain(getattr(value, name)) for name in _INTERVAL}
    if is_dataclass(value) and not isinstance(value, type):
        return {item.name: to_plain(getattr(value, item.name)) for item in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): to_plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple | np.ndarray):
        return [to_plain(entry) for entry in value]
    return _scalar(value)


def _scalar(value: object) -> object:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Fraction | float | np.floating):
        number = float(value)
        return number if math.isfinite(number) else None
    return int(value) if isinstance(value, np.integer) else value
