"""Tables by stratum and dimension: what every reader returns and the command line reports."""

from collections.abc import Mapping
from dataclasses import dataclass

from analytics.tables import RatingTable

POOLED = "pooled"


class ForeignFileError(ValueError):
    """A foreign file cannot be read; the message names file, row and field."""


@dataclass(frozen=True)
class StratifiedRatings:
    """Ratings read from foreign files.

    Attributes:
        strata: tables by stratum name, then by dimension name.
        source: what was read, for the report's heading.
    """

    strata: Mapping[str, Mapping[str, RatingTable]]
    source: str
