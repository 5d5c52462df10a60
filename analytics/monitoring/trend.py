"""α by period: one line per day or week, each with n and interval or the reason for none."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np

from analytics.agreement.coefficients import Coefficient
from analytics.agreement.evidence import gather
from analytics.agreement.report import CoefficientLine, summary_line
from analytics.tables import RatingTable


@dataclass(frozen=True)
class PeriodLine:
    """Agreement on the items of one period.

    Attributes:
        period: its label.
        n_items: items with overlap.
        line: the coefficient with both intervals.
    """

    period: Hashable
    n_items: int
    line: CoefficientLine


def trend(
    table: RatingTable,
    item_period: Sequence[Hashable],
    coefficient: Coefficient = Coefficient.ALPHA_ORDINAL,
) -> list[PeriodLine]:
    """Report a coefficient by period, in order of first appearance among the items.

    Args:
        table: one dimension's ratings.
        item_period: (G,) period of each item, so that an item is never split.
        coefficient: which coefficient.
    """
    if len(item_period) != table.n_items:
        raise ValueError(f"{len(item_period)} periods for {table.n_items} items")
    codes = {period: code for code, period in enumerate(dict.fromkeys(item_period))}
    code_of_item = np.array([codes[period] for period in item_period], dtype=np.int64)
    lines = []
    for period, code in codes.items():
        evidence = gather(table.keep(code_of_item[table.item] == code))
        line = summary_line(coefficient, evidence)
        lines.append(PeriodLine(period, evidence.items.n_overlapping, line))
    return lines
