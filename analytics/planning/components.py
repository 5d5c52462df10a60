"""Variance of α per item and per annotator, from a pilot's evidence or from assumptions."""

import math
from dataclasses import dataclass

from analytics.agreement.coefficients.catalogue import Coefficient, fisher_scaled, point
from analytics.agreement.inference.evidence import Evidence
from analytics.agreement.inference.jackknife import delete_one_variance

FEWEST_ITEMS, FEWEST_RATERS = 5, 3


@dataclass(frozen=True)
class PlanningComponents:
    """What a plan scales.

    Attributes:
        alpha: the expected α.
        per_item: variance on the atanh scale times the number of items.
        per_annotator: the annotators' extra variance there times the number of annotators.
        source: where the figures come from, printed with the plan.
    """

    alpha: float
    per_item: float
    per_annotator: float
    source: str

    def half_width(self, n_items: int, n_annotators: int | None) -> float:
        """Expected half-width of the 95 % interval of α.

        Args:
            n_items: items in the overlap sample.
            n_annotators: for new annotators too; None for these annotators alone.
        """
        variance = self.per_item / n_items
        if n_annotators is not None:
            variance += self.per_annotator / n_annotators
        reach = NORMAL_975 * math.sqrt(variance)
        centre = math.atanh(self.alpha)
        return (math.tanh(centre + reach) - math.tanh(centre - reach)) / 2


NORMAL_975 = 1.959964


def components_of(evidence: Evidence) -> PlanningComponents | None:
    """Measure the components on a pilot; None with too few items or raters, or undefined α."""
    value = point(Coefficient.ALPHA_ORDINAL, evidence.total, evidence.scale).value
    n_items, raters = evidence.items.n_overlapping, evidence.overlapping_raters
    if value is None or abs(value) >= 1 or n_items < FEWEST_ITEMS or len(raters) < FEWEST_RATERS:
        return None
    scaled = fisher_scaled(Coefficient.ALPHA_ORDINAL, evidence.scale)
    item = evidence.items.variance(scaled, with_singles=False).value
    annotator = delete_one_variance(scaled, evidence.total, raters)
    if not math.isfinite(annotator):
        return None
    extra = max(annotator - evidence.unit_variance(scaled), 0.0)
    source = f"measured on {n_items} items and {len(raters)} annotators"
    return PlanningComponents(value, item * n_items, extra * len(raters), source)
