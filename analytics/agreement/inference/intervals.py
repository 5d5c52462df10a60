"""The two intervals of a report: "new items", and "new items and new annotators"."""

import math
from dataclasses import dataclass

from analytics.agreement.coefficients.catalogue import Coefficient, fisher_scaled, point, signed
from analytics.agreement.inference.evidence import Evidence
from analytics.agreement.inference.item_spread import DELETE_ONE
from analytics.agreement.inference.jackknife import (
    delete_one_variance,
    fisher_interval,
    fisher_slope,
)
from analytics.estimates import Interval, Reason
from analytics.limits import FEWEST_ANNOTATORS, FEWEST_ITEMS

WITH_ANNOTATORS = "item + annotator - unit jackknife variance of atanh, at least the larger"


@dataclass(frozen=True)
class Variances:
    """Variance components of one statistic on the atanh scale.

    Attributes:
        item: from deleting items.
        annotator: from deleting annotators.
        unit: from deleting units, which both of the others contain.
    """

    item: float
    annotator: float
    unit: float

    @property
    def total(self) -> float:
        """Variance for new items and new annotators."""
        return max(self.item + self.annotator - self.unit, self.item, self.annotator)

    def degrees_of_freedom(self, n_items: int, n_raters: int) -> float:
        """Satterthwaite's degrees of freedom of the two larger components."""
        parts = self.item**2 / (n_items - 1) + self.annotator**2 / (n_raters - 1)
        return self.total**2 / parts if parts else float(min(n_items, n_raters) - 1)


def item_interval(coefficient: Coefficient, evidence: Evidence) -> Interval:
    """Compute the default interval, "these annotators, new items".

    The delete-one-item jackknife on atanh with t(G - 1), G counting the items with overlap.
    Where one item alone decides the coefficient, and from stored moments, it is the linearised
    form of the same variance.
    """
    value = point(coefficient, evidence.total, evidence.scale)
    if value.value is None:
        return Interval.undefined(DELETE_ONE, value.reason or Reason.NO_OVERLAP)
    reason = _spreadless(signed(coefficient, value.value), evidence.items.n_overlapping)
    if reason:
        return Interval.undefined(DELETE_ONE, reason)
    scaled = fisher_scaled(coefficient, evidence.scale)
    spread = evidence.items.variance(scaled, with_singles=coefficient.uses_single_ratings)
    df = evidence.items.n_overlapping - 1
    return fisher_interval(coefficient, value.value, spread.value, df, spread.method)


def annotator_interval(coefficient: Coefficient, evidence: Evidence, items: Interval) -> Interval:
    """Compute the second interval, "new items and new annotators".

    Var = item + annotator - unit, at least the larger of item and annotator; Satterthwaite's t.

    Args:
        coefficient: what was computed.
        evidence: of the table.
        items: its item interval, see `item_interval`.
    """
    value = point(coefficient, evidence.total, evidence.scale).value
    if items.reason or value is None:
        return Interval.undefined(WITH_ANNOTATORS, items.reason or Reason.NO_OVERLAP)
    raters = evidence.overlapping_raters
    if len(raters) < FEWEST_ANNOTATORS:
        return Interval.undefined(WITH_ANNOTATORS, Reason.FEW_RATERS)
    scaled = fisher_scaled(coefficient, evidence.scale)
    annotator = delete_one_variance(scaled, evidence.total, raters)
    if not math.isfinite(annotator):
        return Interval.undefined(WITH_ANNOTATORS, Reason.NOT_CONNECTED)
    item = ((items.standard_error or 0.0) / fisher_slope(coefficient, value)) ** 2
    parts = Variances(item, annotator, evidence.unit_variance(scaled))
    df = parts.degrees_of_freedom(evidence.items.n_overlapping, len(raters))
    return fisher_interval(coefficient, value, parts.total, df, WITH_ANNOTATORS)


def _spreadless(value: float, n_items: int) -> Reason | None:
    if n_items < FEWEST_ITEMS:
        return Reason.FEW_ITEMS
    if value >= 1:
        return Reason.NO_DISAGREEMENT
    if value <= -1:
        return Reason.NO_AGREEMENT
    return None
