"""The agreement report of one table: every coefficient with n, intervals and reasons."""

from collections.abc import Mapping
from dataclasses import dataclass

from analytics.agreement.coefficients.catalogue import Coefficient, point
from analytics.agreement.inference.evidence import Evidence, gather
from analytics.agreement.inference.intervals import annotator_interval, item_interval
from analytics.agreement.sums.layout import PAIR
from analytics.estimates import Estimate, Interval
from analytics.tables import RatingTable

HEADLINE = Coefficient.ALPHA_ORDINAL


@dataclass(frozen=True)
class CoefficientLine:
    """One coefficient with its two intervals.

    Attributes:
        estimate: the value, or why there is none.
        items: interval for these annotators and new items.
        annotators: interval for new items and new annotators.
    """

    estimate: Estimate
    items: Interval
    annotators: Interval


@dataclass(frozen=True)
class AgreementSummary:
    """Agreement on one dimension in one stratum.

    Attributes:
        n_units: units with any rating.
        n_pairable: units with at least two ratings, the overlap n.
        n_items: items with at least one pairable unit.
        n_raters: raters with any rating.
        n_ratings: ratings in all.
        share_single_rated: share of the rated units with one rating; None without units.
        lines: each coefficient with its intervals.
    """

    n_units: int
    n_pairable: int
    n_items: int
    n_raters: int
    n_ratings: int
    share_single_rated: float | None
    lines: Mapping[Coefficient, CoefficientLine]

    @property
    def headline(self) -> CoefficientLine:
        """Krippendorff's ordinal α, the figure that gates look at."""
        return self.lines[HEADLINE]

    def as_dict(self) -> dict[str, object]:
        """Return JSON-ready figures; undefined ones are None and explained in `reasons`."""
        headline = self.headline
        return {
            "n_units": self.n_units,
            "n_pairable": self.n_pairable,
            "n_items": self.n_items,
            "n_raters": self.n_raters,
            "n_ratings": self.n_ratings,
            "share_single_rated": self.share_single_rated,
            **{name.value: line.estimate.value for name, line in self.lines.items()},
            "interval_95": _bounds(headline.items),
            "interval_95_method": headline.items.method,
            "interval_95_annotators": _bounds(headline.annotators),
            "interval_95_annotators_method": headline.annotators.method,
            "intervals_95": {name.value: _bounds(line.items) for name, line in self.lines.items()},
            "reason": None if headline.estimate.reason is None else headline.estimate.reason.value,
            "reasons": self._reasons(),
        }

    def _reasons(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for name, line in self.lines.items():
            if line.estimate.reason:
                found[name.value] = line.estimate.reason.value
        for key, interval in (
            ("interval_95", self.headline.items),
            ("interval_95_annotators", self.headline.annotators),
        ):
            if interval.reason:
                found[key] = interval.reason.value
        return found


def _bounds(interval: Interval) -> list[float] | None:
    return None if interval.bounds is None else list(interval.bounds)


def agreement_summary(table: RatingTable) -> AgreementSummary:
    """Report the agreement on a table.

    >>> from analytics.scales import Scale
    >>> table = RatingTable.from_unit_rows([[1, 1], [2, 2], [3, 4]], Scale.of([1, 2, 3, 4]))
    >>> summary = agreement_summary(table)
    >>> summary.n_pairable, summary.headline.items.reason.value
    (3, 'few_items')
    """
    return summarise(gather(table))


def summarise(evidence: Evidence) -> AgreementSummary:
    """Report the agreement on evidence from ratings or from stored moments."""
    n_units, n_single = evidence.n_units_with(1), evidence.n_units_with(1, most=1)
    return AgreementSummary(
        n_units=n_units,
        n_pairable=evidence.n_units_with(PAIR),
        n_items=evidence.items.n_overlapping,
        n_raters=evidence.n_raters,
        n_ratings=evidence.n_ratings,
        share_single_rated=n_single / n_units if n_units else None,
        lines={name: summary_line(name, evidence) for name in Coefficient},
    )


def summary_line(coefficient: Coefficient, evidence: Evidence) -> CoefficientLine:
    """Compute one coefficient with its two intervals."""
    items = item_interval(coefficient, evidence)
    return CoefficientLine(
        estimate=point(coefficient, evidence.total, evidence.scale),
        items=items,
        annotators=annotator_interval(coefficient, evidence, items),
    )
