"""Champion against challenger on fixed items: may the new version take over?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analytics.ranking.accuracy import strict_hits
from analytics.ranking.comparison import PairedDifference, paired_difference
from modeling.config import RubricText
from modeling.evaluation.accuracy import label_pairs
from modeling.evaluation.pairs import collect_pairs
from modeling.evaluation.report import Judged

MARGIN = 0.01
"""A challenger may be at most one point worse at the interval's lower end."""


@dataclass(frozen=True, slots=True)
class Promotion:
    """The challenger's accuracy minus the champion's, and what follows from it."""

    difference: PairedDifference
    promoted: bool


def decide_promotion(
    *, champion: Judged, challenger: Judged, rubric: RubricText, rng: np.random.Generator
) -> Promotion:
    """Promote if the lower 95 % bound (paired item bootstrap) is at least -1 point.

    Both must have judged the same rows in the same order. Without an interval (under five items)
    the challenger is not promoted.
    """
    if list(champion.rows) != list(challenger.rows):
        raise ValueError("champion and challenger must judge the same items in the same order")
    tables = [
        collect_pairs(judged.rows, judged.predictions, rubric) for judged in (champion, challenger)
    ]
    old, new = (strict_hits(label_pairs(table)) for table in tables)
    item = tables[0].item[tables[0].strict]
    difference = paired_difference(new, old, item, rng)
    low = difference.interval.low if difference.interval else None
    return Promotion(difference, low is not None and low >= -MARGIN)
