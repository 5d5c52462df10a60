"""Writes down what an independent process needs to check a report: patterns and our figures."""

from typing import TypedDict

import numpy as np

from analytics.agreement.coefficients import Coefficient, point
from analytics.agreement.evidence import Evidence
from analytics.agreement.layout import PAIR

CHECKED_ALPHAS = (
    Coefficient.ALPHA_NOMINAL,
    Coefficient.ALPHA_ORDINAL,
    Coefficient.ALPHA_INTERVAL,
)


class VerificationProblem(TypedDict):
    """One table for `python -m analytics.verification`.

    `patterns` are rows of level counts followed by the number of units. `fleiss_by_raters` and
    `randolph_by_raters` hold our values over the units of exactly m ratings, because the oracle
    takes no ragged data.
    """

    levels: list[float]
    patterns: list[list[int]]
    alphas: dict[str, float | None]
    fleiss_by_raters: dict[str, float | None]
    randolph_by_raters: dict[str, float | None]


def verification_problem(evidence: Evidence) -> VerificationProblem:
    """Write down one report's evidence and the figures that the oracles can recompute."""
    rows = np.column_stack([evidence.counts, evidence.multiplicity])
    layout, numbers = evidence.layout, evidence.ratings_per_unit
    by_raters = {
        str(m): evidence.multiplicity[numbers == m] @ layout.vectors(evidence.counts[numbers == m])
        for m in np.unique(numbers[numbers >= PAIR]).tolist()
    }
    return VerificationProblem(
        levels=list(evidence.scale.values),
        patterns=rows.tolist(),
        alphas={
            name.value: point(name, evidence.total, evidence.scale).value for name in CHECKED_ALPHAS
        },
        fleiss_by_raters={
            m: point(Coefficient.FLEISS, sums, evidence.scale).value
            for m, sums in by_raters.items()
        },
        randolph_by_raters={
            m: point(Coefficient.BRENNAN_PREDIGER, sums, evidence.scale).value
            for m, sums in by_raters.items()
        },
    )
