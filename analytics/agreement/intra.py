"""Intra-rater agreement: the same rater on the same unit again, the ceiling of agreement."""

from collections.abc import Hashable, Sequence

from analytics.scales import Scale
from analytics.tables import RatingTable, Value


def repeat_table(
    *,
    units: Sequence[Hashable],
    raters: Sequence[Hashable],
    occasions: Sequence[Hashable],
    values: Sequence[Value],
    scale: Scale,
) -> RatingTable:
    """Build the table whose units are (rater, unit) pairs and whose raters are occasions.

    Any coefficient of it, e.g. `agreement_summary`, is then an intra-rater one; each original
    unit is a cluster, because several raters may have met it twice.

    Args:
        units: (N,) rated unit of each row.
        raters: (N,) rater of each row.
        occasions: (N,) which time this rater met this unit.
        values: (N,) rating, None where missing.
        scale: the declared levels.
    """
    return RatingTable.from_long(
        units=list(zip(raters, units, strict=True)),
        raters=occasions,
        values=values,
        items=units,
        scale=scale,
    )
